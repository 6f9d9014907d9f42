"""Could the difference from the group be chance alone? Intervals from counts (M2, M3, M4a)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from smup_lib.indicators import compute_group_value

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: Levels of confidence asked for, weaker first.
CONFIDENCE_LEVELS = (0.95, 0.998)
#: Fewer peers with counts than this, and the group is no yardstick (M4a).
MINIMUM_COUNTED_PEERS = 5
#: Up to this many events the interval of a rate is exact, above it Byar's.
_EXACT_BELOW = 10
#: A group this many times larger than the unit counts as fixed.
_FIXED_FROM = 10

Interval = tuple[float, float]


@dataclass(frozen=True)
class Chance:
    """How far chance alone could move a value, and whether it explains the difference.

    Attributes
    ----------
    low, high : float or None
        95 % interval of the unit's value, in the measure unit of the indicator.
    group_value : float or None
        Value of all peers together, from summed counts.
    side : str or None
        ``above`` or ``below`` the group value; None when level with it.
    expected : float or None
        Events the unit would have at the rate of the group; None of a share.
    excluded_at : float or None
        The highest of :data:`CONFIDENCE_LEVELS` at which the difference is more than chance; 0
        when chance explains it; None when nobody can tell.
    reason : str or None
        Polish reason for None.
    """

    low: float | None = None
    high: float | None = None
    group_value: float | None = None
    side: Literal["above", "below"] | None = None
    expected: float | None = None
    excluded_at: float | None = None
    reason: str | None = None

    @property
    def explains(self) -> bool:
        """Whether the difference may be chance alone."""
        return self.excluded_at == 0


def compare_chance(
    indicator: Indicator, values: pd.DataFrame, unit_code: str, members: Iterable[str]
) -> Chance:
    """Ask whether chance alone explains the difference between a unit and its group.

    The data are full counts, not samples: the interval says how the count could vary in another
    year under the same conditions.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio`` and method ``share`` or ``rate``; others have no answer.
    values : DataFrame
        ``unit_code, year, value, flag, numerator, denominator`` of one indicator and year.
    unit_code : str
        The unit.
    members : iterable of str
        Its peers; the unit itself is left out.

    Returns
    -------
    Chance

    References
    ----------
    Wilson 1927; Breslow and Day 1987; Garwood 1936; Newcombe 1998 for a group that is not much
    larger than the unit, and the same square-and-add rule for rates (Zou and Donner 2008).

    Examples
    --------
    A share of 12 of 80 against 588 of 2920 of the others (golden case of M4a).

    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": ["a", "b", "c", "d", "e", "f"], "year": 2020,
    ...     "numerator": [12.0, 88, 100, 100, 200, 100], "flag": "ok",
    ...     "denominator": [80.0, 420, 500, 500, 1000, 500]})
    >>> chance = compare_chance(share, rows, "a", rows["unit_code"])
    >>> round(chance.group_value, 7), chance.explains
    (20.1369863, True)
    """
    if indicator.method == "published":
        return Chance(reason="wartość ogłoszono bez liczby przypadków")
    if indicator.data_basis != "count_ratio" or indicator.method not in ("share", "rate"):
        return Chance(reason="wskaźnik nie jest częścią ani częstością policzoną z liczb")
    own = values[values["unit_code"] == unit_code]
    if own.empty or not _are_counts(own["numerator"].iloc[0], own["denominator"].iloc[0]):
        return Chance(reason="liczebności jednostki nie są znane")
    count, base = int(own["numerator"].iloc[0]), float(own["denominator"].iloc[0])
    if indicator.method == "share" and count > base:
        return Chance(reason="licznik jest większy od mianownika")
    peers = {code for code in members if code != unit_code}
    group = compute_group_value(indicator, values[values["unit_code"].isin(peers)], len(peers))
    low, high = (
        indicator.multiplier * b for b in _interval(indicator, count, base, CONFIDENCE_LEVELS[0])
    )
    if group.n_used < MINIMUM_COUNTED_PEERS:
        return Chance(low, high, reason="za mało jednostek grupy ma znane liczebności")
    if group.value is None or group.numerator is None or group.denominator is None:
        return Chance(low, high, reason=group.reason)
    group_rate = group.numerator / group.denominator
    gap = count / base - group_rate
    excluded = [
        level
        for level in CONFIDENCE_LEVELS
        if _differs(indicator, (count, base), (group.numerator, group.denominator), level)
    ]
    return Chance(
        low,
        high,
        group.value,
        side=None if gap == 0 else ("above" if gap > 0 else "below"),
        expected=base * group_rate if indicator.method == "rate" else None,
        excluded_at=max(excluded, default=0.0),
    )


def _are_counts(count: float, base: float) -> bool:
    """Whether these are whole cases on a known base; estimated shares of cases are not."""
    return not math.isnan(count + base) and count >= 0 and base > 0 and float(count).is_integer()


def _differs(
    indicator: Indicator, own: tuple[float, float], group: tuple[float, float], level: float
) -> bool:
    """Whether the unit differs from its group by more than chance at a level of confidence."""
    low, high = _interval(indicator, own[0], own[1], level)
    rate, group_rate = own[0] / own[1], group[0] / group[1]
    if group[1] < _FIXED_FROM * own[1]:
        group_low, group_high = _interval(indicator, group[0], group[1], level)
        difference = rate - group_rate
        lowest = difference - math.hypot(rate - low, group_high - group_rate)
        highest = difference + math.hypot(high - rate, group_rate - group_low)
        return lowest > 0 or highest < 0
    return low > group_rate or high < group_rate


def _interval(
    indicator: Indicator, count: float, base: float, level: float = CONFIDENCE_LEVELS[0]
) -> Interval:
    if indicator.method == "share":
        return wilson_interval(round(count), round(base), level)
    low, high = poisson_interval(count, level)
    return low / base, high / base


def wilson_interval(count: int, base: int, level: float = 0.95) -> Interval:
    """Return the interval of a share (M2).

    Examples
    --------
    >>> [round(bound, 10) for bound in wilson_interval(3, 20)]
    [0.0523687459, 0.3604188647]
    """
    from scipy.stats import binomtest

    found = binomtest(count, base).proportion_ci(confidence_level=level, method="wilson")
    return float(found.low), float(found.high)


def poisson_interval(count: float, level: float = 0.95) -> Interval:
    """Return the interval of a number of events: exact below ten, Byar's from ten (M3).

    Examples
    --------
    >>> [round(bound, 8) for bound in poisson_interval(27)]
    [17.78896447, 39.28509867]
    """
    from scipy.stats import chi2, norm

    outside = 1 - level
    if count < _EXACT_BELOW:
        low = chi2.ppf(outside / 2, 2 * count) / 2 if count else 0.0
        return float(low), float(chi2.ppf(1 - outside / 2, 2 * count + 2) / 2)
    z = float(norm.ppf(1 - outside / 2))
    low = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    above = count + 1
    return low, above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
