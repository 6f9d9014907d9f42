"""What is worth saying first: findings with their numbers, strength and limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from smup_lib.compare import adjust_trends
from smup_lib.compare.position import MINIMUM_COST, is_wide
from smup_lib.conclude.confidence import (
    Confidence,
    rate_confidence,
    rate_trend,
)
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.teryt import is_city_code, write_levels

if TYPE_CHECKING:
    from smup_lib.compare import Position
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

Claim = Literal["standing", "cost", "difference", "odd", "trend"]

_COST_LIMIT = (
    "Sama liczba nie mówi o gospodarności: trzeba ją czytać razem z jakością i dostępnością."
)
_TWO_SIDED_LIMIT = "Bardzo mała i bardzo duża wartość są tak samo warte pytania."
#: At this place in the group, or as far on the other side, a value is at its edge.
_EDGE = 0.95
_WEIGHT = {"high": 1.0, "medium": 0.75, "low": 0.5, "not_assessable": 0.5}


@dataclass(frozen=True)
class Finding:
    """One sentence about a unit, with the numbers it rests on and what it does not say.

    Attributes
    ----------
    claim : str
        ``standing``, ``cost``, ``difference``, ``odd`` or ``trend``.
    mark : str
        ``better``, ``worse`` or ``not_judged``: which sign stands before it.
    text, detail, confidence_reason : str
        Polish templates; ``{name}`` stands for a number of ``numbers``.
    numbers : mapping of str to CitedNumber
        The evidence.
    strength : float
        0-1; the order of findings.
    confidence : str
        A fixed word; ``confidence_reason`` says why.
    indicator : str or None
        Id of the indicator it speaks of.
    not_said : str
        What must not be read into it.
    method : str
        Reference into the method notes.
    """

    claim: Claim
    mark: Literal["better", "worse", "not_judged"]
    text: str
    detail: str
    numbers: Mapping[str, CitedNumber] = field(default_factory=dict)
    strength: float = 0.0
    confidence: Confidence = "not_assessable"
    confidence_reason: str = ""
    indicator: str | None = None
    not_said: str = ""
    method: str = ""


def list_findings(assessment: AreaAssessment) -> tuple[Finding, ...]:
    """Return what is worth saying about an assessed unit, most important first.

    Indicators that are close to the group, or that nobody may judge, give no finding: silence is
    the right sentence for them. What the data do not tell at all stands in
    :func:`smup_lib.conclude.silences.list_silences`.
    """
    leading = assessment.leading()
    adjusted = adjust_trends({i.indicator.id: i.trend for i in leading if _directed(i)})
    found: list[Finding] = []
    for item in leading:
        found.extend(_place_findings(assessment, item))
        if _directed(item) and item.trend.direction in ("rising", "falling"):
            found.append(_trend_finding(assessment, item, adjusted))
    found.sort(key=lambda finding: -finding.strength)
    return tuple(found)


def first_screen(findings: Iterable[Finding], places: int = 3) -> tuple[Finding, ...]:
    """Return the few findings for the first screen: different indicators, bad news among them."""
    findings = tuple(findings)
    first_of = {finding.indicator: finding for finding in reversed(findings)}
    return with_bad_news(
        [finding for finding in findings if first_of[finding.indicator] is finding],
        findings,
        places,
    )


def with_bad_news(
    chosen: Sequence[Finding], findings: Iterable[Finding], places: int
) -> tuple[Finding, ...]:
    """Return the first of the chosen; good news may not push the only bad news off the screen.

    Nor may the good direction of an indicator hide its bad place, or the other way round.
    """
    shown = tuple(chosen[:places])
    worse = next((finding for finding in findings if finding.mark == "worse"), None)
    if worse is None or any(finding.mark == "worse" for finding in shown):
        return shown
    return (*shown[: places - 1], worse)


def _directed(item: IndicatorAssessment) -> bool:
    """Tell whether a direction over time is good or bad; on the way to a target it is neither."""
    return item.indicator.ranked and item.indicator.polarity.judged != "target"


def _place_findings(assessment: AreaAssessment, item: IndicatorAssessment) -> Iterator[Finding]:
    if item.odd:
        yield _odd_finding(assessment, item)
    if item.position.standing in ("better", "worse"):
        yield _standing_finding(assessment, item)
    elif _is_question(assessment, item):
        yield _cost_finding(assessment, item)
    elif _differs(item):
        yield _difference_finding(assessment, item)


def _is_question(assessment: AreaAssessment, item: IndicatorAssessment) -> bool:
    """Tell whether a cost is far enough from its group, with quality or access beside it (M4b)."""
    departs = item.position.departure in ("departs", "strongly_departs")
    return departs and _may_tell_cost(assessment, item)


def _differs(item: IndicatorAssessment) -> bool:
    """Tell whether a value that nobody judges is at the edge of its group.

    Sums (PLN, persons) follow the size of the unit, and context is told in its own place.
    """
    indicator, place = item.indicator, item.position.percentile
    summed = indicator.method == "amount" and indicator.data_basis != "index"
    told = indicator.role != "contextual" and not summed and not item.few_cases
    unjudged = item.position.standing == "not_judged" and not indicator.cost
    plain = indicator.polarity.judge != "two_sided"
    enough = item.position.n_used >= MINIMUM_COST
    edge = place is not None and abs(place - 0.5) >= _EDGE - 0.5
    return told and unjudged and plain and enough and edge and is_wide(item.position)


def _standing_finding(assessment: AreaAssessment, item: IndicatorAssessment) -> Finding:
    position = item.position
    better = position.standing == "better"
    compared, count = _compared(assessment, position)
    if item.indicator.polarity.judged == "target":
        compared = f"{'bliżej' if better else 'dalej od'} wartości docelowej niż mediana grupy"
    word = "to korzystne" if better else "to mniej korzystne"
    confidence, why, agreement = rate_confidence(assessment, item)
    strength = _extremity(position) * _WEIGHT[confidence]
    return Finding(
        claim="standing",
        mark="better" if better else "worse",
        text=f"{_subject(assessment, item)}: {compared} – {word}.",
        detail="{value} · mediana grupy {median}",
        numbers=_position_numbers(assessment, item, count) | agreement,
        strength=strength,
        confidence=confidence,
        confidence_reason=why,
        indicator=item.indicator.id,
        not_said="Położenie w grupie nie mówi, dlaczego jednostki się różnią.",
        method="M9",
    )


def _may_tell_cost(assessment: AreaAssessment, item: IndicatorAssessment) -> bool:
    """Tell whether quality or access stands beside a cost; without it none is told (M4b)."""
    return item.indicator.dimension != "efficiency" or bool(assessment.paired(item))


def _cost_finding(assessment: AreaAssessment, item: IndicatorAssessment) -> Finding:
    position = item.position
    compared, count = _compared(assessment, position)
    confidence, why, agreement = rate_confidence(assessment, item)
    beside, paired_numbers = _beside(assessment, item)
    return Finding(
        claim="cost",
        mark="not_judged",
        text=f"{_subject(assessment, item)}: {compared} – to pytanie do wyjaśnienia.",
        detail="{value} · mediana grupy {median}" + beside,
        numbers=_position_numbers(assessment, item, count) | agreement | paired_numbers,
        strength=0.8 * _extremity(position) * _WEIGHT[confidence],
        confidence=confidence,
        confidence_reason=why,
        indicator=item.indicator.id,
        not_said=_COST_LIMIT if item.indicator.dimension == "efficiency" else _TWO_SIDED_LIMIT,
        method="M4b",
    )


def _beside(
    assessment: AreaAssessment, item: IndicatorAssessment
) -> tuple[str, dict[str, CitedNumber]]:
    """Return what stands beside a cost: quality and access of the same service, and the group's."""
    text = ""
    numbers: dict[str, CitedNumber] = {}
    for place, other in enumerate(assessment.paired(item)):
        own = NumberKey(assessment.unit.code, other.indicator.id, assessment.year)
        shown = {f"paired_{place}": (own, other.position.value)}
        text += f" · obok: {other.indicator.short_name} {{paired_{place}}}"
        if other.position.median is not None:
            grouped = own.of(statistic="median", group=assessment.group.key)
            shown[f"paired_{place}_median"] = (grouped, other.position.median)
            text += f" (mediana {{paired_{place}_median}})"
        numbers |= {
            name: CitedNumber(key, value, other.indicator.decimals, other.indicator.measure_unit)
            for name, (key, value) in shown.items()
            if value is not None
        }
    return text, numbers


def _difference_finding(assessment: AreaAssessment, item: IndicatorAssessment) -> Finding:
    position = item.position
    compared, count = _compared(assessment, position)
    confidence, why, numbers = rate_confidence(assessment, item)
    return Finding(
        claim="difference",
        mark="not_judged",
        text=f"{_subject(assessment, item)}: {compared}. Tej różnicy nie oceniamy.",
        detail="{value} · mediana grupy {median}",
        numbers=_position_numbers(assessment, item, count) | numbers,
        strength=0.4 * _extremity(position) * _WEIGHT[confidence],
        confidence=confidence,
        confidence_reason=why,
        indicator=item.indicator.id,
        not_said="Różnica bez uzgodnionego kierunku nie jest ani dobra, ani zła.",
        method="M9",
    )


def _odd_finding(assessment: AreaAssessment, item: IndicatorAssessment) -> Finding:
    """Say that a value is far from the unit's earlier years: look at the source first (M8)."""
    value, usual = item.value, item.among_years.median
    assert value is not None and usual is not None  # it would not be odd
    own = NumberKey(assessment.unit.code, item.indicator.id, assessment.year)
    numbers = {"value": (own, value), "usual": (own.of(statistic="median_of_years"), usual)}
    return Finding(
        claim="odd",
        mark="not_judged",
        text=f"{_subject(assessment, item)}: wartość wyraźnie odbiega od wcześniejszych lat "
        "tej jednostki. Warto sprawdzić ją u źródła.",
        detail="{value} · mediana wcześniejszych lat {usual}",
        numbers={
            name: CitedNumber(key, number, item.indicator.decimals, item.indicator.measure_unit)
            for name, (key, number) in numbers.items()
        },
        strength=0.5,
        confidence="not_assessable",
        confidence_reason="to sygnał do sprawdzenia, a nie wniosek",
        indicator=item.indicator.id,
        not_said="Wartość odległa od innych może być prawdziwa; nie mówi, czy to dobrze, czy źle.",
        method="M8",
    )


def _trend_finding(
    assessment: AreaAssessment, item: IndicatorAssessment, adjusted: Mapping[str, float]
) -> Finding:
    trend = item.trend
    assert trend.slope is not None and trend.interval is not None
    rising = trend.direction == "rising"
    improving = rising == (item.indicator.polarity.judged == "higher")
    confidence, why, of_confidence = rate_trend(assessment, item, adjusted)
    key = NumberKey(assessment.unit.code, item.indicator.id, assessment.year, "slope")
    digits = min(item.indicator.decimals + 1, 6)
    unit = "p.proc." if item.indicator.measure_unit == "%" else item.indicator.measure_unit
    low, high = trend.interval
    moves = "wzrost" if rising else "spadek"
    return Finding(
        claim="trend",
        mark="better" if improving else "worse",
        text=f"{_subject(assessment, item)}: w latach {trend.first_year}–{trend.last_year} "
        f"przeważa {moves} – to {'korzystne' if improving else 'mniej korzystne'}.",
        detail="typowa zmiana {slope} na rok (od {slope_low} do {slope_high})",
        numbers={
            "slope": CitedNumber(key, trend.slope, digits, unit, signed=True),
            "slope_low": CitedNumber(key.of(statistic="slope_low"), low, digits, signed=True),
            "slope_high": CitedNumber(
                key.of(statistic="slope_high"), high, digits, unit, signed=True
            ),
        }
        | of_confidence,
        strength=0.6 * _WEIGHT[confidence],
        confidence=confidence,
        confidence_reason=why,
        indicator=item.indicator.id,
        not_said="Zmiana w czasie nie mówi, co ją spowodowało.",
        method="M7",
    )


def _position_numbers(
    assessment: AreaAssessment, item: IndicatorAssessment, count: int
) -> dict[str, CitedNumber]:
    """Return value, median, size of the group and how many lie on the other side."""
    indicator, position = item.indicator, item.position
    assert position.value is not None and position.median is not None
    own = NumberKey(assessment.unit.code, indicator.id, assessment.year)
    grouped = own.of(statistic="median", group=assessment.group.key)
    unit = indicator.measure_unit
    side = "above" if position.side == "below" else "below"
    return {
        "value": CitedNumber(own, position.value, indicator.decimals, unit),
        "median": CitedNumber(grouped, position.median, indicator.decimals, unit),
        "n": CitedNumber(grouped.of(statistic="n_used"), position.n_used),
        "count": CitedNumber(grouped.of(statistic=side), count),
    }


def _subject(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    """Name what is told; of a task of others in the territory it is said whose task it is."""
    name = item.indicator.short_name
    unit, code = assessment.unit, item.indicator.service
    service = next((s for s in assessment.area.services if s.code == code), None)
    if service is None or service.is_task_of(unit.level, unit.kind):
        return name
    where = "powiatu" if unit.level == "powiat" else "gminy"
    return f"{name} (na obszarze {where}, zadanie {write_levels(service.task_of)})"


def _extremity(position: Position) -> float:
    """Return 0 in the middle of the group, 1 at either end; by merit where there is one."""
    place = position.percentile if position.merit is None else position.merit
    return 0.0 if place is None else 2 * abs(place - 0.5)


def _compared(assessment: AreaAssessment, position: Position) -> tuple[str, int]:
    """Say on which side of how many peers a value lies, and return how many."""
    above = position.side == "above"
    count = position.below if above else position.above
    more = "więcej" if above else "mniej"
    return f"{more} niż w {{count}} z {{n}} porównywanych {_peers(assessment)}", count


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
