"""The PDF of a report can be read aloud: structure, descriptions, embedded letters."""

from __future__ import annotations

import io

import pytest
from lxml import html

from smup_lib.errors import ReportError
from smup_lib.present.compact_page import expand_page
from smup_lib.reports.exports.pdf import write_pdf


def drawings(page):
    """Return what is drawn on paper: a narrow screen has drawings of its own."""
    narrow = "ancestor::*[contains(@class, 'smup-narrow')]"
    return [one for one in page.iterfind(".//svg[@role='img']") if not one.xpath(narrow)]


@pytest.fixture(scope="module")
def start(page) -> str:
    """Return the real page without most of its drawings and tables: a whole one takes 7 s."""
    root = html.document_fromstring(expand_page(page))
    far = [*drawings(root)[3:], *root.findall(".//table")[6:]]
    for one in far:
        figure = next(one.iterancestors("figure"), one)
        if figure.getparent() is not None:
            figure.drop_tree()
    return "<!DOCTYPE html>" + html.tostring(root, encoding="unicode")


@pytest.fixture(scope="module")
def pdf(start):
    import pikepdf

    try:
        data = write_pdf(start)
    except ReportError as error:
        if "Pango" not in error.what:
            raise
        pytest.skip("Pango is not installed (apt install libpango-1.0-0 libpangoft2-1.0-0)")
    return pikepdf.open(io.BytesIO(data))


def structure(node, found):
    import pikepdf

    if isinstance(node, pikepdf.Array):
        for one in node:
            structure(one, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append((str(node["/S"]), str(node.get("/Alt", ""))))
        if "/K" in node:
            structure(node["/K"], found)
    return found


def test_it_is_tagged_in_polish_with_a_title(pdf):
    assert str(pdf.Root["/Lang"]) == "pl"
    assert bool(pdf.Root["/MarkInfo"]["/Marked"])
    kinds = [kind for kind, _ in structure(pdf.Root["/StructTreeRoot"]["/K"], [])]
    for kind in ("/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"):
        assert kind in kinds


def test_every_chart_is_told_in_its_own_words(pdf, start):
    found = structure(pdf.Root["/StructTreeRoot"]["/K"], [])
    told = [alt for kind, alt in found if kind == "/Figure"]
    drawn = drawings(html.document_fromstring(start))
    assert len(drawn) >= 3
    assert told == [one.findtext("./desc") for one in drawn]


def test_all_letters_are_embedded(pdf):
    fonts = [
        font for page in pdf.pages for font in page.get("/Resources", {}).get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert any(name in inner for name in ("/FontFile2", "/FontFile3", "/FontFile"))
