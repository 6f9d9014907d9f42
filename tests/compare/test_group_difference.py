"""Many units against their groups (M1, M4a): the same answers as one by one, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.compare import compare_chance
from smup_lib.compare.group_difference import compare_differences, sum_groups
from smup_lib.compare.group_ratio import compare_group_ratio
from smup_lib.compare.peers import Peers
from smup_lib.indicators import compute_group_value
from tests.compare.tables import counts_table
from tests.indicators.builders import indicator, signed

SHARE = {"method": "share", "multiplier": 100.0}
NAN = float("nan")


@pytest.fixture(scope="module")
def land() -> pd.DataFrame:
    draw = np.random.default_rng(11)
    bases = draw.integers(40, 4000, 60).astype(float)
    counts = draw.binomial(bases.astype(int), draw.uniform(0.1, 0.4, 60)).astype(float)
    counts[[3, 17]], bases[29], counts[41] = NAN, 0.0, 12.5
    return counts_table(counts, bases, 100.0).assign(year=2022)


def groups_of(table: pd.DataFrame, size: int = 20) -> dict[str, list[str]]:
    draw, codes = np.random.default_rng(5), table["unit_code"].to_numpy()
    return {code: draw.choice(codes, size, replace=False).tolist() for code in codes}


@pytest.mark.parametrize("method", ["share", "rate"])
def test_many_at_once_say_what_one_at_a_time_says(land, method):
    entry = indicator(method=method, multiplier=100.0)
    groups = groups_of(land)
    found = compare_differences(entry, land, groups).rows.set_index("unit_code")
    told = 0
    for code, members in groups.items():
        one, row = compare_chance(entry, land, code, members), found.loc[code]
        if one.excluded_at is None:
            assert row["reason"] == one.reason
            continue
        told += 1
        assert row["excluded_at"] == one.excluded_at
        assert (row["low"], row["high"]) == pytest.approx((one.low, one.high))
        assert row["group_value"] == pytest.approx(one.group_value)
        assert row["side"] == one.side
    assert told > 20
    assert found["reason"].ne("").any()


def test_sums_leave_the_unit_out_and_equal_those_of_m1(land):
    groups = groups_of(land)
    sums = sum_groups(land, Peers(land["unit_code"].tolist(), groups))
    entry = indicator(**SHARE)
    for place, (code, members) in enumerate(groups.items()):
        peers = [member for member in members if member != code]
        one = compute_group_value(entry, land[land["unit_code"].isin(peers)], len(peers))
        assert sums.n_used[place] == one.n_used
        if one.value is not None:
            assert sums.numerator[place] == pytest.approx(one.numerator)
            assert sums.reason[place] == ""
        else:
            assert sums.reason[place] == one.reason


def test_the_golden_group_value_is_without_the_unit():
    table = counts_table([12, 88, 100, 100, 200, 100], [80, 420, 500, 500, 1000, 500], 100.0)
    codes = table["unit_code"].tolist()
    row = compare_differences(indicator(**SHARE), table, {codes[0]: codes}).rows.iloc[0]
    assert row["group_value"] == pytest.approx(20.1369863, rel=1e-6)
    assert row["excluded_at"] == 0


@pytest.mark.parametrize(
    ("polarity", "standing"),
    [("higher", "worse"), ("lower", "better"), ("neutral", "not_judged")],
)
def test_polarity_turns_below_into_a_judgement(polarity, standing):
    # 3 of 20 against 0.45: golden case of M4a
    entry = (indicator() if polarity == "neutral" else signed(polarity)).model_copy(update=SHARE)
    table = counts_table([3, *[900] * 6], [20, *[2000] * 6], 100.0)
    codes = table["unit_code"].tolist()
    row = compare_differences(entry, table, {codes[0]: codes}).rows.iloc[0]
    assert (row["side"], row["standing"]) == ("below", standing)


@pytest.mark.parametrize(
    ("own", "standing"), [(300, "better"), (260, "similar"), (100, "worse"), (700, "worse")]
)
def test_with_a_target_the_distance_to_it_is_judged(own, standing):
    # the group stands at 20 %, the target is 30 %
    entry = signed("target", target=30.0).model_copy(update=SHARE)
    size = 1000 if standing != "similar" else 100
    table = counts_table([own * size / 1000, *[2000] * 6], [size, *[10_000] * 6], 100.0)
    codes = table["unit_code"].tolist()
    assert compare_differences(entry, table, {codes[0]: codes}).rows["standing"].iloc[0] == standing


def test_p_values_agree_with_the_verdict(land):
    rows = compare_differences(indicator(**SHARE), land, groups_of(land, 50)).rows
    told = rows[rows["reason"] == ""]
    assert told["p_value"].between(0, 1).all()
    assert (told.loc[told["excluded_at"] > 0, "p_value"] < 0.06).all()
    assert (told.loc[told["excluded_at"] == 0, "p_value"] > 0.03).all()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"data_basis": "money_ratio"}, "kwotą"),
        ({"data_basis": "index"}, "gotową wartością"),
        ({"method": "published", "provenance": "published"}, "bez liczby przypadków"),
        ({"method": "ratio"}, "nie jest częścią"),
    ],
)
def test_without_counts_all_are_refused(land, changes, reason):
    found = compare_differences(indicator(**changes), land, groups_of(land))
    assert reason in found.reason
    assert found.rows["value"].isna().all()


def test_units_without_a_group_or_with_a_thin_one_are_refused(land):
    codes = land["unit_code"].tolist()
    groups = {codes[0]: codes[:5], codes[1]: [*codes[4:12], "999999"]}
    reasons = compare_differences(indicator(**SHARE), land, groups).rows["reason"]
    assert "za mało jednostek grupy" in reasons[0]
    assert "za mało jednostek ma licznik" in reasons[1]
    assert reasons[2] == "jednostka nie ma grupy porównawczej"


def test_a_group_ratio_shows_its_coverage_and_refuses_ready_made_values():
    entry = indicator(multiplier=1.0)
    rows = counts_table([120, 45, 7], [400, 60, 50]).assign(year=2022)
    found = compare_group_ratio(entry, rows)
    assert (found.value, found.coverage) == (pytest.approx(0.337254902, rel=1e-6), 1)
    assert compare_group_ratio(
        entry.model_copy(update={"multiplier": 1000.0}), counts_table([7], [4321]).assign(year=2022)
    ).value == pytest.approx(1.61999537, rel=1e-6)
    thin = compare_group_ratio(entry, counts_table([120, NAN], [400, 60]).assign(year=2022))
    assert (thin.coverage, thin.value) == (pytest.approx(400 / 460), None)
    empty = compare_group_ratio(entry, counts_table([1, 2], [0, 0]).assign(year=2022))
    assert empty.reason == "brak mianownika"
    published = entry.model_copy(update={"method": "published"})
    assert "bez liczby przypadków" in compare_group_ratio(published, rows).reason


def test_a_gmina_and_its_town_are_not_summed_together():
    rows = counts_table([10, 6, 4], [100, 60, 40]).assign(year=2022)
    rows["unit_code"] = ["900103", "9001034", "9001035"]
    whole = compare_group_ratio(indicator(), rows)
    assert "dwa razy" in whole.reason
    assert compare_group_ratio(indicator(), rows.iloc[1:]).value == pytest.approx(100)
