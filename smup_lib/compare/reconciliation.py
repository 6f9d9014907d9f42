"""Do two sources say the same, and does rounding explain where they do not?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

#: ``same``: equal as numbers; ``rounding``: as far apart as the written digits allow;
#: ``different``: farther apart.
VERDICTS = ("same", "rounding", "different")
#: What floating point alone does to a ratio.
_HAIR = 1e-9
_THOUSANDS = {"": 1.0, "tys.": 1e3, "mln": 1e6}
_PER = re.compile(r"^(?P<above>[^/]+)/(?P<amount>\d+ ?)?(?P<times>tys\.|mln)? ?(?P<below>.+)$")


def compare_sources(pairs: pd.DataFrame) -> pd.DataFrame:
    """Compare values that two sources give for the same cell.

    Parameters
    ----------
    pairs : DataFrame
        ``left, right``: the two values. ``left_half, right_half``: half of the last written
        digit of each, 0 when a value is exact (a count of persons is; a rate written with one
        decimal has 0.05; a value computed from rounded inputs has what they allow).

    Returns
    -------
    DataFrame
        The same rows with ``difference`` (left - right, in the measure unit; points when that is
        percent), ``percent`` (of the right one; null where that is zero), ``allowed`` (the
        largest difference that rounding explains) and ``verdict``, one of :data:`VERDICTS`.
        Rows with a null are left out.

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
    allowed = both["left_half"].to_numpy("float64") + both["right_half"].to_numpy("float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(right == 0, np.nan, 100 * difference / np.abs(right))
    return both.assign(
        difference=difference,
        percent=percent,
        allowed=allowed,
        verdict=np.select(
            [np.abs(difference) <= hair, np.abs(difference) <= allowed + hair],
            VERDICTS[:2],
            VERDICTS[2],
        ),
    )


def half_digit(decimals: ArrayLike, *, exact: bool = False) -> NDArray[np.float64]:
    """Return half of the last written digit; 0 for exact counts and unknown decimals.

    Examples
    --------
    >>> half_digit([0, 1, float("nan")]).tolist()
    [0.5, 0.05, 0.0]
    """
    digits = np.asarray(decimals, dtype="float64")
    return np.where(np.isnan(digits) | exact, 0.0, 0.5 * 10.0**-digits)


def unit_scale(measure_unit: str, other: str) -> float | None:
    """Return by what a value in the other unit is multiplied to stand in the first; None: never.

    Examples
    --------
    >>> unit_scale("mieszkania/1000 os.", "mieszkania/10 tys. os.")
    0.1
    >>> unit_scale("%", "%"), unit_scale("zł", "%") is None
    (1.0, True)
    """
    if measure_unit == other:
        return 1.0
    ours, theirs = _PER.match(measure_unit), _PER.match(other)
    if not ours or not theirs:
        return None
    if (ours["above"], ours["below"]) != (theirs["above"], theirs["below"]):
        return None
    return _amount(ours) / _amount(theirs)


def _amount(found: re.Match[str]) -> float:
    return float(found["amount"] or 1) * _THOUSANDS[found["times"] or ""]
