"""Is one finished page of a batch whole? Charts, tables, words, unit and receipt, with the place.

What every page must have for every reader (headings, names, no requests) is the matter of
:mod:`smup_lib.reports.html_check`, which each report has passed when it was made.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.history import other_code_of
from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.formats import format_number
from smup_lib.reports.batch.faults import Fault, FaultKind
from smup_lib.reports.batch.odd_text import find_odd_text
from smup_lib.reports.batch.page_shape import PageShape, shape_of
from smup_lib.reports.exports.page import load_lxml
from smup_lib.reports.runner import PORTRAIT, STATE_REPORT

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from smup_lib.reports.batch.manifest import Row

_SECTIONS = ("h2", "h3")
_MARKS = frozenset(("path", "circle", "rect", "polygon", "polyline", "ellipse"))
#: Colours of what frames a drawing: bands, axes, grounds.
_FRAME = frozenset(
    ("fill-band", "fill-paper", "stroke-paper", "stroke-line", "stroke-muted", "stroke-ink")
)
#: Before the first heading.
_TOP = "początek strony"
#: Text for machines and for whoever repeats the work.
_NOT_PROSE = frozenset(("script", "style", "code", "pre", "kbd", "samp"))
_CODE = re.compile(r"\((\d{4}|\d{6})\)")
#: In the way of a mark a letter may stand right before it: "Mnan".
_NOT_A_NUMBER = re.compile(r"nan|inf|none", re.IGNORECASE)
#: Words that are heard, or seen when the pointer rests.
_SAID_ASIDE = ("aria-label", "title", "data-label", "alt")
#: Where a page speaks of its own unit only.
_OWN_PLACES = frozenset(("h1", "h2", "h3", "figcaption"))
_OWN_CLASSES = frozenset(("smup-sentence", "smup-head-line"))


@dataclass(frozen=True)
class PageReading:
    """What was found on a page.

    Attributes
    ----------
    faults : tuple of Fault
        In the order of the page.
    numbers : int
        Results that the page states.
    receipt : str
        Number of its receipt; empty without one.
    shape : PageShape
        What the page is made of, to be held beside others of its kind.
    """

    faults: tuple[Fault, ...]
    numbers: int
    receipt: str
    shape: PageShape = field(default_factory=PageShape)

    @property
    def broken(self) -> bool:
        """Whether nothing can be said of it but that it is no page."""
        return any(fault.kind == "unreadable" for fault in self.faults)


def read_page(page: str, file: str, row: Row, others: Collection[str] = ()) -> PageReading:
    """Read a page of a batch and note what is wrong with it.

    Parameters
    ----------
    page : str
        The HTML.
    file : str
        What to call it.
    row : Row
        What the manifest says of it.
    others : collection of str
        Names of the other units of the batch, to be found where only the own one belongs.
    """
    root = load_lxml().document_fromstring(page)
    reader, shape = _Reader(root, file, row), shape_of(root)
    faults = [
        *reader.receipt(),
        *reader.unit(others),
        *reader.charts(),
        *reader.tables(),
        *reader.parts(),
        *reader.sources(),
        *reader.numbers(),
        *reader.words(),
    ]
    return PageReading(tuple(dict.fromkeys(faults)), shape.numbers, reader.receipt_id, shape)


class _Reader:
    """Walks through a page once and answers from what it met."""

    def __init__(self, root: HtmlElement, file: str, row: Row) -> None:
        self._root, self._file, self._row = root, file, row
        meta = root.find(".//meta[@name='smup-receipt']")
        self.receipt_id = (meta.get("content") or "") if meta is not None else ""
        self._heading: dict[Any, str] = {}
        self._elements: list[HtmlElement] = []
        heading = ""
        body = root.find("body")
        for element in body.iter() if body is not None else ():
            if not isinstance(element.tag, str):
                continue
            if element.tag in _SECTIONS:
                heading = _text(element)
            self._elements.append(element)
            self._heading[element] = heading

    def _fault(self, kind: FaultKind, element: HtmlElement | None, said: str) -> Fault:
        place = ""
        if element is not None:
            parts = (self._heading.get(element) or _TOP, _name_of(element))
            place = ", ".join(dict.fromkeys(part for part in parts if part))
        return Fault(kind, self._file, place, said)

    def _all(self, *tags: str) -> Iterator[HtmlElement]:
        return (element for element in self._elements if element.tag in tags)

    def receipt(self) -> Iterator[Fault]:
        """Yield that the page does not tell on what it rests."""
        if not self.receipt_id:
            yield self._fault("no_receipt", None, "strona nie podaje numeru metryki")
        section = self._root.find_class("smup-receipt")
        if not section:
            yield self._fault("no_receipt", None, "strona nie ma części „Metryka raportu”")
        elif self.receipt_id and self.receipt_id not in section[0].text_content():
            said = f"metryka na końcu strony ma inny numer niż {self.receipt_id}"
            yield self._fault("no_receipt", section[0], said)

    def unit(self, others: Collection[str]) -> Iterator[Fault]:
        """Yield where the page names another unit or year than its row does."""
        row, title = self._row, self._root.findtext(".//title") or ""
        own = {row.unit, other_code_of(row.unit) or row.unit}
        # a city reports under that of its two codes that has the values
        labels = {row.unit_name.replace(f"({row.unit})", f"({code})") for code in own}
        if str(row.year) not in title or not any(label in title for label in labels):
            said = f"tytuł „{title.strip()}”, a powinien nazywać {row.unit_name}, {row.year} r."
            yield self._fault("other_unit", None, said)
        for name in self._root.find_class("smup-head-unit"):
            if _text(name) not in labels:
                yield self._fault("other_unit", name, f"nagłówek nazywa „{_text(name)}”")
        if "others" not in row.parameters:
            yield from self._others(own, others)

    def _others(self, own: Collection[str], others: Collection[str]) -> Iterator[Fault]:
        """Yield where another unit stands in a place that speaks of the own one only."""
        for element in self._elements:
            if element.tag in _OWN_PLACES or not _OWN_CLASSES.isdisjoint(_classes(element)):
                text = _text(element)
                named = [code for code in _CODE.findall(text) if code not in own]
                named += [one for one in others if _names(text, one, self._row.unit_name)]
                named += sorted(_keyed(element).difference(own))
                if named:
                    said = f"mowa o: {', '.join(dict.fromkeys(named))} („{text[:80]}”)"
                    yield self._fault("other_unit", element, said)

    def charts(self) -> Iterator[Fault]:
        """Yield charts without marks, table or words."""
        for figure in self._all("figure"):
            drawings = list(figure.iter("svg"))
            empty = [svg for svg in drawings if not _has_marks(svg)]
            if not drawings or empty:
                yield self._fault("empty_chart", figure, "rysunek nie ma żadnego znaku danych")
            if any(_is_broken(svg) for svg in drawings):
                yield self._fault("empty_chart", figure, "znak stoi w miejscu, które nie istnieje")
            twin = figure.find("details[@class='smup-twin']")
            if twin is None or not any(_has_rows(table) for table in twin.iter("table")):
                yield self._fault("no_twin", figure, "wykres nie ma tabeli z tymi samymi danymi")
            if not _text_of(figure.find("figcaption")):
                yield self._fault("no_description", figure, "wykres nie ma tytułu")
            if any(not _text_of(svg.find("desc")) for svg in drawings):
                yield self._fault("no_description", figure, "wykres nie ma opisu dla niewidzących")

    def tables(self) -> Iterator[Fault]:
        """Yield tables without rows, and places of tables without one."""
        for table in self._all("table"):
            if not _has_rows(table):
                yield self._fault("empty_table", table, "tabela nie ma wierszy")
        for wrap in self._all("div"):
            if "smup-table-wrap" in _classes(wrap) and wrap.find(".//table") is None:
                yield self._fault("empty_table", wrap, "w miejscu tabeli nie ma nic")

    def parts(self) -> Iterator[Fault]:
        """Yield parts that the contents name and that are not there, and parts that say nothing."""
        ids = {element.get("id") for element in self._elements if element.get("id")}
        for link in self._all("a"):
            target = (link.get("href") or "").strip()
            if target.startswith("#") and target[1:] not in ids:
                yield self._fault("missing_part", None, f"brak miejsca „{_text(link)}” ({target})")
        said: dict[str, int] = {}
        for element in self._elements:
            heading = self._heading[element]
            own = element.tag not in _SECTIONS and not any(
                above.tag in _SECTIONS for above in element.iterancestors()
            )
            words = (element.text or "").strip() if own else ""
            said[heading] = said.get(heading, 0) + len(words)
        for heading in self._all("h2"):
            if not said.get(_text(heading)) and not self._has_subparts(heading):
                yield self._fault("missing_part", heading, "część ma nagłówek, a nie ma treści")
        for fold in self._all("details"):
            if len(fold) and not _text_of(fold, but="summary"):
                yield self._fault("missing_part", fold, "rozwijana część jest pusta")

    def _has_subparts(self, heading: HtmlElement) -> bool:
        place = self._elements.index(heading)
        below = (one.tag for one in self._elements[place + 1 :] if one.tag in _SECTIONS)
        return next(below, "h2") == "h3"

    def sources(self) -> Iterator[Fault]:
        """Yield that the page does not say where its numbers are from, or sums up nothing."""
        for figure in self._root.find_class("smup-figure"):
            if not any(_text(line) for line in figure.find_class("smup-source")):
                yield self._fault("no_source", figure, "wykres nie podaje źródła")
        if self._row.report in _sourced_reports():
            section = self._root.find_class("smup-sources")
            if not section or not any(_has_rows(table) for table in section[0].iter("table")):
                yield self._fault("no_source", None, "strona nie ma części „Źródła”")
            if not any(_text(one) for one in self._root.find_class("smup-credits")):
                yield self._fault("no_source", None, "strona nie podaje, kogo trzeba wymienić")
        if self._row.report in load_catalogue().areas:
            yield from self._empty_summaries()

    def _empty_summaries(self) -> Iterator[Fault]:
        for summary in self._root.find_class("smup-summary"):
            # why there is no finding is a paragraph like any other; notes have a class
            reason = summary.find_class("smup-empty") or summary.xpath("./p[not(@class)]")
            if not summary.find_class("smup-sentence") and not reason:
                said = "nie ma w skrócie ani ustaleń, ani powodu, dla którego ich nie ma"
                yield self._fault("missing_part", summary, said)

    def numbers(self) -> Iterator[Fault]:
        """Yield numbers whose digits are not those of the value that they carry."""
        for number in self._elements:
            exact = number.get("value") if number.tag == "data" else number.get("data-value")
            if exact:
                text = number.text_content()
                # a tooltip names the unit before its number, and a second number after it
                told = (
                    text.rpartition(": ")[2].partition("; ")[0] if number.tag == "title" else text
                )
                # a place in an order is written with a dot on a drawing: "3."
                shown = told if number.tag == "data" else told.removesuffix(".")
                if not _is_written(shown, exact, number.get("data-scale")):
                    said = f"jest „{shown}”, a wartość to {exact.replace('.', ',')}"
                    yield self._fault("other_number", number, said)

    def words(self) -> Iterator[Fault]:
        """Yield words that no report should hold."""
        title = self._root.findtext(".//title") or ""
        for why, found in find_odd_text(title):
            yield self._fault("odd_text", None, f"{why}: „{found}”")
        machine: set[Any] = set()
        for element in self._elements:
            above = element.getparent()
            if above in machine or _is_for_machines(element):
                machine.add(element)
            aside = [] if element in machine else [element.get(name) for name in _SAID_ASIDE]
            texts = [] if element in machine else [element.text, *aside]
            texts += [] if above in machine else [element.tail]
            for text in filter(None, texts):
                for why, found in find_odd_text(text.replace("\n", " ").strip()):
                    yield self._fault("odd_text", element, f"{why}: „{found}”")


@cache
def _sourced_reports() -> frozenset[str]:
    """Return the reports that end with their sources; notebooks of a user's own may not."""
    return frozenset((*load_catalogue().areas, PORTRAIT, STATE_REPORT, "unit_comparison"))


def _is_written(text: str, exact: str, scale: str | None) -> bool:
    """Tell whether a text writes a value as this project does, with any number of decimals."""
    try:
        value = float(exact) / float(scale or 1)
    except (ValueError, ZeroDivisionError):
        return False
    decimals = len(text.partition(",")[2])
    return text == format_number(value, decimals, signed=text.startswith("+"))


def _is_for_machines(element: HtmlElement) -> bool:
    return (
        element.tag in _NOT_PROSE
        or "smup-receipt" in _classes(element)
        or (element.get("lang") or "pl") != "pl"
    )


def _classes(element: HtmlElement) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _text_of(element: HtmlElement | None, but: str = "") -> str:
    """Return the words of an element, if it is there, without those of one child."""
    if element is None:
        return ""
    left_out = element.find(but) if but else None
    text = element.text_content() if hasattr(element, "text_content") else (element.text or "")
    return str(text[len(left_out.text_content()) :] if left_out is not None else text).strip()


def _name_of(element: HtmlElement) -> str:
    """Return the title of the chart, table or fold that an element belongs to."""
    for one in (element, *element.iterancestors()):
        for inside in ("figcaption", "caption", "summary"):
            if one.tag in ("figure", "table", "details") and _text_of(one.find(inside)):
                return _text(one.find(inside))
    return ""


def _names(text: str, other: str, own: str) -> bool:
    """Tell whether a text names another unit; a name within the own one is not it."""
    if other not in text:
        return False
    whole = rf"(?<![\w-]){re.escape(other)}(?![\w-])"
    return re.search(whole, text) is not None and re.search(whole, own) is None


def _keyed(element: HtmlElement) -> set[str]:
    """Return the codes of units whose numbers stand in an element."""
    keys = (one.get("data-key") for one in element.iter("data"))
    return {unit for key in keys if key and (unit := NumberKey.parse(key).unit)}


def _has_rows(table: HtmlElement) -> bool:
    rows = [row for row in table.iter("tr") if row.getparent().tag != "thead"]
    return any(_text(cell) for row in rows for cell in row if cell.tag in ("td", "th"))


def _has_marks(svg: HtmlElement) -> bool:
    """Tell whether anything drawn stands for data; bands, axes and grounds do not."""
    marks = (one for one in svg.iter(*_MARKS) if next(one.iterancestors("defs"), None) is None)
    return any(not _colours(one) <= _FRAME for one in marks)


def _colours(mark: HtmlElement) -> frozenset[str]:
    return _classes(mark) or _classes(mark.getparent())


def _is_broken(svg: HtmlElement) -> bool:
    return any(
        _NOT_A_NUMBER.search(one.get(name) or "")
        for one in svg.iter(*_MARKS, "line", "text")
        for name in ("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "points", "width", "height")
    )
