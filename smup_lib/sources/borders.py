"""Which units share a border of non-zero length, and what outline draws them quickly?

Lengths are measured on a plane, for real units that of the Polish grid (EPSG:2180), never in
degrees. Touching in a point is no neighbourhood.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.boundaries import transformed
from smup_lib.teryt import LEVEL_GENITIVE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    #: Lays the shapes of one layer on a plane, in metres.
    Plane = Callable[[pd.DataFrame], np.ndarray[Any, Any]]

#: Two layers drawn from different sources agree to within this many metres.
_TOLERANCE_M = 10.0
#: Below this a "border" found with tolerance is two corners that meet.
_SHORTEST_M = 50.0
#: Detail left in outlines, metres: a map of the country is about 1 km a pixel.
_OUTLINE_M = {"gmina": 1000.0, "powiat": 1000.0, "voivodeship": 1500.0}


def compute_borders(
    boundaries: pd.DataFrame, plane: Plane | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the borders between units of the same level and year.

    Parameters
    ----------
    boundaries : DataFrame
        The snapshot's table ``boundaries``: ``unit_code, level, year, geometry`` (WKB in WGS 84).
        Of several years the newest one of each level counts.
    plane : callable, optional
        Lays the shapes of a layer on a plane in metres; the Polish grid when omitted.

    Returns
    -------
    DataFrame
        ``unit_code, neighbour_code, border_km``: both directions, sorted.
    tuple of str
        Doubts about the layer, in Polish.
    """
    import pandas as pd

    columns = list(TABLES["borders"].columns)
    found = []
    notes: tuple[str, ...] = ()
    for level, layer in _newest_layers(boundaries):
        shapes = (plane or _on_polish_grid)(layer)
        first, second, length, clean = _shared_lengths(shapes)
        if not clean:
            notes += (
                f"granice {LEVEL_GENITIVE[level]} nie stykają się dokładnie; wspólne odcinki"
                f" liczono z tolerancją {_TOLERANCE_M:.0f} m",
            )
        codes = layer["unit_code"].to_numpy()
        km = length / 1000
        for one, other in ((first, second), (second, first)):
            pairs = pd.DataFrame(
                {columns[0]: codes[one], columns[1]: codes[other], columns[2]: km.round(4)}
            )
            found.append(pairs)
    if not found:
        return pd.DataFrame({c: [] for c in columns}).astype({columns[2]: "float64"}), notes
    borders = pd.concat(found, ignore_index=True)
    return borders.sort_values(columns[:2], ignore_index=True), notes


def compute_outlines(boundaries: pd.DataFrame, plane: Plane | None = None) -> pd.DataFrame:
    """Return outlines for drawing: kilometres on a plane, simplified, shared borders kept.

    Parameters
    ----------
    boundaries, plane
        As for :func:`compute_borders`.

    Returns
    -------
    DataFrame
        ``unit_code, level, geometry``: WKB, x to the east and y to the north in km.
    """
    import pandas as pd
    import shapely

    found = []
    for level, layer in _newest_layers(boundaries):
        shapes = (plane or _on_polish_grid)(layer)
        simple = shapely.coverage_simplify(shapes, _OUTLINE_M.get(level, 1000.0))
        vanished = shapely.is_empty(simple)
        simple[vanished] = shapes[vanished]
        km = shapely.transform(simple, lambda points: points / 1000.0)
        found.append(
            pd.DataFrame(
                {
                    "unit_code": layer["unit_code"].to_numpy(),
                    "level": level,
                    "geometry": shapely.to_wkb(shapely.set_precision(km, 0.001, mode="pointwise")),
                }
            )
        )
    columns = list(TABLES["outlines"].columns)
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _newest_layers(boundaries: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    layers = []
    for level, layer in boundaries.groupby("level", sort=True, observed=True):
        newest = layer[layer["year"] == layer["year"].max()]
        layers.append((str(level), newest.sort_values("unit_code").reset_index(drop=True)))
    return layers


def _on_polish_grid(layer: pd.DataFrame) -> np.ndarray[Any, Any]:
    import shapely

    return transformed(shapely.from_wkb(layer["geometry"].to_numpy()), 4326, 2180)


def _shared_lengths(
    plane: np.ndarray[Any, Any],
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any], bool]:
    """Return pairs of places, length of their common border in metres, and whether it is exact."""
    import shapely

    clean = bool(shapely.coverage_is_valid(plane, gap_width=_TOLERANCE_M))
    if clean:
        first, second = _candidates(plane, 0.0)
        outline = shapely.boundary(plane)
        common = shapely.intersection(outline[first], outline[second])
        length = shapely.length(common)
        long_enough = length > 0
    else:
        first, second = _candidates(plane, _TOLERANCE_M)
        length = _near_length(plane, first, second)
        long_enough = length > _SHORTEST_M
    return first[long_enough], second[long_enough], length[long_enough], clean


def _candidates(
    plane: np.ndarray[Any, Any], distance: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    import shapely

    tree = shapely.STRtree(plane)
    if distance:
        first, second = tree.query(plane, predicate="dwithin", distance=distance)
    else:
        first, second = tree.query(plane, predicate="intersects")
    once = first < second
    return first[once], second[once]


def _near_length(
    plane: np.ndarray[Any, Any], first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return how much of two outlines runs within the tolerance of each other."""
    import numpy as np
    import shapely

    outline = shapely.boundary(plane)
    wide = shapely.buffer(outline, _TOLERANCE_M, quad_segs=2)
    there = shapely.length(shapely.intersection(outline[first], wide[second]))
    back = shapely.length(shapely.intersection(outline[second], wide[first]))
    shorter: np.ndarray[Any, Any] = np.minimum(there, back)
    return shorter
