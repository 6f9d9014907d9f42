"""What must be known of a fictional land before its numbers can be drawn?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from smup_lib.sources.sample.gaps import COMMON_GAPS, GAPS, Gap
from smup_lib.sources.sample.recipes import Grid
from smup_lib.sources.sample.truths import Truth, list_truths
from smup_lib.sources.sample.units import (
    ABSORBED,
    YEARS,
    LandUnit,
    gmina_of,
    list_powiaty,
    list_tracts,
)

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

#: Kinds in the order of the factors of recipes.
KIND_ORDER = ("city_with_powiat_rights", "urban", "urban_rural", "rural")


@dataclass(frozen=True)
class KnownPeople:
    """What is not drawn of the people of a land, by tract.

    Attributes
    ----------
    population : mapping
        People in 2010.
    suburbs : tuple of str
        Tracts that are better off and gain people.
    migration : mapping
        Yearly share of people gained or lost by moving.
    """

    population: Mapping[str, float] = field(default_factory=dict)
    suburbs: tuple[str, ...] = ()
    migration: Mapping[str, float] = field(default_factory=dict)


def _stays(tract: str, year: int) -> str:
    return tract


@dataclass(frozen=True, eq=False)
class Land:
    """A fictional land.

    Attributes
    ----------
    tracts, powiaty : tuple of LandUnit
        By code; see :mod:`smup_lib.sources.sample.units`.
    areas_km2 : array
        Of each tract.
    gmina_of : callable
        Tract and year -> the gmina to which it belongs.
    known : KnownPeople
    truths : tuple of Truth
        What is planted.
    gaps : tuple of Gap
        What is missing.
    """

    tracts: tuple[LandUnit, ...]
    powiaty: tuple[LandUnit, ...]
    areas_km2: Array
    gmina_of: Callable[[str, int], str] = _stays
    known: KnownPeople = field(default_factory=KnownPeople)
    truths: tuple[Truth, ...] = ()
    gaps: tuple[Gap, ...] = COMMON_GAPS

    def codes(self, grid: Grid) -> list[str]:
        """Return the codes of the rows of a grid."""
        return self._codes[grid]

    @cached_property
    def kinds(self) -> Array:
        """Return the place of each tract's kind in :data:`KIND_ORDER`."""
        import numpy as np

        return np.array([KIND_ORDER.index(tract.kind) for tract in self.tracts])

    def sum_gminy(self, values: Array) -> Array:
        """Add tracts up to gminy; a gmina that does not exist in a year is null."""
        return _summed(values, self._gminy, len(values))

    def sum_powiaty(self, values: Array) -> Array:
        """Add tracts up to powiaty."""
        return _summed(values, self.powiat_places[self._gminy], len(self.powiaty))

    @cached_property
    def powiat_places(self) -> Array:
        """Return for each tract, taken as a gmina, the place of its powiat."""
        import numpy as np

        place = {code: i for i, code in enumerate(self.codes("powiat"))}
        return np.array([place[code[:4]] for code in self.codes("tract")])

    @cached_property
    def _codes(self) -> dict[Grid, list[str]]:
        grids: dict[Grid, tuple[LandUnit, ...]] = {"tract": self.tracts, "powiat": self.powiaty}
        return {grid: [unit.code for unit in units] for grid, units in grids.items()}

    @cached_property
    def _gminy(self) -> Array:
        """For each tract and year the place of its gmina among tracts."""
        import numpy as np

        place = {code: i for i, code in enumerate(self.codes("tract"))}
        return np.array([[place[self.gmina_of(code, year)] for year in YEARS] for code in place])


def _summed(values: Array, owners: Array, count: int) -> Array:
    import numpy as np

    years = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    total = np.zeros((count, values.shape[1]))
    members = np.zeros_like(total)
    np.add.at(total, (owners, years), values)
    np.add.at(members, (owners, years), 1)
    return np.where(members > 0, np.round(total, 4), np.nan)


#: Sizes that the planted truths and the pages rely on; all others are drawn.
_POPULATION_2010 = {
    "906101": 176_000, "906201": 118_400, "906301": 57_900, "906401": 41_300, "926101": 684_000,
    "926201": 96_700, "926301": 68_200, "946101": 63_800, "946201": 131_500,
    "940401": 540, "900206": 5_150, "900207": 2_890, ABSORBED: 11_800,
    "900102": 16_400, "900301": 12_900, "920101": 23_700,
}  # fmt: skip
_SUBURBS = ("900102", "900301", "920101", "920103", "920106", ABSORBED)
_MIGRATION = {"946201": -0.013, "906401": -0.008, "900206": 0.0, "900207": 0.0}


@lru_cache(maxsize=1)
def sample_land() -> Land:
    """Return the land of ``smup data sample``, with its planted truths; always the same."""
    from smup_lib.sources.sample.geometry import tract_areas_km2

    return Land(
        list_tracts(),
        list_powiaty(),
        tract_areas_km2(),
        gmina_of,
        KnownPeople(_POPULATION_2010, _SUBURBS, _MIGRATION),
        list_truths(),
        GAPS,
    )
