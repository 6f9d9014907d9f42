"""Was it so in earlier years too, or is it the work of one year?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.compare.position import find_side

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator

#: So many years before are asked at most, the nearest first ...
EARLIER_YEARS = 5
#: ... and none further back than this.
_FARTHEST = 10
#: Fewer than this say nothing.
MINIMUM_EARLIER = 3
#: From this share of them on it is lasting.
LASTING = 0.8


@dataclass(frozen=True)
class Persistence:
    """In how many earlier years the unit lay on the same side of the median of its group.

    Attributes
    ----------
    share : float or None
        0-1; None when too few years are known.
    years : tuple of int
        The years asked, oldest first.
    agreeing : tuple of int
        Those of them with the same side.
    reason : str or None
        Polish reason when ``share`` is None.
    """

    share: float | None
    years: tuple[int, ...] = ()
    agreeing: tuple[int, ...] = ()
    reason: str | None = None


def compare_persistence(
    indicator: Indicator,
    year: int,
    side: str | None,
    earlier: Sequence[tuple[int, float, float]],
) -> Persistence:
    """Ask the nearest earlier years on which side of the median they put the unit.

    Values of single years carry chance that nobody can measure without counts (and with counts that
    come in clusters hardly more): a side that was kept for years is not the work of one.

    Parameters
    ----------
    indicator : Indicator
        Gives the rounding.
    year : int
        The year of the comparison.
    side : str or None
        Side in the year of the comparison: ``above``, ``below`` or ``equal``.
    earlier : sequence of (year, value, median)
        Earlier years that may be joined with this one; null values and medians are left out.

    Returns
    -------
    Persistence

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = [(2018, 12.0, 20.0), (2019, 14.0, 21.0), (2020, 25.0, 22.0), (2021, 16.0, 23.0)]
    >>> compare_persistence(share, 2022, "below", rows).share
    0.75
    """
    if side is None:
        return Persistence(None, reason="położenie nie jest znane")
    near = range(year - _FARTHEST, year)
    known = sorted(
        (when, own, median)
        for when, own, median in earlier
        if when in near and own == own and median == median
    )
    asked = known[-EARLIER_YEARS:]
    years = tuple(year for year, _, _ in asked)
    if len(asked) < MINIMUM_EARLIER:
        return Persistence(None, years, reason="za mało wcześniejszych lat, by sprawdzić trwałość")
    agreeing = tuple(
        year for year, own, median in asked if find_side(indicator, own, median) == side
    )
    return Persistence(len(agreeing) / len(asked), years, agreeing)
