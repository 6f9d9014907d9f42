"""Whom to ask about a weak result: the practices that fit, the peers, and what is said of them."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.catalogue.practice import PracticeCard
from smup_lib.conclude.practices import advise, practices_for, weak_items
from smup_lib.units import PeerGroup
from tests.conclude.builders import PEERS, UNIT, among_peers, assessed, rows
from tests.indicators.builders import indicator, signed

YEAR = 2022
NAN = float("nan")


def card(name: str, code: str | None = "2468", **fields) -> PracticeCard:
    content = {
        "id": name,
        "title": f"Karta {name}",
        "status": "incomplete",
        "office": {"name": "Urząd", "unit_code": code},
        "services": ["DRO-07"],
        "source": "Urząd.",
    }
    return PracticeCard.model_validate(content | fields)


def outcome(**changes):
    entry = signed("higher").model_copy(
        update={"id": "good", "method": "published", "minimum_gap": 2.0, "measure_unit": "%"}
    )
    return entry.model_copy(update={"data_basis": "mean", "short_name": "Dobre", **changes})


def similar(members=PEERS) -> PeerGroup:
    return PeerGroup("similar", {}, "similar:10", UNIT.code, "powiat", YEAR, members, "Podobne.")


def advice_of(own, peers, history, entry=None, others=(), extra=(), cards=()):
    """Advise the unit on values of the year and of earlier years (``history``)."""
    entry = entry or outcome()
    values = [rows(entry.id, YEAR, among_peers(own, peers)), *extra]
    earlier = [
        rows(entry.id, YEAR - back, among_peers(own, listed))
        for back, listed in enumerate(history, 1)
    ]
    found = assessed([entry, *others], values, earlier)
    item = next(i for i in found.indicators if i.indicator.id == entry.id)
    series = pd.concat([*values, *earlier], ignore_index=True)
    return advise(found, item, similar(), series, cards), found


BETTER = [60.0, 70.0, *[80.0] * 8]


def test_the_weak_ones_are_those_that_a_finding_calls_worse():
    _, found = advice_of(50.0, BETTER, [BETTER] * 4)
    assert [item.indicator.id for item in weak_items(found)] == ["good"]
    _, fine = advice_of(95.0, BETTER, [BETTER] * 4)
    assert weak_items(fine) == ()


def test_a_peer_is_named_with_its_value_the_least_gain_and_the_years():
    advice, _ = advice_of(50.0, BETTER, [BETTER] * 4)
    assert advice.behind
    assert advice.peers == PEERS
    text, numbers = advice.peer_line("9011")
    assert text == (
        "wynik {value}, wyższy o co najmniej {least} "
        "(po odjęciu tego, co może wynikać z zaokrągleń); "
        "lepszy też w {better}\u00a0z\u00a0{years} wcześniejszych lat"
    )
    assert {name: one.value for name, one in numbers.items()} == pytest.approx(
        {"value": 60.0, "least": 9.9, "better": 4, "years": 4}
    )
    assert numbers["value"].key.unit == "9011"
    assert numbers["least"].key.unit == UNIT.code
    assert numbers["least"].measure_unit == "p.proc."


def test_one_good_year_makes_no_teacher():
    lucky = [60.0, *[40.0] * 9]
    advice, _ = advice_of(50.0, BETTER, [lucky] * 4)
    assert advice.peers == ("9011",)
    advice, _ = advice_of(50.0, BETTER, [lucky] * 2)
    assert advice.peers == ()
    assert advice.refusal.startswith("za mało wcześniejszych lat")


def test_a_bound_is_never_printed_higher_than_it_is():
    entry = outcome(decimals=0)
    advice, _ = advice_of(50.0, [60.6] * 10, [[60.6] * 10] * 4, entry)
    _, numbers = advice.peer_line("9011")
    assert numbers["least"].value <= 60.6 - 50.0
    assert numbers["least"].value == 10


def test_a_cost_stands_beside_a_peer_and_is_said_to_be_higher_or_not():
    entry = outcome()
    cost = indicator(
        id="cost", data_basis="money_ratio", dimension="efficiency", method="ratio", decimals=0
    ).model_copy(
        update={"measure_unit": "zł/os.", "short_name": "Koszt km", "paired_with": ("good",)}
    )
    costs = rows("cost", YEAR, among_peers(100.0, [130.0, 90.0, *[100.0] * 8]))
    peers = [90.0, 70.0, *[40.0] * 8]
    advice, _ = advice_of(50.0, peers, [peers] * 4, entry, (cost,), (costs,))
    assert advice.peers == ("9011", "9012")
    text, numbers = advice.peer_line("9011")
    assert text.endswith("; koszt km wyższy o {cost0}")
    assert numbers["cost0"].value == 30.0
    assert advice.peer_line("9012")[0].endswith("; koszt km nie wyższy")


def beside(**changes):
    """Return the cost of the service, with its quality and its access beside it."""
    return indicator(
        id="cost", data_basis="money_ratio", dimension="efficiency", method="ratio", decimals=0
    ).model_copy(
        update={
            **{"measure_unit": "zł/os.", "short_name": "Koszt km"},
            **{"paired_with": ("good", "near"), **changes},
        }
    )


def test_who_is_beaten_in_quality_access_and_cost_together_is_no_teacher():
    """By quality and cost alone the second is beaten by the first; its access tells otherwise."""
    near = outcome(id="near", dimension="accessibility", short_name="Blisko")
    quality = [90.0, 80.0, 70.0, 75.0, *[40.0] * 6]
    access = [30.0, 60.0, 55.0, NAN, *[50.0] * 6]
    costs = rows("cost", YEAR, among_peers(100.0, [100.0, 100.0, 110.0, 90.0, *[100.0] * 6]))
    nearness = rows("near", YEAR, among_peers(50.0, access))
    told = (quality, [quality] * 4, outcome())
    advice, _ = advice_of(50.0, *told, (near, beside()), (nearness, costs))
    assert {one.indicator.id for one in advice.paired} == {"near", "cost"}
    assert advice.peers == ("9011", "9012")
    reasons = advice.found.rows.set_index("unit_code")["reason"]
    assert reasons["9013"] == "we wszystkim nie gorsza jest jednostka 9012"
    assert reasons["9014"].startswith("brak kosztu albo innego wymiaru")
    text, numbers = advice.peer_line("9011")
    assert "; blisko: gorzej o {cost0}" in text and numbers["cost0"].measure_unit == "p.proc."
    assert numbers["cost0"].value == 20.0 and numbers["cost0"].key.indicator == "near"
    assert "; blisko: nie gorzej" in advice.peer_line("9012")[0]
    by_cost, _ = advice_of(50.0, *told, (beside(paired_with=("good",)),), (costs,))
    assert by_cost.peers == ("9011", "9014")


def test_access_without_a_signed_direction_beats_nobody():
    near = indicator(id="near", dimension="accessibility", data_basis="mean")
    peers = [90.0, 80.0, *[40.0] * 8]
    values = rows("near", YEAR, among_peers(50.0, [30.0, 60.0, *[50.0] * 8]))
    advice, _ = advice_of(50.0, peers, [peers] * 4, outcome(), (near, beside()), (values,))
    assert advice.paired == () and advice.found.warnings
    signed_near = outcome(id="near", dimension="accessibility")
    advice, _ = advice_of(50.0, peers, [peers] * 4, outcome(), (signed_near, beside()), (values,))
    assert [one.indicator.id for one in advice.paired] == ["near"]
    assert advice.found.warnings == ("Nie sprawdzono kosztu tej usługi.",)


def test_a_twin_with_counts_answers_instead_of_a_published_rate():
    entry = outcome(id="accident_rate", method="published")
    twin = signed("higher").model_copy(
        update={
            "id": "twin",
            "twin_of": "accident_rate",
            "method": "share",
            "data_basis": "count_ratio",
            "multiplier": 100.0,
            "measure_unit": "%",
        }
    )
    counts = rows("twin", YEAR, among_peers(50.0, [60.0] * 10)).assign(denominator=1000.0)
    counts["numerator"] = counts["value"] * 10
    advice, _ = advice_of(50.0, [60.0] * 10, [], entry, (twin,), (counts,))
    assert advice.asked.indicator.id == "twin"
    assert advice.found.kind == "chance"
    assert len(advice.peers) == 10
    assert "za mało, by mówić o trwałej przewadze" in advice.peer_line("9011")[0]


def test_practices_come_the_closest_first_and_say_why():
    entry = signed("higher")
    cards = [
        card("a"),
        card("b", dimensions=["quality"]),
        card("c", indicators=["accident_rate"]),
        card("d", services=["KUL-01"]),
        card("e", status="admitted", measurement="Pomiar.", change="Zmiana."),
    ]
    assert [(one.card.id, one.why) for one in practices_for(entry, cards)] == [
        ("c", "dotyczy tego wskaźnika"),
        ("b", "dotyczy tej usługi i tego wymiaru"),
        ("e", "dotyczy tej usługi"),
        ("a", "dotyczy tej usługi"),
    ]


def test_cards_of_the_fictional_land_are_not_offered_to_real_units():
    cards = [card("prawdziwa"), card("zmyslona", "9001"), card("nieznana", None)]
    entry = signed("higher")
    assert [p.card.id for p in practices_for(entry, cards)] == ["nieznana", "prawdziwa"]
    assert len(practices_for(entry, cards, fictional=True)) == 3


def test_nobody_is_sent_to_its_own_office():
    cards = [card("miasto", "2468"), card("inne", "2469")]
    for code in ("2468", "246801"):
        found = practices_for(signed("higher"), cards, unit_code=code)
        assert [one.card.id for one in found] == ["inne"]
