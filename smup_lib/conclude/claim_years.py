"""Does a series go the claimed way over the claimed years? (M6 by counts, M7 by values)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smup_lib.compare import Trend, compare_recent_trends
from smup_lib.compare.recent_trend import POINTS, SPAN
from smup_lib.compare.trend import LONG_SERIES, SIGNIFICANCE
from smup_lib.conclude.claim_data import ClaimData
from smup_lib.conclude.claim_levels import NO_DIRECTION
from smup_lib.conclude.confidence import Confidence
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.own_series import OwnSeries
from smup_lib.conclude.verdicts import Answer, undecidable

#: A direction proven below this is told with high confidence.
_STRONG = 0.01
_TO_TARGET = (
    "Wskaźnik ma wartość docelową, więc sam kierunek zmian nie jest ani dobry, ani zły: po jednej "
    "stronie celu dobry jest wzrost, po drugiej spadek."
)
_STEP = "wydłuż okres albo porównaj dwa wybrane lata (higher, lower, rose_by)"


@dataclass(frozen=True)
class _Course:
    """What the asked method says of the years of the claim."""

    method: Literal["M6", "M7"]
    direction: Literal["rising", "falling", "steady", "unknown"]
    slope: float = 0.0
    n: int = 0
    confidence: Confidence = "medium"
    why: str = ""
    reason: str = ""


def decide_direction(data: ClaimData) -> Answer:
    """Decide whether values rise, fall, improve, worsen or have no direction over the years."""
    says = data.claim.says
    if says in ("improving", "worsening"):
        polarity = data.indicator.polarity.judged
        if not data.indicator.ranked or polarity == "target":
            why = _TO_TARGET if polarity == "target" else NO_DIRECTION
            return undecidable(why, "napisz, czy wartość rośnie, czy spada")
        wanted = "rising" if (says == "improving") == (polarity == "higher") else "falling"
    else:
        wanted = says
    course = _find_course(data)
    if course.direction == "unknown":
        return undecidable(f"Kierunku nie da się sprawdzić: {course.reason}.", _STEP, {}, ["M7"])
    numbers = {
        "slope": data.cite_change(course.slope, f"{course.method}:slope"),
        "years": data.cite_count(course.n, "trend_years", in_group=False),
    }
    told = _told(data, course)
    if wanted == "steady":
        return _decide_steady(course, told, numbers)
    if course.direction == wanted:
        return Answer(
            "supported", f"{told}.", numbers, (course.method,), course.confidence, course.why
        )
    onward = course.slope > 0 if wanted == "rising" else course.slope < 0
    if course.direction == "steady" and onward:
        text = f"{told}; to może być zwykłe wahanie."
        return undecidable(text, _STEP, numbers, [course.method])
    return Answer("contradicted", f"{told}.", numbers, (course.method,))


def _decide_steady(course: _Course, told: str, numbers: dict[str, CitedNumber]) -> Answer:
    """Decide whether no direction is seen: that is no proof that nothing changed."""
    if course.direction != "steady":
        return Answer("contradicted", f"{told}.", numbers, (course.method,))
    short = course.n < LONG_SERIES
    return Answer(
        "supported",
        f"{told}.",
        numbers,
        (course.method,),
        "low" if short else "medium",
        "lat jest mało, a wtedy i prawdziwy kierunek rzadko widać" if short else "",
        not_said="Brak widocznego kierunku nie dowodzi, że nic się nie zmieniło.",
    )


def _told(data: ClaimData, course: _Course) -> str:
    span = f"W latach {data.since}–{data.claim.year} ({{years}} z danymi)"
    words = {
        "rising": "przeważa wzrost",
        "falling": "przeważa spadek",
        "steady": "nie widać trwałego kierunku",
    }
    return f"{span} {words[course.direction]}; typowa zmiana na rok: {{slope}}"


def _find_course(data: ClaimData) -> _Course:
    """Ask the counts of a short period, the values of a long one or where counts do not answer."""
    if data.claim.year - data.since < SPAN and data.counted is not None:
        course = _by_counts(data)
        if course is not None:
            return course
    return _by_values(data)


def _by_counts(data: ClaimData) -> _Course | None:
    """Ask the five most recent years by their counts (M6); None where it cannot answer."""
    assert data.counted is not None  # asked by the caller
    indicator, code = data.counted.indicator, data.assessment.unit.code
    rows = data.rows_of(indicator)
    own = rows[(rows["unit_code"] == code) & (rows["year"] >= data.since)]
    if len(own) < POINTS or data.few_cases(own):
        return None
    found = compare_recent_trends(indicator, own, data.claim.year, {code: data.since})
    row = found.rows.iloc[0]
    # the method looks at five years: a longer claim is not decided by a part of its years
    if row["reason"] or int(row["first_year"]) > min(data.own_years_in_period):
        return None
    confidence: Confidence = "low" if _estimated(data) else "high"
    why = "kierunek nie zależy od żadnego pojedynczego roku"
    return _Course("M6", row["direction"], float(row["value"]), POINTS, confidence, why)


def _by_values(data: ClaimData) -> _Course:
    """Test the values of the period for a direction (M7)."""
    cells = {y: cell for y, cell in data.own.cells.items() if y >= data.since}
    trend = OwnSeries(cells).trend_until(data.claim.year, ())
    if trend.direction == "unknown" or trend.slope is None:
        return _Course("M7", "unknown", reason=trend.reason or "za mało lat z danymi")
    confidence, why = _rate(data, trend)
    return _Course("M7", trend.direction, trend.slope, trend.n, confidence, why)


def _rate(data: ClaimData, trend: Trend) -> tuple[Confidence, str]:
    """Return how sure a direction of values is, and why."""
    if _estimated(data):
        return "low", "część lat przeliczono szacunkowo na inne granice"
    if (trend.p_with_memory or 0.0) >= SIGNIFICANCE:
        return "low", "kolejne lata są do siebie podobne, więc to może być fala"
    p_value = max(trend.p_value or 0.0, trend.p_with_memory or 0.0)
    tested_for_memory = trend.p_with_memory is not None
    sure = p_value < _STRONG and tested_for_memory
    return ("high" if sure else "medium"), "test kierunku na latach z danymi"


def _estimated(data: ClaimData) -> bool:
    """Tell whether any year of the period was carried over by estimated weights."""
    return any(data.own.cell(year).has("estimated_weights") for year in data.own_years_in_period)
