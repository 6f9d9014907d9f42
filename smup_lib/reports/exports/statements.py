"""What does a file of a report state, one statement after another? HTML, DOCX and XLSX alike.

Two files of one report state the same; so a changed digit, word or row is found by comparing their
statements, and named by where it stands.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from smup_lib.errors import ReportError, system_reason
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.exports.content import (
    RECEIPT_HEADING,
    Block,
    Bullets,
    Content,
    Fold,
    Heading,
    Paragraph,
    Picture,
    Runs,
    Table,
    text_of,
)
from smup_lib.reports.exports.docx_look import read_docx_receipt
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.exports.xlsx import RECEIPT_SHEET
from smup_lib.reports.shared_assets import join_assets

FORMATS = (".html", ".docx", ".xlsx")
#: The receipt on a page tells when the page was made, so two pages of one report differ there.
_RECEIPT_CODE = re.compile(
    r'<script[^>]*id="smup-receipt".*?</script>|<section class="smup-receipt".*?</section>', re.S
)
_DIGEST_SIGNS = 12


@dataclass(frozen=True)
class Statement:
    """One statement of a report.

    Attributes
    ----------
    place : str
        Heading, table and row, or sheet and cell.
    text : str
        What is read there.
    exact : str
        What a machine reads there besides: the keys and the exact values of its numbers.
    numbers : int
        How many results it holds.
    """

    place: str
    text: str
    exact: str = ""
    numbers: int = 0


@dataclass(frozen=True)
class Stated:
    """All that a file states, and the receipt inside it.

    Attributes
    ----------
    statements : tuple of Statement
        All but the receipt.
    receipt : mapping
        What a machine reads of it.
    shown : mapping of str to str
        What an eye reads of it; empty where both are one.
    code : str
        The page as written, without its receipt; empty for other formats.
    """

    statements: tuple[Statement, ...]
    receipt: Mapping[str, Any]
    shown: Mapping[str, str] = field(default_factory=dict)
    code: str = ""


def read_statements(path: Path) -> Stated:
    """Read a file of a report.

    Raises
    ------
    ReportError
        When it cannot be read, is of another format or holds no receipt.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(
            f"Nie można odczytać pliku: {system_reason(error)}.",
            where=str(path),
            expected="plik raportu: " + ", ".join(FORMATS),
            next_step="sprawdź ścieżkę i powtórz polecenie",
        ) from error
    readers: dict[str, Callable[[bytes], Stated]] = {
        ".html": partial(_read_html, folder=path.parent),
        ".docx": _read_docx,
        ".xlsx": _read_xlsx,
    }
    reader = readers.get(path.suffix.lower())
    try:
        if reader is None:
            raise ValueError(path.suffix)
        stated = reader(data)
    except (ValueError, KeyError, zipfile.BadZipFile, UnicodeDecodeError, OSError) as error:
        raise ReportError(
            "To nie jest plik raportu, który da się sprawdzić.",
            where=str(path),
            expected="raport tego programu w jednym z formatów: " + ", ".join(FORMATS),
            next_step="wskaż plik utworzony poleceniem smup report run albo batch",
        ) from error
    if not stated.receipt.get("snapshot"):
        raise ReportError(
            "W pliku nie ma metryki, więc nie wiadomo, z jakich danych powstał.",
            where=str(path),
            expected="raport z metryką w środku",
            next_step="utwórz raport na nowo: smup report run",
        )
    return stated


# -- HTML -------------------------------------------------------------------------------------


def _read_html(data: bytes, folder: Path) -> Stated:
    page = join_assets(data.decode("utf-8"), folder)
    content = read_content(page)
    code = _RECEIPT_CODE.sub("", page)
    return Stated(tuple(statements_of(content)), content.receipt, shown_receipt(content), code)


def statements_of(content: Content) -> Iterator[Statement]:
    """Yield what a report states, without its receipt."""
    for place, block in _placed(content):
        if not (place == RECEIPT_HEADING and isinstance(block, Heading | Table)):
            yield from _of_block(block, place)


def shown_receipt(content: Content) -> dict[str, str]:
    """Return the receipt as a reader sees it: what, and its value.

    Examples
    --------
    >>> page = "<main><h2>Metryka raportu</h2><dl><dt>Numer</dt><dd>12ab</dd></dl></main>"
    >>> shown_receipt(read_content(page))
    {'Numer': '12ab'}
    """
    return {
        text_of(row[0].runs): text_of(row[1].runs)
        for place, block in _placed(content)
        if place == RECEIPT_HEADING and isinstance(block, Table)
        for row in block.rows
        if len(row) > 1
    }


def _placed(content: Content) -> Iterator[tuple[str, Block]]:
    """Yield each block with the heading that it stands under."""
    place = content.title
    for block in content.blocks:
        if isinstance(block, Heading):
            place = text_of(block.runs, hidden=True)
        yield place, block


def _of_block(block: Block, place: str) -> Iterator[Statement]:
    match block:
        case Heading(_, runs) | Paragraph(runs, _):
            yield _statement(place, runs)
        case Bullets(items):
            for item in items:
                yield from _of_blocks(item, place)
        case Fold(summary, blocks, _):
            yield _statement(place, summary)
            yield from _of_blocks(blocks, f"{place} › {text_of(summary)}")
        case Picture():
            yield _of_picture(block, place)
        case Table():
            yield from _of_table(block, place)


def _of_blocks(blocks: Iterable[Block], place: str) -> Iterator[Statement]:
    for block in blocks:
        yield from _of_block(block, place)


def _statement(place: str, runs: Runs) -> Statement:
    numbers = [run.number for run in runs if run.number is not None]
    exact = " ".join(f"{number.key}={number.value!r}" for number in numbers)
    return Statement(place, text_of(runs, hidden=True), exact, len(numbers))


def _of_picture(picture: Picture, place: str) -> Statement:
    numbers = read_numbers(picture.svg)
    told = " ".join(f"{number.key}={number.value!r}:{number.text}" for number in numbers)
    drawn = hashlib.sha256(picture.svg.encode()).hexdigest()
    text = f"wykres „{picture.title}”: {picture.description}"
    return Statement(place, text, f"{drawn} {told}", len(numbers))


def _of_table(table: Table, place: str) -> Iterator[Statement]:
    caption = text_of(table.caption, hidden=True)
    within = f"{place} › {caption}" if caption and caption != place else place
    heads = [text_of(cell.runs) for cell in table.rows[0]] if table.head and table.rows else []
    for row in table.rows:
        first = text_of(tuple(run for run in row[0].runs if not run.soft)) if row else ""
        for column, cell in enumerate(row):
            head = heads[column] if column < len(heads) else ""
            where = " › ".join(part for part in (within, first if column else "", head) if part)
            yield _statement(where, cell.runs)


# -- DOCX -------------------------------------------------------------------------------------


def _read_docx(data: bytes) -> Stated:
    import docx

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        receipt = read_docx_receipt(archive)
    document = docx.Document(io.BytesIO(data))
    shown: dict[str, str] = {}
    statements = tuple(_of_document(document, shown))
    return Stated((*_of_margins(document), *statements), receipt, shown)


def _of_margins(document: Any) -> Iterator[Statement]:
    """Yield what stands at the top and at the bottom of each page."""
    for number, section in enumerate(document.sections, 1):
        for name, part in (("nagłówek", section.header), ("stopka", section.footer)):
            text = "\n".join(paragraph.text for paragraph in part.paragraphs)
            yield Statement(f"{name} stron, część {number}", text)


def _of_document(document: Any, shown: dict[str, str]) -> Iterator[Statement]:
    """Yield what the body states; the table of the receipt goes to ``shown``."""
    from docx.table import Table as WordTable

    place = ""
    for part in document.iter_inner_content():
        if isinstance(part, WordTable):
            if place == RECEIPT_HEADING:
                shown.update((row[0], row[1]) for row in _word_rows(part) if len(row) > 1)
            else:
                yield from _of_word_table(part, place)
            continue
        if part.style.name.startswith("Heading"):
            place = part.text
        if part.text.strip() and part.text != RECEIPT_HEADING:
            yield Statement(place, part.text)
        yield from _of_drawings(part, document, place)


def _of_drawings(paragraph: Any, document: Any, place: str) -> Iterator[Statement]:
    """Yield the words and the dots of each drawing in a paragraph."""
    from docx.oxml.ns import qn

    for inline in paragraph._p.iter(qn("wp:inline"), qn("wp:anchor")):
        named = inline.find(qn("wp:docPr"))
        words = named.get("descr", "") if named is not None else ""
        drawn = ""
        for blip in inline.iter(qn("a:blip")):
            part = document.part.related_parts[blip.get(qn("r:embed"))]
            drawn += hashlib.sha256(part.blob).hexdigest()[:_DIGEST_SIGNS]
        yield Statement(place, f"wykres: {words}", f"punkty rysunku {drawn}")


def _of_word_table(table: Any, place: str) -> Iterator[Statement]:
    rows = list(_word_rows(table))
    for number, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text.strip():
                head = rows[0][column] if number and column < len(rows[0]) else ""
                parts = (place, cells[0] if column else "", head)
                yield Statement(" › ".join(part for part in parts if part), text)


def _word_rows(table: Any) -> Iterator[list[str]]:
    from docx.oxml.ns import qn

    for row in table._tbl.tr_lst:
        yield ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.tc_lst]


# -- XLSX -------------------------------------------------------------------------------------


def _read_xlsx(data: bytes) -> Stated:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    receipt: dict[str, Any] = {}
    statements: list[Statement] = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if name == RECEIPT_SHEET:
            receipt = {str(row[0]): _value(str(row[1])) for row in rows[1:]}
        else:
            statements += _of_sheet(name, rows)
    return Stated(tuple(statements), receipt)


def _of_sheet(name: str, rows: list[list[Any]]) -> Iterator[Statement]:
    from xlsxwriter.utility import xl_rowcol_to_cell

    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell == "":
                continue
            place = f"arkusz {name}, komórka {xl_rowcol_to_cell(row, column)}"
            is_number = isinstance(cell, (int, float))
            yield Statement(place, str(cell), repr(cell) if is_number else "", int(is_number))


def _value(text: str) -> Any:
    """Read a value of the receipt as it was written: texts plainly, the rest as JSON."""
    if text.startswith(("{", "[")) or text in ("true", "false", "null"):
        return json.loads(text)
    return text
