"""Is it really changing: Theil-Sen slope and exact Mann-Kendall test over real years (M7)."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Fewer points than this cannot reach 5 % (with four, p = 0.083).
MINIMUM_POINTS = 5
#: A trend is told below this p-value.
SIGNIFICANCE = 0.05
#: Fewer points than this do not tell whether years resemble those before.
_LONG = 8


@dataclass(frozen=True)
class Trend:
    """The direction of a series, or the reason why none is told.

    Attributes
    ----------
    direction : str
        ``rising``, ``falling``, ``steady`` (no proof of change, or a slope of 0) or ``unknown``.
    slope : float or None
        Median yearly change in the measure unit (Theil-Sen).
    interval : tuple of float or None
        95 % interval of the slope.
    p_value : float or None
        Two-sided, Mann-Kendall: as if no year knew of the year before.
    p_with_memory : float or None
        The same with fewer independent years, where years resemble those before.
    first_year, last_year, n : int
        The points used.
    reason : str or None
        Polish reason for ``unknown``.
    """

    direction: Literal["rising", "falling", "steady", "unknown"]
    n: int
    slope: float | None = None
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    p_with_memory: float | None = None
    first_year: int | None = None
    last_year: int | None = None
    reason: str | None = None


def compare_trend(
    years: Sequence[int], values: Sequence[float], breaks: Sequence[int] = ()
) -> Trend:
    """Test a series for a monotonic trend.

    Parameters
    ----------
    years, values : sequence
        One value a year; null values are left out, never filled. Order does not matter.
    breaks : sequence of int
        First years that may not be joined with the years before them; only the part after the
        last break is tested.

    Returns
    -------
    Trend

    References
    ----------
    Mann 1945; Kendall 1975; Sen 1968 (M7); Yue and Wang 2004 for years with a memory,
    their correlation freed of its bias after Marriott and Pope 1954.

    Examples
    --------
    >>> trend = compare_trend(range(1, 6), [10, 11, 12.5, 13, 15])
    >>> trend.direction, trend.slope, round(trend.p_value, 8)
    ('rising', 1.25, 0.01666667)
    """
    from scipy.stats import theilslopes

    points = sorted(
        (year, value) for year, value in zip(years, values, strict=True) if not math.isnan(value)
    )
    if len({year for year, _ in points}) < len(points):
        raise ValueError("one value a year is needed")
    broken = [year for year in breaks if points and points[0][0] < year <= points[-1][0]]
    points = [point for point in points if point[0] >= max(broken, default=0)]
    n = len(points)
    if n < MINIMUM_POINTS:
        since = f" od {max(broken)} r." if broken else ""
        return Trend(
            "unknown", n, reason=f"za mało lat z danymi{since} ({n}; potrzeba {MINIMUM_POINTS})"
        )
    t = np.array([year for year, _ in points], dtype="float64")
    y = np.array([value for _, value in points], dtype="float64")
    slope, _, low, high = theilslopes(y, t, alpha=0.95)
    score, p_value = mann_kendall(t, y)
    # ties can carry the test while half of all pairs do not move: a slope of nothing is no trend
    proven = p_value < SIGNIFICANCE and slope != 0
    return Trend(
        direction=("rising" if score > 0 else "falling") if proven else "steady",
        n=n,
        slope=float(slope),
        interval=(float(low), float(high)),
        p_value=p_value,
        p_with_memory=_p_with_memory(t, y, float(slope), score) if n >= _LONG else None,
        first_year=int(t[0]),
        last_year=int(t[-1]),
    )


def adjust_trends(trends: Mapping[str, Trend]) -> dict[str, float]:
    """Return by indicator the p-value that allows for how many directions were tested (M15).

    Parameters
    ----------
    trends : mapping of str to Trend
        All that would be told if they were proven: one area of one unit is one family.

    Returns
    -------
    dict of str to float
        Adjusted after Benjamini and Hochberg 1995; only of the tested.
    """
    from scipy.stats import false_discovery_control

    tested = {
        name: max(trend.p_value, trend.p_with_memory or 0.0)
        for name, trend in trends.items()
        if trend.p_value is not None
    }
    if not tested:
        return {}
    adjusted = false_discovery_control(list(tested.values()), method="bh")
    return dict(zip(tested, adjusted.tolist(), strict=True))


def mann_kendall(t: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[int, float]:
    """Return Kendall's S and its two-sided p-value.

    Exact: over all orders of the values, with ties as they are.

    Examples
    --------
    >>> import numpy as np
    >>> mann_kendall(np.arange(8.0), np.array([5, 7, 6, 9, 8, 10, 12, 11.0]))[0]
    22
    """
    score = _score(y[np.argsort(t)])
    _, ties = np.unique(y, return_counts=True)
    return score, _exact_p(tuple(sorted(ties.tolist())), score)


def _p_with_memory(
    t: NDArray[np.float64], y: NDArray[np.float64], slope: float, score: int
) -> float:
    """Return the p-value with the variance that the likeness of successive years leaves."""
    n = len(y)
    rest = y - slope * t
    rest = rest - rest.mean()
    spread = float((rest**2).sum())
    likeness = float((rest[1:] * rest[:-1]).sum()) / spread if spread > 0 else 0.0
    likeness = min(max(likeness + (1 + 4 * likeness) / n, 0.0), 0.95)
    fewer = 1 + 2 * sum((1 - lag / n) * likeness**lag for lag in range(1, n))
    _, ties = np.unique(y, return_counts=True)
    untied = n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())
    if untied <= 0:
        return 1.0
    z = max(abs(score) - 1, 0) / math.sqrt(fewer * untied / 18)
    return math.erfc(z / math.sqrt(2))


def _score(y: NDArray[np.float64]) -> int:
    """Return the number of rising pairs minus the number of falling pairs."""
    later_minus_earlier = np.sign(y[None, :] - y[:, None])
    return int(np.triu(later_minus_earlier, 1).sum())


@functools.lru_cache(maxsize=256)
def _exact_p(ties: tuple[int, ...], score: int) -> float:
    """Return the share of all orders with a score at least as far from zero.

    The score is the number of untied pairs less twice the inversions; how many orders of values
    with ties have how many inversions is told by the coefficients of the q-multinomial.
    """
    orders, placed = np.ones(1), 0
    for tie in ties:
        placed += tie
        orders = np.convolve(orders, _inversions(placed, tie))
    pairs = len(orders) - 1
    scores = pairs - 2 * np.arange(len(orders))
    return float(orders[np.abs(scores) >= abs(score)].sum() / orders.sum())


@functools.cache
def _inversions(n: int, k: int) -> NDArray[np.float64]:
    """Return how many ways to place ``k`` of ``n`` have 0, 1, 2, ... inversions (q-binomial)."""
    if k in (0, n):
        return np.ones(1)
    found = np.zeros(k * (n - k) + 1)
    last_chosen, last_left = _inversions(n - 1, k - 1), _inversions(n - 1, k)
    found[: len(last_chosen)] += last_chosen
    found[k : k + len(last_left)] += last_left
    return found
