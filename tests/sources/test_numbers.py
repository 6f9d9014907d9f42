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
        ("1.234,56", 1234.56, 2),
        ("1.234.567", 1234567.0, 0),
        ("0.123", 0.123, 3),
        ("1234.567", 1234.567, 3),
    ],
)
def test_numbers(text, value, decimals):
    cells = read_numbers(pa.array([text]), ";")
    assert cells.number.tolist() == [True]
    assert cells.values[0] == value
    assert cells.decimals[0] == decimals


@pytest.mark.parametrize(
    "text", ["abc", "1,2,3", "1.2.3", "1,234.5,6", "12 34", "nan", "inf", "1e999", "1,", ",5", "--"]
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


# cells, separator, told decimal mark -> values (None: not read, because it could be two numbers)
AMBIGUOUS = [
    # nothing in the column settles the mark that is not the file's own
    (["1.234"], ";", None, [None]),
    (["1,234"], ",", None, [None]),
    (["7", "1,234", "12"], ",", None, [7, None, 12]),
    (["1.234", "1,234"], "\t", None, [None, None]),
    # the mark of the file itself is decimal
    (["1,234"], ";", None, [1.234]),
    (["1.234"], ",", None, [1.234]),
    # any value with other than three digits behind it settles it as decimal
    (["1.234", "1.5"], ";", None, [1.234, 1.5]),
    (["1,234", "0,123"], ",", None, [1.234, 0.123]),
    (["1,234", "1234,567"], "\t", None, [1.234, 1234.567]),
    # the same sign twice settles it as thousands, as does another sign behind it
    (["1.234", "1.234.567"], ";", None, [1234, 1234567]),
    (["1,234", "12,345.6"], ",", None, [1234, 12345.6]),
    (["1,234", "1,234,567"], ";", None, [1234, 1234567]),
    # a column that shows both leaves both unread
    (["1.234", "1.5", "1.234.567"], ";", None, [None, None, None]),
    # the file's own mark is decimal by other values: the other one stays unclear
    (["1,5", "1.234"], ";", None, [1.5, None]),
    (["1,5", "2.25", "1.234"], ";", None, [1.5, None, None]),
    # English numbers in a Polish file: the point is decimal, so the comma is not settled
    (["1,234", "5.5"], ";", None, [None, 5.5]),
    # the user settles it
    (["1.234", "1,5"], ";", ",", [1234, 1.5]),
    (["1,234"], ",", ",", [1.234]),
    (["1,234"], ",", ".", [1234]),
]


@pytest.mark.parametrize(("texts", "separator", "decimal", "values"), AMBIGUOUS)
def test_a_mark_is_judged_by_its_whole_column(texts, separator, decimal, values):
    cells = read_numbers(pa.array(texts), separator, decimal)
    assert cells.ambiguous.tolist() == [value is None for value in values]
    assert cells.unreadable.tolist() == [value is None for value in values]
    assert [None if math.isnan(value) else value for value in cells.values.tolist()] == values


def test_what_is_no_number_is_not_called_ambiguous():
    cells = read_numbers(pa.array(["Sp. z o.o.", "1.2.3", "1.234"]), ";")
    assert cells.ambiguous.tolist() == [False, False, True]


@settings(deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2))
def test_comma_and_point_tell_the_same(number):
    text = f"{number:.2f}"
    point = read_numbers(pa.array([text]), ",")
    comma = read_numbers(pa.array([text.replace(".", ",")]), ";")
    assert point.values[0] == comma.values[0] == float(text)
    assert point.decimals[0] == comma.decimals[0] == 2
