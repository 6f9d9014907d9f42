"""What do the values of a BDL variable say, and which of them cannot be believed?

A row is a unit with ``values`` of ``year, val (value), attrId``. Sound cells become a table like
that of a downloaded file, so parts of gminy are left out and a gmina whose kind changed is one
series. What does not fit waits in quarantine: a field that nobody described, another type, an
unknown attribute, a unit of another level, an attribute that contradicts its value.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smup_lib.sources.bdl_crel import Attribute
from smup_lib.sources.bdl_table import (
    FLAG_CODES,
    YEAR,
    BdlTable,
    CellValues,
    Series,
    build_bdl_table,
)
from smup_lib.sources.quarantine import empty_quarantine, joined, quarantine_rows
from smup_lib.sources.sheet_cells import read_cells, series_decimals
from smup_lib.sources.text import BrokenRow
from smup_lib.sources.unit_column import place_codes, read_unit_cells
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.bdl_attributes import BLANK, Attributes
from smup_lib.sources.web.bdl_questions import rows_of
from smup_lib.sources.web.smup_values import said_type

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

ROW_FIELDS = frozenset({"id", "name", "values"})
CELL_FIELDS = frozenset({"year", "val", "value", "valueFormatted", "attrId", "precision"})
_USUAL = {"year", "val", "attrId"}
_YEAR = re.compile(YEAR)
_BDL_ID = re.compile(r"\d{12}")
_LARGEST = 2**53
_MOST_DECIMALS = 9
_SHOWN_TEXT = 200
_WRONG_LEVEL = "jednostka innego szczebla niż ten, o który pytano"
_NO_NUMBER = "atrybut mówi o wartości, a jej nie ma"
_NO_ZERO = "atrybut mówi o zerze, a wartość nim nie jest"
_A_NUMBER = "atrybut mówi o braku wartości, a ona jest"


@dataclass
class Cells:
    """Cells of the answers on one variable, as columns, in the order in which they came."""

    code: list[str] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    year: list[int] = field(default_factory=list)
    value: list[float | int | None] = field(default_factory=list)
    decimals: list[int] = field(default_factory=list)
    attribute: list[int] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    rows: int = 0

    def add(self, code: str, year: int, told: dict[str, Any], reason: str) -> None:
        """Add a cell; what is wrong with it makes its numbers harmless."""
        value, precision = _value(told), told.get("precision")
        self.code.append(code)
        self.line.append(self.rows)
        self.year.append(year)
        self.value.append(None if reason else value)
        self.decimals.append(precision if type(precision) is int else -1)
        self.attribute.append(BLANK if reason else told.get("attrId") or BLANK)
        self.told.append(told)
        self.reason.append(reason)


@dataclass(frozen=True)
class Values:
    """The values of a variable.

    Attributes
    ----------
    table : BdlTable
    quarantine : DataFrame
        Of the table, and of cells that never entered it.
    fields : Counter
        Field that nobody described -> rows that have it.
    """

    table: BdlTable
    quarantine: pd.DataFrame
    fields: Counter[str]


@dataclass(frozen=True)
class _Rows:
    """The rows of an answer as a table of a file would tell them."""

    lines: Array
    broken: tuple[BrokenRow, ...] = ()
    form: object = ""
    warnings: tuple[str, ...] = ()


def read_values(
    name: str,
    series: Series,
    told: Sequence[tuple[str, Collection[int], Sequence[Answer]]],
    attributes: Attributes,
    ignored: Collection[str] = (),
) -> Values:
    """Read all answers on one variable.

    Parameters
    ----------
    name : str
        What the quarantine calls them.
    series : Series
        Its labels and measure unit.
    told : sequence of (level, years, answers)
        What was asked, and all pages of what came.
    attributes : Attributes
    ignored : collection of str
        Fields that the user says are harmless.
    """
    import numpy as np

    cells, fields = Cells(), Counter[str]()
    for level, years, answers in told:
        for row in rows_of(answers):
            cells.rows += 1
            _add_row(cells, row, level, years, ignored, fields)
    reasons = np.array(cells.reason, dtype=object)
    values = _flagged(cells, attributes, reasons)
    held = _held(name, series, cells, reasons)
    table = _table(name, series, cells, values, reasons == "")
    return Values(table, joined([held, table.quarantine]), fields)


def _add_row(
    cells: Cells,
    row: Any,
    level: str,
    years: Collection[int],
    ignored: Collection[str],
    fields: Counter[str],
) -> None:
    """Add the cells of one unit."""
    if not isinstance(row, dict) or not isinstance(row.get("values"), list):
        cells.add("", 0, {"row": str(row)[:_SHOWN_TEXT]}, "wiersz nie ma pola „values” z listą")
        return
    code = row.get("id")
    wrong = "" if isinstance(code, str) else f"pole „id”: {said_type(code)}, a nie tekst"
    wrong = wrong or _wrong_unit(str(code), level)
    strange = sorted(set(row) - ROW_FIELDS - set(ignored))
    words = set(map(str, years))
    for told in row["values"]:
        reason, year = wrong, 0
        if not isinstance(told, dict):
            told, reason = {"cell": str(told)[:_SHOWN_TEXT]}, "wartość nie jest obiektem"
        odd = {*strange, *(told.keys() - CELL_FIELDS - set(ignored))}
        if odd and not reason:
            reason = f"nieznane pole: {', '.join(sorted(odd))}"
            fields.update(odd)
        if not reason and not (_is_usual(told) and told["year"] in words):
            reason = _wrong_type(told)
        if not reason:
            year = int(told["year"])
            reason = "" if year in years else f"rok {year}, o który nie pytano"
        cells.add(str(code), year, told, reason)


def _wrong_unit(code: str, level: str) -> str:
    """Return why a row is not of the level that was asked for; empty when it is."""
    if not _BDL_ID.fullmatch(code):
        return f"„{code}” nie jest identyfikatorem jednostki w BDL"
    placed = place_codes([code])[code]
    if placed.fate == "unreadable":
        return placed.reason
    expected = ("gmina", "part") if level == "gmina" else (level,)
    return "" if placed.level in expected else _WRONG_LEVEL


def _is_usual(told: dict[str, Any]) -> bool:
    """Return whether a cell is as nearly all are: nothing about it needs a closer look."""
    if told.keys() != _USUAL:
        return False
    value: Any = told["val"]
    number = type(value) in (int, float) and -_LARGEST < value < _LARGEST
    return number and type(told["attrId"]) is int


def _wrong_type(told: dict[str, Any]) -> str:
    """Return which field has another type than it should; empty when none has."""
    year, attribute = told.get("year"), told.get("attrId")
    if not _YEAR.fullmatch(str(year)) or type(year) not in (str, int):
        return f"pole „year”: „{str(year)[:_MOST_DECIMALS]}”, a nie rok"
    numbers = [told[name] for name in ("val", "value") if told.get(name) is not None]
    for one in numbers:
        if type(one) not in (int, float) or not math.isfinite(one) or abs(one) > _LARGEST:
            return f"pole „val”: {said_type(one)}, a nie liczba"
    if len(set(numbers)) > 1:
        return "pola „val” i „value” mówią co innego"
    if attribute is not None and type(attribute) is not int:
        return f"pole „attrId”: {said_type(attribute)}, a nie liczba"
    precision = told.get("precision", 0)
    if type(precision) is not int or not 0 <= precision <= _MOST_DECIMALS:
        return "niemożliwa precyzja"
    return ""


def _value(told: dict[str, Any]) -> Any:
    value = told.get("val")
    return told.get("value") if value is None else value


def _flagged(cells: Cells, attributes: Attributes, reasons: Array) -> CellValues:
    """Return all cells with flags; a cell whose attribute contradicts it gets a reason."""
    import numpy as np

    size = len(cells.code)
    value, number, digits = _numbers(cells.value)
    flag = np.full(size, FLAG_CODES["ok"], dtype="int8")
    qualifiers = np.full(size, "", dtype=object)
    attribute = np.array(cells.attribute, dtype="int64")
    for one in np.unique(attribute).tolist():
        here = attribute == one
        meaning = attributes.meanings.get(one)
        if meaning is None:
            told = attributes.names.get(one, "nie ma go w słowniku")
            _mark(reasons, here, f"nieznany atrybut {one} ({told})")
            continue
        qualifiers[here] = meaning.qualifiers
        for wrong, reason in _contradictions(value, number, meaning):
            _mark(reasons, here & wrong, reason)
        flag[here] = FLAG_CODES[meaning.flag or "ok"]
        if one == BLANK:
            flag[here & (value == 0)] = FLAG_CODES["ambiguous_zero"]
    null = flag >= FLAG_CODES["missing_or_secret"]
    # a number of JSON keeps no zeros behind its point
    digits = np.maximum(digits, np.array(cells.decimals, dtype="int8"))
    shared = series_decimals(digits, np.zeros(size, dtype="int64"))
    return CellValues(
        row=np.arange(size),
        series=np.zeros(size, dtype="int64"),
        year=np.array(cells.year, dtype="int64"),
        value=np.where(null, np.nan, value),
        flag=flag,
        qualifiers=qualifiers,
        decimals=np.where(null, -1, shared).astype("int8"),
        text=np.array(list(map(str, cells.value)), dtype=object),
        ambiguous=np.zeros(size, dtype=bool),
    )


def _numbers(values: Sequence[float | int | None]) -> tuple[Array, Array, Array]:
    """Return values, which of them are numbers, and the digits behind the point of each."""
    import numpy as np

    value = np.array([np.nan if one is None else one for one in values], dtype="float64")
    number = ~np.isnan(value)
    digits = np.where(number, 0, -1).astype("int8")
    broken = np.flatnonzero(number & (value % 1 != 0))
    digits[broken] = read_cells(value[broken].tolist()).decimals
    return value, number, digits


def _contradictions(
    values: Array, number: Array, meaning: Attribute
) -> Iterator[tuple[Array, str]]:
    """Yield which values an attribute contradicts, and how."""
    if meaning.flag in (None, "true_zero", "below_format"):
        yield ~number, _NO_NUMBER
    if meaning.flag == "true_zero":
        yield values != 0, _NO_ZERO
    if meaning.flag not in (None, "true_zero", "below_format"):
        yield number & (values != 0), _A_NUMBER


def _mark(reasons: Array, wrong: Array, reason: str) -> None:
    reasons[wrong & (reasons == "")] = reason


def _held(name: str, series: Series, cells: Cells, reasons: Array) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    bad = np.flatnonzero(reasons != "")
    if not len(bad):
        return empty_quarantine()
    rows = pd.DataFrame(
        {
            "row": [cells.line[i] for i in bad],
            "code_text": [cells.code[i] for i in bad],
            "year": [cells.year[i] for i in bad],
            "label": str(series),
            "text": [json.dumps(cells.told[i], ensure_ascii=False)[:_SHOWN_TEXT] for i in bad],
        }
    )
    return quarantine_rows(name, rows, reasons[bad])


def _table(name: str, series: Series, cells: Cells, values: CellValues, sound: Array) -> BdlTable:
    """Return the sound cells as a table of BDL: a row a cell."""
    import numpy as np
    import pyarrow as pa

    kept = np.flatnonzero(sound)
    units = read_unit_cells(pa.array([cells.code[i] for i in kept], pa.string()))
    own = {key: getattr(values, key)[sound] for key in CellValues.__dataclass_fields__}
    own["row"] = np.arange(len(kept))
    rows = _Rows(np.array(cells.line, dtype="int32")[sound])
    return build_bdl_table(name, rows, units, (series,), CellValues(**own))
