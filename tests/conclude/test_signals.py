"""What may be luck: one family of tests an area, and how many would pass though nothing differs."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.compare import compare_batch
from smup_lib.conclude.signals import FALSE_SHARE
from smup_lib.present.numbers import read_numbers
from smup_lib.present.summary import render_luck, render_summary
from tests.conclude.builders import UNIT, among_peers, assessed, rows
from tests.indicators.builders import signed


def counted(name, own, group=100.0, base=1000.0):
    """Return a rate of counts: the unit's events beside those of ten peers of the same size."""
    events = among_peers(own, [group] * 10)
    values = {code: 1000 * count / base for code, count in events.items()}
    return rows(name, 2022, values, numerator=list(events.values()), denominator=base)


def area_of(*events):
    entries = [
        signed("lower").model_copy(update={"id": f"rate_{n}", "short_name": f"Wskaźnik {n}"})
        for n in range(len(events))
    ]
    return assessed(entries, [counted(f"rate_{n}", own) for n, own in enumerate(events)])


def test_all_that_were_tested_count_and_not_only_those_that_stand_out():
    found = area_of(30.0, 100.0, 101.0, 99.0).signals
    assert (found.tested, found.kept, found.observed) == (4, 1, 1)
    assert found.keeps_place("rate_0") and found.keeps_place("rate_1") is False
    assert found.keeps_place("somebody_else") is None
    assert 0.1 < found.expected < 0.25  # four tests of about 5 %


def test_the_list_is_that_of_the_published_procedure():
    import pandas as pd

    area = area_of(30.0, 76.0, 100.0, 101.0, 99.0, 102.0)
    p_values = [item.chance.p_value for item in area.indicators]
    batch = compare_batch(pd.DataFrame({"p_value": p_values}), q=FALSE_SHARE)
    assert batch.rows is not None
    assert list(area.signals.places.values()) == pytest.approx(batch.rows["adjusted"].tolist())
    assert area.signals.kept == batch.value


def test_a_difference_that_many_tests_explain_is_told_with_low_confidence():
    """A p-value of 0.02 alone is medium; the smallest of ten it may well be luck."""
    alone, among_ten = area_of(72.0), area_of(72.0, *[100.0] * 9)
    told = [a.findings[0] for a in (alone, among_ten)]
    assert [finding.kept for finding in told] == [True, False]
    assert told[0].confidence != "low" and told[1].confidence == "low"
    assert told[1].numbers["tested"].value == 10
    assert "wśród {tested} sprawdzonych" in told[1].confidence_reason


def test_without_any_difference_hardly_any_signal_is_kept():
    """In areas of ten indicators drawn from one rate the list is empty in about 95 %."""
    random = np.random.default_rng(4)
    drawn = [area_of(*random.poisson(100.0, 10).astype(float)) for _ in range(15)]
    assert sum(area.signals.kept == 0 for area in drawn) >= 13


def test_published_rates_have_nothing_to_test_and_say_nothing():
    area = assessed([signed("lower")], [rows("accident_rate", 2022, among_peers(5, [9.0] * 10))])
    assert (area.signals.tested, area.signals.places) == (0, {})
    assert render_luck(area) == ""


def test_the_page_says_in_one_sentence_what_is_luck():
    area = area_of(30.0, 100.0, 101.0, 99.0)
    html = render_summary(area)
    numbers = {n.key.statistic: n.value for n in read_numbers(html)}
    assert (numbers["tests_made"], numbers["tests_kept"], numbers["false_share"]) == (4, 1, 5)
    assert (numbers["places_tested"], numbers["alarms_observed"]) == (4, 1)
    assert numbers["alarms_expected"] == area.signals.expected
    assert "w 4 porównaniach" not in html  # every number has its key
    assert html.count("za więcej niż przypadek uznajemy") == 1
    assert ": „Wskaźnik 0”. Taki wybór" in html and "„Wskaźnik 1”" not in html
    assert "O pozostałych wskaźnikach" not in html  # all were tested
    assert {n.key.unit for n in read_numbers(render_luck(area))} == {UNIT.code}


def test_a_difference_beyond_chance_that_is_usual_in_the_group_is_named_and_explained():
    """Peers differ widely, so their middle half reaches farther than chance does."""
    wide = among_peers(3300.0, [*range(2000, 4000, 200)])
    values = {code: 1000 * count / 10_000 for code, count in wide.items()}
    usual = rows("rate_0", 2022, values, numerator=list(wide.values()), denominator=10_000.0)
    entries = [
        signed("lower").model_copy(update={"id": f"rate_{n}", "short_name": f"Wskaźnik {n}"})
        for n in range(2)
    ]
    area = assessed(entries, [usual, counted("rate_1", 100.0)])
    assert area.signals.keeps_place("rate_0")
    assert not [finding for finding in area.findings if finding.indicator == "rate_0"]
    told = render_luck(area)
    assert "Wśród ustaleń nie ma: „Wskaźnik 0”; różnica jest tu większa niż przypadkowa" in told
    assert "Wśród ustaleń nie ma" not in render_luck(area_of(30.0, 100.0))


def test_of_one_test_the_confidence_says_it_all():
    assert render_luck(area_of(30.0)) == ""


def test_where_nothing_stands_the_page_names_what_was_tested_and_what_was_not():
    area = area_of(101.0, 99.0)
    told = render_luck(area)
    assert ": „Wskaźnik 0” i „Wskaźnik 1”. Przy żadnym nie widać więcej niż przypadek." in told
    entries = [signed("lower").model_copy(update={"id": f"rate_{n}"}) for n in range(3)]
    values = [counted(f"rate_{n}", 100.0) for n in range(2)]
    values.append(rows("rate_2", 2022, among_peers(5, [9.0] * 10)))
    assert "O pozostałych wskaźnikach to nic nie mówi" in render_luck(assessed(entries, values))


def test_of_many_that_stand_three_are_named_and_the_others_counted():
    told = render_luck(area_of(30.0, 31.0, 32.0, 33.0, 34.0))
    assert "„Wskaźnik 2” i " in told and "„Wskaźnik 3”" not in told
    unnamed = [n for n in read_numbers(told) if n.key.statistic == "tests_kept_unnamed"]
    assert [number.value for number in unnamed] == [2]
    assert "</data> inne. " in told
    four = render_luck(area_of(30.0, 31.0, 32.0, 33.0))
    assert "„Wskaźnik 2” i „Wskaźnik 3”. " in four
