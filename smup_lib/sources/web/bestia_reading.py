"""Which positions do the budget returns of units have, and which returns cannot be believed?

A return is believed whole or not at all: one position that cannot be read would make a sum that
nobody can tell from a true one, so the return of that unit waits in quarantine.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smup_lib.sources.quarantine import empty_quarantine, joined, quarantine_rows
from smup_lib.sources.web.bestia_questions import Return, cell

if TYPE_CHECKING:
    import pandas as pd

_FORMS = {
    "dzial": r"\d{3}",
    "rozdzial": r"\d{5}",
    "paragraf": r"\d{3}",
    "finansowanie-paragrafu": r"\d?",
    "grupa-paragrafow": r"\d{4}",
    "symbol": r"[A-Z]\d*(\.\d+)*",
}
_PLACE = ("dzial", "rozdzial", "paragraf", "finansowanie-paragrafu", "grupa-paragrafow", "symbol")
_AMOUNT = re.compile(r"-?\d+(,\d{1,2})?")
_SHOWN_TEXT = 200
_TWICE = "dwie jednostki składają sprawozdanie pod tym kodem"
_WAITS = "całe sprawozdanie jednostki czeka"

Place = tuple[str, ...]
"""Division, chapter, paragraph, financing, group, symbol; empty where a return has none."""


@dataclass(frozen=True)
class UnitReturn:
    """The positions of one unit: its code, and the rows as they came."""

    code: str
    rows: list[Any]


@dataclass
class Positions:
    """The sound positions of all units, as columns.

    Attributes
    ----------
    units : list of str
        Codes of units whose return is sound.
    unit, place : list of int
        Number of the unit and of the place, one a position.
    places : dict
        Place -> its number.
    amounts : dict
        Column -> amounts, one a position; a blank is 0.
    told : dict
        Column -> whether the return of a unit has an amount in it at all, one a unit. Of a unit
        that has none the column tells nothing: it is no sum of zeros.
    twice : set of str
        Codes under which two units make a return: none of them counts.
    held : set of str
        Codes of units whose return waits in quarantine.
    fields : Counter
        Unknown field -> positions that wait because of it.
    quarantine : list of DataFrame
    """

    units: list[str] = field(default_factory=list)
    unit: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    places: dict[Place, int] = field(default_factory=dict)
    amounts: dict[str, list[float]] = field(default_factory=dict)
    told: dict[str, list[bool]] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    fields: Counter[str] = field(default_factory=Counter)
    quarantine: list[pd.DataFrame] = field(default_factory=list)


def read_amount(value: Any) -> float | None:
    """Read an amount: a text with a decimal comma; blank is None.

    Raises
    ------
    ValueError
        When it is anything else: a decimal point may stand between thousands.

    Examples
    --------
    >>> read_amount("1234,50"), read_amount("-7"), read_amount(""), read_amount(12)
    (1234.5, -7.0, None, 12.0)
    """
    if type(value) in (int, float):
        if not math.isfinite(value):
            raise ValueError
        return float(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError
    text = value.replace("\xa0", "").replace(" ", "")
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise ValueError
    return float(text.replace(",", "."))


def read_positions(
    returns: Iterable[UnitReturn],
    form: Return,
    columns: Sequence[str],
    name: str,
    year: int,
    ignored: Collection[str] = (),
) -> Positions:
    """Read the returns of all units.

    Parameters
    ----------
    returns : iterable of UnitReturn
        Looked at one after another: those of the whole country would not fit into memory.
    form : Return
    columns : sequence of str
        Columns that are needed.
    name : str
        What the quarantine calls them.
    year : int
    ignored : collection of str
        Unknown fields that the user takes for harmless.
    """
    found = Positions(
        amounts={column: [] for column in columns}, told={column: [] for column in columns}
    )
    for one in returns:
        wrong: dict[int, str] = {}
        amounts: list[list[float | None]] = []
        for number, row in enumerate(one.rows, start=1):
            reason, read = _read_row(row, form, columns)
            amounts.append(read)
            if not reason and (strange := form.strange_fields(row, ignored)):
                reason = f"nieznane pole: {', '.join(strange)}"
                found.fields.update(strange)
            if reason:
                wrong[number] = reason
        if wrong:
            found.held.add(one.code)
            found.quarantine.append(_held(one, wrong, name, year))
        else:
            _add(found, one, amounts, columns)
    for code, units in Counter(found.units).items():
        if units > 1:
            found.twice.add(code)
            found.quarantine.append(_held(UnitReturn(code, [""]), {1: _TWICE}, name, year))
    return found


def _read_row(row: Any, form: Return, columns: Sequence[str]) -> tuple[str, list[float | None]]:
    """Return what is wrong with a position, empty when nothing is, and its amounts."""
    if not isinstance(row, dict):
        return "pozycja nie jest obiektem", []
    for name in form.key:
        if not isinstance(row.get(name), str) or not re.fullmatch(_FORMS[name], cell(row, name)):
            return f"pole „{name}” nie jest kodem klasyfikacji", []
    amounts = []
    for column in columns:
        if column not in row:
            return f"nie ma pola „{column}”", []
        try:
            amounts.append(read_amount(row[column]))
        except ValueError:
            return f"pole „{column}” nie jest kwotą z przecinkiem", []
    return "", amounts


def _add(
    found: Positions, one: UnitReturn, amounts: list[list[float | None]], columns: Sequence[str]
) -> None:
    number = len(found.units)
    found.units.append(one.code)
    for row, read in zip(one.rows, amounts, strict=True):
        place = tuple(cell(row, name) for name in _PLACE)
        found.unit.append(number)
        found.place.append(found.places.setdefault(place, len(found.places)))
        for column, amount in zip(columns, read, strict=True):
            found.amounts[column].append(amount or 0.0)
    for at, column in enumerate(columns):
        found.told[column].append(any(read[at] is not None for read in amounts))


def _held(one: UnitReturn, wrong: dict[int, str], name: str, year: int) -> pd.DataFrame:
    import pandas as pd

    rows = pd.DataFrame(
        {
            "row": list(wrong),
            "code_text": one.code,
            "year": year,
            "label": "",
            "text": [str(one.rows[number - 1])[:_SHOWN_TEXT] for number in wrong],
        }
    )
    return quarantine_rows(name, rows, [f"{reason}; {_WAITS}" for reason in wrong.values()])


def held_back(found: Positions) -> pd.DataFrame:
    """Return the quarantine of all returns."""
    return joined(found.quarantine) if found.quarantine else empty_quarantine()
