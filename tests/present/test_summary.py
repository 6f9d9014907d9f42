"""The first screen: findings first, and why there are none when there are values."""

from __future__ import annotations

import re

from smup_lib.present.summary import render_summary
from tests.conclude.builders import among_peers, assessed, rows
from tests.indicators.builders import indicator, signed

NAN = float("nan")
TENS = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]


def shown(entry, *values) -> str:
    html = render_summary(assessed([entry], list(values)))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_values_that_nobody_may_judge_say_why():
    few = rows("accident_rate", 2022, among_peers(42, TENS), qualifiers="small_denominator")
    text = shown(signed("lower"), few)
    assert "żadnej z nich nie oceniamy" in text
    assert "małej liczbie przypadków" in text
    assert "kierunku" not in text


def test_values_without_a_direction_say_so():
    text = shown(indicator(), rows("accident_rate", 2022, among_peers(52, TENS)))
    assert "żadnej z nich nie oceniamy. Powód: wskaźnik nie ma uzgodnionego kierunku." in text


def test_several_values_without_a_direction_share_a_reason_in_the_plural():
    entries = [indicator(id=name) for name in ("one", "other")]
    text = shown_many(entries)
    assert "Powód: wskaźniki nie mają uzgodnionego kierunku." in text


def shown_many(entries) -> str:
    values = [rows(entry.id, 2022, among_peers(52, TENS)) for entry in entries]
    return re.sub(r"<[^>]+>", "", render_summary(assessed(entries, values)))


def test_an_ordinary_unit_is_told_that_it_is_ordinary():
    text = shown(signed("lower"), rows("accident_rate", 2022, among_peers(52, TENS)))
    assert "Żadna z ocenionych wartości ( 1 z 1 ) nie odbiega wyraźnie od grupy." in text
    assert "Pozostałych" not in text


def test_what_was_not_judged_is_not_called_ordinary():
    entries = [signed("lower"), indicator(id="other")]
    values = [rows(entry.id, 2022, among_peers(52, TENS)) for entry in entries]
    html = render_summary(assessed(entries, values)).replace("\xa0", " ")
    text = re.sub(r"<[^>]+>", "", html)
    assert "(1 z 2) nie odbiega wyraźnie od grupy. Pozostałych nie oceniamy. Powód: wsk" in text


def test_a_finding_needs_no_excuse():
    text = shown(signed("lower"), rows("accident_rate", 2022, among_peers(5, TENS)))
    assert "nie oceniamy" not in text
    assert "nie odbiega" not in text


def test_without_a_value_only_the_gaps_speak():
    text = shown(signed("lower"), rows("accident_rate", 2022, among_peers(NAN, TENS)))
    assert "żadnej z nich" not in text
    assert "Dane nie mówią nic o żadnym z czterech wymiarów." in text


def test_gaps_take_one_line_and_no_place_from_what_is_known():
    entries = [signed("lower").model_copy(update={"id": f"rate_{n}"}) for n in range(4)]
    values = [rows(entry.id, 2022, among_peers(5, TENS)) for entry in entries]
    html = render_summary(assessed(entries, values))
    first, _, rest = html.partition("Pozostałe ustalenia")
    assert first.count('<li class="smup-finding') == 3
    assert "O trzech z czterech wymiarów dane nic nie mówią: ilość, dostępność, efek" in html
    assert html.count("smup-unknown") == 1
    assert "Ewidencja zarządcy drogi." in html
    assert "nie można powiedzieć" not in rest


def test_one_silent_dimension_is_named_and_none_is_not_spoken_of():
    every = [
        indicator(id=f"rate_{dimension}", dimension=dimension)
        for dimension in ("quantity", "quality", "accessibility", "efficiency")
    ]
    values = [rows(entry.id, 2022, among_peers(5, TENS)) for entry in every]
    three = render_summary(assessed(every[:3], values[:3]))
    assert "O wymiarze „efektywność” dane nic nie mówią." in three
    assert "smup-unknown" not in render_summary(assessed(every, values))


def test_the_signs_before_findings_have_a_key():
    text = shown(signed("lower"), rows("accident_rate", 2022, among_peers(5, TENS)))
    assert "Znaki: ● korzystniej niż w grupie" in text
    silent = shown(indicator(), rows("accident_rate", 2022, among_peers(52, TENS)))
    assert "Znaki" not in silent


def test_the_sign_of_a_direction_says_nothing_of_the_group():
    years = [rows("accident_rate", y, among_peers(2072 - y, TENS)) for y in range(2012, 2022)]
    now = rows("accident_rate", 2022, among_peers(50, TENS))
    html = render_summary(assessed([signed("lower")], [now], years))
    text = re.sub(r"<[^>]+>", "", html)
    assert "Znaki: ● korzystny kierunek zmian." in text


def test_a_remark_stands_in_the_finding_of_its_value():
    entry = signed("lower")
    assessment = assessed([entry], [rows(entry.id, 2022, among_peers(5, TENS))])
    html = render_summary(assessment, remarks={entry.id: ("W 2022 r. liczono inaczej.",)})
    finding = html.partition('<li class="smup-finding')[2].partition("</li>")[0]
    assert "W 2022 r. liczono inaczej." in finding
    assert "liczono inaczej" not in render_summary(assessment)
