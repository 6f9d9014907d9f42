"""Where on an axis does a value lie, which values does the axis show, where are its ticks?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: A value counts as far out beyond this many quartile ranges; it leaves the axis only when it
#: would squeeze the others into less than this share of it.
_FENCE = 3.0
_SQUEEZED = 0.5
_MAX_OUTSIDE = 0.05


@dataclass(frozen=True)
class Domain:
    """The ends of an axis; values beyond them are drawn as arrows."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Return whether a value lies on the axis."""
        return self.low <= value <= self.high

    def clip(self, value: float) -> float:
        """Return the nearest value on the axis."""
        return min(max(value, self.low), self.high)


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to pixels."""

    domain: Domain
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; values beyond an end stay at it."""
        d = self.domain
        share = (d.clip(value) - d.low) / (d.high - d.low)
        return self.start + share * (self.end - self.start)


def finite(values: Iterable[float | None]) -> list[float]:
    """Return the numbers among values that may be null."""
    return [float(v) for v in values if v is not None and math.isfinite(v)]


def as_number(value: object) -> float | None:
    """Return a value as a float; None for any null, and for what is not finite.

    Examples
    --------
    >>> as_number(3), as_number(float("nan")), as_number(None)
    (3.0, None, None)
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):  # None, pandas.NA
        return None
    return number if math.isfinite(number) else None


def last_digit(value: float, decimals: int) -> float:
    """Count a value in units of its last printed digit, halves away from zero.

    Values that a reader cannot tell apart give the same count, as in ``compare.position``.

    Examples
    --------
    >>> last_digit(2.675, 2), last_digit(-0.04, 1), last_digit(11.6, 0)
    (268.0, -0.0, 12.0)
    """
    # the hair is that of compare.position: a binary 2.675 lies below its decimal digits
    return math.copysign(math.floor(abs(value) * 10**decimals + 0.5 + 1e-9), value)


def axis_domain(
    values: Iterable[float | None],
    *,
    from_zero: bool = True,
    also: Iterable[float | None] = (),
    clip: bool = True,
) -> Domain:
    """Choose what an axis shows: everything, unless a few far values would crush the rest.

    Parameters
    ----------
    values : iterable of float
        Nulls are ignored. At least one number.
    from_zero : bool, default True
        Whether zero must be on the axis (amounts, rates, shares).
    also : iterable of float
        Values that must be shown (median, quartiles).
    clip : bool, default True
        Whether far values may be left beyond the end.

    Examples
    --------
    >>> axis_domain([3, 5, 8])
    Domain(low=0.0, high=8.0)
    >>> axis_domain([3, 5, 8, 6, 4, 5, 7, 900])
    Domain(low=0.0, high=8.0)
    """
    numbers = sorted(finite(values))
    must = finite(also)
    low, high = numbers[0], numbers[-1]
    if clip and len(numbers) >= 4:
        low, high = _inner_range(numbers, [0.0] if from_zero else [])
    low, high = min([low, *must]), max([high, *must])
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        pad = abs(low) * 0.1 or 1.0
        low, high = (low, high + pad) if low == 0 else (low - pad, high + pad)
    return Domain(low, high)


def _inner_range(numbers: Sequence[float], must: Sequence[float]) -> tuple[float, float]:
    """Return the range without far values, each end judged by what it would cost the others."""
    q1, q3 = _quantile(numbers, 0.25), _quantile(numbers, 0.75)
    spread = q3 - q1 or (_quantile(numbers, 0.95) - _quantile(numbers, 0.05)) / 3
    inside = [v for v in numbers if q1 - _FENCE * spread <= v <= q3 + _FENCE * spread]
    allowed = max(1, int(_MAX_OUTSIDE * len(numbers)))
    if not inside or len(numbers) - len(inside) > 2 * allowed:
        inside = list(numbers[allowed : len(numbers) - allowed])
    low, high = min([numbers[0], *must]), max([numbers[-1], *must])
    inner_low, inner_high = min([inside[0], *must]), max([inside[-1], *must])
    width = inner_high - inner_low
    if width < _SQUEEZED * (high - inner_low):
        high = inner_high
    if width < _SQUEEZED * (inner_high - low):
        low = inner_low
    return low, high


def _quantile(numbers: Sequence[float], share: float) -> float:
    place = share * (len(numbers) - 1)
    below = int(place)
    above = min(below + 1, len(numbers) - 1)
    return numbers[below] + (numbers[above] - numbers[below]) * (place - below)


def tick_step(span: float, count: int) -> float:
    """Return a round step that divides a span into about so many parts.

    Examples
    --------
    >>> [tick_step(s, 5) for s in (10, 37, 4200, 0.3)]
    [2.0, 10.0, 1000.0, 0.1]
    """
    raw = span / max(count, 1)
    size = 10.0 ** math.floor(math.log10(raw))
    for factor in (1.0, 2.0, 2.5, 5.0):
        if raw <= factor * size * 1.0001:
            return factor * size
    return 10.0 * size


def ticks(low: float, high: float, count: int) -> list[float]:
    """Return round values within a range, ends included when they are round.

    Examples
    --------
    >>> ticks(0, 83, 4)
    [0.0, 25.0, 50.0, 75.0]
    """
    step = tick_step(high - low, count)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, last + 1)]


def widen(domain: Domain, count: int) -> Domain:
    """Move the ends outward to round ticks.

    Examples
    --------
    >>> widen(Domain(0, 83), 4)
    Domain(low=0.0, high=100.0)
    """
    step = tick_step(domain.high - domain.low, count)
    low = math.floor(domain.low / step + 1e-9) * step
    high = math.ceil(domain.high / step - 1e-9) * step
    return Domain(round(low, 12) + 0.0, round(high, 12) + 0.0)


def tick_decimals(values: Sequence[float]) -> int:
    """Return how many digits the labels of ticks need.

    Examples
    --------
    >>> tick_decimals([0, 0.25, 0.5]), tick_decimals([0, 100])
    (2, 0)
    """
    for decimals in range(7):
        if all(abs(round(v, decimals) - v) <= 1e-9 * max(1.0, abs(v)) for v in values):
            return decimals
    return 6


def year_ticks(first: int, last: int, count: int) -> list[int]:
    """Return years to label: the last one always, then every n-th back from it.

    Examples
    --------
    >>> year_ticks(2004, 2024, 5)
    [2004, 2009, 2014, 2019, 2024]
    """
    span = last - first
    step = next((s for s in (1, 2, 3, 4, 5, 10, 20, 25, 50) if span / s <= max(count - 1, 1)), 100)
    return list(range(last, first - 1, -step))[::-1]
