"""How sure is a judgement: do other groups agree, and is the difference more than chance?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from smup_lib.compare.chance import CONFIDENCE_LEVELS
from smup_lib.compare.trend import SIGNIFICANCE
from smup_lib.conclude.evidence import CitedNumber, NumberKey

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

Confidence = Literal["high", "medium", "low", "not_assessable"]

#: A direction proven below this is told with high confidence.
_STRONG = 0.01
_UNTESTED = "wpływu przypadku nie sprawdzono ({reason})"

#: Shares of groups that agree with the verdict, and the word they earn.
_CONFIDENCE_STEPS: tuple[tuple[float, Confidence], ...] = ((0.9, "high"), (0.7, "medium"))


def rate_confidence(
    assessment: AreaAssessment, item: IndicatorAssessment
) -> tuple[Confidence, str, dict[str, CitedNumber]]:
    """Return the word of confidence, why, and the numbers of the why.

    Two questions decide, and the weaker answer is the word: do other groups put the unit on the
    same side of their median, and is the difference more than chance.
    """
    robustness, chance = item.robustness, item.chance
    own = NumberKey(assessment.unit.code, item.indicator.id, assessment.year)
    if robustness.share is None:
        return "not_assessable", robustness.reason or "nie sprawdzono innych grup", {}
    share = robustness.share
    word: Confidence = next((w for least, w in _CONFIDENCE_STEPS if share >= least), "low")
    if "small_denominator" in item.qualifiers.split(","):
        word = _at_most_medium(word)
    key = own.of(statistic="groups_agreeing", group=assessment.group.key)
    numbers = {
        "agreeing": CitedNumber(key, len(robustness.agreeing)),
        "groups": CitedNumber(key.of(statistic="groups_tried"), robustness.n_groups),
    }
    why = "ta sama strona mediany w {agreeing} z {groups} grup"
    if item.position.standing not in ("better", "worse"):
        return word, why, numbers
    if chance.excluded_at is not None:
        word = word if chance.excluded_at > CONFIDENCE_LEVELS[0] else _at_most_medium(word)
        return word, f"{why}; różnica większa niż przypadkowa", numbers
    if item.indicator.rare_events or item.indicator.data_basis == "count_ratio":
        return _at_most_medium(word), f"{why}; {_UNTESTED.format(reason=chance.reason)}", numbers
    return word, why, numbers


def rate_trend(item: IndicatorAssessment) -> tuple[Confidence, str]:
    """Return the word of confidence in the direction of a series, and why."""
    trend = item.trend
    why = "test kierunku na latach z danymi: {years}"
    if item.estimated_trend:
        return "low", f"{why}; część lat przeliczono szacunkowo na inne granice"
    p_value = max(trend.p_value or 0.0, trend.p_with_memory or 0.0)
    if p_value >= SIGNIFICANCE:
        return "low", f"{why}; kolejne lata są do siebie podobne, więc to może być fala"
    return ("high" if p_value < _STRONG else "medium"), why


def _at_most_medium(word: Confidence) -> Confidence:
    return "medium" if word == "high" else word
