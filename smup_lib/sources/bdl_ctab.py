"""Read a wide BDL export (CTAB): one row a unit, one column a series and year.

The header tells each column as ``"ogółem;2021;[zł]"``: labels of the dimensions, the year, the
measure unit. There are no flags: an empty cell is no data, and the zeros of towns and rural areas
stand for missing values in the years before those parts were counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.bdl_table import (
    FLAG_CODES,
    UNREADABLE,
    YEAR,
    BdlTable,
    CellValues,
    Series,
    build_bdl_table,
)
from smup_lib.sources.numbers import DecimalMark, NumberCells, read_numbers
from smup_lib.sources.text import read_text_table
from smup_lib.sources.unit_column import UnitCells, read_unit_cells

if TYPE_CHECKING:
    import numpy as np

_YEAR = re.compile(YEAR)
_MEASURE_UNIT = re.compile(r"\[(.*)\]")
#: Parts whose plain zero may stand for "not counted that year".
_DOUBTFUL_ZEROS = ("town_part", "rural_part")
#: What the Local Data Bank prints in place of a number it does not tell.
_SIGNS = {
    ".": "missing_or_secret",
    "x": "missing_or_secret",
    "X": "missing_or_secret",
    "n": "not_available_yet",
}


@dataclass(frozen=True)
class CtabColumn:
    """A data column of a CTAB file: its series and year."""

    series: Series
    year: int


def read_ctab_header(cells: Sequence[str], separator: str = ";") -> tuple[CtabColumn, ...]:
    """Return what each data column tells; empty when the header is not of this layout.

    Parameters
    ----------
    cells : sequence of str
        Cells of the header. Quotes may be lost: then the parts of one column are cells of their
        own, and the measure unit in brackets ends a column.
    separator : str
        Separator of the file, which also joins the parts of one column.

    Examples
    --------
    >>> read_ctab_header(["Kod", "Nazwa", "ogółem;2021;[zł]"])
    (CtabColumn(series=Series(labels=('ogółem',), measure_unit='zł'), year=2021),)
    >>> len(read_ctab_header(["Kod", "Nazwa", "ogółem", "2021", "[zł]", "razem", "2021", "[zł]"]))
    2
    >>> read_ctab_header(["Kod", "Nazwa", "ogółem"])
    ()
    """
    if [cell.strip().casefold() for cell in cells[:2]] != ["kod", "nazwa"]:
        return ()
    columns: list[CtabColumn] = []
    parts: list[str] = []
    for cell in cells[2:]:
        inner = cell.split(";" if ";" in cell else separator)
        parts.extend(part.strip() for part in inner)
        unit = _MEASURE_UNIT.fullmatch(parts[-1])
        if unit is None:
            continue
        if len(parts) < 3 or not _YEAR.fullmatch(parts[-2]):
            return ()
        measure_unit = "" if unit[1] == "-" else unit[1].strip()
        columns.append(CtabColumn(Series(tuple(parts[:-2]), measure_unit), int(parts[-2])))
        parts = []
    return () if parts else tuple(columns)


def read_ctab(
    content: bytes, separator: str, file: str, decimal: DecimalMark | None = None
) -> BdlTable:
    """Read a CTAB export.

    Parameters
    ----------
    content : bytes
        The unpacked file.
    separator : str
        ``;`` (decimal comma) or ``,`` (decimal point).
    file : str
        Name of the file, for messages and the quarantine.
    decimal : {",", "."}, optional
        The decimal mark when the user tells it.

    Raises
    ------
    UnreadableFileError
        When the header or the rows are not of this layout, or the file is cut.
    """
    import pyarrow as pa

    table = read_text_table(content, separator, file, width=_width(separator))
    columns = read_ctab_header(table.header, separator)
    check_columns(columns, file)
    units = read_unit_cells(table.columns[0], table.columns[1])
    # the whole file was written by one program, so its marks are judged over all columns together
    written = pa.concat_arrays(list(table.columns[2:]))
    numbers = read_numbers(written, separator, decimal)
    texts = written.to_numpy(zero_copy_only=False)
    return build_bdl_table(file, table, units, *wide_cells(columns, numbers, texts, units))


def _width(separator: str) -> Callable[[Sequence[str]], int]:
    def width(header: Sequence[str]) -> int:
        columns = read_ctab_header(header, separator)
        return 2 + len(columns) if columns else len(header)

    return width


def check_columns(columns: Sequence[CtabColumn], file: str) -> None:
    """Raise when a header tells nothing, or one column twice."""
    if not columns:
        raise UnreadableFileError(
            "Nagłówek nie mówi, czego dotyczą kolumny.",
            where=file,
            expected="kolumny opisane jak w oryginale: „ogółem;2021;[zł]” (opis, rok, jednostka)",
            next_step="pobierz plik jeszcze raz i nie skracaj nagłówka",
        )
    repeated = {column for column in columns if columns.count(column) > 1}
    if repeated:
        raise UnreadableFileError(
            "Kolumny pliku powtarzają się.",
            where=file,
            problems=[
                f"{column.series}, rok {column.year}" for column in _sorted_columns(repeated)
            ],
            expected="każda kolumna jeden raz",
            next_step="usuń powtórzone kolumny",
        )


def _sorted_columns(columns: set[CtabColumn]) -> list[CtabColumn]:
    return sorted(columns, key=lambda column: (column.series, column.year))


def wide_cells(
    columns: Sequence[CtabColumn],
    numbers: NumberCells,
    texts: np.ndarray[Any, Any],
    units: UnitCells,
    zero_in_doubt: bool = False,
) -> tuple[tuple[Series, ...], CellValues]:
    """Return the series of a wide table and its cells, column after column.

    Parameters
    ----------
    columns : sequence of CtabColumn
        What each column tells.
    numbers : NumberCells
        The cells of all columns, one column after another.
    texts : array of str
        The same cells as written.
    units : UnitCells
        The unit of each row.
    zero_in_doubt : bool
        Whether a zero of any unit may stand for a missing value.
    """
    import numpy as np

    rows = len(units.index)
    flag = np.full(len(numbers.values), FLAG_CODES["no_data"], dtype="int8")
    flag[numbers.number] = FLAG_CODES["ok"]
    flag[numbers.unreadable] = UNREADABLE
    for sign, meaning in _SIGNS.items():
        flag[numbers.unreadable & (texts == sign)] = FLAG_CODES[meaning]
    doubtful = np.tile(np.isin(units.taken("kind"), _DOUBTFUL_ZEROS) | zero_in_doubt, len(columns))
    no_zero = doubtful & (numbers.values == 0)
    flag[no_zero] = FLAG_CODES["ambiguous_zero"]
    series = tuple(dict.fromkeys(column.series for column in columns))
    place = {one: number for number, one in enumerate(series)}
    return series, CellValues(
        row=np.tile(np.arange(rows), len(columns)),
        series=np.repeat([place[column.series] for column in columns], rows),
        year=np.repeat([column.year for column in columns], rows),
        value=np.where(no_zero, np.nan, numbers.values),
        flag=flag,
        qualifiers=np.full(rows * len(columns), "", dtype=object),
        decimals=np.where(no_zero, -1, numbers.decimals).astype("int8"),
        text=texts,
        ambiguous=numbers.ambiguous,
    )
