"""How does a report take less room without losing a word, a number or a key?

What a page repeats a thousand times is written once, in a list at its end: the keys of numbers, and
the classes and plain paint of drawings, which become rules of a style of the page's own. A number
that a cell can be sorted by, or that a drawing and a table both hold, is written once. Cells and
rows end where the next begins, as HTML allows. Text, tables, drawings and exact values stay as they
are, so the page is whole without any script. :func:`expand_page` gives back the
page letter for letter; whoever reads numbers or contents from a page reads that.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from smup_lib.present.tokens import PAINTS

#: By this a compact page is known; the list at its end bears it.
MARK = '<script type="application/json" id="smup-skroty">'
_LIST = re.compile(re.escape(MARK) + r"(.*?)</script>", re.S)
_STYLE = re.compile(r'<style class="smup-skroty">.*?</style>', re.S)
_SVG = re.compile(r"<svg\b.*?</svg>", re.S)
_PAINT_NAMES = (
    "class|fill|stroke|stroke-width|text-anchor|font-size|font-weight|stroke-linejoin"
    "|paint-order|stroke-dasharray"
)
_PAINT_RUN = re.compile(
    rf"(<[a-z]+\b(?:(?! (?:{_PAINT_NAMES})=)[^<>])*)"
    rf'((?: (?:{_PAINT_NAMES})="[^"(]*")+)(?=[ />])(?![^<>]* class=)'
)
_SHORT_PAINT = re.compile(r' class="p-([0-9a-z]+)(?: [^"]*)?"')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_KEY = re.compile(r' data-key="(unit=[^;"]*);(indicator=[^;"]*);(year=[^;"]*);([^"]*)"')
_SHORT_KEY = re.compile(r' data-k="([0-9a-z]+)\.([0-9a-z]+)\.([0-9a-z]+)\.([0-9a-z]+)"')
_NUMBER = ('<data class="num" value="', '<data value="')
_IN_TABLE = re.compile(r'<data value="([^"]+)" data-k="([^"]+)"')
_IN_DRAWING = re.compile(r'( data-value="[^"]*")? data-k="([^"]+)"')
_TABLE = re.compile(r"<table\b.*?</table>", re.S)
_CELL_END = re.compile(r"</t[dh]>(?=<t[dh][ >]|</tr>)")
_ROW_END = re.compile(r"</tr>(?=<tr[ >]|</t(?:body|head)>)")
_TABLE_TAG = re.compile(r"<(/?)(td|th|tr|tbody|thead)\b")
_SORT = re.compile(r' data-sort="([^"]+)"((?: data-label="[^"]*")?><data class="num" value="\1")')
_SHORT_SORT = re.compile(r' data-sort((?: data-label="[^"]*")?><data class="num" value="([^"]+)")')
_ROOT = (
    " font-size=\"14\" font-family=\"'Smup Sans','Source Sans 3',Arial,sans-serif\">",
    ' data-f="">',
)
_SPACE = ('<svg xmlns="http://www.w3.org/2000/svg"', "<svg")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def compact_page(page: str) -> str:
    """Return a page that says the same in less room.

    A page that could not be given back letter for letter stays as it is.

    Examples
    --------
    >>> cell = '<td data-sort="1.5"><data class="num" value="1.5" data-key="{}">1,5</data></td>'
    >>> key = "unit=9002;indicator=library_readers_per_1k;year=2022;statistic=value;group="
    >>> page = "<head></head><body>" + 40 * cell.format(key) + "</body>"
    >>> short = compact_page(page)
    >>> len(short) < len(page) / 1.5, expand_page(short) == page
    (True, True)
    """
    if MARK in page or "<body" not in page:
        return page
    parts = tuple(_Shorts() for _ in range(_KEY.groups))
    for key in _KEY.findall(page):
        for shorts, part in zip(parts, key, strict=True):
            shorts.count(part)
    paints = _Shorts()
    for drawing in _SVG.findall(page):
        for _, run in _PAINT_RUN.findall(drawing):
            paints.count(run)

    def short_key(found: re.Match[str]) -> str:
        told = (one.short(part) for one, part in zip(parts, found.groups(), strict=True))
        return f' data-k="{".".join(told)}"'

    short = _SVG.sub(lambda found: _short_drawing(found[0], paints), page)
    short = _SORT.sub(r" data-sort\2", _KEY.sub(short_key, short)).replace(*_NUMBER)
    values = {key: value for value, key in _IN_TABLE.findall(short)}
    short = _SVG.sub(lambda found: _without_values(found[0], values), short)
    short = _TABLE.sub(lambda found: _ROW_END.sub("", _CELL_END.sub("", found[0])), short)
    told = {"keys": [one.texts for one in parts], "paints": paints.texts}
    listed = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    style = f'<style class="smup-skroty">{_rules(paints.texts)}</style>'
    short = short.replace("</head>", f"{style}</head>", 1)
    head, mark, tail = short.rpartition("</body>")
    short = f"{head}{MARK}{listed}</script>{mark}{tail}"
    return short if len(short) < len(page) and expand_page(short) == page else page


def expand_page(page: str) -> str:
    """Return a compact page as it was; any other page is given back untouched.

    Raises
    ------
    ValueError
        When a short form on the page is not in its list.
    """
    found = _LIST.search(page)
    if found is None:
        return page
    told: dict[str, Any] = json.loads(found[1])
    page = _STYLE.sub("", page.replace(found[0], "", 1), count=1)

    def long_key(match: re.Match[str]) -> str:
        pairs = zip(told["keys"], match.groups(), strict=True)
        return f' data-key="{";".join(_at(texts, number) for texts, number in pairs)}"'

    values = {key: value for value, key in _IN_TABLE.findall(page)}
    page = _TABLE.sub(lambda table: _with_ends(table[0]), page)
    page = _SVG.sub(lambda drawing: _with_values(drawing[0], values), page)
    page = _SHORT_KEY.sub(long_key, page.replace(_NUMBER[1], _NUMBER[0]))
    page = _SHORT_SORT.sub(r' data-sort="\2"\1', page)
    return _SVG.sub(lambda drawing: _long_drawing(drawing[0], told["paints"]), page)


class _Shorts:
    """Texts that repeat, each with a short name; the most frequent are the shortest."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._places: dict[str, int] = {}

    def count(self, text: str) -> None:
        self._counts[text] += 1

    def short(self, text: str) -> str:
        if not self._places:
            self._places = {one: place for place, one in enumerate(self.texts)}
        return _base36(self._places[text])

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self._counts.most_common()]


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
        if not number:
            return digits


def _at(texts: list[str], number: str) -> str:
    try:
        return texts[int(number, len(_DIGITS))]
    except IndexError as error:
        raise ValueError(f"no text for the short form {number!r}") from error


def _short_drawing(svg: str, paints: _Shorts) -> str:
    def short_paint(found: re.Match[str]) -> str:
        kept = "".join(f" {name}" for name in _other_classes(found[2]))
        return f'{found[1]} class="p-{paints.short(found[2])}{kept}"'

    return _PAINT_RUN.sub(short_paint, svg).replace(*_SPACE).replace(*_ROOT)


def _long_drawing(svg: str, paints: list[str]) -> str:
    long = _SHORT_PAINT.sub(lambda found: _at(paints, found[1]), svg)
    for plain, brief in (_SPACE, _ROOT):
        long = long.replace(brief, plain)
    return long


def _without_values(svg: str, values: Mapping[str, str]) -> str:
    """Drop the exact values that a table of the page has under the same key."""

    def short(found: re.Match[str]) -> str:
        told = f' data-value="{values.get(found[2], "")}"'
        return f' data-k="{found[2]}"' if found[1] == told else found[0]

    return _IN_DRAWING.sub(short, svg)


def _with_values(svg: str, values: Mapping[str, str]) -> str:
    def long(found: re.Match[str]) -> str:
        told = found[1] or f' data-value="{values.get(found[2], "")}"'
        return f'{told} data-k="{found[2]}"'

    return _IN_DRAWING.sub(long, svg)


def _with_ends(table: str) -> str:
    """Close each cell and each row of a table that the next tag ends."""
    parts, done, cell, row = [], 0, "", False
    for found in _TABLE_TAG.finditer(table):
        closes, name = bool(found[1]), found[2]
        parts.append(table[done : found.start()])
        done = found.start()
        if cell and not (closes and name == cell):
            parts.append(f"</{cell}>")
        cell = "" if closes or name not in ("td", "th") else name
        if row and name in ("tr", "tbody", "thead") and not (closes and name == "tr"):
            parts.append("</tr>")
        row = (row and name in ("td", "th")) or (name == "tr" and not closes)
    return "".join((*parts, table[done:]))


def _other_classes(run: str) -> Iterable[str]:
    """Return the classes of a run that do not only paint."""
    classes = dict(_ATTRIBUTE.findall(run)).get("class", "").split()
    return [name for name in classes if name not in PAINTS]


def _rules(runs: Iterable[str]) -> str:
    rules = [f".smup-svg .p-{_base36(place)}{{{_css(run)}}}" for place, run in enumerate(runs)]
    return "".join([".smup-svg[data-f]{font-size:14px}", *rules])


def _css(run: str) -> str:
    """Return a run of attributes as declarations; a colour of the page wins over a plain one."""
    given: dict[str, str] = dict(_ATTRIBUTE.findall(run))
    classes = given.pop("class", "").split()
    if "font-size" in given:
        given["font-size"] += "px"
    for name in classes:
        if name in PAINTS:
            kind, colour = PAINTS[name]
            given[kind] = f"var(--smup-{colour})"
    return ";".join(f"{name}:{value}" for name, value in given.items())
