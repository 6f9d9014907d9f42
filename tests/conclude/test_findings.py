"""Findings: worth saying, in order, with their numbers; silence otherwise."""

from __future__ import annotations

import re

from smup_lib.conclude.findings import first_screen
from smup_lib.present.findings import finding_text, render_finding
from smup_lib.present.numbers import read_numbers
from tests.conclude.builders import PEERS, UNIT, among_peers, assessed, rows
from tests.indicators.builders import indicator, signed

NAN = float("nan")
TENS = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]


def told(*values, entries=None, series=None):
    entries = entries or [signed("lower")]
    return assessed(entries, list(values), series).findings


def claims(findings):
    return [finding.claim for finding in findings if finding.claim != "unknown"]


def test_far_from_the_group_is_worth_saying():
    (finding, *_) = told(rows("accident_rate", 2022, among_peers(5, TENS)))
    assert (finding.claim, finding.mark, finding.confidence) == ("standing", "better", "high")
    text = finding_text(finding).replace("\xa0", " ")
    assert text == (
        "Wypadki: mniej niż w 10 z 10 porównywanych powiatów – to korzystne."
        " (5,0 na 1000 mieszk. · mediana grupy 55,0 na 1000 mieszk.)"
    )


def test_far_on_the_bad_side_is_said_as_plainly():
    (finding, *_) = told(rows("accident_rate", 2022, among_peers(95, TENS)))
    assert finding.mark == "worse"
    assert "więcej niż w 9 z 10" in finding_text(finding)
    assert "to mniej korzystne" in finding_text(finding)


def test_close_to_the_group_is_silence():
    assert claims(told(rows("accident_rate", 2022, among_peers(52, TENS)))) == []


def test_a_neutral_indicator_is_never_called_good_or_bad():
    found = told(rows("accident_rate", 2022, among_peers(5, TENS)), entries=[indicator()])
    assert claims(found) == []


def test_a_cost_is_a_question_on_both_sides():
    cost = indicator(
        dimension="efficiency", data_basis="money_ratio", polarity={"judge": "two_sided"}
    )
    for own, word in ((1, "mniej"), (200, "więcej")):
        (finding, *_) = told(rows("accident_rate", 2022, among_peers(own, TENS)), entries=[cost])
        assert (finding.claim, finding.mark) == ("cost", "not_judged")
        assert f"{word} niż w 10 z 10" in finding_text(finding)
        assert "nie ocena" in finding_text(finding)
        assert "gospodarności" in finding.not_said


def test_a_trend_of_a_signed_indicator_is_worth_saying():
    years = [rows("accident_rate", y, among_peers(2072 - y, TENS)) for y in range(2012, 2022)]
    found = told(rows("accident_rate", 2022, among_peers(50, TENS)), series=years)
    assert claims(found) == ["trend"]
    trend = found[0]
    assert trend.mark == "better"
    assert trend.numbers["slope"].value == -1
    assert "od 2012 r. wskaźnik spada" in finding_text(trend)


def test_a_value_from_a_handful_of_cases_is_not_judged():
    values = rows("accident_rate", 2022, among_peers(5, TENS), qualifiers="small_denominator")
    found = assessed([signed("lower")], [values])
    assert claims(found.findings) == []
    position = found.indicators[0].position
    assert (position.standing, position.rank, position.value) == ("unknown", None, 5)
    assert "małej liczbie" in (position.reason or "")


def test_a_silent_dimension_is_said_with_its_source():
    unknown = [
        f for f in told(rows("accident_rate", 2022, among_peers(5, TENS))) if f.claim == "unknown"
    ]
    access = next(f for f in unknown if "dostępność" in f.text)
    assert "Ewidencja zarządcy drogi" in access.detail
    assert len(unknown) == 3  # only quality speaks


def test_the_group_is_named_by_its_members_and_not_by_the_unit():
    cities = tuple(f"90{n}" for n in range(61, 71))
    values = {UNIT.code: 5.0} | dict(zip(cities, TENS, strict=True))
    mixed = {UNIT.code: 5.0} | dict(zip((*cities[:5], *PEERS[:5]), TENS, strict=True))
    for members, told in (
        (values, "z 10 porównywanych miast na prawach powiatu"),
        (mixed, "z 10 porównywanych powiatów i miast na prawach powiatu"),
    ):
        peers = tuple(code for code in members if code != UNIT.code)
        found = assessed([signed("lower")], [rows("accident_rate", 2022, members)], peers=peers)
        assert told in finding_text(found.findings[0]).replace("\xa0", " ")


def test_a_published_value_is_doubted_with_its_twin():
    main = signed("lower")
    twin = signed("lower").model_copy(update={"id": "twin", "twin_of": "accident_rate"})
    values = [
        rows("accident_rate", 2022, among_peers(5, TENS)),
        rows("twin", 2022, among_peers(5, TENS), qualifiers="small_denominator"),
    ]
    found = assessed([main, twin], values)
    assert claims(found.findings) == []
    assert found.indicators[0].position.standing == "unknown"


def test_the_first_screen_has_three_things_and_one_gap():
    entries = [
        signed("lower").model_copy(update={"id": f"rate_{n}", "short_name": f"Wypadki {n}"})
        for n in range(5)
    ]
    values = [rows(f"rate_{n}", 2022, among_peers(5, TENS)) for n in range(5)]
    screen = first_screen(told(*values, entries=entries))
    assert len(screen) == 3
    assert [f.claim for f in screen] == ["standing", "standing", "unknown"]
    assert len({f.indicator for f in screen}) == 3


def test_the_strongest_comes_first():
    entries = [
        signed("lower").model_copy(update={"id": name, "short_name": name})
        for name in ("weak", "strong")
    ]
    values = [
        rows("weak", 2022, among_peers(25, TENS)),
        rows("strong", 2022, among_peers(5, TENS)),
    ]
    found = [f for f in told(*values, entries=entries) if f.claim == "standing"]
    assert [f.indicator for f in found] == ["strong", "weak"]


def test_no_number_of_a_sentence_is_without_evidence():
    years = [rows("accident_rate", y, among_peers(2072 - y, TENS)) for y in range(2012, 2022)]
    found = told(rows("accident_rate", 2022, among_peers(5, TENS)), series=years)
    for finding in found:
        html = render_finding(finding)
        printed = read_numbers(html)
        assert {p.key for p in printed} == {n.key for n in finding.numbers.values()}
        bare = re.sub(r"<data.*?</data>", "", html).replace("\xa0", " ")
        bare = re.sub(r"<[^>]+>|na 1000 mieszk\.|\d{4} r\.|lata \d{4}–\d{4}", "", bare)
        assert not re.search(r"\d", bare), bare


def test_every_number_names_its_unit_and_group():
    (finding, *_) = told(rows("accident_rate", 2022, among_peers(5, TENS)))
    keys = {name: number.key for name, number in finding.numbers.items()}
    assert all(key.unit == UNIT.code for key in keys.values())
    assert keys["median"].group == "chosen:x"
    assert keys["value"].group == ""
