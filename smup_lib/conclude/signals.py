"""Which of the differences and directions of an area are more than luck? (M15, M24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.compare import adjust_trends
from smup_lib.compare.batch import adjust_p_values

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import IndicatorAssessment

#: At most about this share of the kept signals is expected to be the work of chance.
FALSE_SHARE = 0.05


@dataclass(frozen=True)
class Signals:
    """What was tested for chance in one area of one unit, and what stands.

    Differences from the group and directions over time are two families: each is adjusted by
    itself, so that of either at most :data:`FALSE_SHARE` is expected to be chance.

    Attributes
    ----------
    places : mapping of str to float
        By indicator, the adjusted p-value of the difference from the group, where counts are known.
    directions : mapping of str to float
        By indicator, the adjusted p-value of the direction over time.
    expected : float
        Differences that would pass as more than chance though there were none (M24).
    observed : int
        Differences that do.
    """

    places: Mapping[str, float] = field(default_factory=dict)
    directions: Mapping[str, float] = field(default_factory=dict)
    expected: float = 0.0
    observed: int = 0

    @property
    def tested(self) -> int:
        """How many tests were made."""
        return len(self.places) + len(self.directions)

    @property
    def kept(self) -> int:
        """How many signals stand when all that were tested with them are allowed for."""
        both = (*self.places.values(), *self.directions.values())
        return sum(adjusted <= FALSE_SHARE for adjusted in both)

    def keeps_place(self, indicator: str) -> bool | None:
        """Tell whether a difference from the group stands; None when it was not tested."""
        return self.places[indicator] <= FALSE_SHARE if indicator in self.places else None

    def keeps_direction(self, indicator: str) -> bool | None:
        """Tell whether a direction over time stands; None when it was not tested."""
        found = self.directions.get(indicator)
        return None if found is None else found <= FALSE_SHARE


def list_signals(items: Iterable[IndicatorAssessment]) -> Signals:
    """Test what can be tested of the indicators that are told.

    Parameters
    ----------
    items : iterable of IndicatorAssessment
        Those with a value, without twins: one thing is tested once.

    Returns
    -------
    Signals
    """
    items = tuple(items)
    chances = {i.indicator.id: i.chance for i in items if i.chance.p_value is not None}
    raw = [chance.p_value or 0.0 for chance in chances.values()]
    adjusted = adjust_p_values(raw).tolist() if raw else []
    return Signals(
        places=dict(zip(chances, adjusted, strict=True)),
        directions=adjust_trends({i.indicator.id: i.trend for i in items if is_directed(i)}),
        expected=sum(chance.false_alarm or 0.0 for chance in chances.values()),
        observed=sum(bool(chance.excluded_at) for chance in chances.values()),
    )


def is_directed(item: IndicatorAssessment) -> bool:
    """Tell whether a direction over time is good or bad; on the way to a target it is neither."""
    return item.indicator.ranked and item.indicator.polarity.judged != "target"
