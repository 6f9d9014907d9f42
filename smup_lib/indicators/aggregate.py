"""The value of a group: from summed numerators and denominators, never a mean of ratios (M1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.flags import NUMBER_FLAGS
from smup_lib.indicators.methods import METHODS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: Below this share of covered units, or of the known denominator, a group value is not given (M1).
MINIMUM_COVERAGE = 0.95


@dataclass(frozen=True)
class GroupValue:
    """The value of a whole group, or the reason why there is none.

    Attributes
    ----------
    value : float or None
        In the indicator's measure unit.
    numerator, denominator : float or None
        The sums.
    n_used, n_all : int
        Units summed, units of the group.
    reason : str or None
        Polish reason when ``value`` is None.
    coverage : float
        Share of the known denominator that the summed units hold, 0-1.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    n_used: int
    n_all: int
    reason: str | None = None
    coverage: float = 1.0


def compute_group_value(
    indicator: Indicator, values: pd.DataFrame, n_all: int | None = None
) -> GroupValue:
    """Compute an indicator for a group of units of one year.

    Parameters
    ----------
    indicator : Indicator
        What is measured; published rates refuse, because their counts are not known.
    values : DataFrame
        Rows of :func:`smup_lib.indicators.compute.compute_values` for this indicator and one
        year; units of different levels must not be mixed. Rows whose ``flag`` (where the column
        is there) stands beside no number are not summed.
    n_all : int, optional
        Size of the group when some units have no row at all.

    Returns
    -------
    GroupValue

    Examples
    --------
    The first golden case of M1: (120 + 45 + 7) / (400 + 60 + 50).

    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("capital_share_of_expenditure")
    >>> rows = pd.DataFrame({"unit_code": ["9001", "9002", "9003"], "year": 2020,
    ...     "numerator": [120.0, 45.0, 7.0], "denominator": [400.0, 60.0, 50.0]})
    >>> round(compute_group_value(share, rows).value / share.multiplier, 9)
    0.337254902
    """
    total = n_all if n_all is not None else len(values)
    if indicator.method not in ("ratio", "share", "rate") or indicator.data_basis == "index":
        return GroupValue(None, None, None, 0, total, "wskaźnik nie ma licznika i mianownika")
    if values["year"].nunique() > 1:
        raise ValueError("a group value is of one year")
    if "unit_code" in values and counts_twice(values["unit_code"]):
        reason = "w grupie są jednostki i ich części, więc suma liczyłaby je dwa razy"
        return GroupValue(None, None, None, 0, total, reason)
    usable = values["flag"].isin(NUMBER_FLAGS).to_numpy() if "flag" in values else None
    numerator, denominator = (
        values[name].to_numpy(dtype="float64") for name in ("numerator", "denominator")
    )
    return sum_group(indicator, numerator, denominator, usable, total)


def sum_group(
    indicator: Indicator,
    numerator: NDArray[np.float64],
    denominator: NDArray[np.float64],
    usable: NDArray[np.bool_] | None,
    n_all: int,
) -> GroupValue:
    """Sum the parts of units that do not overlap; see :func:`compute_group_value`.

    Parameters
    ----------
    indicator : Indicator
        Of a method that has a numerator and a denominator.
    numerator, denominator : ndarray
        One per unit, NaN where it is not known.
    usable : ndarray of bool or None
        Whether the flag of a unit stands beside a number; None when nobody asks.
    n_all : int
        Size of the group.

    Returns
    -------
    GroupValue
    """
    counted = ~(np.isnan(numerator) | np.isnan(denominator))
    if usable is not None and not indicator.inputs.denominator_minus:
        # the sums of a row without a value may be there, but they are not to be used; a deficit
        # has no ratio of its own and still takes from the surplus of the others
        counted &= usable
    n_used, above = int(counted.sum()), float(numerator[counted].sum())
    below, known = float(denominator[counted].sum()), float(np.nansum(denominator))
    covered = below / known if known > 0 else 1.0
    if n_all == 0 or n_used / n_all < MINIMUM_COVERAGE or covered < MINIMUM_COVERAGE:
        reason = "za mało jednostek ma licznik i mianownik"
        return GroupValue(None, None, None, n_used, n_all, reason, covered)
    if below <= 0:
        return GroupValue(None, above, below, n_used, n_all, "brak mianownika", covered)
    value = METHODS[indicator.method](np.array([above]), np.array([below]), indicator.multiplier)
    return GroupValue(float(value[0]), above, below, n_used, n_all, coverage=covered)


def counts_twice(unit_codes: Iterable[str]) -> bool:
    """Tell whether a unit stands beside a part of itself.

    A gmina beside its town, a powiat beside one of its gminy.

    Examples
    --------
    >>> counts_twice(["900103", "9001034", "9001035"]), counts_twice(["9001034", "9001035"])
    (True, False)
    """
    codes = set(unit_codes)
    shorter = sorted({len(code) for code in codes})[:-1]
    return any(code[:n] in codes for code in codes for n in shorter if n < len(code))
