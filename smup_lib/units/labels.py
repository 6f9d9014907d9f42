"""Say in Polish what a unit is called, in full and in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from smup_lib.plurals import counted
from smup_lib.teryt import LEVEL_NAME, Kind

#: Kind of a gmina as an adjective.
KIND_ADJECTIVE: dict[str, str] = {
    "urban": "miejska",
    "rural": "wiejska",
    "urban_rural": "miejsko-wiejska",
}
#: Kind of a unit, one.
KIND_NAME: dict[str, str] = {
    "urban": "gmina miejska",
    "rural": "gmina wiejska",
    "urban_rural": "gmina miejsko-wiejska",
    "land_powiat": "powiat ziemski",
    "city_with_powiat_rights": "miasto na prawach powiatu",
    "voivodeship": "województwo",
    "country": "kraj",
    "town_part": "miasto w gminie miejsko-wiejskiej",
    "rural_part": "obszar wiejski w gminie miejsko-wiejskiej",
    "district": "dzielnica",
    "delegation": "delegatura",
}
#: Kind of a unit, many of them, as after "grupa: ".
KIND_PLURAL: dict[str, str] = {
    "urban": "gminy miejskie",
    "rural": "gminy wiejskie",
    "urban_rural": "gminy miejsko-wiejskie",
    "land_powiat": "powiaty ziemskie",
    "city_with_powiat_rights": "miasta na prawach powiatu",
    "voivodeship": "województwa",
}
LEVEL_PLURAL: dict[str, str] = {
    "gmina": "gminy",
    "powiat": "powiaty i miasta na prawach powiatu",
    "voivodeship": "województwa",
}

#: Levels on which units are compared, in the genitive plural: "15 najbliższych gmin".
KIND_GENITIVE: dict[str, str] = {
    "urban": "gmin miejskich",
    "rural": "gmin wiejskich",
    "urban_rural": "gmin miejsko-wiejskich",
    "land_powiat": "powiatów ziemskich",
    "city_with_powiat_rights": "miast na prawach powiatu",
    "voivodeship": "województw",
}


def write_number(number: float) -> str:
    """Return a whole number with no-break spaces between thousands.

    Examples
    --------
    >>> write_number(2479).replace(chr(160), "_")
    '2_479'
    """
    return f"{number:,.0f}".replace(",", "\u00a0")


def write_unit_count(count: int) -> str:
    """Return a number of units with the noun in its right form.

    Examples
    --------
    >>> [write_unit_count(n) for n in (1, 3, 12, 22, 25)]
    ['1 jednostka', '3 jednostki', '12 jednostek', '22 jednostki', '25 jednostek']
    """
    return counted(count, ("jednostka", "jednostki", "jednostek"))


class Named(NamedTuple):
    """What a label needs to know of a unit."""

    code: str
    level: str
    kind: Kind | None
    name: str


def write_label(unit: Named, last_year: int | None = None) -> str:
    """Return the full label, unique because it ends with the code.

    Parameters
    ----------
    unit : Named
        Code, level, kind and name.
    last_year : int, optional
        Last year of a unit that no longer exists.

    Examples
    --------
    >>> write_label(Named("1261", "powiat", "city_with_powiat_rights", "Kraków"))
    'Kraków – miasto na prawach powiatu (1261)'
    >>> write_label(Named("020102", "gmina", "rural", "Bolesławiec"))
    'gmina Bolesławiec – wiejska (020102)'
    >>> write_label(Named("3002", "powiat", "land_powiat", "czarnkowsko-trzcianecki"))
    'powiat czarnkowsko-trzcianecki (3002)'
    >>> write_label(Named("320304", "gmina", "rural", "Ostrowice"), 2018)
    'gmina Ostrowice – wiejska (320304), do 2018 r.'
    """
    ended = f", do {last_year} r." if last_year is not None else ""
    if unit.level == "country":
        return unit.name
    if unit.kind == "city_with_powiat_rights":
        return f"{unit.name} – miasto na prawach powiatu ({unit.code}){ended}"
    if unit.level == "powiat":
        return f"powiat {unit.name} ({unit.code}){ended}"
    if unit.level == "voivodeship":
        return f"województwo {unit.name} ({unit.code}){ended}"
    if unit.level == "part":
        return f"{unit.name} – {KIND_NAME.get(unit.kind or '', 'część')} ({unit.code}){ended}"
    adjective = KIND_ADJECTIVE.get(unit.kind or "")
    return f"gmina {unit.name}{f' – {adjective}' if adjective else ''} ({unit.code}){ended}"


def write_phrase(unit: Named) -> str:
    """Return the label without its code, as one would say it.

    Examples
    --------
    >>> write_phrase(Named("020102", "gmina", "rural", "Bolesławiec"))
    'gmina wiejska Bolesławiec'
    >>> write_phrase(Named("2661", "powiat", "city_with_powiat_rights", "Kielce"))
    'miasto Kielce'
    """
    if unit.kind == "city_with_powiat_rights":
        return f"miasto {unit.name}"
    if unit.level in ("powiat", "voivodeship"):
        return f"{LEVEL_NAME[unit.level]} {unit.name}"
    if unit.level == "gmina":
        return f"{KIND_NAME.get(unit.kind or '', 'gmina')} {unit.name}"
    return unit.name


def write_short_labels(
    units: Iterable[Named], powiat_names: Mapping[str, str], voivodeship_names: Mapping[str, str]
) -> dict[str, str]:
    """Return a label for charts for every unit of one level: as short as uniqueness allows.

    A name alone when no other unit has it, then with the kind, then with the powiat; a powiat
    whose name occurs twice is told by its voivodeship.

    Examples
    --------
    >>> write_short_labels(
    ...     [Named("020101", "gmina", "urban", "Bolesławiec"),
    ...      Named("020102", "gmina", "rural", "Bolesławiec")], {}, {})
    {'020101': 'Bolesławiec (gm. miejska)', '020102': 'Bolesławiec (gm. wiejska)'}
    """
    listed = list(units)
    steps = [
        {unit.code: _plain(unit) for unit in listed},
        {unit.code: _with_kind(unit, voivodeship_names) for unit in listed},
        {unit.code: _with_place(unit, powiat_names) for unit in listed},
        {unit.code: f"{_plain(unit)} ({unit.code})" for unit in listed},
    ]
    labels: dict[str, str] = {}
    open_codes = [unit.code for unit in listed]
    for step in steps:
        times: dict[str, int] = {}
        for code in open_codes:
            times[step[code]] = times.get(step[code], 0) + 1
        labels.update({code: step[code] for code in open_codes if times[step[code]] == 1})
        open_codes = [code for code in open_codes if code not in labels]
    return {unit.code: labels[unit.code] for unit in listed}


def _plain(unit: Named) -> str:
    return f"powiat {unit.name}" if unit.kind == "land_powiat" else unit.name


def _with_kind(unit: Named, voivodeship_names: Mapping[str, str]) -> str:
    if unit.level == "powiat":
        return f"{_plain(unit)} ({voivodeship_names.get(unit.code[:2], unit.code[:2])})"
    if unit.kind == "city_with_powiat_rights":
        return f"{unit.name} (miasto)"
    adjective = KIND_ADJECTIVE.get(unit.kind or "")
    return f"{unit.name} (gm. {adjective})" if adjective else unit.name


def _with_place(unit: Named, powiat_names: Mapping[str, str]) -> str:
    place = powiat_names.get(unit.code[:4])
    adjective = KIND_ADJECTIVE.get(unit.kind or "")
    if unit.level != "gmina" or not place:
        return f"{_plain(unit)} ({unit.code})"
    return f"{unit.name} (gm. {adjective}, pow. {place})" if adjective else f"{unit.name} ({place})"
