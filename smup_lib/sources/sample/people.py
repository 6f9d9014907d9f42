"""How many people live in the fictional land, and how did that change since 2010?

Everything here is told for tracts (see :mod:`smup_lib.sources.sample.units`): arrays of one row a
tract and one column a year. Sizes are heavy-tailed: a city of almost 700 000, a town of 540.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smup_lib.sources.sample.land import Land
from smup_lib.sources.sample.units import YEARS

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

SEED = 2010_2024
#: First year after the fictional census: population was counted anew.
CENSUS_YEAR = 2020

#: People of a gmina of a kind in 2010: the middle one, and the spread of logarithms.
_TYPICAL_SIZE = {
    "city_with_powiat_rights": (110_000, 0.75),
    "urban": (21_000, 0.40),
    "urban_rural": (15_500, 0.35),
    "rural": (6_400, 0.40),
}
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


def tract_wealth(land: Land) -> Array:
    """Return how well off each tract is, about 0 with spread 1; it moves money and much else."""
    import numpy as np

    suburb = np.array([tract.code in land.known.suburbs for tract in land.tracts])
    by_kind = np.array([1.3, 0.5, 0.1, -0.3])[land.kinds]
    return steady(by_kind + 0.9 * suburb + 0.7 * rng_for("wealth").normal(size=len(suburb)))


def make_people(land: Land) -> dict[str, Array]:
    """Return population and its parts, each an array of tracts x years.

    ``population``, ``population_mid_year``, ``births``, ``deaths`` and ``population_urban``.
    """
    import numpy as np

    rng = rng_for("population")
    size = _sizes_2010(land, rng)
    moves = _migration(land, rng)
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
    people["population_urban"] = _urban(land, people["population"])
    return people


def _sizes_2010(land: Land, rng: np.random.Generator) -> Array:
    import numpy as np

    drawn = rng.normal(size=len(land.tracts))
    sizes = []
    for tract, z in zip(land.tracts, drawn, strict=True):
        typical, spread = _TYPICAL_SIZE[tract.kind]
        sizes.append(land.known.population.get(tract.code, np.rint(typical * np.exp(spread * z))))
    return np.array(sizes, dtype=float)


def _migration(land: Land, rng: np.random.Generator) -> Array:
    """Return the yearly share of people that each tract gains or loses by moving."""
    import numpy as np

    share = np.array([-0.001, -0.003, -0.001, -0.0005])[land.kinds]
    share = share + 0.002 * tract_wealth(land) + rng.normal(0, 0.0025, len(share))
    for i, tract in enumerate(land.tracts):
        share[i] += 0.014 if tract.code in land.known.suburbs else 0.0
        share[i] = land.known.migration.get(tract.code, share[i])
    return steady(share)


def _urban(land: Land, population: Array) -> Array:
    """Return the people who live in towns."""
    import numpy as np

    share = np.array([1.0, 1.0, 0.46, 0.0])[land.kinds]
    return np.asarray(np.rint(population * share[:, None]))
