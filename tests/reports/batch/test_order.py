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
    assert "validation" not in str(refused.value)
    assert "Input should" not in str(refused.value)


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(ParameterError, match=r"plan\.yaml: nie ma takiego pliku"):
        read_order(tmp_path / "plan.yaml")
