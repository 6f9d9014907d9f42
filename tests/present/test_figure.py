"""A chart on a page: title, drawing twice, reading help, table, source, or the box of reasons."""

from __future__ import annotations

import re

import pytest

from smup_lib.present.charts import MissingData
from smup_lib.present.figure import MAX_TWIN_ROWS, ChartFigure, missing_box
from tests.present.cases import MAKERS, MISSING, SOURCE, all_cases

FIGURES = [pytest.param(c, id=f"{k}-{n}") for k, n, c in all_cases() if c.has_data]
EMPTY = [pytest.param(c, id=k) for k, _, c in all_cases() if not c.has_data]


@pytest.mark.parametrize("chart", FIGURES)
def test_a_figure_has_all_its_parts(chart):
    html = ChartFigure(chart)._repr_html_()
    (label,) = re.findall(r'<figure [^>]*aria-labelledby="(\w+)"', html)
    assert f'<figcaption id="{label}">' in html
    assert "Jak to czytać?" in html
    assert "Tabela do wykresu" in html
    assert SOURCE in html
    assert html.count("<svg") == (1 if chart.kind == "map" else 2)
    assert html.count("<table") == 1
    assert html.count("<figure") == html.count("</figure>") == 1


@pytest.mark.parametrize("chart", EMPTY)
def test_without_data_a_box_says_why_and_who_has_them(chart):
    html = ChartFigure(chart).html()
    assert "<svg" not in html
    assert 'role="note"' in html
    assert MISSING.holder in html


def test_a_box_needs_no_reasons_to_be_honest():
    assert "Nie ma ani jednej wartości." in missing_box("Drogi", None)


def test_a_box_escapes_what_it_is_told():
    box = missing_box("<b>", MissingData(what="<i>", reason="&", next_step="smup data import <x>"))
    assert "<b>" not in box and "<i>" not in box and "<x>" not in box


def test_ids_on_a_page_are_unique():
    page = "".join(ChartFigure(c).html() for _, _, c in all_cases() if c.has_data)
    ids = re.findall(r' id="([\w-]+)"', page)
    repeated = {i for i in ids if ids.count(i) > 1}
    # the fictional cases repeat titles and keys on purpose; drawings and figures must still differ
    assert not [i for i in repeated if i[0] in "cf"]


def test_a_long_twin_is_shortened_openly_around_the_unit():
    chart = MAKERS["distribution"]["country"]()
    html = ChartFigure(chart).html()
    rows = html.count("<tr")
    assert rows <= MAX_TWIN_ROWS + 2
    assert re.search(r"Pokazano \d+ z 317 wierszy", html)
    for word in ("mediana grupy", "dolny kwartyl grupy", chart.unit_name):
        assert word in html
    assert len(chart.table()) == 317


def test_the_row_of_the_unit_is_marked():
    html = ChartFigure(MAKERS["ranking"]["plain"]()).html()
    assert html.count('<tr class="smup-own">') == 1


def test_a_compact_figure_leaves_help_and_table_out():
    html = ChartFigure(MAKERS["profile"]["summary"](), compact=True).html()
    assert "<table" not in html and "<details" not in html
    assert SOURCE in html


def test_the_measure_unit_stands_once_above_the_bars():
    html = ChartFigure(MAKERS["ranking"]["plain"]()).html()
    assert '<span class="smup-figure-unit">na 100 tys. mieszk.</span>' in html


def test_what_cannot_be_compared_is_no_gap_of_the_data():
    box = missing_box("Wydatki", MissingData(what="Wydatki powiatu", incomparable=True))
    assert "Wydatki: nieporównywalne" in box and "Nie porównujemy: Wydatki powiatu." in box
    assert "brak danych" not in box and "Brakuje" not in box
