"""What do both layouts of BDL exports have in common, once their cells are read?

A BDL file gives cells of unnamed series: labels of its dimensions and a measure unit. What a
series means is decided in :mod:`smup_lib.sources.naming`. Here parts (town, rural area, district,
delegation) and statistical areas are counted and left out, and a gmina whose kind changed becomes
one series on six digits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from smup_lib.flags import FLAGS
from smup_lib.sources.coded_text import coded
from smup_lib.sources.numbers import AMBIGUOUS, NO_NUMBER
from smup_lib.sources.quarantine import broken_rows, joined, quarantine_rows
from smup_lib.sources.text import BrokenRow
from smup_lib.sources.unit_column import UnitCells

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FLAG_CODES = {flag: code for code, flag in enumerate(FLAGS)}
#: Marks a cell that cannot be read; such cells go to quarantine and never into observations.
UNREADABLE = -1
#: Years that statistics of this country can have, 1945 to 2099, as a regular expression.
YEAR = r"(?:19(?:4[5-9]|[5-9]\d)|20\d\d)"
#: A cell with such a flag says nothing, so another row or file may say something of it.
ABSENT = ("no_data", "not_available_yet")


@dataclass(frozen=True, order=True)
class Series:
    """A column of numbers as the publisher labels it, before it has a name of ours."""

    labels: tuple[str, ...]
    measure_unit: str

    def __str__(self) -> str:
        """Return the labels as people read them: ``stadiony; ogółem [ob.]``."""
        return "; ".join(self.labels) + (f" [{self.measure_unit}]" if self.measure_unit else "")


@dataclass(frozen=True)
class CellValues:
    """Cells of a file, one after another.

    Attributes
    ----------
    row : array of int
        Row of the file (place in ``UnitCells.index``) each cell stands in.
    series, year : arrays of int
        Which series and year a cell tells; year 0 where it cannot be read.
    value : array of float64
    flag : array of int8
        Place in :data:`smup_lib.snapshots.observations.FLAGS`, or :data:`UNREADABLE`.
    qualifiers : array of str
    decimals : array of int8
        -1 where unknown.
    text : array of str
        What was written, for the quarantine.
    ambiguous : array of bool
        Cells that could be two numbers.
    """

    row: np.ndarray[Any, Any]
    series: np.ndarray[Any, Any]
    year: np.ndarray[Any, Any]
    value: np.ndarray[Any, Any]
    flag: np.ndarray[Any, Any]
    qualifiers: np.ndarray[Any, Any]
    decimals: np.ndarray[Any, Any]
    text: np.ndarray[Any, Any]
    ambiguous: np.ndarray[Any, Any]


class RowsOfFile(Protocol):
    """What a table of texts and a sheet have in common: their rows, and what is said of them."""

    @property
    def lines(self) -> np.ndarray[Any, Any]:
        """Return the line of each row in the file, counted from 1."""

    @property
    def broken(self) -> tuple[BrokenRow, ...]:
        """Return the rows that do not fit and are in no column."""

    @property
    def form(self) -> object:
        """Return how the file was saved; its text is Polish."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return repairs and doubts, in Polish."""


@dataclass(frozen=True)
class BdlTable:
    """A BDL export, read and cleared of what is never counted.

    Attributes
    ----------
    series : tuple of Series
        The different columns of numbers.
    rows : DataFrame
        ``unit_code, level, year, series, value, flag, qualifiers, decimals, row`` - one row per
        unit, year and series; ``series`` is a place in the tuple above, ``row`` the line.
    quarantine : DataFrame
        Rows and cells that cannot be read, with reasons.
    parts : mapping
        Kind of part -> Counter of flags: what was left out because it repeats its unit.
    areas : mapping
        Statistical level -> number of cells left out because it is no unit.
    form : object
        How the file was saved, in Polish as a text.
    warnings : tuple of str
        Repairs and doubts, in Polish.
    title : str
        The subgroup that the file itself names; empty where it names none.
    """

    series: tuple[Series, ...]
    rows: pd.DataFrame
    quarantine: pd.DataFrame
    parts: Mapping[str, Counter[str]]
    areas: Mapping[str, int]
    form: object
    warnings: tuple[str, ...]
    title: str = ""


def build_bdl_table(
    file: str,
    table: RowsOfFile,
    units: UnitCells,
    series: tuple[Series, ...],
    cells: CellValues,
) -> BdlTable:
    """Sort cells by fate and merge units whose kind changed."""
    import numpy as np
    import pandas as pd

    frame = _frame(units, table.lines, series, cells)
    bad_code = units.where("unreadable")[cells.row]
    bad_cell = (cells.flag == UNREADABLE) & ~bad_code & units.where("unit")[cells.row]
    reasons = pd.Series(units.taken("reason").astype(str))[cells.row].to_numpy()
    unread = np.where(cells.ambiguous, AMBIGUOUS, NO_NUMBER)
    held = [
        broken_rows(file, table.broken),
        quarantine_rows(file, frame[bad_code], reasons[bad_code]),
        quarantine_rows(file, frame[bad_cell], unread[bad_cell]),
    ]
    readable = cells.flag != UNREADABLE
    rows = frame[units.where("unit")[cells.row] & readable]
    rows, doubled, merged = _merge_kinds(rows)
    held.append(
        quarantine_rows(
            file, doubled, "dwa wiersze pliku podają różne wartości tej jednostki w tym samym roku"
        )
    )
    return BdlTable(
        series=series,
        rows=rows.drop(columns=["code_text", "text", "kind", "label"]).reset_index(drop=True),
        quarantine=joined(held),
        parts=counted_parts(frame[units.where("part")[cells.row]]),
        areas=dict(Counter(frame.loc[units.where("area")[cells.row], "level"].astype(str))),
        form=table.form,
        warnings=table.warnings + repair_warning(units) + merged,
    )


def _frame(
    units: UnitCells,
    lines: np.ndarray[Any, Any],
    series: tuple[Series, ...],
    cells: CellValues,
) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "unit_code": units.taken("code")[cells.row],
            "level": units.taken("level")[cells.row],
            "kind": units.taken("kind")[cells.row],
            "code_text": coded(units.index[cells.row], units.texts),
            "year": cells.year.astype("int16"),
            "series": cells.series.astype("int32"),
            "label": coded(cells.series, [str(one) for one in series]),
            "value": cells.value,
            "flag": coded(cells.flag, FLAGS),
            "qualifiers": pd.Categorical(cells.qualifiers),
            "decimals": pd.arrays.IntegerArray(cells.decimals.astype("int8"), cells.decimals < 0),
            "row": lines[cells.row],
            "text": cells.text,
        }
    )


def _merge_kinds(
    rows: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Return one row per key, the rows that contradict each other, and notes.

    A gmina that changed its kind stands in two rows of the file (0202031 until 2015, 0202033
    from 2016), each empty in the years of the other.
    """
    import pandas as pd

    key = ["unit_code", "year", "series"]
    twice = rows.duplicated(key, keep=False)
    if not twice.any():
        return rows, rows.iloc[:0], ()
    several = rows[twice].assign(known=lambda part: ~part["flag"].isin(ABSENT))
    # the row that knows something first; then the order of the file
    several = several.sort_values("known", ascending=False, kind="stable")
    known = several[several["known"]].groupby(key, observed=True)
    said = known.agg(rows=("flag", "size"), flags=("flag", "nunique"), values=("value", "nunique"))
    clash = said[(said["flags"] > 1) | (said["values"] > 1)]
    clashing = pd.MultiIndex.from_frame(several[key]).isin(clash.index)
    repeated = int((said["rows"] - 1).sum() - (clash["rows"] - 1).sum())
    changed = int((several.groupby("unit_code", observed=True)["kind"].nunique() > 1).sum())
    notes = []
    if changed:
        notes.append(
            "gminy, które zmieniły rodzaj (na przykład z wiejskiej na miejsko-wiejską) i mają"
            f" w pliku kilka wierszy, połączono w jeden szereg: {changed}"
        )
    if repeated:
        notes.append(f"wiersze powtórzone z tą samą wartością, wzięte raz: {repeated}")
    merged = several[~clashing].drop_duplicates(key)
    kept = pd.concat([rows[~twice], merged.drop(columns="known")]).sort_index()
    return kept, several[clashing].drop(columns="known"), tuple(notes)


def counted_parts(frame: pd.DataFrame) -> dict[str, Counter[str]]:
    """Return kind of part -> Counter of flags, from the columns ``kind`` and ``flag``."""
    flags = frame["flag"].astype(object).where(frame["flag"].notna(), "unreadable")
    counted: dict[str, Counter[str]] = {}
    for kind, flag in zip(frame["kind"].astype(str), flags, strict=True):
        counted.setdefault(kind, Counter())[str(flag)] += 1
    return counted


def repair_warning(units: UnitCells) -> tuple[str, ...]:
    """Return a note on codes that were mended, none when there were none."""
    if not units.repaired:
        return ()
    text, code = units.repaired[0]
    return (f"kody, którym przywrócono zera: {len(units.repaired)} (na przykład {text} → {code})",)
