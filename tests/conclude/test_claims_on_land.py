"""Of all units and indicators of the land: a claim and its opposite are never both supported.

And what is decided of exact amounts is what a plain recount of the table says.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import pandas as pd
import pytest

from smup_lib.compare.position import round_for_display
from smup_lib.conclude.claim_data import ClaimData
from smup_lib.conclude.claims import Claim
from smup_lib.conclude.verdicts import OUTCOME_WORDS
from smup_lib.present.verdicts import verdict_text
from smup_lib.reports.loading import Workspace
from tests.conclude.claim_land import ClaimLand, judged

YEAR = {"than": "year", "since": 2015}
FIFTY = {"than": "number", "number": 50.0}
OPPOSITES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"says": "higher"}, {"says": "lower"}),
    ({"says": "better"}, {"says": "worse"}),
    ({"says": "better"}, {"says": "similar"}),
    ({"says": "equal"}, {"says": "higher"}),
    ({"says": "highest"}, {"says": "lowest"}),
    ({"says": "best_quarter"}, {"says": "worst_quarter"}),
    ({"says": "higher", "since": 2012}, {"says": "lower", "since": 2012}),
    ({"says": "rising", "since": 2012}, {"says": "falling", "since": 2012}),
    ({"says": "rising", "since": 2012}, {"says": "steady", "since": 2012}),
    ({"says": "improving", "since": 2012}, {"says": "worsening", "since": 2012}),
    ({"says": "change_above", "since": 2015}, {"says": "change_below", "since": 2015}),
    ({"says": "rose_by", **YEAR, "size": 1.0}, {"says": "fell_by", **YEAR, "size": 1.0}),
    ({"says": "higher", **YEAR}, {"says": "lower", **YEAR}),
    ({"says": "better", **YEAR}, {"says": "worse", **YEAR}),
    ({"says": "at_least", **FIFTY}, {"says": "lower", **FIFTY}),
]  # fmt: skip
DRAWN = 12


@pytest.fixture(scope="module")
def land(sample_home_dir):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        made = ClaimLand(Workspace.open())
        assert made.values  # computed once, not within the first test
        yield made


def drawn(land: ClaimLand, seed: int) -> list[ClaimData]:
    """Draw units, indicators and years, with everybody else as the group."""
    draw = random.Random(seed)
    found = []
    for number in range(DRAWN):
        known = [i for i in land.indicators if i.id in land.values]
        # few have a direction; without this hardly a claim of better or worse would be asked
        directed = [i for i in known if i.ranked]
        indicator = draw.choice(directed if number % 3 == 0 else known)
        years = land.values[indicator.id]["year"].unique().tolist()
        year = int(draw.choice([y for y in years if y > 2015] or years))
        code = draw.choice(land.codes(year))
        claim = Claim(unit=code, indicator=indicator.id, year=year, says="higher")
        peers = [other for other in land.codes(year) if other != code]
        found.append(land.data(claim, peers, seed=1000 * seed + number))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_claim_and_its_opposite_are_never_both_supported(land, seed):
    """Said as weakly as can be: what is said more strongly is supported more rarely."""
    seen: Counter[str] = Counter()
    for data in drawn(land, seed):
        for pair in OPPOSITES:
            if max(said.get("since", 0) for said in pair) < data.claim.year:
                outcomes = [judged(data, **said, strength="low").outcome for said in pair]
                assert outcomes != ["supported", "supported"], (data.claim, pair)
                seen.update(outcomes)
    assert min(seen[outcome] for outcome in OUTCOME_WORDS) > 10, seen


@pytest.mark.parametrize("seed", [20, 21])
def test_what_is_said_strongly_is_true_when_said_weakly(land, seed):
    for data in drawn(land, seed):
        for said, _ in OPPOSITES:
            if said.get("since", 0) >= data.claim.year:
                continue
            verdicts = [judged(data, **said, strength=s) for s in ("low", "medium", "high")]
            supported = [verdict.outcome == "supported" for verdict in verdicts]
            assert supported == sorted(supported, reverse=True), (data.claim, said)
            contradicted = {verdict.outcome == "contradicted" for verdict in verdicts}
            assert len(contradicted) == 1, (data.claim, said)


@pytest.mark.parametrize("seed", [40, 41])
def test_sentences_hold_no_number_that_is_not_evidence(land, seed):
    for data in drawn(land, seed):
        known = {data.claim.year, 2012, 2015, *(b.year for b in data.item.breaks)}
        for said, _ in OPPOSITES:
            if said.get("since", 0) >= data.claim.year:
                continue
            verdict = judged(data, **said)
            template = " ".join((verdict.text, verdict.detail, verdict.next_step))
            for name in re.findall(r"\{(\w+)\}", template):
                assert name in verdict.numbers, (said, template)
            # reasons of doubt come from catalogue and methods, with years and limits of their own
            if verdict.outcome == "supported":
                bare = re.sub(r"\{\w+\}|\d+ tys\.", "", verdict.text)
                assert {int(n) for n in re.findall(r"\d+", bare)} <= known, verdict.text
            assert "{" not in verdict_text(verdict)


def recount(data: ClaimData) -> tuple[float, pd.Series]:
    """Return the unit's printed value and those of its peers, with pandas alone."""
    rows = data.rows[
        (data.rows["indicator"] == data.claim.indicator) & (data.rows["year"] == data.claim.year)
    ]
    values = rows.set_index("unit_code")["value"].dropna()
    peers = [code for code in data.assessment.group.members if code in values.index]
    return float(values[data.claim.unit]), values[peers]


def exact(land: ClaimLand) -> list[ClaimData]:
    """Return claims on amounts of money, which have neither chance nor hidden digits."""
    draw = random.Random(5)
    found = []
    exact_ones = [
        i
        for i in land.indicators
        if i.data_basis == "money_ratio" and i.method in ("amount", "ratio") and not i.twin_of
        and not i.cost and i.dimension != "efficiency" and i.id in land.values
    ]  # fmt: skip
    for indicator in draw.sample(exact_ones, min(12, len(exact_ones))):
        for code in draw.sample(land.codes(2022), 3):
            peers = [other for other in land.codes(2022) if other != code]
            claim = Claim(unit=code, indicator=indicator.id, year=2022, says="higher")
            data = land.data(claim, peers)
            known = data.item.status == "shown" and not data.twins
            if known and not data.item.odd and not data.item.few_cases:
                found.append(data)
    return found


def test_exact_values_are_decided_as_a_plain_recount_says(land):
    seen: Counter[str] = Counter()
    for data in exact(land):
        own, peers = recount(data)
        mine, median = (float(round_for_display(v, data.indicator)) for v in (own, peers.median()))
        shown = round_for_display(peers.to_numpy(dtype="float64"), data.indicator)
        truths = {
            "higher": mine > median,
            "lower": mine < median,
            "equal": mine == median,
            "highest": bool((shown < mine).all()),
            "lowest": bool((shown > mine).all()),
        }
        for says, true in truths.items():
            verdict = judged(data, says=says, strength="low")
            assert (verdict.outcome == "supported") == true, (data.claim, says, verdict)
            assert verdict.outcome != "undecidable", (data.claim, says, verdict)
            seen[f"{says} {true}"] += 1
        number = {"than": "number", "number": float(peers.median())}
        above = judged(data, says="higher", **number, strength="low")
        assert (above.outcome == "supported") == (mine > median)
    assert seen["higher True"] > 2 and seen["higher False"] > 2


def test_exact_values_of_two_units_are_compared_as_they_stand(land):
    seen: Counter[bool] = Counter()
    for data in exact(land)[:10]:
        own, peers = recount(data)
        for code, value in peers.iloc[:6].items():
            other = land.workspace.unit(str(code), level="powiat", year=2022)
            asked = ClaimData(data.claim, data.assessment, data.rows, other)
            true = bool(
                round_for_display(own, data.indicator) > round_for_display(value, data.indicator)
            )
            verdict = judged(asked, says="higher", than="unit", other=str(code))
            assert (verdict.outcome == "supported") == true
            seen[true] += 1
    assert seen[True] > 5 and seen[False] > 5
