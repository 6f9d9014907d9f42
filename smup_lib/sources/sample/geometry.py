"""Which ground belongs to which unit of the fictional land?

Powiaty grow over the mesh from spread-out seats, cities are cut out of their middles, gminy grow
in what is left; growth along links keeps every unit in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from smup_lib.snapshots import TABLES
from smup_lib.sources.sample.growth import Growth
from smup_lib.sources.sample.mesh import Mesh, dissolve, make_mesh, to_degrees
from smup_lib.sources.sample.units import (
    ABSORBED,
    SOURCE,
    gmina_of,
    list_powiaty,
    list_tracts,
)
from smup_lib.teryt import is_city_code, powiat_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

SEED = 20_100_156
#: Years from which a new layer of boundaries holds.
LAYERS = (2010, 2015, 2018)

# City -> (powiat it is cut from, cells of the city, gmina that surrounds it, cells of that gmina).
_CITIES = {
    "9061": ("9001", 26, "900102", 44),
    "9062": ("9003", 30, "900301", 40),
    "9063": ("9006", 15, "", 0),
    "9064": ("9010", 11, "", 0),
    "9261": ("9201", 62, "920101", 36),
    "9262": ("9203", 17, "", 0),
    "9263": ("9206", 13, ABSORBED, 27),
    "9461": ("9401", 14, "", 0),
    "9462": ("9404", 20, "", 0),
}
# Urban gmina -> (gmina from whose middle it is cut, cells).
_TOWNS = {
    "900101": ("900103", 6),
    "900201": ("900202", 4),
    "900501": ("900502", 5),
    "900801": ("900803", 7),
    "920201": ("920202", 5),
    "920601": ("920602", 6),
    "920801": ("920803", 5),
    "940101": ("940102", 8),
    "940401": ("940403", 1),
    "940501": ("940502", 4),
}
#: Tracts that are one gmina in some years grow as one and are parted afterwards.
_TOGETHER = {"900207": "900206"}


@dataclass(frozen=True)
class Ground:
    """The mesh and the tract that owns each of its cells."""

    mesh: Mesh
    tracts: Array

    def areas_km2(self, codes: list[str]) -> Array:
        """Return the area of each tract in km2; the codes are sorted."""
        import numpy as np

        number = np.searchsorted(codes, self.tracts)
        return np.bincount(number, weights=self.mesh.areas_km2(), minlength=len(codes))

    def layer(self, owners: Array, year: int) -> Iterator[tuple[str, str, int, bytes, str]]:
        """Yield the boundaries of all levels in a year: rows of the table ``boundaries``.

        Parameters
        ----------
        owners : array of str
            The gmina of each cell.
        year : int
        """
        import shapely

        for level, length in (("gmina", 6), ("powiat", 4), ("voivodeship", 2)):
            for code, polygon in dissolve(self.mesh, owners.astype(f"<U{length}")).items():
                wkb = shapely.to_wkb(to_degrees(polygon), byte_order=1)
                yield code, level, year, wkb, SOURCE


@lru_cache(maxsize=1)
def lay_ground() -> Ground:
    """Return the ground of the land; always the same."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    mesh = make_mesh(rng)
    growth = Growth(mesh, rng)
    tracts = np.full(len(mesh.cells), "", dtype="<U6")
    for powiat, cells in _share_powiaty(growth).items():
        _settle_powiat(growth, powiat, cells, tracts)
    return Ground(mesh, tracts)


def _share_powiaty(growth: Growth) -> dict[str, Array]:
    """Grow all land powiaty; voivodeships take them in the order of their bearing."""
    import numpy as np

    mesh = growth.mesh
    codes = [unit.code for unit in list_powiaty() if not is_city_code(unit.code)]
    regions = list(growth.share_out(np.arange(len(mesh.cells)), codes).values())
    x, y = np.array([mesh.centres[cells].mean(axis=0) for cells in regions]).T
    bearing = np.argsort(np.arctan2(y, x), kind="stable")
    return {code: regions[i] for code, i in zip(codes, bearing, strict=True)}


def _settle_powiat(growth: Growth, powiat: str, cells: Array, tracts: Array) -> None:
    """Give the cells of one powiat to its gminy and to the city cut out of it."""
    import numpy as np

    codes = [tract.code for tract in list_tracts() if powiat_of(tract.code) == powiat]
    rings = []
    for city, (host, size, ring, ring_size) in _CITIES.items():
        if host == powiat:
            middle = growth.cut_out(cells, size + ring_size)
            tracts[middle[:size]] = city + "01"
            tracts[middle[size:]] = ring
            cells, rings = np.setdiff1d(cells, middle), [ring]
    grown = [code for code in codes if code not in {*_TOWNS, *_TOGETHER, *rings}]
    for code, owned in growth.share_out(cells, grown).items():
        tracts[owned] = code
    for part, whole in _TOGETHER.items():
        if part in codes:
            both = growth.share_out(np.flatnonzero(tracts == whole), [whole, part])
            tracts[both[part]] = part
    for town in (code for code in codes if code in _TOWNS):
        around, size = _TOWNS[town]
        tracts[growth.cut_out(np.flatnonzero(tracts == around), size)] = town


def tract_areas_km2() -> Array:
    """Return the area of each tract in km2, in the order of :func:`list_tracts`."""
    return lay_ground().areas_km2([tract.code for tract in list_tracts()])


def boundaries_frame() -> pd.DataFrame:
    """Return boundaries of gminy, powiaty and voivodeships for each layer (WKB, WGS84)."""
    import numpy as np
    import pandas as pd

    ground = lay_ground()
    rows: list[tuple[str, str, int, bytes, str]] = []
    for year in LAYERS:
        gminy = np.array([gmina_of(tract, year) for tract in ground.tracts])
        rows += ground.layer(gminy, year)
    return pd.DataFrame(rows, columns=list(TABLES["boundaries"].columns))
