"""A sentence is read back, and one changed digit is found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.compare.reading import Figure
from smup_lib.conclude import CitedNumber, NumberKey
from smup_lib.present.formats import format_number
from smup_lib.present.numbers import tagged
from tests.page_prose import check_page_prose, read_passages
from tests.prose import check_prose, order_cited, read_prose_numbers

KEY = NumberKey("9002", "accident_rate", 2022)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("bez liczb, jeden rok", []),
        ("1\u00a0234\u00a0567,50 zł", ["1234567.50"]),
        ("1 234 zł", ["1", "234"]),  # a breaking space parts two numbers
        ("−3,2% i +0,5\u00a0p.proc.", ["-3.2", "0.5"]),
        ("w latach 2019–2022", ["2019", "2022"]),
        ("w latach 2019-2022", ["2019", "2022"]),
        ("od −5 do −2", ["-5", "-2"]),
        ("31.12.2024\u00a0r.", ["31", "12", "2024"]),
        ("metoda M4b, kod GEO2", []),
        ("(9), „8”; 7.", ["9", "8", "7"]),
        ("w trzech z dwudziestu pięciu gmin, Dwa powiaty", ["3", "25", "2"]),
        ("sto dwa", ["100", "2"]),
        ("stuła, dwadzieściorga", []),
        ("5-letni, 3. miejsce", ["5", "3"]),
        ("1.\u00a0miejsce, rok 2022.", ["1", "2022"]),
        ("4,5,", ["4.5"]),
        ("2019, 2020 i 2021", ["2019", "2020", "2021"]),
    ],
)
def test_numbers_of_a_text(text, values):
    assert [number.value for number in read_prose_numbers(text)] == [Decimal(v) for v in values]


@given(
    value=st.floats(-1e9, 1e9, allow_nan=False),
    decimals=st.integers(0, 4),
    unit=st.sampled_from(["", "%", "p.proc.", "zł/os."]),
    signed=st.booleans(),
)
def test_every_printed_number_is_read_back_as_itself(value, decimals, unit, signed):
    cited = CitedNumber(KEY, value, decimals, unit, signed)
    said = f"Było {format_number(value, decimals, unit, signed=signed)}, a nie inaczej."
    assert check_prose(said, [cited]) == ()


@given(
    value=st.floats(-1e6, 1e6, allow_nan=False),
    decimals=st.integers(0, 2),
    place=st.integers(0, 30),
    digit=st.sampled_from("0123456789"),
)
def test_one_changed_digit_is_found(value, decimals, place, digit):
    printed = format_number(value, decimals, "%")
    digits = [n for n, sign in enumerate(printed) if sign.isdigit()]
    at = digits[place % len(digits)]
    changed = printed[:at] + digit + printed[at + 1 :]
    wrong = check_prose(f"Było {changed} osób.", [CitedNumber(KEY, value, decimals, "%")])
    assert bool(wrong) == (changed != printed)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("w 3 z 12 grup", 0),
        ("w trzech z dwunastu grup", 0),
        ("w 12 z 3 grup", 2),  # the right numbers in the wrong places
        ("w 3 z 3 grup", 1),
        ("w 3 grupach", 1),
        ("w 3 z 12 z 5 grup", 1),
        ("w 3% z 12 grup", 1),
        ("w +3 z 12 grup", 1),
        ("w 3,0 z 12 grup", 1),
        ("w czterech z 12 grup", 1),
        ("w 3 z 12 grup w 2022 r.", 0),
        ("w 3 z 12 grup w 2021 r.", 1),
        ("w 3 z 12 grup na 1000 mieszkańców", 0),
        ("w 3 z 12 grup na\u00a01000 mieszkańców", 0),
        ("w 3 z 12 grup na 1000 mieszkań", 1),
        ("w 3 z 12 grup na 100 mieszkańców", 1),
    ],
)
def test_numbers_are_matched_in_their_order(text, wrong):
    numbers = {"n": Figure(12), "count": Figure(3)}
    cited = order_cited("w {count} z {n} grup", numbers)
    found = check_prose(text, cited, names=["na 1000 mieszkańców"], years={2022})
    assert len(found) == wrong, found


def test_a_year_of_the_evidence_is_no_free_year():
    cited = [Figure(2022)]
    assert check_prose("2\u00a0022 osoby", cited, years={2022}) == ()
    assert check_prose("w 2022 r. 2\u00a0022 osoby", cited, years={2022}) == ()
    assert check_prose("w 2022 r. 2\u00a0023 osoby", cited, years={2022})


PAGE = "<h2>Drogi w {year} r.</h2><ul><li>Wypadki: {number} na 1000 mieszk. [1]</li></ul>{more}"


def page(number: str = tagged(41.25, KEY, 1), year: int = 2022, more: str = "") -> str:
    return PAGE.format(number=number, year=year, more=more)


def wrong_on(html: str) -> tuple[str, ...]:
    return check_page_prose(html, names=["na 1000 mieszk."], years={2022})


def test_a_page_of_keyed_numbers_years_and_names_is_right():
    assert wrong_on(page()) == ()
    assert wrong_on(page(tagged(1_250_000.0, KEY, 1, scale=1000))) == ()
    assert wrong_on(page(tagged(-0.31, KEY, 1, signed=True, measure_unit="p.proc."))) == ()
    assert wrong_on(page(tagged(None, KEY))) == ()


@pytest.mark.parametrize(
    "html",
    [
        page(tagged(41.25, KEY, 1).replace("41,3", "41,4")),
        page(tagged(41.25, KEY, 1).replace('value="41.25"', 'value="42.25"')),
        page(tagged(41.25, KEY, 1).replace("41,3", "41,3 z 50")),
        page("41,3"),
        page("pięć"),
        page(year=2021),
        page(tagged(41.25, None, 1)),
        page(more="<p>Razem <b>7</b> osób.</p>"),
        page(more="<figcaption>Wykres 3</figcaption>"),
        page(more="<p>Jedno<p>Drugie 5</p>"),
        page(more="<ol><li>Pierwsze<ul><li>w środku 5</li></ul></li></ol>"),
    ],
)
def test_a_number_of_a_page_without_evidence_is_found(html):
    assert len(wrong_on(html)) == 1


def test_what_is_no_sentence_is_not_read():
    more = (
        "<table><tr><td>5</td></tr></table><svg><text>7</text></svg><script>8</script><pre>9</pre>"
    )
    assert wrong_on(page(more=more + "<dl><dd>10</dd></dl>")) == ()


def test_passages_are_told_apart():
    found = read_passages("<ul><li>Pierwszy<ul><li>w środku</li></ul></li></ul><p>Raz<br>dwa</p>")
    assert [passage.text for passage in found] == ["w środku", "Pierwszy", "Raz dwa"]
