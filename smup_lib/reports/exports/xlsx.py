"""How does a report become a workbook? Every table of it, numbers as numbers, nothing else run.

No text becomes a formula or a link, whatever it begins with. A number keeps all its digits and
shows as many as the page does; its key stands on a sheet of its own beside the address of its cell.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from smup_lib.present.formats import format_date
from smup_lib.present.tokens import LIGHT
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.exports.content import (
    RECEIPT_HEADING,
    Block,
    Bullets,
    Cell,
    Content,
    Fold,
    Heading,
    Paragraph,
    Runs,
    Table,
    text_of,
)
from smup_lib.reports.exports.credited import list_credits
from smup_lib.reports.exports.extra import lacking_library
from smup_lib.reports.exports.outline import SOURCES

if TYPE_CHECKING:
    from smup_lib.present.numbers import PrintedNumber

KEYS_SHEET = "Klucze liczb"
RECEIPT_SHEET = "Metryka"
CONTENTS_SHEET = "Spis treści"
FINDINGS_SHEET = "Ustalenia"
_CREDITS = "Jak podawać źródła:"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_LONGEST_CELL = 32_000
_NARROWEST, _WIDEST = 9, 55
#: So many signs stand side by side on a screen.
_SCREEN = 160
#: Height of a line, and how many a row can have.
_LINE_POINTS, _MOST_LINES = 15, 25
_FINDING_WIDTH = 100
#: Holds the name of an indicator in the catalogue.
_KEY_WIDTH = 44
_DIGITS = re.compile(r",(\d+)")


@dataclass(frozen=True)
class _Sheet:
    """A table with where it stands on the page, and the lines below it."""

    title: str
    table: Table
    below: tuple[str, ...] = ()


def write_xlsx(content: Content) -> bytes:
    """Return a report as a workbook.

    Sheets: contents, findings, each table, keys of all numbers, receipt with sources.

    Raises
    ------
    ReportError
        When the extra ``export`` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise lacking_library("zapisania skoroszytu", error) from error
    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **safe}) as book:
        book.set_properties({"title": content.title, "author": "", "comments": ""})
        _Writer(book, content).write_all()
    return out.getvalue()


class _Writer:
    """Fills the sheets of one workbook."""

    def __init__(self, book: Any, content: Content) -> None:
        self.book, self.content = book, content
        plain = {"valign": "top", "text_wrap": True, "indent": 1}
        self._head = book.add_format({**plain, "bold": True, "bg_color": LIGHT["band"]})
        self._text = book.add_format(plain)
        self._title = book.add_format({"bold": True, "font_size": 13})
        self._remark = book.add_format({"font_color": LIGHT["muted"]})
        self._bold = book.add_format({**plain, "bold": True})
        self._beside = book.add_format({"valign": "top"})
        self._numbers: dict[int, Any] = {}
        self._keys: list[tuple[str, str, PrintedNumber]] = []
        self._names: set[str] = set()

    def write_all(self) -> None:
        sheets = list(_sheets_of(self.content))
        names = [self._name_of(place, sheet.title) for place, sheet in enumerate(sheets, 1)]
        self._write_contents(sheets, names)
        self._write_findings()
        for name, sheet in zip(names, sheets, strict=True):
            self._write_table(name, sheet)
        self._write_keys()
        self._write_receipt()

    def _name_of(self, place: int, title: str) -> str:
        words = " ".join(_FORBIDDEN.sub(" ", title).split())
        name = shorten(f"{place} {words}", _LONGEST_NAME, placeholder="…")
        self._names.add(name)
        return name

    def _write_contents(self, sheets: list[_Sheet], names: list[str]) -> None:
        page = self.book.add_worksheet(CONTENTS_SHEET)
        page.set_column(0, 0, 34)
        page.set_column(1, 1, 90)
        page.write_string(0, 0, self.content.title, self._title)
        page.write_string(1, 0, self._ground(), self._remark)
        _fit_on_paper(page)
        page.write_row(2, 0, ("Arkusz", "Co zawiera"), self._head)
        listed = [
            (FINDINGS_SHEET, "zdania raportu z ich pewnością"),
            *zip(names, (s.title for s in sheets), strict=True),
        ]
        listed += [(KEYS_SHEET, "czym jest każda liczba"), (RECEIPT_SHEET, "dane, źródła, wersje")]
        for row, (name, title) in enumerate(listed, 3):
            page.write_url(row, 0, f"internal:'{name}'!A1", string=name)
            page.write_string(row, 1, title, self._text)

    def _write_findings(self) -> None:
        page = self.book.add_worksheet(FINDINGS_SHEET)
        page.set_column(0, 0, _FINDING_WIDTH)
        page.write_string(0, 0, FINDINGS_SHEET, self._title)
        page.write_string(1, 0, self._ground(), self._remark)
        page.freeze_panes(2, 0)
        _fit_on_paper(page)
        told = (p for p in _paragraphs_of(self.content.blocks) if p.kind in ("sentence", "detail"))
        for row, paragraph in enumerate(told, 2):
            style = self._bold if paragraph.kind == "sentence" else self._text
            text = text_of(paragraph.runs)
            page.write_string(row, 0, text, style)
            page.set_row(row, _LINE_POINTS * -(-len(text) // _FINDING_WIDTH))
            for run in paragraph.runs:
                if run.number is not None:
                    self._keys.append((FINDINGS_SHEET, _address(row, 0), run.number))

    def _write_table(self, name: str, sheet: _Sheet) -> None:
        page = self.book.add_worksheet(name)
        _fit_on_paper(page)
        page.write_string(0, 0, sheet.title, self._title)
        page.write_string(1, 0, self._ground(), self._remark)
        widths = _widths(sheet.table)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for row, cells in enumerate(sheet.table.rows, 2):
            page.set_row(row, _LINE_POINTS * _lines_needed(cells, widths))
            column = 0
            for cell in cells:
                style = self._head if row - 2 < sheet.table.head else self._text
                self._write_cell(page, name, row, column, cell, style)
                column += cell.columns
        for row, line in enumerate(sheet.below, len(sheet.table.rows) + 3):
            page.write_string(row, 0, line, self._beside)  # as long as the row below the table
        if sheet.table.head:
            page.freeze_panes(2 + sheet.table.head, 1)
            page.repeat_rows(2, 1 + sheet.table.head)

    def _ground(self) -> str:
        """Say what data the numbers rest on, and whether they are fictional."""
        receipt = self.content.receipt
        parts = [SAMPLE_LAND] if self.content.fictional else []
        if receipt.get("snapshot"):
            day = format_date(str(receipt["data_date"])[:10])
            parts.append(f"stan danych {receipt['snapshot']} z dnia {day}")
        return " · ".join(parts)

    def _write_cell(
        self, page: Any, name: str, row: int, column: int, cell: Cell, style: Any
    ) -> None:
        number = _sole_number(cell.runs)
        if number is not None and number.value is not None:
            shown = number.value / number.scale
            page.write_number(row, column, shown, self._number_style(number.text))
        else:
            page.write_string(row, column, _lines(cell.runs)[:_LONGEST_CELL], style)
        for run in cell.runs:
            if run.number is not None:
                self._keys.append((name, _address(row, column), run.number))

    def _number_style(self, text: str) -> Any:
        found = _DIGITS.search(text)
        decimals = len(found[1]) if found else 0
        if decimals not in self._numbers:
            aside = {"valign": "top", "align": "right", "indent": 1}
            form = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._numbers[decimals] = self.book.add_format({"num_format": form, **aside})
        return self._numbers[decimals]

    def _write_keys(self) -> None:
        page = self.book.add_worksheet(KEYS_SHEET)
        heads = (
            *("arkusz", "komórka", "jednostka", "wskaźnik", "rok", "miara", "grupa"),
            *("wartość", "dzielnik", "w raporcie"),
        )
        page.write_row(0, 0, heads, self._head)
        page.freeze_panes(1, 0)
        page.set_column(0, len(heads) - 1, 16)
        page.set_column(0, 0, _LONGEST_NAME)
        page.set_column(3, 3, _KEY_WIDTH)
        _fit_on_paper(page)
        for row, (name, address, number) in enumerate(self._keys, 1):
            key = number.key
            year = "" if key.year is None else str(key.year)
            words = (name, address, key.unit, key.indicator, year, key.statistic, key.group)
            for column, word in enumerate(words):
                page.write_string(row, column, word)
            if number.value is not None:
                page.write_number(row, len(words), number.value)
            page.write_number(row, len(words) + 1, number.scale)
            page.write_string(row, len(words) + 2, number.text)

    def _write_receipt(self) -> None:
        page = self.book.add_worksheet(RECEIPT_SHEET)
        page.set_column(0, 0, 30)
        page.set_column(1, 1, 100)
        page.freeze_panes(1, 0)
        _fit_on_paper(page)
        page.write_row(0, 0, ("co", "wartość"), self._head)
        for row, (name, value) in enumerate(self.content.receipt.items(), 1):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            page.write_string(row, 0, name, self._text)
            page.write_string(row, 1, text[:_LONGEST_CELL], self._text)


def _fit_on_paper(page: Any) -> None:
    """Print a sheet as wide as a page laid on its side; no column goes to another page."""
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _widths(table: Table) -> list[int]:
    """Return the widths of the columns in signs, within what a screen holds."""
    widths: list[int] = []
    columns = max((sum(cell.columns for cell in cells) for cells in table.rows), default=1)
    widest = min(_WIDEST, max(_WIDEST // 2, _SCREEN // max(columns, 1)))
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            widths += [_NARROWEST] * (column + cell.columns - len(widths))
            if cell.columns == 1:
                lines = _lines(cell.runs)  # a heading may take several
                longest = max(map(len, lines.split(None if row < table.head else "\n")), default=0)
                widths[column] = max(widths[column], min(longest + 2, widest))
            column += cell.columns
    return widths


def _lines_needed(cells: Iterable[Cell], widths: list[int]) -> int:
    """Return how many lines the fullest cell of a row takes; a program may not find out itself."""
    most, column = 1, 0
    for cell in cells:
        width = sum(widths[column : column + cell.columns])
        lines = (max(1, -(-len(line) // width)) for line in _lines(cell.runs).split("\n"))
        most = max(most, sum(lines))
        column += cell.columns
    return min(most, _MOST_LINES)


def _sheets_of(content: Content) -> Iterator[_Sheet]:
    """Yield the tables that hold rows of data, each with the heading or chart it belongs to.

    The table of sources has the credit lines of their publishers below it.
    """
    title = subject = content.title
    section = ""

    def walk(blocks: Iterable[Block]) -> Iterator[_Sheet]:
        nonlocal title, subject, section
        for block in blocks:
            match block:
                case Heading(_, runs, kind):
                    title = subject = text_of(runs, hidden=True)
                    section = kind
                    if title == RECEIPT_HEADING:
                        return  # it has a sheet of its own
                case Paragraph(runs, "figure-title"):
                    title = text_of(runs)
                case Bullets(items):
                    for item in items:
                        yield from walk(item)
                case Fold(summary, inner, "card-details"):
                    title = f"{text_of(summary)}: {subject}"
                    yield from walk(inner)
                case Fold(_, inner, _):
                    yield from walk(inner)
                case Table():
                    below = (_CREDITS, *list_credits(content)) if section == SOURCES else ()
                    yield _Sheet(text_of(block.caption, hidden=True) or title, block, below)
                case _:
                    continue

    return walk(content.blocks)


def _paragraphs_of(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block
            case Bullets(items):
                for item in items:
                    yield from _paragraphs_of(item)
            case Fold(_, inner, _):
                yield from _paragraphs_of(inner)
            case _:
                continue


def _sole_number(runs: Runs) -> PrintedNumber | None:
    """Return the number of a cell that holds nothing else."""
    seen = [run for run in runs if not run.hidden and run.text.strip()]
    return seen[0].number if len(seen) == 1 else None


def _lines(runs: Runs) -> str:
    """Return the words of a cell, remarks on lines of their own."""
    parts = []
    for place, run in enumerate(runs):
        if run.hidden:
            continue
        starts = run.soft and place and not runs[place - 1].soft
        parts.append(f"\n{run.text.lstrip()}" if starts else run.text)
    return "".join(parts).strip()


def _address(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))
