"""How many red signals would there be if all units were equal? (M24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smup_lib.compare.counts import counts_refusal, lay_out_counts
from smup_lib.compare.intervals import poisson_interval, ratio_interval
from smup_lib.compare.methods import METHODS
from smup_lib.compare.result import Result, count_flags

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Fewer units than this are no batch.
MINIMUM_UNITS = 2


@dataclass(frozen=True, kw_only=True)
class FalseAlarms(Result):
    """Signals expected by chance alone beside those observed.

    ``value`` is the expected number.

    Attributes
    ----------
    observed : int
        Units whose interval misses the value of the group.
    level : float
        Confidence of the intervals, 0-1.
    centre : float or None
        Value of the group that all were supposed to have.
    p_none : float or None
        Probability that chance alone gives no signal at all.
    p_as_many : float or None
        Probability that chance alone gives at least as many as observed.
    """

    observed: int = 0
    level: float = 0.95
    centre: float | None = None
    p_none: float | None = None
    p_as_many: float | None = None


def compare_false_alarms(
    indicator: Indicator, values: pd.DataFrame, level: float = 0.95
) -> FalseAlarms:
    """Count the signals of a batch, and those that chance alone would give.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio`` and method ``share`` or ``rate``.
    values : DataFrame
        ``unit_code, numerator, denominator, flag`` of one indicator and year: all that are judged.
    level : float, default 0.95
        Confidence of their intervals.

    Returns
    -------
    FalseAlarms
        From the true size of each interval's error at the size of the unit, which for small units
        is not the nominal 5 %.

    References
    ----------
    Brown, Cai and DasGupta 2001, Statistical Science 16:101.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": ["a", "b", "c"], "flag": "ok",
    ...     "numerator": [10.0, 10.0, 30.0], "denominator": 50.0})
    >>> found = compare_false_alarms(share, rows)
    >>> round(found.value, 3), found.observed
    (0.152, 3)
    """
    flags, why = count_flags(values), counts_refusal("M24", indicator)
    counts = lay_out_counts(indicator, values) if why is None else None
    n = 0 if counts is None else int(counts.known.sum())
    if why is None and n < MINIMUM_UNITS:
        why = f"za mało jednostek z liczebnościami ({n}; potrzeba {MINIMUM_UNITS})"
    if why is not None or counts is None:
        return FalseAlarms.refused("M24", why or "", n_used=n, n_flags=flags)
    count, base = counts.count[counts.known], counts.base[counts.known]
    centre = float(count.sum() / base.sum())
    missing = miss_probabilities(indicator.method, base, centre, level)
    low, high = ratio_interval(indicator.method, count, base, level)
    observed = int(((low > centre) | (high < centre)).sum())
    chances = signal_distribution(missing)
    return FalseAlarms(
        method=METHODS["M24"],
        value=float(missing.sum()),
        n_used=n,
        n_flags=flags,
        observed=observed,
        level=level,
        centre=indicator.multiplier * centre,
        p_none=float(chances[0]),
        p_as_many=min(1.0, float(chances[observed:].sum())),
    )


def miss_probabilities(method: str, base: ArrayLike, centre: float, level: float = 0.95) -> Array:
    """Return the probability that the interval of a unit misses the value it truly has.

    Parameters
    ----------
    method : str
        ``share``: Wilson's interval under the binomial distribution. ``rate``: the interval of M3
        under Poisson's.
    base : array_like
        Sizes of the units.
    centre : float
        The common value, before the multiplier.
    level : float, default 0.95
        Confidence.

    Examples
    --------
    >>> [round(float(p), 9) for p in miss_probabilities("share", [10, 42], 0.2)]
    [0.032793498, 0.050573955]
    """
    from scipy.special import ndtri
    from scipy.stats import binom, poisson

    of = np.asarray(base, dtype="float64")
    if not 0 < centre < (1 if method == "share" else np.inf):
        return np.zeros_like(of)
    if method == "rate":
        low, high = _missed_counts(centre * of, level)
        expected = centre * of
        return np.asarray(poisson.cdf(low, expected) + poisson.sf(high - 1, expected))
    of = np.rint(of)
    # Wilson's interval misses a value where the value's own normal limits miss the share (M5)
    reach = float(ndtri(0.5 + level / 2)) * np.sqrt(of * centre * (1 - centre))
    low, high = np.ceil(of * centre - reach) - 1, np.floor(of * centre + reach) + 1
    return np.asarray(binom.cdf(low, of, centre) + binom.sf(high - 1, of, centre))


def _missed_counts(expected: Array, level: float) -> tuple[Array, Array]:
    """Return the largest count whose interval ends below what is expected, the smallest above."""
    top = float(expected.max(initial=1.0))
    counts = np.arange(int(top + 12 * np.sqrt(top) + 40))
    low, high = poisson_interval(counts, level)
    too_few = np.searchsorted(high, expected, side="left") - 1
    too_many = np.searchsorted(low, expected, side="right")
    return too_few.astype("float64"), too_many.astype("float64")


def signal_distribution(probabilities: Array) -> Array:
    """Return the probability of 0, 1, 2, ... signals of independent units (Poisson-binomial).

    Examples
    --------
    >>> signal_distribution(np.array([0.5, 0.5])).tolist()
    [0.25, 0.5, 0.25]
    """
    found = np.ones(1)
    for probability in probabilities:
        found = np.convolve(found, [1 - probability, probability])
    return found
