"""In what do several units differ, and is it more than rounding and chance?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.compare.two_units import Between, compare_two

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

_CITY = "city_with_powiat_rights"
#: A difference that may be told as one.
TOLD: tuple[Between, ...] = ("clearly_apart", "apart", "unknown")


@dataclass(frozen=True, eq=False)
class Spread:
    """One indicator of several units.

    Attributes
    ----------
    most, least : pair of AreaAssessment and IndicatorAssessment
        The units with the largest and the smallest value.
    between : str
        What their difference may come from; see :data:`smup_lib.compare.two_units.Between`.
    size : float
        The difference in widths of the middle half of the first unit's group; 0 where that is
        not known.
    known : int
        Units with a value.
    """

    most: tuple[AreaAssessment, IndicatorAssessment]
    least: tuple[AreaAssessment, IndicatorAssessment]
    between: Between
    size: float
    known: int

    @property
    def item(self) -> IndicatorAssessment:
        """The indicator, as the unit with the largest value has it."""
        return self.most[1]


def list_spreads(units: Sequence[AreaAssessment]) -> list[Spread]:
    """List the indicators that at least two units have a value of; background is left out.

    Of a published indicator and its computed twin the leading one speaks. What may be told as a
    difference stands first, the widest first.
    """
    leading = {item.indicator.id for one in units for item in one.leading()}
    ids = dict.fromkeys(
        item.indicator.id
        for one in units
        for item in one.shown()
        if item.indicator.role != "contextual" and item.indicator.id in leading
    )
    found = [spread for name in ids for spread in _spread(units, name)]
    return sorted(found, key=lambda one: (one.between not in TOLD, -one.size))


def _spread(units: Sequence[AreaAssessment], indicator: str) -> Iterator[Spread]:
    known = [
        (one, item)
        for one in units
        for item in one.shown()
        if item.indicator.id == indicator and item.value is not None
    ]
    if len(known) < 2:
        return
    position = known[0][1].position
    known.sort(key=lambda pair: pair[1].value or 0.0)
    least, most = known[0], known[-1]
    codes = (most[0].unit.code, least[0].unit.code)
    pairs = len(known) * (len(known) - 1) // 2
    between = compare_two(most[1].indicator, most[1].values, *codes, pairs=pairs)
    if between is None:
        return
    if between in ("small", "unknown") and (most[1].few_cases or least[1].few_cases):
        between = "few"
    gap = (most[1].value or 0.0) - (least[1].value or 0.0)
    width = (position.q75 or 0.0) - (position.q25 or 0.0)
    yield Spread(most, least, between, gap / width if width > 0 else 0.0, len(known))


def list_alike(units: Sequence[AreaAssessment]) -> list[AreaAssessment]:
    """List the units with the tasks of the first: a city with powiat rights has those of two.

    Differences between units of different tasks are told of nobody.
    """
    city = units[0].unit.kind == _CITY
    return [one for one in units if (one.unit.kind == _CITY) == city]
