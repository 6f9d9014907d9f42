"""Could the difference from the group be chance alone? Intervals from counts (M2, M3, M4a)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.counts import NO_COUNTS, Counts, counts_refusal, lay_out_counts
from smup_lib.compare.false_alarms import miss_probabilities
from smup_lib.compare.intervals import difference_interval, ratio_interval
from smup_lib.indicators import compute_group_value

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator
    from smup_lib.indicators.aggregate import GroupValue

#: Levels of confidence asked for, weaker first.
CONFIDENCE_LEVELS = (0.95, 0.998)
#: Fewer peers with counts than this, and the group is no yardstick (M4a).
MINIMUM_COUNTED_PEERS = 5
#: A group this many times larger than the unit counts as fixed.
_FIXED_FROM = 10

Array = NDArray[np.float64]


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
    p_value : float or None
        Two-sided, of the difference; for a list of many (M15).
    false_alarm : float or None
        Probability that a unit of this size that is no different at all would be told to differ
        at the first of the levels (M24).
    reason : str or None
        Polish reason for None.
    """

    low: float | None = None
    high: float | None = None
    group_value: float | None = None
    side: Literal["above", "below"] | None = None
    expected: float | None = None
    excluded_at: float | None = None
    p_value: float | None = None
    false_alarm: float | None = None
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
    if (why := counts_refusal("M4a", indicator)) is not None:
        return Chance(reason=why)
    own = lay_out_counts(indicator, values[values["unit_code"] == unit_code])
    peers = {code for code in members if code != unit_code}
    group = compute_group_value(indicator, values[values["unit_code"].isin(peers)], len(peers))
    return compare_chance_of_sums(indicator, own, group)


def compare_chance_of_sums(indicator: Indicator, own: Counts, group: GroupValue) -> Chance:
    """Ask as :func:`compare_chance` does, of counts that are summed already.

    Parameters
    ----------
    indicator : Indicator
        With counts.
    own : Counts
        Of the unit alone.
    group : GroupValue
        The sums of its peers, without the unit.

    Returns
    -------
    Chance
    """
    if not len(own.reason) or not own.known.all():
        return Chance(reason=str(next(iter(own.reason), NO_COUNTS)))
    counted = own.count, own.base
    low, high = (
        indicator.multiplier * float(bound[0])
        for bound in ratio_interval(indicator.method, *counted, CONFIDENCE_LEVELS[0])
    )
    if group.n_used < MINIMUM_COUNTED_PEERS:
        return Chance(low, high, reason="za mało jednostek grupy ma znane liczebności")
    if group.value is None or group.numerator is None or group.denominator is None:
        return Chance(low, high, reason=group.reason)
    rate, base = group.numerator / group.denominator, float(own.base[0])
    gap = float(own.count[0]) / base - rate
    summed = np.array([group.numerator]), np.array([group.denominator])
    excluded = [
        level
        for level in CONFIDENCE_LEVELS
        if differs(indicator.method, counted, summed, level).all()
    ]
    missed = miss_probabilities(indicator.method, own.base, rate, CONFIDENCE_LEVELS[0])
    return Chance(
        low,
        high,
        group.value,
        side=None if gap == 0 else ("above" if gap > 0 else "below"),
        expected=base * rate if indicator.method == "rate" else None,
        excluded_at=max(excluded, default=0.0),
        p_value=float(difference_p_values(indicator.method, counted, summed)[0]),
        false_alarm=float(missed[0]),
    )


def differs(
    method: str, own: tuple[Array, Array], group: tuple[Array, Array], level: float
) -> NDArray[np.bool_]:
    """Tell whether units differ from their groups by more than chance at a level of confidence.

    A group at least ten times the size of the unit counts as fixed; against a smaller one the
    interval of the difference decides.

    Parameters
    ----------
    method : str
        ``share`` or ``rate``.
    own, group : pair of ndarray
        Counts and bases of the units, and summed counts and bases of their groups.
    level : float
        Confidence.

    Examples
    --------
    >>> own, group = (np.array([12.0, 3]), np.array([80.0, 20])), (np.array([588.0, 45]),
    ...     np.array([2920.0, 100]))
    >>> differs("share", own, group, 0.95).tolist()
    [False, True]
    """
    bounds, rate = ratio_interval(method, *own, level), own[0] / own[1]
    group_rate = group[0] / group[1]
    fixed = (bounds[0] > group_rate) | (bounds[1] < group_rate)
    small = group[1] < _FIXED_FROM * own[1]
    if not small.any():
        return fixed
    group_bounds = ratio_interval(method, *group, level)
    low, high = difference_interval(rate, bounds, group_rate, group_bounds)
    return np.where(small, (low > 0) | (high < 0), fixed)


def difference_p_values(method: str, own: tuple[Array, Array], group: tuple[Array, Array]) -> Array:
    """Return two-sided p-values of the difference between units and their groups.

    Both sides are taken as variable: the pooled score test of two shares, and of two rates the
    exact binomial test of how the events divide (its smaller tail doubled, cut at 1).

    Examples
    --------
    >>> own, group = (np.array([12.0]), np.array([80.0])), (np.array([588.0]), np.array([2920.0]))
    >>> difference_p_values("share", own, group).round(3).tolist()
    [0.257]
    """
    from scipy.special import ndtr
    from scipy.stats import binom

    (x, n), (group_x, group_n) = own, group
    total, part = x + group_x, n / (n + group_n)
    if method == "rate":
        # peers whose numbers were carried to other borders sum to parts of an event
        events = np.rint(total)
        tail = np.minimum(binom.cdf(x, events, part), binom.sf(x - 1, events, part))
        return np.asarray(np.minimum(1.0, 2 * tail))
    pooled = total / (n + group_n)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / group_n))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread > 0, np.abs(x / n - group_x / group_n) / spread, 0.0)
    return np.asarray(2 * ndtr(-z))
