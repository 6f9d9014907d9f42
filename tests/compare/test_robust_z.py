"""Robust z against golden values of the method notes (M8) and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import median_abs_deviation

from smup_lib.compare import compare_oddity, compare_robust_z
from smup_lib.compare.robust_z import robust_spread

NAN = float("nan")
EIGHT = [12.4, 13.1, 12.9, 15.8, 14, 13.3, 22.5, 12.7]


@pytest.mark.parametrize(("value", "z"), [(22.5, 9.6503918), (15.8, 2.697959)])
def test_golden_values(value, z):
    found = compare_robust_z(value, EIGHT)
    assert found.z == pytest.approx(z, rel=1e-6)
    assert (found.odd, found.n, found.median) == (z > 3.5, 8, pytest.approx(13.2))


def test_golden_value_of_few_numbers():
    numbers = np.array([1.0, 2, 3, 4, 100])
    assert (100 - np.median(numbers)) / robust_spread(numbers) == pytest.approx(65.42550577)


def test_golden_value_where_most_are_equal():
    numbers = np.array([80.0, 80, 80, 80, 85, 90, 60])
    assert (90 - np.median(numbers)) / robust_spread(numbers) == pytest.approx(5.395918002)


def test_the_spread_is_that_of_scipy():
    numbers = np.random.default_rng(1).lognormal(size=57)
    assert robust_spread(numbers) == pytest.approx(median_abs_deviation(numbers, scale="normal"))


@pytest.mark.parametrize(
    ("value", "others", "said"),
    [
        (None, EIGHT, "brak wartości"),
        (NAN, EIGHT, "brak wartości"),
        (10, EIGHT[:7], "za mało wartości do porównania (7; potrzeba 8)"),
        (10, [*EIGHT[:7], NAN], "za mało wartości do porównania (7; potrzeba 8)"),
        (10, [80.0] * 9, "nieokreślone"),
    ],
)
def test_no_answer_has_a_reason(value, others, said):
    found = compare_robust_z(value, others)
    assert found.z is None and not found.odd
    assert said in found.reason


@pytest.mark.parametrize(
    ("value", "others", "odd"),
    [
        (200, [1, 2, 3, 5, 9, 17, 40, 90], False),  # a long tail
        (500, [50, 51, 52, 53, 54, 55, 56, 57], True),  # odd on both scales
        (500, [0, 51, 52, 53, 54, 55, 56, 57], True),  # a zero has no logarithm
        (-500, [50, 51, 52, 53, 54, 55, 56, 57], True),
        (55, [50, 51, 52, 53, 54, 55, 56, 57], False),
    ],
)
def test_odd_is_what_is_far_on_both_scales(value, others, odd):
    assert compare_oddity(value, [float(other) for other in others]).odd is odd
