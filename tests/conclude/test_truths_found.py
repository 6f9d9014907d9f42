"""The ordinary assessment finds the truths planted in the fictional land, and says no more.

Each truth is assessed for its own unit and in its own years, as a report would do it. Truths that
speak of the whole land, of reconciliation or of how groups are summed have no finding to be said;
``tests/sources/test_sample_truths.py`` checks that they are in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from smup_lib.compare.trend import compare_trend
from smup_lib.conclude import Finding
from smup_lib.present.findings import finding_text
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.sources.sample.truths import list_truths

TRUTHS = {truth.id: truth for truth in list_truths()}
CAUSES = ("dzięki", "ponieważ", "skutek", "spowodowa", "marnotraw", "oszczędno", "napływ")


class Told:
    """What an assessment tells of the indicators of one truth in one year."""

    def __init__(self, truth: Any, assessment: Any) -> None:
        self.items = [i for i in assessment.indicators if i.indicator.id in truth.indicators]
        self.findings = [f for f in assessment.findings if f.indicator in truth.indicators]

    def of(self, claim: str, indicator: str | None = None) -> list[Finding]:
        named = [f for f in self.findings if indicator in (None, f.indicator)]
        return [f for f in named if f.claim == claim]

    def item(self, indicator: str) -> Any:
        return next(item for item in self.items if item.indicator.id == indicator)


@pytest.fixture(scope="module")
def told(sample_home_dir) -> Iterator[Callable[..., Told]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        workspace = Workspace.open()

        @cache
        def assess(name: str, year: int) -> Told:
            truth = TRUTHS[name]
            area = workspace.catalogue.indicator(truth.indicators[0]).area
            unit = workspace.unit(truth.unit_code, level=truth.level, year=year)
            return Told(truth, load_assessment(workspace, area, unit, year))

        yield assess


def marks(findings: list[Finding]) -> set[str]:
    return {finding.mark for finding in findings}


# -- a level that differs ---------------------------------------------------------------------


def test_few_accidents_are_better_for_years_and_no_improvement(told):
    years = range(2011, 2025, 2)
    standings = [told("few_accidents", year).of("standing") for year in years]
    assert {mark for found in standings for mark in marks(found)} == {"better"}
    # in single years the count is too small to say so, and then nothing is said
    assert sum(bool(found) for found in standings) >= 3
    # a test at 5 % may err in one year of the seven
    assert sum(bool(told("few_accidents", year).of("trend")) for year in years) <= 1


def test_an_average_unit_is_hardly_ever_judged(told):
    """At most one year in ten may be a false alarm, of each indicator."""
    years = range(2010, 2025)
    for indicator in TRUTHS["just_average"].indicators:
        found = [told("just_average", year).item(indicator).position.standing for year in years]
        assert sum(standing in ("better", "worse") for standing in found) <= len(found) / 10
    assert sum(bool(told("just_average", year).of("trend")) for year in years) <= 1


@pytest.mark.parametrize("year", [2012, 2016, 2020, 2024])
def test_dear_and_late_buses_are_a_question_of_cost_beside_a_worse_quality(told, year):
    found = told("costly_late_buses", year)
    (cost,) = found.of("cost", "transport_cost_per_vehicle_km")
    assert cost.mark == "not_judged"
    assert "więcej niż" in cost.text and "to pytanie do wyjaśnienia" in cost.text
    assert "mniej korzystnie niż w grupie" in cost.text.partition(" Obok: ")[2]
    assert marks(found.of("standing", "transport_on_time_share")) == {"worse"}


@pytest.mark.parametrize("year", [2010, 2015, 2020, 2024])
def test_cheap_and_dark_streets_are_no_efficiency(told, year):
    found = told("cheap_dark_streets", year)
    (cost,) = found.of("cost", "lighting_cost_per_light")
    assert cost.mark == "not_judged"
    assert "mniej niż" in cost.text
    assert "Odsetek oświetlonych" in finding_text(cost) or "obok" in cost.detail
    question, _, beside = cost.text.partition(" – to pytanie do wyjaśnienia.")
    assert "sprawn" not in question.casefold() and "korzystn" not in question
    assert "Oświetlone drogi mniej korzystnie niż w grupie" in beside
    assert marks(found.of("standing", "lit_roads_share")) == {"worse"}


@pytest.mark.parametrize("year", [2010, 2017, 2024])
def test_a_spa_is_neither_thrown_out_nor_held_up(told, year):
    found = told("spa", year)
    item = found.item("nights_domestic_tourists_per_10k")
    assert item.flag == "ok" and item.position.percentile == 1
    assert not found.of("standing")


# -- a change in time -------------------------------------------------------------------------


def test_safer_roads_are_a_trend_as_soon_as_years_suffice(told):
    found = {year: told("safer_roads", year).of("trend") for year in (2018, 2019, 2024)}
    assert all(marks(findings) == {"better"} for findings in found.values())
    assert not told("safer_roads", 2014).of("trend")
    judged = [told("safer_roads", year).of("standing") for year in found]
    assert "worse" not in {mark for findings in judged for mark in marks(findings)}


def test_fewer_readers_are_a_falling_trend_and_then_a_worse_place(told):
    for year in (2016, 2017, 2018, 2019):
        assert marks(told("fewer_readers", year).of("trend")) == {"worse"}
    for year in (2017, 2019, 2023, 2024):
        assert marks(told("fewer_readers", year).of("standing")) == {"worse"}
    # the census of 2021 breaks the series: the fall of 2020 is never a part of a trend
    for year in range(2020, 2025):
        assert told("fewer_readers", year).items[0].trend.first_year in (None, 2020)


def test_paths_that_grow_slowly_are_never_said_to_shrink(told):
    for year in (2014, 2018, 2022, 2024):
        found = told("slow_bike_paths", year)
        assert {item.trend.direction for item in found.items} <= {"rising", "steady", "unknown"}
        assert "worse" not in marks(found.of("trend"))


def test_one_dear_year_is_no_trend(told):
    dear = told("new_bridge", 2017)
    assert dear.item("capital_share_of_expenditure").position.departure == "strongly_departs"
    assert not dear.of("standing")
    for year in (2017, 2019, 2022, 2024):
        assert not told("new_bridge", year).of("trend")


# -- what must not be concluded ---------------------------------------------------------------


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_three_deaths_after_one_are_no_trend_and_no_standing(told, year):
    found = told("one_to_three", year)
    # that it is too small to tell is all that may be said
    assert found.items and {finding.claim for finding in found.findings} <= {"too_small"}
    assert found.items[0].position.standing == "unknown"
    assert "mał" in (found.items[0].position.reason or "")


@pytest.mark.parametrize("year", [2019, 2020, 2022, 2024])
def test_a_slipped_digit_makes_no_trend_and_no_standing(told, year):
    found = told("digit_slip", year)
    assert not found.of("trend") and not found.of("standing")
    assert bool(found.of("odd")) == (year == 2019)
    assert all("u źródła" in finding.text for finding in found.of("odd"))
    for item in found.items:
        sound = item.series[item.series["year"] != 2019]
        sound = sound[sound["year"] <= year]
        breaks = [broken.year for broken in item.breaks]
        without = compare_trend(sound["year"].tolist(), sound["value"].tolist(), breaks)
        assert item.trend.direction in (without.direction, "steady", "unknown")


def test_two_sources_that_contradict_are_to_be_checked(told):
    found = {year: told("two_points", year) for year in (2021, 2022, 2023)}
    (odd,) = found[2022].of("odd")
    assert "dwa źródła podają różne wartości" in odd.text
    assert abs(odd.numbers["value"].value - odd.numbers["other"].value) > 1.5
    assert not found[2021].of("odd") and not found[2023].of("odd")


@pytest.mark.parametrize("year", [2015, 2019, 2024])
def test_years_before_and_after_an_annexation_are_not_joined(told, year):
    (item,) = told("city_grew", year).items
    assert 2015 in {found.year for found in item.breaks}
    assert item.trend.first_year is None or item.trend.first_year >= 2015


def test_a_change_of_kind_does_not_break_a_series(told):
    (item,) = told("town_charter", 2020).items
    assert 2020 not in {found.year for found in item.breaks}
    assert item.trend.first_year == 2010


@pytest.mark.parametrize(
    ("name", "flag"),
    [("hidden_visitors", "missing_or_secret"), ("year_without_accidents", "zero_denominator")],
)
def test_what_is_not_known_is_not_judged(told, name, flag):
    found = told(name, TRUTHS[name].years[0])
    assert {item.flag for item in found.items} == {flag}
    assert {item.value for item in found.items} == {None}
    assert not found.of("standing") and not found.of("cost")


@pytest.mark.parametrize("name", [n for n, truth in TRUTHS.items() if truth.unit_code != "00"])
def test_no_finding_of_a_truth_names_a_cause(told, name):
    for finding in told(name, TRUTHS[name].years[1]).findings:
        words = f"{finding.text} {finding.detail}".casefold()
        assert not [cause for cause in CAUSES if cause in words], words
