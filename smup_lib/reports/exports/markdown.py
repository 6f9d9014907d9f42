"""What a page says as Markdown: for a mail, a ticket, a wiki. Drawings are told in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from smup_lib.reports.exports.content import (
    Block,
    Bullets,
    Cell,
    Content,
    Fold,
    Heading,
    Paragraph,
    Picture,
    Runs,
    Table,
    text_of,
)

#: Signs that Markdown would take for its own.
_SPACE = re.compile(r"[ \t\n]+")  # a non-breaking space stays one
_SIGNS = re.compile(r"([\\`*_\[\]<>|#])")


def write_markdown(content: Content) -> str:
    r"""Return what a page says as Markdown.

    Parameters
    ----------
    content : Content
        See :func:`smup_lib.reports.exports.page.read_content`.

    Examples
    --------
    >>> from smup_lib.reports.exports.content import Run
    >>> write_markdown(Content("", (Heading(2, (Run("Drogi"),)), Paragraph((Run("a*b"),)))))
    '## Drogi\n\na\\*b\n'
    """
    return "\n\n".join(_lines(content.blocks)) + "\n"


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield f"{'#' * block.level} {_text(block.runs)}"
        elif isinstance(block, Paragraph):
            yield _text(block.runs)
        elif isinstance(block, Bullets):
            yield "\n".join(f"- {_item(item)}" for item in block.items)
        elif isinstance(block, Table):
            yield from _table(block)
        elif isinstance(block, Picture):
            yield _escaped(f"{block.title}. {block.description}")
        elif isinstance(block, Fold):
            yield f"**{_text(block.summary)}**"
            yield from _lines(block.blocks)


def _item(blocks: Iterable[Block]) -> str:
    """Return an item; what follows its first paragraph is indented under it."""
    return "\n\n".join(_lines(blocks)).replace("\n", "\n  ")


def _table(table: Table) -> Iterator[str]:
    if caption := _text(table.caption):
        yield f"**{caption}**"
    head, rows = table.rows[: table.head], table.rows[table.head :]
    names = [_text(cell.runs) for cell in head[-1]] if head else []
    width = max((len(row) for row in table.rows), default=0)
    lines = [_row([*names, *[""] * (width - len(names))]), _row(["---"] * width)]
    yield "\n".join([*lines, *(_row(_cells(row)) for row in rows)])


def _cells(row: Iterable[Cell]) -> list[str]:
    return [_text(cell.runs) for cell in row]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(runs: Runs) -> str:
    return _escaped(_SPACE.sub(" ", text_of(runs)))


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)
