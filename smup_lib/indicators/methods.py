"""Named arithmetic of indicators: arrays in, array out; nothing here knows what is measured.

Every method takes ``numerator`` and ``denominator`` (arrays of equal length, null = NaN) and a
``multiplier``, and returns values in the indicator's measure unit. A zero denominator gives NaN;
:mod:`smup_lib.indicators.compute` says why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def ratio(numerator: Array, denominator: Array, multiplier: float = 1.0) -> Array:
    """Return ``multiplier * numerator / denominator``.

    Examples
    --------
    >>> float(ratio(np.array([7.0]), np.array([4321.0]), 1000).round(8)[0])
    1.61999537
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        values = multiplier * numerator / denominator
    return np.where(denominator == 0, np.nan, values)


def share(numerator: Array, denominator: Array, multiplier: float = 100.0) -> Array:
    """Return a part of a whole; a part that does not fit into it is an error of the data (NaN).

    Examples
    --------
    >>> share(np.array([3.0, 5.0]), np.array([20.0, 4.0]))
    array([15., nan])
    """
    values = ratio(numerator, denominator, multiplier)
    return np.where((numerator > denominator) | (numerator < 0), np.nan, values)


def rate(numerator: Array, denominator: Array, multiplier: float = 1.0) -> Array:
    """Return events per exposure (persons, kilometres), times the multiplier.

    Examples
    --------
    >>> float(rate(np.array([27.0]), np.array([18340.0]), 10_000).round(7)[0])
    14.7219193
    """
    return ratio(numerator, denominator, multiplier)


def change(numerator: Array, denominator: Array, multiplier: float = 100.0) -> Array:
    """Return the change against an earlier amount, as a part of it.

    Examples
    --------
    >>> change(np.array([110.0]), np.array([100.0]))
    array([10.])
    """
    return ratio(numerator - denominator, denominator, multiplier)


def index(numerator: Array, denominator: Array, multiplier: float = 100.0) -> Array:
    """Return an amount against the amount of the base year (base = multiplier).

    Examples
    --------
    >>> index(np.array([110.0]), np.array([100.0]))
    array([110.])
    """
    return ratio(numerator, denominator, multiplier)


def amount(numerator: Array, denominator: Array, multiplier: float = 1.0) -> Array:
    """Return the amount itself; the denominator is not used.

    Examples
    --------
    >>> amount(np.array([12.0]), np.array([np.nan]))
    array([12.])
    """
    del denominator
    return numerator * multiplier


METHODS: dict[str, Callable[[Array, Array, float], Array]] = {
    "ratio": ratio,
    "share": share,
    "rate": rate,
    "change": change,
    "index": index,
    "amount": amount,
}
