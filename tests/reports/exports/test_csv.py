"""The numbers of a report for Excel in Polish."""

from __future__ import annotations

import csv
import io

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.numbers import read_numbers, tagged
from smup_lib.present.sources import SourceRow, render_sources
from smup_lib.reports.exports.content import Content, text_of
from smup_lib.reports.exports.credited import list_credits, sources_beside
from smup_lib.reports.exports.csv import write_csv
from smup_lib.reports.exports.outline import list_told
from smup_lib.reports.exports.page import read_content


def rows_of(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_every_number_stands_once_with_commas_and_its_ground(page, content):
    data = write_csv(page, content)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = rows_of(data)
    keys = {str(number.key) for number in read_numbers(page)}
    assert len(rows) == len(keys)
    assert {row["stan danych"] for row in rows} == {content.receipt["snapshot"]}
    assert {row["dane"] for row in rows} == {"przykładowe, jednostki fikcyjne"}
    # each row tells its sources, as the table of the report names them, and their credit lines
    assert all(row["źródła"].startswith(("[1] Kraina", "[2] ")) for row in rows)
    assert {row["noty o źródłach"] for row in rows} == {" | ".join(list_credits(content))}
    told = {key: marks for key, marks in sources_beside(content).items() if len(marks) == 1}
    direct = next(one for one in list_told(content.blocks) if one.numbers)
    assert f"źródło\u00a0{told[direct.numbers[0].key][0]}" in text_of(direct.details[0])
    medians = [row for row in rows if row["miara"] == "median"]
    assert {row["nazwa miary"] for row in medians} == {"mediana grupy"}
    assert all(row["nazwa wskaźnika"] for row in medians)
    value = next(row["wartość"] for row in rows if row["miara"] == "median")
    assert "." not in value
    assert float(value.replace(",", ".")) >= 0


def test_what_looks_like_a_formula_is_a_text_and_a_negative_number_stays_one():
    page = tagged(-1.5, NumberKey("=cmd", "@x", 2022, "value", "+g"), 1)
    (row,) = rows_of(write_csv(page, Content("", ())))
    assert (row["jednostka"], row["wskaźnik"], row["grupa"]) == ("'=cmd", "'@x", "'+g")
    assert row["wartość"] == "-1,5"


def test_a_source_with_a_file_is_told_with_its_dates_and_its_credit_line():
    number = tagged(2.5, NumberKey("9002", "drogi", 2022), 1)
    rows = [SourceRow(8, "b@1", "Drogi", "GUS", "Źródło: GUS.", "b", "d.csv", "ab", "2023-05-01")]
    page = f"<main><h2>Drogi</h2><p>Stan: {number} · źródło [8]</p>{render_sources(rows)}</main>"
    (row,) = rows_of(write_csv(page, read_content(page)))
    assert row["źródła"] == "[8] Drogi · GUS · d.csv"
    assert row["daty źródeł"].startswith("plik z 01.05.2023")
    assert row["noty o źródłach"] == "Źródło: GUS."
