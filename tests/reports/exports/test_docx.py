"""A document of a report: real headings and tables, pictures told in words, nothing lost."""

from __future__ import annotations

import io
import itertools
import zipfile

import docx
import pytest

from smup_lib.reports.exports.content import (
    Cell,
    Content,
    Heading,
    Paragraph,
    Picture,
    Run,
    Table,
    text_of,
)
from smup_lib.reports.exports.credited import list_credits
from smup_lib.reports.exports.docx import write_docx
from smup_lib.reports.exports.docx_look import read_docx_receipt
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.exports.pptx import write_pptx
from smup_lib.reports.exports.xlsx import write_xlsx
from tests.reports.exports.office_rules import broken_rules


@pytest.fixture(scope="module")
def data(content, report_home) -> bytes:
    return write_docx(content)


@pytest.fixture(scope="module")
def document(data):
    return docx.Document(io.BytesIO(data))


def test_headings_are_headings_and_skip_no_level(document):
    levels = [
        int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert len(levels) > 15
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_every_picture_is_told_in_words(document):
    assert len(document.inline_shapes) >= 5
    for shape in document.inline_shapes:
        named = shape._inline.docPr
        assert named.get("descr")
        assert named.get("title")
        assert shape.width.mm <= 170.5


def test_a_table_repeats_its_header_row_and_keeps_rows_whole(document):
    with_head = [t for t in document.tables if t._tbl.tr_lst[0].xpath("w:trPr/w:tblHeader")]
    assert len(with_head) >= 5
    assert all(row.xpath("w:trPr/w:cantSplit") for t in document.tables for row in t._tbl.tr_lst)


def test_the_sample_stands_on_every_page_and_the_language_is_polish(document):
    header = document.sections[0].header.paragraphs[0].text
    assert "jednostki fikcyjne" in header
    assert document.core_properties.language == "pl-PL"
    style = document.styles["Normal"].element
    assert style.xpath("w:rPr/w:lang/@w:val") == ["pl-PL"]
    assert document.core_properties.author == ""


def test_word_finds_nothing_to_repair(data):
    assert broken_rules(data) == []


def test_the_receipt_is_inside(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert read_docx_receipt(archive)["notebook"].startswith("roads_transport")


@pytest.mark.parametrize("write", [write_docx, write_xlsx, write_pptx])
def test_a_sign_that_no_office_file_may_hold_is_dropped_by_all_alike(report_home, write):
    bad = (Run("Most\x0b na\x01 rzece\ufffe"),)
    picture = Picture(
        '<svg viewBox="0 0 9 9"><title>a\x02</title></svg>', "Wykres\x03", "Linia\x1f"
    )
    told = (Heading(1, bad), Paragraph(bad), picture, Table(bad, ((Cell(bad),),), 0))
    content = Content("Próba\x00", told)
    assert text_of(content.blocks[0].runs) == "Most na rzece"
    data = write(content)
    assert broken_rules(data) == []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if "xml" in name]
    assert any("Most na rzece" in text for text in texts)


def test_merged_cells_and_long_words_are_laid_out(report_home):
    wide = Cell((Run("razem"),), heads=True, columns=2)
    rows = (
        (Cell((Run("a"),), heads=True), wide),
        (Cell((Run("b"),), rows=2), Cell((Run("1"),)), Cell((Run("2"),))),
        (Cell((Run("3"),)), Cell((Run("Powiat czarnkowsko-trzcianecki"),))),
    )
    content = Content("Próba", (Table((Run("Tabela"),), rows, 1), Paragraph((Run("koniec"),))))
    table = docx.Document(io.BytesIO(write_docx(content))).tables[0]
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts == [
        ["a", "razem", "razem"],
        ["b", "1", "2"],
        ["b", "3", "Powiat czarnkowsko-trzcianecki"],
    ]


def test_the_chapter_loses_no_heading_no_table_and_no_credit_line(report_of):
    made = report_of("state_report", "900102", 2023)  # other tests read it too
    told = read_content(made.html.read_text(encoding="utf-8"))
    written = docx.Document(io.BytesIO(write_docx(told)))
    heads = [p.text for p in written.paragraphs if p.style.name.startswith("Heading")]
    page = [text_of(b.runs, hidden=True) for b in told.blocks if isinstance(b, Heading)]
    assert heads == [*page, "Skąd pewność ustaleń"]
    after = [p.text for p in written.paragraphs][-60:]
    assert any(text.startswith("Po tej samej stronie mediany") for text in after)
    assert len(written.tables) == sum(isinstance(block, Table) for block in told.blocks) > 3
    assert list_credits(told)
    assert set(list_credits(told)) <= {p.text for p in written.paragraphs}
