"""The first screen: findings first, and why there are none when there are values."""

from __future__ import annotations

import re

from smup_lib.present.area_page import render_summary
from tests.conclude.builders import among_peers, assessed, rows
from tests.indicators.builders import indicator, signed

NAN = float("nan")
TENS = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]


def shown(entry, *values) -> str:
    html = render_summary(assessed([entry], list(values)))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_values_that_nobody_may_judge_say_why():
    few = rows("accident_rate", 2022, among_peers(5, TENS), qualifiers="small_denominator")
    text = shown(signed("lower"), few)
    assert "żadnej z nich nie oceniamy" in text
    assert "małej liczbie przypadków" in text
    assert "kierunku" not in text


def test_values_without_a_direction_say_so():
    text = shown(indicator(), rows("accident_rate", 2022, among_peers(5, TENS)))
    assert "żadnej z nich nie oceniamy. Powody: wskaźnik nie ma uzgodnionego kierunku." in text


def test_an_ordinary_unit_is_told_that_it_is_ordinary():
    text = shown(signed("lower"), rows("accident_rate", 2022, among_peers(52, TENS)))
    assert "Żaden wskaźnik nie odbiega wyraźnie od grupy" in text


def test_a_finding_needs_no_excuse():
    text = shown(signed("lower"), rows("accident_rate", 2022, among_peers(5, TENS)))
    assert "nie oceniamy" not in text
    assert "nie odbiega" not in text


def test_without_a_value_only_the_gaps_speak():
    text = shown(signed("lower"), rows("accident_rate", 2022, among_peers(NAN, TENS)))
    assert "żadnej z nich" not in text
    assert "brak danych" in text
