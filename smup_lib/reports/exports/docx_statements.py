"""What does a Word document of a report state? All its texts, also those that a page hides.

A program that saves a document unchanged writes other markup, so not the markup is compared but
what stands in it: each paragraph, wherever it is, with tracked changes, fields and hidden words
told as marks.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from smup_lib.reports.exports.content import RECEIPT_HEADING
from smup_lib.reports.exports.docx_look import read_docx_receipt
from smup_lib.reports.exports.stated import Stated, Statement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DIGEST_SIGNS = 12
#: Parts with texts of their own beside the body, and what they are called.
_MARGINS = (
    ("header", "nagłówek stron"),
    ("footer", "stopka stron"),
    ("footnotes", "przypis"),
    ("endnotes", "przypis końcowy"),
    ("comments", "komentarz"),
)
#: What a document of ours has nowhere, and how it is told.
_MARKS = {
    f"{_W}{tag}": told
    for tag, told in (
        *(("ins", "wstawka śledzona"), ("del", "skreślenie śledzone")),
        *(("moveFrom", "przeniesienie śledzone"), ("moveTo", "przeniesienie śledzone")),
        *(("cellIns", "wstawka śledzona"), ("cellDel", "skreślenie śledzone")),
        *(("footnoteReference", "przypis"), ("endnoteReference", "przypis końcowy")),
        *(("commentReference", "komentarz"), ("txbxContent", "pole tekstowe")),
        *(("pict", "rysunek w dawnym zapisie"), ("object", "obiekt osadzony")),
        *(("altChunk", "plik osadzony"), ("subDoc", "plik osadzony"), ("sym", "znak z kroju")),
    )
}
_WHITE = "FFFFFF"
_PAGE_RESULT = re.compile(r"(?<=strona )\d{1,4}$")


def read_docx(data: bytes) -> Stated:
    """Read a document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        receipt = read_docx_receipt(archive)
        reader = _Reader(archive)
        statements = (*reader.margins(), *reader.body(), *reader.numbering())
    return Stated(statements, receipt, tuple(reader.shown))


class _Reader:
    """Reads the parts of one document; rows of its receipt go to ``shown``."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = archive.namelist()
        self._styles, self._hidden = self._read_styles()
        self._parts = self._read_relations()
        self._place = ""
        self.shown: list[tuple[str, ...]] = []

    def _xml(self, name: str) -> Any:
        from lxml import etree

        return etree.fromstring(
            self._archive.read(name), etree.XMLParser(resolve_entities=False, huge_tree=True)
        )

    def _read_styles(self) -> tuple[Mapping[str, str], set[str]]:
        """Return the names of styles by id, and the ids of those whose words are hidden."""
        names: dict[str, str] = {}
        bases: dict[str, str] = {}
        hidden: set[str] = set()
        if "word/styles.xml" not in self._names:
            return names, hidden
        root = self._xml("word/styles.xml")
        if any(_is_on(one) for one in root.iterfind(f"{_W}docDefaults//{_W}vanish")):
            hidden.add("")
        for style in root.iterfind(f"{_W}style"):
            told = style.get(f"{_W}styleId", "")
            named, base = style.find(f"{_W}name"), style.find(f"{_W}basedOn")
            names[told] = _value(named)
            bases[told] = _value(base)
            if any(_is_on(one) for one in style.iterfind(f"{_W}rPr/{_W}vanish")):
                hidden.add(told)
        for _ in bases:  # a style hides what the one below it hides
            below = {told for told, base in bases.items() if base and base in hidden} - hidden
            if not below:
                break
            hidden |= below
        return names, hidden

    def _read_relations(self) -> Mapping[str, str]:
        name = "word/_rels/document.xml.rels"
        if name not in self._names:
            return {}
        return {
            one.get("Id", ""): posixpath.normpath(posixpath.join("word", one.get("Target", "")))
            for one in self._xml(name)
            if one.get("TargetMode") != "External"
        }

    def margins(self) -> Iterator[Statement]:
        """Yield what stands beside the body: on top and bottom of pages, notes, remarks."""
        for stem, told in _MARGINS:
            parts = sorted(one for one in self._names if re.fullmatch(rf"word/{stem}\w*\.xml", one))
            said = set[tuple[str, str]]()
            for name in parts:
                root = self._xml(name)
                lines = [self._text(one) for one in root.iter(f"{_W}p")]
                text = "\n".join(_PAGE_RESULT.sub("", line) for line in lines).strip()
                if text or self._marks(root):
                    said.add((text, self._marks(root)))
            for text, marks in sorted(said):
                yield Statement(told, text, marks)

    def numbering(self) -> Iterator[Statement]:
        """Yield words that stand before items of lists, where marks and numbers should."""
        if "word/numbering.xml" in self._names:
            for level in self._xml("word/numbering.xml").iter(f"{_W}lvlText"):
                left = re.sub(r"%\d", "", _value(level)).strip()
                if len(left) > 2 or any(sign.isdigit() for sign in left):
                    yield Statement("znaki przed punktami list", _value(level))

    def body(self) -> Iterator[Statement]:
        """Yield what the body states."""
        yield from self._blocks(self._xml("word/document.xml"))

    def _blocks(self, parent: Any) -> Iterator[Statement]:
        for one in parent:
            if one.tag == f"{_W}p":
                yield from self._paragraph(one)
            elif one.tag == f"{_W}tbl":
                yield from self._table(one)
            elif one.tag in _MARKS and not len(one):
                yield Statement(self._place, _MARKS[one.tag])
            else:
                yield from self._blocks(one)

    def _paragraph(self, paragraph: Any) -> Iterator[Statement]:
        text, marks = self._text(paragraph), self._marks(paragraph)
        style = self._styles.get(_value(paragraph.find(f"{_W}pPr/{_W}pStyle")), "")
        if style.lower().startswith("heading"):
            self._place = text
        if text.strip() or marks:
            yield Statement(self._place, text, marks)
        for inline in paragraph.iter(f"{_WP}inline", f"{_WP}anchor"):
            yield self._drawing(inline)

    def _drawing(self, inline: Any) -> Statement:
        """Return the words and the dots of a drawing."""
        named = inline.find(f"{_WP}docPr")
        words = named.get("descr", "") if named is not None else ""
        drawn = ""
        for one in inline.iter():
            for name in (f"{_R}embed", f"{_R}link"):
                if one.get(name) is not None:
                    part = self._parts.get(one.get(name), "")
                    blob = self._archive.read(part) if part in self._names else b""
                    drawn += hashlib.sha256(blob).hexdigest()[:_DIGEST_SIGNS]
        return Statement(self._place, f"wykres: {words}", f"punkty rysunku {drawn}")

    def _table(self, table: Any) -> Iterator[Statement]:
        rows = [list(row.iter(f"{_W}tc")) for row in table.iter(f"{_W}tr")]
        texts = [["".join(self._lines(cell)) for cell in row] for row in rows]
        marks = self._marks(table)
        if self._place == RECEIPT_HEADING:
            self.shown += [tuple(row) for row in texts]
            if marks:
                yield Statement(self._place, "tabela metryki", marks)
            return
        for number, cells in enumerate(texts):
            for column, text in enumerate(cells):
                told = self._marks(rows[number][column]) if marks else ""
                if text.strip() or told:
                    head = texts[0][column] if number and column < len(texts[0]) else ""
                    parts = (self._place, cells[0] if column else "", head)
                    yield Statement(" › ".join(part for part in parts if part), text, told)
        if marks:
            yield Statement(self._place, "tabela", marks)

    def _lines(self, cell: Any) -> Iterator[str]:
        for one in cell.iter(f"{_W}p"):
            yield self._text(one).replace("\n", "")

    def _text(self, paragraph: Any) -> str:
        parts = []
        for one in paragraph.iter(f"{_W}t", f"{_W}delText", f"{_W}br", f"{_W}cr", f"{_W}tab"):
            if one.tag in (f"{_W}t", f"{_W}delText"):
                parts.append(one.text or "")
            elif one.getparent().tag == f"{_W}r":
                parts.append("\t" if one.tag == f"{_W}tab" else "\n")
        return "".join(parts)

    def _marks(self, parent: Any) -> str:
        """Return what makes words seen otherwise than they are written."""
        found = {told for tag, told in _MARKS.items() if next(parent.iter(tag), None) is not None}
        if any(_is_on(one) for one in parent.iter(f"{_W}vanish")):
            found.add("tekst ukryty")
        styles = (f"{_W}pStyle", f"{_W}rStyle", f"{_W}tblStyle")
        if "" in self._hidden or any(_value(one) in self._hidden for one in parent.iter(*styles)):
            found.add("tekst ukryty stylem")
        if any(_value(one).upper() == _WHITE for one in parent.iter(f"{_W}color")):
            found.add("tekst w kolorze kartki")
        for field in parent.iter(f"{_W}fldSimple"):
            found.add(f"pole {_field(field.get(f'{_W}instr', ''))}")
        # the code of a field may be split between runs
        code = "".join(one.text or "" for one in parent.iter(f"{_W}instrText"))
        if code.strip():
            found.add(f"pole {_field(code)}")
        for word_art in parent.iter("{urn:schemas-microsoft-com:vml}textpath"):
            found.add(f"napis ozdobny {word_art.get('string', '')}")
        return "; ".join(sorted(found))


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(f"{_W}val", ""))


def _is_on(element: Any) -> bool:
    return _value(element) not in ("0", "false", "off")


def _field(code: str) -> str:
    """Return the code of a field; how its number is written is no matter."""
    return " ".join(code.split()).removesuffix(" \\* MERGEFORMAT")
