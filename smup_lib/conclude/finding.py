"""What a finding is: one sentence about a unit, its numbers, its strength and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from smup_lib.conclude.confidence import Confidence
from smup_lib.conclude.evidence import CitedNumber

#: ``standing`` is strong or weak (see the mark), ``cost`` a question of cost with what stands
#: beside it, ``difference`` unusual, ``odd`` possibly an error in the data, ``trend`` changing,
#: ``too_small`` a difference that the number of cases does not let anybody tell.
Claim = Literal["standing", "cost", "difference", "odd", "trend", "too_small"]
Mark = Literal["better", "worse", "not_judged"]

#: How much of its strength a finding keeps by the word of its confidence.
WEIGHT: Mapping[Confidence, float] = {
    "high": 1.0,
    "medium": 0.75,
    "low": 0.5,
    "not_assessable": 0.5,
}
#: Reasons to look and to wait: no conclusions to be sure of.
UNSURE_BY_NATURE: frozenset[Claim] = frozenset({"odd", "too_small"})


@dataclass(frozen=True)
class Finding:
    """One sentence about a unit, with the numbers it rests on and what it does not say.

    Attributes
    ----------
    claim : str
        ``standing``, ``cost``, ``difference``, ``odd``, ``trend`` or ``too_small``.
    mark : str
        ``better``, ``worse`` or ``not_judged``: which sign stands before it. A standing that is
        better is a strength, one that is worse a weakness.
    text, detail, confidence_reason : str
        Polish templates; ``{name}`` stands for a number of ``numbers``.
    numbers : mapping of str to CitedNumber
        The evidence.
    strength : float
        0-1; the order of findings.
    confidence : str
        A fixed word; ``confidence_reason`` says why.
    indicator, service : str or None
        Id of the indicator it speaks of, and the code of its service.
    group : str
        Rule of the group it was compared with; empty where it was compared with nobody.
    kept : bool or None
        Whether it stays in the list of which a known share may be chance (M15); None where chance
        cannot be tested.
    not_said : str
        What must not be read into it.
    method : str
        Reference into the method notes.
    """

    claim: Claim
    mark: Mark
    text: str
    detail: str
    numbers: Mapping[str, CitedNumber] = field(default_factory=dict)
    strength: float = 0.0
    confidence: Confidence = "not_assessable"
    confidence_reason: str = ""
    indicator: str | None = None
    service: str | None = None
    group: str = ""
    kept: bool | None = None
    not_said: str = ""
    method: str = ""
