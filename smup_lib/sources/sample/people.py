"""How many people live in the fictional land, and how did that change since 2010?

Everything here is told for tracts (see :mod:`smup_lib.sources.sample.units`): arrays of one row a
tract and one column a year. Sizes are heavy-tailed: a city of almost 700 000, a town of 540.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from smup_lib.sources.sample.units import ABSORBED, YEARS, list_tracts

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

SEED = 2010_2024
#: Kinds in the order of the factors of recipes.
KIND_ORDER = ("city_with_powiat_rights", "urban", "urban_rural", "rural")
#: First year after the fictional census: population was counted anew.
CENSUS_YEAR = 2020

# Sizes that the planted truths and the pages rely on; all others are drawn.
_POPULATION_2010 = {
    "906101": 176_000, "906201": 118_400, "906301": 57_900, "906401": 41_300, "926101": 684_000,
    "926201": 96_700, "926301": 68_200, "946101": 63_800, "946201": 131_500,
    "940401": 540, "900206": 5_150, "900207": 2_890, ABSORBED: 11_800,
    "900102": 16_400, "900301": 12_900, "920101": 23_700,
}  # fmt: skip
_TYPICAL_SIZE = {"urban": (21_000, 0.40), "urban_rural": (15_500, 0.35), "rural": (6_400, 0.40)}
_SUBURBS = ("900102", "900301", "920101", "920103", "920106", ABSORBED)
_SHRINKING = {"946201": -0.013, "906401": -0.008}
_CALM = ("900206", "900207")
_BIRTHS = (10.0, 9.8, 9.6, 9.3, 9.4, 9.3, 9.5, 9.9, 9.7, 9.4, 9.0, 8.5, 7.9, 7.1, 6.7)
_DEATHS = (9.8, 9.8, 10.0, 10.1, 9.8, 10.3, 10.1, 10.5, 10.8, 10.7, 12.5, 13.6, 11.9, 10.9, 10.9)


def rng_for(name: str) -> np.random.Generator:
    """Return the random numbers of one variable, independent of all others."""
    import zlib

    import numpy as np

    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def steady(values: Array) -> Array:
    """Round what exp and log gave, so that every processor arrives at the same data."""
    import numpy as np

    return np.round(values, 6)


@lru_cache(maxsize=1)
def tract_kinds() -> Array:
    """Return the place of each tract's kind in :data:`KIND_ORDER`."""
    import numpy as np

    return np.array([KIND_ORDER.index(tract.kind) for tract in list_tracts()])


@lru_cache(maxsize=1)
def tract_wealth() -> Array:
    """Return how well off each tract is, about 0 with spread 1; it moves money and much else."""
    import numpy as np

    suburb = np.array([tract.code in _SUBURBS for tract in list_tracts()])
    by_kind = np.array([1.3, 0.5, 0.1, -0.3])[tract_kinds()]
    return steady(by_kind + 0.9 * suburb + 0.7 * rng_for("wealth").normal(size=len(suburb)))


@lru_cache(maxsize=1)
def make_people() -> dict[str, Array]:
    """Return population and its parts, each an array of tracts x years.

    ``population``, ``population_mid_year``, ``births``, ``deaths`` and ``population_urban``.
    """
    import numpy as np

    rng = rng_for("population")
    size = _sizes_2010(rng)
    moves = _migration(rng)
    census = steady(1 - rng.normal(0.022, 0.006, len(size)))
    columns: dict[str, list[Array]] = {"population": [], "births": [], "deaths": []}
    mid_year = []
    for i, year in enumerate(YEARS):
        before = size
        births = rng.poisson(size * _BIRTHS[i] / 1000)
        deaths = rng.poisson(size * _DEATHS[i] / 1000)
        moved = np.rint(size * moves + rng.normal(0, 0.6, len(size)) * np.sqrt(size) * 0.3)
        size = np.maximum(size + births - deaths + moved, 60)
        if year == CENSUS_YEAR:
            size, before = np.rint(size * census), np.rint(before * census)
        mid_year.append(np.rint((before + size) / 2))
        for name, column in (("population", size), ("births", births), ("deaths", deaths)):
            columns[name].append(column)
    people = {name: np.stack(listed, axis=1).astype(float) for name, listed in columns.items()}
    people["population_mid_year"] = np.stack(mid_year, axis=1)
    people["population_urban"] = _urban(people["population"])
    return people


def _sizes_2010(rng: np.random.Generator) -> Array:
    import numpy as np

    drawn = rng.normal(size=len(list_tracts()))
    sizes = []
    for tract, z in zip(list_tracts(), drawn, strict=True):
        typical, spread = _TYPICAL_SIZE.get(tract.kind, (0, 0.0))
        sizes.append(_POPULATION_2010.get(tract.code, np.rint(typical * np.exp(spread * z))))
    return np.array(sizes, dtype=float)


def _migration(rng: np.random.Generator) -> Array:
    """Return the yearly share of people that each tract gains or loses by moving."""
    import numpy as np

    codes = [tract.code for tract in list_tracts()]
    share = np.array([-0.001, -0.003, -0.001, -0.0005])[tract_kinds()]
    share = share + 0.002 * tract_wealth() + rng.normal(0, 0.0025, len(codes))
    for i, code in enumerate(codes):
        share[i] += 0.014 if code in _SUBURBS else 0.0
        share[i] = 0.0 if code in _CALM else _SHRINKING.get(code, share[i])
    return steady(share)


def _urban(population: Array) -> Array:
    """Return the people who live in towns."""
    import numpy as np

    share = np.array([1.0, 1.0, 0.46, 0.0])[tract_kinds()]
    return np.asarray(np.rint(population * share[:, None]))
