"""Findings about a cost: a question, never alone, with the quality and access beside it (M4b)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.finding import Finding
from smup_lib.conclude.telling import compared, key_of, place_finding, subject

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.signals import Signals

_COST_LIMIT = (
    "Sama liczba nie mówi o gospodarności: trzeba ją czytać razem z jakością i dostępnością."
)
_TWO_SIDED_LIMIT = "Bardzo mała i bardzo duża wartość są tak samo warte pytania."
#: What is said of quality or access beside a cost, by its standing.
_JUDGED = {
    "better": "korzystniej niż w grupie",
    "worse": "mniej korzystnie niż w grupie",
    "similar": "podobnie jak w grupie",
}
#: The order in which more cost (or less) is worth a question, by what stands beside it.
_PLAIN, _EXPLAINED, _UNEXPLAINED = 0.8, 0.6, 0.9


def cost_findings(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Iterator[Finding]:
    """Yield the question of a cost far enough from its group, with quality or access beside it."""
    departs = item.position.departure in ("departs", "strongly_departs")
    if departs and _may_tell(assessment, item):
        yield _cost_finding(assessment, item, signals)


def _may_tell(assessment: AreaAssessment, item: IndicatorAssessment) -> bool:
    """Tell whether quality or access stands beside a cost; without it none is told (M4b)."""
    return item.indicator.dimension != "efficiency" or bool(assessment.paired(item))


def _cost_finding(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Finding:
    words, counts = compared(assessment, item)
    paired = assessment.paired(item)
    beside, paired_numbers = _numbers_beside(assessment, paired)
    return place_finding(
        assessment,
        item,
        signals,
        claim="cost",
        text=f"{subject(assessment, item)}: {words} – to pytanie do wyjaśnienia."
        + _said_beside(paired),
        numbers=counts | paired_numbers,
        not_said=_COST_LIMIT if item.indicator.dimension == "efficiency" else _TWO_SIDED_LIMIT,
        method="M4b",
        beside=beside,
        importance=_importance(item, paired),
    )


def _importance(item: IndicatorAssessment, paired: Sequence[IndicatorAssessment]) -> float:
    """Rank a cost by what it buys: most asks for a question that dear and poor, or cheap and poor.

    A dear service of better quality, and a cheap one of quality that is no worse, explain more
    of themselves.
    """
    standings = {other.position.standing for other in paired} & {"better", "similar", "worse"}
    if not standings:
        return _PLAIN
    dear = item.position.side == "above"
    unexplained = "better" not in standings if dear else "worse" in standings
    return _UNEXPLAINED if unexplained else _EXPLAINED


def _said_beside(paired: Sequence[IndicatorAssessment]) -> str:
    """Say of each judged quality or access beside a cost whether it is better, equal or worse.

    Of one that nobody judges the numbers below the sentence tell enough.
    """
    told = [
        f"{other.indicator.short_name} {_JUDGED[other.position.standing]}"
        for other in paired
        if other.position.standing in _JUDGED
    ]
    return f" Obok: {', '.join(told)}." if told else ""


def _numbers_beside(
    assessment: AreaAssessment, paired: Sequence[IndicatorAssessment]
) -> tuple[str, dict[str, CitedNumber]]:
    """Return the numbers beside a cost: quality and access of the same service, and the group's."""
    text = ""
    numbers: dict[str, CitedNumber] = {}
    for place, other in enumerate(paired):
        own = key_of(assessment, other, "value").of(group="")
        shown = {f"paired_{place}": (own, other.position.value)}
        text += f" · obok: {other.indicator.short_name} {{paired_{place}}}"
        if other.position.median is not None:
            grouped = key_of(assessment, other, "median")
            shown[f"paired_{place}_median"] = (grouped, other.position.median)
            text += f" (mediana {{paired_{place}_median}})"
        text += "" if other.position.standing in _JUDGED else ", nie oceniamy"
        numbers |= {
            name: CitedNumber(key, value, other.indicator.decimals, other.indicator.measure_unit)
            for name, (key, value) in shown.items()
            if value is not None
        }
    return text, numbers
