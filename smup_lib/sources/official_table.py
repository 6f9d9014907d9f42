"""What do workbooks of ministries and offices have in common, whose columns tell their variable?

Each reader of such a workbook gives one row for every cell that says something; here codes are
placed, parts are left out and counted, and what cannot be read goes to quarantine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from smup_lib.errors import UnreadableFileError
from smup_lib.flags import FLAGS
from smup_lib.sources.bdl_table import FLAG_CODES, UNREADABLE, counted_parts, repair_warning
from smup_lib.sources.coded_text import coded
from smup_lib.sources.numbers import NO_NUMBER
from smup_lib.sources.quarantine import joined, quarantine_rows
from smup_lib.sources.sheet_cells import cell_text
from smup_lib.sources.unit_column import read_unit_cells
from smup_lib.sources.workbook import Workbook, no_rows_error

if TYPE_CHECKING:
    import pandas as pd

Layout = TypeVar("Layout")
Rows = Sequence[Sequence[Any]]

#: A year that is no part of a longer number; an underscore is no letter here.
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DOUBLED = "dwa wiersze pliku podają różne wartości tej samej jednostki, roku i zmiennej"


@dataclass(frozen=True)
class KnownSheet(Generic[Layout]):
    """A sheet that its header tells.

    Attributes
    ----------
    layout : callable
        Where things stand in the first rows; None when it is no such sheet.
    top : int
        How many rows the header may take.
    name : str
        Of what, in Polish, in the genitive: ``wykazu powierzchni``.
    expected, next_step : str
        What its header should have and what helps, in Polish.
    """

    layout: Callable[[Rows], Layout | None]
    top: int
    name: str
    expected: str
    next_step: str

    def find(self, book: Workbook) -> str | None:
        """Return the sheet of a workbook; None when there is none."""
        tops = book.tops(self.top)
        return next((name for name, rows in tops if self.layout(rows) is not None), None)

    def open(self, book: Workbook, file: str) -> tuple[str, Rows, Layout]:
        """Return name, rows and layout of the sheet.

        Raises
        ------
        UnreadableFileError
            When no sheet has the columns.
        """
        sheet = self.find(book) or book.names[0]
        rows = book.rows(sheet)
        layout = self.layout(rows[: self.top])
        if layout is None:
            raise UnreadableFileError(
                f"Arkusz nie ma kolumn {self.name}.",
                where=file,
                expected=self.expected,
                next_step=self.next_step,
            )
        return sheet, rows, layout


@dataclass(frozen=True)
class OfficialCell:
    """One value as a workbook tells it.

    Attributes
    ----------
    line : int
        Row of the sheet, counted from 1.
    code : str
        Code of the unit as written.
    variable : str
        Id in the catalogue.
    value : float
        NaN where there is none.
    text : str
        What was written, for the quarantine.
    flag : str
        Empty when the cell is no number: it then goes to quarantine.
    qualifiers : str
    decimals : int
        -1 where unknown.
    reason : str
        Why a cell cannot be read, in Polish.
    """

    line: int
    code: str
    variable: str
    value: float
    text: str
    flag: str = "ok"
    qualifiers: str = ""
    decimals: int = -1
    reason: str = ""


@dataclass(frozen=True)
class OfficialTable:
    """A workbook of an office, read.

    Attributes
    ----------
    dataset : str
        ``mf:pit_share``.
    title : str
        Title shown with the source.
    rows : DataFrame
        ``unit_code, level, year, variable, value, flag, qualifiers, decimals, row``.
    quarantine : DataFrame
    parts : mapping
        Kind of part -> Counter of flags: left out, because it repeats its unit.
    areas : mapping
        Statistical level -> cells left out, because it is no unit.
    form : object
        Where the rows stood; its text is Polish.
    warnings : tuple of str
        What was understood, repaired or left out, in Polish.
    """

    dataset: str
    title: str
    rows: pd.DataFrame
    quarantine: pd.DataFrame
    parts: Mapping[str, Counter[str]]
    areas: Mapping[str, int]
    form: object
    warnings: tuple[str, ...]


def build_official(
    file: str,
    cells: Sequence[OfficialCell],
    *,
    dataset: str,
    title: str,
    year: int,
    form: object,
    warnings: tuple[str, ...],
) -> OfficialTable:
    """Place the codes of cells and sort cells by fate.

    Parameters
    ----------
    file : str
        Name of the file, for the quarantine.
    cells : sequence of OfficialCell
    dataset, title : str
        See :class:`OfficialTable`.
    year : int
        Year of all values.
    form : object
        Where the rows stood.
    warnings : tuple of str
    """
    import numpy as np
    import pyarrow as pa

    units = read_unit_cells(pa.array([cell.code for cell in cells], pa.string()))
    frame = _frame(cells, year).assign(
        unit_code=units.taken("code"), level=units.taken("level"), kind=units.taken("kind")
    )
    reasons = np.array([cell.reason for cell in cells], dtype=object)
    no_number = (reasons == "") & np.array([not cell.flag for cell in cells], dtype=bool)
    reasons[no_number] = NO_NUMBER
    unread = units.where("unreadable")
    reasons[unread] = np.asarray(units.taken("reason"))[unread]
    bad = reasons != ""
    rows, doubled = _once(frame[units.where("unit") & ~bad])
    held = [
        quarantine_rows(file, frame[bad], reasons[bad]),
        quarantine_rows(file, doubled, _DOUBLED),
    ]
    return OfficialTable(
        dataset=dataset,
        title=title,
        rows=rows.drop(columns=["code_text", "label", "text", "kind"]).reset_index(drop=True),
        quarantine=joined(held),
        parts=counted_parts(frame[units.where("part") & ~bad]),
        areas=dict(Counter(frame.loc[units.where("area") & ~bad, "level"].astype(str))),
        form=form,
        warnings=warnings + repair_warning(units),
    )


def _frame(cells: Sequence[OfficialCell], year: int) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    variables = sorted({cell.variable for cell in cells})
    place = {variable: number for number, variable in enumerate(variables)}
    decimals = np.array([cell.decimals for cell in cells], dtype="int8")
    flags = np.array([FLAG_CODES.get(cell.flag, UNREADABLE) for cell in cells], dtype="int8")
    variable = coded(np.array([place[cell.variable] for cell in cells], dtype="int16"), variables)
    return pd.DataFrame(
        {
            "code_text": pd.Series([cell.code for cell in cells], dtype="str"),
            "year": np.full(len(cells), year, dtype="int16"),
            "variable": variable,
            "label": variable,
            "value": np.array([cell.value for cell in cells], dtype="float64"),
            "flag": coded(flags, FLAGS),
            "qualifiers": pd.Categorical([cell.qualifiers for cell in cells]),
            "decimals": pd.arrays.IntegerArray(decimals, decimals < 0),
            "row": np.array([cell.line for cell in cells], dtype="int32"),
            "text": pd.Series([cell.text for cell in cells], dtype="str"),
        }
    )


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows with one row a key, and the rows that contradict each other."""
    key = ["unit_code", "year", "variable"]
    said = rows.drop_duplicates([*key, "value", "flag"])
    twice = said.duplicated(key, keep=False)
    return said[~twice], said[twice]


def told_year(
    file: str, own_name: str, note: int | None, texts: Iterable[str], key: str = ""
) -> tuple[int, str]:
    """Return the year of a file that has no column of years, and what told it, in Polish.

    The sidecar goes before the sheet, the sheet before the name of the file.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    own_name : str
        The last part of its name, in which some publishers write the year.
    note : int or None
        ``year`` of ``import.yaml``.
    texts : iterable of str
        Titles in which the sheet may name the year.
    key : str
        Regular expression with one group, where only some words introduce the year.

    Raises
    ------
    UnreadableFileError
        When nothing tells it, or a title names several.

    Examples
    --------
    >>> told_year("x.xlsx", "x.xlsx", None, ["Udziały za rok budżetowy 2019"])
    (2019, 'rok 2019 (z tytułu arkusza)')
    >>> told_year("x", "E8_2025_szkoly.xlsx", None, [])
    (2025, 'rok 2025 (z nazwy pliku)')
    """
    if note is not None:
        return note, f"rok {note} (z import.yaml)"
    titled = re.compile(key, re.IGNORECASE) if key else _YEAR
    for places, search, where in (
        (texts, titled, "z tytułu arkusza"),
        ((own_name,), _YEAR, "z nazwy pliku"),
    ):
        years = {int(year) for text in places for year in search.findall(text)}
        if len(years) == 1:
            (year,) = years
            return year, f"rok {year} ({where})"
    raise UnreadableFileError(
        "Nie wiadomo, którego roku dotyczą wartości.",
        where=file,
        expected="rok w tytule arkusza albo w nazwie pliku",
        next_step="dopisz rok w import.yaml obok pliku: nazwa pliku i klucz year (docs/import.md)",
    )


def data_rows(rows: Rows, first: int, file: str, sheet: str) -> list[tuple[int, Sequence[Any]]]:
    """Return the line, counted from 1, and the cells of each row that is not blank.

    Raises
    ------
    UnreadableFileError
        When a sheet has only its header.
    """
    below = enumerate(rows[first:], start=first + 1)
    filled = [(line, row) for line, row in below if any(cell_text(cell) for cell in row)]
    if not filled:
        raise no_rows_error(file, sheet)
    return filled
