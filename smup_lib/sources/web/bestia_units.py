"""Which local government makes a budget return, and what is its TERYT code?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smup_lib.errors import ParameterError, UnexpectedAnswerError, UnitError, did_you_mean
from smup_lib.polish_text import plain_text
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.bestia_questions import cell, rows_of
from smup_lib.teryt import is_city_code, parse_unit_code

#: ``gt`` of gminy: urban, rural, urban-rural.
_GMINA_KINDS = ("1", "2", "3")
#: ``pt`` of unions of gminy and of powiaty: they share the code of their seat.
_UNIONS = ("7", "8")
_FIRST_CITY = "61"


@dataclass(frozen=True)
class BudgetUnit:
    """A gmina, a city with powiat rights or a land powiat.

    Attributes
    ----------
    id : str
        ``const-id``, the same through all years.
    code : str
        TERYT: 6 digits of a gmina or city, 4 of a land powiat.
    name : str
    """

    id: str
    code: str
    name: str


def unit_code(row: Mapping[str, Any], prefix: str = "") -> str:
    """Return the TERYT code of a row; empty for a union, a voivodeship or a part of a city.

    Parameters
    ----------
    row : mapping
        Fields ``wk, pk, gk, gt, pt``.
    prefix : str
        Stands before their names in the rows of returns.

    Examples
    --------
    >>> unit_code({"wk": "02", "pk": "01", "gk": "04", "gt": "3", "pt": "1"})
    '020104'
    >>> unit_code({"wk": "22", "pk": "62", "gk": "00", "gt": "", "pt": "2"})
    '226201'
    >>> unit_code({"wk": "02", "pk": "01", "gk": "00", "gt": "", "pt": "3"})
    '0201'
    >>> unit_code({"wk": "12", "pk": "01", "gk": "01", "gt": "Z", "pt": "7"})
    ''
    """
    wk, pk, gk, gt, pt = (cell(row, prefix + name) for name in ("wk", "pk", "gk", "gt", "pt"))
    if gt == "Z" or pt in _UNIONS or pk in ("", "00"):
        return ""
    code = wk + pk + ("" if gk in ("", "00") else gk)
    if pk >= _FIRST_CITY:
        code = wk + pk + "01" if len(code) == 4 else ""
    elif len(code) == 6 and gt not in _GMINA_KINDS:
        return ""
    try:
        return parse_unit_code(code).code if code else ""
    except UnitError:
        return ""


def powiat_code(code: str) -> str:
    """Return under which code the powiat's tasks of a unit stand."""
    return code[:4] if len(code) == 4 or is_city_code(code) else ""


def read_units(answers: Sequence[Answer]) -> list[BudgetUnit]:
    """Return the units of the list that are gminy, cities or land powiaty, by code.

    Raises
    ------
    UnexpectedAnswerError
        When the list has none, or no ``const-id``.
    """
    found: dict[str, BudgetUnit] = {}
    for row in rows_of(answers):
        code, number = unit_code(row), cell(row, "const-id")
        if code and number:
            found[number] = BudgetUnit(number, code, cell(row, "nazwa") or code)
    if not found:
        raise UnexpectedAnswerError(
            "BeSTi@: na liście jednostek nie ma żadnej gminy ani powiatu.",
            where=str(answers[0].request),
            expected="wiersze z polami const-id, wk, pk, gk, gt, pt",
            next_step="sprawdź, czy serwis się nie zmienił: smup doctor --live",
        )
    return sorted(found.values(), key=lambda unit: (unit.code, unit.id))


def choose_units(units: Sequence[BudgetUnit], wanted: Iterable[str]) -> list[BudgetUnit]:
    """Return the units that bear given codes or names; all of them when none is given.

    A code of a voivodeship means all its units; a code of a powiat the powiat, its gminy or its
    city.

    Raises
    ------
    ParameterError
        Naming every text that fits no unit or several.
    """
    chosen: dict[str, BudgetUnit] = {}
    problems: list[str] = []
    wanted = list(wanted)
    for text in wanted:
        found = [unit for unit in units if _fits(unit, text.strip())]
        names = {unit.code for unit in found}
        if not found or (not text.strip().isdigit() and len(names) > 1):
            hint = (
                f"pasuje kilka: {', '.join(sorted(names)[:5])}"
                if found
                else did_you_mean(text, [unit.name for unit in units])
            )
            problems.append(f"„{text}” {hint}".strip())
        chosen |= {unit.id: unit for unit in found}
    if problems:
        raise ParameterError(
            "BeSTi@ nie zna takich jednostek albo zna ich kilka.",
            problems=problems,
            expected="kod TERYT (2, 4 albo 6 cyfr) albo pełna nazwa jednostki",
            next_step="kod znajdzie: smup unit find NAZWA",
        )
    return [unit for unit in units if not wanted or unit.id in chosen]


def _fits(unit: BudgetUnit, text: str) -> bool:
    if text.isdigit():
        return unit.code.startswith(text)
    return bool(text) and plain_text(unit.name) == plain_text(text)


def areas_asked(
    units: Iterable[BudgetUnit], asked: Iterable[BudgetUnit]
) -> dict[str, frozenset[str]]:
    """Return the land powiaty all of whose units were asked, with the codes of these.

    Examples
    --------
    >>> units = [BudgetUnit(c, c, "") for c in ("9001", "900101", "900102", "9002", "900201")]
    >>> areas = areas_asked(units, units[:4])
    >>> areas.keys(), sorted(areas["9001"])
    (dict_keys(['9001']), ['9001', '900101', '900102'])
    """
    listed: dict[str, set[str]] = {}
    for unit in units:
        if not is_city_code(unit.code):
            listed.setdefault(unit.code[:4], set()).add(unit.code)
    known = {unit.code for unit in asked}
    return {
        powiat: frozenset(codes)
        for powiat, codes in listed.items()
        if powiat in codes and codes <= known
    }


def all_codes(units: Iterable[BudgetUnit]) -> list[str]:
    """Return the codes of units, also the powiat codes of cities."""
    codes = {unit.code for unit in units}
    return sorted(codes | {powiat_code(code) for code in codes} - {""})
