"""One unit in one area: every indicator placed or explained, nothing lost."""

from __future__ import annotations

import pytest

from smup_lib.catalogue import SeriesBreak
from smup_lib.conclude import assess_indicator
from smup_lib.conclude.area_values import AreaValues
from tests.conclude.builders import PEERS, UNIT, among_peers, assessed, rows
from tests.indicators.builders import indicator, signed

NAN = float("nan")
TENS = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]


def test_a_value_is_placed_among_its_peers():
    item = assessed([signed("lower")], [rows("accident_rate", 2022, among_peers(5, TENS))])
    found = item.indicators[0]
    assert (found.status, found.value, found.position.rank) == ("shown", 5, 1)
    assert found.robustness.share == 1.0


def test_a_missing_value_says_which_years_there_are():
    years = [rows("accident_rate", y, among_peers(7, TENS)) for y in (2019, 2020)]
    item = assessed(
        [signed("lower")], [rows("accident_rate", 2022, among_peers(NAN, TENS))], years
    ).indicators[0]
    assert item.status == "no_data"
    assert item.reason == "brak wartości za 2022 r.; dane są za: 2019–2020"
    assert item.last_year == 2020
    assert item.flag == "missing_or_secret"


def test_a_unit_that_never_had_a_value_says_so():
    item = assessed(
        [signed("lower")], [rows("accident_rate", 2022, dict(zip(PEERS, TENS, strict=True)))]
    )
    assert item.indicators[0].status == "no_data"
    assert "ani jednej wartości" in (item.indicators[0].reason or "")


def test_what_does_not_apply_is_not_called_missing():
    entry = indicator(applies_to=("city_with_powiat_rights",), not_applicable_reason="Nie dotyczy.")
    values = rows("accident_rate", 2022, among_peers(NAN, TENS), flag="not_applicable")
    item = assessed([entry], [values.assign(value=NAN)]).indicators[0]
    assert (item.status, item.reason) == ("not_applicable", "Nie dotyczy.")


def test_the_series_stands_beside_the_group_of_each_year():
    years = [rows("accident_rate", y, among_peers(y - 2000, TENS)) for y in range(2016, 2022)]
    item = assessed(
        [signed("lower")], [rows("accident_rate", 2022, among_peers(22, TENS))], years
    ).indicators[0]
    series = item.series.set_index("year")
    assert series.loc[2018].tolist()[0] == 18
    assert (series.loc[2018, "median"], series.loc[2018, "n"]) == (55, 10)
    assert item.trend.direction == "rising"


def test_a_break_cuts_the_trend():
    years = [rows("accident_rate", y, among_peers(y - 2000, TENS)) for y in range(2016, 2022)]
    now = rows("accident_rate", 2022, among_peers(22, TENS))
    import pandas as pd

    broken = assess_indicator(
        signed("lower"),
        UNIT,
        2022,
        PEERS,
        AreaValues(pd.concat([now, *years]), 2022)["accident_rate"],
        other_groups={},
        breaks=(SeriesBreak(year=2020, reason="Spis."),),
    )
    assert (broken.trend.direction, broken.trend.n) == ("unknown", 3)


def test_a_gap_is_kept_until_something_fills_it():
    quality = signed("lower")
    values = [rows("accident_rate", 2022, among_peers(5, TENS))]
    assert [gap.dimension for gap in assessed([quality], values).gaps] == ["accessibility"]
    access = signed("higher").model_copy(update={"id": "lit", "dimension": "accessibility"})
    values.append(rows("lit", 2022, among_peers(5, TENS)))
    assert assessed([quality, access], values).gaps == ()


def test_a_twin_gets_no_card_while_the_other_has_a_value():
    main = signed("lower")
    twin = signed("lower").model_copy(update={"id": "twin", "twin_of": "accident_rate"})
    both = [rows(name, 2022, among_peers(5, TENS)) for name in ("accident_rate", "twin")]
    found = assessed([main, twin], both)
    assert [item.indicator.id for item in found.leading()] == ["accident_rate"]
    assert [item.indicator.id for item in found.twins(found.indicators[0])] == ["twin"]
    alone = assessed([main, twin], both[1:])
    assert [item.indicator.id for item in alone.leading()] == ["twin"]


@pytest.mark.parametrize("level", ["gmina", "voivodeship"])
def test_only_indicators_of_the_level_are_assessed(level):
    entry = signed("lower").model_copy(update={"levels": (level,)})
    found = assessed([entry], [rows("accident_rate", 2022, among_peers(5, TENS))])
    assert found.indicators == ()


def test_two_peers_have_no_median_in_the_series():
    years = [
        rows("accident_rate", 2020, among_peers(7, [10.0, 20, *[NAN] * 8])),
        rows("accident_rate", 2021, among_peers(7, [10.0, 20, 30, *[NAN] * 7])),
    ]
    item = assessed(
        [signed("lower")], [rows("accident_rate", 2022, among_peers(5, TENS))], years
    ).indicators[0]
    series = item.series.set_index("year")
    assert series.loc[2020, ["q25", "median", "q75"]].isna().all()
    assert series.loc[2020, "n"] == 2
    assert (series.loc[2021, "median"], series.loc[2021, "n"]) == (20, 3)


def test_years_that_may_not_be_compared_say_nothing_of_a_direction():
    """Exams differ each year: a rise of all tasks is no rise, and an odd year is no oddity."""
    years = [rows("accident_rate", y, among_peers(y - 2000.0, TENS)) for y in range(2012, 2022)]
    now = [rows("accident_rate", 2022, among_peers(95.0, TENS))]
    told, untold = (
        assessed([signed("lower").model_copy(update={"across_years": across})], now, years)
        for across in (True, False)
    )
    before, after = told.indicators[0], untold.indicators[0]
    assert (before.trend.direction, before.persistence.share) == ("rising", 0.0)
    assert before.among_years.odd
    assert after.trend.direction == "unknown"
    assert after.persistence.share is None
    assert after.among_years.z is None
    assert "nie należy porównywać" in (after.trend.reason or "")
    assert "trend" in {f.claim for f in told.findings}
    assert not {f.claim for f in untold.findings} & {"trend", "odd"}
    assert "wcześniejszych lat z danymi" not in untold.findings[0].confidence_reason
