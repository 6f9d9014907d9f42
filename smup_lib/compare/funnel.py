"""Who stands out once size is taken into account? Funnel limits, with overdispersion (M5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smup_lib.compare.chance import CONFIDENCE_LEVELS
from smup_lib.compare.counts import Counts, counts_refusal, lay_out_counts
from smup_lib.compare.intervals import chance_warnings
from smup_lib.compare.judging import judge_bounds
from smup_lib.compare.methods import METHODS
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]
Bounds = tuple[Array, Array]
#: What is done about more spread than chance allows: ``rule`` widens the limits only when the
#: spread is proven, ``always`` whatever the test says, ``never`` leaves them alone.
Adjustment = Literal["rule", "always", "never"]

#: Fewer units than this are no funnel.
MINIMUM_UNITS = 10
#: From this overdispersion on the group is too mixed for a funnel (an editorial limit).
TOO_MIXED = 10.0


class Overdispersion(NamedTuple):
    """How much more units differ than chance allows.

    Attributes
    ----------
    raw : float
        Mean squared z-score; 1 where chance explains everything.
    factor : float
        The same of z-scores winsorised at the outer tenths, at least 1.
    variance : float
        Variance between units that chance does not explain (additive model), of the ratio before
        the multiplier.
    proven : bool
        Whether the raw one is more than chance at 95 %.
    """

    raw: float
    factor: float
    variance: float
    proven: bool


@dataclass(frozen=True, kw_only=True)
class Funnel(UnitResults):
    """Limits around the value of the whole group, for each unit by its size.

    ``rows`` has the unit's ``value``; ``low`` and ``high`` are the 95 % limits **around the group's
    value**, ``low_strong`` and ``high_strong`` those at 99.8 %; ``count``, ``base``, ``side``,
    ``excluded_at`` (0 inside, else the highest of 0.95 and 0.998 that it is outside of),
    ``standing`` and ``z``.

    Attributes
    ----------
    centre : float or None
        Value of all units together.
    overdispersion : Overdispersion or None
        Of the group.
    adjusted : bool
        Whether the limits were widened by it.
    """

    centre: float | None = None
    overdispersion: Overdispersion | None = None
    adjusted: bool = False


def compare_funnel(
    indicator: Indicator, values: pd.DataFrame, adjustment: Adjustment = "rule"
) -> Funnel:
    """Set each unit against the limits that chance allows a unit of its size.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio`` and method ``share`` or ``rate``.
    values : DataFrame
        ``unit_code, numerator, denominator, flag`` of one indicator and year: the whole group.
    adjustment : str, default ``rule``
        ``rule``, ``always`` or ``never`` widen the limits by the overdispersion.

    Returns
    -------
    Funnel
        Outliers of an indicator without a direction are shown, never judged.

    References
    ----------
    Spiegelhalter 2005, Statistics in Medicine 24:1185; 2012 with others, JRSS A 175:1.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": list("abcdefghij"), "flag": "ok",
    ...     "numerator": [10.0, 10, 10, 10, 10, 10, 10, 10, 10, 30], "denominator": 50.0})
    >>> compare_funnel(share, rows).rows["excluded_at"].tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.998]
    """
    flags = count_flags(values)
    why = counts_refusal("M5", indicator)
    counts = lay_out_counts(indicator, values) if why is None else None
    if counts is not None and counts.known.sum() < MINIMUM_UNITS:
        why = f"za mało jednostek z liczebnościami ({counts.known.sum()}; potrzeba {MINIMUM_UNITS})"
    elif counts is not None and not 0 < _centre(counts) < (
        1 if indicator.method == "share" else np.inf
    ):
        why = "wszystkie jednostki mają tę samą skrajną wartość"
    if counts is None or why is not None:
        rows = refused_rows(values["unit_code"], why or "")
        return Funnel(method=METHODS["M5"], rows=rows, n_flags=flags, reason=why)
    known = counts.known
    found = measure_overdispersion(indicator.method, counts.count[known], counts.base[known])
    adjusted = adjustment == "always" or (adjustment == "rule" and found.proven)
    return Funnel(
        method=METHODS["M5"],
        rows=_funnel_rows(indicator, counts, found.factor if adjusted else 1.0),
        n_used=int(known.sum()),
        n_flags=flags,
        centre=indicator.multiplier * _centre(counts),
        overdispersion=found,
        adjusted=adjusted,
        warnings=_warnings(indicator, found),
    )


def _centre(counts: Counts) -> float:
    return float(np.nansum(counts.count) / np.nansum(counts.base))


def _warnings(indicator: Indicator, found: Overdispersion) -> tuple[str, ...]:
    mixed = (
        (
            "Grupa jest zbyt różnorodna na taki wykres: jednostki różnią się z innych powodów niż "
            "wielkość.",
        )
        if found.factor > TOO_MIXED
        else ()
    )
    return mixed + chance_warnings(indicator)


def _funnel_rows(indicator: Indicator, counts: Counts, factor: float) -> pd.DataFrame:
    centre, times = _centre(counts), indicator.multiplier
    ratio = counts.count / counts.base
    excluded, limits = np.zeros(len(ratio)), []
    for level in CONFIDENCE_LEVELS:
        low, high = funnel_limits(indicator.method, centre, counts.base, level, factor)
        excluded[(ratio < low) | (ratio > high)] = level
        limits.append((times * low, times * high))
    side = np.select([ratio > centre, ratio < centre], ["above", "below"], "equal")
    judged = judge_bounds(indicator, times * ratio, times * ratio, times * centre)
    inside = (excluded == 0) & (judged != "not_judged")
    known = counts.known
    return unit_rows(
        counts.unit_codes,
        value=times * ratio,
        low=limits[0][0],
        high=limits[0][1],
        reason=counts.reason,
        low_strong=limits[1][0],
        high_strong=limits[1][1],
        count=counts.count,
        base=counts.base,
        side=np.where(known, side, "unknown"),
        excluded_at=np.where(known, excluded, np.nan),
        standing=np.where(inside & known, "similar", judged),
        z=z_scores(indicator.method, counts.count, counts.base, centre),
    )


def funnel_limits(
    method: str, centre: float, base: ArrayLike, level: float = 0.95, factor: float = 1.0
) -> Bounds:
    """Return the least and the greatest ratio that lie inside the funnel.

    Parameters
    ----------
    method : str
        ``share``: the normal limits, which are the exact inverse of Wilson's interval. ``rate``:
        whole events by Poisson's distribution.
    centre : float
        Ratio of the group, before the multiplier.
    base : array_like
        Sizes of the units.
    level : float, default 0.95
        Confidence.
    factor : float, default 1
        Overdispersion: the distance from the centre is multiplied by its square root.

    Examples
    --------
    >>> [round(float(limit), 10) for limit in funnel_limits("share", 0.2, 50)]
    [0.0891276941, 0.3108723059]
    """
    from scipy.special import ndtri

    of = np.asarray(base, dtype="float64")
    if method == "share":
        reach = ndtri(0.5 + level / 2) * np.sqrt(factor * centre * (1 - centre) / of)
        return np.clip(centre - reach, 0, 1), np.clip(centre + reach, 0, 1)
    expected = centre * of
    low, high = (
        limit + shift for limit, shift in zip(poisson_limits(expected, level), (1, -1), strict=True)
    )
    widened = np.sqrt(factor)
    return (
        np.maximum(expected - (expected - low) * widened, 0) / of,
        (expected + (high - expected) * widened) / of,
    )


def draw_curves(indicator: Indicator, found: Funnel, points: int = 60) -> pd.DataFrame:
    """Return the limits of a funnel by growing size, to be drawn behind its units.

    Parameters
    ----------
    indicator : Indicator
        Of the funnel.
    found : Funnel
        With an answer.
    points : int, default 60
        Sizes from the smallest unit to the largest.

    Returns
    -------
    DataFrame
        ``base, low, high, low_strong, high_strong``, limits in the measure unit.
    """
    import pandas as pd

    base = found.rows.loc[found.rows["reason"] == "", "base"]
    sizes = np.linspace(base.min(), base.max(), points)
    times, spread = indicator.multiplier, found.overdispersion
    factor = spread.factor if spread is not None and found.adjusted else 1.0
    centre = (found.centre or 0.0) / times
    inner, outer = (
        smooth_limits(indicator.method, centre, sizes, level, factor) for level in CONFIDENCE_LEVELS
    )
    return pd.DataFrame(
        {
            "base": sizes,
            "low": times * inner[0],
            "high": times * inner[1],
            "low_strong": times * outer[0],
            "high_strong": times * outer[1],
        }
    )


def smooth_limits(
    method: str, centre: float, base: ArrayLike, level: float = 0.95, factor: float = 1.0
) -> Bounds:
    """Return :func:`funnel_limits` without the steps of whole events, to be drawn as curves.

    Each curve runs between the last count inside and the first outside, so that a dot lies on the
    side that the exact limits say, unless the limits were widened.

    Examples
    --------
    >>> low, high = smooth_limits("rate", 0.01, [1200.0])
    >>> [round(float(1200 * limit[0]), 1) for limit in (low, high)]
    [5.2, 19.7]
    """
    if method == "share":
        return funnel_limits(method, centre, base, level, factor)
    from scipy.special import pdtrik

    of, outside = np.asarray(base, dtype="float64"), (1 - level) / 2
    expected = centre * of
    low = np.nan_to_num(pdtrik(outside, expected), nan=0.0)
    high = pdtrik(1 - outside, expected) + 1.0
    widened = np.sqrt(factor)
    return (
        np.maximum(expected - (expected - low) * widened, 0) / of,
        (expected + (high - expected) * widened) / of,
    )


def poisson_limits(expected: ArrayLike, level: float = 0.95) -> Bounds:
    """Return the largest low count and the smallest high count of what is expected.

    ``P(X <= low)`` and ``P(X >= high)`` are each below half of what the level leaves outside; a low
    of -1 means that no count is low.

    Examples
    --------
    >>> [limit.tolist() for limit in poisson_limits([12.0])]
    [[5.0], [20.0]]
    """
    from scipy.stats import poisson

    mean, outside = np.asarray(expected, dtype="float64"), (1 - level) / 2
    return poisson.ppf(outside, mean) - 1.0, poisson.isf(outside, mean) + 1.0


def z_scores(method: str, count: Array, base: Array, centre: float) -> Array:
    """Return how many standard deviations of chance each unit lies from the centre."""
    spread = centre * (1 - centre) if method == "share" else centre
    return np.asarray((count / base - centre) / np.sqrt(spread / base))


def measure_overdispersion(method: str, count: Array, base: Array) -> Overdispersion:
    """Ask how much more units differ than chance allows.

    Examples
    --------
    >>> found = measure_overdispersion("share",
    ...     np.array([10.0, 14, 30, 22, 8, 41, 19, 36]),
    ...     np.array([80.0, 60, 150, 95, 50, 160, 120, 130]))
    >>> round(found.raw, 8), round(found.factor, 9), found.proven
    (1.51515743, 1.247227722, False)
    """
    from scipy.special import chdtri

    n, centre = len(count), float(count.sum() / base.sum())
    z = z_scores(method, count, base, centre)
    raw = float(np.mean(z**2))
    winsorised = float(np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2))
    weights = base / (centre * (1 - centre) if method == "share" else centre)
    rest = float(weights.sum() - (weights**2).sum() / weights.sum())
    variance = max(0.0, (n * winsorised - (n - 1)) / rest) if rest > 0 else 0.0
    # chdtri: the value that chi-squared with n degrees exceeds in 5 % of cases
    return Overdispersion(raw, max(1.0, winsorised), variance, bool(n * raw > chdtri(n, 0.05)))
