"""How does a report become slides for a council? One thing a slide, in words that can be read out.

Titles are titles and texts stand in the placeholders of their layouts, so an outline view and a
screen reader meet them in order. What does not fit goes to the next slide; no letters shrink below
what the last row of a room can read.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile, zip_longest
from typing import TYPE_CHECKING, Any

from smup_lib.present.formats import format_date
from smup_lib.present.numbers import read_numbers
from smup_lib.present.tokens import LIGHT
from smup_lib.present.words import NOT_COMPARABLE, SAMPLE_LAND, WHERE_DATA_ARE
from smup_lib.reports.exports.content import (
    Block,
    Content,
    Heading,
    Paragraph,
    Runs,
    Table,
    text_of,
)
from smup_lib.reports.exports.docx_look import drop_thumbnail
from smup_lib.reports.exports.drawing import draw_png, size_of
from smup_lib.reports.exports.extra import lacking_library
from smup_lib.reports.exports.outline import (
    AREA,
    GAPS,
    PEERS,
    QUESTIONS,
    SOURCES,
    SUMMARY,
    Section,
    Told,
    lines_of,
    list_sections,
    list_shown,
    list_told,
    picture_for,
    pictures_of,
    sections_of,
)
from smup_lib.reports.exports.slide_room import GAP, WIDTH_MM, Box, parts_of

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

    from smup_lib.reports.exports.content import Picture

_FONT = "Calibri"
_HEIGHT_MM = 190.5
#: Layouts of the built-in template.
_TITLE_SLIDE, _TITLE_AND_TEXT = 0, 1
#: So many findings have a slide.
_SHOWN = 6
_FIRST = 3
_INK = LIGHT["ink"].removeprefix("#")
_MARKS = tuple("●▲■○?")
_THREE = "Trzy najważniejsze rzeczy"
_REST = "Pozostałe ustalenia"
_DOUBTS = "Wartości do sprawdzenia u źródła"
_IN_SHORT = "W skrócie"
_NO_VALUES = "Bez wartości"
#: A slide shows so many rows of a table; the rest is counted.
_MOST_ROWS = 5
#: Columns of sources that nobody reads from a wall.
_FOR_PAPER = ("Plik", "Daty")


_TITLE_BOX = Box(10, 30)
_BODY_BOX = Box(44, 128)
_FACTS_BOX = Box(42, 38)
_CHART_BOX = Box(82, 92)
_LEFT_BOX = Box(44, 128, width=118)
_RIGHT_BOX = Box(42, 132, left=138, width=185.7)
_FOOT_BOX = Box(178, 8)
_TITLE_SIZES = (28, 26, 24, 22, 20, 18, 16)
_BODY_SIZES = (24, 22, 20, 18)
_SIDE_SIZES = (20, 18, 16, 14, 12)
_FACT_SIZES = (18, 16, 14, 12)


def write_pptx(content: Content) -> bytes:
    """Return a report as slides, 16 to 9.

    Parameters
    ----------
    content : Content
        What the report says.

    Raises
    ------
    ReportError
        When the extra ``export`` is not installed.
    """
    deck = _Deck(_new_deck(), content)
    deck.write_all()
    out = io.BytesIO()
    deck.deck.save(out)
    return out.getvalue()


def _new_deck() -> Presentation:
    try:
        import pptx
    except ImportError as error:
        raise lacking_library("zapisania slajdów", error) from error
    from pptx.util import Mm

    deck = pptx.Presentation()
    drop_thumbnail(deck.part.package._rels)
    wide = WIDTH_MM / deck.slide_width.mm
    for one in (deck.slide_master, *deck.slide_layouts):
        for shape in one.placeholders:
            shape.left, shape.width = int(shape.left * wide), int(shape.width * wide)
    deck.slide_width, deck.slide_height = Mm(WIDTH_MM), Mm(_HEIGHT_MM)
    return deck


class _Deck:
    """Adds slides to one presentation."""

    def __init__(self, deck: Presentation, content: Content) -> None:
        self.deck, self.content = deck, content
        self._pictures = list(pictures_of(content.blocks))

    def write_all(self) -> None:
        """Write every slide."""
        self._set_properties()
        self._title_slide()
        sections = sections_of(self.content)
        found = {text_of(one.sentence): one for one in list_told(self.content.blocks)}
        told = list(found.values())  # a page may tell the same finding twice
        areas = [one for kind, one in list_sections(self.content) if kind == AREA]
        if told and areas and SUMMARY not in sections:  # none of the areas comes first
            for area in areas:
                self._text_slides(area.title, list(_in_short(list_told(area.blocks))))
        else:
            if not told:
                self._section_slides(sections.get(SUMMARY), lines_of)
            self._finding_slides(told)
        self._section_slides(sections.get(PEERS), _told_in)
        self._section_slides(sections.get(GAPS), _lacking_in)
        self._section_slides(sections.get(QUESTIONS), _told_in)
        self._text_slides("Źródła i metryka", [*self._sources(sections), *self._receipt()])
        self._even_titles()

    def _set_properties(self) -> None:
        properties = self.deck.core_properties
        properties.title, properties.language = self.content.title, "pl-PL"
        properties.author, properties.comments = "", ""

    def _title_slide(self) -> None:
        begin = list(takewhile(lambda b: not _is_section(b), self.content.blocks))
        heads = (b for b in begin if isinstance(b, Heading))
        title = next((text_of(b.runs, hidden=True) for b in heads), self.content.title)
        slide = self._slide(_TITLE_SLIDE, title, Box(50, 50), (40, 34, 28, 24, 20))
        lines = [
            text_of(b.runs)
            for b in begin
            if isinstance(b, Paragraph) and b.kind in ("head-line", "lead")
        ]
        _fill(slide.placeholders[1], lines, Box(104, 60), _BODY_SIZES)

    def _text_slides(self, title: str, lines: list[str]) -> None:
        """Write lines on as many slides as they need, alike in size; none for no lines."""
        parts, size = _shared_out(lines)
        for number, part in enumerate(parts, 1):
            told = title if len(parts) == 1 else f"{title} ({number} z {len(parts)})"
            slide = self._slide(_TITLE_AND_TEXT, told, _TITLE_BOX, _TITLE_SIZES)
            _fill(slide.placeholders[1], part, _BODY_BOX, (size,))

    def _section_slides(
        self, section: Section | None, tell: Callable[[Sequence[Block]], Iterable[str]]
    ) -> None:
        if section is not None:
            self._text_slides(section.title, list(tell(section.blocks)))

    def _finding_slides(self, told: Sequence[Told]) -> None:
        """Write what was found, then the charts of other indicators, then doubts about values."""
        doubts = [one for one in told if _is_doubt(one)]
        found = [one for one in told if one not in doubts]
        first = (found or doubts)[:_FIRST]
        drawable = [one for one in found if picture_for(one, self._pictures) is not None]
        shown = (drawable if self._pictures else found)[:_SHOWN]
        title = _THREE if len(first) == _FIRST else _IN_SHORT
        self._text_slides(title, list(_in_short(first, shown)))
        drawn = {name for one in shown if (name := self._finding_slide(one))}
        others = (
            one
            for one in list_shown(self.content.blocks)
            if drawn.isdisjoint(n.key.indicator for n in read_numbers(one.picture.svg))
        )
        for one in islice(others, _SHOWN - len(drawn)):
            self._chart_slide(one.title, one.lines, one.picture)
        rest = [one for one in found[_FIRST:] if one not in shown]
        self._text_slides(_REST, list(_in_short(rest)))
        self._text_slides(_DOUBTS, list(_in_short(one for one in doubts if one not in first)))

    def _finding_slide(self, told: Told) -> str:
        """Write a finding and its chart; return the indicator, nothing where no chart is there."""
        picture = picture_for(told, self._pictures)
        facts = [text_of(runs) for runs in told.details]
        if not facts and (picture is None or not told.numbers):
            return ""  # the sentence alone stands among the first things
        slide = self._chart_slide(text_of(told.sentence), facts, picture)
        why = "\n".join(text_of(runs) for runs in told.why)
        if why:
            notes = slide.notes_slide.notes_text_frame
            assert notes is not None  # the built-in template has a place for notes
            notes.text = f"Skąd ta pewność: {why}"
        return told.numbers[0].key.indicator if picture is not None else ""

    def _chart_slide(self, title: str, facts: Sequence[str], picture: Picture | None) -> Slide:
        """Write facts above a low chart or beside a tall one; without a chart they are larger."""
        slide = self._slide(_TITLE_AND_TEXT, title, _TITLE_BOX, _TITLE_SIZES)
        told = [part for fact in facts for part in fact.split(" · ")]
        sizes: Sequence[float] = _BODY_SIZES
        box, place = _BODY_BOX, None
        if picture is not None and _is_tall(picture):
            box, sizes, place = _LEFT_BOX, _SIDE_SIZES, _RIGHT_BOX
        elif picture is not None:
            told, box, sizes, place = list(facts), _FACTS_BOX, _FACT_SIZES, _CHART_BOX
        here, *more = list(parts_of(told, box, sizes[-1])) or [[]]
        _fill(slide.placeholders[1], here, box, sizes)
        if picture is not None and place is not None:
            _add_picture(slide, picture, place)
        self._text_slides(f"{title} – ciąg dalszy", [line for part in more for line in part])
        return slide

    def _sources(self, sections: Mapping[str, Section]) -> Iterator[str]:
        section = sections.get(SOURCES)
        for block in section.blocks if section else ():
            if isinstance(block, Table):
                heads = [text_of(cell.runs) for cell in block.rows[0]] if block.head else []
                for row in block.rows[block.head :]:
                    words = (text_of(_plainly(cell.runs)) for cell in row)
                    kept = zip_longest(words, heads, fillvalue="")
                    told = (text for text, head in kept if not head.startswith(_FOR_PAPER))
                    yield " · ".join(text for text in told if text).replace("] · ", "] ", 1)
            else:
                yield from lines_of((block,))

    def _receipt(self) -> Iterator[str]:
        receipt = self.content.receipt
        if receipt.get("snapshot"):
            day = format_date(str(receipt["data_date"])[:10])
            yield f"Stan danych: {receipt['snapshot']} z dnia {day}"
            yield f"Numer metryki: {receipt.get('id', '–')}"

    def _slide(self, layout: int, title: str, box: Box, sizes: Sequence[float]) -> Slide:
        slide: Slide = self.deck.slides.add_slide(self.deck.slide_layouts[layout])
        assert slide.shapes.title is not None
        _fill(slide.shapes.title, [title], box, sizes, bold=True)
        self._add_foot(slide)
        return slide

    def _even_titles(self) -> None:
        """Give the titles of all slides but the first one size, that of the longest of them."""
        titles = [slide.shapes.title for slide in list(self.deck.slides)[1:]]
        runs = [run for one in titles if one for p in one.text_frame.paragraphs for run in p.runs]
        smallest = min((run.font.size for run in runs if run.font.size), default=None)
        for run in runs:
            run.font.size = smallest

    def _add_foot(self, slide: Slide) -> None:
        """Say on every slide what data it rests on, and that they are fictional."""
        from pptx.util import Mm

        receipt, number = self.content.receipt, len(self.deck.slides)
        parts = [SAMPLE_LAND if self.content.fictional else ""]
        parts += [f"stan danych {receipt['snapshot']}" if receipt.get("snapshot") else ""]
        text = " · ".join([*(part for part in parts if part), f"slajd {number}"])
        box = _FOOT_BOX
        places = (Mm(one) for one in (box.left, box.top, box.width, box.height))
        _fill(slide.shapes.add_textbox(*places), [text], box, (12,))


def _is_section(block: Block) -> bool:
    return isinstance(block, Heading) and block.level > 1


def _is_tall(picture: Picture) -> bool:
    """Tell whether a chart would shrink beyond reading in the place below the facts."""
    width, height = size_of(picture)
    return height / width > _CHART_BOX.height / _CHART_BOX.width * 1.5


def _plainly(runs: Runs) -> Runs:
    """Return a cell without the remarks in it, such as the name of a data set for machines."""
    return tuple(run for run in runs if not run.soft)


def _of_chart(block: Block) -> bool:
    """Tell whether a paragraph belongs to a chart that is not on this slide."""
    return isinstance(block, Paragraph) and block.kind in ("figure-title", "source", "legend")


def _in_short(told: Iterable[Told], shown: Sequence[Told] = ()) -> Iterator[str]:
    """Yield each finding with its value and confidence on a line of their own.

    What limits a value stands here too, unless the finding has a slide among ``shown``.
    """
    for one in told:
        yield text_of(one.sentence)
        details = one.details[:1] if one in shown else one.details
        yield from (f"\t{text_of(runs)}" for runs in details)


def _is_doubt(told: Told) -> bool:
    """Tell whether it doubts a value rather than tells about a service: nothing to be sure of."""
    return bool(told.details) and not any("pewność: " in text_of(runs) for runs in told.details)


def _lacking_in(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield what nobody can tell and who holds the data; nothing of how a program gets them."""
    tables = [block for block in blocks if isinstance(block, Table) and block.head]
    for table in sorted(tables, key=lambda one: _holder_column(one) is None):
        rows = table.rows[table.head :]
        holder = _holder_column(table)
        if holder is None:
            yield f"{text_of(table.caption) or _NO_VALUES}:"
        for row in rows[:_MOST_ROWS]:
            what = text_of(row[0].runs).rstrip(".")
            told = [text_of(cell.runs) for cell in row[1:]]
            told = [one for one in told if one.startswith(NOT_COMPARABLE)]
            yield (
                f"\t{': '.join([what, *told])}"
                if holder is None
                else f"{what}. Gdzie są dane: {text_of(row[holder].runs)}"
            )
        if rows[_MOST_ROWS:]:
            yield f"oraz dalsze, razem {len(rows)}: pełna lista jest w raporcie"
    if not tables:
        yield from _told_in(blocks)


def _told_in(blocks: Sequence[Block]) -> Iterator[str]:
    return lines_of(b for b in blocks if not _of_chart(b))


def _holder_column(table: Table) -> int | None:
    heads = (text_of(cell.runs) for cell in table.rows[0])
    return next((place for place, head in enumerate(heads) if head == WHERE_DATA_ARE), None)


def _shared_out(lines: Sequence[str]) -> tuple[list[list[str]], float]:
    """Return lines by slides, as few as can be, and the largest size at which they still fit."""
    parts = [list(parts_of(lines, _BODY_BOX, size)) for size in _BODY_SIZES]
    fewest = min(map(len, parts))
    place = next(place for place, one in enumerate(parts) if len(one) == fewest)
    return parts[place], _BODY_SIZES[place]


def _fill(
    shape: Any, lines: Sequence[str], box: Box, sizes: Sequence[float], *, bold: bool = False
) -> None:
    """Write lines into a shape at the largest size that fits, and place it."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.oxml.xmlchemy import OxmlElement
    from pptx.util import Mm, Pt

    shape.left, shape.top = Mm(box.left), Mm(box.top)
    shape.width, shape.height = Mm(box.width), Mm(box.height)
    size = next((one for one in sizes if box.holds(lines, one)), sizes[-1])
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(size * GAP)
        below = line.startswith("\t")
        paragraph.level = int(below)
        run = paragraph.add_run()
        run.text = line.strip()
        run.font.name, run.font.size, run.font.bold = _FONT, Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(_INK)  # type: ignore[no-untyped-call]
        if line[:1] in _MARKS:  # a mark of its own takes the place of the dot
            paragraph._p.get_or_add_pPr().append(OxmlElement("a:buNone"))
        run._r.get_or_add_rPr().set("lang", "pl-PL")


def _add_picture(slide: Slide, picture: Picture, box: Box) -> None:
    from pptx.util import Mm

    width, height = size_of(picture)
    scale = min(box.width / width, box.height / height)
    left = box.left + (box.width - width * scale) / 2
    shape = slide.shapes.add_picture(
        io.BytesIO(draw_png(picture)), Mm(left), Mm(box.top), Mm(width * scale), Mm(height * scale)
    )
    named = shape._element.xpath("p:nvPicPr/p:cNvPr")[0]  # no word for it in python-pptx
    named.set("title", picture.title)
    named.set("descr", picture.description or picture.title)
