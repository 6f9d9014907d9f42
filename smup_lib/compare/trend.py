"""Is it really changing: Theil-Sen slope and exact Mann-Kendall test over real years (M7)."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Fewer points than this cannot reach 5 % (with four, p = 0.083).
MINIMUM_POINTS = 5
#: A trend is told below this p-value.
SIGNIFICANCE = 0.05
_ENUMERATED = 8


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
        Two-sided, Mann-Kendall.
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
    Mann 1945; Kendall 1975; Sen 1968 (M7).

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
        first_year=int(t[0]),
        last_year=int(t[-1]),
    )


def mann_kendall(t: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[int, float]:
    """Return Kendall's S and its two-sided p-value.

    Exact without ties (all orders counted); with ties exact up to eight points (all orders
    enumerated), beyond that the normal approximation with the tie term and continuity correction.

    Examples
    --------
    >>> import numpy as np
    >>> mann_kendall(np.arange(8.0), np.array([5, 7, 6, 9, 8, 10, 12, 11.0]))[0]
    22
    """
    from scipy.stats import kendalltau

    order = np.argsort(t)
    y = y[order]
    score = _score(y)
    n = len(y)
    _, counts = np.unique(y, return_counts=True)
    if counts.max() == 1:
        return score, float(kendalltau(np.arange(n), y, method="exact").pvalue)
    if n <= _ENUMERATED:
        return score, _enumerated_p(y, score)
    variance = (n * (n - 1) * (2 * n + 5) - (counts * (counts - 1) * (2 * counts + 5)).sum()) / 18
    if variance == 0 or score == 0:
        return score, 1.0
    z = (abs(score) - 1) / math.sqrt(variance)
    return score, math.erfc(z / math.sqrt(2))


def _score(y: NDArray[np.float64]) -> int:
    """Return the number of rising pairs minus the number of falling pairs."""
    later_minus_earlier = np.sign(y[None, :] - y[:, None])
    return int(np.triu(later_minus_earlier, 1).sum())


def _enumerated_p(y: NDArray[np.float64], score: int) -> float:
    """Return the share of all orders with a score at least as far from zero."""
    _, counts = np.unique(y, return_counts=True)
    scores = _scores_of_all_orders(tuple(sorted(counts.tolist())))
    return float((np.abs(scores) >= abs(score)).mean())


@functools.lru_cache(maxsize=32)
def _scores_of_all_orders(ties: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the score of every order; it depends only on how many values are equal."""
    y = np.repeat(np.arange(len(ties)), ties)
    signs = np.sign(y[None, :] - y[:, None])
    orders = np.array(list(permutations(range(len(y)))))
    first, second = np.triu_indices(len(y), 1)
    scores: NDArray[np.int64] = signs[orders[:, first], orders[:, second]].sum(axis=1)
    return scores
