"""Is a value odd beside others, perhaps an error in the data (M8)?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

#: Beyond this a value is odd (Iglewicz and Hoaglin 1993).
ODD_FROM = 3.5
#: Fewer others than this are no yardstick.
MINIMUM_OTHERS = 8
#: Interquartile range of the standard normal distribution.
_NORMAL_IQR = 1.3489795003921634
#: Standard deviations in one median absolute deviation of the same.
_NORMAL_MAD = 1.482602218505602


@dataclass(frozen=True)
class RobustZ:
    """How far a value lies from the others, in robust standard deviations.

    Attributes
    ----------
    z : float or None
        Signed; None when it has no answer.
    n : int
        Others with a number.
    median : float or None
        Of the others.
    reason : str or None
        Polish reason when ``z`` is None.
    """

    z: float | None
    n: int
    median: float | None = None
    reason: str | None = None

    @property
    def odd(self) -> bool:
        """Whether the value asks for a look at its source; never a grade of performance."""
        return self.z is not None and abs(self.z) > ODD_FROM


def compare_robust_z(value: float | None, others: Iterable[float]) -> RobustZ:
    """Measure a value against others by median and median absolute deviation.

    Parameters
    ----------
    value : float or None
        The value in question, not among the others.
    others : iterable of float
        Values of the peers, or of the unit's other years; null values are left out.

    Returns
    -------
    RobustZ
        Where most others are equal the interquartile range is the yardstick, where that is nothing
        too there is no answer.

    References
    ----------
    Iglewicz and Hoaglin 1993 (M8).

    Examples
    --------
    >>> found = compare_robust_z(90, [80, 80, 80, 80, 85, 90, 60, 80])
    >>> found.odd, found.n
    (True, 8)
    """
    numbers = np.array([other for other in others if other == other], dtype="float64")
    n = len(numbers)
    if value is None or value != value:
        return RobustZ(None, n, reason="brak wartości")
    if n < MINIMUM_OTHERS:
        return RobustZ(
            None, n, reason=f"za mało wartości do porównania ({n}; potrzeba {MINIMUM_OTHERS})"
        )
    middle = float(np.median(numbers))
    spread = robust_spread(numbers)
    if spread == 0:
        return RobustZ(None, n, middle, "nieokreślone: większość wartości jest równa")
    return RobustZ((value - middle) / spread, n, middle)


def compare_oddity(value: float | None, others: Iterable[float]) -> RobustZ:
    """Measure a value as it stands and, where all are positive, by its logarithm; the milder holds.

    Rates of things that gather in few places (tourists, museums) have long tails: what is far there
    is ordinary once ratios are compared. What is odd on both scales is odd.

    Parameters
    ----------
    value, others
        As for :func:`compare_robust_z`.

    Returns
    -------
    RobustZ

    Examples
    --------
    >>> long_tail = [1, 2, 3, 5, 9, 17, 40, 90]
    >>> compare_robust_z(200, long_tail).odd, compare_oddity(200, long_tail).odd
    (True, False)
    """
    numbers = [other for other in others if other == other]
    found = compare_robust_z(value, numbers)
    if not found.odd or value is None or min(value, *numbers) <= 0:
        return found
    logs = compare_robust_z(float(np.log(value)), np.log(numbers))
    if found.z is None or logs.z is None or abs(logs.z) >= abs(found.z):
        return found
    return replace(found, z=logs.z)


def robust_spread(numbers: np.typing.NDArray[np.float64]) -> float:
    """Return the median absolute deviation on the scale of a standard deviation.

    The interquartile range takes its place where more than half of the values are equal.

    Examples
    --------
    >>> import numpy as np
    >>> round(robust_spread(np.array([80.0, 80, 80, 80, 85, 90, 60])), 6)
    1.853253
    """
    # numpy: scipy's median_abs_deviation gives the same (tested) at twenty times the price
    deviation = float(np.median(np.abs(numbers - np.median(numbers)))) * _NORMAL_MAD
    if deviation:
        return deviation
    q25, q75 = np.quantile(numbers, [0.25, 0.75])
    return float(q75 - q25) / _NORMAL_IQR
