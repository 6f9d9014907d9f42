"""Two sources of one cell: what rounding explains is not reported, what it does not is."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.catalogue.measure_units import unit_scale
from smup_lib.compare.reconciliation import compare_sources, half_digit


def judged(left: float, right: float, left_half: float = 0.0, right_half: float = 0.0):
    pairs = pd.DataFrame(
        {"left": [left], "right": [right], "left_half": left_half, "right_half": right_half}
    )
    return compare_sources(pairs).iloc[0]


@pytest.mark.parametrize(
    ("left", "right", "left_half", "right_half", "verdict"),
    [
        (5.3, 5.3, 0.05, 0.0, "same"),
        (5.3, 5.26, 0.05, 0.0, "rounding"),
        (5.3, 5.25, 0.05, 0.0, "rounding"),  # the half itself, rounded away from zero or to even
        (5.3, 5.2499, 0.05, 0.0, "different"),
        (7.3, 5.26, 0.05, 0.0, "different"),
        (5.3, 5.0, 0.05, 0.5, "rounding"),  # both are written with fewer digits
        (0.0, 0.04, 0.05, 0.0, "rounding"),
        (1200.0, 1201.0, 0.0, 0.0, "different"),  # persons are counted, not rounded
        (0.1 + 0.2, 0.3, 0.0, 0.0, "same"),  # floating point alone
        (-5.3, -5.26, 0.05, 0.0, "rounding"),
        (5.3, 5.2, float("nan"), 0.0, "unknown"),  # nobody knows how the first one is rounded
        (5.3, 5.3, float("nan"), 0.0, "same"),
        (5.3, 5.26, 0.05, float("nan"), "rounding"),  # what is known explains it already
    ],
)
def test_the_verdict_follows_the_written_digits(left, right, left_half, right_half, verdict):
    assert judged(left, right, left_half, right_half)["verdict"] == verdict


def test_the_difference_is_told_in_points_and_in_percent():
    found = judged(42.0, 40.0)
    assert (found["difference"], found["percent"], found["allowed"]) == (2.0, 5.0, 0.0)
    assert judged(-38.0, -40.0)["percent"] == 5.0
    assert pd.isna(judged(2.0, 0.0)["percent"])


def test_a_null_is_no_difference():
    pairs = pd.DataFrame(
        {"left": [1.0, None], "right": [None, 2.0], "left_half": 0.0, "right_half": 0.0}
    )
    assert compare_sources(pairs).empty


def test_half_a_digit_of_exact_numbers_is_nothing_and_of_unknown_ones_is_unknown():
    assert half_digit([2.0, 0.0]).tolist() == [0.005, 0.5]
    assert half_digit([0.0, 1.0], exact=[True, False]).tolist() == [0.0, 0.05]
    assert pd.isna(half_digit([float("nan")])[0])


@pytest.mark.parametrize(
    ("unit", "other", "scale"),
    [
        ("%", "%", 1.0),
        ("km/10 tys. km²", "km/100 km²", 100.0),
        ("mieszkania/1000 os.", "mieszkania/10 tys. os.", 0.1),
        ("zł/mieszk.", "tys. zł/mieszk.", None),
        ("os./1000 mieszk.", "os./1000 kobiet", None),
        ("zł", "%", None),
    ],
)
def test_only_units_of_the_same_things_can_be_set_beside_each_other(unit, other, scale):
    assert unit_scale(unit, other) == (pytest.approx(scale) if scale else None)
