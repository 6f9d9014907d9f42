"""Numbers, dates and names as Polish officials write them."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.present import formats as f
from smup_lib.years import format_years
from tests.prose import parse_number

NB = "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "text"),
    [
        (1234.5, 1, None, f"1{NB}234,5"),
        (999, 0, None, "999"),
        (1_000_000, 0, None, f"1{NB}000{NB}000"),
        (-3.2, 1, None, "−3,2"),
        (-0.04, 1, None, "0,0"),
        (0.125, 2, None, "0,13"),
        (2.5, 0, None, "3"),
        (-2.5, 0, None, "−3"),
        (1.005, 2, None, "1,01"),
        (12.5, 1, "%", "12,5%"),
        (2.1, 1, "p.proc.", f"2,1{NB}p.proc."),
        (1234.5, 2, "zł", f"1{NB}234,50{NB}zł"),
        (41.2, 1, "na 100 tys. mieszk.", f"41,2{NB}na{NB}100{NB}tys. mieszk."),
        (18.0, 0, "tys. zł", f"18{NB}tys.{NB}zł"),
        (5, 0, "-", "5"),
        (None, 1, "%", "–"),
        (math.nan, 1, "%", "–"),
        (math.inf, 1, None, "∞"),
    ],
)
def test_numbers(value, decimals, unit, text):
    assert f.format_number(value, decimals, unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.3, "+1,3"), (-1.3, "−1,3"), (0.0, "0,0"), (0.04, "0,0")]
)
def test_changes_carry_their_sign_unless_they_round_to_zero(value, text):
    assert f.format_number(value, 1, signed=True) == text


@given(st.floats(-1e12, 1e12, allow_nan=False), st.integers(0, 4))
def test_a_written_number_reads_back_within_half_of_its_last_digit(value, decimals):
    text = f.format_number(value, decimals)
    assert abs(parse_number(text) - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + 1e-12 * abs(value)
    assert "-" not in text and "." not in text and " " not in text


@given(st.integers(0, 10**9))
def test_whole_numbers_equal_babels_own(value):
    from babel.numbers import format_decimal

    assert f.format_number(value) == format_decimal(value, format="#,##0", locale="pl")


@pytest.mark.parametrize("day", ["2024-12-31", "2024-12-31T10:22:00", dt.date(2024, 12, 31)])
def test_dates(day):
    assert f.format_date(day) == f"31.12.2024{NB}r."


@pytest.mark.parametrize(
    ("years", "text"),
    [
        ([2018], "2018"),
        ([2010, 2011, 2012, 2015], "2010–2012, 2015"),
        ([2015, 2013, 2013], "2013, 2015"),
        ([], ""),
    ],
)
def test_years(years, text):
    assert format_years(years) == text


@pytest.mark.parametrize(
    ("count", "noun"),
    [(0, "powiatów"), (1, "powiat"), (2, "powiaty"), (4, "powiaty"), (5, "powiatów"),
     (11, "powiatów"), (12, "powiatów"), (14, "powiatów"), (21, "powiatów"), (22, "powiaty"),
     (112, "powiatów"), (1.5, "powiatu")],
)  # fmt: skip
def test_plural_forms(count, noun):
    assert f.plural(count, ("powiat", "powiaty", "powiatów", "powiatu")) == noun
