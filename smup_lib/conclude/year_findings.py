"""Findings over the years: changing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smup_lib.compare.reading import difference_unit
from smup_lib.conclude.confidence import rate_trend
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.finding import WEIGHT, Finding
from smup_lib.conclude.signals import is_directed
from smup_lib.conclude.telling import key_of, subject, weigh_task

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.signals import Signals


def trend_findings(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Iterator[Finding]:
    """Yield the direction of the years where it is proven, good or bad, and large enough."""
    proven = item.trend.direction in ("rising", "falling")
    if is_directed(item) and proven and _moves_enough(item):
        yield _trend_finding(assessment, item, signals)


def _moves_enough(item: IndicatorAssessment) -> bool:
    """Tell whether all the years together moved by the smallest gap that matters."""
    trend, smallest = item.trend, item.indicator.minimum_gap or 0.0
    assert trend.slope is not None and trend.first_year and trend.last_year
    return abs(trend.slope) * (trend.last_year - trend.first_year) >= smallest


def _trend_finding(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Finding:
    trend = item.trend
    assert trend.slope is not None and trend.interval is not None
    rising = trend.direction == "rising"
    improving = rising == (item.indicator.polarity.judged == "higher")
    confidence, why, of_confidence = rate_trend(assessment, item, signals)
    key = key_of(assessment, item, "slope").of(group="")
    digits = min(item.indicator.decimals + 1, 6)
    unit = difference_unit(item.indicator.measure_unit)
    low, high = trend.interval
    moves = "wzrost" if rising else "spadek"
    return Finding(
        claim="trend",
        mark="better" if improving else "worse",
        text=f"{subject(assessment, item)}: w latach {trend.first_year}–{trend.last_year} "
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
        strength=0.6 * WEIGHT[confidence] * weigh_task(assessment, item),
        confidence=confidence,
        confidence_reason=why,
        indicator=item.indicator.id,
        service=item.indicator.service,
        kept=signals.keeps_direction(item.indicator.id),
        not_said="Zmiana w czasie nie mówi, co ją spowodowało.",
        method="M7",
    )
