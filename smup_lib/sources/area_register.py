"""Read the list of areas of units (GUGiK): codes with blanks, hectares and square kilometres.

Hectares are the more precise column; square kilometres are rounded from them, so they only check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smup_lib.sources.numbers import DecimalMark
from smup_lib.sources.official_table import (
    KnownSheet,
    OfficialCell,
    OfficialTable,
    build_official,
    data_rows,
    told_year,
)
from smup_lib.sources.sheet_cells import cell_text, plain_cell, read_cells
from smup_lib.sources.workbook import Workbook

DATASET = "gugik:area"
VARIABLE = "area_km2"
_TITLE = "Powierzchnia jednostek podziału terytorialnego"
_HECTARES, _KILOMETRES = "powierzchnia [ha]", "powierzchnia [km2]"
_HECTARES_IN_KM2 = 100
#: Square kilometres may be rounded to whole ones, and by a rule that keeps sums.
_ROUNDING_KM2 = 1.0
_TOP = 12


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, Mapping[str, int]] | None:
    """Return the row of the header and the place of each column; None when it is no such sheet."""
    for line, row in enumerate(rows):
        cells = [plain_cell(cell).replace("²", "2") for cell in row]
        if "teryt" in cells and _HECTARES in cells:
            return line, {name: cells.index(name) for name in cells if name}
    return None


AREA_SHEET = KnownSheet(
    _header,
    _TOP,
    "wykazu powierzchni",
    "TERYT, Nazwa jednostki, Powierzchnia [ha], Powierzchnia [km2]",
    "pobierz plik jeszcze raz",
)


def read_areas(
    book: Workbook,
    file: str,
    own_name: str,
    year: int | None = None,
    decimal: DecimalMark | None = None,
) -> OfficialTable:
    """Read a list of areas.

    Parameters
    ----------
    book : Workbook
    file : str
        Name of the file, for messages and the quarantine.
    own_name : str
        The last part of its name.
    year : int, optional
        Year that the user told: the state is that of 1 January.
    decimal : {",", "."}, optional
        Decimal mark of areas saved as text.

    Raises
    ------
    UnreadableFileError
        When columns are missing, there are no rows, or nobody tells the year.
    """
    sheet, rows, (line, columns) = AREA_SHEET.open(book, file)
    titles = [cell_text(cell) for row in rows[:line] for cell in row] + list(book.names)
    state_year, said = told_year(file, own_name, year, titles)
    data = data_rows(rows, line + 1, file, sheet)
    return build_official(
        file,
        _cells(data, columns, decimal),
        dataset=DATASET,
        title=f"{_TITLE}, stan na 1 stycznia {state_year} r.",
        year=state_year,
        form=book.form(sheet),
        warnings=(*book.warnings, said),
    )


def _cells(
    data: Sequence[tuple[int, Sequence[Any]]],
    columns: Mapping[str, int],
    decimal: DecimalMark | None,
) -> list[OfficialCell]:
    hectares = read_cells([row[columns[_HECTARES]] for _, row in data], decimal)
    place_km2 = columns.get(_KILOMETRES)
    rounded = None if place_km2 is None else read_cells([r[place_km2] for _, r in data], decimal)
    cells = []
    for place, (line, row) in enumerate(data):
        km2 = float(hectares.values[place]) / _HECTARES_IN_KM2
        printed = km2 if rounded is None else float(rounded.values[place])
        known = bool(hectares.number[place])
        reason = ""
        if abs(printed - km2) > _ROUNDING_KM2:
            reason = "hektary i kilometry kwadratowe nie zgadzają się ze sobą"
        cells.append(
            OfficialCell(
                line=line,
                code="".join(cell_text(row[columns["teryt"]]).split()),
                variable=VARIABLE,
                value=km2,
                text=cell_text(row[columns[_HECTARES]]),
                flag="ok" if known else "no_data" if hectares.empty[place] else "",
                decimals=int(hectares.decimals[place]) + 2 if known else -1,
                reason=reason,
            )
        )
    return cells
