"""Files of a selection, opened again: the numbers seen, why others lack, and on what all rests."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import docx
import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.selection import files
from smup_lib.reports.selection.drawings import write_png, write_svg
from smup_lib.reports.selection.table import TableLook, see_table
from tests.reports.exports.office_rules import broken_rules

LOOK = TableLook(sort="-debt_per_capita@2022", text="90")


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def sheet_of(content: bytes, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def test_a_csv_holds_the_rows_that_are_seen_with_all_digits(selection):
    table = see_table(selection, LOOK)
    head, *rows = rows_of(files.write_table_csv(selection, LOOK))
    assert [row[0] for row in rows] == [code for code, _ in table.rows]
    first, last = 2, 2 + len(table.columns)
    for row, values in zip(rows, table.values, strict=True):
        told = [float(cell.replace(",", ".")) if cell else np.nan for cell in row[first:last]]
        np.testing.assert_array_equal(told, values)
    assert head[-4:] == ["uwagi", "stan danych", "skrót danych", "źródła"]
    assert {row[-2] for row in rows} == {selection.data_hash}
    assert all(SAMPLE_LAND in row[-3] and row[-1] for row in rows)
    assert all("nie dotyczy" in row[-4] for row in rows if "" in row[first:last])


def test_a_workbook_opens_with_numbers_signs_and_their_legend(selection):
    table = see_table(selection, LOOK)
    content = files.write_table_xlsx(selection, LOOK)
    assert broken_rules(content) == []
    head, *read = sheet_of(content, "Tabela")
    assert head[-1] == "uwagi"
    for row, (code, _), values in zip(read, table.rows, table.values, strict=False):
        assert row[0] == code
        told = [np.nan if cell == "x" else cell for cell in row[2 : 2 + len(values)]]
        np.testing.assert_allclose(told, values, rtol=1e-14)  # a workbook holds 16 digits
    assert any(str(row[1]).startswith("x ") for row in read[len(table.rows) :])
    facts = {row[0]: row[1] for row in sheet_of(content, "Metryka")}
    assert facts["Skrót danych"] == selection.data_hash
    assert SAMPLE_LAND in facts["Stan danych"]
    assert len(sheet_of(content, "Wskaźniki")) == 3


def test_no_cell_is_a_formula(select):
    hostile = select("library_readers_per_1k")
    names = {**hostile.found.units, "9002": '=HYPERLINK("http://x";"y")', "9003": "@SUM(1)"}
    hostile.found = replace(hostile.found, units=names)
    cells = [cell for row in rows_of(files.write_table_csv(hostile)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "@", "+")]
    with zipfile.ZipFile(io.BytesIO(files.write_table_xlsx(hostile))) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        markup = b"".join(book.read(name) for name in sheets)
        assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")
    assert len(sheets) == 3
    assert b"<f>" not in markup
    assert b"hyperlink" not in markup


def test_a_document_says_what_the_page_says(selection):
    charts = [selection.distribution("library_readers_per_1k", 2022)]
    document = docx.Document(io.BytesIO(files.write_document(selection, charts)))
    text = "\n".join(one.text for one in document.paragraphs)
    assert selection.data_hash in text
    assert "Ustalenia" in text and "Źródła" in text
    assert len(document.inline_shapes) == 1
    heads = [cell.text for table in document.tables for cell in table.rows[0].cells]
    assert any(head.startswith("Czytelnicy") for head in heads)


@pytest.mark.parametrize("kind", ["distribution", "series", "map"])
def test_a_picture_stands_by_itself(selection, kind):
    years = () if kind == "series" else (2022,)
    figure = getattr(selection, kind)("library_readers_per_1k", *years)
    drawing = ElementTree.fromstring(write_svg(selection, figure))
    told = " ".join("".join(one.itertext()) for one in drawing.iter() if one.tag.endswith("text"))
    snapshot = selection.workspace.snapshot
    for part in (SAMPLE_LAND, snapshot.id, selection.data_hash, figure.chart.title[:20]):
        assert part in told, part
    assert "Źródło" in told or "Dane" in told
    # everything is within the paper
    width, height = map(float, drawing.get("viewBox", "").split()[2:])
    tops = [float(one.get("y", "0")) for one in drawing if one.tag.endswith("text")]
    assert max(tops) < height
    png = write_png(selection, figure)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 2 * round(width)


def test_a_file_has_a_name_that_every_system_takes(selection):
    stem = files.file_stem(selection)
    assert re.fullmatch(r"[a-z0-9-]{10,90}", stem)
    assert stem.endswith(selection.data_hash)
