"""Places of many units (M9) and cost signals (M4b): as one by one, golden values, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import percentileofscore

from smup_lib.compare import compare_position
from smup_lib.compare.places import compare_costs, compare_places
from smup_lib.compare.position import find_departures
from tests.compare.tables import values_table
from tests.indicators.builders import indicator, signed

NAN = float("nan")
PEERS = [9890, 10120, 10310, 10400, 10560, 10720, 10900, 10950, 11130, 11300, 11610, 12240]
COST = {
    "data_basis": "money_ratio",
    "dimension": "efficiency",
    "decimals": 0,
    "polarity": {"judge": "two_sided"},
}


@pytest.fixture(scope="module")
def land() -> pd.DataFrame:
    numbers = np.random.default_rng(3).normal(50, 3, 40).round(1)
    numbers[[4, 9]], numbers[10:13] = NAN, 50.0
    return values_table(numbers)


@pytest.mark.parametrize("polarity", ["higher", "lower", "target", "neutral"])
def test_many_places_are_those_of_one_at_a_time(land, polarity):
    entry = indicator() if polarity == "neutral" else signed(polarity, target=50.0)
    draw, codes = np.random.default_rng(5), land["unit_code"].to_numpy()
    groups = {code: draw.choice(codes, 15, replace=False).tolist() for code in codes}
    rows = compare_places(entry, land, groups).rows.set_index("unit_code")
    for code, members in groups.items():
        one, row = compare_position(entry, land, code, members), rows.loc[code]
        if one.percentile is None:
            assert row["reason"]
            continue
        assert row["value"] == pytest.approx(one.percentile)
        assert (row["median"], row["gap"]) == pytest.approx((one.median, one.gap))
        assert row["n_peers"] == one.n_used
        if one.rank is None:
            assert np.isnan(row["rank"])
        else:
            assert (row["rank"], row["n_ranked"], row["ties"]) == (one.rank, one.n_ranked, one.ties)
            assert row["merit"] == pytest.approx(one.merit)


def test_percentiles_are_scipys_mid_ranks(land):
    codes = land["unit_code"].tolist()
    rows = compare_places(indicator(), land, dict.fromkeys(codes, codes)).rows
    known = land["value"].notna()
    for place in np.flatnonzero(known):
        others = land["value"][known & (land.index != place)]
        wanted = percentileofscore(others, land["value"][place], kind="mean") / 100
        assert rows["value"][place] == pytest.approx(wanted)


def test_the_golden_cost_is_placed_above_the_middle_half_and_yet_too_near_to_ask():
    table = values_table([11482, *PEERS])
    codes = table["unit_code"].tolist()
    found = compare_costs(indicator(**COST), table, {codes[0]: codes}, codes)
    row = found.rows.iloc[0]
    assert row["value"] == pytest.approx(0.833333, abs=1e-6)
    assert (row["median"], row["gap"]) == (10810, 672)
    assert find_departures(np.array([row["value"]]), np.array([True])).tolist() == ["departs"]
    assert (row["departure"], row["side"]) == ("typical", "above")  # 6 % of the median
    one = compare_position(indicator(**COST), table, codes[0], codes)
    assert one.departure == row["departure"]


@pytest.mark.parametrize(
    ("own", "departure"),
    [
        (9000, "strongly_departs"),
        (10810, "typical"),
        (10115, "typical"),
        (13000, "strongly_departs"),
    ],
)
def test_a_cost_is_a_question_on_both_sides(own, departure):
    table = values_table([own, *PEERS])
    codes = table["unit_code"].tolist()
    found = compare_costs(indicator(**COST), table, {codes[0]: codes}, codes)
    assert found.rows["departure"].iloc[0] == departure


def test_a_cost_alone_among_few_or_of_no_cost_is_refused():
    table = values_table([11482, *PEERS])
    codes = table["unit_code"].tolist()
    alone = compare_costs(indicator(**COST), table, {codes[0]: codes}, []).rows.iloc[0]
    assert "jakości" in alone["reason"]
    few = compare_costs(indicator(**COST), table, {codes[0]: codes[:10]}, codes).rows.iloc[0]
    assert "mniej niż 10" in few["reason"]
    missing = compare_costs(
        indicator(**COST), values_table([NAN, *PEERS]), {codes[0]: codes}, codes
    )
    assert "nie ma wartości" in missing.rows["reason"].iloc[0]
    other = compare_costs(indicator(), table, {codes[0]: codes}, codes)
    assert "nie jest kosztem" in other.reason


def test_equal_values_share_a_place_and_the_order_of_rows_does_not_matter(land):
    codes = land["unit_code"].tolist()
    groups = dict.fromkeys(codes, codes)
    rows = compare_places(signed("higher"), land, groups).rows
    assert rows["ties"][10:13].min() >= 2
    assert rows["rank"][10:13].nunique() == 1
    mixed = compare_places(signed("higher"), land.sample(frac=1, random_state=2), groups).rows
    assert mixed.set_index("unit_code")["rank"].dropna().to_dict() == (
        rows.set_index("unit_code")["rank"].dropna().to_dict()
    )


def test_a_unit_twice_is_an_error_of_the_caller(land):
    with pytest.raises(ValueError, match="one row per unit"):
        compare_places(indicator(), pd.concat([land, land]), {})
