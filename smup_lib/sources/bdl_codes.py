"""Which unit does a 12-character id of the Local Data Bank (BDL) name?

The id is macroregion (2), voivodeship (2), region (1), subregion (2), powiat (2), gmina (2) and
kind (1); a locality adds a hyphen and its own number. Macroregions, regions and subregions are
statistical areas without a TERYT code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from smup_lib.errors import UnitError
from smup_lib.teryt import COUNTRY_CODE, Kind, parse_unit_code

BdlLevel = Literal[
    "country",
    "macroregion",
    "voivodeship",
    "region",
    "subregion",
    "powiat",
    "gmina",
    "part",
    "locality",
]
_NEXT_STEP = "popraw identyfikator albo pobierz plik z BDL jeszcze raz"
_FORM = re.compile(r"(\d{12})(?:-(\d{7}))?")


@dataclass(frozen=True)
class BdlUnit:
    """What a BDL id names.

    Attributes
    ----------
    level : str
        One of :data:`BdlLevel`.
    unit_code : str or None
        Canonical TERYT code; None for macroregions, regions and subregions. For a locality, the
        code of its gmina.
    kind : str or None
        Kind of a gmina, powiat or part.
    """

    level: BdlLevel
    unit_code: str | None
    kind: Kind | None = None


def parse_bdl_id(text: str) -> BdlUnit:
    """Read a BDL id.

    Parameters
    ----------
    text : str
        12 characters, for a locality followed by ``-`` and 7 digits.

    Raises
    ------
    UnitError
        When the text is no BDL id, or its digits contradict each other.

    Examples
    --------
    >>> parse_bdl_id("011212001042")
    BdlUnit(level='gmina', unit_code='120104', kind='rural')
    >>> parse_bdl_id("011212000000").level
    'subregion'
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise UnitError(
            f"„{text}” nie jest identyfikatorem jednostki w BDL.",
            expected="12 cyfr, na przykład 011212161011 (Kraków)",
            next_step=_NEXT_STEP,
        )
    digits = match[1]
    level = _level_of(digits)
    if level in ("macroregion", "region", "subregion"):
        return BdlUnit(level, None)
    if level == "country":
        return BdlUnit("country", COUNTRY_CODE, "country")
    unit = parse_unit_code(digits[2:4] + digits[7:12])
    if match[2]:
        if unit.level not in ("gmina", "part"):
            raise UnitError(
                f"„{text}”: miejscowość musi leżeć w gminie.",
                expected="kod gminy",
                next_step=_NEXT_STEP,
            )
        return BdlUnit("locality", unit.code[:6], None)
    if unit.level == "part":
        return BdlUnit("part", unit.code, unit.kind)
    return BdlUnit(level, unit.code, unit.kind)


def _level_of(digits: str) -> BdlLevel:
    if digits[2:4] == "00":
        lower = digits[4:].strip("0")
        if lower:
            raise UnitError(
                f"„{digits}”: identyfikator bez województwa nie może mieć powiatu ani gminy.",
                expected="same zera po numerze makroregionu",
                next_step=_NEXT_STEP,
            )
        return "macroregion" if digits[:2] != "00" else "country"
    places: tuple[tuple[slice, BdlLevel], ...] = (
        (slice(4, 5), "voivodeship"),
        (slice(5, 7), "region"),
        (slice(7, 9), "subregion"),
        (slice(9, 11), "powiat"),
    )
    for place, level in places:
        if not digits[place].strip("0"):
            if digits[place.start :].strip("0"):
                raise UnitError(
                    f"„{digits}”: po zerach w identyfikatorze stoją inne cyfry.",
                    expected="zera od pierwszego pustego szczebla do końca",
                    next_step=_NEXT_STEP,
                )
            return level
    return "gmina"


def parse_nts_code(text: str) -> BdlUnit:
    """Read a code of the old nomenclature of territorial units (NTS), which BDL used before 2014.

    Region (1), voivodeship (2), subregion (2), powiat (2), gmina (2) and kind (1).

    Parameters
    ----------
    text : str
        10 digits.

    Raises
    ------
    UnitError
        When the text is no such code, or its digits contradict each other.

    Examples
    --------
    >>> parse_nts_code("2122161011")
    BdlUnit(level='gmina', unit_code='126101', kind='city_with_powiat_rights')
    >>> parse_nts_code("2120000000").level
    'voivodeship'
    """
    digits = text.strip()
    if not re.fullmatch(r"\d{10}", digits):
        raise UnitError(f"„{text}” nie jest kodem NTS.", expected="10 cyfr", next_step=_NEXT_STEP)
    in_region = "1" if digits[3:].strip("0") else "0"
    return parse_bdl_id(f"0{digits[:3]}{in_region}{digits[3:]}")
