"""The PDF of a report can be read aloud: structure, descriptions, embedded letters."""

from __future__ import annotations

import io

import pytest

from smup_lib.errors import ReportError
from smup_lib.reports.exports.pdf import write_pdf

SMALL = (
    '<!DOCTYPE html><html lang="pl"><head><title>Próba: żółć</title></head><body><main>'
    "<h1>Zażółć gęślą jaźń</h1><h2>Drogi</h2>"
    '<svg role="img" viewBox="0 0 10 10" width="10" aria-label="Linia rośnie"><title>Linia</title>'
    '<path d="M0 0L9 9" stroke="#000"/></svg>'
    "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
    "</main></body></html>"
)


@pytest.fixture(scope="module")
def pdf():
    import pikepdf

    try:
        data = write_pdf(SMALL)
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


def test_a_chart_is_told_in_words(pdf):
    told = dict(structure(pdf.Root["/StructTreeRoot"]["/K"], []))
    assert told["/Figure"]


def test_all_letters_are_embedded(pdf):
    fonts = [
        font for page in pdf.pages for font in page.get("/Resources", {}).get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert any(name in inner for name in ("/FontFile2", "/FontFile3", "/FontFile"))
