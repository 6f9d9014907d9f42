"""About what do the data say nothing, and who has it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS, Dimension

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment


@dataclass(frozen=True)
class Silence:
    """A dimension, or a group of an area without dimensions, of which nothing is known.

    Attributes
    ----------
    name : str
        What it is called in Polish.
    source : str
        Who has the data, in Polish.
    """

    name: str
    source: str


def list_silences(assessment: AreaAssessment) -> tuple[Silence, ...]:
    """Return the dimensions without any value, or the groups of finance that show nothing."""
    shown = assessment.shown()
    if has_dimensions(assessment):
        told = {item.indicator.dimension for item in shown}
        return tuple(
            Silence(DIMENSION_WORDS[dimension], _first_source(assessment, dimension))
            for dimension in get_args(Dimension)
            if dimension not in told
        )
    told_services = {item.indicator.service for item in shown}
    silent = []
    for service in assessment.area.services:
        gaps = [gap.gap for gap in assessment.gaps if gap.service == service.code]
        if gaps and service.code not in told_services:
            silent.append(Silence(service.name, " ".join(dict.fromkeys(g.source for g in gaps))))
    return tuple(silent)


def has_dimensions(assessment: AreaAssessment) -> bool:
    """Tell whether the area describes services by dimensions; finance does not."""
    return any(indicator.dimension for indicator in assessment.area.indicators)


def _first_source(assessment: AreaAssessment, dimension: Dimension) -> str:
    """Return who has the first missing data of a dimension, of the unit's own tasks first."""
    unit = assessment.unit
    foreign = {s.code for s in assessment.area.services if not s.is_task_of(unit.level, unit.kind)}
    gaps = [gap for gap in assessment.gaps if gap.dimension == dimension]
    gaps.sort(key=lambda gap: gap.service in foreign)
    return gaps[0].gap.source if gaps else "nie wskazano źródła"
