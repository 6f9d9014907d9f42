"""Each rule of the claim checker on small drawn tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from smup_lib.conclude.claim_check import check_claim
from smup_lib.conclude.claim_data import ClaimData
from smup_lib.conclude.claims import Claim
from smup_lib.present.verdicts import verdict_facts, verdict_text
from tests.conclude.builders import PEERS, UNIT, among_peers, assessed, rows
from tests.indicators.builders import indicator

NAN = float("nan")
TENS = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]
RATE = "accident_rate"


def lower(**changes: Any) -> Any:
    """Return an indicator of which less is better by two signatures; no counts."""
    polarity = {"direction": "lower", "reason": "Tekst próbny.", "signed_by": ("a", "b")}
    return indicator(**{"polarity": polarity, "data_basis": "mean", **changes})


def table(own: float, peers: list[float] = TENS, usual: float | None = None) -> list[pd.DataFrame]:
    """Return the year of the claim, and ten earlier years in which the unit had its usual value."""
    before = own if usual is None else usual
    return [
        rows(RATE, 2022, among_peers(own, peers)),
        *(rows(RATE, y, among_peers(before + y % 3 / 10, peers)) for y in range(2012, 2022)),
    ]


def laid_out(frames: list[pd.DataFrame], entries: list[Any] | None = None, **doubts: Any):
    entries = entries or [lower()]
    assessment = assessed(entries, frames[:1], frames[1:], doubts=doubts)
    claim = Claim(unit=UNIT.code, indicator=entries[0].id, year=2022, says="higher")
    return ClaimData(claim, assessment, pd.concat(frames, ignore_index=True))


def judged(data: ClaimData, says: str, **said: Any):
    claim = Claim(unit=UNIT.code, indicator=data.claim.indicator, year=2022, says=says, **said)  # type: ignore[arg-type]
    other = replace(UNIT, code=claim.other, short_label="inny") if claim.other else None
    return check_claim(ClaimData(claim, data.assessment, data.rows, other))


def test_a_clear_difference_is_told_with_its_numbers_method_and_limits():
    verdict = judged(laid_out(table(5)), "lower")
    assert verdict.outcome == "supported"
    assert {name: verdict.numbers[name].value for name in ("value", "median")} == {
        "value": 5,
        "median": 55,
    }
    assert str(verdict.numbers["median"].key).endswith("statistic=median;group=chosen:x")
    assert "M12" in verdict.methods and "dlaczego" in verdict.not_said
    text = verdict_text(verdict).replace("\xa0", " ")
    assert text.startswith(
        "POTWIERDZONY: Wartość 5,0 na 1000 mieszk. jest niższa niż mediana grupy: 55,0"
    )


def test_equal_as_printed_is_neither_higher_nor_lower():
    data = laid_out(table(55.04))
    assert {judged(data, says).outcome for says in ("higher", "lower")} == {"contradicted"}
    assert judged(data, "equal").outcome == "supported"
    shared = laid_out(table(100.04))
    assert judged(shared, "highest").outcome == "contradicted"


def test_hidden_digits_leave_a_claim_open():
    coarse = [f.assign(decimals=0, provenance="published") for f in table(55.3)]
    assert judged(laid_out(coarse), "higher").outcome == "undecidable"
    assert judged(laid_out(coarse), "lower").outcome == "undecidable"
    assert judged(laid_out(table(55.3)), "higher", strength="low").outcome == "supported"


def test_words_may_not_be_stronger_than_the_data():
    once = laid_out(table(5)[:1])  # no earlier year confirms it
    assert judged(once, "lower", strength="medium").outcome == "supported"
    strong = judged(once, "lower", strength="high")
    assert strong.outcome == "undecidable"
    assert "mocne słowa" in strong.text and "medium" in strong.next_step


def test_nothing_is_better_without_a_signed_direction():
    data = laid_out(table(5), [indicator(data_basis="mean")])
    for says in ("better", "worse", "best_quarter", "improving"):
        said = {"since": 2015} if says == "improving" else {}
        verdict = judged(data, says, **said)
        assert verdict.outcome == "undecidable" and "kierunku" in verdict.text
    assert judged(data, "lower").outcome == "supported"


def test_better_needs_more_than_a_side():
    assert judged(laid_out(table(5)), "better").outcome == "supported"
    middle = judged(laid_out(table(52)), "better")
    assert middle.outcome == "contradicted" and "podobnie" in middle.text
    assert judged(laid_out(table(95)), "better").outcome == "contradicted"


def test_chance_leaves_a_claim_open_on_the_right_side_and_refutes_the_other():
    entry = lower(data_basis="count_ratio")
    frames = [
        rows(
            RATE,
            2022,
            among_peers(30.0, [32.0, 33, 34, 35, 36, 37, 38, 39, 40, 41]),
            numerator=[30.0, *range(320, 420, 10)],
            denominator=[1000.0] + [10_000.0] * 10,
        )
    ]
    data = laid_out(frames, [entry])
    open_one = judged(data, "lower", strength="low")
    assert open_one.outcome == "undecidable" and "przypad" in open_one.text
    assert open_one.methods == ("M4a",)
    assert judged(data, "higher", strength="low").outcome == "contradicted"


def test_a_cost_is_never_told_alone():
    cost = indicator(
        id="cost", data_basis="money_ratio", dimension="efficiency", paired_with=("quality",)
    )
    quality = lower(id="quality")
    frames = [
        pd.concat(
            [
                rows("cost", 2022, among_peers(95, TENS)),
                rows("quality", 2022, among_peers(15, TENS)),
            ]
        )
    ]
    beside = judged(laid_out(frames, [cost, quality]), "higher", strength="low")
    assert beside.outcome == "supported"
    assert beside.numbers["paired_0"].key.indicator == "quality"
    assert "obok kosztu" in beside.detail and "jakością" in beside.not_said
    alone = judged(laid_out([rows("cost", 2022, among_peers(95, TENS))], [cost]), "higher")
    assert alone.outcome == "undecidable" and "sam koszt" in alone.text


def test_an_odd_value_supports_nothing_until_its_source_was_seen():
    # ten times its usual size
    data = laid_out(table(60, usual=6))
    assert data.item.odd
    for said in (
        {"says": "higher"},
        {"says": "rose_by", "than": "year", "since": 2021, "size": 1.0},
    ):
        verdict = judged(data, **said)
        assert verdict.outcome == "undecidable"
        assert verdict.methods == ("M8",) and "u źródła" in verdict.next_step


def test_years_are_joined_only_where_they_may_be():
    frames = table(5)
    marked = [
        f.assign(qualifiers="method_change") if f["year"].iloc[0] >= 2019 else f for f in frames
    ]
    data = laid_out(marked)
    across = judged(data, "lower", than="year", since=2016)
    assert across.outcome == "undecidable" and "2019 r." in across.text
    assert judged(data, "rising", since=2016).outcome == "undecidable"
    never = laid_out(table(5), [lower(across_years=False)])
    assert judged(never, "falling", since=2016).outcome == "undecidable"
    missing = judged(laid_out(table(5)), "falling", since=2010)
    assert missing.outcome == "undecidable" and "2010 r." in missing.text


def test_a_direction_is_supported_refuted_or_left_open():
    def series(own: list[float]) -> ClaimData:
        years = range(2022, 2022 - len(own), -1)
        return laid_out(
            [rows(RATE, y, among_peers(v, TENS)) for y, v in zip(years, own, strict=True)]
        )

    rising = series([30.0, 28, 26, 24, 22, 20, 18, 16])
    assert judged(rising, "rising", since=2015).outcome == "supported"
    assert judged(rising, "worsening", since=2015).outcome == "supported"
    assert judged(rising, "falling", since=2015).outcome == "contradicted"
    assert judged(rising, "steady", since=2015).outcome == "contradicted"
    wavering = series([22.0, 28, 20, 27, 18, 29, 24, 20])
    assert judged(wavering, "rising", since=2015).outcome == "undecidable"
    assert judged(wavering, "falling", since=2015).outcome == "contradicted"
    steady = judged(wavering, "steady", since=2015)
    assert steady.outcome == "supported" and "nie dowodzi" in steady.not_said
    short = judged(series([22.0, 20, 18]), "rising", since=2020)
    assert short.outcome == "undecidable" and "za mało lat" in short.text


def test_a_number_is_compared_with_the_record_of_the_year():
    data = laid_out(table(5))
    assert judged(data, "at_most", than="number", number=5).outcome == "supported"
    assert judged(data, "at_least", than="number", number=5.1).outcome == "contradicted"
    # one digit is printed; a number with two is held against two
    assert judged(data, "lower", than="number", number=5.04).outcome == "supported"
    for says in ("equal", "at_least"):
        finer = judged(data, says, than="number", number=5.04)
        assert finer.outcome == "contradicted" and "5,00\xa0" in verdict_text(finer)
    printed = laid_out(table(5.04))
    assert judged(printed, "equal", than="number", number=5).outcome == "supported"
    coarse = laid_out([f.assign(provenance="published") for f in table(5)])
    assert judged(coarse, "at_least", than="number", number=5.04).outcome == "undecidable"
    lacking = judged(data, "at_most", than="target")
    assert lacking.outcome == "undecidable" and "number" in lacking.next_step


def test_two_units_are_compared_by_their_counts():
    entry = lower(data_basis="count_ratio")
    frames = [
        rows(
            RATE,
            2022,
            among_peers(20.0, [40.0, 21, 34, 35, 36, 37, 38, 39, 40, 41]),
            numerator=[200.0, 400, 210, *([350.0] * 8)],
            denominator=10_000.0,
        )
    ]
    data = laid_out(frames, [entry])
    far = judged(data, "lower", than="unit", other=PEERS[0])
    near = judged(data, "lower", than="unit", other=PEERS[1])
    assert (far.outcome, far.confidence) == ("supported", "high")
    assert near.outcome == "undecidable" and near.numbers["visible"].value > 1
    assert judged(data, "higher", than="unit", other=PEERS[1]).outcome == "contradicted"
    assert judged(data, "better", than="unit", other=PEERS[0]).outcome == "supported"
    assert judged(data, "worse", than="unit", other=PEERS[0]).outcome == "contradicted"


def test_a_change_is_as_large_as_its_unrounded_values_say():
    frames = [rows(RATE, y, among_peers(own, TENS)) for y, own in ((2022, 80.0), (2021, 200 / 3))]
    data = laid_out(frames)
    fifth = judged(data, "rose_by", since=2021, size=20.0, percent=True)
    assert fifth.outcome == "supported"  # of the printed 66.7 it would be a hair too little
    more = judged(data, "rose_by", since=2021, size=21.0, percent=True)
    assert more.outcome == "contradicted"
    frames = [rows(RATE, y, among_peers(own, TENS)) for y, own in ((2022, 4.35), (2021, 2.44))]
    printed_only = judged(laid_out(frames), "rose_by", since=2021, size=2.0)
    assert printed_only.outcome == "undecidable" and "1,91" in verdict_text(printed_only)


def test_a_rate_of_a_few_cases_is_no_better_than_another():
    entry = lower(data_basis="count_ratio")
    counts = {"numerator": [2.0, 40, *([35.0] * 9)], "denominator": 10_000.0}
    frames = [rows(RATE, 2022, among_peers(0.2, [4.0] + [3.5] * 9), **counts)]
    sure = judged(laid_out(frames, [entry]), "better", than="unit", other=PEERS[0])
    assert sure.outcome == "supported"
    few = [f.assign(qualifiers=["small_denominator"] + [""] * 10) for f in frames]
    verdict = judged(laid_out(few, [entry]), "better", than="unit", other=PEERS[0])
    assert verdict.outcome == "undecidable"
    assert "opiera się wartość powiatu próbnego" in verdict.text


@pytest.mark.parametrize(("base", "outcome"), [(10_000.0, "supported"), (1000.0, "undecidable")])
def test_no_cases_at_all_are_weighed_alike_beside_a_unit_and_beside_the_group(base, outcome):
    """None where 40 are usual is lower than anybody; none where four are usual may be chance."""
    entry = lower(data_basis="count_ratio", method="rate")
    others = [4.0 * base / 1000] * 10
    frame = rows(
        RATE, 2022, among_peers(0.0, [4.0] * 10),
        numerator=[0.0, *others], denominator=base,
        qualifiers=["small_denominator"] + [""] * 10,
    )  # fmt: skip
    data = laid_out([frame], [entry])
    beside = judged(data, "lower", than="unit", other=PEERS[0], strength="low")
    among = judged(data, "lower", strength="low")
    assert (beside.outcome, among.outcome) == (outcome, outcome)
    whose = "małej liczbie przypadków opiera się wartość powiatu próbnego"
    assert (whose in beside.text) == (outcome == "undecidable")
    assert beside.confidence in ("medium", "not_assessable")  # never high on a few cases


def test_the_percent_that_was_reached_stands_beside_the_one_that_is_claimed():
    frames = [rows(RATE, y, among_peers(v, TENS)) for y, v in ((2022, 8.0), (2017, 10.0))]
    for size, outcome in ((15, "supported"), (30, "contradicted")):
        verdict = judged(laid_out(frames), "fell_by", since=2017, size=size, percent=True)
        assert verdict.outcome == outcome
        assert verdict.numbers["percent"].value == pytest.approx(-20)
        assert "20,0%" in verdict_text(verdict).replace("\xa0", "")
    plain = judged(laid_out(frames), "fell_by", since=2017, size=1)
    assert "percent" not in plain.numbers


def test_a_place_in_a_group_that_is_too_small_asks_for_another_group():
    assessment = assessed([lower()], [rows(RATE, 2022, among_peers(5, TENS))], peers=PEERS[:1])
    claim = Claim(unit=UNIT.code, indicator=RATE, year=2022, says="rank", place=1)
    frame = rows(RATE, 2022, among_peers(5, TENS))
    verdict = check_claim(ClaimData(claim, assessment, frame))
    assert verdict.outcome == "undecidable"
    assert "wybierz grupę" in verdict.next_step
    assert "sumę z kilku lat" not in verdict.next_step


def test_higher_than_the_target_of_the_catalogue_is_a_claim_like_any_other():
    aim = {"direction": "target", "target": 50.0, "reason": "Próba.", "signed_by": ("a", "b")}
    data = laid_out(table(60), [lower(polarity=aim)])
    assert judged(data, "higher", than="target").outcome == "supported"
    assert judged(data, "lower", than="target").outcome == "contradicted"
    without = judged(laid_out(table(60)), "higher", than="target")
    assert without.outcome == "undecidable" and "wartości docelowej" in without.text


def test_what_chance_explains_is_no_proof_of_likeness():
    entry = lower(data_basis="count_ratio")
    counts = {"numerator": [28.0, *([35.0] * 10)], "denominator": 10_000.0}
    frames = [rows(RATE, 2022, among_peers(2.8, [3.0, *([3.5] * 8), 4.0]), **counts)]
    data = laid_out(frames, [entry])
    assert judged(data, "similar", strength="medium").outcome == "undecidable"
    assert judged(data, "similar", strength="low").outcome == "supported"


def test_a_unit_without_a_value_is_undecidable():
    gap = laid_out([rows(RATE, 2022, among_peers(NAN, TENS)), *table(5)[1:]])
    verdict = judged(gap, "equal", than="number", number=0.0)
    assert verdict.outcome == "undecidable" and verdict.next_step
    lacking = laid_out([rows(RATE, 2022, among_peers(5, [NAN, *TENS[1:]]))])
    other = judged(lacking, "lower", than="unit", other=PEERS[0])
    assert other.outcome == "undecidable"
    assert other.text.startswith("W powiecie próbnym nie ma tej wartości za 2022 r.")


@pytest.mark.parametrize(
    ("own", "peers"),
    [(5.0, [5.0] * 10), (5.0, [NAN] * 10), (5.0, [5.0] * 9 + [1e12]), (0.0, [0.0] * 10)],
)
def test_poor_groups_support_no_difference(own, peers):
    data = laid_out([rows(RATE, 2022, among_peers(own, peers))])
    for says in ("higher", "lower", "better", "worse", "highest", "best_quarter", "worst_quarter"):
        assert judged(data, says, strength="low").outcome != "supported", says


def test_a_small_group_gives_no_place():
    data = laid_out(table(5, TENS[:2] + [NAN] * 8))
    assert {judged(data, s).outcome for s in ("best_quarter", "better", "lower")} == {"undecidable"}


def test_nobody_is_extreme_in_a_group_of_one_or_two():
    data = laid_out(table(5, TENS[:2] + [NAN] * 8))
    verdicts = [judged(data, says, strength="low") for says in ("highest", "lowest")]
    assert {verdict.outcome for verdict in verdicts} == {"undecidable"}
    assert all(verdict.numbers["n"].value == 2 for verdict in verdicts)


def test_a_cause_is_never_decided():
    verdict = judged(laid_out(table(5)), "caused", cause="nowe oświetlenie", strength="low")
    assert verdict.outcome == "undecidable" and "nie dlaczego" in verdict.text
    assert not verdict.numbers


def test_a_twin_that_says_the_opposite_leaves_a_claim_open():
    twin = lower(id="computed", twin_of=RATE)
    frames = [
        pd.concat(
            [rows(RATE, 2022, among_peers(60, TENS)), rows("computed", 2022, among_peers(40, TENS))]
        )
    ]
    data = laid_out(frames, [lower(), twin])
    verdict = judged(data, "higher", strength="low")
    assert verdict.outcome == "undecidable" and "innego źródła" in verdict.text
    assert verdict.numbers["twin"].key.indicator == "computed"


def test_better_by_a_target_is_a_matter_of_distance():
    around = [10.0, 20, 30, 40, 45, 55, 60, 70, 80, 90]
    target = {"direction": "target", "target": 50.0, "reason": "x", "signed_by": ("a", "b")}
    data = laid_out(table(48, around), [lower(polarity=target)])
    better = judged(data, "better")
    assert better.outcome == "supported" and better.confidence == "high"
    assert judged(data, "worse").outcome == "contradicted"
    # of the mere side other groups and years were not asked
    side = judged(data, "lower", strength="low")
    assert (side.outcome, side.confidence) == ("supported", "low")
    improving = judged(data, "improving", since=2015)
    assert improving.outcome == "undecidable" and "wartość docelową" in improving.text
    coarse = [f.assign(decimals=-1, provenance="published") for f in table(40, around)]
    hidden = judged(laid_out(coarse, [lower(polarity=target)]), "better", strength="low")
    assert hidden.outcome != "supported"


def with_counted_twin(own: float, twin_own: float):
    """Return a ready-made rate whose counts only its twin from another source knows."""
    twin = lower(id="computed", name="Policzony wskaźnik", twin_of=RATE, data_basis="count_ratio")
    values = among_peers(twin_own, TENS)
    counted = rows(
        *("computed", 2022, values),
        numerator=[10 * value for value in values.values()],
        denominator=10_000.0,
    )
    frames = [pd.concat([rows(RATE, 2022, among_peers(own, TENS)), counted])]
    return laid_out(frames, [lower(minimum_gap=1.0), twin])


def test_counts_of_a_twin_are_named_with_its_values():
    """Chance was asked of other numbers than those printed: a reader must know of which."""
    against = {"than": "unit", "other": PEERS[5], "strength": "low"}
    for says in ("better", "lower"):
        verdict = judged(with_counted_twin(20.5, 20.0), says, **against)
        assert (verdict.outcome, verdict.methods) == ("supported", ("M13",))
        assert "na liczebnościach wskaźnika „Policzony wskaźnik”" in verdict_text(verdict).replace(
            "policzony", "Policzony"
        )
        counted = [verdict.numbers[name] for name in ("counted", "counted_other")]
        assert [(n.key.indicator, n.key.unit, n.value) for n in counted] == [
            ("computed", UNIT.code, 20.0),
            ("computed", PEERS[5], 60.0),
        ]
    without = judged(laid_out(table(20.5), [lower(minimum_gap=1.0)]), "better", **against)
    assert without.outcome == "supported" and "counted" not in without.numbers


def test_a_twin_whose_counts_order_the_two_otherwise_decides_nothing():
    against = {"than": "unit", "other": PEERS[5], "strength": "low"}
    data = with_counted_twin(20.0, 95.0)
    for says in ("better", "worse", "lower"):
        verdict = judged(data, says, **against)
        assert verdict.outcome == "undecidable", (says, verdict.text)
    better = judged(data, "better", **against)
    assert "oba źródła inaczej układają" in better.text and "u źródła" in better.next_step
    assert {better.numbers[name].value for name in ("value", "other", "counted")} == {20, 60, 95}


@pytest.mark.parametrize(("first", "sure"), [(2017, "low"), (2016, "low"), (2015, "medium")])
def test_that_few_years_show_no_direction_is_weak(first, sure):
    """Five points pass the test only where every one of them rises: silence says little."""
    wavering = [50.0, 52, 49, 51, 50, 52, 49, 51, 50, 52, 51]
    frames = [rows(RATE, y, among_peers(wavering[2022 - y], TENS)) for y in range(2022, 2011, -1)]
    verdict = judged(laid_out(frames), "steady", since=first, strength="low")
    assert (verdict.outcome, verdict.confidence) == ("supported", sure)
    assert ("lat jest mało" in verdict.confidence_reason) == (sure == "low")
    plain = judged(laid_out(frames), "steady", since=first)
    assert plain.outcome == ("undecidable" if sure == "low" else "supported")


def test_a_verdict_becomes_json_and_its_claim_comes_back():
    verdict = judged(laid_out(table(5)), "lower")
    facts = verdict_facts(verdict)
    assert Claim.read(facts["claim"]).says == "lower"
    assert facts["outcome"] == "supported" and "{" not in facts["text"]
    assert facts["numbers"]["value"]["key"].startswith(f"unit={UNIT.code};")
