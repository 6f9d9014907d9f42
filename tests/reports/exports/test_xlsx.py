"""A workbook of a report: numbers as numbers with all digits, texts never run, keys beside."""

from __future__ import annotations

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.numbers import PrintedNumber
from smup_lib.reports.exports.content import Cell, Content, Run, Table
from smup_lib.reports.exports.credited import list_credits
from smup_lib.reports.exports.statements import statements_of
from smup_lib.reports.exports.xlsx import KEYS_SHEET, RECEIPT_SHEET, write_xlsx
from tests.reports.exports.office_rules import broken_rules


def rows_of(data: bytes, sheet: str) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@pytest.fixture(scope="module")
def data(content) -> bytes:
    return write_xlsx(content)


def test_each_number_of_a_table_has_its_key_and_its_place(data, content):
    heads, *keys = rows_of(data, KEYS_SHEET)
    assert heads[:3] == ["arkusz", "komórka", "jednostka"]
    in_tables = [row for row in keys if row[0] != "Ustalenia"]
    assert len(in_tables) > 300
    cells = {name: rows_of(data, name) for name in {str(row[0]) for row in in_tables}}
    checked = 0
    for name, address, *_, value, scale, shown in in_tables:
        column, line = ord(address[0]) - ord("A"), int(address[1:]) - 1
        found = cells[name][line][column]
        if isinstance(found, float):
            assert found == pytest.approx(value / scale, rel=1e-14)  # a file keeps 16 digits
            checked += 1
        else:
            assert shown in found
    assert checked > 300


def test_excel_finds_nothing_to_repair(data):
    assert broken_rules(data) == []


def test_no_text_becomes_a_formula_or_a_link(report_home):
    traps = ["=1+1", "+48 123", "-5", "@SUM(A1)", "http://example.org", "{=1}", "mailto:a@b"]
    rows = tuple((Cell((Run(text),)),) for text in traps)
    data = write_xlsx(Content("=HYPERLINK()", (Table((), rows, 0),)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            assert "<f>" not in text
            assert "http://example.org" not in text or "sharedStrings" in name
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names[2]
    assert [row[0] for row in rows_of(data, sheet)[2:]] == traps


def test_a_number_keeps_all_digits_and_its_scale(report_home):
    key = NumberKey("9002", "a", 2022)
    number = PrintedNumber(key, 1234567.125, "1 234,57", 1000.0)
    rows = ((Cell((Run("1 234,57", number=number),)),),)
    data = write_xlsx(Content("Próba", (Table((), rows, 0),)))
    name = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names[2]
    assert rows_of(data, name)[2][0] == 1234.567125
    assert rows_of(data, KEYS_SHEET)[1][7] == 1234567.125


def test_the_receipt_and_the_sample_are_told(data, content):
    receipt = dict(row[:2] for row in rows_of(data, RECEIPT_SHEET)[1:])
    assert receipt["snapshot"] == content.receipt["snapshot"]
    for name in CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names:
        if name not in ("Ustalenia", KEYS_SHEET, RECEIPT_SHEET):
            told = str(rows_of(data, name)[1][0])
            assert "fikcyjne" in told
            assert content.receipt["snapshot"] in told


def test_the_sources_stand_with_the_credit_lines_of_their_publishers(data, content):
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    (name,) = [name for name in names if "Źródła liczb" in name]
    told = [row[0] for row in rows_of(data, name)]
    assert list_credits(content)
    assert told[told.index("Jak podawać źródła:") + 1 :] == list_credits(content)


def test_tables_are_not_fewer_than_on_the_page(data, content):
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert len(names) == len(set(names))
    assert all(len(name) <= 31 for name in names)
    assert sum(1 for one in statements_of(content) if one.numbers) > 100
