"""Which numbers stand in the sentences of a page, and does each carry its evidence?

Tables, lists of facts and drawings have their own keys; here the running text is read: paragraphs,
lists, headings, captions. A number in it either carries the key of the value that it prints, or is
a year, the mark of a source ("[1]") or a part of a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.formats import format_number
from tests.prose import ProseNumber, blot_names, one_space, read_prose_numbers

_PROSE = frozenset(
    ("p", "li", "figcaption", "summary", "blockquote", *(f"h{n}" for n in range(1, 7)))
)
_OTHER = frozenset(
    ("script", "style", "svg", "table", "dl", "code", "pre", "title", "nav", "template", "select")
)
_SOURCE_MARK = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class KeyedNumber:
    """A number of a sentence with the key and the value that it claims."""

    key: NumberKey
    value: float
    scale: float
    text: str
    start: int

    @property
    def holds(self) -> bool:
        """Whether the text is the value, rounded to the digits that are written."""
        read = read_prose_numbers(self.text)
        if len(read) != 1:
            return False
        places = max(0, -int(read[0].value.as_tuple().exponent))
        signed = self.text.startswith("+")
        return format_number(self.value / self.scale, places, signed=signed) == self.text


@dataclass
class Passage:
    """One paragraph, item or heading of a page.

    Attributes
    ----------
    text : str
        As the reader sees it.
    keyed : list of KeyedNumber
        The numbers that carry a key.
    """

    text: str = ""
    keyed: list[KeyedNumber] = field(default_factory=list)

    def list_bare(self, names: Iterable[str], years: Collection[int]) -> list[ProseNumber]:
        """Return the numbers without a key that are no year and no part of a name."""
        text = _SOURCE_MARK.sub(lambda mark: "_" * len(mark[0]), self.text)
        for number in self.keyed:
            end = number.start + len(number.text)
            text = text[: number.start] + "_" * len(number.text) + text[end:]
        read = read_prose_numbers(blot_names(text, names))
        return [one for one in read if not (one.is_year and int(one.text) in years)]


def read_passages(html: str) -> list[Passage]:
    """Return the running text of a page, passage by passage.

    Examples
    --------
    >>> (passage,) = read_passages('<p>W 2022 r. <data value="3.14" data-key="unit=9002;'
    ...     'indicator=x;year=2022;statistic=value;group=">3,1</data> km.</p>')
    >>> passage.text, passage.keyed[0].holds
    ('W 2022 r. 3,1 km.', True)
    """
    reader = _PassageReader()
    reader.feed(html)
    reader.close()
    return reader.found


def check_page_prose(
    html: str, *, names: Iterable[str] = (), years: Collection[int] = ()
) -> tuple[str, ...]:
    """Return the numbers of a page's sentences that nothing stands behind, in Polish.

    Parameters
    ----------
    html : str
        The page.
    names : iterable of str
        Names, definitions, labels and fixed sentences that may hold numbers of their own.
    years : collection of int
        Years that the page may name.

    Examples
    --------
    >>> check_page_prose("<p>W 2022 r. było 7 wypadków.</p>", years={2022})
    ('„7” bez klucza w zdaniu: W 2022 r. było 7 wypadków.',)
    """
    passages = read_passages(html)
    told = one_space("\n".join(passage.text for passage in passages)).lower()
    # of thousands of names a page has some: one pattern of them all takes seconds to make
    here = tuple(name for name in names if one_space(name).lower() in told)
    return tuple(_list_wrong(passages, here, years))


def _list_wrong(
    passages: Iterable[Passage], names: tuple[str, ...], years: Collection[int]
) -> Iterator[str]:
    for passage in passages:
        for number in passage.keyed:
            if not number.holds:
                yield f"„{number.text}” nie jest zapisem {number.value!r} w zdaniu: {passage.text}"
        for bare in passage.list_bare(names, years):
            yield f"„{bare.text}” bez klucza w zdaniu: {passage.text}"


class _PassageReader(HTMLParser):
    """Collects the text of passages; one inside another is told apart from it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Passage] = []
        self._open: list[tuple[str, Passage]] = []
        self._other: list[str] = []
        self._number: tuple[NumberKey, float, float, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _OTHER:
            self._other.append(tag)
        elif self._other:
            return
        elif tag in _PROSE:
            if self._open and self._open[-1][0] == "p":
                self._close()
            self._open.append((tag, Passage()))
        elif tag == "br" and self._open:
            self._open[-1][1].text += " "
        elif tag == "data" and self._open:
            given = dict(attrs)
            key, value = given.get("data-key"), given.get("value")
            if key and value:
                start = len(self._open[-1][1].text)
                scale = float(given.get("data-scale") or 1)
                self._number = (NumberKey.parse(key), float(value), scale, start)

    def handle_endtag(self, tag: str) -> None:
        if self._other:
            if tag == self._other[-1]:
                self._other.pop()
        elif tag == "data" and self._number is not None and self._open:
            key, value, scale, start = self._number
            passage = self._open[-1][1]
            passage.keyed.append(KeyedNumber(key, value, scale, passage.text[start:], start))
            self._number = None
        elif self._open and tag == self._open[-1][0]:
            self._close()

    def handle_data(self, data: str) -> None:
        if self._open and not self._other:
            self._open[-1][1].text += data

    def _close(self) -> None:
        passage = self._open.pop()[1]
        if passage.text.strip():
            self.found.append(passage)
