"""Which number is this? Every printed number carries the key that lets it be computed again.

A number in text is ``<data class="num" value="41.2" data-key="unit=9002;...">41,2</data>``; inside
an SVG, where ``data`` elements do not exist, a ``tspan`` bears ``data-value`` and ``data-key``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.present.compact_page import expand_page
from smup_lib.present.formats import format_number, join_unit
from smup_lib.present.words import flag_sign, flag_words


@dataclass(frozen=True)
class PrintedNumber:
    """A number found on a page.

    Attributes
    ----------
    key : NumberKey
        What it claims to be.
    value : float or None
        The exact value it claims; None for a missing one.
    text : str
        What the reader sees.
    scale : float
        What is printed is ``value / scale``.
    """

    key: NumberKey
    value: float | None
    text: str
    scale: float = 1.0


def write_cited(number: CitedNumber) -> str:
    """Return a number of a sentence as plain text."""
    return format_number(
        number.value, number.decimals, number.measure_unit or None, signed=number.signed
    )


def tag_cited(number: CitedNumber) -> str:
    """Return the HTML of a number of a sentence with its key."""
    return tagged(
        number.value,
        number.key,
        number.decimals,
        measure_unit=number.measure_unit,
        signed=number.signed,
    )


def tagged(
    value: float | None,
    key: NumberKey | None,
    decimals: int = 0,
    *,
    measure_unit: str = "",
    signed: bool = False,
    flag: str = "no_data",
    scale: float = 1.0,
) -> str:
    """Return the HTML of a number with its key; a null shows the sign of its flag and says why.

    Parameters
    ----------
    value : float or None
        None and NaN are nulls.
    key : NumberKey or None
        None only for numbers that are not results (a count of table rows).
    decimals : int, default 0
        Digits after the comma.
    measure_unit : str, optional
        Written behind the element.
    signed : bool, default False
        Write a plus before a positive number.
    flag : str, default ``no_data``
        Flag of the value; says why a null is null.
    scale : float, default 1
        The printed number is ``value / scale`` (1000 when the unit is "tys. zł").

    Examples
    --------
    >>> html = tagged(41.2, NumberKey("9002", "r", 2018), 1, measure_unit="%")
    >>> html.startswith('<data class="num" value="41.2" data-key="unit=9002;indicator=r;year=2018;')
    True
    >>> html.endswith(">41,2</data>%")
    True
    """
    null = value is None or math.isnan(value)
    if null or value is None:
        inner, machine = missing_html(flag), ""
    else:
        inner = format_number(value / scale, decimals, signed=signed)
        machine = repr(float(value))
    scaled = f' data-scale="{scale:g}"' if scale != 1 else ""
    because = f' data-flag="{escape(flag)}"' if null else ""
    named = "" if key is None else f' data-key="{escape(str(key))}"'
    body = f'<data class="num" value="{machine}"{named}{scaled}{because}>{inner}</data>'
    return body if null else join_unit(body, escape(measure_unit))


def missing_html(flag: str) -> str:
    """Return the sign of a missing value, with its words for eye, keyboard and screen reader.

    Examples
    --------
    >>> missing_html("no_data")
    '<abbr class="smup-missing" role="img" title="brak danych" aria-label="brak danych">–</abbr>'
    """
    words = escape(flag_words(flag))
    return (
        f'<abbr class="smup-missing" role="img" title="{words}" aria-label="{words}">'
        f"{escape(flag_sign(flag))}</abbr>"
    )


def read_numbers(html: str) -> list[PrintedNumber]:
    """Return every number with a key on a page, in reading order, from HTML and SVG alike.

    Raises
    ------
    ValueError
        When a key or a value is damaged.

    Examples
    --------
    >>> page = "<p>" + tagged(41.2, NumberKey("9002", "r", 2018), 1) + "</p>"
    >>> [(n.key.unit, n.value, n.text) for n in read_numbers(page)]
    [('9002', 41.2, '41,2')]
    """
    reader = _NumberReader()
    reader.feed(expand_page(html))
    reader.close()
    return reader.found


class _NumberReader(HTMLParser):
    """Collects the elements that bear ``data-key``, with the text inside them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[PrintedNumber] = []
        self._open: tuple[str, NumberKey, float | None, float] | None = None
        self._depth = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open is not None:
            self._depth += tag == self._open[0]
            return
        given = dict(attrs)
        key = given.get("data-key")
        if key is None:
            return
        value = given.get("data-value", given.get("value")) or ""
        scale = float(given.get("data-scale") or 1)
        self._open = (tag, NumberKey.parse(key), float(value) if value else None, scale)
        self._depth, self._text = 1, []

    def handle_endtag(self, tag: str) -> None:
        if self._open is None or tag != self._open[0]:
            return
        self._depth -= 1
        if self._depth == 0:
            _, key, value, scale = self._open
            text = "".join(self._text)
            # a tooltip names the unit before its number
            shown = text.rpartition(": ")[2] if tag == "title" else text
            self.found.append(PrintedNumber(key, value, shown, scale))
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._text.append(data)
