"""What does a report say? Headings, paragraphs, numbers with their keys, tables, charts, in order.

The writers of all formats read only this; :mod:`smup_lib.reports.exports.page` makes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from smup_lib.present.numbers import PrintedNumber

#: What follows tells when and with what a report was made, not what it says.
RECEIPT_HEADING = "Metryka raportu"
#: Signs that no XML may hold, so that office programs refuse a file with them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


@dataclass(frozen=True)
class Run:
    """Words of one kind within a paragraph.

    Attributes
    ----------
    text : str
        With single spaces; a non-breaking space stays one. A control character, which no file of
        an office program may hold, is dropped, as it is in titles and in drawings.
    bold : bool
        Whether it is stressed.
    number : PrintedNumber or None
        What the words are when they are a result.
    hidden : bool
        Whether only a screen reader is told it.
    soft : bool
        Whether it is a remark on what stands before it, on a line of its own.
    """

    text: str
    bold: bool = False
    number: PrintedNumber | None = None
    hidden: bool = False
    soft: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _writable(self.text))


Runs: TypeAlias = "tuple[Run, ...]"


def text_of(runs: Runs, *, hidden: bool = False) -> str:
    """Return the words of runs, by default those that an eye sees."""
    return "".join(run.text for run in runs if hidden or not run.hidden).strip()


@dataclass(frozen=True)
class Heading:
    """A heading of a level from 1; ``kind`` is the class of the section that it begins."""

    level: int
    runs: Runs
    kind: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is the name of its style on the page: ``sentence``, ``source``, ..."""

    runs: Runs
    kind: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list; each item holds blocks."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table."""

    runs: Runs
    heads: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first ``head`` rows name the columns."""

    caption: Runs
    rows: tuple[tuple[Cell, ...], ...]
    head: int


@dataclass(frozen=True)
class Picture:
    """A drawing: SVG, its title and the words that tell it to who does not see it."""

    svg: str
    title: str
    description: str

    def __post_init__(self) -> None:
        for name in ("svg", "title", "description"):
            object.__setattr__(self, name, _writable(getattr(self, name)))


@dataclass(frozen=True)
class Fold:
    """What the page shows on demand.

    ``kind`` is ``twin`` (the table of a chart), ``reading`` (how to read it), ``why``, ``side``,
    ``card-details`` or ``more``.
    """

    summary: Runs
    blocks: tuple[Block, ...]
    kind: str


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Picture | Fold


@dataclass(frozen=True)
class Content:
    """All that a report says.

    Attributes
    ----------
    title : str
        Of the page.
    blocks : tuple of Block
        In the order of the page.
    receipt : mapping
        What the report rests on; see :class:`smup_lib.reports.receipt.Receipt`.
    """

    title: str
    blocks: tuple[Block, ...]
    receipt: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", _writable(self.title))

    @property
    def fictional(self) -> bool:
        """Whether the units are fictional."""
        return bool(self.receipt.get("fictional"))
