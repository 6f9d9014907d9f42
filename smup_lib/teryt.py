"""Tell which unit a TERYT code names, on which level and of what kind.

Pure text: nothing here knows which units exist (that is :mod:`smup_lib.units`). A code is a
string: ``"00"`` the country, 2 digits a voivodeship, 4 a powiat, 6 a gmina. A seventh digit
(RODZ) gives the kind of a gmina, which is a dated attribute and never a part of the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from smup_lib.errors import UnitError, did_you_mean

Level = Literal["gmina", "powiat", "voivodeship", "country", "part"]
"""The four levels of units, and ``part``: towns, rural areas, districts, delegations."""

Kind = Literal[
    "urban",
    "rural",
    "urban_rural",
    "town_part",
    "rural_part",
    "district",
    "delegation",
    "land_powiat",
    "city_with_powiat_rights",
    "voivodeship",
    "country",
]

COUNTRY_CODE = "00"
LEVELS: tuple[Level, ...] = ("gmina", "powiat", "voivodeship", "country")
LEVEL_NAME: dict[str, str] = {
    "gmina": "gmina",
    "powiat": "powiat",
    "voivodeship": "województwo",
    "country": "kraj",
    "part": "część gminy lub miasta",
}
#: The first whole year of each level; powiaty came on 1 January 1999, with the 16 voivodeships.
FIRST_YEAR_OF_LEVEL: dict[Level, int] = dict.fromkeys(LEVELS, 0) | dict.fromkeys(
    ("powiat", "voivodeship"), 1999
)
#: As after "oznacza ...".
LEVEL_ACCUSATIVE: dict[str, str] = LEVEL_NAME | {"gmina": "gminę"}
#: As after "na szczeblu ...".
LEVEL_GENITIVE: dict[str, str] = {
    "gmina": "gmin",
    "powiat": "powiatów",
    "voivodeship": "województw",
    "country": "kraju",
    "part": "części gmin",
}
KIND_OF_RODZ: dict[str, Kind] = {
    "1": "urban",
    "2": "rural",
    "3": "urban_rural",
    "4": "town_part",
    "5": "rural_part",
    "8": "district",
    "9": "delegation",
}
PART_KINDS: frozenset[Kind] = frozenset({"town_part", "rural_part", "district", "delegation"})
REAL_VOIVODESHIPS: frozenset[str] = frozenset(f"{number:02d}" for number in range(2, 33, 2))
FICTIONAL_VOIVODESHIPS: frozenset[str] = frozenset(str(number) for number in range(90, 99))

_FORMS = "kod o 2, 4, 6 albo 7 cyfrach, na przykład 12, 1261, 126101, 1261011"
_FIND = "znajdź jednostkę po nazwie: smup unit find NAZWA"
_LEVEL_OF_LENGTH: dict[int, Level] = {2: "voivodeship", 4: "powiat", 6: "gmina", 7: "part"}
#: How many digits the codes of a level have.
CODE_LENGTH: dict[str, int] = {
    level: digits for digits, level in _LEVEL_OF_LENGTH.items() if level != "part"
}
_SEPARATORS = re.compile(r"[\s_]+")


@dataclass(frozen=True)
class UnitCode:
    """A code that is well formed, with what its digits alone say.

    Attributes
    ----------
    code : str
        Canonical code: ``"00"``, 2, 4 or 6 digits; 7 digits for parts only.
    level : str
        ``gmina``, ``powiat``, ``voivodeship``, ``country`` or ``part``.
    kind : str or None
        None when the digits do not tell it (a gmina written with 6 digits).
    """

    code: str
    level: Level
    kind: Kind | None = None


def read_level(text: str) -> Level:
    """Read a level: its word in the code or its Polish name.

    Raises
    ------
    UnitError
        When there is no such level.

    Examples
    --------
    >>> read_level("powiat"), read_level("Województwo")
    ('powiat', 'voivodeship')
    """
    words = {LEVEL_NAME[level]: level for level in LEVELS} | {level: level for level in LEVELS}
    found = words.get(text.strip().lower())
    if found is None:
        hint = did_you_mean(text, words)
        raise UnitError(
            f"Nie ma szczebla „{text}”{'; ' + hint if hint else ''}.",
            expected="gmina, powiat, województwo (voivodeship) albo kraj (country)",
            next_step="popraw szczebel albo go pomiń",
        )
    return found


def write_levels(levels: Iterable[str], joint: str = "i") -> str:
    """Write levels as after "na szczeblu", in the order of their size.

    Examples
    --------
    >>> write_levels(["powiat", "gmina"]), write_levels(["voivodeship"])
    ('gmin i powiatów', 'województw')
    """
    known = [LEVEL_GENITIVE[level] for level in (*LEVELS, "part") if level in set(levels)]
    return f" {joint} ".join(part for part in (", ".join(known[:-1]), *known[-1:]) if part)


def parse_unit_code(text: str) -> UnitCode:
    """Read a code of 2, 4, 6 or 7 digits.

    Spaces and the underscore of geodetic registers (``020101_1``) are ignored. Zeros that fill
    a longer form are dropped: ``0201000`` is the powiat 0201, ``0200000`` the voivodeship 02.

    Parameters
    ----------
    text : str
        The code as written; never a number, because numbers lose their first zero.

    Returns
    -------
    UnitCode
        Canonical code, level and, when the digits tell it, the kind.

    Raises
    ------
    UnitError
        When the text is no code; the message says what was expected.

    Examples
    --------
    >>> parse_unit_code("1261")
    UnitCode(code='1261', level='powiat', kind='city_with_powiat_rights')
    >>> parse_unit_code("0201022")
    UnitCode(code='020102', level='gmina', kind='rural')
    >>> parse_unit_code("0201000").code
    '0201'
    """
    digits = _digits_of(text)
    voivodeship, powiat, gmina, rodz = _fields_of(digits)
    if int(voivodeship) == 0:
        if digits.strip("0"):
            raise _wrong(text, "kod z numerem województwa 00 to cały kraj i ma same zera")
        return UnitCode(COUNTRY_CODE, "country", "country")
    _check_voivodeship(text, digits, voivodeship)
    if powiat in ("", "00"):
        if digits[2:].strip("0"):
            raise _wrong(text, "brakuje numeru powiatu (cyfry 3 i 4 to 00)")
        return UnitCode(voivodeship, "voivodeship", "voivodeship")
    if powiat == "60":
        raise _wrong(text, "numer powiatu 60 nie istnieje")
    if gmina in ("", "00"):
        if rodz not in ("", "0"):
            raise _wrong(text, "brakuje numeru gminy (cyfry 5 i 6 to 00), a podano rodzaj")
        code = voivodeship + powiat
        return UnitCode(code, "powiat", kind_of_powiat(code))
    return _parse_gmina(text, voivodeship + powiat, gmina, rodz)


def _digits_of(text: str) -> str:
    """Return the digits of a code, or raise when it cannot be one."""
    if not isinstance(text, str):
        raise UnitError(
            f"Kod jednostki musi być tekstem, a jest liczbą ({text!r}).",
            expected='tekst w cudzysłowie, na przykład "0201"',
            next_step="wczytaj kolumnę kodów jako tekst; liczba traci zero z przodu",
        )
    digits = _SEPARATORS.sub("", text)
    if not digits:
        raise UnitError("Kod jednostki jest pusty.", expected=_FORMS, next_step=_FIND)
    if not (digits.isascii() and digits.isdigit()):
        raise _wrong(text, "kod składa się z samych cyfr")
    if len(digits) == 12:
        raise _wrong(text, "12 cyfr to identyfikator z Banku Danych Lokalnych, a nie kod TERYT")
    if len(digits) not in _LEVEL_OF_LENGTH:
        raise _wrong(text, f"liczba cyfr: {len(digits)}", with_lost_zero(digits))
    return digits


def with_lost_zero(digits: str) -> str | None:
    """Return the code that became these digits when a spreadsheet took its first zero.

    Only voivodeships 02 to 08 begin with a zero. One digit was a voivodeship, three a powiat, five
    a gmina without its kind, six a gmina with its kind, unless they are a gmina as they stand.

    Returns
    -------
    str or None
        None when no code can have lost its zero here.

    Examples
    --------
    >>> [with_lost_zero(digits) for digits in ("2", "201", "20101", "201011")]
    ['02', '0201', '020101', '0201011']
    >>> [with_lost_zero(digits) for digits in ("12610", "126", "26010", "1261")]
    [None, None, None, None]
    """
    padded = "0" + digits
    if len(padded) not in _LEVEL_OF_LENGTH or padded[:2] not in REAL_VOIVODESHIPS:
        return None
    try:
        parse_unit_code(padded)
    except UnitError:
        return None
    return padded


def _fields_of(digits: str) -> tuple[str, str, str, str]:
    """Cut the digits into voivodeship, powiat, gmina and RODZ; missing ones are empty."""
    return digits[:2], digits[2:4], digits[4:6], digits[6:7]


def _check_voivodeship(text: str, digits: str, voivodeship: str) -> None:
    """Raise when no voivodeship, real or fictional, has this number."""
    if voivodeship in REAL_VOIVODESHIPS or voivodeship in FICTIONAL_VOIVODESHIPS:
        return
    reason = (
        f"nie ma województwa o numerze {voivodeship} "
        "(są parzyste od 02 do 32, a w danych przykładowych od 90 do 98)"
    )
    raise _wrong(text, reason, with_lost_zero(digits))


def _parse_gmina(text: str, powiat_code: str, gmina: str, rodz: str) -> UnitCode:
    """Read the gmina number and the kind of a code whose powiat is known."""
    code = powiat_code + gmina
    city = is_city_code(powiat_code)
    if not rodz:
        if city and gmina != "01":
            raise _wrong(
                text,
                f"miasto na prawach powiatu ma jedną gminę, {powiat_code}01; numery od 02 "
                "mają dzielnice i delegatury, które nie są jednostkami samorządu",
            )
        return UnitCode(code, "gmina", "city_with_powiat_rights" if city else None)
    kind = KIND_OF_RODZ.get(rodz)
    if kind is None:
        raise _wrong(text, f"nie ma rodzaju {rodz} (są 1, 2, 3 oraz części 4, 5, 8, 9)")
    if kind in ("district", "delegation"):
        if not city or gmina == "01":
            raise _wrong(text, f"rodzaj {rodz} mają tylko części miast na prawach powiatu")
        return UnitCode(code + rodz, "part", kind)
    if city and (gmina != "01" or kind != "urban"):
        raise _wrong(text, f"jedyną gminą w mieście na prawach powiatu jest {powiat_code}011")
    if kind in PART_KINDS:
        return UnitCode(code + rodz, "part", kind)
    return UnitCode(code, "gmina", "city_with_powiat_rights" if city else kind)


def _wrong(text: str, reason: str, meant: str | None = None) -> UnitError:
    """Return the error for a text that is no code."""
    return UnitError(
        f"„{str(text).strip()}” nie jest kodem jednostki: {reason}.",
        expected=_FORMS,
        next_step=f"może zginęło zero z przodu: czy chodziło o {meant}?" if meant else _FIND,
    )


def level_of(code: str) -> Level:
    """Return the level of a canonical code, by its length.

    Examples
    --------
    >>> [level_of(code) for code in ("00", "12", "1261", "126101", "0201033")]
    ['country', 'voivodeship', 'powiat', 'gmina', 'part']
    """
    if code == COUNTRY_CODE:
        return "country"
    level = _LEVEL_OF_LENGTH.get(len(code))
    if level is None:
        raise _wrong(code, f"liczba cyfr: {len(code)}")
    return level


def voivodeship_of(code: str) -> str:
    """Return the voivodeship in which a unit lies.

    Examples
    --------
    >>> voivodeship_of("126101")
    '12'
    """
    if level_of(code) == "country":
        raise UnitError(
            "Kraj nie leży w żadnym województwie.",
            expected="kod niższego szczebla",
            next_step=_FIND,
        )
    return code[:2]


def powiat_of(code: str) -> str:
    """Return the powiat (land powiat or city with powiat rights) of a gmina, part or powiat.

    Examples
    --------
    >>> powiat_of("020102"), powiat_of("126101")
    ('0201', '1261')
    """
    if level_of(code) in ("country", "voivodeship"):
        raise UnitError(
            f"Kod {code} nie wskazuje powiatu.",
            expected="kod gminy albo powiatu",
            next_step=_FIND,
        )
    return code[:4]


def is_city_code(code: str) -> bool:
    """Tell whether a powiat or gmina code belongs to a city with powiat rights.

    Examples
    --------
    >>> is_city_code("1261"), is_city_code("126101"), is_city_code("1201")
    (True, True, False)
    """
    return len(code) >= 4 and "61" <= code[2:4] <= "99"


def city_gmina_code(powiat_code: str) -> str:
    """Return the gmina code of a city with powiat rights.

    Examples
    --------
    >>> city_gmina_code("1261")
    '126101'
    """
    if len(powiat_code) != 4 or not is_city_code(powiat_code):
        raise UnitError(
            f"Kod {powiat_code} nie jest kodem miasta na prawach powiatu.",
            expected="4 cyfry, z których dwie ostatnie są od 61 do 99",
            next_step=_FIND,
        )
    return powiat_code + "01"


def kind_of_powiat(code: str) -> Kind:
    """Return ``land_powiat`` or ``city_with_powiat_rights`` for a powiat code.

    Examples
    --------
    >>> kind_of_powiat("1201"), kind_of_powiat("1261")
    ('land_powiat', 'city_with_powiat_rights')
    """
    return "city_with_powiat_rights" if is_city_code(code) else "land_powiat"


def is_fictional_code(code: str) -> bool:
    """Tell whether a code belongs to the fictional land of the sample data.

    Examples
    --------
    >>> is_fictional_code("9002"), is_fictional_code("1261")
    (True, False)
    """
    return code[:2] in FICTIONAL_VOIVODESHIPS
