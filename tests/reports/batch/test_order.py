"""An order is read whole or refused whole, and its written form reads back."""

from __future__ import annotations

from datetime import date

import pytest

from smup_lib.errors import ParameterError
from smup_lib.reports.batch.order import read_order, simple_order, write_order

WHOLE = """
format: 1
title: Kultura i drogi
year: 2022
units: powiaty
parts:
  - report: kultura
    title: Kultura
    chapters:
      - title: Z sąsiadami
        units: ["9001", "9002"]
        group: neighbours
      - title: Reszta
        year: 2021
  - report: portret
    parameters: {group: "similar:10"}
"""


def test_an_order_is_read_with_its_parts_and_chapters(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    order = read_order(path)
    assert [part.report for part in order.parts] == ["kultura", "portret"]
    assert order.units == ("powiaty",)
    assert order.parts[0].chapters[0].units == ("9001", "9002")
    assert order.parts[0].chapters[1].year == 2021


def test_what_is_written_reads_back(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    order = read_order(path)
    again = tmp_path / "again.yaml"
    again.write_text(write_order(order), encoding="utf-8")
    assert read_order(again) == order
    simple = simple_order(["kultura"], ["@miasta"], 2022, "neighbours", {"indicator": "a"})
    again.write_text(write_order(simple), encoding="utf-8")
    assert read_order(again) == simple


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: x\nyaer: 2022\nparts: [{report: kultura}]", ["yaer", "czy chodziło o: year"]),
        ("parts: []", ["parts"]),
        ("parts: [{report: kultura, unit: a, chapter: b}]", ["unit", "chapter"]),
        ("parts: [{report: kultura}]\nyear: dwa\nunits: 7", ["year", "units"]),
        ("[1, 2]", ["zestaw"]),
        ("a: *b", ["odwołania"]),
    ],
)
def test_a_wrong_order_is_refused_with_every_fault(tmp_path, text, told):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as refused:
        read_order(path)
    whole = str(refused.value)
    assert all(word in whole for word in told), whole
    assert "co zrobić" in whole


@pytest.mark.parametrize(
    ("year", "given", "told"),
    [(1900, {}, ["year"]), (2022, {"group": date(2020, 1, 1)}, ["group"])],
)
def test_a_wrong_order_of_a_command_line_is_refused_in_polish(year, given, told):
    with pytest.raises(ParameterError) as refused:
        simple_order(["kultura"], ["9001"], year, parameters=given)
    assert all(word in str(refused.value) for word in told)
    assert "bez id" not in str(refused.value)
    assert "validation" not in str(refused.value)
    assert "Input should" not in str(refused.value)


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(ParameterError, match=r"plan\.yaml: nie ma takiego pliku"):
        read_order(tmp_path / "plan.yaml")


def test_an_order_holds_how_its_reports_are_made_and_an_older_file_says_nothing_of_it(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    plain = read_order(path)
    assert (plain.formats, plain.zip, plain.notebooks, plain.snapshot) == (None, None, False, None)
    way = {"formats": ("html", "docx"), "zip": "powiat", "snapshot": "sample", "notebooks": True}
    path.write_text(write_order(plain.made_so({**way, "skip_unknown": None})), encoding="utf-8")
    again = read_order(path)
    assert again == plain.made_so(way)
    # the command line wins over the file
    assert again.made_so({"formats": ("html", "pdf"), "zip": None}).formats == ("html", "pdf")
    assert write_order(plain) == write_order(plain.made_so({"zip": None}))


def test_codes_are_read_as_they_were_typed(tmp_path):
    path = tmp_path / "plan.yaml"
    listed = "units: [9001, 0201, 020101, '9002', brzezicki]\nformats: docx, pdf\n"
    path.write_text(f"{listed}parts: [{{report: kultura, units: 0207}}]\n", encoding="utf-8")
    order = read_order(path)
    assert order.units == ("9001", "0201", "020101", "9002", "brzezicki")
    assert order.parts[0].units == ("0207",)
    assert order.formats == ("html", "docx", "pdf")


def test_every_fault_of_a_file_is_told_with_its_line(tmp_path):
    path = tmp_path / "plan.yaml"
    lines = ["year: dwa", "units: [7]", "formats: [dox]", "parts:", "- report: kultra", "  rok: 1"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ParameterError) as refused:
        read_order(path)
    told = str(refused.value)
    for line, word in enumerate(("year", "units", "formats"), 1):
        assert f"wiersz {line}: {word}" in told, told
    assert "wiersz 5: parts[1].report: Nie ma obszaru „kultra”; czy chodziło o: Kultura" in told
    assert "wiersz 6: parts[1].rok" in told


def test_the_plan_in_the_documents_is_read(repo_root, tmp_path):
    text = (repo_root / "docs" / "batch.md").read_text(encoding="utf-8")
    path = tmp_path / "plan.yaml"
    path.write_text(text.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    order = read_order(path)
    assert [part.report for part in order.parts] == ["kultura", "wskaźnik"]
    assert [chapter.title for chapter in order.parts[0].chapters] == ["Wschód", "Miasta"]
    named = {field for field in type(order).model_fields if field in text}
    assert named == set(type(order).model_fields)
