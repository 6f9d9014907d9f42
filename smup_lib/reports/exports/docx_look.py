"""How does a Word document of a report look, and what does it carry for machines?"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from smup_lib.present.tokens import LIGHT
from smup_lib.present.words import SAMPLE_LAND

if TYPE_CHECKING:
    from zipfile import ZipFile

    from docx.document import Document

    from smup_lib.reports.exports.content import Content

#: On every office computer; LibreOffice has a typeface of the same measures.
_FONT = "Calibri"
SMALL_STYLE = "Smup small"
#: Letters in points.
SIZES = MappingProxyType({"body": 11, "small": 9.5, "table": 9, "wide": 7.5})


def set_styles(document: Document) -> None:
    """Set letters, sizes and language of a document."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(SIZES["body"])
    normal.paragraph_format.space_after = Pt(6)
    _set_language(normal, "pl-PL")
    ink = RGBColor.from_string(LIGHT["ink"].removeprefix("#"))
    for level in range(1, 6):
        style = styles[f"Heading {level}"]
        style.font.name, style.font.color.rgb = _FONT, ink
        style.font.size = Pt((20, 16, 13, 11.5, 11)[level - 1])
        _own_font(style)
        style.paragraph_format.keep_with_next = True
    small = styles.add_style(SMALL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = normal
    small.font.size = Pt(SIZES["small"])
    small.font.color.rgb = RGBColor.from_string(LIGHT["muted"].removeprefix("#"))
    small.paragraph_format.space_after = Pt(4)


def _own_font(style: Any) -> None:
    """Drop the typeface of the theme, which would win over ours."""
    from docx.oxml.ns import qn

    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:hAnsi"), _FONT)


def _set_language(style: Any, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    told = OxmlElement("w:lang")
    told.set(qn("w:val"), language)
    style.element.get_or_add_rPr().append(told)


def set_page(document: Document, content: Content) -> None:
    """Set A4, margins, running head, page numbers and the properties of the file."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(20))
    land = f" · {SAMPLE_LAND}" if content.fictional else ""
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.text = content.title + land
    header.style = footer.style = document.styles[SMALL_STYLE]
    snapshot = content.receipt.get("snapshot", "")
    footer.add_run(f"stan danych {snapshot} · strona " if snapshot else "strona ")
    _add_page_number(footer)
    properties = document.core_properties
    properties.title, properties.language = content.title, "pl-PL"
    properties.author, properties.comments = "", ""
    _make_current(document)
    drop_thumbnail(document.part.package.rels)
    for name, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            document.part.rels.pop(name)  # a second set of styles for Word 2010 that tells others
    for told in document.styles.element.iter(qn("w:lang")):
        told.set(qn("w:val"), "pl-PL")


def _make_current(document: Document) -> None:
    """Say that the document is of today's Word, which else opens it in a mode for old files."""
    from docx.oxml.ns import qn

    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for zoom in document.settings.element.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")


def drop_thumbnail(relations: Any) -> None:
    """Drop the picture that the built-in template shows for every file made from it."""
    for name, relation in list(relations.items()):
        if relation.reltype.endswith("/thumbnail"):
            relations.pop(name)


def _add_page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


#: Where a document keeps the receipt of the report it was made from.
RECEIPT_NAMESPACE = "urn:smup-workbench:receipt"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"


def embed_receipt(document: Document, content: Content) -> None:
    """Put the receipt inside, so that the document can be verified without its page."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    root = etree.Element(f"{{{RECEIPT_NAMESPACE}}}receipt", nsmap={None: RECEIPT_NAMESPACE})
    root.text = json.dumps(dict(content.receipt), ensure_ascii=False)
    named = {f"{{{_STORE}}}itemID": f"{{{str(uuid5(NAMESPACE_URL, root.text)).upper()}}}"}
    properties = etree.Element(f"{{{_STORE}}}datastoreItem", named, nsmap={"ds": _STORE})
    etree.SubElement(properties, f"{{{_STORE}}}schemaRefs")

    def part_of(element: Any, name: str, kind: str) -> Part:
        blob = etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)
        return Part(PackURI(name), kind, blob, document.part.package)

    item = part_of(root, "/customXml/item9.xml", "application/xml")
    item.relate_to(
        part_of(properties, "/customXml/itemProps9.xml", _PROPERTIES_TYPE),
        f"{_LINKS}/customXmlProps",
    )
    document.part.relate_to(item, f"{_LINKS}/customXml")


def read_docx_receipt(archive: ZipFile) -> dict[str, Any]:
    """Read the receipt back from a document; a program that saved it may have renamed the part.

    Raises
    ------
    KeyError
        When the document holds no receipt.
    """
    from lxml import etree

    plain = etree.XMLParser(resolve_entities=False)
    for name in archive.namelist():
        if name.startswith("customXml/item") and name.endswith(".xml"):
            try:
                root = etree.fromstring(archive.read(name), plain)
            except etree.XMLSyntaxError:
                continue  # another program's part
            if root.tag == f"{{{RECEIPT_NAMESPACE}}}receipt":
                receipt: dict[str, Any] = json.loads(root.text or "{}")
                return receipt
    raise KeyError(RECEIPT_NAMESPACE)
