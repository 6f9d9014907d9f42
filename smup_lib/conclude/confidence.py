"""How sure is a judgement: do other groups and years agree, and could it be chance?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from smup_lib.compare.chance import CONFIDENCE_LEVELS
from smup_lib.compare.persistence import LASTING
from smup_lib.compare.trend import SIGNIFICANCE
from smup_lib.conclude.evidence import CitedNumber, NumberKey

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.signals import Signals

Confidence = Literal["high", "medium", "low", "not_assessable"]

#: From the surest down; of several answers the last one counts.
_ORDER: tuple[Confidence, ...] = ("high", "medium", "low", "not_assessable")
#: A direction proven below this is told with high confidence.
_STRONG = 0.01
#: Shares of groups that agree with the verdict, and the word they earn.
_GROUP_STEPS: tuple[tuple[float, Confidence], ...] = ((0.9, "high"), (0.7, "medium"))
#: Shares of earlier years that agree, and the word they earn: below half it was the other way.
_YEAR_STEPS: tuple[tuple[float, Confidence], ...] = ((LASTING, "high"), (0.5, "medium"))
#: A group of which fewer than this share have a value is thin, and below half it is hardly a group.
_WELL_COVERED, _HALF_COVERED = 0.8, 0.5
_UNTESTED = "wpływu przypadku nie sprawdzono ({reason})"


@dataclass(frozen=True)
class _Answer:
    """What one question leaves of the confidence, in words, with the numbers of the words."""

    word: Confidence
    why: str = ""
    numbers: Mapping[str, CitedNumber] = field(default_factory=dict)


def rate_confidence(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> tuple[Confidence, str, dict[str, CitedNumber]]:
    """Return the word of confidence in a place, why, and the numbers of the why.

    Several questions are asked, and the weakest answer is the word: do other groups put the unit on
    the same side of their median, did earlier years, do enough of the group have a value, are they
    comparable, and is the difference more than chance.
    """
    if item.robustness.share is None:
        return "not_assessable", item.robustness.reason or "nie sprawdzono innych grup", {}
    answers = [
        _ask_groups(assessment, item),
        _ask_years(assessment, item),
        *_ask_group_itself(assessment, item),
        *_ask_chance(assessment, item, signals),
    ]
    numbers = {name: number for answer in answers for name, number in answer.numbers.items()}
    return _weakest(answers), "; ".join(a.why for a in answers if a.why), numbers


def _earned(share: float, steps: Sequence[tuple[float, Confidence]]) -> Confidence:
    return next((word for least, word in steps if share >= least), "low")


def _weakest(answers: Sequence[_Answer]) -> Confidence:
    return max((answer.word for answer in answers), key=_ORDER.index)


def _key(assessment: AreaAssessment, item: IndicatorAssessment, statistic: str) -> NumberKey:
    return NumberKey(
        assessment.unit.code, item.indicator.id, assessment.year, statistic, assessment.group.key
    )


def _ask_groups(assessment: AreaAssessment, item: IndicatorAssessment) -> _Answer:
    """Ask whether other groups agree (M12)."""
    found = item.robustness
    share = found.share or 0.0
    yardstick = "mediany odległości od celu" if item.position.distance_side else "mediany"
    why = f"po tej samej stronie {yardstick} w {{agreeing}} z {{groups}} innych grup"
    numbers = {
        "share": CitedNumber(_key(assessment, item, "robustness"), 100 * share, 0, "%"),
        "agreeing": CitedNumber(_key(assessment, item, "groups_agreeing"), len(found.agreeing)),
        "groups": CitedNumber(_key(assessment, item, "groups_tried"), found.n_groups),
    }
    if found.level:
        why += ", a w {level} na równi z medianą (liczy się za pół)"
        key = _key(assessment, item, "groups_level")
        numbers["level"] = CitedNumber(key, len(found.level))
    if found.by_weights is not None:
        why += " i w {by_weights} prób z nieco inaczej dobranymi jednostkami podobnymi"
        key = _key(assessment, item, "robustness_by_weights")
        numbers["by_weights"] = CitedNumber(key, 100 * found.by_weights, 0, "%")
    return _Answer(_earned(share, _GROUP_STEPS), f"{why} (zgodność: {{share}})", numbers)


def _ask_years(assessment: AreaAssessment, item: IndicatorAssessment) -> _Answer:
    """Ask whether it was so in earlier years: one year alone may be chance."""
    persistence = item.persistence
    if persistence.share is None:
        return _Answer("medium", persistence.reason or "nie sprawdzono wcześniejszych lat")
    word = _earned(persistence.share, _YEAR_STEPS)
    first, last = persistence.years[0], persistence.years[-1]
    return _Answer(
        word,
        f"{'ale tylko' if word == 'low' else 'także'} w {{years_agreeing}} z {{years_tried}} "
        f"wcześniejszych lat z danymi ({first}–{last})",
        count_years(assessment, item),
    )


def count_years(assessment: AreaAssessment, item: IndicatorAssessment) -> dict[str, CitedNumber]:
    """Count the earlier years that agree and all that were asked; empty where too few are known."""
    persistence = item.persistence
    if persistence.share is None:
        return {}
    counts = {"years_agreeing": persistence.agreeing, "years_tried": persistence.years}
    return {
        name: CitedNumber(_key(assessment, item, name), len(years))
        for name, years in counts.items()
    }


def _ask_group_itself(assessment: AreaAssessment, item: IndicatorAssessment) -> Iterator[_Answer]:
    """Ask whether the group is a yardstick: values of most of it, of comparable units."""
    position, group = item.position, assessment.group
    covered = position.n_used / position.n_group
    if covered < _WELL_COVERED:
        yield _Answer(
            "medium" if covered >= _HALF_COVERED else "low",
            "dane ma tylko {n_used} z {n_group} jednostek grupy",
            {
                "n_used": CitedNumber(_key(assessment, item, "n_used"), position.n_used),
                "n_group": CitedNumber(_key(assessment, item, "n_group"), position.n_group),
            },
        )
    if group.poor_match:
        yield _Answer("medium", "jednostki grupy są słabo dopasowane")
    if group.unknown_match:
        yield _Answer("medium", "grupa wybrana ręcznie: nie wiadomo, jak podobna")
    if group.mixed:
        # a city with powiat rights has the tasks and the money of a gmina too
        word: Confidence = "low" if assessment.unit.level == "powiat" else "medium"
        yield _Answer(word, "grupa łączy różne rodzaje jednostek")


def _ask_chance(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Iterator[_Answer]:
    """Ask of a judgement whether chance could have made it, where anybody can tell."""
    chance, indicator = item.chance, item.indicator
    if "small_denominator" in item.qualifiers.split(","):
        yield _Answer("medium", "wartość z małej liczby przypadków")
    if item.position.standing not in ("better", "worse") and not chance.excluded_at:
        return
    if signals.keeps_place(indicator.id) is False:
        key = _key(assessment, item, "places_tested")
        yield _Answer(
            "low",
            "wśród {tested} sprawdzonych taka różnica może się trafić przypadkiem",
            {"tested": CitedNumber(key, len(signals.places))},
        )
    elif chance.excluded_at is not None:
        sure = chance.excluded_at > CONFIDENCE_LEVELS[0]
        yield _Answer("high" if sure else "medium", "różnica większa niż przypadkowa")
    elif indicator.rare_events:
        # an estimated number of events bears no test; what lasts for years is hardly chance
        lasting = _earned(item.persistence.share or 0.0, _YEAR_STEPS) == "high"
        yield _Answer("medium" if lasting else "low", _UNTESTED.format(reason=chance.reason))
    elif indicator.data_basis == "count_ratio":
        yield _Answer("medium", _UNTESTED.format(reason=chance.reason))


def rate_trend(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> tuple[Confidence, str, dict[str, CitedNumber]]:
    """Return the word of confidence in the direction of a series, why, and the numbers of the why.

    ``signals`` holds the p-values that allow for how many directions were tested.
    """
    trend, adjusted = item.trend, signals.directions[item.indicator.id]
    why = "test kierunku na latach z danymi: {years}"
    numbers = {"years": CitedNumber(_key(assessment, item, "trend_years").of(group=""), trend.n)}
    if item.estimated_trend:
        return "low", f"{why}; część lat przeliczono szacunkowo na inne granice", numbers
    if (trend.p_with_memory or 0.0) >= SIGNIFICANCE:
        return "low", f"{why}; kolejne lata są do siebie podobne, więc to może być fala", numbers
    if adjusted >= SIGNIFICANCE:
        key = _key(assessment, item, "trends_tested").of(group="")
        return (
            "low",
            f"{why}; wśród {{tested}} sprawdzonych taki może się trafić przypadkiem",
            numbers | {"tested": CitedNumber(key, len(signals.directions))},
        )
    return ("high" if adjusted < _STRONG else "medium"), why, numbers
