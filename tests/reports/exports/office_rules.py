"""What makes Word, Excel or PowerPoint say that a file is damaged, checked without them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
#: Children of the properties of a paragraph on a slide, in the only order that is read.
_PARAGRAPH_ORDER = (
    *("lnSpc", "spcBef", "spcAft", "buClrTx", "buClr", "buSzTx", "buSzPct", "buSzPts"),
    *("buFontTx", "buFont", "buNone", "buAutoNum", "buChar", "buBlip", "tabLst", "defRPr"),
)


def broken_rules(data: bytes) -> list[str]:
    """Return every broken rule of a file, none for one that opens without a word."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        trees = {
            name: etree.fromstring(archive.read(name))
            for name in names
            if name.endswith((".xml", ".rels"))
        }
    found = [f"twice: {name}" for name, n in Counter(names).items() if n > 1]
    found += _types(names, trees["[Content_Types].xml"])
    for name, tree in trees.items():
        if name.endswith(".rels"):
            found += _lost_targets(name, tree, names)
        else:
            found += _unknown_links(name, tree, trees)
            found += [f"{name}: {said}" for said in (*_ids(tree), *_tables(tree), *_order(tree))]
    return found


def _types(names: list[str], types: etree._Element) -> Iterator[str]:
    endings = {one.get("Extension") for one in types if one.get("Extension")}
    parts = {one.get("PartName") for one in types if one.get("PartName")}
    for name in names:
        ending = name.rpartition(".")[2]
        if f"/{name}" not in parts and ending not in endings and name != "[Content_Types].xml":
            yield f"no content type: {name}"
    yield from (f"a type for nothing: {part}" for part in parts if part[1:] not in names)


def _lost_targets(name: str, tree: etree._Element, names: list[str]) -> Iterator[str]:
    folder = posixpath.dirname(posixpath.dirname(name))
    for one in tree:
        if one.get("TargetMode") != "External":
            target = one.get("Target")
            path = target[1:] if target[0] == "/" else posixpath.join(folder, target)
            if posixpath.normpath(path) not in names:
                yield f"{name}: leads nowhere: {target}"


def _unknown_links(
    name: str, tree: etree._Element, trees: dict[str, etree._Element]
) -> Iterator[str]:
    folder, file = posixpath.split(name)
    told = trees.get(f"{folder}/_rels/{file}.rels")
    known = {one.get("Id") for one in told} if told is not None else set()
    for element in tree.iter(etree.Element):
        for attribute in ("id", "embed", "link"):
            used = element.get(_R + attribute)
            if used and used not in known:
                yield f"{name}: no relationship {used}"


def _ids(tree: etree._Element) -> Iterator[str]:
    for kind in ("docPr", "cNvPr", "bookmarkStart", "bookmarkEnd"):
        # the picture inside a drawing of Word has a number that nothing refers to
        found = [one for one in tree.iter(f"{{*}}{kind}") if one.prefix != "pic"]
        ids = [one.get("id") or one.get(f"{_W}id") for one in found]
        yield from (f"id {one} of {kind} twice" for one, n in Counter(ids).items() if n > 1)
        yield from (f"id {one} of {kind} too large" for one in ids if not 0 <= int(one) < 2**31)
        if kind.endswith("Pr"):
            yield from ("a drawing without words" for one in found if one.get("descr") == "")
    starts, ends = (
        {one.get(f"{_W}id") for one in tree.iter(_W + kind)}
        for kind in ("bookmarkStart", "bookmarkEnd")
    )
    yield from (f"half a bookmark {one}" for one in starts ^ ends)


def _tables(tree: etree._Element) -> Iterator[str]:
    for table in tree.iter(f"{_W}tbl"):
        columns = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
        for row in table.findall(f"{_W}tr"):
            cells = row.findall(f"{_W}tc")
            spans = (cell.find(f"{_W}tcPr/{_W}gridSpan") for cell in cells)
            width = sum(1 if span is None else int(span.get(f"{_W}val")) for span in spans)
            if width != columns:
                yield f"a row of {width} columns in a table of {columns}"
            if any(cell[-1].tag != f"{_W}p" for cell in cells):
                yield "a cell that does not end with a paragraph"


def _order(tree: etree._Element) -> Iterator[str]:
    for properties in tree.iter(f"{_A}pPr"):
        places = [_PARAGRAPH_ORDER.index(etree.QName(one).localname) for one in properties]
        if places != sorted(places):
            yield "properties of a paragraph out of order"
