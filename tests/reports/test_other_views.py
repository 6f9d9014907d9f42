"""One indicator from every side, chosen units side by side, and the data behind a unit."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from smup_lib.errors import IndicatorError, ParameterError, SmupError
from smup_lib.present.numbers import read_numbers
from smup_lib.present.quality_page import render_refused, render_revisions
from smup_lib.reports.area import open_area
from smup_lib.reports.indicator import open_indicator
from smup_lib.reports.units import open_units

ACCIDENTS = "road_accidents_per_100k_computed"


def test_an_indicator_stands_against_the_efforts_of_its_service(report_home):
    view = open_indicator(ACCIDENTS, "9002", 2023)
    pairs = [(a.id, b.id) for a, b in view._pairs()]
    assert pairs and all(across == ACCIDENTS for across, _ in pairs)
    cost = open_indicator("powiat_roads_cost_per_km", "9002", 2023)
    ups = {up.id for _, up in cost._pairs()}
    assert ups == {"powiat_roads_cost_per_km"}
    services = {across.service for across, _ in cost._pairs()}
    assert services == {cost.item.indicator.service}


def test_the_evidence_holds_what_each_value_was_divided_from_and_by(report_home):
    view = open_indicator(ACCIDENTS, "9002", 2023)
    numbers = read_numbers(view.evidence().html)
    found = {(n.key.year, n.key.statistic): n.value for n in numbers}
    for year in view.item.series["year"]:
        value, above, below = (found[int(year), s] for s in ("value", "numerator", "denominator"))
        assert value == pytest.approx(above / below * 100_000)
    tried = {n.key.statistic: n.value for n in numbers}
    assert tried["groups_tried"] == view.item.robustness.n_groups


def test_a_city_is_taken_at_the_level_of_the_indicator(report_home):
    assert open_indicator("primary_class_size", "9061", 2023).assessment.unit.code == "906101"
    with pytest.raises(IndicatorError, match="nie jest liczony na szczeblu powiatów"):
        open_indicator("primary_class_size", "9002", 2023)


def test_a_page_of_one_indicator_says_what_it_means_once_and_speaks_of_no_other(report_home):
    view = open_indicator(ACCIDENTS, "9002", 2023)
    page = view.card().html + view.value().html + view.peers().html
    assert page.count(view.item.indicator.interpretation) == 1
    assert "wskaźników, których wartość" not in page
    tried = {n.key.statistic: n for n in read_numbers(view.peers().html)}["groups_tried"]
    assert (tried.value, tried.key.indicator) == (view.item.robustness.n_groups, ACCIDENTS)


def test_a_rule_that_units_share_is_said_once(report_home):
    html = open_units(["9002", "9003", "9005"], "kultura", 2023).units().html
    assert html.count("Porównane cechy") == 1


def test_each_unit_stands_beside_the_median_of_its_own_group(report_home):
    view = open_units(["9002", "9061", "900102"], "kultura", 2023)
    numbers = read_numbers(view.table().html)
    for one in view.views:
        for item in one.assessment.shown():
            own = {
                n.key.statistic: n.value
                for n in numbers
                if (n.key.unit, n.key.indicator) == (one.assessment.unit.code, item.indicator.id)
            }
            assert own["value"] == item.value
            assert own.get("median") == item.position.median


def test_different_kinds_are_told_and_alike_ones_are_not(report_home):
    mixed = open_units(["9002", "9061", "900102"], "kultura", 2023)
    html = mixed.units().html
    assert "jednostki różnych rodzajów (gmina wiejska, miasto na prawach powiatu, powiat" in html
    assert "nie na tym szczeblu" in mixed.table().html
    alike = open_units(["9002", "9003"], "kultura", 2023)
    assert "różnych rodzajów" not in alike.units().html
    assert "nie na tym szczeblu" not in alike.table().html


@pytest.mark.parametrize(
    ("units", "told"),
    [
        (["9002"], "od 2 do 8"),
        (["9002", "9002"], "więcej niż raz"),
        ([f"90{i:02}" for i in range(1, 10)], "od 2 do 8"),
        (["9002", "nie ma takiej"], "nie ma takiej"),
    ],
)
def test_a_choice_of_units_that_does_not_fit_is_told(report_home, units, told):
    with pytest.raises(SmupError, match=told) as raised:
        open_units(units, "kultura", 2023)
    assert raised.value.next_step


def test_all_that_is_wrong_with_a_choice_is_told_at_once(report_home):
    with pytest.raises(ParameterError) as raised:
        open_units(["9002", "9002", "xyz", "qwe"], "kultura", 2023)
    assert len(raised.value.problems) == 3


def test_years_and_flags_of_a_unit_are_those_of_its_series(report_home):
    view = open_area("drogownictwo", "9002", 2023)
    quality = view.quality()
    rows = sum(len(item.series["flag"].dropna()) for item in view.assessment.indicators)
    counts = [n for n in read_numbers(quality.flags().html) if n.key.statistic[:7] == "n_cells"]
    assert sum(n.value for n in counts) == rows
    html = quality.years().html
    lacking = next(
        item for item in view.assessment.indicators
        if len(item.series) and item.series["value"].isna().any()
    )  # fmt: skip
    row = html[html.index(lacking.indicator.name) :].partition("</tr>")[0]
    year = int(lacking.series.loc[lacking.series["value"].isna(), "year"].iloc[0])
    told = [int(y) for y in re.findall(r"\d{4}", re.split("<td[^>]*>", row)[2])]
    assert min(told) <= year <= max(told)


def test_revisions_put_the_own_unit_first_and_name_both_values(report_home):
    view = open_area("drogownictwo", "9002", 2023)
    catalogue = view._workspace.catalogue
    rows = pd.DataFrame(
        {
            "unit_code": ["9001", "9002"],
            "year": [2022, 2021],
            "variable": ["road_accidents", "road_accidents"],
            "old_value": [40.0, 31.5],
            "old_flag": ["ok", "ok"],
            "old_source": ["bdl:P1@00000000"] * 2,
            "new_value": [41.0, 32.0],
            "new_flag": ["ok", "ok"],
            "new_source": ["bdl:P1@11111111"] * 2,
        }
    )
    html = render_revisions(rows, catalogue, {"9001": "powiat pierwszy"}, "9002")
    assert html.index(">9002<") < html.index("powiat pierwszy")
    told = [(n.key.unit, n.value) for n in read_numbers(html)]
    assert told == [("9002", 31.5), ("9002", 32.0), ("9001", 40.0), ("9001", 41.0)]
    assert "nie zmienił liczb" in render_revisions(rows.head(0), catalogue, {}, "9002")
    assert "nie zmienił liczb" in view.quality().revisions().html


def test_refused_rows_are_counted_by_file_and_reason():
    rows = pd.DataFrame({"file": ["a.csv"] * 3, "reason": ["nieznany kod"] * 2 + ["zły rok"]})
    html = render_refused(rows)
    assert html.index("2\u00a0odrzucone wiersze") < html.index("1\u00a0odrzucony wiersz")
    assert "Przyjęto wszystkie" in render_refused(rows.head(0))
