"""The numbers of a report for Excel in Polish."""

from __future__ import annotations

import csv
import io

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.numbers import read_numbers, tagged
from smup_lib.reports.exports.csv import write_csv


def rows_of(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_every_number_stands_once_with_commas_and_its_ground(page, content):
    data = write_csv(page, content.receipt)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = rows_of(data)
    keys = {str(number.key) for number in read_numbers(page)}
    assert len(rows) == len(keys)
    assert {row["stan danych"] for row in rows} == {content.receipt["snapshot"]}
    assert {row["dane"] for row in rows} == {"przykładowe, jednostki fikcyjne"}
    value = next(row["wartość"] for row in rows if row["miara"] == "median")
    assert "." not in value
    assert float(value.replace(",", ".")) >= 0


def test_what_looks_like_a_formula_is_a_text_and_a_negative_number_stays_one():
    page = tagged(-1.5, NumberKey("=cmd", "@x", 2022, "value", "+g"), 1)
    (row,) = rows_of(write_csv(page, {}))
    assert (row["jednostka"], row["wskaźnik"], row["grupa"]) == ("'=cmd", "'@x", "'+g")
    assert row["wartość"] == "-1,5"
