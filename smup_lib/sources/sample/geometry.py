"""Which ground belongs to which unit of the fictional land?

Powiaty grow over the mesh from spread-out seats, cities are cut out of their middles, gminy grow
in what is left; growth along links keeps every unit in one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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
#: Spread of the cost of a step: the larger, the more winding the borders.
_ROUGHNESS = 0.9
#: Tracts that are one gmina in some years grow as one and are parted afterwards.
_TOGETHER = {"900207": "900206"}


@dataclass(frozen=True)
class Ground:
    """The mesh and the tract that owns each of its cells."""

    mesh: Mesh
    tracts: Array


@lru_cache(maxsize=1)
def lay_ground() -> Ground:
    """Return the ground of the land; always the same."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    mesh = make_mesh(rng)
    growth = _Growth(mesh, rng)
    tracts = np.full(len(mesh.cells), "", dtype="<U6")
    for powiat, cells in growth.powiaty().items():
        _settle_powiat(growth, powiat, cells, tracts)
    return Ground(mesh, tracts)


def _settle_powiat(growth: _Growth, powiat: str, cells: Array, tracts: Array) -> None:
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


class _Growth:
    """Growing of regions over the links of the mesh, each link with a random cost."""

    def __init__(self, mesh: Mesh, rng: np.random.Generator) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix

        n = len(mesh.cells)
        self.mesh, self.rng = mesh, rng
        a, b = mesh.links.T
        cost = np.exp(_ROUGHNESS * rng.normal(size=len(a)))
        ends = np.concatenate([a, b]), np.concatenate([b, a])
        self.costs = csr_matrix((np.concatenate([cost, cost]), ends), shape=(n, n))

    def powiaty(self) -> dict[str, Array]:
        """Grow all land powiaty; voivodeships take them in the order of their bearing."""
        import numpy as np

        codes = [unit.code for unit in list_powiaty() if not is_city_code(unit.code)]
        regions = list(self.share_out(np.arange(len(self.mesh.cells)), codes).values())
        x, y = np.array([self.mesh.centres[cells].mean(axis=0) for cells in regions]).T
        bearing = np.argsort(np.arctan2(y, x), kind="stable")
        return {code: regions[i] for code, i in zip(codes, bearing, strict=True)}

    def share_out(self, cells: Array, codes: list[str]) -> dict[str, Array]:
        """Share a region among codes, whose seats are spread and then moved to the middle."""
        import numpy as np

        costs, middles = self.costs[cells][:, cells], self.mesh.centres[cells]
        seats = self._far_apart(costs, len(codes))
        for _ in range(4):
            owner = self._nearest(costs, seats)
            seats = [_most_central(middles, np.flatnonzero(owner == seat)) for seat in seats]
        owner = self._nearest(costs, seats)
        return {code: cells[owner == seat] for code, seat in zip(codes, seats, strict=True)}

    def cut_out(self, cells: Array, size: int) -> Array:
        """Return cells from the middle of a region, nearest first; a rim of it stays."""
        import numpy as np
        from scipy.sparse.csgraph import dijkstra

        costs = self.costs[cells][:, cells]
        rim = np.diff(costs.indptr) < 6  # beside the sea or another region
        depth = dijkstra(costs, indices=np.flatnonzero(rim), min_only=True, unweighted=True)
        inner = np.flatnonzero(~rim)
        gentle = costs[inner][:, inner].power(0.3)  # steep costs would leave holes
        away = dijkstra(gentle, indices=int(np.argmax(depth[inner])))
        return np.asarray(cells[inner][np.argsort(away, kind="stable")[:size]])

    def _far_apart(self, costs: Any, count: int) -> list[int]:
        """Choose seats one by one, each as far as can be from those before it."""
        import numpy as np
        from scipy.sparse.csgraph import dijkstra

        start = int(self.rng.integers(costs.shape[0]))
        seats = [int(np.argmax(dijkstra(costs, indices=start)))]
        while len(seats) < count:
            seats.append(int(np.argmax(dijkstra(costs, indices=seats, min_only=True))))
        return seats

    @staticmethod
    def _nearest(costs: Any, seats: list[int]) -> Array:
        """Return for each cell the seat from which it is reached at the least cost."""
        import numpy as np
        from scipy.sparse.csgraph import dijkstra

        _, _, seat = dijkstra(costs, indices=seats, min_only=True, return_predecessors=True)
        return np.asarray(seat)


def _most_central(middles: Array, cells: Array) -> int:
    import numpy as np

    away = np.hypot(*(middles[cells] - middles[cells].mean(axis=0)).T)
    return int(cells[np.argmin(away)])


def tract_areas_km2() -> Array:
    """Return the area of each tract in km2, in the order of :func:`list_tracts`."""
    import numpy as np

    ground = lay_ground()
    codes = [tract.code for tract in list_tracts()]
    number = np.searchsorted(codes, ground.tracts)
    return np.bincount(number, weights=ground.mesh.areas_km2(), minlength=len(codes))


def boundaries_frame() -> pd.DataFrame:
    """Return boundaries of gminy, powiaty and voivodeships for each layer (WKB, WGS84)."""
    import numpy as np
    import pandas as pd
    import shapely

    ground = lay_ground()
    rows = []
    for year in LAYERS:
        gminy = np.array([gmina_of(tract, year) for tract in ground.tracts])
        for level, length in (("gmina", 6), ("powiat", 4), ("voivodeship", 2)):
            owners = gminy.astype(f"<U{length}")
            for code, polygon in dissolve(ground.mesh, owners).items():
                wkb = shapely.to_wkb(to_degrees(polygon), byte_order=1)
                rows.append((code, level, year, wkb, SOURCE))
    return pd.DataFrame(rows, columns=["unit_code", "level", "year", "geometry", "source"])
