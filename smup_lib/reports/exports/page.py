"""How is what a report says read from its finished page?

The page already holds every sentence, table and drawing with the exact value and the key of each
number. So a document, a workbook and slides say what the page says, and nothing is computed a
second time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.evidence import NumberKey
from smup_lib.errors import ReportError
from smup_lib.present.compact_page import expand_page
from smup_lib.present.numbers import PrintedNumber
from smup_lib.reports.exports.content import (
    Block,
    Bullets,
    Cell,
    Content,
    Fold,
    Heading,
    Paragraph,
    Picture,
    Run,
    Runs,
    Table,
    text_of,
)
from smup_lib.reports.exports.extra import lacking_library

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Parts of a page that serve a screen only.
_SCREEN_ONLY = frozenset(("smup-screen-only", "smup-skip", "smup-land-band", "smup-narrow"))
_DROPPED = frozenset(("script", "style", "nav", "button", "template"))
#: Remarks that the page puts on a line of their own within a cell.
_REMARKS = frozenset(("smup-note", "smup-limits", "smup-figure-unit"))
_SVG_NAMES = (
    *("viewBox", "preserveAspectRatio", "textLength", "lengthAdjust", "clipPath", "clipPathUnits"),
    *("linearGradient", "radialGradient", "gradientUnits", "gradientTransform", "textPath"),
    *("patternUnits", "patternContentUnits", "patternTransform", "markerWidth", "markerHeight"),
    *("refX", "refY", "pathLength"),
)
_CAPITALS = {name.lower(): name for name in _SVG_NAMES}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5}
_BLOCKS = frozenset(
    (
        *_HEADINGS,
        *("p", "div", "section", "article", "figure", "ul", "ol", "dl", "table", "details"),
        *("header", "main", "pre", "li", "blockquote", "svg"),
    )
)


def read_content(page: str) -> Content:
    """Read a finished report.

    Parameters
    ----------
    page : str
        The HTML that :func:`smup_lib.reports.export.render_report` made.

    Raises
    ------
    ReportError
        When it is no report of this workbench, or the extra ``export`` is not installed.

    Examples
    --------
    >>> page = "<main id='tresc'><h1>Drogi</h1><p>Jest <b>dobrze</b>.</p></main>"
    >>> [type(block).__name__ for block in read_content(page).blocks]
    ['Heading', 'Paragraph']
    """
    html = load_lxml()
    root = html.document_fromstring(expand_page(page))
    main = root.find(".//main")
    if main is None:
        raise ReportError(
            "To nie jest raport tego programu: strona nie ma treści głównej.",
            expected="plik HTML utworzony poleceniem smup report run",
            next_step="wskaż plik raportu albo utwórz go na nowo",
        )
    told = root.find(".//script[@id='smup-receipt']")
    title = root.findtext(".//title") or ""
    receipt = json.loads(told.text) if told is not None and told.text else {}
    return Content(title.strip(), tuple(_blocks_in(main)), receipt)


def load_lxml() -> Any:
    """Return the reader of pages; refuse where the extra that brings it is not installed."""
    try:
        from lxml import html
    except ImportError as error:
        raise lacking_library("zapisania dokumentu", error) from error
    return html


# -- blocks -----------------------------------------------------------------------------------


def _blocks_in(parent: HtmlElement) -> Iterator[Block]:
    """Yield the blocks of an element; words that stand beside blocks are paragraphs."""
    loose: list[Run] = [*_words(parent.text)]
    for element in parent:
        if not _is_shown(element):
            loose += _words(element.tail)
            continue
        if element.tag in _BLOCKS:
            yield from _paragraph(loose)
            loose = []
            yield from _block(element)
        else:
            loose += _runs_of(element)
        loose += _words(element.tail)
    yield from _paragraph(loose)


def _block(element: HtmlElement) -> Iterator[Block]:
    tag = element.tag
    if tag in _HEADINGS:
        yield Heading(_HEADINGS[tag], _joined(_runs_in(element)), _section_of(element))
    elif tag in ("p", "pre"):
        yield from _paragraph(_runs_in(element), _kind(element))
    elif tag in ("ul", "ol"):
        items = (_with_mark(tuple(_blocks_in(item))) for item in element if _is_shown(item))
        yield Bullets(tuple(item for item in items if item))
    elif tag == "dl":
        yield _facts(element)
    elif tag == "table":
        yield _table(element)
    elif tag == "details":
        yield _fold(element)
    elif tag == "svg":
        yield _picture(element)
    elif tag == "figure":
        yield from _figure(element)
    elif "smup-unknown" in _classes(element):
        yield from _with_mark(tuple(_blocks_in(element)))
    else:
        yield from _blocks_in(element)


def _with_mark(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put the sign that stands beside a sentence on the page before its first words."""
    match blocks:
        case (Paragraph(mark, ""), Paragraph(runs, kind), *rest) if len(text_of(mark)) == 1:
            return (Paragraph((Run(f"{text_of(mark)} "), *runs), kind), *rest)
    return blocks


def _paragraph(runs: list[Run] | Iterator[Run], kind: str = "") -> Iterator[Paragraph]:
    joined = _joined(runs)
    if text_of(joined, hidden=True):
        yield Paragraph(joined, kind)


def _figure(element: HtmlElement) -> Iterator[Block]:
    """Yield the title of a figure before its drawing, as a reader meets it."""
    caption = element.find("figcaption")
    if caption is not None:
        yield from _paragraph(_runs_in(caption), "figure-title")
        tail, caption.tail = caption.tail, None
        element.remove(caption)
        if tail and tail.strip():
            yield from _paragraph(_words(tail))
    yield from _blocks_in(element)


def _fold(element: HtmlElement) -> Fold:
    summary = element.find("summary")
    runs: Runs = ()
    if summary is not None:
        runs = _joined(_runs_in(summary))
        summary.drop_tree()
    kinds = [name.removeprefix("smup-") for name in _classes(element)]
    return Fold(runs, tuple(_blocks_in(element)), kinds[-1] if kinds else "more")


def _facts(element: HtmlElement) -> Table:
    """Return a list of names and what they mean as a table of two columns."""
    rows: list[tuple[Cell, ...]] = []
    for one in element.iter("dt", "dd"):
        runs = _joined(_runs_in(one))
        if one.tag == "dt":
            rows.append((Cell(runs, heads=True),))
        elif rows:
            rows[-1] = (*rows[-1][:1], Cell((*_rest(rows[-1]), *runs)))
    return Table((), tuple(row if len(row) > 1 else (*row, Cell(())) for row in rows), 0)


def _rest(row: tuple[Cell, ...]) -> Runs:
    """Return what a fact already says, before its next part."""
    return (*row[1].runs, Run("; ")) if len(row) > 1 else ()


def _table(element: HtmlElement) -> Table:
    caption = element.find("caption")
    rows = tuple(_row(row) for row in element.iter("tr"))
    head = len(element.findall("./thead/tr"))
    return Table(_joined(_runs_in(caption)) if caption is not None else (), rows, head)


def _row(row: HtmlElement) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            _joined(_runs_in(cell)),
            cell.tag == "th",
            int(cell.get("colspan") or 1),
            int(cell.get("rowspan") or 1),
        )
        for cell in row
        if cell.tag in ("td", "th")
    )


def _picture(element: HtmlElement) -> Picture:
    from lxml import etree

    title = element.findtext("./title") or ""
    description = element.findtext("./desc") or ""
    _restore_letters(element)
    tail, element.tail = element.tail, None
    svg = etree.tostring(element, encoding="unicode")
    element.tail = tail
    return Picture(svg, _plain(title), _plain(description))


def _restore_letters(drawing: HtmlElement) -> None:
    """Give names back the capital letters that SVG minds and a parser of HTML drops."""
    for element in drawing.iter():
        if isinstance(element.tag, str):
            element.tag = _CAPITALS.get(element.tag, element.tag)
        for name in _CAPITALS.keys() & element.attrib.keys():
            element.set(_CAPITALS[name], element.attrib.pop(name))


# -- words ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Manner:
    """How the words of an element are said, unless an element inside says otherwise."""

    bold: bool = False
    hidden: bool = False
    soft: bool = False

    def within(self, element: HtmlElement) -> _Manner:
        classes = set(_classes(element))
        return _Manner(
            self.bold or element.tag in ("b", "strong"),
            self.hidden or "smup-hidden" in classes,
            self.soft or bool(_REMARKS & classes),
        )

    def run(self, text: str, number: PrintedNumber | None = None) -> Run:
        return Run(text, self.bold, number, self.hidden, self.soft)


_PLAINLY = _Manner()


def _runs_in(element: HtmlElement, manner: _Manner = _PLAINLY) -> Iterator[Run]:
    """Yield the runs inside an element."""
    yield from _words(element.text, manner)
    for child in element:
        if _is_shown(child):
            yield from _runs_of(child, manner)
        yield from _words(child.tail, manner)


def _runs_of(element: HtmlElement, manner: _Manner = _PLAINLY) -> Iterator[Run]:
    """Yield the runs of an element itself."""
    manner = manner.within(element)
    text = _plain(element.text_content())
    if element.tag == "br":
        yield manner.run(" ")
    elif element.tag == "data":
        yield manner.run(text, _number(element, text))
    elif element.tag == "sup":  # the letter of a remark is no part of the word before it
        yield manner.run(f" ({text})")
    elif element.tag == "abbr" and element.get("title"):
        yield manner.run(f"{text} ({element.get('title')})")
    elif "smup-dimension" in _classes(element):  # a badge on the page, one more word here
        yield manner.run(f" · {text}")
    else:
        yield from _runs_in(element, manner)


def _number(element: HtmlElement, text: str) -> PrintedNumber | None:
    key, value = element.get("data-key"), element.get("value")
    if not key:
        return None
    scale = float(element.get("data-scale") or 1)
    return PrintedNumber(NumberKey.parse(key), float(value) if value else None, text, scale)


def _words(text: str | None, manner: _Manner = _PLAINLY) -> list[Run]:
    return [manner.run(_SPACE.sub(" ", text))] if text else []


def _joined(runs: Iterator[Run] | list[Run]) -> Runs:
    """Return runs without doubled spaces, alike neighbours as one, no space at the ends."""
    joined: list[Run] = []
    for run in runs:
        text = run.text
        if (not joined or joined[-1].text.endswith(" ")) and run.number is None:
            text = text.lstrip(" ")
        if not text:
            continue
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.number is None
            and run.number is None
            and replace(last, text="") == replace(run, text="")
        ):
            joined[-1] = replace(last, text=last.text + text)
        else:
            joined.append(replace(run, text=text))
    if joined and joined[-1].number is None:
        end = joined.pop()
        if end.text.rstrip(" "):
            joined.append(replace(end, text=end.text.rstrip(" ")))
    return tuple(joined)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _section_of(heading: HtmlElement) -> str:
    """Return the class of the section that a heading begins, whatever its words are."""
    parent = heading.getparent()
    return _kind(parent) if parent is not None and parent.tag == "section" else ""


def _kind(element: HtmlElement) -> str:
    return next(iter(_classes(element)), "").removeprefix("smup-")


def _is_shown(element: HtmlElement) -> bool:
    return (
        isinstance(element.tag, str)
        and element.tag not in _DROPPED
        and element.get("hidden") is None
        and not _SCREEN_ONLY & set(_classes(element))
    )
