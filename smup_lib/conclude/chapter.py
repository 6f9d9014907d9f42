"""Which few numbers of an area belong in a chapter about a unit, and from which year?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smup_lib.conclude.area_values import YearBesideGroup
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

#: As many as a reader of a chapter about all areas can take in, and so few that more should be had.
MOST, FEW = 6, 3
#: A number so many years older than the chapter may still stand in it, and none older.
LOOK_BACK = 5


@dataclass(frozen=True)
class ChapterNumber:
    """An indicator with the newest number that a chapter of a year may state.

    Attributes
    ----------
    item : IndicatorAssessment
        What it is.
    newest : YearBesideGroup
        Its newest year with a number, not later than the year of the chapter; of a cost and the
        number beside it, the newest that both have.
    """

    item: IndicatorAssessment
    newest: YearBesideGroup


def choose_for_chapter(
    assessment: AreaAssessment, most: int = MOST, year: int | None = None
) -> tuple[ChapterNumber, ...]:
    """Choose what a chapter states of an area.

    First what the findings speak of, in their order; then the first indicators of each dimension
    in turn; last those whose newest number is older than the year. A cost comes with a number of
    quality or access of the same service, both of one year, or not at all. Of an area with less to
    tell there are fewer than :data:`FEW`; the chapter says so.

    Parameters
    ----------
    assessment : AreaAssessment
        Of the area, in the year of the chapter.
    most : int
        How many at most.
    year : int, optional
        Of the chapter, when the assessment of a silent area is of an earlier one.
    """
    year = assessment.year if year is None else year
    chosen: dict[str, ChapterNumber] = {}
    for item in _wanted(assessment):
        wanted = _with_pairs(assessment, item, year)
        told = [chosen.get(one.item.indicator.id, one) for one in wanted]
        new = [one for one in wanted if one.item.indicator.id not in chosen]
        of_one_year = len({one.newest.year for one in told}) == 1
        if of_one_year and len(chosen) + len(new) <= most:
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


def _with_pairs(
    assessment: AreaAssessment, item: IndicatorAssessment, year: int
) -> list[ChapterNumber]:
    """Return an indicator with one that belongs beside it, in the newest year that both have."""
    own = list_numbers(item, year)
    if not item.indicator.paired_with:
        return own[:1]
    by_id = {one.indicator.id: one for one in assessment.indicators}
    beside = [by_id[name] for name in item.indicator.paired_with if name in by_id]
    for number in own:
        for one in beside:
            for pair in list_numbers(one, year):
                if pair.newest.year == number.newest.year:
                    return [number, pair]
    return []


def newest_number(item: IndicatorAssessment, year: int) -> ChapterNumber | None:
    """Return the newest number of an indicator that a chapter of a year may state, or None."""
    return next(iter(list_numbers(item, year)), None)


def list_numbers(item: IndicatorAssessment, year: int) -> list[ChapterNumber]:
    """Return the numbers of an indicator that a chapter of a year may state, the newest first.

    Parameters
    ----------
    item : IndicatorAssessment
        What it is.
    year : int
        Of the chapter; no number is later, and none more than :data:`LOOK_BACK` years older.
    """
    known = [
        one
        for one in item.by_year
        if year - LOOK_BACK <= one.year <= year and _is_number(one.cell.value)
    ]
    known.sort(key=lambda one: -one.year)
    return [ChapterNumber(item, one) for one in known]


def _is_number(value: float | None) -> bool:
    return value is not None and not math.isnan(value)
