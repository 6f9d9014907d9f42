"""Read boundaries of units from GeoJSON, TopoJSON or GML.

Features need a code in ``terc``, ``TERYT`` or ``JPT_KOD_JE``; a gmina is known by its first six
digits, because the seventh is the kind on the day of the layer. Coordinates are WGS 84, or the
Polish grid EPSG:2180 in either order of axes, which is then turned into WGS 84.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.installing import install_command
from smup_lib.sources.gml import Feature, read_gml
from smup_lib.sources.unit_column import Placement, place_codes

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CODE_PROPERTIES = ("terc", "teryt", "jpt_kod_je")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHOWN = 5
#: What every layer needs; pyproj lays it on a plane, where borders are measured.
_LIBRARIES = ("shapely", "pyproj")
#: Reads TopoJSON and GML (GDAL).
_READER = "pyogrio"
#: Polish grid (EPSG:2180): easting and northing of Poland, with a margin for waters.
_EASTING = (120_000.0, 900_000.0)
_NORTHING = (100_000.0, 900_000.0)
#: Poland and the fictional land lie well inside; longitude and latitude.
_DEGREES = ((-180.0, 180.0), (-90.0, 90.0))


@dataclass(frozen=True)
class BoundaryFile:
    """Boundaries of units of one or more levels.

    Attributes
    ----------
    codes, levels : tuple of str
        Canonical code and level of each unit.
    geometry : array of shapely geometries
        Polygons in WGS 84 (longitude, latitude).
    kinds : mapping
        Code -> RODZ as written in the layer, where it has a seventh digit.
    left_out : tuple of (code, reason)
        Features that are no unit: parts, unreadable codes, empty shapes.
    warnings : tuple of str
    """

    codes: tuple[str, ...]
    levels: tuple[str, ...]
    geometry: np.ndarray[Any, Any]
    kinds: Mapping[str, str]
    left_out: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def read_boundaries(content: bytes, file: str) -> BoundaryFile:
    """Read a layer of boundaries.

    Parameters
    ----------
    content : bytes
        GeoJSON, TopoJSON or GML.
    file : str
        Name of the file, for messages.

    Raises
    ------
    UnreadableFileError
        When the text is cut, has no features, no codes, or coordinates outside Poland's grid and
        the globe; or when a geographic library is not installed.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        check_libraries((*_LIBRARIES, _READER), file)
        return _boundary_file(read_gml(content, file), file)
    try:
        layer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(
            "Plik z granicami jest ucięty albo uszkodzony.",
            where=f"{file}{_said_place(error)}",
            expected="poprawny GeoJSON, TopoJSON albo GML",
            next_step="pobierz plik jeszcze raz",
        ) from error
    kind = layer.get("type") if isinstance(layer, dict) else None
    check_libraries(_LIBRARIES + ((_READER,) if kind == "Topology" else ()), file)
    if kind == "Topology":
        features = _topology_features(content, layer, file)
    elif kind == "FeatureCollection":
        features = _geojson_features(layer, file)
    else:
        raise UnreadableFileError(
            "To nie są granice jednostek.",
            where=file,
            expected="FeatureCollection (GeoJSON) albo Topology (TopoJSON)",
            next_step="zapisz warstwę jako GeoJSON w układzie WGS 84",
        )
    return _boundary_file(features, file)


def _geojson_features(layer: Mapping[str, Any], file: str) -> list[Feature]:
    import shapely
    from shapely.errors import GEOSException

    features = layer.get("features")
    if not isinstance(features, list) or not features:
        raise _no_shapes(file)
    texts = [json.dumps(feature.get("geometry")) for feature in features]
    try:
        shapes = shapely.from_geojson([None if text == "null" else text for text in texts])
    except GEOSException as error:
        raise UnreadableFileError(
            "Kształtu w pliku z granicami nie da się odczytać.",
            where=f"{file}: {error}",
            expected="wielokąty (Polygon, MultiPolygon) zapisane jak w GeoJSON",
            next_step="pobierz plik jeszcze raz albo zapisz warstwę ponownie jako GeoJSON",
        ) from error
    return [
        (feature.get("properties") or {}, shape)
        for feature, shape in zip(features, shapes, strict=True)
    ]


def _topology_features(content: bytes, layer: Mapping[str, Any], file: str) -> list[Feature]:
    """Return the features of every object of a TopoJSON, read by GDAL."""
    import pyogrio
    import shapely
    from pyogrio.errors import DataSourceError

    found: list[Feature] = []
    try:
        for name in layer.get("objects", {}):
            meta, _, shapes, columns = pyogrio.raw.read(content, layer=name)
            rows = zip(*columns, strict=True) if len(columns) else ((),) * len(shapes)
            for values, shape in zip(rows, shapely.from_wkb(shapes), strict=True):
                found.append((dict(zip(meta["fields"], values, strict=True)), shape))
    except DataSourceError as error:
        raise UnreadableFileError(
            "TopoJSON jest uszkodzony.",
            where=f"{file}: {error}",
            expected="poprawny TopoJSON",
            next_step="pobierz plik jeszcze raz",
        ) from error
    if not found:
        raise _no_shapes(file)
    return found


def _no_shapes(file: str) -> UnreadableFileError:
    return UnreadableFileError(
        "Warstwa nie ma żadnych granic.",
        where=file,
        expected="po jednym kształcie na jednostkę",
        next_step="pobierz plik jeszcze raz",
    )


def _said_place(error: Exception) -> str:
    """Return where in the text the JSON breaks off; the parser's own words are English."""
    if isinstance(error, json.JSONDecodeError):
        return f", wiersz {error.lineno}, znak {error.colno}"
    return ""


def check_libraries(names: Sequence[str] = (*_LIBRARIES, _READER), file: str = "") -> None:
    """Refuse a layer that cannot be read, or whose borders could not be measured later.

    Raises
    ------
    UnreadableFileError
        With the command that installs what is missing.
    """
    missing = []
    for name in names:
        try:
            import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        raise UnreadableFileError(
            f"Do wczytania granic brakuje bibliotek: {', '.join(missing)}.",
            where=file or None,
            expected="zainstalowane biblioteki geograficzne",
            next_step=f"zainstaluj je: {install_command('smup-workbench[geo]')}, i wczytaj ten plik"
            " ponownie; pozostałe pliki ich nie potrzebują",
        )


def _boundary_file(features: Sequence[Feature], file: str) -> BoundaryFile:
    import numpy as np
    import shapely

    texts = [_code_of(properties) for properties, _ in features]
    if not any(texts):
        raise UnreadableFileError(
            "Granice nie mają kodów jednostek.",
            where=f"{file}: właściwości {', '.join(map(str, features[0][0]))}",
            expected="właściwość terc, TERYT albo JPT_KOD_JE",
            next_step="dopisz kody do warstwy albo pobierz granice z PRG",
        )
    placed = place_codes(sorted(set(texts) - {""}))
    geometry = np.array([shape for _, shape in features], dtype=object)
    usable = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    left_out: list[tuple[str, str]] = []
    kept: dict[str, int] = {}
    for number, text in enumerate(texts):
        reason = _left_out_reason(placed.get(text), bool(usable[number]), kept)
        if reason:
            left_out.append((text, reason))
        else:
            kept[placed[text].code] = number
    geometry, warnings = _in_degrees(geometry[list(kept.values())], file)
    repaired = [text for text in texts if text and placed[text].repaired]
    if repaired:
        warnings += (f"kody, którym przywrócono zera: {len(repaired)}",)
    return BoundaryFile(
        codes=tuple(kept),
        levels=tuple(placed[texts[number]].level for number in kept.values()),
        geometry=_valid(geometry),
        kinds={c: texts[n][-1] for c, n in kept.items() if len(texts[n].strip()) == 7},
        left_out=tuple(left_out),
        warnings=warnings,
    )


def _code_of(properties: Mapping[str, Any]) -> str:
    for name, value in properties.items():
        if str(name).casefold() in CODE_PROPERTIES and value is not None:
            return str(value).strip()
    return ""


def _left_out_reason(placement: Placement | None, usable: bool, kept: Mapping[str, int]) -> str:
    if placement is None:
        return "granica bez kodu jednostki"
    if placement.fate != "unit":
        return placement.reason or "część gminy albo obszar statystyczny, a nie jednostka"
    if not usable:
        return "jednostka bez kształtu"
    if placement.code in kept:
        return "drugi kształt tej samej jednostki"
    return ""


def _in_degrees(
    geometry: np.ndarray[Any, Any], file: str
) -> tuple[np.ndarray[Any, Any], tuple[str, ...]]:
    """Return shapes in longitude and latitude, turned from the Polish grid when needed."""
    import shapely

    if len(geometry) == 0:
        return geometry, ()
    left, bottom, right, top = shapely.total_bounds(geometry)
    if _within((left, right), _DEGREES[0]) and _within((bottom, top), _DEGREES[1]):
        return geometry, ()
    if _within((left, right), _EASTING) and _within((bottom, top), _NORTHING):
        swapped = _looks_swapped(float(left), float(right), float(bottom), float(top))
        turned = transformed(geometry, 2180, 4326, swap=swapped)
        note = "współrzędne z układu PL-1992 (EPSG:2180) zamieniono na stopnie (WGS 84)"
        return turned, (note + ("; osie były w pliku zamienione" if swapped else ""),)
    raise UnreadableFileError(
        f"Współrzędne nie leżą w Polsce: {left:.0f}, {bottom:.0f} do {right:.0f}, {top:.0f}.",
        where=file,
        expected="WGS 84 (stopnie) albo EPSG:2180 (metry)",
        next_step="zapisz warstwę w układzie WGS 84",
    )


def _within(extent: tuple[float, float], limits: tuple[float, float]) -> bool:
    return bool(limits[0] <= extent[0] and extent[1] <= limits[1])


def _looks_swapped(left: float, right: float, bottom: float, top: float) -> bool:
    """Tell whether northing stands first: judged by where the middle of the layer would fall.

    Poland spans easting 171-862 km and northing 133-775 km, so only a layer near the middle can
    be read both ways; then the declared order (easting first) is kept.
    """
    from math import hypot

    middle = ((left + right) / 2, (bottom + top) / 2)
    centre = (516_000.0, 454_000.0)
    as_is = hypot(middle[0] - centre[0], middle[1] - centre[1])
    turned = hypot(middle[1] - centre[0], middle[0] - centre[1])
    return (left < 171_000 or right > 862_000 or bottom < 133_000 or top > 775_000) and (
        turned < as_is
    )


def transformed(
    geometry: np.ndarray[Any, Any], source: int, target: int, *, swap: bool = False
) -> np.ndarray[Any, Any]:
    """Return shapes in another coordinate system (EPSG numbers), easting or longitude first."""
    import numpy as np
    import pyproj
    import shapely

    turn = pyproj.Transformer.from_crs(source, target, always_xy=True).transform

    def moved(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        x, y = (points[:, 1], points[:, 0]) if swap else (points[:, 0], points[:, 1])
        return np.column_stack(turn(x, y))

    result: np.ndarray[Any, Any] = shapely.transform(geometry, moved)
    return result


def _valid(geometry: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import shapely

    wrong = ~shapely.is_valid(geometry)
    if wrong.any():
        geometry = geometry.copy()
        geometry[wrong] = shapely.make_valid(geometry[wrong])
    return geometry


def layer_year(
    file_name: str, told: int | None, kinds: Mapping[str, str], units: pd.DataFrame
) -> tuple[int, str]:
    """Return the year of a layer and, in Polish, what tells it.

    Decided by the sidecar, by a year in the file name, and at last by the register whose codes
    and kinds fit the layer best.
    """
    if told is not None:
        return told, "rok granic podano w import.yaml"
    in_name = _YEAR.search(file_name)
    if in_name:
        return int(in_name[1]), "rok granic z nazwy pliku"
    best = max(
        (_agreement(kinds, register), -int(str(day)[:4]))
        for day, register in units[units["level"] == "gmina"].groupby("state_date")
    )
    year = -best[1]
    return year, (
        f"rok granic nie jest podany; najbliższy rejestr TERC: {year}"
        " (właściwy rok można podać w import.yaml: year)"
    )


def _agreement(kinds: Mapping[str, str], register: pd.DataFrame) -> int:
    from smup_lib.teryt import KIND_OF_RODZ

    registered = dict(zip(register["unit_code"], register["kind"], strict=True))
    cities = {"city_with_powiat_rights"}
    return sum(
        registered.get(code) in cities or registered.get(code) == KIND_OF_RODZ.get(rodz)
        for code, rodz in kinds.items()
        if code in registered
    )
