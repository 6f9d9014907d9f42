"""What is one statement of a report, and how do two files of it differ?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
class Difference:
    """One place where a file says something else than the data.

    Attributes
    ----------
    place : str
        Heading, table and row, or sheet and cell.
    stated : str
        What the file says; empty where it says nothing.
    recomputed : str
        What the data say; empty where they say nothing.
    """

    place: str
    stated: str
    recomputed: str


@dataclass(frozen=True)
class Stated:
    """All that a file states, and the receipt inside it.

    Attributes
    ----------
    statements : tuple of Statement
        All but the receipt.
    receipt : mapping
        What a machine reads of it.
    shown : tuple of tuple of str
        What an eye reads of it, row by row; empty where both are one.
    code : str
        The page as written, without its receipt; empty for other formats.
    own : tuple of Difference
        Where the file is not what this program writes, whatever the data are.
    """

    statements: tuple[Statement, ...]
    receipt: Mapping[str, Any]
    shown: tuple[tuple[str, ...], ...] = ()
    code: str = ""
    own: tuple[Difference, ...] = ()


#: So many signs are shown before and after the first that differs.
_BEFORE, _AFTER = 20, 100
#: Where what differs is read by no one, only drawn.
CODE_PLACE = "zapis strony poza zdaniami, tabelami i wykresami"


def first_difference(stated: str, right: str, place: str = CODE_PLACE) -> Difference:
    """Return where two texts begin to differ, with a little of what stands around.

    Examples
    --------
    >>> first_difference("<p>1</p>", "<p>2</p>", "strona")
    Difference(place='strona', stated='<p>1</p>', recomputed='<p>2</p>')
    """
    pairs = enumerate(zip(stated, right, strict=False))
    start = next((n for n, (a, b) in pairs if a != b), min(len(stated), len(right)))
    begin = max(0, start - _BEFORE)
    lead = "…" if begin else ""
    told = (f"{lead}{text[begin : start + _AFTER]}" for text in (stated, right))
    return Difference(place, *told)
