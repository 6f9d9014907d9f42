"""What does the page of a report state, and is the rest of it what this program writes?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

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
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.exports.stated import Difference, Stated, Statement, first_difference
from smup_lib.reports.exports.told_receipt import (
    as_receipt,
    checked_receipt,
    compare_rows,
    rows_of,
)
from smup_lib.reports.shared_assets import derive_again, find_navigation, folder_up, join_assets

#: What a machine reads of the receipt: it holds no ``<``, so nothing else hides in it.
_DATA = re.compile(r'<script type="application/json" id="smup-receipt">[^<]*</script>')
_SECTION = re.compile(r'<section class="smup-receipt">.*?</section>', re.S)


def read_html(data: bytes, path: Path) -> Stated:
    """Read a page, single or of a site; what of it serves no reader is compared as written."""
    written = data.decode("utf-8")
    page = join_assets(written, path.parent)
    content = read_content(page)
    told = checked_receipt(content.receipt, str(path))
    own = [*_of_site(written, page, told)]
    code = _without_receipt(page, told, own)
    return Stated(tuple(statements_of(content)), told, (), code, tuple(own))


def _of_site(written: str, page: str, told: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield where a page of a site is not the one that its single page gives."""
    from smup_lib.reports.batch.site_pages import navigation

    found, up = find_navigation(written), folder_up(written)
    right = [""] if up is None else _navigations(navigation, up, told)
    again = derive_again(written, page, found if found in right else right[0])
    if again != written:
        yield first_difference(written, again)


def _navigations(navigation: Any, up: str, told: Mapping[str, Any]) -> list[str]:
    """Return all that can stand above a report of a site."""
    units = (str(told["parameters"].get("unit") or ""), "")
    return [*(navigation(up, has_map, unit) for unit in units for has_map in (True, False)), ""]


def _without_receipt(page: str, told: Mapping[str, Any], own: list[Difference]) -> str:
    """Take the one receipt and the versions of a page out, and note where they are others."""
    receipt = as_receipt(told)
    section = receipt.render()
    if page.count(section) == 1:
        page = page.replace(section, "")
    elif found := _SECTION.search(page):
        rows = [*compare_rows(rows_of(found[0]), rows_of(section))]
        own += rows or [first_difference(found[0], section, RECEIPT_HEADING)]
        page = page.replace(found[0], "", 1)
    for name, value in (
        ("smup-receipt", receipt.id),
        ("generator", f"smup-workbench {receipt.library_version}"),
    ):
        page = page.replace(f'<meta name="{name}" content="{value}">', "", 1)
    return _DATA.sub("", page, count=1)


def statements_of(content: Content) -> Iterator[Statement]:
    """Yield what a report states, without its receipt."""
    for place, block in _placed(content):
        if not (place == RECEIPT_HEADING and isinstance(block, Heading | Table)):
            yield from _of_block(block, place)


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
