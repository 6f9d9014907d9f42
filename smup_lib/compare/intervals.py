"""How far could chance alone move a share or a rate? Intervals from counts (M2, M3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smup_lib.compare.counts import counts_refusal, lay_out_counts
from smup_lib.compare.methods import METHODS
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]
Bounds = tuple[Array, Array]

#: Below this many events the interval of a rate is exact, from it on Byar's.
EXACT_BELOW = 10
#: Said of every rate: the intervals know of no events that come together.
CLUSTERS = (
    "Przedział zakłada, że zdarzenia są niezależne; gdy jedno pociąga za sobą kilka "
    "(jeden wypadek, wielu rannych), prawdziwy jest szerszy."
)
#: Said beside every interval, once a page.
FULL_COUNT = (
    "Dane są pełnym spisem, nie próbą: przedział mówi, jak wynik mógłby się wahać w innym roku "
    "przy tych samych warunkach."
)


def compare_intervals(
    indicator: Indicator, values: pd.DataFrame, level: float = 0.95
) -> UnitResults:
    """Return the interval of each unit's value: Wilson's of a share, Byar's or exact of a rate.

    The data are full counts, not samples: the interval says how the count could vary in another
    year under the same conditions.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio`` and method ``share`` (M2) or ``rate`` (M3).
    values : DataFrame
        ``unit_code, numerator, denominator, flag`` of one indicator and year, one row per unit.
    level : float, default 0.95
        Confidence.

    Returns
    -------
    UnitResults
        Values and bounds in the measure unit of the indicator; own columns ``count`` and ``base``.

    References
    ----------
    Wilson 1927; Breslow and Day 1987; Garwood 1936.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": ["9001"], "numerator": [3.0], "denominator": [20.0],
    ...                      "flag": ["ok"]})
    >>> compare_intervals(share, rows).rows[["value", "low", "high"]].round(3).values.tolist()
    [[15.0, 5.237, 36.042]]
    """
    method = METHODS["M3" if indicator.method == "rate" else "M2"]
    flags = count_flags(values)
    if (why := counts_refusal(method.id, indicator)) is not None:
        rows = refused_rows(values["unit_code"], why)
        return UnitResults(method=method, rows=rows, level=level, n_flags=flags, reason=why)
    counts = lay_out_counts(indicator, values)
    low, high = np.full((2, len(counts.count)), np.nan)
    known = counts.known
    low[known], high[known] = ratio_interval(
        indicator.method, counts.count[known], counts.base[known], level
    )
    rows = unit_rows(
        counts.unit_codes,
        value=indicator.multiplier * counts.count / counts.base,
        low=indicator.multiplier * low,
        high=indicator.multiplier * high,
        reason=counts.reason,
        count=counts.count,
        base=counts.base,
    )
    return UnitResults(
        method=method,
        rows=rows,
        level=level,
        n_used=int(known.sum()),
        n_flags=flags,
        warnings=chance_warnings(indicator),
    )


def chance_warnings(indicator: Indicator) -> tuple[str, ...]:
    """Return what must stand beside an interval or a test of an indicator's counts."""
    return (CLUSTERS, FULL_COUNT) if indicator.method == "rate" else (FULL_COUNT,)


def ratio_interval(method: str, count: ArrayLike, base: ArrayLike, level: float = 0.95) -> Bounds:
    """Return the interval of a ratio before the multiplier: M2 of a ``share``, M3 of a ``rate``."""
    if method == "share":
        return wilson_interval(np.rint(np.asarray(count)), np.rint(np.asarray(base)), level)
    low, high = poisson_interval(count, level)
    return low / np.asarray(base), high / np.asarray(base)


def wilson_interval(count: ArrayLike, base: ArrayLike, level: float = 0.95) -> Bounds:
    """Return the interval of shares (M2).

    Parameters
    ----------
    count, base : array_like
        Whole numbers, ``0 <= count <= base``, ``base > 0``.
    level : float, default 0.95
        Confidence.

    Examples
    --------
    >>> [round(float(bound), 10) for bound in wilson_interval(3, 20)]
    [0.0523687459, 0.3604188647]
    """
    from statsmodels.stats.proportion import proportion_confint

    cases, of = np.asarray(count, dtype="float64"), np.asarray(base, dtype="float64")
    low, high = proportion_confint(cases, of, alpha=1 - level, method="wilson")
    # floating point leaves a hair above 0 (and below 1), which would "exclude" a group at 0
    return np.where(cases == 0, 0.0, low), np.where(cases == of, 1.0, high)


def poisson_interval(count: ArrayLike, level: float = 0.95) -> Bounds:
    """Return the interval of numbers of events: exact below ten, Byar's from ten (M3).

    Examples
    --------
    >>> [round(float(bound), 8) for bound in poisson_interval(27)]
    [17.78896447, 39.28509867]
    """
    from scipy.special import ndtri

    events = np.asarray(count, dtype="float64")
    z = float(ndtri(0.5 + level / 2))
    many = np.maximum(events, 1.0)
    low = many * (1 - 1 / (9 * many) - z / (3 * np.sqrt(many))) ** 3
    high = (events + 1) * (1 - 1 / (9 * (events + 1)) + z / (3 * np.sqrt(events + 1))) ** 3
    few = events < EXACT_BELOW
    low, high = np.array(low), np.array(high)
    if few.any():
        low[few], high[few] = exact_poisson_interval(events[few], level)
    return low, high


def exact_poisson_interval(count: ArrayLike, level: float = 0.95) -> Bounds:
    """Return the exact interval of numbers of events (Garwood 1936).

    Examples
    --------
    >>> [round(float(bound), 8) for bound in exact_poisson_interval(10)]
    [4.7953887, 18.39035604]
    """
    from scipy.stats import chi2

    events, outside = np.asarray(count, dtype="float64"), 1 - level
    # with no event the lower bound is 0; the distribution has no degrees of freedom there
    low = np.where(events > 0, chi2.ppf(outside / 2, 2 * np.maximum(events, 1)) / 2, 0.0)
    return low, chi2.ppf(1 - outside / 2, 2 * events + 2) / 2


def difference_interval(
    own: Array, own_bounds: Bounds, other: Array, other_bounds: Bounds
) -> Bounds:
    """Return the interval of ``own - other`` from the intervals of both: square and add.

    Of shares with Wilson's intervals it is Newcombe's (1998), of rates that of Zou and Donner
    (2008).

    Examples
    --------
    >>> shares = np.array([0.8]), np.array([0.6])
    >>> found = difference_interval(
    ...     shares[0], wilson_interval([56], [70]), shares[1], wilson_interval([48], [80]))
    >>> [round(float(bound[0]), 10) for bound in found]
    [0.0524314724, 0.333872654]
    """
    difference = own - other
    low = difference - np.hypot(own - own_bounds[0], other_bounds[1] - other)
    return low, difference + np.hypot(own_bounds[1] - own, other - other_bounds[0])


def newcombe_interval(
    count: ArrayLike,
    base: ArrayLike,
    other_count: ArrayLike,
    other_base: ArrayLike,
    level: float = 0.95,
) -> Bounds:
    """Return Newcombe's interval of the difference of two shares.

    Examples
    --------
    >>> [round(float(bound), 10) for bound in newcombe_interval(56, 70, 48, 80)]
    [0.0524314724, 0.333872654]
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    counts = (np.asarray(part, dtype="float64") for part in (count, base, other_count, other_base))
    low, high = confint_proportions_2indep(*counts, method="newcomb", alpha=1 - level)
    return np.asarray(low), np.asarray(high)
