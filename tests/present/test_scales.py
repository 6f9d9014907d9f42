"""Axes show what matters: zero, round ticks, and the group even beside one huge value."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.present.scales import (
    Domain,
    Scale,
    as_number,
    axis_domain,
    finite,
    tick_decimals,
    ticks,
    widen,
    year_ticks,
)

numbers = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda v: v == 0 or abs(v) > 1e-6)


@pytest.mark.parametrize(
    ("values", "from_zero", "low", "high"),
    [
        ([3, 5, 8], True, 0, 8),
        ([3, 5, 8], False, 3, 8),
        ([-3, 5], True, -3, 5),
        ([-8, -3], True, -8, 0),
        ([0, 0], True, 0, 1),
        ([50], True, 0, 50),
        ([50], False, 45, 55),
        ([math.nan, None, 4], True, 0, 4),
    ],
)
def test_domains(values, from_zero, low, high):
    assert axis_domain(values, from_zero=from_zero) == Domain(low, high)


def test_one_huge_value_does_not_crush_the_others():
    domain = axis_domain([40, 45, 50, 52, 55, 58, 60, 61, 64, 70, 4512])
    assert domain.high < 100
    assert not domain.holds(4512)


def test_a_long_tail_is_shown_whole():
    values = [10 * 1.25**i for i in range(24)]
    domain = axis_domain(values)
    assert sum(not domain.holds(v) for v in values) <= 2


def test_values_that_must_be_shown_are():
    assert axis_domain([1, 2, 3, 4, 900], also=[10]).high >= 10


@given(st.lists(numbers, min_size=1, max_size=60), st.booleans())
def test_a_domain_has_width_and_keeps_nearly_everything(values, from_zero):
    domain = axis_domain(values, from_zero=from_zero)
    assert domain.low < domain.high
    outside = [v for v in values if not domain.holds(v)]
    assert len(outside) <= max(2, 2 * max(1, int(0.05 * len(values)))) * 2
    if from_zero:
        assert domain.holds(0.0)


@given(numbers, st.floats(1e-3, 1e9), st.integers(2, 9))
def test_ticks_are_round_few_and_inside(low, span, count):
    marks = ticks(low, low + span, count)
    if low + span == low:
        return
    assert len(marks) <= 2 * count + 2
    tolerance = 1e-6 * max(abs(low), span)
    assert all(low - tolerance <= mark <= low + span + tolerance for mark in marks)


@given(numbers, st.floats(1e-3, 1e6))
def test_widening_only_widens(low, span):
    if low + span == low:
        return
    wide = widen(Domain(low, low + span), 5)
    tolerance = 1e-6 * max(abs(low), span)
    assert wide.low <= low + tolerance
    assert wide.high >= low + span - tolerance


def test_a_scale_keeps_far_values_at_its_end():
    scale = Scale(Domain(0, 100), 10, 210)
    assert (scale(0), scale(50), scale(100), scale(4512), scale(-3)) == (10, 110, 210, 210, 10)


@pytest.mark.parametrize(
    ("first", "last", "count", "years"),
    [
        (2010, 2014, 9, [2010, 2011, 2012, 2013, 2014]),
        (1995, 2024, 5, [1999, 2004, 2009, 2014, 2019, 2024][0:6]),
        (2018, 2018, 3, [2018]),
    ],
)
def test_years_always_end_at_the_last(first, last, count, years):
    found = year_ticks(first, last, count)
    assert found[-1] == last
    assert set(found) <= set(range(first, last + 1))
    assert len(found) <= max(count, len(years))


def test_tick_labels_need_only_the_digits_they_have():
    assert [tick_decimals(t) for t in ([0, 20], [0, 0.5], [0, 0.25], [0.125])] == [0, 1, 2, 3]


def test_nulls_of_every_kind_are_no_numbers():
    import pandas as pd

    assert [as_number(v) for v in (None, math.nan, pd.NA, math.inf, "x")] == [None] * 5
    assert finite([1, None, math.nan, 2]) == [1.0, 2.0]
