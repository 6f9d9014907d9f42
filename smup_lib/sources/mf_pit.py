"""Read a workbook of the Ministry of Finance with shares in PIT: gminy, cities, land powiaty.

The chapter of the budget classification tells the part: 75621 that of gminy, 75622 that of powiaty.
A city with powiat rights has a row of each, kept apart under its gmina code as the catalogue knows
them. Voivodeships (75623) and the metropolis (75634) are no units of this table.
"""

from __future__ import annotations

from collections import Counter
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
from smup_lib.sources.sheet_cells import cell_text, plain_cell, read_cells
from smup_lib.sources.workbook import Workbook
from smup_lib.teryt import is_city_code

DATASET = "mf:pit_share"
GMINA_PART = "pit_share_revenue"
POWIAT_PART = "pit_share_revenue_powiat_part"
_TITLE = "Udziały jednostek samorządu terytorialnego w podatku PIT, dochody wykonane"
_CODES = ("wk", "pk", "gk", "gt")
_EXECUTED = "dochody wykonane"
_SHARE_IN_PIT = ("0010", "10")
_OTHERS = {"75623": "województw", "75634": "metropolii"}
_KINDS = ("1", "2", "3", "-", "")
_TOP = 12


@dataclass(frozen=True)
class _Layout:
    """Where the header begins and ends, and in which column each thing stands."""

    first: int
    last: int
    columns: Mapping[str, int]


def _layout(rows: Sequence[Sequence[Any]]) -> _Layout | None:
    for first, row in enumerate(rows):
        cells = [plain_cell(cell) for cell in row]
        if tuple(cells[:4]) != _CODES:
            continue
        places: dict[str, int] = {name: place for place, name in enumerate(_CODES)}
        last = first
        for line, below in enumerate(rows[first:], start=first):
            if line > first and cell_text(below[0]):
                break
            last = line
            for place, cell in enumerate(map(plain_cell, below)):
                for name in ("rozdział", "paragraf", _EXECUTED):
                    if cell.startswith(name):
                        places.setdefault(name, place)
        wanted = {*_CODES, "rozdział", "paragraf", _EXECUTED}
        return _Layout(first, last, places) if wanted <= set(places) else None
    return None


PIT_SHEET = KnownSheet(
    _layout,
    _TOP,
    "pliku o udziałach w PIT",
    "WK, PK, GK, GT, ROZDZIAŁ, PARAGRAF, Dochody wykonane",
    "pobierz plik jeszcze raz ze strony Ministerstwa Finansów",
)


def read_pit_shares(
    book: Workbook,
    file: str,
    own_name: str,
    year: int | None = None,
    decimal: DecimalMark | None = None,
) -> OfficialTable:
    """Read a workbook of shares in PIT.

    Parameters
    ----------
    book : Workbook
    file : str
        Name of the file, for messages and the quarantine.
    own_name : str
        The last part of its name.
    year : int, optional
        Budget year that the user told.
    decimal : {",", "."}, optional
        Decimal mark of amounts saved as text.

    Raises
    ------
    UnreadableFileError
        When columns are missing, there are no rows, or nobody tells the year.
    """
    sheet, rows, layout = PIT_SHEET.open(book, file)
    titles = [cell_text(cell) for row in rows[: layout.first] for cell in row]
    budget_year, said = told_year(file, own_name, year, titles, r"rok budżetowy\s+(20\d\d)")
    data = data_rows(rows, layout.last + 1, file, sheet)
    cells, left = _cells(data, layout.columns, decimal)
    notes = [
        f"{counted(number, ROW_NOUN)} {_OTHERS[chapter]} (rozdział {chapter}) pominięto: zmienna"
        " opisuje gminy i powiaty"
        for chapter, number in left.items()
    ]
    return build_official(
        file,
        cells,
        dataset=DATASET,
        title=f"{_TITLE}, {budget_year} r.",
        year=budget_year,
        form=book.form(sheet),
        warnings=(*book.warnings, said, *notes),
    )


def _cells(
    data: Sequence[tuple[int, Sequence[Any]]],
    columns: Mapping[str, int],
    decimal: DecimalMark | None,
) -> tuple[list[OfficialCell], Counter[str]]:
    """Return the cells of units, and rows by chapter of what is no unit here."""
    numbers = read_cells([row[columns[_EXECUTED]] for _, row in data], decimal)
    left: Counter[str] = Counter()
    cells = []
    for place, (line, row) in enumerate(data):
        told = {name: cell_text(row[column]) for name, column in columns.items()}
        if told["rozdział"] in _OTHERS:
            left[told["rozdział"]] += 1
            continue
        code, variable, reason = _unit(told)
        known = bool(numbers.number[place])
        absent = bool(numbers.empty[place] or numbers.dash[place])
        cells.append(
            OfficialCell(
                line=line,
                code=code,
                variable=variable,
                value=float(numbers.values[place]),
                text=told[_EXECUTED],
                flag="ok" if known else "no_data" if absent else "",
                decimals=int(numbers.decimals[place]),
                reason=reason,
            )
        )
    return cells, left


def _unit(told: Mapping[str, str]) -> tuple[str, str, str]:
    """Return code, variable and, when the row cannot be read, why."""
    wk, pk, gk = (told[name].replace("-", "") for name in _CODES[:3])
    powiat = wk.zfill(2) + pk.zfill(2) if pk else wk.zfill(2)
    city = is_city_code(powiat) if len(powiat) == 4 else False
    code = f"{powiat}01" if city and not gk else powiat + (gk.zfill(2) if gk else "")
    if told["gt"] not in _KINDS:
        return code, GMINA_PART, f"GT = {told['gt']}: to nie jest gmina (na przykład związek gmin)"
    if told["paragraf"] not in _SHARE_IN_PIT:
        return code, GMINA_PART, f"paragraf {told['paragraf'] or '(pusty)'} to nie udziały w PIT"
    if told["rozdział"] == "75621":
        wrong = "" if city or gk else "rozdział 75621 (część gminna) przy kodzie powiatu"
        return code, GMINA_PART, wrong
    if told["rozdział"] == "75622":
        wrong = "rozdział 75622 (część powiatowa) przy kodzie gminy" if gk and not city else ""
        return code, POWIAT_PART if city else GMINA_PART, wrong
    return code, GMINA_PART, f"rozdział {told['rozdział'] or '(pusty)'} to nie udziały w PIT"
