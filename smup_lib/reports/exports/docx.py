"""How does a report become a Word document that a secretary can paste and a reader can hear?

Real headings, real tables with a repeated header row, a description on every picture. Tables of
charts and what the confidence of findings comes from stand at the end, so that the text stays
readable and no number is lost.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from smup_lib.present.tokens import LIGHT
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
from smup_lib.reports.exports.docx_look import (
    SIZES,
    SMALL_STYLE,
    embed_receipt,
    set_page,
    set_styles,
)
from smup_lib.reports.exports.drawing import draw_png, size_of
from smup_lib.reports.exports.extra import lacking_library

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph

_TEXT_MM = 170.0
_TALLEST_MM = 190.0
_MM_PER_UNIT = 25.4 / 96
#: Paragraphs of these kinds explain what stands above them.
_SMALL = frozenset(("detail", "source", "note", "legend", "reading", "lead-note", "limits"))
#: What is told on demand and stands at the end of the document.
_MOVED = frozenset(("twin", "reading", "why"))
_TWINS = "Tabele do wykresów"
_READING = "Jak czytać wykresy"
_WHY = "Skąd pewność ustaleń"
#: A table with more columns gets smaller letters.
_WIDE = 6
#: A cell with a number and so many more signs is still a number.
_UNIT_SIGNS = 3
#: No column is narrower than a number, none so wide that the others starve.
_NARROWEST, _WIDEST = 6, 90
#: A longer word, such as the name of a file, may break.
_LONGEST_WORD = 20
#: Signs that the margins of a cell take.
_EDGES = 3
#: A paragraph of so many signs takes no more than two lines.
_SHORT = 180
#: Width of a sign of bold Calibri for each point of its size.
_LETTER_MM = 0.21


def write_docx(content: Content) -> bytes:
    """Return a report as a Word document.

    Parameters
    ----------
    content : Content
        What the report says.

    Raises
    ------
    ReportError
        When the extra ``export`` is not installed.
    """
    writer = _Writer(_new_document(), content)
    writer.write_all()
    out = io.BytesIO()
    writer.document.save(out)
    return out.getvalue()


def _new_document() -> Document:
    try:
        import docx
    except ImportError as error:
        raise lacking_library("zapisania dokumentu Word", error) from error
    return docx.Document()


class _Writer:
    """Puts blocks into one document and remembers what belongs at its end."""

    def __init__(self, document: Document, content: Content) -> None:
        self.document = document
        self.content = content
        self._twins: list[tuple[str, Fold]] = []
        self._readings: dict[str, Fold] = {}
        self._whys: dict[tuple[str, ...], tuple[list[str], Fold]] = {}
        self._last_title = self._last_sentence = ""

    def write_all(self) -> None:
        """Write everything."""
        set_styles(self.document)
        set_page(self.document, self.content)
        self._write(self.content.blocks)
        if self._whys:
            self._heading(2, _WHY)
            for sentences, why in self._whys.values():
                for sentence in sentences:
                    told = self._paragraph((Run(sentence, bold=True),), "note")
                    told.paragraph_format.keep_with_next = True
                self._write(_quietly(block) for block in why.blocks)
        if self._readings:
            self._heading(2, _READING)
            for fold in self._readings.values():
                self._write(fold.blocks)
        if self._twins:
            self._heading(2, _TWINS)
            for title, fold in self._twins:
                self._heading(3, title)
                self._last_title = title
                self._write(fold.blocks)
        embed_receipt(self.document, self.content)

    def _write(self, blocks: Iterable[Block], indent: float = 0) -> None:
        previous: Block | None = None
        for block in blocks:
            if isinstance(previous, Picture) and _tells_picture(block):
                self.document.paragraphs[-1].paragraph_format.keep_with_next = True
            self._write_one(block, indent)
            if isinstance(previous, Heading) and _is_short(block):
                self.document.paragraphs[-1].paragraph_format.keep_with_next = True
            if not (isinstance(block, Fold) and block.kind in _MOVED):
                previous = block

    def _write_one(self, block: Block, indent: float) -> None:
        match block:
            case Heading(level, runs):
                # what only a screen reader hears on the page parts the words here
                self._last_title = text_of(runs, hidden=True)
                self._heading(level, self._last_title)
            case Paragraph(runs, kind):
                if kind == "figure-title":
                    self._last_title = _without_remarks(runs)
                elif kind == "sentence":
                    self._last_sentence = text_of(runs)
                self._paragraph(runs, kind, indent)
            case Bullets(items):
                for item in items:
                    self._item(item, indent)
            case Table():
                self._table(block)
            case Picture():
                self._picture(block)
            case Fold():
                self._fold(block, indent)

    def _heading(self, level: int, text: str) -> None:
        self.document.add_heading(text, level)

    def _paragraph(self, runs: Runs, kind: str, indent: float = 0) -> WordParagraph:
        from docx.shared import Mm

        style = SMALL_STYLE if kind in _SMALL else None
        paragraph = self.document.add_paragraph(style=style)
        paragraph.paragraph_format.left_indent = Mm(indent) if indent else None
        stressed = kind in ("sentence", "figure-title", "value", "standing")
        _add_runs(paragraph, runs, bold=stressed)
        paragraph.paragraph_format.keep_with_next = kind in ("figure-title", "sentence")
        return paragraph

    def _item(self, blocks: Sequence[Block], indent: float) -> None:
        """Write a list item: its first paragraph as a bullet, the rest below it."""
        first, *rest = blocks
        if isinstance(first, Paragraph) and first.kind != "sentence":
            paragraph = self.document.add_paragraph(style="List Bullet")
            _add_runs(paragraph, first.runs)
            self._write(rest, indent + 6)
        else:
            self._write(blocks, indent)

    def _fold(self, fold: Fold, indent: float) -> None:
        if fold.kind == "twin":
            self._twins.append((self._last_title, fold))
        elif fold.kind == "reading":
            self._readings.setdefault("\n".join(_words_of(fold)), fold)
        elif fold.kind == "why" and self._last_sentence:  # many findings have one reason
            sentences, _ = self._whys.setdefault(_words_of(fold), ([], fold))
            if self._last_sentence not in sentences:
                sentences.append(self._last_sentence)
        else:
            summary = self._paragraph(fold.summary, "note", indent)
            summary.paragraph_format.keep_with_next = True
            for run in summary.runs:
                run.bold = True
            quiet = fold.kind in ("why", "side")
            self._write((_quietly(b) if quiet else b for b in fold.blocks), indent)

    def _picture(self, picture: Picture) -> None:
        from docx.shared import Mm

        width, height = size_of(picture)
        scale = min(_MM_PER_UNIT, _TEXT_MM / width, _TALLEST_MM / height)
        paragraph = self.document.add_paragraph()
        inline = paragraph.add_run().add_picture(
            io.BytesIO(draw_png(picture)), width=Mm(width * scale)
        )
        named = inline._inline.docPr  # python-docx has no word for the alternative text
        named.set("title", picture.title)
        named.set("descr", picture.description or picture.title)

    def _table(self, table: Table) -> None:
        rows = [row for row in table.rows if row]
        columns = max((sum(cell.columns for cell in row) for row in rows), default=0)
        if not columns:
            return
        caption = text_of(table.caption)
        if caption and caption != self._last_title:
            paragraph = self._paragraph(table.caption, "figure-title")
            paragraph.paragraph_format.keep_with_next = True
        made = self.document.add_table(len(rows), columns)
        made.style = "Table Grid"
        size = SIZES["wide" if columns > _WIDE else "table"]
        _set_widths(made, rows, table.head, size)
        _fill(made, rows, table.head, size)
        self.document.add_paragraph(style=SMALL_STYLE)


def _words_of(fold: Fold) -> tuple[str, ...]:
    return tuple(text_of(block.runs) for block in fold.blocks if isinstance(block, Paragraph))


def _without_remarks(runs: Runs) -> str:
    return text_of(tuple(run for run in runs if not run.soft))


def _is_short(block: Block) -> bool:
    """Tell whether a block below a heading would stand alone with it at the foot of a page."""
    return isinstance(block, Paragraph) and len(text_of(block.runs)) <= _SHORT


def _tells_picture(block: Block) -> bool:
    """Tell whether a block belongs to the drawing above it."""
    return isinstance(block, Paragraph) and block.kind in ("source", "legend")


def _quietly(block: Block) -> Block:
    """Return a paragraph as a remark; other blocks stay."""
    if isinstance(block, Paragraph) and not block.kind:
        return Paragraph(block.runs, "note")
    return block


def _fill(made: WordTable, rows: Sequence[Sequence[Cell]], head: int, size: float) -> None:
    grid = made._cells  # asked for once: python-docx finds them anew for every one
    columns = len(made.columns)
    for place, (row, cells) in enumerate(zip(made.rows, _laid_out(rows), strict=True)):
        is_head = place < head
        if is_head:
            _repeat_header(row)
        _keep_row_whole(row)
        for column, cell in cells:
            target = grid[place * columns + column]
            if cell.columns > 1 or cell.rows > 1:
                end = place + cell.rows - 1, column + cell.columns - 1
                target = target.merge(grid[end[0] * columns + end[1]])
            _fill_cell(target, cell, is_head, size)


def _set_widths(made: WordTable, rows: Sequence[Sequence[Cell]], head: int, size: float) -> None:
    """Share the width of the page by the longest words and lines of the columns."""
    from docx.shared import Mm

    words, lines = [_NARROWEST] * len(made.columns), [_NARROWEST] * len(made.columns)
    for place, cells in enumerate(_laid_out(rows)):
        for column, cell in cells:
            if cell.columns == 1:
                text = text_of(cell.runs)
                longest = max(map(len, text.split(" "))) + _EDGES
                words[column] = max(words[column], min(longest, _LONGEST_WORD))
                if place >= head:  # a heading may take several lines
                    lines[column] = max(lines[column], min(len(text) + _EDGES, _WIDEST))
    widths = share_width(words, lines, _TEXT_MM / (size * _LETTER_MM))
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(_TEXT_MM * width)
    for row in made.rows:
        for place, cell in enumerate(row._tr.tc_lst):
            cell.width = Mm(_TEXT_MM * widths[place])


def share_width(words: Sequence[int], lines: Sequence[int], letters: float) -> list[float]:
    """Return the share of each column: its longest word whole, what is left by the lines.

    Parameters
    ----------
    words, lines : sequence of int
        Signs of the longest word and of the longest line of each column.
    letters : float
        How many signs the whole width holds.

    Examples
    --------
    >>> share_width([4, 10], [4, 46], 50)
    [0.08, 0.92]
    >>> share_width([60, 60], [60, 60], 50)  # too narrow for the words: they break alike
    [0.5, 0.5]
    """
    spare = max(0.0, letters - sum(words))
    wanted = [max(0, line - word) for word, line in zip(words, lines, strict=True)]
    whole = sum(wanted) or 1
    shares = [word + spare * want / whole for word, want in zip(words, wanted, strict=True)]
    return [share / sum(shares) for share in shares]


def _laid_out(rows: Sequence[Sequence[Cell]]) -> Iterator[list[tuple[int, Cell]]]:
    """Yield for each row its cells with the column in which each begins."""
    taken: dict[int, int] = {}
    for row in rows:
        placed: list[tuple[int, Cell]] = []
        column = 0
        for cell in row:
            while taken.get(column, 0):
                column += 1
            placed.append((column, cell))
            for one in range(column, column + cell.columns):
                taken[one] = cell.rows
            column += cell.columns
        taken = {one: left - 1 for one, left in taken.items() if left > 1}
        yield placed


def _fill_cell(target: Any, cell: Cell, is_head: bool, size: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = target.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _add_runs(paragraph, cell.runs, bold=cell.heads, size=size)
    numbers = [run for run in cell.runs if run.number is not None]
    if numbers and len(text_of(cell.runs)) <= len(numbers[0].text) + _UNIT_SIGNS:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if is_head:
        _shade(target, LIGHT["band"])


def _add_runs(
    paragraph: WordParagraph, runs: Runs, *, bold: bool = False, size: float | None = None
) -> None:
    from docx.shared import Pt

    for place, run in enumerate(runs):
        if run.hidden:
            continue
        if size and run.soft and place and not runs[place - 1].soft:
            paragraph.add_run().add_break()
        made = paragraph.add_run(run.text)
        made.bold = True if run.bold or (bold and not run.soft) else None
        if size:
            made.font.size = Pt(size)


def _repeat_header(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_row_whole(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _shade(cell: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour.removeprefix("#"))
    cell._tc.get_or_add_tcPr().append(shade)
