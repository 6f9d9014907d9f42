"""Printed numbers can be found again, with key, exact value and reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.numbers import missing_html, read_numbers, tagged
from smup_lib.present.svg_draw import Printed
from tests.prose import parse_number

KEY = NumberKey("9002", "accident_rate", 2018)


def test_a_tagged_number_reads_back():
    (found,) = read_numbers(f"<p>Jest {tagged(41.234567, KEY, 1, measure_unit='%')} w roku.</p>")
    assert (found.key, found.value, found.text) == (KEY, 41.234567, "41,2")


def test_a_number_inside_an_svg_reads_back():
    median = KEY.of(statistic="median", group="similar")
    printed = Printed("58,0", 58.0, median, bold=True, tail="%").svg()
    drawn = f"<svg><text>mediana {printed}</text></svg>"
    (found,) = read_numbers(drawn)
    assert (found.key, found.value, found.text) == (median, 58.0, "58,0")


@pytest.mark.parametrize("null", [None, math.nan])
def test_a_missing_number_says_why_and_has_no_value(null):
    html = tagged(null, KEY, flag="missing_or_secret", measure_unit="%")
    (found,) = read_numbers(html)
    assert found.value is None and found.text == "."
    assert 'data-flag="missing_or_secret"' in html
    assert 'aria-label="brak informacji lub tajemnica"' in html
    assert "%" not in html


def test_a_scaled_number_keeps_its_exact_value():
    (found,) = read_numbers(tagged(12_345_678.0, KEY, 1, scale=1e6, measure_unit="mln zł"))
    assert (found.value, found.text) == (12_345_678.0, "12,3")


def test_order_is_that_of_the_page_and_markup_inside_is_read_as_text():
    page = tagged(1, KEY) + tagged(None, KEY) + tagged(2, KEY)
    assert [n.text for n in read_numbers(page)] == ["1", "–", "2"]


def test_numbers_without_a_key_are_no_results():
    assert read_numbers('<data class="num" value="3">3</data>') == []


def test_a_title_inside_a_drawing_carries_its_number_too():
    drawn = f'<path><title data-value="3.0" data-key="{KEY}">Olszyn: 3,0</title></path>'
    assert [n.text for n in read_numbers(drawn)] == ["3,0"]


def test_a_damaged_key_is_an_error():
    with pytest.raises(ValueError, match="not a number key"):
        read_numbers('<data value="1" data-key="unit=1;indicator=x">1</data>')


@given(
    st.text(max_size=8), st.text(max_size=8), st.none() | st.integers(1900, 2100),
    st.text(max_size=8), st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
def test_any_key_survives_a_page(unit, indicator, year, statistic, group, value):
    key = NumberKey(unit, indicator, year, statistic, group)
    (found,) = read_numbers(f"<div>{tagged(value, key, 1)}</div>")
    assert found.key == key
    assert found.value == value


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 3))
def test_the_text_is_the_value_rounded(value, decimals):
    (found,) = read_numbers(tagged(value, KEY, decimals))
    assert abs(parse_number(found.text) - value) <= 0.5 * 10**-decimals * (1 + 1e-6)


def test_own_values_have_no_group_and_statistics_keep_theirs():
    grouped = NumberKey("9002", "x", 2018, "median", "similar")
    assert grouped.of(statistic="value").group == ""
    assert grouped.of(statistic="q25").group == "similar"


def test_flag_words_are_escaped_once():
    assert missing_html("no_data").count("brak danych") == 2
