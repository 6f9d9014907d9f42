"""Read a wide BDL table whose header takes several rows: XTAB workbooks and files before 2014.

Above the data stand one row for each dimension, one of years and one of measure units; a label over
several columns stands in the first of them only. The code of a unit may be of TERYT, of BDL, or an
old NTS code of 10 digits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.bdl_ctab import CtabColumn, check_columns, wide_cells
from smup_lib.sources.bdl_table import YEAR, BdlTable, CellValues, Series, build_bdl_table
from smup_lib.sources.numbers import DecimalMark, read_numbers
from smup_lib.sources.sheet_cells import cell_text, read_cells, series_decimals, text_cells
from smup_lib.sources.text import BrokenRow, decode_text, read_text_table, split_row
from smup_lib.sources.unit_column import read_unit_cells
from smup_lib.sources.workbook import SheetForm, Workbook, no_rows_error

if TYPE_CHECKING:
    import numpy as np

SHEET = "TABLICA"
DESCRIPTION = "OPIS"
_NAMES = ("nazwa", "jednostka terytorialna")
_YEAR = re.compile(YEAR)
#: Dimensions, years and units: BDL offers no more than five dimensions.
_MOST_HEADER_ROWS = 8
_TOLD = {
    "Kategoria": "Kategoria:",
    "Grupa": "Grupa:",
    "Podgrupa": "Podgrupa:",
    "aktualizacja": "Data ostatniej aktualizacji:",
}
#: A legend that names one of these signs: the sheet prints a zero in their place.
_ZERO_SIGNS = re.compile(r"(?:^|;)\s*([nxX])\s*-")
_ZEROS_NOTE = (
    "zera uznano za niejasne: według przypisów w tej tablicy 0 może oznaczać brak informacji"
    " (znaki x, n); znaki przy wartościach podaje tylko układ relacyjny (XREL, CREL)"
)


@dataclass(frozen=True)
class SheetRows:
    """Rows of a sheet under its header.

    Attributes
    ----------
    header : tuple of tuple
        Rows of the header.
    columns : tuple of sequence
        Cells of the sheet by column, under the header.
    lines : array of int
        Line of each row, counted from 1.
    form : SheetForm
    warnings : tuple of str
    broken : tuple of BrokenRow
        A sheet has none.
    """

    header: tuple[tuple[Any, ...], ...]
    columns: tuple[Sequence[Any], ...]
    lines: np.ndarray[Any, Any]
    form: SheetForm
    warnings: tuple[str, ...]
    broken: tuple[BrokenRow, ...] = field(default=())


def rows_below(book: Workbook, sheet: str, header: int, file: str, first: int = 0) -> SheetRows:
    """Return the rows of a sheet without its blank ones.

    Parameters
    ----------
    book : Workbook
    sheet : str
        Name of the sheet.
    header : int
        Number of rows of the header.
    file : str
        Name of the file, for messages.
    first : int
        Rows above the header.

    Raises
    ------
    UnreadableFileError
        When there is nothing below the header.
    """
    import numpy as np

    rows = book.rows(sheet)
    start = first + header
    filled = [
        (number, row)
        for number, row in enumerate(rows[start:], start=start + 1)
        if any(cell != "" for cell in row)
    ]
    if not filled:
        raise no_rows_error(file, sheet)
    return SheetRows(
        header=tuple(tuple(row) for row in rows[first:start]),
        columns=tuple(zip(*(row for _, row in filled), strict=True)),
        lines=np.array([number for number, _ in filled], dtype="int32"),
        form=book.form(sheet),
        warnings=book.warnings,
    )


def check_labelled(table: SheetRows, labelled: Collection[int], file: str) -> None:
    """Raise when a column without a label holds data, which would be lost.

    Raises
    ------
    UnreadableFileError
    """
    for place, cells in enumerate(table.columns):
        if place not in labelled and any(cell != "" for cell in cells):
            raise UnreadableFileError(
                f"Kolumna {place + 1} arkusza „{table.form.sheet}” ma dane, ale nie ma nagłówka.",
                where=file,
                expected="etykieta nad każdą kolumną z danymi",
                next_step="dopisz etykietę albo usuń kolumnę i wczytaj plik ponownie",
            )


def grid_header_rows(rows: Sequence[Sequence[Any]]) -> int:
    """Return how many rows the header of such a table takes; 0 when it is none.

    Examples
    --------
    >>> grid_header_rows([["Kod", "Nazwa", "ogółem"], ["", "", "2021"], ["", "", "[zł]"],
    ...                   ["0201000", "Powiat bolesławiecki", 1.5]])
    3
    >>> grid_header_rows([["Kod", "Nazwa", "ogółem;2021;[zł]"], ["0201000", "Powiat", "1"]])
    0
    """
    head = [cell_text(cell).casefold() for cell in rows[0][:2]] if rows else []
    if len(head) < 2 or head[0] != "kod" or head[1] not in _NAMES:
        return 0
    height = 1
    for row in rows[1:_MOST_HEADER_ROWS]:
        if cell_text(row[0]) if row else True:
            break
        height += 1
    return height if read_grid_header(rows[:height]) else 0


def read_grid_header(rows: Sequence[Sequence[Any]]) -> tuple[CtabColumn, ...]:
    """Return what each data column tells; empty when the rows are no such header.

    Examples
    --------
    >>> read_grid_header([["Kod", "Nazwa", "stadiony", ""], ["", "", "2020", "2021"],
    ...                   ["", "", "[ob.]", "[ob.]"]])[1]
    CtabColumn(series=Series(labels=('stadiony',), measure_unit='ob.'), year=2021)
    """
    texts = [[cell_text(cell) for cell in row[2:]] for row in rows]
    width = max((n for row in texts for n, cell in enumerate(row, 1) if cell), default=0)
    filled = [_filled(row, width) for row in texts]
    years = [number for number, row in enumerate(filled) if row and all(map(_YEAR.fullmatch, row))]
    if len(years) != 1 or len(filled) < 2:
        return ()
    year = years[0]
    unit = len(filled) - 1 if year != len(filled) - 1 else None
    labels = [row for number, row in enumerate(filled) if number not in (year, unit)]
    if not labels or not all(all(row) for row in labels):
        return ()
    columns = []
    for place in range(width):
        told = "" if unit is None else filled[unit][place].removeprefix("[").removesuffix("]")
        series = Series(tuple(row[place] for row in labels), "" if told == "-" else told.strip())
        columns.append(CtabColumn(series, int(filled[year][place])))
    return tuple(columns)


def _filled(row: Sequence[str], width: int) -> list[str]:
    """Return a row in which an empty cell repeats the label to its left."""
    filled: list[str] = []
    for cell in [*row, *[""] * (width - len(row))][:width]:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def read_xtab(book: Workbook, file: str, decimal: DecimalMark | None = None) -> BdlTable:
    """Read an XTAB workbook, or an older one with its only table in a sheet.

    Parameters
    ----------
    book : Workbook
    file : str
        Name of the file, for messages and the quarantine.
    decimal : {",", "."}, optional
        Decimal mark of numbers saved as text.

    Raises
    ------
    UnreadableFileError
        When the header is not of this layout or nothing stands below it.
    """
    import numpy as np

    sheet = SHEET if SHEET in book.names else grid_sheet(book) or book.names[0]
    height = grid_header_rows(book.rows(sheet, _MOST_HEADER_ROWS + 1))
    table = rows_below(book, sheet, max(height, 1), file)
    columns = read_grid_header(table.header)
    check_columns(columns, file)
    check_labelled(table, range(2 + len(columns)), file)
    units = read_unit_cells(text_cells(table.columns[0]), text_cells(table.columns[1]))
    cells = [cell for column in table.columns[2 : 2 + len(columns)] for cell in column]
    numbers = read_cells(cells, decimal)
    told, legend = _description(book)
    doubt = bool(_ZERO_SIGNS.search(legend)) and bool((numbers.values == 0).any())
    texts = np.array([cell_text(cell) for cell in cells], dtype=object)
    series, values = wide_cells(columns, numbers, texts, units, zero_in_doubt=doubt)
    notes = table.warnings + told + ((_ZEROS_NOTE,) if doubt else ())
    noted = replace(table, warnings=notes)
    read = build_bdl_table(file, noted, units, series, _with_series_decimals(values))
    return replace(read, title=own_title(book))


def _with_series_decimals(cells: CellValues) -> CellValues:
    return replace(cells, decimals=series_decimals(cells.decimals, cells.series))


def grid_sheet(book: Workbook) -> str | None:
    """Return the sheet that holds such a table; None when there is none."""
    tops = book.tops(_MOST_HEADER_ROWS + 1)
    return next((name for name, rows in tops if grid_header_rows(rows)), None)


def description_notes(book: Workbook) -> tuple[str, ...]:
    """Return what the sheet OPIS says of the data, as one note; none without such a sheet."""
    return _description(book)[0]


def own_title(book: Workbook) -> str:
    """Return the subgroup that the sheet OPIS names; empty without one."""
    return _told_cells(book).get(_TOLD["Podgrupa"], "")


def _told_cells(book: Workbook) -> Mapping[str, str]:
    if DESCRIPTION not in book.names:
        return {}
    return {
        cell_text(row[0]): cell_text(row[1])
        for row in book.rows(DESCRIPTION)
        if len(row) > 1 and cell_text(row[0])
    }


def _description(book: Workbook) -> tuple[tuple[str, ...], str]:
    """Return what the sheet OPIS says of the data, and its legend of signs."""
    cells = _told_cells(book)
    said = [f"{name}: {cells[key]}" for name, key in _TOLD.items() if cells.get(key)]
    return (f"opis w pliku – {'; '.join(said)}",) if said else (), cells.get("Przypisy:", "")


def read_old_ctab(
    content: bytes, separator: str, file: str, decimal: DecimalMark | None = None
) -> BdlTable:
    """Read a wide csv export whose header takes several rows (the layout before 2014).

    Parameters
    ----------
    content : bytes
        The unpacked file.
    separator : str
        ``;`` or ``,``.
    file : str
        Name of the file, for messages and the quarantine.
    decimal : {",", "."}, optional
        The decimal mark when the user tells it.

    Raises
    ------
    UnreadableFileError
        When the header is not of this layout, or the file is cut.
    """
    import pyarrow as pa

    table = read_text_table(content, separator, file)
    top = list(zip(*(column[:_MOST_HEADER_ROWS].to_pylist() for column in table.columns),
                   strict=True))  # fmt: skip
    height = grid_header_rows([table.header, *top])
    columns = read_grid_header([table.header, *top[: max(height, 1) - 1]])
    check_columns(columns, file)
    _check_last_label(content, separator, height, len(columns), file)
    below = [column.slice(height - 1) for column in table.columns]
    units = read_unit_cells(below[0], below[1])
    written = pa.concat_arrays(below[2 : 2 + len(columns)])
    numbers = read_numbers(written, separator, decimal)
    series, cells = wide_cells(columns, numbers, written.to_numpy(zero_copy_only=False), units)
    rows = replace(table, lines=table.lines[height - 1 :])
    return build_bdl_table(file, rows, units, series, cells)


def _check_last_label(content: bytes, separator: str, height: int, columns: int, file: str) -> None:
    """Raise when a row of the header reaches further than the first one: a column would be lost."""
    lines = [line for line in decode_text(content, file)[0].splitlines() if line.strip()]
    over = [cell for line in lines[:height] for cell in split_row(line, separator)[2 + columns :]]
    if any(cell.strip() for cell in over):
        raise UnreadableFileError(
            "Pierwszy wiersz nagłówka jest krótszy od następnych.",
            where=file,
            expected="etykieta nad każdą kolumną, także nad ostatnią",
            next_step="powtórz etykietę nad każdą kolumną i wczytaj plik ponownie",
        )
