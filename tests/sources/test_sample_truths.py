"""Every planted truth is visible in the finished data, and only as it was told."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from smup_lib.catalogue import load_catalogue
from smup_lib.sources.sample.truths import list_truths, truths_json
from smup_lib.sources.sample.units import register_of
from smup_lib.teryt import is_city_code
from tests.sources.sample_tables import open_land, rate_of, rows_by_variable, table_of


@pytest.fixture(scope="module")
def home(sample_home_dir):
    return sample_home_dir


def others(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """Units of the same kind, without the unit itself."""
    alike = [c for c in table.index if is_city_code(c) == is_city_code(code) and c != code]
    return table.loc[alike]


def cell_of(home, code: str, year: int, variable: str) -> pd.Series:
    rows = rows_by_variable(home)[variable]
    found = rows[(rows["unit_code"] == code) & (rows["year"] == year)]
    assert len(found) == 1
    return found.iloc[0]


def test_truths_lie_beside_the_tables(home):
    content = (open_land(home).path / "truths.json").read_bytes()
    assert content == truths_json()
    told = json.loads(content)
    assert told["label"] == "dane przykładowe, jednostki fikcyjne"
    assert [t["id"] for t in told["truths"]] == [t.id for t in list_truths()]
    assert len({t.id for t in list_truths()}) == len(list_truths())
    assert set(told["truths"][0]) == {
        "id", "kind", "unit_code", "level", "indicators", "variables", "first_year", "last_year",
        "title", "conclude", "must_not",
    }  # fmt: skip


def test_every_kind_of_truth_is_planted_once():
    kinds = [truth.kind for truth in list_truths()]
    assert len(kinds) == len(set(kinds)) == 20


@pytest.mark.parametrize("truth", list_truths(), ids=lambda truth: truth.id)
def test_a_truth_names_what_exists(home, truth):
    codes = {unit.code for unit in register_of(2025)} | {"00"}
    assert truth.unit_code in codes
    catalogue = load_catalogue()
    assert [catalogue.indicator(name).id for name in truth.indicators] == list(truth.indicators)
    assert set(truth.variables) <= set(rows_by_variable(home))
    assert truth.years[0] <= truth.years[1]
    assert all(text.endswith(".") for text in (truth.conclude, truth.must_not))


def test_safer_roads(home):
    rate = rate_of(home, "road_accidents", "population")
    change = rate[[2022, 2023, 2024]].mean(axis=1) / rate[[2012, 2013, 2014]].mean(axis=1)
    assert change["9005"] < 0.5
    assert change["9005"] == change.min()
    before = rate[[2010, 2011, 2012, 2013, 2014]].mean(axis=1)
    rank = stats.percentileofscore(others(before.to_frame(), "9005")[0], before["9005"])
    assert 10 < rank < 90  # it did not begin as an exception


def test_few_accidents(home):
    rate = others(rate_of(home, "road_accidents", "population"), "-")
    mine = rate_of(home, "road_accidents", "population").loc["9002"]
    assert (mine < rate.median()).sum() >= 13
    assert mine.mean() < rate.mean(axis=1).quantile(0.25)
    slope = stats.theilslopes(np.log(mine), mine.index).slope
    usual = [stats.theilslopes(np.log(row), row.index).slope for _, row in rate.iterrows()
             if (row > 0).all()]  # fmt: skip
    low, high = np.quantile(usual, [0.05, 0.95])
    assert low < slope < high


def test_slow_bike_paths(home):
    rate = rate_of(home, "bike_paths_km", "population") * 10_000
    gain = rate[2024] - rate[2011]
    assert gain["9002"] > 0
    assert gain["9002"] < others(gain.to_frame(), "9002")[0].quantile(0.25)
    assert (table_of(home, "bike_paths_km", "powiat").loc["9002"].diff().dropna() >= 0).all()


def test_costly_late_buses(home):
    cost = rate_of(home, "expenditure_public_transport", "transport_vehicle_km")
    on_time = rate_of(home, "transport_trips_on_time", "transport_trips")
    assert (cost.loc["9003"] > others(cost, "9003").quantile(0.75)).all()
    assert (on_time.loc["9003"] == others(on_time, "-").min()).all()


def test_cheap_dark_streets(home):
    cost = rate_of(home, "expenditure_lighting", "street_lights")
    lit = rate_of(home, "lit_roads_km", "built_up_roads_km")
    assert (cost.loc["9008"] < others(cost, "9008").quantile(0.25)).all()
    assert (lit.loc["9008"] == others(lit, "-").min()).all()


def test_digit_slip(home):
    people = table_of(home, "culture_event_participants", "gmina").loc["920303"]
    events = table_of(home, "culture_events", "gmina").loc["920303"]
    usual = (people / events).drop(2019)
    assert people[2019] % 10 == 0
    assert 5 < (people[2019] / events[2019]) / usual.median() < 20
    assert (people[2019] / 10) / events[2019] < usual.max() * 1.3
    assert cell_of(home, "920303", 2019, "culture_event_participants")["flag"] == "ok"


def test_big_has_more(home):
    readers = table_of(home, "library_readers", "gmina")[2022].dropna()
    accidents = table_of(home, "road_accidents", "gmina")[2022].loc[readers.index]
    people = table_of(home, "population", "gmina")[2022].loc[readers.index]
    assert stats.pearsonr(readers, accidents).statistic > 0.95
    per_head = stats.spearmanr(readers / people, accidents / people)
    assert abs(per_head.statistic) < 0.15


def test_spa(home):
    nights = table_of(home, "nights_domestic_tourists_per_10k", "powiat")
    rest = others(nights, "9209")
    assert (nights.loc["9209"] > 3 * rest.max()).all()


def test_city_grew(home):
    people = table_of(home, "population", "powiat")
    joined = table_of(home, "population", "gmina").loc["920607", 2014]
    growth = people.pct_change(axis=1)
    assert people.loc["9263", 2015] - people.loc["9263", 2014] == pytest.approx(joined, rel=0.05)
    assert people.loc["9206", 2014] - people.loc["9206", 2015] == pytest.approx(joined, rel=0.08)
    assert growth.loc["9263", 2015] > 0.1
    assert growth.drop(columns=[2015]).abs().max().max() < 0.06


def test_just_average(home):
    accidents = table_of(home, "road_accidents", "powiat")
    people = table_of(home, "population", "powiat")
    rest_accidents, rest_people = others(accidents, "9205").sum(), others(people, "9205").sum()
    expected = people.loc["9205"] * rest_accidents / rest_people
    p = [
        2 * min(stats.poisson.cdf(x, e), stats.poisson.sf(x - 1, e))
        for x, e in zip(accidents.loc["9205"], expected, strict=True)
    ]
    assert sum(value < 0.05 for value in p) <= 1
    total = accidents.loc["9205"].sum()
    assert abs(total - expected.sum()) < 1.96 * np.sqrt(expected.sum())


def test_fewer_readers(home):
    rate = rate_of(home, "library_readers", "population")
    tau = stats.kendalltau(rate.columns, rate.loc["9207"])
    assert tau.statistic < -0.8
    slopes = {
        code: stats.theilslopes(np.log(row), row.index).slope for code, row in rate.iterrows()
    }
    assert slopes["9207"] == min(slopes.values())


def test_one_to_three(home):
    deaths = table_of(home, "road_deaths", "gmina").loc["940401"]
    assert deaths[[2022, 2023]].tolist() == [1, 3]
    assert stats.poisson_means_test(1, 1, 3, 1).pvalue > 0.2
    assert table_of(home, "population", "gmina").loc["940401", 2023] < 1_000


def test_festival(home):
    people = table_of(home, "population", "gmina")
    visitors = table_of(home, "culture_event_participants", "gmina")
    ratio_of_sums = rate_of(home, "culture_event_participants", "population").loc["9404", 2023]
    gminy = [code for code in people.index if code.startswith("9404")]
    mean_of_ratios = (visitors.loc[gminy, 2023] / people.loc[gminy, 2023]).mean()
    assert mean_of_ratios > 2 * ratio_of_sums


def test_census(home):
    people = table_of(home, "population", "powiat")
    change = people.pct_change(axis=1)
    assert (change[2020] < -0.005).mean() > 0.9
    assert change[2020].median() < 3 * change[2019].median() < 0
    assert cell_of(home, "9001", 2020, "population")["qualifiers"] == "method_change"


def test_two_points(home):
    told = table_of(home, "dwellings_completed_per_1k", "powiat")
    computed = rate_of(home, "dwellings_completed", "population") * 1000
    gap = told - computed
    assert gap.loc["9204", 2022] == pytest.approx(2.0, abs=0.051)
    gap.loc["9204", 2022] = 0.0
    assert gap.abs().max().max() <= 0.0501


def test_hidden_visitors(home):
    for code in ("9461", "946101"):
        row = cell_of(home, code, 2016, "museum_visitors")
        assert row["flag"] == "missing_or_secret"
        assert np.isnan(row["value"])
    around = table_of(home, "museum_visitors", "powiat").loc["9461", [2015, 2017]]
    assert (around > 100).all()


def test_year_without_accidents(home):
    accidents = table_of(home, "road_accidents", "powiat").loc["9007"]
    assert accidents[2021] == 0
    assert accidents.drop(2021).min() > 0
    for rate in ("road_deaths_per_100_accidents", "road_injured_per_100_accidents"):
        assert cell_of(home, "9007", 2021, rate)["flag"] == "zero_denominator"
    assert cell_of(home, "9007", 2021, "road_accidents")["flag"] == "true_zero"
    assert cell_of(home, "9007", 2021, "road_deaths")["value"] == 0


def test_new_bridge(home):
    share = rate_of(home, "expenditure_capital", "expenditure_total").loc["9010"]
    assert share[2017] > 1.6 * share.drop(2017).max()
    assert (share[[2018, 2019, 2020]] < 0.7 * share[2017]).all()


def test_town_charter(home):
    jobless = table_of(home, "registered_unemployed", "gmina")
    assert jobless.loc["900107"].notna().all()
    change = jobless[2020] / jobless[2019]
    low, high = change.dropna().quantile([0.05, 0.95])
    assert low < change["900107"] < high


def test_closed_year(home):
    rate = rate_of(home, "culture_events", "population")
    change = rate[2020] / rate[2019]
    assert change.max() < 0.85
    assert change.std() < 0.12
    assert change.median() == pytest.approx(0.57, abs=0.05)
