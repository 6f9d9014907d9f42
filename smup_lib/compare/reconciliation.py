"""Do two sources say the same, and does rounding explain where they do not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

#: ``same``: equal as numbers; ``rounding``: as far apart as the written digits allow;
#: ``unknown``: farther apart than what is known of the digits allows, and not all is known;
#: ``different``: farther apart than rounding explains.
VERDICTS = ("same", "rounding", "unknown", "different")
#: What floating point alone does to a ratio.
_HAIR = 1e-9


def compare_sources(pairs: pd.DataFrame) -> pd.DataFrame:
    """Compare values that two sources give for the same cell.

    Parameters
    ----------
    pairs : DataFrame
        ``left, right``: the two values. ``left_half, right_half``: half of the last written
        digit of each, 0 when a value is exact (a count of persons is; a rate written with one
        decimal has 0.05; a value computed from rounded inputs has what they allow; null when
        nobody knows how a value is rounded).

    Returns
    -------
    DataFrame
        The same rows with ``difference`` (left - right, in the measure unit; points when that is
        percent), ``percent`` (of the right one; null where that is zero), ``allowed`` (the
        largest difference that rounding explains; null when that is not known) and ``verdict``,
        one of :data:`VERDICTS`. Rows with a null are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"left": [5.3, 7.3], "right": [5.26, 5.26],
    ...                       "left_half": 0.05, "right_half": 0.0})
    >>> compare_sources(pairs)[["difference", "percent", "verdict"]].round(2).values.tolist()
    [[0.04, 0.76, 'rounding'], [2.04, 38.78, 'different']]
    """
    both = pairs[pairs["left"].notna() & pairs["right"].notna()]
    left = both["left"].to_numpy(dtype="float64")
    right = both["right"].to_numpy(dtype="float64")
    difference = left - right
    hair = _HAIR * np.maximum(np.abs(left), np.abs(right))
    halves = both[["left_half", "right_half"]].to_numpy("float64")
    known = np.nansum(halves, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(right == 0, np.nan, 100 * difference / np.abs(right))
    return both.assign(
        difference=difference,
        percent=percent,
        allowed=halves.sum(axis=1),
        verdict=np.select(
            [
                np.abs(difference) <= hair,
                np.abs(difference) <= known + hair,
                np.isnan(halves).any(axis=1),
            ],
            VERDICTS[:3],
            VERDICTS[3],
        ),
    )


def half_digit(decimals: ArrayLike, *, exact: ArrayLike = False) -> NDArray[np.float64]:
    """Return half of the last written digit: 0 for exact numbers, null for unknown decimals.

    Examples
    --------
    >>> half_digit([0, 1, float("nan")]).tolist()
    [0.5, 0.05, nan]
    """
    digits = np.asarray(decimals, dtype="float64")
    return np.where(exact, 0.0, 0.5 * 10.0**-digits)
