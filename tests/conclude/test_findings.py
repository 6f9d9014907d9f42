"""Findings: worth saying, in order, with their numbers; silence otherwise."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from smup_lib.catalogue.model import RareEvents
from smup_lib.conclude.findings import first_screen, list_findings, told_once
from smup_lib.conclude.silences import list_silences
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
    return [finding.claim for finding in findings]


def test_far_from_the_group_is_worth_saying():
    (finding, *_) = told(rows("accident_rate", 2022, among_peers(5, TENS)))
    assert (finding.claim, finding.mark, finding.confidence) == ("standing", "better", "medium")
    text = finding_text(finding).replace("\xa0", " ")
    assert text == (
        "Wypadki: mniej niż w każdym z 10 porównywanych powiatów – to korzystne."
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
    assert claims(found) == ["difference"]
    assert found[0].mark == "not_judged"
    assert "korzystn" not in finding_text(found[0])
    assert "Tej różnicy nie oceniamy" in found[0].text


@pytest.mark.parametrize(
    ("own", "peers", "changes"),
    [
        (95, TENS, {}),  # not at the edge
        (106, [*range(91, 101)], {}),  # at the edge, and 11 % of the median: told below
        (102, [*range(91, 101)], {}),  # at the edge by less than a tenth
        (500, TENS, {"role": "contextual", "service": None, "dimension": None}),
        (500, TENS, {"method": "amount"}),
    ],
)
def test_a_difference_is_told_only_at_the_edge_and_by_enough(own, peers, changes):
    entry = indicator().model_copy(update=changes)
    found = told(
        rows("accident_rate", 2022, among_peers(own, [*map(float, peers)])), entries=[entry]
    )
    assert claims(found) == (["difference"] if own == 106 else [])


def cost(**changes):
    fields = {
        "id": "unit_cost",
        "short_name": "Koszt",
        "dimension": "efficiency",
        "data_basis": "money_ratio",
        "polarity": {"judge": "two_sided"},
        "paired_with": ("accident_rate",),
    }
    return indicator(**(fields | changes))


def test_a_cost_is_a_question_on_both_sides_with_its_quality_beside():
    quality = rows("accident_rate", 2022, among_peers(52, TENS))
    for own, word in ((1, "mniej"), (200, "więcej")):
        values = rows("unit_cost", 2022, among_peers(own, TENS))
        (finding, *_) = told(values, quality, entries=[cost(), indicator()])
        assert (finding.claim, finding.mark) == ("cost", "not_judged")
        text = finding_text(finding).replace("\xa0", " ")
        assert f"{word} niż w każdym z 10" in text
        assert "to pytanie do wyjaśnienia" in text
        assert "obok: Wypadki 52,0 na 1000 mieszk. (mediana 55,0 na 1000 mieszk.)" in text
        assert finding.numbers["paired_0"].key.indicator == "accident_rate"
        assert "gospodarności" in finding.not_said


def test_a_cost_without_quality_or_access_beside_it_is_not_told():
    values = rows("unit_cost", 2022, among_peers(200, TENS))
    unknown = rows("accident_rate", 2022, among_peers(NAN, TENS))
    assert claims(told(values, unknown, entries=[cost(), indicator()])) == []
    assert claims(told(values, entries=[cost(paired_with=())])) == []


def test_finance_has_no_pairs_and_is_still_a_question():
    money = cost(role="finance", dimension=None, service=None, paired_with=())
    values = rows("unit_cost", 2022, among_peers(200, TENS))
    (finding, *_) = told(values, entries=[money])
    assert finding.claim == "cost"
    assert finding.not_said.endswith("są tak samo warte pytania.")


def test_a_trend_of_a_signed_indicator_is_worth_saying():
    years = [rows("accident_rate", y, among_peers(2072 - y, TENS)) for y in range(2012, 2022)]
    found = told(rows("accident_rate", 2022, among_peers(50, TENS)), series=years)
    assert claims(found) == ["trend"]
    trend = found[0]
    assert trend.mark == "better"
    assert trend.numbers["slope"].value == -1
    text = finding_text(trend).replace("\xa0", " ")
    assert "w latach 2012–2022 przeważa spadek" in text
    assert trend.numbers["slope_low"].value == trend.numbers["slope_high"].value == -1


@pytest.mark.parametrize(("few", "expected"), [(5, ["trend"]), (6, [])])
def test_no_direction_is_told_when_most_years_rest_on_few_cases(few, expected):
    years = [
        rows(
            "accident_rate",
            y,
            among_peers(2072 - y, TENS),
            qualifiers="small_denominator" if y < 2012 + few else "",
        )
        for y in range(2012, 2022)
    ]
    now = rows("accident_rate", 2022, among_peers(50, TENS))
    found = assessed([signed("lower")], [now], years)
    assert claims(found.findings) == expected
    if not expected:
        assert "na kilku przypadkach" in found.indicators[0].trend.reason


def test_a_trend_over_estimated_years_is_told_with_low_confidence():
    years = [
        rows("accident_rate", y, among_peers(2072 - y, TENS), qualifiers="estimated_weights")
        for y in range(2012, 2022)
    ]
    (trend, *_) = told(rows("accident_rate", 2022, among_peers(50, TENS)), series=years)
    assert trend.confidence == "low"
    assert "przeliczono szacunkowo" in trend.confidence_reason


def test_a_change_of_method_marked_in_the_data_cuts_the_trend():
    years = [
        rows(
            "accident_rate",
            y,
            among_peers(2072 - y, TENS),
            qualifiers="method_change" if y in (2019, 2020) else "",
        )
        for y in range(2012, 2022)
    ]
    found = assessed(
        [signed("lower")], [rows("accident_rate", 2022, among_peers(50, TENS))], years
    ).indicators[0]
    assert [b.year for b in found.breaks] == [2019]
    assert (found.trend.direction, found.trend.n) == ("unknown", 4)


def test_a_series_from_two_data_sets_says_where_the_second_begins():
    years = [
        rows("accident_rate", y, among_peers(50, TENS), source=f"bdl:P{y // 2020}@0000aaa{y % 10}")
        for y in (2018, 2019, 2020, 2021)
    ]
    now = rows("accident_rate", 2022, among_peers(50, TENS), source="bdl:P1@0000aaaf")
    assert assessed([signed("lower")], [now], years).indicators[0].source_changes == (2020,)


def test_a_value_from_a_handful_of_cases_is_not_judged():
    values = rows("accident_rate", 2022, among_peers(5, TENS), qualifiers="small_denominator")
    found = assessed([signed("lower")], [values])
    assert claims(found.findings) == ["too_small"]
    assert "bez ich dokładnej liczby nie wiadomo" in found.findings[0].text
    position = found.indicators[0].position
    assert (position.standing, position.rank, position.value) == ("unknown", None, 5)
    assert "małej liczbie" in (position.reason or "")


def test_a_rate_of_unknown_size_is_not_judged_unless_a_twin_has_the_counts():
    published = signed("lower").model_copy(update={"id": "published"})
    unknown = rows("published", 2022, among_peers(5, TENS), qualifiers="size_unknown")
    assert claims(assessed([published], [unknown]).findings) == []
    counted = {code: 100.0 * value for code, value in among_peers(5, TENS).items()}
    twin = signed("lower").model_copy(update={"id": "twin", "twin_of": "published"})
    known = rows("twin", 2022, counted, numerator=list(counted.values()), denominator=100_000.0)
    earlier = [rows("published", y, among_peers(5, TENS)) for y in (2019, 2020, 2021)]
    (finding, *_) = assessed([published, twin], [unknown, known], earlier).findings
    assert (finding.indicator, finding.confidence) == ("published", "high")
    assert "większa niż przypadkowa" in finding.confidence_reason


@pytest.mark.parametrize(
    ("cases", "mark"), [(1, "similar"), (10, "better")], ids=["few cases", "many cases"]
)
def test_what_chance_explains_is_not_called_better(cases, mark):
    counted = among_peers(5, TENS)
    values = rows(
        "accident_rate",
        2022,
        counted,
        numerator=[cases * value for value in counted.values()],
        denominator=1000.0 * cases,
    )
    values.loc[0, ["numerator", "denominator"]] = [50.0 * cases, 1000.0 * cases]
    values.loc[1:, "numerator"] = [cases * n for n in (58, 59, 60, 61, 62, 63, 64, 65, 66, 67)]
    found = assessed([signed("lower")], [values]).indicators[0]
    assert found.position.standing == mark


def counted_few(own_cases, base=100.0, group_rate=0.1):
    """Return accidents of a small unit among ten large peers with nearly the same rate."""
    values = rows("accident_rate", 2022, among_peers(1000 * own_cases / base, [0.0] * 10))
    peers = [group_rate * 100_000 * (1 + n / 200) for n in range(10)]
    values["numerator"] = [own_cases, *peers]
    values["denominator"] = [base, *([100_000.0] * 10)]
    values.loc[1:, "value"] = [peer / 100 for peer in peers]
    values.loc[0, "qualifiers"] = "small_denominator"
    return assessed([signed("lower")], [values])


def test_few_cases_are_judged_with_care_where_the_counts_bear_it():
    (finding, *_) = counted_few(1.0, base=300.0).findings  # 30 expected, one came
    assert (finding.mark, finding.confidence) == ("better", "medium")


def test_few_cases_that_chance_explains_are_similar():
    item = counted_few(27.0, base=300.0).indicators[0]
    assert item.position.standing == "similar"


def test_too_rare_events_are_not_judged_however_far_from_the_group():
    item = counted_few(5.0, base=20.0).indicators[0]  # two expected, five came, perhaps at once
    assert item.position.standing == "unknown"
    assert "małej liczbie" in item.position.reason


def test_contradictory_data_are_to_be_checked_at_the_source():
    values = rows("accident_rate", 2022, among_peers(NAN, TENS), qualifiers="impossible_value")
    (finding,) = told(values)
    assert (finding.claim, finding.mark) == ("odd", "not_judged")
    assert "przeczą sobie" in finding.text and "u źródła" in finding.text


def test_contradictory_data_are_not_called_missing():
    values = rows("accident_rate", 2022, among_peers(NAN, TENS), qualifiers="impossible_value")
    item = assessed([signed("lower")], [values]).indicators[0]
    assert item.status == "no_data"
    assert "przeczą sobie" in item.reason


def test_the_way_to_a_target_is_no_trend_to_praise_or_blame():
    entry = signed("target", target=60.0)
    years = [rows("accident_rate", y, among_peers(y - 1970, TENS)) for y in range(2012, 2022)]
    now = rows("accident_rate", 2022, among_peers(52, TENS))
    found = assessed([entry], [now], years)
    assert found.indicators[0].trend.direction == "rising"
    assert "trend" not in claims(found.findings)


def test_a_wave_is_told_with_low_confidence():
    wave = [(y, 50 - 0.6 * (y - 2007) - 2 * math.sin((y - 2007) / 2.5)) for y in range(2007, 2022)]
    years = [rows("accident_rate", y, among_peers(value, TENS)) for y, value in wave]
    found = told(rows("accident_rate", 2022, among_peers(41, TENS)), series=years)
    (trend,) = [finding for finding in found if finding.claim == "trend"]
    assert trend.confidence == "low"
    assert "podobne" in trend.confidence_reason


def test_a_gap_in_marked_years_is_no_second_change_of_method():
    years = [
        rows(
            "accident_rate",
            y,
            among_peers(50, TENS),
            qualifiers="method_change" if y > 2015 else "",
        )
        for y in (2013, 2014, 2015, 2016, 2017, 2019, 2020)
    ]
    item = assessed(
        [signed("lower")], [rows("accident_rate", 2022, among_peers(50, TENS))], years
    ).indicators[0]
    assert [found.year for found in item.breaks] == [2016]


def test_without_counts_a_rare_rate_is_judged_with_care():
    entry = signed("lower").model_copy(
        update={"rare_events": RareEvents(exposure="population", per=1000)}
    )
    now = rows("accident_rate", 2022, among_peers(5, TENS))
    (finding, *_) = told(now, entries=[entry])
    assert finding.confidence == "low"
    assert "wpływu przypadku nie sprawdzono" in finding.confidence_reason
    years = [rows("accident_rate", y, among_peers(5, TENS)) for y in (2019, 2020, 2021)]
    (finding, *_) = told(now, entries=[entry], series=years)
    assert finding.confidence == "medium"  # what lasts is hardly chance


def test_a_good_direction_does_not_hide_a_bad_place_of_the_same_indicator():
    years = [rows("accident_rate", y, among_peers(2112 - y, TENS)) for y in range(2012, 2022)]
    found = told(rows("accident_rate", 2022, among_peers(89, TENS)), series=years)
    by_strength = sorted(found, key=lambda f: f.claim == "standing")  # the trend first
    screen = first_screen(by_strength)
    assert [(f.claim, f.mark) for f in screen[:2]] == [("trend", "better"), ("standing", "worse")]


def test_the_only_bad_news_is_not_pushed_off_the_first_screen():
    entries = [
        signed("lower").model_copy(update={"id": f"rate_{n}", "short_name": f"Wypadki {n}"})
        for n in range(4)
    ]
    values = [rows(f"rate_{n}", 2022, among_peers(5, TENS)) for n in range(3)]
    values.append(rows("rate_3", 2022, among_peers(85, TENS)))
    screen = first_screen(told(*values, entries=entries))
    assert [finding.mark for finding in screen] == ["better", "worse", "better"]


def test_one_service_does_not_fill_the_first_screen_with_one_thing():
    entries = [
        signed("lower").model_copy(update={"id": f"rate_{n}", "short_name": f"Wypadki {n}"})
        for n in range(4)
    ]
    found = told(
        *(rows(f"rate_{n}", 2022, among_peers(5, TENS)) for n in range(4)), entries=entries
    )
    moved = [
        replace(finding, service="DRO-01" if n == 3 else "DRO-07")
        for n, finding in enumerate(found)
    ]
    screen = first_screen(moved)
    assert [finding.indicator for finding in screen] == ["rate_0", "rate_3", "rate_1"]


def test_a_silent_dimension_is_said_with_its_source():
    now = rows("accident_rate", 2022, among_peers(5, TENS))
    silences = {s.name: s.source for s in list_silences(assessed([signed("lower")], [now]))}
    assert set(silences) == {"ilość", "dostępność", "efektywność"}  # only quality speaks
    assert silences["dostępność"] == "Ewidencja zarządcy drogi."
    assert silences["ilość"] == "nie wskazano źródła"


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


def test_the_first_screen_has_three_different_things():
    entries = [
        signed("lower").model_copy(update={"id": f"rate_{n}", "short_name": f"Wypadki {n}"})
        for n in range(5)
    ]
    values = [rows(f"rate_{n}", 2022, among_peers(5, TENS)) for n in range(5)]
    screen = first_screen(told(*values, entries=entries))
    assert len({f.indicator for f in screen}) == len(screen) == 3


def test_the_same_numbers_under_two_names_are_told_once():
    entries = [
        signed("lower").model_copy(update={"id": name, "short_name": name})
        for name in ("capital", "investment", "other")
    ]
    own = {"capital": 5.0, "investment": 5.0, "other": 6.0}
    values = [rows(name, 2022, among_peers(value, TENS)) for name, value in own.items()]
    found = told(*values, entries=entries)
    assert [f.indicator for f in told_once(found)] == ["capital", "other"]
    assert len(found) == 3


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
        bare = re.sub(r"<[^>]+>|na 1000 mieszk\.|\d{4} r\.|\d{4}–\d{4}", "", bare)
        assert not re.search(r"\d", bare), bare


def test_every_number_names_its_unit_and_group():
    (finding, *_) = told(rows("accident_rate", 2022, among_peers(5, TENS)))
    keys = {name: number.key for name, number in finding.numbers.items()}
    assert all(key.unit == UNIT.code for key in keys.values())
    assert keys["median"].group == "chosen:x"
    assert keys["value"].group == ""


# -- how sure -----------------------------------------------------------------------------------


def measured(**changes):
    """Return an indicator that is no count of cases, so that nobody asks for counts."""
    return signed("lower").model_copy(update={"data_basis": "index", **changes})


def standing_after(earlier, *, own=5.0, peers=TENS, **values):
    """Return the finding of 2022 after years with these values of the unit."""
    years = [
        rows("accident_rate", 2022 - len(earlier) + n, among_peers(value, TENS))
        for n, value in enumerate(earlier)
    ]
    found = told(
        rows("accident_rate", 2022, among_peers(own, peers), **values),
        entries=[measured()],
        series=years,
    )
    return next(finding for finding in found if finding.claim == "standing")


@pytest.mark.parametrize(
    ("earlier", "word", "why"),
    [
        ([6, 4], "medium", "za mało wcześniejszych lat"),
        ([6, 4, 7], "high", "także w {years_agreeing} z {years_tried} wcześniejszych lat z danymi"),
        ([99, 99, 6, 4, 7, 5, 8], "high", "{years_agreeing}"),  # five years are asked, not seven
        ([6, 99, 4, 7, 5], "high", "{years_agreeing}"),
        ([6, 99, 4, 99, 5], "medium", "także w {years_agreeing}"),
        ([6, 99, 99, 99, 5], "low", "ale tylko w {years_agreeing}"),
        ([6, NAN, 4, NAN, 5], "high", "{years_agreeing}"),
    ],
)
def test_only_what_lasts_is_said_with_high_confidence(earlier, word, why):
    finding = standing_after(earlier)
    assert finding.confidence == word
    assert why in finding.confidence_reason


def test_years_before_a_break_bear_no_witness():
    years = [
        rows("accident_rate", y, among_peers(5, TENS), qualifiers="method_change" * (y >= 2021))
        for y in range(2016, 2022)
    ]
    now = rows("accident_rate", 2022, among_peers(5, TENS), qualifiers="method_change")
    assert assessed([signed("lower")], [now], years).indicators[0].persistence.years == (2021,)


@pytest.mark.parametrize(("known", "word"), [(10, "high"), (8, "high")])
def test_a_covered_group_is_a_yardstick(known, word):
    peers = [*TENS[:known], *([NAN] * (10 - known))]
    finding = standing_after([5, 5, 5], peers=peers)
    assert (finding.confidence, "n_group" in finding.numbers) == (word, False)


def test_a_group_with_many_gaps_says_how_many_have_a_value():
    entries, codes = [measured()], [f"91{n:02}" for n in range(24)]
    for known, word in ((16, "medium"), (11, "low")):
        numbers = dict(zip(codes, [*map(float, range(10, 10 + known)), *[NAN] * 24], strict=False))
        now = rows("accident_rate", 2022, {UNIT.code: 5.0} | numbers)
        years = [rows("accident_rate", y, {UNIT.code: 5.0} | numbers) for y in (2019, 2020, 2021)]
        (finding, *_) = assessed(entries, [now], years, peers=tuple(codes)).findings
        assert finding.confidence == word
        assert "dane ma tylko {n_used} z {n_group} jednostek grupy" in finding.confidence_reason
        assert finding.numbers["n_used"].value == known


@pytest.mark.parametrize(
    ("doubt", "word", "why"),
    [
        ({"mixed": True}, "low", "różne rodzaje"),
        ({"poor_match": True}, "medium", "słabo dopasowane"),
        ({"unknown_match": True}, "medium", "nie wiadomo, jak podobna"),
    ],
)
def test_a_group_that_is_not_like_the_unit_lowers_the_confidence(doubt, word, why):
    years = [rows("accident_rate", y, among_peers(5, TENS)) for y in (2019, 2020, 2021)]
    now = rows("accident_rate", 2022, among_peers(5, TENS))
    (finding, *_) = assessed([measured()], [now], years, doubts=doubt).findings
    assert finding.confidence == word
    assert why in finding.confidence_reason


def test_of_many_directions_some_come_by_chance():
    """Five rising years have p = 0.017: alone a trend, one of ten tested perhaps a chance."""
    entries = [
        signed("lower").model_copy(update={"id": f"rate_{n}", "short_name": f"Wskaźnik {n}"})
        for n in range(10)
    ]
    flat = [50.0, 52, 49, 51, 50]

    def of(tested):
        wave = {y: [52.0, 51, 50, 49, 48][y - 2018] for y in range(2018, 2023)}
        years = [
            rows(entry.id, y, among_peers(wave[y] if entry is entries[0] else flat[y - 2018], TENS))
            for entry in tested
            for y in range(2018, 2023)
        ]
        now = [frame for frame in years if (frame["year"] == 2022).all()]
        before = [frame for frame in years if (frame["year"] < 2022).all()]
        (trend,) = (f for f in assessed(list(tested), now, before).findings if f.claim == "trend")
        return trend

    alone, among_ten = of(entries[:1]), of(entries)
    assert (alone.confidence, among_ten.confidence) == ("medium", "low")
    assert among_ten.numbers["tested"].value == 10
    assert "tested" not in alone.numbers


# -- odd values ---------------------------------------------------------------------------------


def test_a_slipped_digit_is_odd_beside_the_other_years():
    own = [52.0, 53, 51, 54, 52, 53, 55, 54]
    years = [rows("accident_rate", 2014 + n, among_peers(v, TENS)) for n, v in enumerate(own)]
    now = rows("accident_rate", 2022, among_peers(530, TENS))
    (finding, *_) = told(now, entries=[indicator()], series=years)
    assert finding.claim == "odd"
    assert "od większości wcześniejszych lat tej jednostki" in finding.text
    assert finding.numbers["usual"].value == 53


def test_a_value_after_years_of_zero_is_called_so():
    own = [0.0, 0, 0, 0, 0, 0.5, 0.5, 0.5]
    years = [rows("accident_rate", 2014 + n, among_peers(v, TENS)) for n, v in enumerate(own)]
    (finding, *_) = told(
        rows("accident_rate", 2022, among_peers(50, TENS)), entries=[indicator()], series=years
    )
    assert finding.claim == "odd" and "po latach zera" in finding.text
    assert finding.numbers["usual"].value == 0


def test_a_series_that_grows_is_not_odd():
    years = [rows("accident_rate", 2006 + n, among_peers(10 + 3 * n, TENS)) for n in range(16)]
    found = told(
        rows("accident_rate", 2022, among_peers(60, TENS)), entries=[indicator()], series=years
    )
    assert claims(found) == []


SLIPPED = [52.0, 53, 51, 54, 52, 53, 55, 54]


@pytest.mark.parametrize(
    ("now", "before", "odd"),
    [({}, {}, True), ({"qualifiers": "small_denominator"}, {}, False)],
    ids=["a slip", "few cases"],
)
def test_few_cases_jump_about_without_an_error(now, before, odd):
    years = [rows("accident_rate", 2014 + n, among_peers(v, TENS)) for n, v in enumerate(SLIPPED)]
    item = assessed(
        [indicator()], [rows("accident_rate", 2022, among_peers(530, TENS), **now)], years
    )
    assert item.indicators[0].odd is odd


def test_years_before_a_break_are_no_yardstick():
    """Level 6 before a change of method and 60 after it: nothing slipped."""
    years = [
        rows(
            "accident_rate",
            y,
            among_peers(6 + y % 2 if y < 2019 else 60 + y % 2, TENS),
            qualifiers="method_change" * (y >= 2019),
        )
        for y in range(2005, 2022)
    ]
    now = rows("accident_rate", 2022, among_peers(60, TENS), qualifiers="method_change")
    assert not assessed([indicator()], [now], years).indicators[0].odd


def test_a_later_year_does_not_make_a_value_odd():
    years = [rows("accident_rate", 2023 + n, among_peers(v, TENS)) for n, v in enumerate(SLIPPED)]
    now = rows("accident_rate", 2022, among_peers(530, TENS))
    assert not assessed([indicator()], [now], years).indicators[0].odd


def test_a_target_is_spoken_of_correctly():
    (finding, *_) = told(
        rows("accident_rate", 2022, among_peers(500, TENS)), entries=[signed("target", target=50.0)]
    )
    assert "dalej od wartości docelowej niż w każdym z {n} porównywanych" in finding.text
    assert "wartość docelowa 50,0" in finding_text(finding)


#: Peers on both sides of a target of 50: their median is 50, their usual distance to it 20.
AROUND = [10.0, 20, 30, 40, 45, 55, 60, 70, 80, 90]


def around_target(own, **more):
    """Return the unit beside peers around a target; before, it stood now above, now below it."""
    entry = signed("target", target=50.0).model_copy(update={"data_basis": "mean", **more})
    years = [
        rows(entry.id, year, among_peers(50 + (own - 50) * (-1) ** year, AROUND))
        for year in range(2017, 2022)
    ]
    return assessed([entry], [rows(entry.id, 2022, among_peers(own, AROUND))], years)


def test_a_verdict_by_a_target_is_sure_by_the_distance_and_not_by_the_side():
    """Values on either side of a target are equally good: groups and years are asked for that."""
    for own in (48.0, 52.0):
        assessment = around_target(own)
        (item,) = assessment.indicators
        (finding,) = assessment.findings
        assert (item.position.standing, item.position.distance_side) == ("better", "below")
        assert (item.robustness.share, item.persistence.share) == (1.0, 1.0)
        assert (finding.mark, finding.confidence) == ("better", "high")
        text = finding_text(finding).replace("\xa0", " ")
        assert text.startswith("Wypadki: bliżej wartości docelowej niż w każdym z 10 porównywanych")
        assert "mediany odległości od celu w {agreeing}" in finding.confidence_reason


def test_farther_from_a_target_is_counted_and_not_held_against_the_median():
    assessment = around_target(12.0)
    (finding,) = assessment.findings
    text = finding_text(finding).replace("\xa0", " ")
    assert text.startswith("Wypadki: dalej od wartości docelowej niż w 8 z 10 porównywanych")
    assert finding.numbers["count"].key.statistic == "target_nearer"
    assert assessment.indicators[0].position.distance_gap == 18.0


def test_a_gap_to_the_target_smaller_than_one_that_matters_is_no_verdict():
    assert around_target(48.0, minimum_gap=18.0).indicators[0].position.standing == "better"
    assert around_target(48.0, minimum_gap=18.5).indicators[0].position.standing == "similar"


def test_counts_must_bear_out_that_a_value_is_nearer_to_its_target():
    """The difference from the group is no chance, yet the whole interval is not nearer to 50."""

    def counted(own, of, groups):
        values = among_peers(own, groups)
        bases = [of] + [100_000.0] * 10
        parts = [value / 1000 * base for value, base in zip(values.values(), bases, strict=True)]
        return rows("accident_rate", 2022, values, numerator=parts, denominator=bases)

    entry = signed("target", target=50.0).model_copy(update={"minimum_gap": 1.0})
    entry = entry.model_copy(update={"data_basis": "count_ratio"})
    peers = [20.0, 22, 24, 26, 28, 72, 74, 76, 78, 130]
    sure, unsure = (
        assessed([entry], [counted(own, of, peers)]).indicators[0]
        for own, of in ((50.0, 100_000.0), (46.0, 3_000.0))
    )
    assert sure.position.standing == "better"
    assert unsure.position.standing == "similar" and unsure.position.reason


def of_gminy(assessment):
    """Return the area with its service said to be a task of gminy, as its data of a powiat."""
    (service,) = assessment.area.services
    shared = service.model_copy(update={"levels": ("gmina", "powiat"), "task_of": ("gmina",)})
    return assessment.area.model_copy(update={"services": (shared,)})


def test_a_task_of_gminy_is_not_told_as_the_powiats_own():
    values = rows("accident_rate", 2022, among_peers(5, TENS))
    of_powiat = assessed([signed("lower")], [values])
    whole = replace(of_powiat, area=of_gminy(of_powiat))
    (finding, *_) = list_findings(whole)
    assert finding.text.startswith("Wypadki (na obszarze powiatu, zadanie gmin): mniej")
    city = replace(whole, unit=replace(whole.unit, kind="city_with_powiat_rights"))
    assert list_findings(city)[0].text.startswith("Wypadki: mniej")


def test_the_units_own_services_say_first_where_to_look():
    found = assessed([signed("lower")], [rows("accident_rate", 2022, among_peers(NAN, TENS))])
    (gap,) = found.gaps
    foreign = of_gminy(found).services[0].model_copy(update={"code": "DRO-03"})
    of_others = replace(gap, service="DRO-03", gap=gap.gap.model_copy(update={"source": "Gmina."}))
    area = found.area.model_copy(update={"services": (foreign, *found.area.services)})
    both = replace(found, area=area, gaps=(of_others, gap))
    sources = {silence.name: silence.source for silence in list_silences(both)}
    assert sources["dostępność"] == "Ewidencja zarządcy drogi."
    alone = list_silences(replace(both, gaps=(of_others,)))
    assert "Gmina." in [silence.source for silence in alone]


# -- too small to tell --------------------------------------------------------------------------


def small_town(own, group=130.0):
    """Return accidents of a town of 3 000 among ten large peers."""
    values = rows("accident_rate", 2022, among_peers(own / 3, [group / 10] * 10))
    values["numerator"], values["denominator"] = [own, *[group * 10] * 10], [3000.0, *[1e5] * 10]
    values.loc[1:, "value"] = [group / 10 + n / 50 for n in range(10)]
    return assessed([signed("lower")], [values])


def test_a_place_that_chance_explains_says_how_large_a_change_would_show():
    area = small_town(50.0)  # 39 expected: the worst place, and within chance
    (finding,) = area.findings
    assert (finding.claim, finding.mark, finding.kept) == ("too_small", "not_judged", False)
    assert finding.numbers["change"].value == pytest.approx(1.96 * math.sqrt(100) / 3, rel=1e-3)
    text = finding_text(finding)
    assert "różnica może być przypadkowa, więc jej nie oceniamy" in text
    assert "dopiero zmiana o" in text and "to mniej korzystne" not in text
    assert "pewność" not in render_finding(finding)


def test_a_place_in_the_middle_owes_no_explanation():
    assert small_town(39.5).findings == ()


# -- cost and what stands beside it -------------------------------------------------------------


@pytest.mark.parametrize(
    ("own_cost", "own_quality", "said", "order"),
    [
        (200, 95, "Obok: Wypadki mniej korzystnie niż w grupie.", 2),
        (200, 5, "Obok: Wypadki korzystniej niż w grupie.", 1),
        (1, 95, "Obok: Wypadki mniej korzystnie niż w grupie.", 2),
        (1, 52, "Obok: Wypadki podobnie jak w grupie.", 1),
    ],
)
def test_a_cost_says_whether_what_it_buys_is_better_equal_or_worse(
    own_cost, own_quality, said, order
):
    quality = rows("accident_rate", 2022, among_peers(own_quality, TENS))
    values = rows("unit_cost", 2022, among_peers(own_cost, TENS))
    found = told(values, quality, entries=[cost(), signed("lower")])
    (question,) = (finding for finding in found if finding.claim == "cost")
    assert said in question.text and "oszczędn" not in question.text
    # dear or cheap without a better quality is worth more of a question
    assert question.strength == pytest.approx({2: 0.9, 1: 0.6}[order] * 0.75)


def test_a_finding_names_its_group_and_its_service():
    (finding, *_) = told(rows("accident_rate", 2022, among_peers(5, TENS)))
    assert (finding.group, finding.service, finding.kept) == ("chosen:x", "DRO-07", None)


def test_a_direction_smaller_than_what_matters_is_not_told():
    years = [
        rows("accident_rate", y, among_peers(50 + (y - 2012) / 20, TENS)) for y in range(2012, 2022)
    ]
    now = rows("accident_rate", 2022, among_peers(50.5, TENS))
    for smallest, expected in ((5.0, []), (0.4, ["trend"])):
        entry = signed("lower").model_copy(update={"minimum_gap": smallest})
        assert claims(told(now, entries=[entry], series=years)) == expected


@pytest.mark.parametrize(
    ("own", "before", "odd"),
    [(1e12, [], True), (1e12, [1e12] * 3, False), (150.0, [], False)],
    ids=["beyond all", "usual here", "large"],
)
def test_a_value_beyond_every_peer_is_doubted_and_not_judged(own, before, odd):
    years = [rows("accident_rate", 2019 + n, among_peers(v, TENS)) for n, v in enumerate(before)]
    now = rows("accident_rate", 2022, among_peers(own, TENS))
    found = assessed([signed("lower")], [now], years)
    (item,) = found.indicators
    assert item.odd is odd
    assert (item.position.standing == "worse") is not odd
    assert [f.claim for f in found.findings][:1] == ["odd" if odd else "standing"]
    if odd:
        assert "niż w każdej porównywanej jednostce" in found.findings[0].text
        assert found.findings[0].numbers["usual"].key.statistic == "median"
