"""Read a long BDL export in a workbook (XREL): as CREL, in the sheet DANE."""

from __future__ import annotations

from dataclasses import replace

from smup_lib.sources.bdl_crel import build_long, named_columns
from smup_lib.sources.bdl_grid import check_labelled, description_notes, own_title, rows_below
from smup_lib.sources.bdl_table import BdlTable
from smup_lib.sources.numbers import DecimalMark
from smup_lib.sources.sheet_cells import cell_text, read_cells, text_cells
from smup_lib.sources.workbook import Workbook

SHEET = "DANE"


def read_xrel(book: Workbook, file: str, decimal: DecimalMark | None = None) -> BdlTable:
    """Read an XREL workbook.

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
        When a needed column is missing or there are no rows.
    """
    table = rows_below(book, SHEET, 1, file)
    header = [cell_text(cell) for cell in table.header[0]]
    named = [place for place, cell in enumerate(header) if cell]
    columns = named_columns(
        [header[place] for place in named],
        [text_cells(table.columns[place]) for place in named],
        file,
    )
    check_labelled(table, named, file)
    values = table.columns[named[list(columns).index("wartosc")]]
    noted = replace(table, warnings=table.warnings + description_notes(book))
    read = build_long(file, noted, columns, read_cells(values, decimal), of_sheet=True)
    return replace(read, title=own_title(book))
