"""Which few numbers of an area belong in a chapter about a unit, and from which year?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smup_lib.conclude.area_values import YearBesideGroup
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

#: As many as a reader of a chapter about all areas can take in.
MOST = 6


@dataclass(frozen=True)
class ChapterNumber:
    """An indicator with the newest number that a chapter of a year may state.

    Attributes
    ----------
    item : IndicatorAssessment
        What it is.
    newest : YearBesideGroup
        Its newest year with a number, not later than the year of the chapter.
    """

    item: IndicatorAssessment
    newest: YearBesideGroup


def choose_for_chapter(assessment: AreaAssessment, most: int = MOST) -> tuple[ChapterNumber, ...]:
    """Choose what a chapter states of an area.

    First what the findings speak of, in their order; then the first indicators of each dimension
    in turn; last those whose newest number is older than the year. A cost comes with a number of
    quality or access of the same service or not at all.

    Parameters
    ----------
    assessment : AreaAssessment
        Of the area, in the year of the chapter.
    most : int
        How many at most.
    """
    chosen: dict[str, ChapterNumber] = {}
    for item in _wanted(assessment):
        wanted = _with_pairs(assessment, item)
        new = [one for one in wanted if one.item.indicator.id not in chosen]
        if wanted and len(chosen) + len(new) <= most:
            chosen |= {one.item.indicator.id: one for one in new}
    return tuple(chosen.values())


def _wanted(assessment: AreaAssessment) -> Iterator[IndicatorAssessment]:
    by_id = {item.indicator.id: item for item in assessment.indicators}
    for finding in assessment.findings:
        if finding.indicator in by_id:
            yield by_id[finding.indicator]
    leading = assessment.leading()
    place: dict[str | None, int] = {}
    turns = []
    for item in leading:  # the first of each dimension, then the second of each, ...
        dimension = item.indicator.dimension
        place[dimension] = place.get(dimension, 0) + 1
        turns.append((place[dimension], item))
    turns.sort(key=lambda turn: turn[0])
    yield from (item for _, item in turns)
    shown = {item.indicator.id for item in leading}
    for item in assessment.indicators:
        if item.status == "no_data" and item.indicator.twin_of not in shown:
            yield item


def _with_pairs(assessment: AreaAssessment, item: IndicatorAssessment) -> list[ChapterNumber]:
    """Return an indicator with one that belongs beside it; nothing when that has no number."""
    own = newest_number(item, assessment.year)
    if own is None:
        return []
    if not item.indicator.paired_with:
        return [own]
    by_id = {one.indicator.id: one for one in assessment.indicators}
    beside = (by_id[name] for name in item.indicator.paired_with if name in by_id)
    pair = next((found for one in beside if (found := newest_number(one, assessment.year))), None)
    return [own, pair] if pair else []


def newest_number(item: IndicatorAssessment, year: int) -> ChapterNumber | None:
    """Return the newest number of an indicator not later than a year; None without any."""
    known = [one for one in item.by_year if one.year <= year and _is_number(one.cell.value)]
    newest = max(known, key=lambda one: one.year, default=None)
    return ChapterNumber(item, newest) if newest else None


def _is_number(value: float | None) -> bool:
    return value is not None and not math.isnan(value)
