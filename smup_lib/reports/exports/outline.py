"""What of a report is for slides and for tables: findings, sections, fitting charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smup_lib.present.numbers import PrintedNumber, read_numbers
from smup_lib.reports.exports.content import (
    Block,
    Bullets,
    Content,
    Fold,
    Heading,
    Paragraph,
    Picture,
    Runs,
    Table,
    text_of,
)


@dataclass(frozen=True)
class Told:
    """A finding as a report tells it.

    Attributes
    ----------
    sentence : Runs
        What was found, with its mark.
    details : tuple of Runs
        Value, middle of the group, confidence, source; then what limits it.
    why : tuple of Runs
        What the confidence comes from.
    """

    sentence: Runs
    details: tuple[Runs, ...]
    why: tuple[Runs, ...]

    @property
    def numbers(self) -> tuple[PrintedNumber, ...]:
        """The results in it, in their order."""
        runs = (run for part in (self.sentence, *self.details) for run in part)
        return tuple(run.number for run in runs if run.number is not None)


def list_told(blocks: Iterable[Block]) -> Iterator[Told]:
    """Yield the findings among blocks, those told on demand too, in the order of the page."""
    for block in blocks:
        match block:
            case Bullets(items):
                yield from (one for item in items if (one := _told(item)))
            case Fold(_, inner, "more"):
                yield from list_told(inner)
            case _:
                continue


def _told(item: tuple[Block, ...]) -> Told | None:
    match item:
        case (Paragraph(sentence, "sentence"), *rest):
            details = tuple(b.runs for b in rest if isinstance(b, Paragraph))
            folds = (b for b in rest if isinstance(b, Fold) and b.kind == "why")
            why = (b.runs for fold in folds for b in fold.blocks if isinstance(b, Paragraph))
            return Told(sentence, details, tuple(why))
    return None


#: Kinds of sections, whatever their headings say; the last one is written in the notebooks, where
#: a section has no class, so that its words are its kind.
SUMMARY, AREA, PEERS, GAPS, SOURCES = "summary", "area", "peers", "gaps", "sources"
QUESTIONS = "Pytania na spotkanie"


@dataclass(frozen=True)
class Section:
    """A part of a report: its first heading and what stands below."""

    title: str
    blocks: tuple[Block, ...]


def sections_of(content: Content) -> dict[str, Section]:
    """Return what stands under headings of the second level, by the kind of the section.

    A section without a kind is found by the words of its heading.

    Examples
    --------
    >>> from smup_lib.reports.exports.page import read_content
    >>> page = "<main><section class='smup-gaps'><h2>Luki</h2><p>Nic.</p></section><h2>Pytania</h2>"
    >>> {kind: one.title for kind, one in sections_of(read_content(page)).items()}
    {'gaps': 'Luki', 'Pytania': 'Pytania'}
    """
    found: dict[str, Section] = {}
    for kind, one in list_sections(content):
        first = found.get(kind, Section(one.title, ()))
        found[kind] = Section(first.title, (*first.blocks, *one.blocks))
    return found


def list_sections(content: Content) -> Iterator[tuple[str, Section]]:
    """Yield the kind and the section for each heading of the second level, in the page's order."""
    kind, title, blocks = "", "", list[Block]()
    for block in content.blocks:
        if isinstance(block, Heading) and block.level <= 2:
            if kind:
                yield kind, Section(title, tuple(blocks))
            title = text_of(block.runs) if block.level == 2 else ""
            kind, blocks = block.kind or title if title else "", []
        else:
            blocks.append(block)
    if kind:
        yield kind, Section(title, tuple(blocks))


def lines_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield what blocks say in lines: paragraphs, items, facts; nothing told on demand."""
    for block in blocks:
        match block:
            case Paragraph(runs, _):
                yield text_of(runs)
            case Bullets(items):
                for item in items:
                    yield " ".join(lines_of(item))
            case Table(_, rows, 0):
                yield from (": ".join(text_of(cell.runs) for cell in row) for row in rows)
            case _:
                continue


def pictures_of(blocks: Iterable[Block]) -> Iterator[Picture]:
    """Yield the charts among blocks, in the order of the page."""
    for block in blocks:
        match block:
            case Picture():
                yield block
            case Bullets(items):
                for item in items:
                    yield from pictures_of(item)
            case Fold(_, inner, _):
                yield from pictures_of(inner)
            case _:
                continue


@dataclass(frozen=True)
class Shown:
    """An indicator that a report shows in full: its name, what is said of it, its first chart."""

    title: str
    lines: tuple[str, ...]
    picture: Picture


def list_shown(blocks: Iterable[Block]) -> Iterator[Shown]:
    """Yield the indicators that have a value and a chart under a heading of their own.

    Examples
    --------
    >>> from smup_lib.reports.exports.page import read_content
    >>> page = "<main><h3>Sale</h3><p class='smup-value'>3 sale</p><svg viewBox='0 0 1 1'/></main>"
    >>> [(one.title, one.lines) for one in list_shown(read_content(page).blocks)]
    [('Sale', ('3 sale',))]
    """
    title = ""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Heading(_, runs):
                title, lines = text_of(runs, hidden=True), []
            case Paragraph(runs, "value" | "standing"):
                lines.append(text_of(runs))
            case Picture() if lines:
                yield Shown(title, tuple(lines), block)
                lines = []
            case _:
                continue


def picture_for(told: Told, pictures: Iterable[Picture]) -> Picture | None:
    """Return the chart of what a finding is about; a change in time is drawn by years.

    Parameters
    ----------
    told : Told
        The finding.
    pictures : iterable of Picture
        The charts of the report.

    Returns
    -------
    Picture or None
        The first that fits; None when the indicator has no chart.
    """
    main = next(iter(told.numbers), None)
    if main is None:
        return None
    in_time = any(number.key.statistic.startswith("slope") for number in told.numbers)
    rest: Picture | None = None
    for picture in pictures:
        keys = [number.key for number in read_numbers(picture.svg)]
        if all(key.indicator != main.key.indicator for key in keys):
            continue
        of_group = any(key.statistic == "q25" for key in keys)
        if of_group is not in_time:
            return picture
        rest = rest or picture
    return rest
