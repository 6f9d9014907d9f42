"""Findings about a place in the group: strong, weak, unusual, too small to tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smup_lib.compare import compare_visible_change
from smup_lib.compare.persistence import LASTING
from smup_lib.compare.position import MINIMUM_COST, is_wide
from smup_lib.compare.reading import difference_unit
from smup_lib.conclude.confidence import count_years
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.finding import Finding
from smup_lib.conclude.telling import (
    VALUE_BESIDE_MEDIAN,
    compared,
    compared_to_target,
    extremity,
    key_of,
    place_finding,
    subject,
    value_numbers,
    weigh_task,
)

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.signals import Signals

#: At this place in the group, or as far on the other side, a value is at its edge.
_EDGE = 0.95
#: From here on a place looks so good or bad that its silence must be explained.
_LOOKS_LARGE = 0.8
#: Why a difference of few cases is not judged, in the sentence and behind the confidence: by the
#: test of the counts, or because there are none to test.
_EXPLAINED = (
    "przy tak małej liczbie przypadków różnica może być przypadkowa",
    "za mało przypadków, by odróżnić różnicę od zwykłych wahań",
)
_UNTESTED = (
    "zdarzeń jest mało, a bez ich dokładnej liczby nie wiadomo, ile w tej różnicy przypadku",
    "wpływu przypadku nie sprawdzono, bo w danych jest tylko gotowy wskaźnik, bez liczby zdarzeń",
)


def place_findings(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Iterator[Finding]:
    """Yield what is worth saying about the place of a value in its group, but for costs."""
    if item.position.standing in ("better", "worse"):
        yield _standing_finding(assessment, item, signals)
    elif _is_too_small(item):
        yield _too_small_finding(assessment, item)
    elif _differs(item):
        yield _difference_finding(assessment, item, signals)


def _differs(item: IndicatorAssessment) -> bool:
    """Tell whether a value that nobody judges is at the edge of its group, and not by chance.

    Sums (PLN, persons) follow the size of the unit, and context is told in its own place.
    """
    indicator, place = item.indicator, item.position.percentile
    summed = indicator.method == "amount" and indicator.data_basis != "index"
    told = indicator.role != "contextual" and not summed and not item.few_cases and not item.odd
    unjudged = item.position.standing == "not_judged" and not indicator.cost
    plain = indicator.polarity.judge != "two_sided"
    enough = item.position.n_used >= MINIMUM_COST
    edge = place is not None and abs(place - 0.5) >= _EDGE - 0.5
    sound = not _may_be_chance(item) and _reaches_gap(item)
    return told and unjudged and plain and enough and edge and sound


def _may_be_chance(item: IndicatorAssessment) -> bool:
    """Tell whether a difference may be the work of one year; without counts earlier years tell."""
    if item.chance.excluded_at is not None:
        return item.chance.explains
    return item.persistence.share is not None and item.persistence.share < LASTING


def _is_too_small(item: IndicatorAssessment) -> bool:
    """Tell whether a judged place looks large, and only the number of cases forbids to judge it."""
    place = item.position.percentile
    if not item.indicator.ranked or place is None or 2 * abs(place - 0.5) < _LOOKS_LARGE:
        return False
    explained = item.chance.explains and item.position.standing == "similar"
    few = "small_denominator" in item.qualifiers.split(",")
    withheld = few and item.position.standing == "unknown"
    return (explained or withheld) and _reaches_gap(item)


def _reaches_gap(item: IndicatorAssessment) -> bool:
    """Tell whether a gap to the median is worth telling: a tenth, and the catalogue's smallest."""
    gap, smallest = item.position.gap, item.indicator.minimum_gap or 0.0
    return gap is not None and abs(gap) >= smallest and is_wide(item.position)


def _standing_finding(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Finding:
    better = item.position.standing == "better"
    target = item.indicator.polarity.judged == "target"
    words, counts = (compared_to_target if target else compared)(assessment, item)
    return place_finding(
        assessment,
        item,
        signals,
        claim="standing",
        mark="better" if better else "worse",
        text=f"{subject(assessment, item)}: {words} – "
        f"to {'korzystne' if better else 'mniej korzystne'}.",
        beside=" · wartość docelowa {target}" if target else "",
        numbers=counts,
        not_said="Położenie w grupie nie mówi, dlaczego jednostki się różnią.",
        method="M9",
    )


def _difference_finding(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Finding:
    words, counts = compared(assessment, item)
    return place_finding(
        assessment,
        item,
        signals,
        claim="difference",
        text=f"{subject(assessment, item)}: {words}. Tej różnicy nie oceniamy.",
        numbers=counts,
        not_said="Różnica bez uzgodnionego kierunku nie jest ani dobra, ani zła.",
        method="M9",
        importance=0.4,
    )


def _too_small_finding(assessment: AreaAssessment, item: IndicatorAssessment) -> Finding:
    """Say that a difference cannot be told from chance, and how large a change could be (M16)."""
    words, counts = compared(assessment, item)
    change, years = _visible_change(assessment, item), count_years(assessment, item)
    seen = " · z roku na rok odróżni się od przypadku dopiero zmiana o {change}" if change else ""
    if years:  # what comes back year after year is worth a look, whatever one year can tell
        seen += " · po tej samej stronie mediany w {years_agreeing} z {years_tried} wcześniejszych "
        seen += f"lat z danymi ({item.persistence.years[0]}–{item.persistence.years[-1]})"
    why, sure = _EXPLAINED if item.chance.excluded_at is not None else _UNTESTED
    return Finding(
        claim="too_small",
        mark="not_judged",
        text=f"{subject(assessment, item)}: {words}, ale {why}, więc jej nie oceniamy.",
        detail=VALUE_BESIDE_MEDIAN + seen,
        numbers=value_numbers(assessment, item) | counts | change | years,
        strength=0.2 * extremity(item.position) * weigh_task(assessment, item),
        confidence_reason=sure,
        indicator=item.indicator.id,
        service=item.indicator.service,
        group=assessment.group.key,
        kept=False if item.chance.explains else None,
        not_said="Różnica, której nie da się odróżnić od przypadku, może mimo to istnieć.",
        method="M16",
    )


def _visible_change(
    assessment: AreaAssessment, item: IndicatorAssessment
) -> dict[str, CitedNumber]:
    """Return the smallest change from year to year that could show; none without counts."""
    if item.row is None:
        return {}
    found = compare_visible_change(item.indicator, item.row.to_frame().T)
    change = float(found.rows["value"].iloc[0])
    if change != change:  # a null is not equal to itself
        return {}
    unit = difference_unit(item.indicator.measure_unit)
    key = key_of(assessment, item, "visible_change").of(group="")
    return {"change": CitedNumber(key, change, item.indicator.decimals, unit)}
