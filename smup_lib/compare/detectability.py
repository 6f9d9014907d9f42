"""Could the effect of what a unit does be visible at all? The smallest change it can show (M16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smup_lib.compare.counts import Counts, counts_refusal, lay_out_counts
from smup_lib.compare.intervals import chance_warnings, newcombe_interval
from smup_lib.compare.methods import METHODS
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Below this many persons the answer in whole persons is given too.
DISCRETE_BELOW = 100
#: A change of the wanted size is seen with this probability.
POWER = 0.8
#: Above this size not all numbers of cases are tried.
_MANAGEABLE = 100_000


def compare_visible_change(
    indicator: Indicator, values: pd.DataFrame, level: float = 0.95, *, paired: bool = False
) -> UnitResults:
    """Return the smallest change from one year to the next that a unit of this size could show.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio`` and method ``share`` or ``rate``.
    values : DataFrame
        ``unit_code, numerator, denominator, flag`` of one indicator and year, one row per unit.
    level : float, default 0.95
        Confidence.
    paired : bool, default False
        Whether the same persons are measured twice; then the method refuses.

    Returns
    -------
    UnitResults
        ``value`` is the change that leaves the noise of chance, in the measure unit (for a rate of
        few events that is an approximation); ``with_power`` the true change that would leave it
        with 80 % probability; below 100 persons ``first_rise`` and ``first_fall`` are the nearest
        numbers of cases that differ for certain (Newcombe), null where no number does.

    References
    ----------
    Fleiss, Levin and Paik 2003; Newcombe 1998.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": ["9001"], "flag": "ok", "numerator": [34.0],
    ...                      "denominator": [42.0]})
    >>> compare_visible_change(share, rows).rows.filter(like="first_").values.tolist()
    [[40.0, 25.0]]
    """
    flags = count_flags(values)
    why = counts_refusal("M16", indicator)
    if why is None and paired:
        why = "te same osoby zmierzono dwa razy, a metoda zakłada różne"
    if why is not None:
        rows = refused_rows(values["unit_code"], why)
        return UnitResults(method=METHODS["M16"], rows=rows, n_flags=flags, reason=why)
    counts = lay_out_counts(indicator, values)
    rows = _visible_rows(indicator, counts, level)
    return UnitResults(
        method=METHODS["M16"],
        rows=rows,
        level=level,
        n_used=int((rows["reason"] == "").sum()),
        n_flags=flags,
        warnings=chance_warnings(indicator),
    )


def _visible_rows(indicator: Indicator, counts: Counts, level: float) -> pd.DataFrame:
    count, base, share = counts.count, counts.base, indicator.method == "share"
    noise = visible_share(count / base, base, level) if share else visible_events(count, level)
    unit = indicator.multiplier * (1 if share else 1 / base)
    # with nobody or everybody the formula says 0; whole persons still have an answer
    flat = (noise == 0) & counts.known
    small = (base < DISCRETE_BELOW) | (flat & (base < _MANAGEABLE))
    rise, fall = _first_visible(counts.known & small & share, count, base, level)
    step = np.fmin(rise - count, count - fall) / base
    silent = flat & np.isnan(step)
    why = "przy skrajnym udziale" if share else "bez żadnego zdarzenia"
    return unit_rows(
        counts.unit_codes,
        value=unit * np.where(flat, step, noise),
        reason=np.where(silent, f"{why} nie da się tego podać", counts.reason),
        with_power=np.where(flat, np.nan, unit * noise * power_factor(level)),
        first_rise=rise,
        first_fall=fall,
        count=count,
        base=base,
    )


def visible_share(share: ArrayLike, base: ArrayLike, level: float = 0.95) -> Array:
    """Return how far two shares of the same size must lie apart to differ by more than chance.

    Examples
    --------
    >>> round(float(visible_share(0.8, 42)), 10)
    0.1710796823
    """
    from scipy.special import ndtri

    p, n = np.asarray(share, dtype="float64"), np.asarray(base, dtype="float64")
    return np.asarray(ndtri(0.5 + level / 2) * np.sqrt(2 * p * (1 - p) / n))


def visible_events(count: ArrayLike, level: float = 0.95) -> Array:
    """Return by how many events two years must differ to differ by more than chance.

    Examples
    --------
    >>> round(float(visible_events(25)), 8)
    13.85903824
    """
    from scipy.special import ndtri

    return np.asarray(ndtri(0.5 + level / 2) * np.sqrt(2 * np.asarray(count, dtype="float64")))


def power_factor(level: float = 0.95, power: float = POWER) -> float:
    """Return how many times larger a true change must be to be seen with a probability.

    Examples
    --------
    >>> round(power_factor() * 0.1710796823, 9)
    0.244542406
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + level / 2))
    return (z + float(ndtri(power))) / z


def first_visible(count: int, base: int, level: float = 0.95) -> tuple[int | None, int | None]:
    """Return the nearest higher and lower number of cases that differs for certain from this one.

    Examples
    --------
    >>> first_visible(34, 42), first_visible(41, 42)
    ((40, 25), (None, 35))
    """
    others = np.arange(base + 1)
    low, high = newcombe_interval(
        others, np.full(base + 1, base), np.full(base + 1, count), np.full(base + 1, base), level
    )
    rises, falls = others[low > 0], others[high < 0]
    return (
        int(rises.min()) if len(rises) else None,
        int(falls.max()) if len(falls) else None,
    )


def _first_visible(
    wanted: NDArray[np.bool_], count: Array, base: Array, level: float
) -> tuple[Array, Array]:
    """Return the discrete answers of the wanted rows; each pair of numbers is asked once."""
    found = np.full((2, len(count)), np.nan)
    if not wanted.any():
        return found[0], found[1]
    pairs = np.column_stack([count[wanted], np.rint(base[wanted])]).astype("int64")
    distinct, which = np.unique(pairs, axis=0, return_inverse=True)
    answers = [first_visible(int(x), int(n), level) for x, n in distinct]
    table = np.array([[np.nan if a is None else a for a in pair] for pair in answers])
    found[:, wanted] = table[which.ravel()].T
    return found[0], found[1]
