"""What does a workbook of a report state? Values with how they are shown, and nothing computed.

A cell can show something else than it holds: a formula, a number format, a comment, a hidden row.
All these are told beside its value, so that a workbook that somebody only saved reads the same.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context
from typing import Any

from smup_lib.reports.exports.stated import Difference, Stated, Statement
from smup_lib.reports.exports.xlsx import RECEIPT_SHEET

_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
#: Parts that hold nothing but what is read here, or nothing that is shown.
_KNOWN_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/\w+\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:workbook|styles|sharedStrings|calcChain|metadata)\.xml|xl/theme/theme\d\.xml"
    r"|xl/worksheets/sheet\d+\.xml|xl/worksheets/_rels/sheet\d+\.xml\.rels"
    r"|xl/printerSettings/printerSettings\d+\.bin"
)
#: Elements of a sheet that add nothing to its cells, or are read here.
_KNOWN_ELEMENTS = frozenset(
    (
        *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
        *("printOptions", "pageMargins", "pageSetup", "hyperlinks", "headerFooter"),
        *("phoneticPr", "ignoredErrors", "rowBreaks", "colBreaks"),
    )
)
#: Formats that a workbook may name by number alone.
_USUAL_FORMATS = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "49": "@"}
#: So many digits are kept when a workbook is saved again.
_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_HEADS = ("co", "wartość")
#: What office programs put on top and bottom of printed sheets of their own: name and page.
_USUAL_MARGINS = re.compile(r'&[LCR]|&"[^"&]*"|&\d+|&[APNK]|&K[0-9A-F]{6}|\b(?:Page|Strona)\b|\s')


@dataclass(frozen=True)
class _Cell:
    place: str
    column: str
    row: int
    text: str
    shown_as: str
    is_number: bool


def read_xlsx(data: bytes) -> Stated:
    """Read a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _Reader(archive).read()


class _Reader:
    """Reads the parts of one workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = archive.namelist()
        self._strings = [*self._read_strings()]
        self._formats = self._read_formats()

    def read(self) -> Stated:
        statements: list[Statement] = []
        receipt: dict[str, Any] = {}
        own = [
            Difference(f"część skoroszytu {name}", "jest w pliku", "")
            for name in self._names
            if not _KNOWN_PARTS.fullmatch(name)
        ]
        for name, state, root in self._sheets():
            statements.append(_of_whole(name, state, root))
            cells = list(self._cells(name, root))
            if name == RECEIPT_SHEET:
                receipt = _receipt_of(cells)
                own += _receipt_faults(cells)
                continue
            for one in cells:
                exact = f"{one.text} ({one.shown_as})"
                statements.append(Statement(one.place, one.text, exact, int(one.is_number)))
        return Stated(tuple(statements), receipt, own=tuple(own))

    def _xml(self, name: str) -> Any:
        from lxml import etree

        return etree.fromstring(
            self._archive.read(name), etree.XMLParser(resolve_entities=False, huge_tree=True)
        )

    def _sheets(self) -> Iterator[tuple[str, str, Any]]:
        relations = {
            one.get("Id"): posixpath.normpath(posixpath.join("xl", one.get("Target", "")))
            for one in self._xml("xl/_rels/workbook.xml.rels")
        }
        for sheet in self._xml("xl/workbook.xml").iter(f"{_X}sheet"):
            target = relations[sheet.get(f"{_R}id")]
            part = target.removeprefix("/") if target.startswith("/") else target
            yield sheet.get("name", ""), sheet.get("state", "visible"), self._xml(part)

    def _read_strings(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self._names:
            for one in self._xml("xl/sharedStrings.xml").iterfind(f"{_X}si"):
                yield _words(one)

    def _read_formats(self) -> list[str]:
        """Return how each style of cells shows what they hold."""
        root = self._xml("xl/styles.xml")
        told = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter(f"{_X}numFmt")}
        fonts = [_letters(one) for one in root.iterfind(f"{_X}fonts/{_X}font")]
        formats = []
        for one in root.iterfind(f"{_X}cellXfs/{_X}xf"):
            number = one.get("numFmtId", "0")
            shown = told.get(number) or _USUAL_FORMATS.get(number, f"format {number}")
            font = int(one.get("fontId", "0"))
            formats.append(shown + (fonts[font] if font < len(fonts) else ""))
        return formats

    def _cells(self, sheet: str, root: Any) -> Iterator[_Cell]:
        for cell in root.iter(f"{_X}c"):
            text, is_number = self._value(cell)
            if formula := cell.find(f"{_X}f") is not None:
                code = cell.findtext(f"{_X}f") or "wspólna"
                text = f"formuła ={code}, ostatnio {text}"
            if text == "":
                continue
            address = cell.get("r", "")
            found = re.fullmatch(r"([A-Z]+)(\d+)", address)
            if found is None:
                raise ValueError(address)
            shown_as = self._formats[int(cell.get("s", "0"))]
            place = f"arkusz {sheet}, komórka {address}"
            yield _Cell(
                *(place, found[1], int(found[2]), text, shown_as, is_number and not formula)
            )

    def _value(self, cell: Any) -> tuple[str, bool]:
        kind, value = cell.get("t", "n"), cell.findtext(f"{_X}v")
        if kind == "inlineStr":
            return _words(cell.find(f"{_X}is")), False
        if value is None:
            return "", False
        if kind == "s":
            return self._strings[int(value)], False
        return (_number(value), True) if kind == "n" else (value, False)


def _number(value: str) -> str:
    """Return a number with the digits that every office program keeps, rounded as they do."""
    return repr(float(_DIGITS.create_decimal(repr(float(value)))))


def _words(element: Any) -> str:
    """Return the words of a text; how they are spoken stands apart."""
    return "".join(
        one.text or "" for one in element.iter(f"{_X}t") if one.getparent().tag != f"{_X}rPh"
    )


def _letters(font: Any) -> str:
    """Return how letters are hidden: white ones, or of no size."""
    colour, size = font.find(f"{_X}color"), font.find(f"{_X}sz")
    white = colour is not None and (
        colour.get("rgb", "").upper().endswith("FFFFFF") or colour.get("theme") == "0"
    )
    tiny = size is not None and float(size.get("val", "11")) < 5
    return ", litery w kolorze kartki" * white + ", litery niewidoczne" * tiny


def _of_whole(name: str, state: str, root: Any) -> Statement:
    """Return what a sheet has besides its cells: what is hidden, added, printed around."""
    told = {f"element {_tag(one)}" for one in root if _tag(one) not in _KNOWN_ELEMENTS}
    hidden = [one for one in root.iter(f"{_X}row", f"{_X}col") if _is_hidden(one)]
    if hidden:
        told.add("ukryte wiersze albo kolumny")
    for one in root.iterfind(f"{_X}headerFooter/*"):
        if words := _USUAL_MARGINS.sub("", one.text or ""):
            told.add(f"wydruk: {words}")
    for link in root.iter(f"{_X}hyperlink"):
        location = (link.get("location") or "").removeprefix("#")
        outside = " poza plik" if link.get(f"{_R}id") else ""
        told.add(f"odnośnik {link.get('ref')}: {location}{outside} {link.get('tooltip', '')}")
    text = "widoczny" if state == "visible" else "ukryty"
    return Statement(f"arkusz {name}", text, "; ".join((text, *sorted(told))))


def _is_hidden(element: Any) -> bool:
    width = element.get("ht") or element.get("width") or "9"
    return element.get("hidden") in ("1", "true") or float(width) < 1


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _receipt_of(cells: list[_Cell]) -> dict[str, Any]:
    names = {one.row: one.text for one in cells if one.column == "A" and one.row > 1}
    values = {one.row: one.text for one in cells if one.column == "B"}
    return {name: _read_value(values.get(row, "")) for row, name in names.items()}


def _receipt_faults(cells: list[_Cell]) -> Iterator[Difference]:
    """Yield what stands on the sheet of the receipt and is no name or value of it."""
    names = [one.text for one in cells if one.column == "A"]
    last = len(names)
    for one in cells:
        head = _HEADS["AB".index(one.column)] if one.column in ("A", "B") else None
        if head is None or one.row > last or one.shown_as != "General":
            yield Difference(one.place, f"{one.text} ({one.shown_as})", "")
        elif one.row == 1 and one.text != head:
            yield Difference(one.place, one.text, head)
        elif one.column == "A" and names.count(one.text) > 1:
            yield Difference(one.place, one.text, "")


def _read_value(text: str) -> Any:
    """Read a value of the receipt as it was written: texts plainly, the rest as JSON."""
    if text.startswith(("{", "[")) or text in ("true", "false", "null"):
        return json.loads(text)
    return text
