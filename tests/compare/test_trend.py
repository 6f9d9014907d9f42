"""Trend: golden values of M7, breaks, gaps, refusals."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, theilslopes

from smup_lib.compare import compare_trend
from smup_lib.compare.trend import compare_trends, mann_kendall, theil_sen

RISING = [10, 11, 12.5, 13, 15]


@pytest.mark.parametrize(
    ("y", "score", "p_value"),
    [
        (RISING, 10, 0.01666667),
        ([5, 7, 6, 9, 8, 10, 12, 11], 22, 222 / 40320),
        ([10, 10, 12, 12, 15], 8, 8 / 120),
    ],
)
def test_exact_golden_values(y, score, p_value):
    found = mann_kendall(np.arange(len(y), dtype=float), np.array(y, dtype=float))
    assert found == (score, pytest.approx(p_value, rel=1e-6))


def all_scores(y: np.ndarray) -> np.ndarray:
    """Compute the score of every order, one by one."""
    orders = np.array(list(permutations(y.tolist())))
    first, second = np.triu_indices(len(y), 1)
    return np.sign(orders[:, second] - orders[:, first]).sum(axis=1)


@pytest.mark.parametrize(
    "y", [[1, 1, 2, 2, 3, 3, 4], [1, 1, 1, 2, 5, 2], [3, 1, 3, 2, 3, 1, 2, 2], [1, 2, 2, 3, 9]]
)
def test_the_test_is_exact_with_ties(y):
    y = np.array(y, dtype="float64")
    score, p_value = mann_kendall(np.arange(float(len(y))), y)
    assert p_value == pytest.approx((np.abs(all_scores(y)) >= abs(score)).mean(), abs=1e-12)


def test_ties_in_a_long_series_come_near_the_normal_approximation():
    y = np.repeat(np.arange(8.0), 3)[np.random.default_rng(3).permutation(24)]
    score, p_value = mann_kendall(np.arange(24.0), y)
    variance = (24 * 23 * 53 - 8 * 3 * 2 * 11) / 18
    assert p_value == pytest.approx(2 * norm.sf((abs(score) - 1) / np.sqrt(variance)), abs=0.01)


def test_years_that_resemble_each_other_prove_less():
    years = np.arange(16.0)
    wave = 0.6 * years + 2 * np.sin(years / 2.5)
    zigzag = 0.6 * years + np.where(years % 2, 1, -1)
    waving, jumping = compare_trend(years, wave), compare_trend(years, zigzag)
    assert waving.p_value < 0.05 <= waving.p_with_memory
    assert jumping.p_with_memory == pytest.approx(jumping.p_value, abs=0.02)
    assert compare_trend(years[:7], wave[:7]).p_with_memory is None


def test_successive_years_alike_are_seldom_called_certain():
    draws = np.random.default_rng(8).normal(size=(300, 22))
    for year in range(1, 22):
        draws[:, year] += 0.6 * draws[:, year - 1]
    found = [compare_trend(range(22), walk) for walk in draws]
    plain = np.mean([f.p_value < 0.05 for f in found])
    guarded = np.mean([max(f.p_value, f.p_with_memory) < 0.05 for f in found])
    assert guarded < 0.12 < plain


def test_slopes_of_real_years():
    assert compare_trend(range(1, 6), RISING).slope == 1.25
    found = compare_trend([2019, 2020, 2022, 2023, 2024], RISING)
    assert found.slope == pytest.approx(0.9166666667)
    assert found.direction == "rising"
    assert compare_trend(range(1, 6), RISING).interval == (0.5, 2.0)
    assert compare_trend(range(1, 6), [10, 10, 12, 12, 15]).slope == 1.125


def test_a_falling_series_falls():
    assert compare_trend(range(2015, 2020), RISING[::-1]).direction == "falling"


def test_wobbling_is_not_a_trend():
    assert compare_trend(range(2015, 2020), [10, 12, 9, 13, 10]).direction == "steady"


def test_four_points_cannot_show_a_trend():
    found = compare_trend(range(2015, 2019), [1, 2, 3, 4])
    assert (found.direction, found.slope) == ("unknown", None)
    assert "za mało lat" in (found.reason or "")


def test_nothing_is_joined_across_a_break():
    years, values = range(2010, 2020), [*range(10, 15), *range(104, 99, -1)]
    assert compare_trend(years, values).direction == "rising"  # only the step rises
    after = compare_trend(years, values, breaks=[2015])
    assert (after.direction, after.first_year, after.n) == ("falling", 2015, 5)
    assert compare_trend(years, values, breaks=[2017]).direction == "unknown"


def test_a_break_before_the_series_changes_nothing():
    assert compare_trend(range(2015, 2020), RISING, breaks=[2015, 2010]).n == 5


def test_missing_years_are_left_out_and_order_does_not_matter():
    years = [2024, 2019, 2021, 2020, 2023, 2022]
    values = [15, 10, float("nan"), 11, 13, 12.5]
    found = compare_trend(years, values)
    assert (found.n, found.first_year, found.last_year) == (5, 2019, 2024)
    assert found.slope == pytest.approx(0.9166666667)


def test_a_constant_series_is_steady():
    assert compare_trend(range(2010, 2022), [3.0] * 12).direction == "steady"


def test_two_values_of_one_year_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="one value a year"):
        compare_trend([2019, 2019], [1, 2])


def test_a_slope_of_nothing_is_steady_whatever_the_test_says():
    # the unpaved roads of a large city: two steps up, and otherwise the same length
    found = compare_trend(range(2010, 2022), [5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6.0])
    assert found.slope == 0
    assert found.p_value is not None
    assert found.p_value < 0.05
    assert found.direction == "steady"


def test_many_series_say_what_one_series_says():
    draw = np.random.default_rng(4)
    tables = []
    for unit in range(12):
        n = int(draw.integers(3, 12))
        tables.append(
            pd.DataFrame(
                {
                    "unit_code": f"9001{unit:02d}",
                    "year": range(2024 - n, 2024),
                    "flag": "ok",
                    "value": draw.normal(unit * np.arange(n) / 3, 1).round(1),
                }
            )
        )
    table = pd.concat(tables).sample(frac=1, random_state=1)
    rows = compare_trends(table, 2022, {"900103": 2019}).rows.set_index("unit_code")
    assert set(rows["direction"]) >= {"rising", "steady", "unknown"}
    for code, row in rows.iterrows():
        own = table[(table["unit_code"] == code) & (table["year"] <= 2022)]
        one = compare_trend(
            own["year"].tolist(), own["value"].tolist(), [2019] if code == "900103" else []
        )
        assert (row["direction"], row["n_years"], row["reason"]) == (
            one.direction,
            one.n,
            one.reason or "",
        )
        if one.slope is not None:
            assert (row["value"], row["p_value"]) == (one.slope, one.p_value)


def test_a_unit_without_any_value_keeps_its_row():
    table = pd.DataFrame(
        {"unit_code": ["900101"], "year": 2020, "value": np.nan, "flag": "no_data"}
    )
    found = compare_trends(table, 2022)
    assert "za mało lat" in found.rows["reason"][0]
    assert found.n_flags == {"no_data": 1}


def test_slope_and_interval_are_scipys():
    draw = np.random.default_rng(6)
    for _ in range(300):
        n = int(draw.integers(5, 14))
        t = np.sort(draw.choice(np.arange(2005, 2025), n, replace=False)).astype(float)
        y = draw.normal(0, 1, n).round(int(draw.integers(0, 3)))
        wanted = theilslopes(y, t, alpha=0.95)
        slope, low, high = theil_sen(t, y)
        assert (slope, low, high) == pytest.approx(
            (wanted.slope, wanted.low_slope, wanted.high_slope), abs=1e-12
        )


def test_golden_slopes_and_their_intervals():
    years, y = np.arange(1.0, 6), np.array([10, 11, 12.5, 13, 15])
    assert theil_sen(years, y) == (1.25, 0.5, 2)
    long = np.array([5, 7, 6, 9, 8, 10, 12, 11.0])
    assert theil_sen(np.arange(8.0), long) == (1, 0.5, 1.5)
    assert theil_sen(years, np.array([10, 10, 12, 12, 15.0]))[0] == 1.125
