"""The words and numbers that findings of every claim share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.conclude.confidence import rate_confidence
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.conclude.finding import WEIGHT, Claim, Finding, Mark
from smup_lib.teryt import is_city_code, write_levels

if TYPE_CHECKING:
    from smup_lib.compare import Position
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.signals import Signals

#: What is the task of others counts less for the unit that reads.
_OTHERS_TASK = 0.75
VALUE_BESIDE_MEDIAN = "{value} · mediana grupy {median}"


def key_of(assessment: AreaAssessment, item: IndicatorAssessment, statistic: str) -> NumberKey:
    """Return the key of a number of an indicator in the group of the assessment."""
    return NumberKey(
        assessment.unit.code, item.indicator.id, assessment.year, statistic, assessment.group.key
    )


def value_numbers(assessment: AreaAssessment, item: IndicatorAssessment) -> dict[str, CitedNumber]:
    """Return the value and the median that stand below a sentence about a place."""
    indicator, position = item.indicator, item.position
    assert position.value is not None and position.median is not None
    digits, unit = indicator.decimals, indicator.measure_unit
    own = key_of(assessment, item, "value").of(group="")
    return {
        "value": CitedNumber(own, position.value, digits, unit),
        "median": CitedNumber(key_of(assessment, item, "median"), position.median, digits, unit),
    }


def subject(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    """Name what is told; of a task of others in the territory it is said whose task it is."""
    name = item.indicator.short_name
    others = _task_of_others(assessment, item)
    if not others:
        return name
    where = "powiatu" if assessment.unit.level == "powiat" else "gminy"
    return f"{name} (na obszarze {where}, zadanie {others})"


def weigh_task(assessment: AreaAssessment, item: IndicatorAssessment) -> float:
    """Return how much of a finding's strength is left, by whose task it is."""
    return _OTHERS_TASK if _task_of_others(assessment, item) else 1.0


def _task_of_others(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    """Return whose task it is, in Polish; empty when it is the unit's own."""
    unit, code = assessment.unit, item.indicator.service
    service = next((s for s in assessment.area.services if s.code == code), None)
    if service is None or service.is_task_of(unit.level, unit.kind):
        return ""
    return write_levels(service.task_of)


def place_finding(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    signals: Signals,
    *,
    claim: Claim,
    text: str,
    numbers: dict[str, CitedNumber],
    not_said: str,
    method: str,
    mark: Mark = "not_judged",
    beside: str = "",
    importance: float = 1.0,
) -> Finding:
    """Return a finding about a place in the group, as sure and as strong as the place allows.

    Parameters
    ----------
    assessment : AreaAssessment
        Of the unit that reads.
    item : IndicatorAssessment
        With a value, a median and a place.
    signals : Signals
        What is left when chance is allowed for in all indicators of the area together.
    claim, mark, text, not_said, method : str
        See :class:`Finding`.
    numbers : dict of str to CitedNumber
        The numbers of ``text`` and ``beside``; value and median are added to them.
    beside : str
        What stands below the sentence after value and median.
    importance : float
        How much of its strength a finding of this sort keeps, 0-1.
    """
    confidence, why, agreement = rate_confidence(assessment, item, signals)
    weight = importance * weigh_task(assessment, item) * WEIGHT[confidence]
    return Finding(
        claim=claim,
        mark=mark,
        text=text,
        detail=VALUE_BESIDE_MEDIAN + beside,
        numbers=value_numbers(assessment, item) | numbers | agreement,
        strength=weight * extremity(item.position),
        confidence=confidence,
        confidence_reason=why,
        indicator=item.indicator.id,
        service=item.indicator.service,
        group=assessment.group.key,
        kept=signals.keeps_place(item.indicator.id),
        not_said=not_said,
        method=method,
    )


def extremity(position: Position) -> float:
    """Return 0 in the middle of the group, 1 at either end; by merit where there is one."""
    place = position.percentile if position.merit is None else position.merit
    return 0.0 if place is None else 2 * abs(place - 0.5)


def compared(
    assessment: AreaAssessment, item: IndicatorAssessment
) -> tuple[str, dict[str, CitedNumber]]:
    """Say on which side of how many peers a value lies, with the numbers of the words."""
    position = item.position
    above = position.side == "above"
    count = position.below if above else position.above
    more, peers = ("więcej" if above else "mniej"), _peers(assessment)
    numbers = {"n": CitedNumber(key_of(assessment, item, "n_used"), position.n_used)}
    if count == position.n_used:
        every = "każdej" if peers == "gmin" else "każdym"
        return f"{more} niż w {every} z {{n}} porównywanych {peers}", numbers
    side = key_of(assessment, item, "below" if above else "above")
    numbers["count"] = CitedNumber(side, count)
    return f"{more} niż w {{count}} z {{n}} porównywanych {peers}", numbers


def compared_to_target(
    assessment: AreaAssessment, item: IndicatorAssessment
) -> tuple[str, dict[str, CitedNumber]]:
    """Say than how many peers a value is nearer to the target, or farther, with the numbers."""
    position, indicator = item.position, item.indicator
    assert position.rank is not None and position.ties is not None  # only a verdict is told
    nearer = position.standing == "better"
    closer = position.rank - 1  # peers that are nearer than the unit
    count = position.n_used - closer - position.ties if nearer else closer
    key = key_of(assessment, item, "target_farther" if nearer else "target_nearer")
    aim = key_of(assessment, item, "target").of(group="")
    assert indicator.polarity.target is not None  # the model requires it
    numbers = {
        "n": CitedNumber(key_of(assessment, item, "n_used"), position.n_used),
        "count": CitedNumber(key, count),
        "target": CitedNumber(
            *(aim, indicator.polarity.target, indicator.decimals, indicator.measure_unit)
        ),
    }
    way = "bliżej wartości docelowej" if nearer else "dalej od wartości docelowej"
    peers = _peers(assessment)
    if count == position.n_used:
        every = "każdej" if peers == "gmin" else "każdym"
        del numbers["count"]
        return f"{way} niż w {every} z {{n}} porównywanych {peers}", numbers
    return f"{way} niż w {{count}} z {{n}} porównywanych {peers}", numbers


def _peers(assessment: AreaAssessment) -> str:
    """Name the units of the group, which need not be of the reader's kind."""
    if assessment.unit.level != "powiat":
        return "gmin"
    cities = sum(is_city_code(code) for code in assessment.group.members)
    if cities == 0:
        return "powiatów"
    if cities == len(assessment.group.members):
        return "miast na prawach powiatu"
    return "powiatów i miast na prawach powiatu"
