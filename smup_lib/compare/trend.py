"""Is it really changing: Theil-Sen slope and exact Mann-Kendall test over real years (M7)."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from smup_lib.compare.batch import adjust_p_values
from smup_lib.compare.methods import METHODS
from smup_lib.compare.result import UnitResults, count_flags, unit_rows
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: Fewer points than this cannot reach 5 % (with four, p = 0.083).
MINIMUM_POINTS = 5
#: A trend is told below this p-value.
SIGNIFICANCE = 0.05
#: Fewer points than this do not tell whether years resemble those before, and a direction seldom
#: shows in them even where there is one.
LONG_SERIES = 8
_Z95 = 1.959963984540054


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

    @property
    def tested_p(self) -> float | None:
        """The larger of the two p-values, for a list of many (M15); None where nothing is tested.

        Examples
        --------
        >>> Trend("rising", 9, p_value=0.01, p_with_memory=0.2).tested_p
        0.2
        """
        return None if self.p_value is None else max(self.p_value, self.p_with_memory or 0.0)


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
    slope, low, high = theil_sen(t, y)
    score, p_value = mann_kendall(t, y)
    # ties can carry the test while half of all pairs do not move: a slope of nothing is no trend
    proven = p_value < SIGNIFICANCE and slope != 0
    return Trend(
        direction=("rising" if score > 0 else "falling") if proven else "steady",
        n=n,
        slope=slope,
        interval=(low, high),
        p_value=p_value,
        p_with_memory=_p_with_memory(t, y, slope, score) if n >= LONG_SERIES else None,
        first_year=int(t[0]),
        last_year=int(t[-1]),
    )


def compare_trends(
    values: pd.DataFrame, until: int, since: Mapping[str, int] | None = None
) -> UnitResults:
    """Test the series of many units for a direction, with values alone (M7).

    Parameters
    ----------
    values : DataFrame
        ``unit_code, year, value, flag`` of one indicator; one row per unit and year.
    until : int
        The last year that counts.
    since : mapping of str to int, optional
        Unit to the first year that may be joined with the last one.

    Returns
    -------
    UnitResults
        ``value, low, high`` are the yearly change and its 95 % interval; ``direction``,
        ``p_value``, ``p_with_memory``, ``first_year, last_year, n_years`` as in :class:`Trend`.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"unit_code": "9001", "year": range(2018, 2023), "flag": "ok",
    ...                      "value": [10, 11, 12.5, 13, 15]})
    >>> compare_trends(rows, 2022).rows[["value", "direction", "n_years"]].values.tolist()
    [[1.25, 'rising', 5]]
    """
    first = since or {}
    known = values[values["flag"].isin(NUMBER_FLAGS) & (values["year"] <= until)]
    series = {
        str(code): (rows["year"].tolist(), rows["value"].tolist())
        for code, rows in known.groupby("unit_code")
    }
    codes = list(dict.fromkeys(values["unit_code"]))
    trends = [
        compare_trend(years, numbers, [first.get(code, 0)])
        for code in codes
        for years, numbers in [series.get(code, ([], []))]
    ]
    bounds = [trend.interval or (math.nan, math.nan) for trend in trends]
    rows = unit_rows(
        codes,
        value=[math.nan if trend.slope is None else trend.slope for trend in trends],
        low=[low for low, _ in bounds],
        high=[high for _, high in bounds],
        reason=[trend.reason or "" for trend in trends],
        direction=[trend.direction for trend in trends],
        p_value=np.array([trend.p_value for trend in trends], dtype="float64"),
        p_with_memory=np.array([trend.p_with_memory for trend in trends], dtype="float64"),
        first_year=np.array([trend.first_year for trend in trends], dtype="float64"),
        last_year=np.array([trend.last_year for trend in trends], dtype="float64"),
        n_years=[trend.n for trend in trends],
    )
    return UnitResults(
        method=METHODS["M7"],
        rows=rows,
        n_used=int((rows["reason"] == "").sum()),
        n_flags=count_flags(values),
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
    tested = {name: p for name, trend in trends.items() if (p := trend.tested_p) is not None}
    if not tested:
        return {}
    adjusted = adjust_p_values(list(tested.values()))
    return dict(zip(tested, adjusted.tolist(), strict=True))


def theil_sen(t: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the median slope of all pairs of years and its 95 % interval (Sen 1968).

    Examples
    --------
    >>> import numpy as np
    >>> theil_sen(np.arange(1.0, 6), np.array([10, 11, 12.5, 13, 15]))
    (1.25, 0.5, 2.0)
    """
    # numpy: scipy's theilslopes gives the same (tested) at ten times the price
    earlier, later = _pairs(len(y))
    slopes = np.sort((y[later] - y[earlier]) / (t[later] - t[earlier]))
    n = len(slopes)
    reach = _Z95 * math.sqrt(_untied_variance(y))
    last = min(round((n + reach) / 2), n - 1)
    first = max(round((n - reach) / 2) - 1, 0)
    middle = (float(slopes[(n - 1) // 2]) + float(slopes[n // 2])) / 2
    return middle, float(slopes[first]), float(slopes[last])


@functools.cache
def _pairs(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    earlier, later = np.triu_indices(n, 1)
    return earlier, later


def _untied_variance(y: NDArray[np.float64]) -> float:
    """Return the variance of Kendall's S, lessened by ties among the values."""
    n = len(y)
    _, ties = np.unique(y, return_counts=True)
    lost = float((ties * (ties - 1) * (2 * ties + 5)).sum())
    return (n * (n - 1) * (2 * n + 5) - lost) / 18


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
    variance = _untied_variance(y)
    if variance <= 0:
        return 1.0
    z = max(abs(score) - 1, 0) / math.sqrt(fewer * variance)
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
