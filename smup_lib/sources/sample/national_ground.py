"""Which ground belongs to which unit of the large fictional land?

Voivodeships grow first, powiaty within them, gminy within those; cities and towns are cut out of
the middle of what surrounds them. So some hundred thousand cells are shared out in a minute.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from smup_lib.sources.sample.geometry import Ground
from smup_lib.sources.sample.growth import Growth
from smup_lib.sources.sample.mesh import make_mesh
from smup_lib.sources.sample.national_units import SEED, LandUnits
from smup_lib.teryt import city_gmina_code, is_city_code, powiat_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

_CELLS_A_GMINA = 40
_CELL_KM2 = 3.14
#: Length of the land over its width.
_OBLONG = 1.15
_CITY_CELLS, _TOWN_CELLS = (14, 34), (3, 7)


def lay_national_ground(units: LandUnits) -> Ground:
    """Return the ground of a land; always the same."""
    import numpy as np

    rng = np.random.default_rng(SEED + 1)
    area = len(units.gminy) * _CELLS_A_GMINA * _CELL_KM2
    half = math.sqrt(area / (math.pi * _OBLONG))
    mesh = make_mesh(rng, (half * _OBLONG, half))
    growth = Growth(mesh, rng)
    tracts = np.full(len(mesh.cells), "", dtype="<U6")
    whole = np.arange(len(mesh.cells))
    for region, cells in growth.share_out(whole, [v.code for v in units.voivodeships]).items():
        land = [p.code for p in units.powiaty if p.code[:2] == region and not is_city_code(p.code)]
        for powiat, part in growth.share_out(cells, land).items():
            _settle(growth, units, powiat, part, tracts)
    return Ground(mesh, tracts)


def _settle(growth: Growth, units: LandUnits, powiat: str, cells: Array, tracts: Array) -> None:
    """Give the cells of one land powiat to its gminy and to the city cut out of it."""
    import numpy as np

    for city, host in units.hosts.items():
        if host == powiat:
            middle = growth.cut_out(cells, int(growth.rng.integers(*_CITY_CELLS)))
            tracts[middle] = city_gmina_code(city)
            cells = np.setdiff1d(cells, middle)
    codes = [g.code for g in units.gminy if powiat_of(g.code) == powiat]
    grown = [code for code in codes if code not in units.rings]
    for code, owned in growth.share_out(cells, grown).items():
        tracts[owned] = code
    for town in (code for code in codes if code in units.rings):
        around = np.flatnonzero(tracts == units.rings[town])
        middle = growth.cut_out(around, int(growth.rng.integers(*_TOWN_CELLS)))
        if not len(middle):  # too narrow for a ring: side by side
            middle = growth.share_out(around, [units.rings[town], town])[town]
        tracts[middle] = town
