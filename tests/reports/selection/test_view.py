"""The report of a selection: every display answers, also where sources end or are lacking."""

from __future__ import annotations

import pytest

import smup_lib as smup
from smup_lib.errors import ParameterError
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.selection.choice import Choice
from smup_lib.reports.selection.view import MOST_ROWS, SelectionView, open_selection

DISPLAYS = ("title", "findings", "table", "charts", "details", "sources", "receipt")


@pytest.mark.parametrize(
    "indicators",
    [
        ("library_readers_per_1k", "debt_per_capita"),
        ("powiat_roads_good_share", "population"),
        ("net_enrolment_lower_secondary", "library_readers_per_1k"),
    ],
)
def test_every_display_answers(select, indicators):
    view = SelectionView(select(*indicators, years=(2022, 2024)))
    html = {name: getattr(view, name)().html for name in DISPLAYS}
    assert all(html.values())
    assert view.data_hash in html["title"] and view.data_hash in html["receipt"]
    assert html["charts"].count("<h3>") == 2


def test_a_source_that_ends_earlier_is_shown_as_of_its_last_year(select):
    view = SelectionView(select("powiat_roads_good_share", "population", years=(2022, 2024)))
    shown = {(n.key.indicator, n.key.year) for n in read_numbers(view.table().html)}
    assert shown == {("powiat_roads_good_share", 2023), ("population", 2024)}
    assert "2023" in view.findings().html


def test_the_table_has_the_numbers_of_the_selection(selection):
    printed = read_numbers(SelectionView(selection).table().html)
    rows = selection.frame.astype({"unit_code": str, "indicator": str})
    known = rows.set_index(["unit_code", "indicator", "year"])["value"]
    told = {
        (n.key.unit, n.key.indicator, n.key.year): n.value for n in printed if n.value is not None
    }
    assert len(told) == known.xs(2022, level="year").notna().sum()
    for key, value in told.items():
        assert value == pytest.approx(known[key])


def test_a_long_table_keeps_the_compared_unit_and_counts_the_rest(select):
    one = select("library_readers_per_1k", units=("gminy",), unit="946201")
    html = SelectionView(one).table().html
    assert html.count("<tr") == MOST_ROWS + 1
    assert f"z {len(one.found.units)}." in html
    assert one.found.units["946201"] in html


def test_the_compared_unit_need_not_be_among_the_others(select):
    one = select("library_readers_per_1k", units=("9003", "9004"), unit="9002")
    assert one.found.own == "9002" and "9002" not in one.found.units
    html = SelectionView(one).table().html
    assert html.count("<tr") == 3
    assert "9002" in SelectionView(one).findings().html


def test_background_is_not_called_judged(select):
    html = SelectionView(select("population", unit="9003")).findings().html
    assert "nie oceniamy" in html
    assert "nie odbiega wyraźnie" not in html


def test_a_ranking_of_background_is_refused(selection, select):
    assert "bez kolejności" in str(select("population").ranking("population", 2022))
    assert "<svg" in selection.ranking("library_readers_per_1k", 2022)._repr_html_()


def test_nothing_left_is_an_error_with_every_reason(workspace):
    with pytest.raises(ParameterError) as error:
        open_selection(workspace, Choice(("nope",), ("nikt taki",)))
    assert len(error.value.problems) == 2


def test_the_public_verb_opens_a_selection(workspace, selection):
    view = smup.open_units(
        ["powiaty"],
        year=2022,
        first_year=2018,
        unit="9002",
        group="voivodeship",
        indicators=["debt_per_capita", "library_readers_per_1k"],
        snapshot=workspace.snapshot,
    )
    assert view.data_hash == selection.data_hash


@pytest.mark.parametrize("expected", [None, "0123456789ab"])
def test_the_receipt_has_the_hash_of_what_is_shown_and_not_of_what_was_expected(select, expected):
    view = SelectionView(select("library_readers_per_1k"), expected)
    receipt = view.make_receipt()
    assert receipt.data_hash == view.data_hash
    assert receipt.parameters["data_hash"] == expected
    assert f"Skrót danych: {view.data_hash}" in str(receipt)
