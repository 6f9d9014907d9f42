"""On the planted truths no false claim passes, and every planted contradiction is caught.

Of each truth the claims that it makes true, and the false ones: its negation and what must not be
concluded from it. A claim of cause is never anything but undecidable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from smup_lib.conclude.claims import Claim
from smup_lib.conclude.verdicts import Verdict
from smup_lib.present.verdicts import verdict_text
from smup_lib.reports.claims import ClaimJudge
from smup_lib.reports.loading import Workspace
from smup_lib.sources.sample.truths import list_truths

TRUTHS = {truth.id: truth for truth in list_truths()}
#: What nobody may be told from these data, by truth: all of them are causes.
CAUSES = {
    "safer_roads": "nowe oświetlenie przejść",
    "few_accidents": "dobra praca zarządcy dróg",
    "costly_late_buses": "marnotrawstwo",
    "cheap_dark_streets": "sprawne zarządzanie",
    "digit_slip": "wzrost zainteresowania kulturą",
    "big_has_more": "czytelnictwo",
    "city_grew": "napływ mieszkańców",
    "fewer_readers": "zamknięcie bibliotek w powiecie",
    "census": "wyludnienie",
    "closed_year": "polityka jednostki",
}
ACCIDENTS = ("road_accidents_per_100k", "road_accidents_per_100k_computed")
SLIPPED = ("culture_event_participants_per_1k", "participants_per_culture_event")
PATHS = ("bike_paths_per_10k", "bike_paths_per_10k_computed")
SPENT = ("capital_share_of_expenditure", "expenditure_capital_amount")
CEASED = ("road_deaths_per_100_accidents", "road_deaths_per_100_accidents_computed")
HIDDEN = ("museum_visitors_per_10k", "museum_visitors_per_10k_computed")


@pytest.fixture(scope="module")
def check(sample_home_dir) -> Iterator[Callable[..., list[Verdict]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        every = ClaimJudge(Workspace.open())

        def judge(truth: str, year: int, said: Iterable[str], *ids: str, **more: Any):
            names = ids or TRUTHS[truth].indicators
            claims = [
                Claim(
                    **{"unit": TRUTHS[truth].unit_code, **more},
                    level=TRUTHS[truth].level,
                    indicator=name,
                    year=year,
                    says=says,
                )
                for name in names
                for says in said
            ]
            return list(every.check(claims))

        yield judge


def outcomes(verdicts: list[Verdict]) -> set[str]:
    return {verdict.outcome for verdict in verdicts}


SUPPORTED, CONTRADICTED, OPEN = {"supported"}, {"contradicted"}, {"undecidable"}


# -- a level that differs ---------------------------------------------------------------------


def test_few_accidents_are_fewer_for_years_and_no_trend_of_its_own(check):
    since = {"since": 2010}
    assert outcomes(check("few_accidents", 2019, ["lower"], ACCIDENTS[1], **since)) == SUPPORTED
    assert outcomes(check("few_accidents", 2019, ["higher"], ACCIDENTS[1], **since)) == CONTRADICTED
    assert outcomes(check("few_accidents", 2019, ["worse", "higher"], *ACCIDENTS)) == CONTRADICTED
    other_way = check("few_accidents", 2019, ["change_above", "change_below"], since=2011)
    assert "supported" not in outcomes(other_way)
    assert (
        outcomes(check("few_accidents", 2019, ["rising", "worsening"], since=2011)) == CONTRADICTED
    )


@pytest.mark.parametrize("year", [2011, 2013])
def test_few_accidents_are_better_in_a_year_that_can_tell(check, year):
    assert outcomes(check("few_accidents", year, ["better"], ACCIDENTS[1])) == SUPPORTED
    assert (
        outcomes(check("few_accidents", year, ["worse", "similar"], ACCIDENTS[1])) == CONTRADICTED
    )


@pytest.mark.parametrize("year", [2012, 2021, 2024])
def test_an_average_unit_is_neither_better_nor_worse(check, year):
    judged = check("just_average", year, ["better", "worse", "best_quarter", "worst_quarter"])
    judged += check("just_average", year, ["higher", "lower", "highest", "lowest"])
    assert "supported" not in outcomes(judged)
    # of each pair at least the one that lies on the other side is contradicted
    sides = check("just_average", year, ["higher", "lower"], ACCIDENTS[1])
    assert "contradicted" in outcomes(sides)


def test_an_average_unit_is_on_no_side_for_years(check):
    judged = check("just_average", 2019, ["higher", "lower"], since=2010)
    assert "supported" not in outcomes(judged)


@pytest.mark.parametrize("year", [2012, 2024])
def test_dear_and_late_buses_are_dear_beside_their_quality_and_never_better_or_worse(check, year):
    cost, on_time = "transport_cost_per_vehicle_km", "transport_on_time_share"
    (dear,) = check("costly_late_buses", year, ["higher"], cost)
    assert dear.outcome == "supported"
    assert {number.key.indicator for number in dear.numbers.values()} >= {cost, on_time}
    assert "Punktualne" in verdict_text(dear) and "jakością" in dear.not_said
    assert outcomes(check("costly_late_buses", year, ["lower", "similar"], cost)) == CONTRADICTED
    # waste, a saving: nobody agreed that dear is bad
    assert outcomes(check("costly_late_buses", year, ["worse", "better"], cost)) == OPEN
    assert outcomes(check("costly_late_buses", year, ["lower", "worse"], on_time)) == SUPPORTED
    assert outcomes(check("costly_late_buses", year, ["higher", "better"], on_time)) == CONTRADICTED


@pytest.mark.parametrize("year", [2010, 2024])
def test_cheap_and_dark_streets_are_cheap_beside_what_is_lit(check, year):
    cost, lit = "lighting_cost_per_light", "lit_roads_share"
    (cheap,) = check("cheap_dark_streets", year, ["lower"], cost)
    assert cheap.outcome == "supported"
    assert lit in {number.key.indicator for number in cheap.numbers.values()}
    assert outcomes(check("cheap_dark_streets", year, ["higher"], cost)) == CONTRADICTED
    assert outcomes(check("cheap_dark_streets", year, ["better"], cost)) == OPEN
    assert outcomes(check("cheap_dark_streets", year, ["lower", "worse"], lit)) == SUPPORTED
    assert outcomes(check("cheap_dark_streets", year, ["higher", "better"], lit)) == CONTRADICTED


@pytest.mark.parametrize("year", [2010, 2024])
def test_a_spa_has_the_most_and_is_no_example(check, year):
    assert outcomes(check("spa", year, ["higher", "highest"])) == SUPPORTED
    assert outcomes(check("spa", year, ["lower", "similar", "lowest"])) == CONTRADICTED
    # held up to others, or thrown out: neither is said of it
    assert outcomes(check("spa", year, ["better", "worse", "best_quarter"])) == OPEN


# -- a change in time -------------------------------------------------------------------------


def test_safer_roads_improve_faster_than_elsewhere(check):
    span = {"since": 2012}
    true, false = ["falling", "improving"], ["rising", "worsening", "steady"]
    assert outcomes(check("safer_roads", 2019, true, **span)) == SUPPORTED
    assert outcomes(check("safer_roads", 2019, false, **span)) == CONTRADICTED
    faster = check("safer_roads", 2019, ["change_below"], ACCIDENTS[1], since=2013)
    assert outcomes(faster) == SUPPORTED
    assert outcomes(check("safer_roads", 2019, ["change_above"], since=2013)) == CONTRADICTED
    size = {"than": "year", "since": 2013, "size": 20.0, "percent": True}
    assert outcomes(check("safer_roads", 2019, ["fell_by"], **size)) == SUPPORTED
    assert outcomes(check("safer_roads", 2019, ["rose_by"], **size)) == CONTRADICTED


def test_paths_that_grow_slowly_do_not_shrink(check):
    span = {"since": 2011}
    assert outcomes(check("slow_bike_paths", 2019, ["rising", "change_below"], **span)) == SUPPORTED
    assert outcomes(check("slow_bike_paths", 2019, ["falling", "change_above"], **span)) == (
        CONTRADICTED
    )


def test_fewer_readers_fall_and_end_up_worse(check):
    assert outcomes(check("fewer_readers", 2019, ["falling", "worsening"], since=2012)) == SUPPORTED
    assert outcomes(check("fewer_readers", 2019, ["change_below"], since=2012)) == SUPPORTED
    false = ["rising", "improving", "steady"]
    assert outcomes(check("fewer_readers", 2019, false, since=2012)) == CONTRADICTED
    assert outcomes(check("fewer_readers", 2019, ["better", "higher"])) == CONTRADICTED
    assert outcomes(check("fewer_readers", 2019, ["worse", "lower"])) == SUPPORTED


@pytest.mark.parametrize("year", [2017, 2022])
def test_one_dear_year_makes_no_rise(check, year):
    says = ["rising", "improving", "worsening"]
    assert "supported" not in outcomes(check("new_bridge", year, says, *SPENT, since=2010))


def test_a_change_of_kind_does_not_break_a_series(check):
    judged = check("town_charter", 2020, ["rising", "falling"], since=2011)
    assert "contradicted" in outcomes(judged)  # the years are joined, so one of them is refuted


# -- what must not be concluded ---------------------------------------------------------------


def test_years_across_a_break_are_not_compared(check):
    size = {"than": "year", "size": 1.0}
    judged = check("city_grew", 2015, ["rose_by", "fell_by"], since=2014, **size)
    judged += check("city_grew", 2019, ["rising", "falling"], since=2010)
    assert outcomes(judged) == OPEN
    assert all("2015 r." in verdict.text for verdict in judged)


@pytest.mark.parametrize(("truth", "unit"), [("census", "9005"), ("closed_year", "9002")])
def test_the_new_census_breaks_values_per_inhabitant(check, truth, unit):
    size = {"than": "year", "since": 2019, "size": 1.0}
    assert outcomes(check(truth, 2020, ["rose_by", "fell_by"], unit=unit, **size)) == OPEN


def test_a_slipped_digit_supports_nothing(check):
    says = ["higher", "highest", "better", "worse"]
    assert outcomes(check("digit_slip", 2019, says, *SLIPPED)) == OPEN
    rise = {"than": "year", "since": 2018, "size": 50.0, "percent": True}
    assert outcomes(check("digit_slip", 2019, ["rose_by"], *SLIPPED, **rise)) == OPEN
    fall = {"than": "year", "since": 2019, "size": 50.0, "percent": True}
    assert outcomes(check("digit_slip", 2020, ["fell_by"], *SLIPPED, **fall)) == OPEN
    for verdict in check("digit_slip", 2019, ["rising"], *SLIPPED, since=2012):
        assert verdict.outcome == "undecidable" and "u źródła" in verdict.next_step


@pytest.mark.parametrize("strength", ["low", "medium"])
def test_three_deaths_after_one_are_no_rise_of_200_percent(check, strength):
    more = {"strength": strength}
    rise = {"than": "year", "since": 2022, "percent": True, **more}
    # fewer inhabitants make it a little less than 200, which is a reason the more
    for size, outcome in ((200.0, CONTRADICTED), (150.0, OPEN)):
        judged = check("one_to_three", 2023, ["rose_by"], **rise, size=size)
        assert outcomes(judged) == outcome
    year = {"than": "year", "since": 2022, **more}
    assert outcomes(check("one_to_three", 2023, ["higher", "worse"], **year)) == OPEN
    assert outcomes(check("one_to_three", 2023, ["higher", "worse", "highest"], **more)) == OPEN


@pytest.mark.parametrize(
    ("truth", "ids"), [("hidden_visitors", HIDDEN), ("year_without_accidents", CEASED)]
)
def test_what_is_not_known_is_no_zero_and_no_place(check, truth, ids):
    year = TRUTHS[truth].years[0]
    zero = {"than": "number", "number": 0.0}
    judged = check(truth, year, ["equal", "at_most"], *ids, **zero)
    judged += check(truth, year, ["lowest", "lower"], *ids)
    judged += check(truth, year, ["fell_by"], *ids, than="year", since=year - 1, size=1.0)
    assert outcomes(judged) == OPEN


def test_the_mean_of_ratios_is_not_the_value_of_the_powiat(check):
    (name,) = TRUTHS["festival"].indicators
    workspace = Workspace.open()
    codes = [code for code in workspace.register.codes("gmina", 2022) if code.startswith("9404")]
    from smup_lib.indicators import compute_values

    rows = compute_values(
        [workspace.catalogue.indicator(name)],
        workspace.snapshot,
        workspace.catalogue,
        "gmina",
        codes,
        [2022],
    )
    wrong = {"than": "number", "number": round(float(rows["value"].mean()))}
    right = rows["numerator"].sum() / rows["denominator"].sum() * 1000
    assert outcomes(check("festival", 2022, ["equal", "at_least"], name, **wrong)) == CONTRADICTED
    sums = {"than": "number", "number": round(float(right))}
    assert outcomes(check("festival", 2022, ["equal"], name, **sums)) == SUPPORTED


def test_a_published_value_that_its_counts_deny_supports_no_place(check):
    published = "dwellings_completed_per_1k"
    judged = check("two_points", 2022, ["higher", "highest", "better"], published)
    number = {"than": "number", "number": 8.0}
    (large,) = check("two_points", 2022, ["at_least"], published, **number)
    assert "supported" not in outcomes([*judged, large])
    assert "z innego źródła" in large.text and large.numbers["twin"].value < 8


@pytest.mark.parametrize("truth", CAUSES)
def test_no_cause_is_ever_decided(check, truth):
    told = TRUTHS[truth]
    anybody = "9002" if told.level == "powiat" else "920303"
    unit = anybody if told.unit_code == "00" else told.unit_code
    said = {"unit": unit, "cause": CAUSES[truth], "strength": "low"}
    for verdict in check(truth, 2019, ["caused"], **said):
        assert verdict.outcome == "undecidable"
        assert "przyczyn" in verdict.text and verdict.next_step
