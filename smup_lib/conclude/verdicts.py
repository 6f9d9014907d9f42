"""What do the data say to a claim? The answer with its numbers, and what it leaves unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from smup_lib.conclude.claims import STRENGTH_WORDS, Claim
from smup_lib.conclude.confidence import Confidence
from smup_lib.conclude.evidence import CitedNumber

Outcome = Literal["supported", "contradicted", "undecidable"]

#: What an outcome is called in Polish.
OUTCOME_WORDS: Mapping[Outcome, str] = {
    "supported": "potwierdzony",
    "contradicted": "zaprzeczony",
    "undecidable": "nie do rozstrzygnięcia",
}
#: From the surest down; of several answers the last one counts.
_ORDER: tuple[Confidence, ...] = ("high", "medium", "low", "not_assessable")
#: Said of a claim whose words are stronger than the data.
_TOO_STRONG = "Na tak mocne słowa dane nie pozwalają."


@dataclass(frozen=True)
class Verdict:
    """The answer to one claim.

    Attributes
    ----------
    claim : Claim
        What was claimed; unit and group as they were found.
    outcome : str
        ``supported``, ``contradicted`` or ``undecidable``.
    text, detail, confidence_reason, not_said, next_step : str
        Polish templates: why, what stands beside it, how sure the data are, what must not be read
        into it, and what to do where nothing can be decided. ``{name}`` stands for a number of
        ``numbers``.
    numbers : mapping of str to CitedNumber
        The evidence.
    methods : tuple of str
        Ids of the methods that were asked.
    confidence : str
        How surely the data say it; ``not_assessable`` where they do not.
    """

    claim: Claim
    outcome: Outcome
    text: str
    numbers: Mapping[str, CitedNumber] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    detail: str = ""
    confidence: Confidence = "not_assessable"
    confidence_reason: str = ""
    not_said: str = ""
    next_step: str = ""

    def facts(self) -> dict[str, Any]:
        """Return the answer as JSON can hold it; templates stay templates."""
        numbers = {
            name: {"key": str(one.key), "value": one.value, "measure_unit": one.measure_unit}
            for name, one in self.numbers.items()
        }
        told = {name: getattr(self, name) for name in _TEXTS}
        return {
            "claim": self.claim.facts(),
            "outcome": self.outcome,
            "confidence": self.confidence,
            "methods": list(self.methods),
            **told,
            "numbers": numbers,
        }


_TEXTS = ("text", "detail", "confidence_reason", "not_said", "next_step")


@dataclass(frozen=True)
class Answer:
    """What one method, or several, leave of a claim before its words are weighed.

    ``confidence`` is how surely the data support it; of the other outcomes it says nothing.
    """

    outcome: Outcome
    text: str
    numbers: Mapping[str, CitedNumber] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    confidence: Confidence = "not_assessable"
    why: str = ""
    next_step: str = ""
    not_said: str = ""

    def beside(self, numbers: Mapping[str, CitedNumber]) -> Answer:
        """Return the same with further numbers."""
        return replace(self, numbers={**numbers, **self.numbers})


def undecidable(
    text: str,
    next_step: str,
    numbers: Mapping[str, CitedNumber] | None = None,
    methods: Iterable[str] = (),
) -> Answer:
    """Return the answer that there is none, with what to do now."""
    return Answer("undecidable", text, numbers or {}, tuple(methods), next_step=next_step)


def weakest(words: Iterable[Confidence]) -> Confidence:
    """Return the least of several words of confidence.

    Examples
    --------
    >>> weakest(["high", "low", "medium"])
    'low'
    """
    return max(words, key=_ORDER.index)


def weigh_words(claim: Claim, answer: Answer) -> Answer:
    """Take support back from a claim whose words are stronger than what the data give.

    Examples
    --------
    >>> claim = Claim(unit="9002", indicator="x", year=2022, says="higher", strength="high")
    >>> weigh_words(claim, Answer("supported", "Jest wyższa.", confidence="medium")).outcome
    'undecidable'
    """
    if answer.outcome != "supported":
        return answer
    borne = answer.confidence
    if borne != "not_assessable" and _ORDER.index(borne) <= _ORDER.index(claim.strength):
        return answer
    word = "najwyżej niska" if borne == "not_assessable" else STRENGTH_WORDS[borne]
    step = (
        "nie pisz tego jako wniosku; podaj same liczby"
        if borne == "not_assessable"
        else f"osłab słowa wniosku: pewność {word} (strength: {borne})"
    )
    return replace(
        answer, outcome="undecidable", text=f"{answer.text} {_TOO_STRONG}", next_step=step
    )
