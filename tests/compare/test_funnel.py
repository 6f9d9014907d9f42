"""Funnel limits (M5): the inverse of Wilson's interval, overdispersion, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.compare.funnel import (
    compare_funnel,
    funnel_limits,
    measure_overdispersion,
    poisson_limits,
)
from smup_lib.compare.intervals import exact_poisson_interval, wilson_interval
from tests.compare.tables import counts_table
from tests.indicators.builders import indicator, signed

COUNTS = np.array([10.0, 14, 30, 22, 8, 41, 19, 36])
BASES = np.array([80.0, 60, 150, 95, 50, 160, 120, 130])
SHARE = {"method": "share", "multiplier": 1.0}


def test_overdispersion_of_the_golden_group():
    found = measure_overdispersion("share", COUNTS, BASES)
    assert found.raw == pytest.approx(1.51515743, rel=1e-6)
    assert found.factor == pytest.approx(1.247227722, rel=1e-6)
    assert found.variance == pytest.approx(0.0006880259627, rel=1e-6)
    assert not found.proven


def test_overdispersion_is_never_below_one():
    found = measure_overdispersion("share", np.full(12, 20.0), np.full(12, 100.0))
    assert (found.raw, found.factor, found.variance) == (0, 1, 0)


@pytest.mark.parametrize("centre", [0.05, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("level", [0.95, 0.998])
def test_outside_the_funnel_is_what_wilson_excludes(centre, level):
    x, n = (
        np.concatenate(part)
        for part in zip(
            *((np.arange(n + 1.0), np.full(n + 1, float(n))) for n in range(5, 201)), strict=True
        )
    )
    low, high = funnel_limits("share", centre, n, level)
    outside = (x / n < low) | (x / n > high)
    bounds = wilson_interval(x, n, level)
    assert (outside == ((bounds[0] > centre) | (bounds[1] < centre))).all()
    assert outside.any() and not outside.all()


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_the_funnel_of_rates_is_the_inverse_of_the_exact_interval(level):
    expected = np.linspace(0.3, 60, 200)
    lowest, highest = poisson_limits(expected, level)
    for count in range(100):
        low, high = exact_poisson_interval(count, level)
        assert ((count <= lowest) == (high < expected)).all()
        assert ((count >= highest) == (low > expected)).all()


def test_a_group_is_judged_around_its_common_value():
    entry = signed("higher").model_copy(update=SHARE)
    table = counts_table([10] * 9 + [30], [50] * 10)
    found = compare_funnel(entry, table)
    assert found.centre == pytest.approx(120 / 500)
    last = found.rows.iloc[-1]
    assert (last["side"], last["excluded_at"], last["standing"]) == ("above", 0.998, "better")
    assert set(found.rows["standing"][:9]) == {"similar"}
    shuffled = compare_funnel(entry, table.sample(frac=1, random_state=1)).rows
    by_unit = shuffled.set_index("unit_code")["excluded_at"].to_dict()
    assert by_unit == found.rows.set_index("unit_code")["excluded_at"].to_dict()


def test_limits_widen_only_when_the_spread_is_proven_or_asked_for():
    entry = indicator(**SHARE)
    calm = counts_table([*COUNTS, 26, 14], [*BASES, 95, 95])
    rule, always = compare_funnel(entry, calm), compare_funnel(entry, calm, "always")
    assert (rule.adjusted, always.adjusted) == (False, True)
    assert (always.rows["low"] < rule.rows["low"]).all()
    wild = counts_table([5, 45] * 6, [100] * 12)
    assert compare_funnel(entry, wild).adjusted
    assert not compare_funnel(entry, wild, "never").adjusted
    assert "zbyt różnorodna" in compare_funnel(entry, wild).warnings[0]


def test_a_rate_counts_whole_events():
    table = counts_table([12] * 11 + [20], [1000] * 12)
    found = compare_funnel(indicator(multiplier=1.0), table)
    assert found.rows["excluded_at"].tolist() == [0.0] * 12
    table = counts_table([12] * 11 + [25], [1000] * 12)
    assert compare_funnel(indicator(multiplier=1.0), table).rows["excluded_at"].iloc[-1] == 0.95


def test_neutral_outliers_are_shown_and_not_judged():
    found = compare_funnel(indicator(**SHARE), counts_table([10] * 9 + [30], [50] * 10))
    assert set(found.rows["standing"]) == {"not_judged"}
    assert found.rows["excluded_at"].iloc[-1] == 0.998


@pytest.mark.parametrize(
    ("changes", "n", "reason"),
    [
        ({"data_basis": "money_ratio"}, 12, "kwotą"),
        ({"method": "ratio"}, 12, "nie jest częścią"),
        (SHARE, 9, "za mało jednostek"),
    ],
)
def test_a_refusal_says_why(changes, n, reason):
    found = compare_funnel(indicator(**changes), counts_table([5] * n, [50] * n))
    assert reason in found.reason
    assert found.rows["value"].isna().all()


def test_a_common_value_of_nothing_is_no_funnel():
    found = compare_funnel(indicator(**SHARE), counts_table([0] * 12, [50] * 12))
    assert "skrajną" in found.reason
