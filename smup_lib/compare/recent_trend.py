"""Is it really going up or down? Weighted slope that no single year carries (M6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.counts import counts_refusal
from smup_lib.compare.intervals import chance_warnings, ratio_interval
from smup_lib.compare.methods import METHODS
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: So many most recent years are tested ...
POINTS = 5
#: ... and they lie within so many.
SPAN = 7
#: A direction is told above this chi-squared of one degree of freedom (p = 0.002).
PROVEN_FROM = 9.549535706
_LEVEL = 0.95
#: Said where years were carried over by estimated weights.
ESTIMATED = "Część lat przeliczono na obecne granice wagami szacunkowymi."


class Slopes(NamedTuple):
    """Slope of each series, its chi-squared, and whether dropping any one point keeps its sign."""

    slope: Array
    chi2: Array
    stable: NDArray[np.bool_]


def compare_recent_trends(
    indicator: Indicator, values: pd.DataFrame, until: int, since: Mapping[str, int] | None = None
) -> UnitResults:
    """Test the five most recent years of many units for a direction, by their counts.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio``; a ``share`` is tested by its counts (Armitage), a
        ``rate`` by its intervals. Without counts the question is M7's.
    values : DataFrame
        ``unit_code, year, flag, qualifiers, numerator, denominator``; one row per unit and year.
        Years of different length or with an overlap must not be among them.
    until : int
        The last year that counts; what came later is left out.
    since : mapping of str to int, optional
        Unit to the first year that may be joined with the last one (breaks of method or of
        territory, as the caller knows them). A value marked ``territorial_break`` ends a series
        by itself.

    Returns
    -------
    UnitResults
        ``value`` is the yearly change in the measure unit; ``chi2, p_value, stable, direction``
        (``rising, falling, steady``), ``first_year, last_year, n_years``.

    References
    ----------
    Armitage 1955; the trend markers of Fingertips (OHID), which number the points 1 to 5 even
    across gaps: here real years are used.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": "9001", "year": range(2019, 2024), "flag": "ok",
    ...     "qualifiers": "", "numerator": [20.0, 24, 29, 36, 44],
    ...     "denominator": [200.0, 200, 205, 210, 208]})
    >>> found = compare_recent_trends(share, rows, 2023).rows
    >>> found[["value", "direction"]].round(6).values.tolist()
    [[2.748756, 'rising']]
    """
    flags, codes = count_flags(values), list(dict.fromkeys(values["unit_code"]))
    if (why := counts_refusal("M6", indicator)) is not None:
        rows = refused_rows(codes, why)
        return UnitResults(method=METHODS["M6"], rows=rows, n_flags=flags, reason=why)
    points = _recent_points(values, until, since or {})
    tested = points.groupby("unit_code")["year"].transform("size") >= POINTS
    rows = _tested_rows(indicator, codes, points, points[tested])
    estimated = points.loc[tested, "qualifiers"].str.contains("estimated_weights").any()
    return UnitResults(
        method=METHODS["M6"],
        rows=rows,
        n_used=int((rows["reason"] == "").sum()),
        n_flags=flags,
        warnings=((ESTIMATED,) if estimated else ()) + chance_warnings(indicator),
    )


def _recent_points(values: pd.DataFrame, until: int, since: Mapping[str, int]) -> pd.DataFrame:
    """Return the newest points of each unit that may be joined, at most five of seven years."""
    if values.duplicated(["unit_code", "year"]).any():
        raise ValueError("one value a year is needed for each unit")
    near = values[values["year"].between(until - SPAN + 1, until)]
    broken = near[near["qualifiers"].str.split(",").map(lambda q: "territorial_break" in q)]
    parted = broken.groupby("unit_code")["year"].max()
    first = near["unit_code"].map(since).fillna(0)
    after = near["unit_code"].map(parted).fillna(0)
    whole = (near["numerator"] % 1 == 0) & (near["numerator"] >= 0) & (near["denominator"] > 0)
    usable = near["flag"].isin(NUMBER_FLAGS) & whole & (near["year"] >= first)
    points = near[usable & (near["year"] > after)].sort_values(["unit_code", "year"])
    return points.groupby("unit_code").tail(POINTS)


def _tested_rows(
    indicator: Indicator, codes: list[str], points: pd.DataFrame, tested: pd.DataFrame
) -> pd.DataFrame:
    from scipy.special import chdtrc

    shape = (-1, POINTS)
    year, count, base = (
        tested[name].to_numpy(dtype="float64").reshape(shape)
        for name in ("year", "numerator", "denominator")
    )
    found = (
        share_slopes(year, count, base)
        if indicator.method == "share"
        else weighted_slopes(year, count / base, *ratio_interval("rate", count, base, _LEVEL))
    )
    proven = (found.chi2 > PROVEN_FROM) & found.stable
    direction = np.where(found.slope > 0, "rising", "falling")
    answers = unit_rows(
        tested["unit_code"].to_numpy().reshape(shape)[:, 0],
        value=indicator.multiplier * found.slope,
        chi2=found.chi2,
        p_value=chdtrc(1, found.chi2),
        stable=found.stable,
        direction=np.where(proven, direction, "steady"),
        first_year=year[:, 0],
        last_year=year[:, -1],
    )
    n = points.groupby("unit_code")["year"].size().reindex(codes).fillna(0).astype("int64")
    rows = answers.set_index("unit_code").reindex(codes).reset_index()
    few = [f"za mało lat z danymi ({k}; potrzeba {POINTS} z ostatnich {SPAN})" for k in n]
    rows["reason"] = np.where(n >= POINTS, "", few)
    rows["direction"] = rows["direction"].fillna("unknown")
    rows["stable"] = rows["stable"].fillna(False).astype("bool")
    return rows.assign(n_years=n.to_numpy())


def weighted_slopes(year: Array, value: Array, low: Array, high: Array) -> Slopes:
    """Return the slope of values weighted by the width of their 95 % intervals.

    Parameters
    ----------
    year, value, low, high : ndarray
        One line per series, one column per point.

    Examples
    --------
    >>> y = np.array([[10, 11, 12.5, 13, 15]])
    >>> found = weighted_slopes(np.arange(1.0, 6)[None], y, y - 1, y + 1)
    >>> found.slope.round(6).tolist(), found.chi2.round(6).tolist(), found.stable.tolist()
    ([1.2], [55.317007], [True])
    """
    from scipy.special import ndtri

    weight = (2 * ndtri(0.5 + _LEVEL / 2) / (high - low)) ** 2
    slope, chi2 = _slope(year, value, weight)
    return Slopes(slope, chi2, _keeps_sign(slope, year, value, weight))


def share_slopes(year: Array, count: Array, base: Array) -> Slopes:
    """Return the slope of shares from their counts, and Armitage's test for trend.

    Examples
    --------
    >>> found = share_slopes(np.arange(1.0, 6)[None], np.array([[20.0, 24, 28, 33, 40]]),
    ...                      np.array([[200.0, 200, 205, 210, 208]]))
    >>> found.slope.round(8).tolist(), found.chi2.round(6).tolist()
    ([0.02219855], [8.268999])
    """
    share = count / base
    pooled = count.sum(axis=1) / base.sum(axis=1)
    slope, chi2 = _slope(year, share, base)
    spread = pooled * (1 - pooled)
    # nobody, or everybody, in all years: nothing moves
    chi2 = np.divide(chi2, spread, out=np.zeros_like(chi2), where=spread > 0)
    return Slopes(slope, chi2, _keeps_sign(slope, year, share, base))


def _slope(year: Array, value: Array, weight: Array) -> tuple[Array, Array]:
    """Return the weighted slope of each line and what it explains of the weighted squares."""
    total = weight.sum(axis=1, keepdims=True)
    t = year - (weight * year).sum(axis=1, keepdims=True) / total
    spread = (weight * t**2).sum(axis=1)
    slope = (weight * t * value).sum(axis=1) / spread
    return slope, slope**2 * spread


def _keeps_sign(slope: Array, year: Array, value: Array, weight: Array) -> NDArray[np.bool_]:
    """Tell whether the slope keeps its sign when each point is dropped; zero counts as lost."""
    kept = np.sign(slope) != 0
    for point in range(year.shape[1]):
        rest = weight.copy()
        rest[:, point] = 0.0
        kept &= np.sign(_slope(year, value, rest)[0]) == np.sign(slope)
    return np.asarray(kept)
