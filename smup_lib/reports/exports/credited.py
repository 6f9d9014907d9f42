"""Which sources stand beside each number of a report, and how do their publishers ask to be named?

Read from what the report itself says: the marks in the row, finding or chart of a number, and the
table of sources at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.present.numbers import read_numbers
from smup_lib.reports.exports.content import (
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
from smup_lib.reports.exports.outline import SOURCES, lines_of, sections_of

if TYPE_CHECKING:
    from smup_lib.conclude.evidence import NumberKey

_MARK = re.compile(r"\[(\d+)\]")
#: Columns of the table of sources: mark, title, publisher, file, days.
_LEAST_COLUMNS = 5


@dataclass(frozen=True)
class Source:
    """One source as the table of a report tells it."""

    name: str
    days: str


def list_credits(content: Content) -> list[str]:
    """Return the lines in which publishers ask to be named.

    Examples
    --------
    >>> from smup_lib.reports.exports.page import read_content
    >>> page = "<main><section class='smup-sources'><h2>Źródła</h2><ul><li>GUS</ul></section>"
    >>> list_credits(read_content(page))
    ['GUS']
    """
    return list(lines_of(b for b in _told_sources(content) if isinstance(b, Bullets)))


def list_sources(content: Content) -> dict[str, Source]:
    """Return the sources in the table of a report by their marks, such as ``[8]``."""
    tables = (block for block in _told_sources(content) if isinstance(block, Table))
    rows = (row for table in tables for row in table.rows[table.head :])
    return {
        text_of(row[0].runs): Source(
            f"{text_of(row[0].runs)} {_first_line(row[1].runs)} · {text_of(row[2].runs)}"
            f" · {_first_line(row[3].runs)}",
            text_of(row[4].runs),
        )
        for row in rows
        if len(row) >= _LEAST_COLUMNS
    }


def _told_sources(content: Content) -> tuple[Block, ...]:
    section = sections_of(content).get(SOURCES)
    return section.blocks if section else ()


def _first_line(runs: Runs) -> str:
    """Return the words of a cell without the remarks in it."""
    return text_of(tuple(run for run in runs if not run.soft)).rstrip(" ·")


def sources_beside(content: Content) -> dict[NumberKey, tuple[str, ...]]:
    """Return for each number the marks of the sources told beside it.

    Where a number stands at several places, the one with the fewest marks counts; one that stands
    beside none has the sources of other numbers of its indicator and year, or of its indicator.
    """
    found: dict[NumberKey, tuple[str, ...]] = {}
    alike: dict[tuple[str, int | None], tuple[str, ...]] = {}
    keys: list[NumberKey] = []
    for near, marks in _groups(content.blocks):
        keys += near
        for key in near if marks else ():
            found[key] = min(found.get(key, marks), marks, key=len)
            for wider in ((key.indicator, key.year), (key.indicator, None)):
                alike[wider] = min(alike.get(wider, marks), marks, key=len)
    for key in keys:
        if key not in found:
            wide = alike.get((key.indicator, None), ())
            found[key] = alike.get((key.indicator, key.year), wide)
    return found


_Group = tuple[list["NumberKey"], tuple[str, ...]]


def _groups(blocks: Iterable[Block]) -> Iterator[_Group]:
    """Yield the numbers that stand together with the marks beside them; rows of tables first."""
    keys: list[NumberKey] = []
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Heading) or _begins_figure(block):
            yield keys, _marks(texts)
            keys, texts = [], []
        match block:
            case Heading(_, runs) | Paragraph(runs, _):
                keys += _keys(runs)
                texts.append(text_of(runs))
            case Picture(svg=svg):
                keys += (number.key for number in read_numbers(svg))
            case Table() | Bullets() | Fold():
                for near, marks in _inner(block):
                    if marks:
                        yield near, marks
                    else:  # the table of a chart has the sources of the chart
                        keys += near
    yield keys, _marks(texts)


def _inner(block: Table | Bullets | Fold) -> Iterator[_Group]:
    """Yield the groups of a row, an item, or what is told on demand."""
    match block:
        case Table(_, rows, _):
            for row in rows:
                near = [key for cell in row for key in _keys(cell.runs)]
                yield near, _marks(text_of(cell.runs) for cell in row)
        case Bullets(items):
            for item in items:
                yield from _groups(item)
        case Fold(_, blocks, _):
            yield from _groups(blocks)


def _begins_figure(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.kind == "figure-title"


def _keys(runs: Runs) -> list[NumberKey]:
    return [run.number.key for run in runs if run.number is not None]


def _marks(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"[{n}]" for text in texts for n in _MARK.findall(text)))
