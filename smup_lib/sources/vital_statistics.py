"""Read Table IV of Statistics Poland (GUS): marriages, births and deaths by gmina, in one year.

The header stands in two languages over several rows. Codes of gminy are texts where a zero stands
in front and numbers elsewhere; voivodeships have none. A dash is a zero of the yearbooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smup_lib.plurals import ROW_NOUN, counted
from smup_lib.sources.numbers import DecimalMark
from smup_lib.sources.official_table import (
    KnownSheet,
    OfficialCell,
    OfficialTable,
    build_official,
    data_rows,
    told_year,
)
from smup_lib.sources.sheet_cells import cell_text, is_number, plain_cell, read_cells
from smup_lib.sources.workbook import Workbook, no_rows_error

DATASET = "gus:vital_statistics"
_TITLE = "GUS, ruch naturalny ludności według gmin (tablica IV)"
#: Variable -> words that must stand over its column, words that may not.
_VARIABLES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "marriages": (("małżeństwa",), ()),
    "live_births": (("urodzenia żywe",), ()),
    "deaths": (("zgony",), ("niemowl",)),
    "infant_deaths": (("zgony", "niemowl"), ()),
}
#: Rates stand beside the counts under the same words.
_RATES = ("na 1000", "per 1000", "na 100 ", "per 100 ")
_NEEDED = ("live_births", "deaths")
_TOP = 15
_SHOWN = 3


@dataclass(frozen=True)
class _Layout:
    """The first row of data and what stands in each column."""

    first: int
    code: int
    variables: Mapping[str, int]
    ignored: tuple[str, ...]


def _layout(rows: Sequence[Sequence[Any]]) -> _Layout | None:
    """Return where things stand; None when it is no such table, or a column stands twice."""
    top = next((n for n, row in enumerate(rows) if "urodzenia żywe" in _joined(row)), None)
    if top is None:
        return None
    code = next((n for row in rows for n, cell in enumerate(row) if _is_code_label(cell)), None)
    if code is None:
        return None
    start = next((n for n in range(top + 1, len(rows)) if _is_code(rows[n][code])), len(rows))
    # rows of voivodeships stand above the first code, with numbers in their columns
    while start > top + 1 and sum(map(is_number, rows[start - 1])) > 1:
        start -= 1
    labels = _labels(rows, code, top, start)
    found: dict[str, int] = {}
    for variable, (wanted, unwanted) in _VARIABLES.items():
        fitting = [
            place
            for place, label in labels.items()
            if all(word in label for word in wanted)
            and not any(word in label for word in (*unwanted, *_RATES))
        ]
        if len(fitting) > 1:
            fitting = [p for p in fitting if "ogółem" in labels[p]] or fitting
        if len(fitting) == 1:
            found[variable] = fitting[0]
    if not set(_NEEDED) <= set(found):
        return None
    unused = [text for place, text in labels.items() if place not in (*found.values(), code)]
    return _Layout(start, code, found, tuple(unused))


def _joined(row: Sequence[Any]) -> str:
    return " ".join(plain_cell(cell) for cell in row)


def _is_code_label(cell: Any) -> bool:
    label = plain_cell(cell)
    return len(label) < 60 and any(word in label for word in ("kod", "code", "teryt"))


def _is_code(cell: Any) -> bool:
    text = cell_text(cell)
    return text.isdigit() and len(text) in (6, 7)


def _labels(rows: Sequence[Sequence[Any]], code: int, top: int, start: int) -> dict[int, str]:
    """Return what stands over each column, labels of several columns repeated to the right."""
    header = [list(map(plain_cell, row)) for row in rows[max(0, top - 1) : start]]
    columns = max(map(len, header), default=0)
    labels = {}
    for place in range(columns):
        parts = []
        for depth, row in enumerate(header):
            over = place
            while over > code + 1 and not row[over] and _goes_on(header, depth, over):
                over -= 1
            parts.append(row[over])
        label = " ".join(dict.fromkeys(part for part in parts if part))
        if place > code and label:
            labels[place] = label
    return labels


def _goes_on(header: Sequence[Sequence[str]], depth: int, place: int) -> bool:
    """Tell whether an empty cell belongs to the label at its left: something stands below it."""
    return any(row[place] for row in header[depth + 1 :]) and not any(
        row[place] for row in header[:depth]
    )


VITAL_SHEET = KnownSheet(
    _layout,
    _TOP,
    "tablicy o ruchu naturalnym",
    "kod, urodzenia żywe, zgony",
    "pobierz plik jeszcze raz ze strony GUS",
)


def read_vital_statistics(
    book: Workbook,
    file: str,
    own_name: str,
    year: int | None = None,
    decimal: DecimalMark | None = None,
) -> OfficialTable:
    """Read Table IV.

    Parameters
    ----------
    book : Workbook
    file : str
        Name of the file, for messages and the quarantine.
    own_name : str
        The last part of its name.
    year : int, optional
        Year that the user told.
    decimal : {",", "."}, optional
        Decimal mark of numbers saved as text.

    Raises
    ------
    UnreadableFileError
        When columns are missing, there are no rows, or nobody tells the year.
    """
    sheet, rows, layout = VITAL_SHEET.open(book, file)
    titles = [cell_text(cell) for row in rows[: layout.first] for cell in row]
    told, said = told_year(file, own_name, year, titles, r"\b(?:w|za|in)\s+(20\d\d)(?!\d)")
    data = data_rows(rows, layout.first, file, sheet)
    coded = [(line, row) for line, row in data if cell_text(row[layout.code])]
    if not coded:
        raise no_rows_error(file, sheet)
    notes = (said, *_left_out(data, layout), *_ignored(layout))
    return build_official(
        file,
        [
            cell
            for variable, column in layout.variables.items()
            for cell in _cells(coded, layout.code, column, variable, decimal)
        ],
        dataset=DATASET,
        title=f"{_TITLE}, {told} r.",
        year=told,
        form=book.form(sheet),
        warnings=(*book.warnings, *notes),
    )


def _left_out(data: Sequence[tuple[int, Sequence[Any]]], layout: _Layout) -> tuple[str, ...]:
    """Return a note on rows with numbers and no code: voivodeships, the country, their parts."""
    without = [
        cell_text(row[0])
        for _, row in data
        if not cell_text(row[layout.code])
        and any(is_number(row[column]) for column in layout.variables.values())
    ]
    if not without:
        return ()
    shown = ", ".join(without[:_SHOWN])
    return (
        f"{counted(len(without), ROW_NOUN)} bez kodu jednostki pominięto (na przykład: {shown}):"
        " są sumami innych wierszy",
    )


def _ignored(layout: _Layout) -> tuple[str, ...]:
    if not layout.ignored:
        return ()
    return (f"kolumny, których program nie używa: {'; '.join(layout.ignored)}",)


def _cells(
    data: Sequence[tuple[int, Sequence[Any]]],
    code: int,
    column: int,
    variable: str,
    decimal: DecimalMark | None,
) -> list[OfficialCell]:
    numbers = read_cells([row[column] for _, row in data], decimal)
    cells = []
    for place, (line, row) in enumerate(data):
        zero = bool(numbers.dash[place])
        flag = "ok" if numbers.number[place] else "no_data" if numbers.empty[place] else ""
        text = cell_text(row[code])
        cells.append(
            OfficialCell(
                line=line,
                code=text.zfill(7) if text.isdigit() else text,
                variable=variable,
                value=0.0 if zero else float(numbers.values[place]),
                text=cell_text(row[column]),
                flag="true_zero" if zero else flag,
                decimals=0 if zero else int(numbers.decimals[place]),
            )
        )
    return cells
