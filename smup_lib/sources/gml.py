"""Which shapes, under which properties, does a GML file have?

GDAL reads the geometry and puts easting or longitude first, as the coordinate system that the file
names has it; whether the file keeps to what it names is judged where coordinates are (boundaries).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.markup import MarkupError, read_markup

Feature = tuple[Mapping[str, Any], Any]


def read_gml(content: bytes, file: str) -> list[Feature]:
    """Read a GML file.

    Parameters
    ----------
    content : bytes
    file : str
        Name of the file, for messages.

    Returns
    -------
    list of (properties, shape)
        Properties are text; a shape is a shapely geometry, or None.

    Raises
    ------
    UnreadableFileError
        When it is cut, has a document type, or GDAL finds no features in it.
    """
    import pyogrio
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError

    # a code that looks like a number would otherwise lose the zero in front
    pyogrio.set_gdal_config_options({"GML_FIELDTYPES": "ALWAYS_STRING"})
    try:
        read_markup(content)
        # a file names the address of its schema: nothing may be fetched from there
        meta, _, shapes, columns = pyogrio.raw.read(content, DOWNLOAD_SCHEMA="NO")
    except (MarkupError, DataSourceError, DataLayerError) as error:
        told = str(error) if isinstance(error, MarkupError) else "nie ma w nim żadnego obiektu"
        raise UnreadableFileError(
            f"Pliku GML nie da się odczytać: {told}.",
            where=file,
            expected="cały plik GML z granicami jednostek",
            next_step="pobierz plik jeszcze raz albo zapisz warstwę jako GeoJSON w układzie WGS 84",
        ) from error
    rows = zip(*columns, strict=True) if len(columns) else ((),) * len(shapes)
    geometry = shapely.from_wkb(shapes)
    # GML wraps every surface into a collection; one of one surface is that surface
    single = shapely.get_num_geometries(geometry) == 1
    geometry[single] = shapely.get_geometry(geometry[single], 0)
    return [
        (dict(zip(meta["fields"], values, strict=True)), shape)
        for values, shape in zip(rows, geometry, strict=True)
    ]
