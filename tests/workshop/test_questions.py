"""A question tells right from wrong, and one mistake from another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.catalogue import load_catalogue
from smup_lib.present.formats import round_half_up
from smup_lib.workshop.questions import ChoiceQuestion, Mistake, is_same
from smup_lib.workshop.typed_units import read_unit
from tests.workshop.builders import CHOICE, number_question


@pytest.mark.parametrize(
    ("answer", "outcome", "misconception"),
    [
        # value 41.249 %, shown as 41,2
        ("41,2", "right", ""),
        ("41,249", "right", ""),
        ("41.2 %", "right", ""),
        ("41,20", "right", ""),
        ("41,16", "right", ""),  # more digits, and rounds to what is shown
        ("41,1", "wrong", "rounding"),
        ("41,3", "wrong", "rounding"),
        ("41", "wrong", "rounding"),
        ("41,14", "wrong", "rounding"),
        ("41,5", "wrong", ""),
        ("41,2 p.proc.", "wrong", "points_for_percent"),
        ("58", "wrong", "median_for_value"),
        ("58,0%", "wrong", "median_for_value"),
        ("73 400", "wrong", "population_for_value"),
        ("73 400 osób", "wrong", "population_for_value"),
        ("-41,2", "wrong", "sign"),
        ("4,12", "wrong", "scale"),
        ("412", "wrong", "scale"),
        ("0", "wrong", ""),
        ("brak", "wrong", "missing_for_value"),
        ("dużo", "unreadable", ""),
        ("", "unreadable", ""),
    ],
)
def test_a_value_and_its_mistakes(answer, outcome, misconception):
    verdict = number_question().judge(answer)
    assert (verdict.outcome, verdict.misconception) == (outcome, misconception)
    assert verdict.why, "an answer always hears a reason"


@pytest.mark.parametrize(
    ("answer", "outcome", "misconception"),
    [
        ("brak", "right", ""),
        ("–", "right", ""),
        (None, "right", ""),
        (float("nan"), "right", ""),
        ("0", "wrong", "zero_for_missing"),
        ("0,0 zł", "wrong", "zero_for_missing"),
        ("12", "wrong", ""),
    ],
)
def test_a_missing_value_is_not_zero(answer, outcome, misconception):
    question = number_question(
        value=None, mistakes=(Mistake("zero_for_missing", 0.0, "Puste pole to nie zero."),)
    )
    verdict = question.judge(answer)
    assert (verdict.outcome, verdict.misconception) == (outcome, misconception)


def test_a_true_zero_is_not_missing():
    question = number_question(value=0.0, missing_id="missing_for_zero", missing_why="To zero.")
    assert question.judge("0").outcome == "right"
    assert question.judge("brak").misconception == "missing_for_zero"


@pytest.mark.parametrize(
    ("answer", "outcome", "misconception"),
    [
        # 20 % and 25 %: 5 percentage points, 25 %
        ("5", "right", ""),
        ("5 p.proc.", "right", ""),
        ("5 pp", "right", ""),
        ("5%", "wrong", "percent_for_points"),
        ("25", "wrong", "percent_for_points"),
        ("25%", "wrong", "percent_for_points"),
    ],
)
def test_percent_is_not_percentage_points(answer, outcome, misconception):
    question = number_question(
        value=5.0,
        measure_unit="p.proc.",
        mistakes=(Mistake("percent_for_points", 25.0, "To procent mediany."),),
    )
    verdict = question.judge(answer)
    assert (verdict.outcome, verdict.misconception) == (outcome, misconception)


@pytest.mark.parametrize(
    ("measure_unit", "value", "answer", "outcome"),
    [
        ("zł", 3100.0, "3,1 tys. zł", "right"),
        ("zł", 3100.0, "3100", "right"),
        ("zł", 3100.0, "3.100", "right"),
        ("zł", 3100.0, "3,1", "wrong"),
        ("tys. zł", 3.1, "3,1 tys. zł", "right"),
        ("tys. zł", 3.1, "3,1 tys.", "right"),
        ("tys. zł", 3.1, "3,1", "right"),
        ("mln zł", 3.1, "3 100 000 zł", "right"),
        ("mln zł", 3.1, "3100 tys. zł", "right"),
        ("mln zł", 3.1, "3,1 zł", "wrong"),
    ],
)
def test_thousands_in_the_answer_and_in_the_unit(measure_unit, value, answer, outcome):
    question = number_question(measure_unit=measure_unit, value=value, decimals=1, mistakes=())
    assert question.judge(answer).outcome == outcome


@pytest.mark.parametrize(
    ("measure_unit", "typed"),
    [
        ("os./1000 mieszk.", "os./1000 mieszk."),
        ("os./1000 mieszk.", "osób na 1000 mieszkańców"),
        ("os./1000 mieszk.", "na 1 000 mieszkańców"),
        ("os./1000 mieszk.", "czytelników na 1 tys. osób"),
        ("os./10 tys. mieszk.", "OS / 10 000 mieszk"),
        ("zł/mieszk.", "złotych na mieszkańca"),
        ("zł/mieszk.", "zł na 1 mieszkańca"),
        ("km/100 km²", "km na 100 kilometrów kwadratowych"),
        ("m²", "m2"),
        ("%", "procent"),
        ("p.proc.", "punktu procentowego"),
        ("dni", "dnia"),
    ],
)
def test_a_right_number_in_its_own_unit_however_spelt(measure_unit, typed):
    question = number_question(value=151.5, measure_unit=measure_unit, mistakes=())
    assert question.judge(f"151,5 {typed}").outcome == "right"


@pytest.mark.parametrize(
    ("measure_unit", "typed"),
    [
        ("os./1000 mieszk.", "%"),
        ("os./1000 mieszk.", "‰"),
        ("os./1000 mieszk.", "os."),
        ("os./1000 mieszk.", "zł"),
        ("os./1000 mieszk.", "szt./1000 mieszk."),
        ("os./1000 mieszk.", "os./100 mieszk."),
        ("zł/mieszk.", "zł"),
        ("%", "zł"),
        ("m²", "m"),
        ("dni", "mies."),
        ("mieszkania/1000 os.", "os./1000 os."),
    ],
)
def test_a_right_number_in_another_unit_is_refused_and_told_why(measure_unit, typed):
    question = number_question(value=151.5, measure_unit=measure_unit, mistakes=())
    verdict = question.judge(f"151,5 {typed}")
    assert (verdict.outcome, verdict.misconception) == ("wrong", "other_unit")
    assert f"„{typed}”" in verdict.why and measure_unit.rstrip(".") in verdict.why


@pytest.mark.parametrize(
    "measure_unit", sorted({i.measure_unit for i in load_catalogue().indicators.values()})
)
def test_every_unit_of_the_catalogue_is_read_as_itself_and_as_no_other(measure_unit):
    own = read_unit(measure_unit)
    assert own.is_same(own) and not own.only_factor
    same = {
        other
        for other in {i.measure_unit for i in load_catalogue().indicators.values()}
        if read_unit(other).is_same(own)
    }
    plain = {unit.replace("mieszk.", "os.").removeprefix("mln ") for unit in same}
    assert len(plain) == 1, same


def test_numbers_of_the_page_may_be_subtracted_as_they_stand_there():
    # 10.25 and 5.14 stand on the page as 10,3 and 5,1: their difference is 5,2, the exact one 5.11
    question = number_question(value=5.11, also_right=(5.2,), mistakes=())
    assert question.judge("5,2").outcome == "right"
    assert question.judge("5,1").outcome == "right"
    assert question.judge("5,3").outcome == "wrong"
    assert question.judge("5,0").outcome == "wrong"


def test_of_two_near_mistakes_the_nearer_is_named():
    question = number_question(
        mistakes=(Mistake("median_for_value", 58.0, "a"), Mistake("other_year", 58.2, "b"))
    )
    assert question.judge("58,2").misconception == "other_year"
    assert question.judge("58").misconception == "median_for_value"


@pytest.mark.parametrize(
    ("answer", "outcome", "misconception"),
    [
        ("41,3", "wrong", "median_for_value"),  # within half a percent, yet the median
        ("41,3 %", "wrong", "median_for_value"),
        ("41,1", "wrong", "rounding"),  # nobody's number
        ("41,24", "right", ""),
        ("41,2", "right", ""),
    ],
)
def test_a_mistake_typed_to_the_digit_is_not_forgiven(answer, outcome, misconception):
    question = number_question(mistakes=(Mistake("median_for_value", 41.31, "To mediana."),))
    verdict = question.judge(answer)
    assert (verdict.outcome, verdict.misconception) == (outcome, misconception)


def test_the_difference_of_shown_numbers_stays_right_beside_a_near_mistake():
    question = number_question(
        value=5.11, also_right=(5.2,), mistakes=(Mistake("median_for_value", 5.2, "To mediana."),)
    )
    assert question.judge("5,2").outcome == "right"


def test_a_mistake_that_equals_the_right_answer_is_no_mistake():
    question = number_question(mistakes=(Mistake("median_for_value", 41.25, "To mediana."),))
    assert question.judge("41,2").outcome == "right"


@given(value=st.floats(-1e7, 1e7, allow_nan=False), decimals=st.integers(0, 3))
def test_the_number_as_displayed_is_right_and_its_neighbours_are_not(value, decimals):
    shown, step = round_half_up(value, decimals), Decimal(1).scaleb(-decimals)
    assert is_same(float(shown), value, decimals)
    question = number_question(value=value, decimals=decimals, mistakes=(), measure_unit="zł")
    for text in (f"{shown:f}", f"{shown:f}".replace(".", ","), float(shown), value):
        assert question.judge(text).outcome == "right"
    for neighbour in (shown - step, shown + step):
        assert question.judge(f"{neighbour:f}").outcome == "wrong"
        assert question.judge(float(neighbour)).outcome == "wrong"


@pytest.mark.parametrize(
    ("value", "decimals", "told"),
    [(151.46, 1, "1\xa0cyfra po przecinku"), (3191.0, 0, "bez cyfr po przecinku")],
)
def test_a_slip_in_the_last_digit_hears_how_exact_the_answer_is_to_be(value, decimals, told):
    question = number_question(value=value, decimals=decimals, mistakes=())
    verdict = question.judge(float(round_half_up(value, decimals)) - 10.0**-decimals)
    assert verdict.misconception == "rounding"
    assert told in verdict.why


def test_an_option_is_chosen_by_its_id_or_letter_never_by_its_text():
    letters = {option.id: letter for letter, option in zip("abc", CHOICE.shown, strict=True)}
    assert CHOICE.judge("no_data").outcome == "right"
    assert CHOICE.judge(letters["no_data"].upper()).outcome == "right"
    assert CHOICE.judge(letters["zero"]).misconception == "zero_for_missing"
    assert CHOICE.judge("zero").why == "Zero to liczba."
    for unknown in ("d", "brak danych", "", None):
        verdict = CHOICE.judge(unknown)
        assert verdict.outcome == "unreadable"
        assert "a, b, c" in verdict.why


def test_options_stand_in_an_order_that_is_always_the_same():
    again = ChoiceQuestion(**{**vars(CHOICE), "options": tuple(reversed(CHOICE.options))})
    assert [option.id for option in again.shown] == [option.id for option in CHOICE.shown]
