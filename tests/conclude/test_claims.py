"""A claim is structured, tells everything that is wrong with it at once, and outlives a file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smup_lib.conclude.claims import KINDS, THAN_WORDS, Claim, read_claims
from smup_lib.errors import ParameterError

SAID: dict[str, Any] = {"unit": "9002", "indicator": "x", "year": 2022, "says": "lower"}
#: What each field holds where a kind or a comparison needs it.
FILLED: dict[str, Any] = {
    "since": 2015,
    "size": 2.5,
    "place": 3,
    "cause": "nowy program",
    "other": "9005",
    "number": 0.0,
}
_OF_THAN = {"unit": "other", "year": "since", "number": "number"}


def every_claim() -> list[Claim]:
    """Return one claim of each kind against each thing it may be compared with."""
    claims = []
    for says, kind in KINDS.items():
        for than in kind.than or (None,):
            needs = [*kind.needs, *([_OF_THAN[than]] if than in _OF_THAN else [])]
            given = {name: FILLED[name] for name in needs}
            claims.append(Claim(**{**SAID, "says": says, "than": than, **given}))
    return claims


@pytest.mark.parametrize("claim", every_claim(), ids=lambda c: f"{c.says}-{c.than}")
def test_a_claim_survives_a_file(claim):
    written = json.dumps(claim.facts(), ensure_ascii=False)
    assert Claim.read(json.loads(written)) == claim


def test_a_zero_to_compare_with_is_kept():
    claim = Claim(**SAID, than="number", number=0)
    assert claim.facts()["number"] == 0
    assert Claim.read(claim.facts()) == claim


@pytest.mark.parametrize("says", KINDS)
def test_words_may_be_polish_or_of_the_code(says):
    kind = KINDS[says]
    than = kind.than[0] if kind.than else None
    needs = [*kind.needs, *([_OF_THAN[than]] if than in _OF_THAN else [])]
    given = {**SAID, **{name: FILLED[name] for name in needs}, "says": kind.words.upper()}
    if than is not None:
        given["than"] = THAN_WORDS[than]
    assert Claim.read({**given, "strength": "wysoka"}).says == says


def test_everything_that_is_wrong_is_told_at_once():
    said = {
        "unit": "",
        "indicator": 7,
        "year": "2022",
        "says": "niższa",
        "than": "planeta",
        "number": float("nan"),
        "size": -1,
        "strength": "pewna",
        "sinse": 2015,
    }
    with pytest.raises(ParameterError) as caught:
        Claim.read(said)
    told = "\n".join(caught.value.problems)
    for field in ("unit", "indicator", "year", "than", "number", "size", "strength", "sinse"):
        assert f"„{field}”" in told, told
    assert "czy chodziło o: since" in told
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"says": "rising"}, "wymaga pola „since”"),
        ({"says": "rising", "since": 2022}, "nie jest wcześniejszy"),
        ({"says": "rose_by", "since": 2015}, "wymaga pola „size”"),
        ({"says": "rank"}, "wymaga pola „place”"),
        ({"says": "rank", "place": 0}, "„place”"),
        ({"says": "rank", "place": True}, "„place”"),
        ({"says": "caused"}, "wymaga pola „cause”"),
        ({"than": "unit"}, "wymaga pola „other”"),
        ({"than": "number"}, "wymaga pola „number”"),
        ({"than": "number", "number": float("inf")}, "„number”"),
        ({"says": "better", "than": "target"}, "nie porównuje z: cel"),
        ({"than": ["group"]}, "„than”"),
        ({"says": ["lower"]}, "„says”"),
        ({"says": "similar", "than": "unit", "other": "9005"}, "nie porównuje z: jednostka"),
        ({"size": 3.0}, "nie ma pola „size”"),
        ({"other": "9005"}, "nie ma pola „other”"),
        ({"year": 1066}, "„year”"),
        ({"level": "kraj"}, "„level”"),
        ({"percent": 1}, "„percent”"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(changes, problem):
    with pytest.raises(ParameterError) as caught:
        Claim.read({**SAID, **changes})
    assert problem in str(caught.value)


def test_the_usual_comparison_is_the_group():
    assert Claim(**SAID).than == "group"
    assert Claim(**{**SAID, "says": "rising"}, since=2015).than is None


@pytest.mark.parametrize("content", [[], {}, {"claims": []}, None, 7, "x"])
def test_a_file_without_claims_is_refused(content):
    with pytest.raises(ParameterError):
        read_claims(content)


def test_problems_of_a_list_name_their_claim():
    with pytest.raises(ParameterError) as caught:
        read_claims([SAID, {**SAID, "says": "lepszejsza"}, "x", {"unit": "9002"}])
    told = caught.value.problems
    assert not [problem for problem in told if problem.startswith("wniosek 1")]
    assert all(any(p.startswith(f"wniosek {place}") for p in told) for place in (2, 3, 4))
