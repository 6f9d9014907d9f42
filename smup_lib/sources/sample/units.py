"""Which units has the fictional land, of what kind, and what changed among them since 2010?

The smallest territory that never changed is a **tract**: every gmina of any year is a sum of
tracts, so merges and splits are told once, here, and hold for boundaries and numbers alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from smup_lib.catalogue.changes import TerritorialChange, read_territorial_changes
from smup_lib.snapshots import TABLES
from smup_lib.sources.sample.names import LAND
from smup_lib.teryt import KIND_OF_RODZ, Kind, city_gmina_code, is_city_code, level_of

if TYPE_CHECKING:
    import pandas as pd

FIRST_YEAR = 2010
LAST_YEAR = 2024
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
#: States of the register that the land publishes, each on 1 January.
VINTAGES = (2010, 2015, 2018, 2020, 2022, 2025)
SOURCE = "Kraina przykładowa, rejestr jednostek (jednostki fikcyjne)"
_CHANGES_FILE = Path(__file__).with_name("territorial_changes.yaml")

_EXTRA: dict[Kind, str] = {
    "urban": "gmina miejska",
    "rural": "gmina wiejska",
    "urban_rural": "gmina miejsko-wiejska",
    "town_part": "miasto",
    "rural_part": "obszar wiejski",
    "delegation": "delegatura",
    "land_powiat": "powiat",
    "city_with_powiat_rights": "miasto na prawach powiatu",
    "voivodeship": "województwo",
}
_KIND_OF_EXTRA = {extra: kind for kind, extra in _EXTRA.items()}
_DELEGATIONS = {"9261": ("Łęgobór-Śródmieście", "Łęgobór-Zatorze", "Łęgobór-Nowe Łęgi")}


@dataclass(frozen=True)
class LandUnit:
    """One row of the register: code, kind, name."""

    code: str
    kind: Kind
    name: str


#: The gmina that surrounded a city until the city took it in.
ABSORBED = "920607"
# Tract -> (first and last year as a gmina of its own, gmina to which it belongs otherwise).
_NOT_ALWAYS = {ABSORBED: (2010, 2014, "926301"), "900207": (2018, 9999, "900206")}


@lru_cache(maxsize=1)
def list_tracts() -> tuple[LandUnit, ...]:
    """Return the tracts: gminy of 2025 and those that are no more, by code.

    Examples
    --------
    >>> [t.name for t in list_tracts() if t.code.startswith("9002")][:2]
    ['Olszyńsk', 'Olszyńsk']
    """
    return tuple(sorted((u for u in _read_land() if level_of(u.code) == "gmina"), key=_by_code))


@lru_cache(maxsize=1)
def list_powiaty() -> tuple[LandUnit, ...]:
    """Return land powiaty and cities with powiat rights, by code."""
    return tuple(sorted((u for u in _read_land() if level_of(u.code) == "powiat"), key=_by_code))


def gmina_of(tract: str, year: int) -> str:
    """Return the gmina to which a tract belongs in a year.

    Examples
    --------
    >>> gmina_of("920607", 2014), gmina_of("920607", 2015)
    ('920607', '926301')
    """
    first, last, otherwise = _NOT_ALWAYS.get(tract, (0, 9999, tract))
    return tract if first <= year <= last else otherwise


@lru_cache(maxsize=1)
def list_changes() -> tuple[TerritorialChange, ...]:
    """Return the territorial events of the land, in order of date."""
    return read_territorial_changes(_CHANGES_FILE)


def register_of(year: int) -> list[LandUnit]:
    """Return every unit and part on 1 January of a year, by code."""
    old = {
        code: former
        for change in reversed(list_changes())
        if change.date.year > year
        for code, former in change.kept.items()
    }
    units = [
        _as_it_was(unit, old.get(unit.code, ""))
        for unit in _read_land()
        if level_of(unit.code) != "gmina" or gmina_of(unit.code, year) == unit.code
    ]
    return with_parts(units, _DELEGATIONS)


def with_parts(
    units: Sequence[LandUnit], delegations: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> list[LandUnit]:
    """Return units with their towns, rural areas and delegations (powiat -> names), by code."""
    return sorted([*units, *_parts(units, delegations)], key=_by_code)


def units_frame() -> pd.DataFrame:
    """Return the register, a row per unit and vintage (columns of the snapshot's units table)."""
    import pandas as pd

    vintages = [vintage_frame(register_of(year), year) for year in VINTAGES]
    return pd.concat(vintages, ignore_index=True)


def vintage_frame(units: Sequence[LandUnit], year: int) -> pd.DataFrame:
    """Return a state of the register on 1 January: rows of the snapshot's table ``units``."""
    import pandas as pd

    rows = [
        (u.code, level_of(u.code), u.kind, u.name, _extra(u), f"{year}-01-01", SOURCE)
        for u in units
    ]
    return pd.DataFrame(rows, columns=list(TABLES["units"].columns))


def _extra(unit: LandUnit) -> str:
    """Return the words that stand beside a name; a city is a plain urban gmina among gminy."""
    in_city = unit.kind == "city_with_powiat_rights" and level_of(unit.code) == "gmina"
    return _EXTRA["urban" if in_city else unit.kind]


def _by_code(unit: LandUnit) -> str:
    return unit.code


def _read_land() -> Iterator[LandUnit]:
    """Read the map of names; gminy are numbered in the order in which they stand."""
    for line in LAND.strip().splitlines():
        head, _, gminy = line.partition(": ")
        code, name = head.split(" ", 1)
        if len(code) == 2:
            yield LandUnit(code, "voivodeship", name)
        elif is_city_code(code):
            yield LandUnit(code, "city_with_powiat_rights", name)
            yield LandUnit(city_gmina_code(code), "city_with_powiat_rights", name)
        else:
            yield LandUnit(code, "land_powiat", name)
            for number, gmina in enumerate(gminy.split(", "), start=1):
                gmina_name, rodz = gmina.rsplit(" ", 1)
                yield LandUnit(f"{code}{number:02d}", KIND_OF_RODZ[rodz], gmina_name)


def _as_it_was(unit: LandUnit, former: str) -> LandUnit:
    """Return the unit with its old name and kind, written like ``Jaworzec (gmina wiejska)``."""
    if not former:
        return unit
    name, kind = former.removesuffix(")").split(" (")
    return LandUnit(unit.code, _KIND_OF_EXTRA[kind], name)


def _parts(
    units: Sequence[LandUnit], delegations: Mapping[str, Sequence[str]]
) -> Iterator[LandUnit]:
    """Yield towns and rural areas of urban-rural gminy, and delegations."""
    for unit in units:
        if unit.kind == "urban_rural":
            yield LandUnit(unit.code + "4", "town_part", unit.name)
            yield LandUnit(unit.code + "5", "rural_part", unit.name)
        for number, name in enumerate(delegations.get(unit.code, ()), start=2):
            yield LandUnit(f"{unit.code}{number:02d}9", "delegation", name)
