"""Answers are read as people type them: comma or point, any blank, any minus, a measure unit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.present.formats import format_number, round_half_up
from smup_lib.workshop.answers import read_answer
from smup_lib.workshop.typed_units import read_unit

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("12,5", 12.5, ""),
        ("12.5", 12.5, ""),
        (" 12,5 ", 12.5, ""),
        ("12,5%", 12.5, "%"),
        ("12,5 %", 12.5, "%"),
        (f"1{NBSP}234,5", 1234.5, ""),
        (f"1{NARROW}234{NARROW}567", 1234567.0, ""),
        ("1 234 zł", 1234.0, "zł"),
        ("1.234,5", 1234.5, ""),
        ("1,234.5", 1234.5, ""),
        ("1.234.567", 1234567.0, ""),
        (f"{MINUS}3,2 p.proc.", -3.2, "p.proc."),
        ("-3,2", -3.2, ""),
        ("– 3,2", -3.2, ""),
        ("+30,0 os./1000 mieszk.", 30.0, "os./1000 mieszk."),
        ("ok. 41,2", 41.2, ""),
        ("= 41,2", 41.2, ""),
        (",5", 0.5, ""),
        ("41,2.", 41.2, ""),
        ("41,2,", 41.2, ""),
        ("zero", 0.0, ""),
        ("„41,2”", 41.2, ""),
        ("0", 0.0, ""),
        ("0,0", 0.0, ""),
        (41.2, 41.2, ""),
        (7, 7.0, ""),
    ],
)
def test_numbers_as_people_type_them(typed, number, unit):
    read = read_answer(typed)
    assert read.readings[0] == pytest.approx(number)
    assert read.unit_text == unit


def test_a_point_before_three_digits_may_mean_either():
    assert read_answer("1.234").readings == (1.234, 1234.0)
    assert read_answer("1,234").readings == (1.234,)
    assert read_answer("0.234").readings == (0.234,)


@pytest.mark.parametrize(
    "typed",
    ["brak", "Brak danych", "brak.", "–", "-", ".", "x", "b.d.", "nie wiadomo", None, math.nan],
)
def test_words_and_signs_for_no_number(typed):
    assert read_answer(typed).missing


@pytest.mark.parametrize(
    "typed",
    ["", "dużo", "12 5", "1,2,3", "1.23.4", "--5", "1e3", "½", "2^3", True, math.inf, [12.5]],
)
def test_what_is_neither_is_refused(typed):
    with pytest.raises(ValueError):
        read_answer(typed)


@given(
    value=st.floats(-1e9, 1e9, allow_nan=False),
    decimals=st.integers(0, 4),
    unit=st.sampled_from(["", "%", "zł", "os./1000 mieszk.", "na 100 tys. mieszk.", "p.proc."]),
    blank=st.sampled_from([NBSP, NARROW, " "]),
    comma=st.sampled_from([",", "."]),
)
def test_what_a_page_prints_is_read_back(value, decimals, unit, blank, comma):
    digits = format_number(value, decimals).replace(NBSP, blank)
    if comma == ".":
        digits = digits.replace(",", ".")
    printed = format_number(1, 0, unit).removeprefix("1")
    read = read_answer(digits + printed)
    assert float(round_half_up(value, decimals)) in read.readings
    assert read_unit(read.unit_text) == read_unit(unit)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        read = read_answer(text)
    except ValueError:
        return
    assert read.missing or all(math.isfinite(number) for number in read.readings)
