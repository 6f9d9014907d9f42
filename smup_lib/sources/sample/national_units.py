"""Which units has the large fictional land? As many as a country of 2026, or a stated part of it.

Voivodeships, powiaty, cities and kinds of gminy stand in the proportions of the country; nothing
changes among them over the years, so a tract is a gmina.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal

from smup_lib.sources.sample.national_names import VOIVODESHIPS, draw_places, vary_names
from smup_lib.sources.sample.units import LandUnit
from smup_lib.teryt import Kind, city_gmina_code

if TYPE_CHECKING:
    import numpy as np

Role = Literal["city", "urban", "urban_rural"]

SEED = 2479_314
_FIRST_VOIVODESHIP = 90
_FIRST_CITY = 61
#: Land powiaty never have fewer gminy.
_FEWEST_GMINY = 3
#: Gminy that bear the name of the seat: a town has a rural gmina around it.
_SEAT_KINDS: dict[Role, tuple[Kind, ...]] = {
    "city": (),
    "urban": ("urban", "rural"),
    "urban_rural": ("urban_rural",),
}


@dataclass(frozen=True)
class LandSize:
    """How many units a land has.

    Attributes
    ----------
    voivodeships, powiaty, cities : int
        ``powiaty`` are land powiaty, ``cities`` those with powiat rights.
    urban, urban_rural, rural : int
        Gminy without the cities.
    """

    voivodeships: int
    powiaty: int
    cities: int
    urban: int
    urban_rural: int
    rural: int

    @property
    def gminy(self) -> int:
        """Return the gminy with the cities."""
        return self.cities + self.urban + self.urban_rural + self.rural

    def part(self, share: float) -> LandSize:
        """Return a land of a part of this size; every kind stays.

        Examples
        --------
        >>> COUNTRY.gminy, COUNTRY.part(0.02).gminy
        (2479, 49)
        """

        def some(whole: int, least: int = 1) -> int:
            return min(whole, max(least, round(whole * share)))

        powiaty = some(self.powiaty, 2)
        least = _FEWEST_GMINY * powiaty
        return LandSize(
            min(powiaty, some(self.voivodeships, 2)),
            powiaty,
            min(powiaty, some(self.cities)),
            some(self.urban),
            some(self.urban_rural, powiaty),
            some(self.rural, least),
        )


#: State of 1 January 2026; nine voivodeships, because no more codes are free.
COUNTRY = LandSize(9, 314, 66, 236, 724, 1453)


@dataclass(frozen=True)
class LandUnits:
    """The units of a land.

    Attributes
    ----------
    voivodeships, powiaty, gminy : tuple of LandUnit
        By code; a city with powiat rights stands among powiaty and among gminy.
    hosts : dict
        City -> the land powiat around it.
    rings : dict
        Urban gmina -> the rural gmina of its name that surrounds it.
    """

    voivodeships: tuple[LandUnit, ...]
    powiaty: tuple[LandUnit, ...]
    gminy: tuple[LandUnit, ...]
    hosts: dict[str, str]
    rings: dict[str, str]

    @property
    def register(self) -> list[LandUnit]:
        """Return all units."""
        return [*self.voivodeships, *self.powiaty, *self.gminy]


def make_units(size: LandSize) -> LandUnits:
    """Make the units of a land of some size; always the same.

    Examples
    --------
    >>> units = make_units(COUNTRY.part(0.02))
    >>> len(units.gminy), units.gminy[0].code
    (49, '900101')
    """
    import numpy as np

    rng = np.random.default_rng(SEED)
    order = [int(place) for place in rng.permutation(size.powiaty)]
    places = draw_places(rng)
    seats, others = places[: size.powiaty], places[size.powiaty :]
    roles = _roles(size, order)
    codes = _powiat_codes(size)
    gminy: list[LandUnit] = []
    cities: list[LandUnit] = []
    hosts, rings = {}, {}
    names = iter(vary_names(rng, others))
    for place, kinds in enumerate(_share_kinds(size, roles, rng)):
        code, seat, role = codes[place], seats[place], roles[place]
        own = [(kind, seat.name) for kind in _SEAT_KINDS[role]]
        own += [(kind, next(names)) for kind in kinds]
        gminy += [
            LandUnit(f"{code}{number:02d}", kind, name)
            for number, (kind, name) in enumerate(own, start=1)
        ]
        if role == "urban":
            rings[f"{code}01"] = f"{code}02"
        if role == "city":
            number = _FIRST_CITY + sum(city.code[:2] == code[:2] for city in cities)
            cities.append(LandUnit(f"{code[:2]}{number}", "city_with_powiat_rights", seat.name))
            hosts[cities[-1].code] = code
    land = [LandUnit(c, "land_powiat", s.adjective) for c, s in zip(codes, seats, strict=True)]
    both = [LandUnit(city_gmina_code(city.code), city.kind, city.name) for city in cities]
    return LandUnits(_voivodeships(size), _sorted(land, cities), _sorted(gminy, both), hosts, rings)


def _voivodeships(size: LandSize) -> tuple[LandUnit, ...]:
    return tuple(
        LandUnit(str(_FIRST_VOIVODESHIP + place), "voivodeship", VOIVODESHIPS[place])
        for place in range(size.voivodeships)
    )


def _sorted(*lists: list[LandUnit]) -> tuple[LandUnit, ...]:
    return tuple(sorted(chain(*lists), key=lambda unit: unit.code))


def _powiat_codes(size: LandSize) -> list[str]:
    """Return the codes of land powiaty, spread evenly over the voivodeships."""
    return sorted(
        f"{_FIRST_VOIVODESHIP + place % size.voivodeships}{place // size.voivodeships + 1:02d}"
        for place in range(size.powiaty)
    )


def _roles(size: LandSize, order: list[int]) -> list[Role]:
    """Return what the seat of each powiat is: a city, a town in its ring, or a wider gmina."""
    towns = min(size.urban, size.powiaty * 3 // 5)
    roles: list[Role] = ["urban_rural"] * size.powiaty
    for place in order[: size.cities]:
        roles[place] = "city"
    for place in order[size.cities : size.cities + towns]:
        roles[place] = "urban"
    return roles


def _share_kinds(
    size: LandSize, roles: list[Role], rng: np.random.Generator
) -> Iterator[list[Kind]]:
    """Yield for each powiat the kinds of its gminy beside the seat."""
    import numpy as np

    seated = [kind for role in roles for kind in _SEAT_KINDS[role]]
    wanted: dict[Kind, int] = {
        "urban": size.urban, "urban_rural": size.urban_rural, "rural": size.rural,
    }  # fmt: skip
    pool = [kind for kind, n in wanted.items() for _ in range(n - seated.count(kind))]
    kinds = [pool[int(place)] for place in rng.permutation(len(pool))]
    few = np.array([_FEWEST_GMINY - len(_SEAT_KINDS[role]) for role in roles])
    more = rng.multinomial(len(kinds) - few.sum(), np.full(len(roles), 1 / len(roles)))
    ends = np.cumsum(few + more)
    for start, end in zip(ends - few - more, ends, strict=True):
        yield kinds[start:end]
