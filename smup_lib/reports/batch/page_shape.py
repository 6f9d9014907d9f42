"""Does a page have what its siblings have? Headings in order, figures, tables, numbers, findings.

A page whose findings or figures are gone may be faultless in all that is left of it. What others
of the same report, level and status have in common tells what is missing.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Pages beside which one can be called odd.
ENOUGH_PAGES = 5
#: A heading that this part of the siblings has is one that the report always has.
_ALWAYS = 0.95
#: Less than this part of what the siblings have in the middle is too little. Units without some
#: values honestly have fewer charts; findings may even be few on an honest page, so none is odd
#: only where nearly all siblings have some.
_TOO_FEW = 0.4
_COUNTED = {"figures": "wykresy", "tables": "tabele", "numbers": "liczby", "credits": "źródła"}


@dataclass(frozen=True)
class PageShape:
    """What a page is made of.

    Attributes
    ----------
    headings : tuple of str
        Of its parts, in the order of the page.
    figures, tables, numbers, sentences, credits : int
        Charts, tables, results, findings and lines that name the source of a chart.
    """

    headings: tuple[str, ...] = ()
    figures: int = 0
    tables: int = 0
    numbers: int = 0
    sentences: int = 0
    credits: int = 0


def shape_of(root: HtmlElement) -> PageShape:
    """Return what a page is made of."""
    return PageShape(
        headings=tuple(" ".join(one.text_content().split()) for one in root.iter("h2")),
        figures=sum(1 for _ in root.iter("figure")),
        tables=sum(1 for _ in root.iter("table")),
        numbers=sum(1 for one in root.iter("data") if one.get("data-key")),
        sentences=len(root.find_class("smup-sentence")),
        credits=len(root.find_class("smup-source")),
    )


def odd_ones(shapes: Sequence[PageShape]) -> Iterator[tuple[int, str]]:
    """Yield the places of pages that lack what their siblings have, and in Polish what.

    Parameters
    ----------
    shapes : sequence of PageShape
        Of pages of one report, level and status.

    Examples
    --------
    >>> whole = PageShape(("W skrócie", "Źródła"), figures=9)
    >>> list(odd_ones([*[whole] * 5, PageShape(("Źródła",), figures=9)]))
    [(5, 'nie ma części „W skrócie”, którą mają inne strony tego raportu')]
    """
    if len(shapes) < ENOUGH_PAGES:
        return
    usual = _usual_headings(shapes)
    middles = {name: statistics.median(getattr(s, name) for s in shapes) for name in _COUNTED}
    said = sum(shape.sentences > 0 for shape in shapes)
    for place, shape in enumerate(shapes):
        for heading in usual:
            if heading not in shape.headings:
                yield place, f"nie ma części „{heading}”, którą mają inne strony tego raportu"
        own = [heading for heading in shape.headings if heading in usual]
        if own != [heading for heading in usual if heading in own]:
            yield place, "części stoją w innej kolejności niż na innych stronach tego raportu"
        for name, words in _COUNTED.items():
            count, middle = getattr(shape, name), middles[name]
            if count < middle * _TOO_FEW:
                yield place, f"{words}: {count}, a na innych stronach tego raportu {middle:.0f}"
        if shape.sentences == 0 and said >= _most(len(shapes)):
            yield place, "nie ma ani jednego ustalenia, a mają je inne strony tego raportu"


def _most(count: int) -> int:
    """Return how many pages are nearly all: of few, all but one."""
    return min(count - 1, int(count * _ALWAYS))


def _usual_headings(shapes: Sequence[PageShape]) -> list[str]:
    """Return the headings that nearly all pages have, in their most frequent order."""
    have = Counter(heading for shape in shapes for heading in dict.fromkeys(shape.headings))
    always = {heading for heading, count in have.items() if count >= _most(len(shapes))}
    orders = Counter(
        tuple(dict.fromkeys(heading for heading in shape.headings if heading in always))
        for shape in shapes
    )
    # the longest order, and of these the one that most pages have
    best, _ = max(orders.items(), key=lambda item: (len(item[0]), item[1]))
    return list(best)
