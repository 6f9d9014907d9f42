"""Sources: numbered, linked, and never without what tells one file from another."""

from __future__ import annotations

import re
from dataclasses import replace

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.numbers import read_numbers
from smup_lib.present.sources import (
    OtherValue,
    SourceRow,
    linked,
    render_other_values,
    render_sources,
    source_line,
    source_marks,
)

FILE = SourceRow(
    number=8,
    id="bdl:P2423@a7ebc10e",
    title="Wypadki <drogowe>",
    publisher="Główny Urząd Statystyczny",
    credit="Źródło: GUS.",
    dataset="bdl:P2423",
    file="wypadki-polska.csv",
    sha256="0123456789abcdef" * 4,
    retrieved="2022-02-11",
    imported="2026-11-22T01:11:04+00:00",
    years=(2002, 2019),
)
MADE = SourceRow(2, "sample:land@b2", "Kraina", "Dane przykładowe", "Zmyślone.", "sample:land")


def test_the_table_names_file_checksum_both_days_and_is_a_target_of_links():
    html = render_sources([MADE, FILE])
    for said in ("wypadki-polska.csv", "0123456789ab", "bdl:P2423@a7ebc10e", "2002–2019"):
        assert said in html
    plain = html.replace("\u00a0", " ")
    assert "plik z 11.02.2022 r.<br>wczytano 22.11.2026 r." in plain
    assert "bez pliku: dane tworzy program" in html
    assert re.findall(r'id="(zrodlo-\d+)"', html) == ["zrodlo-2", "zrodlo-8"]
    assert "Wypadki &lt;drogowe&gt;" in html
    assert html.count("<li>") == 2


def test_a_day_that_nobody_told_is_said_to_be_unknown():
    untold = SourceRow(3, "a@1", "A", "GUS", "", "a", file="a.csv", sha256="ff")
    assert "dzień pliku nieznany<br>dzień wczytania nieznany" in render_sources([untold])


def test_a_line_names_publishers_once_and_links_each_file():
    second = SourceRow(9, "bdl:P1@1", "B", FILE.publisher, "", "bdl:P1", file="b.csv")
    line = source_line([second, MADE, FILE], "2026-11-22")
    assert line.text.count(FILE.publisher) == 1
    html = linked(line.text, line.links)
    assert re.findall(r'href="#([^"]+)"', html) == ["zrodlo-2", "zrodlo-8", "zrodlo-9"]
    assert re.sub(r"<[^>]+>", "", html) == line.text


def test_what_a_file_names_as_its_source_stands_wherever_the_file_does():
    cited = replace(FILE, file="zestaw.csv", origin="GUS <BDL>")
    line = source_line([cited], "2026-11-22").text.replace("\u00a0", " ")
    assert "(zestaw.csv za: GUS <BDL> [8])" in line
    assert "zestaw.csv za:\u00a0GUS &lt;BDL&gt;" in source_marks([cited])
    assert "źródło podane w pliku: GUS &lt;BDL&gt;" in render_sources([cited])
    assert "za:" not in source_marks([FILE]) and "podane w pliku" not in render_sources([FILE])


def test_marks_say_on_demand_what_they_stand_for():
    assert 'title="Główny Urząd Statystyczny: wypadki-polska.csv">[8]</a>' in source_marks([FILE])


def test_what_other_sources_hold_is_told_with_a_key_of_its_own():
    key = NumberKey("9002", "population", 2018, f"value_from:{FILE.id}")
    same = OtherValue("", 58.3, 1, "os.", key, FILE, same=True)
    html = render_other_values([same])
    assert "Inne źródło:" in html and "(tyle samo)" in html
    (number,) = read_numbers(html)
    assert number.key == key and number.value == 58.3
    both = render_other_values([same, OtherValue("Ludność", 7.0, 0, "os.", key, FILE)])
    assert "Inne źródła:" in both and "Ludność = " in both
    assert render_other_values([]) == ""


def test_a_value_of_the_unit_alone_has_no_group_in_its_key():
    key = NumberKey("9002", "x", 2018, "median", "similar:15")
    assert key.of(statistic="value_recalculated").group == ""
    assert key.of(statistic="value_from:a@1").group == ""
    assert key.of(statistic="median").group == "similar:15"
