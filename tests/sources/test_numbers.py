"""Numbers in text cells."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smup_lib.sources.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("57,0", 57.0, 1),
        ("98,60", 98.6, 2),
        ("100", 100.0, 0),
        ("-4,4", -4.4, 1),
        ("\u22124,4", -4.4, 1),
        ("+3", 3.0, 0),
        (" 12 ", 12.0, 0),
        ("1 234,50", 1234.5, 2),
        ("1\u00a0234\u00a0567", 1234567.0, 0),
        ("1\u202f234", 1234.0, 0),
        ("22294164.58", 22294164.58, 2),
        ("1e3", 1000.0, -1),
    ],
)
def test_numbers(text, value, decimals):
    cells = read_numbers(pa.array([text]), ";")
    assert cells.number.tolist() == [True]
    assert cells.values[0] == value
    assert cells.decimals[0] == decimals


@pytest.mark.parametrize(
    "text", ["abc", "1,2,3", "1.234,56", "12 34", "nan", "inf", "1e999", "1,", ",5", "--"]
)
def test_what_is_no_number_is_never_zero(text):
    cells = read_numbers(pa.array([text]), ";")
    assert cells.unreadable.tolist() == [True]
    assert math.isnan(cells.values[0])


def test_absence_is_told_apart():
    cells = read_numbers(pa.array(["", " ", "-", "0"]), ";")
    assert cells.empty.tolist() == [True, True, False, False]
    assert cells.dash.tolist() == [False, False, True, False]
    assert cells.number.tolist() == [False, False, False, True]


def test_a_point_beside_commas_is_not_guessed():
    cells = read_numbers(pa.array(["1,5", "1.234", "7"]), ";")
    assert cells.unreadable.tolist() == [False, True, False]


@settings(deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2))
def test_comma_and_point_tell_the_same(number):
    text = f"{number:.2f}"
    point = read_numbers(pa.array([text]), ",")
    comma = read_numbers(pa.array([text.replace(".", ",")]), ";")
    assert point.values[0] == comma.values[0] == float(text)
    assert point.decimals[0] == comma.decimals[0] == 2
