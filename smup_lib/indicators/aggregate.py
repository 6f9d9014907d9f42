"""The value of a group: from summed numerators and denominators, never a mean of ratios (M1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    n_used: int
    n_all: int
    reason: str | None = None


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
    counted = values["numerator"].notna() & values["denominator"].notna()
    if "flag" in values and not indicator.inputs.denominator_minus:
        # the sums of a row without a value may be there, but they are not to be used; a deficit
        # has no ratio of its own and still takes from the surplus of the others
        counted &= values["flag"].isin(NUMBER_FLAGS)
    used = values[counted]
    n_used = len(used)
    if total == 0 or n_used / total < MINIMUM_COVERAGE or _covered(values, used) < MINIMUM_COVERAGE:
        return GroupValue(
            None, None, None, n_used, total, "za mało jednostek ma licznik i mianownik"
        )
    numerator, denominator = float(used["numerator"].sum()), float(used["denominator"].sum())
    if denominator <= 0:
        return GroupValue(None, numerator, denominator, n_used, total, "brak mianownika")
    import numpy as np

    value = METHODS[indicator.method](
        np.array([numerator]), np.array([denominator]), indicator.multiplier
    )[0]
    return GroupValue(float(value), numerator, denominator, n_used, total)


def _covered(values: pd.DataFrame, used: pd.DataFrame) -> float:
    """Return the share of the known denominators that the used rows hold; 1 where none is known."""
    known = float(values["denominator"].sum())
    return float(used["denominator"].sum()) / known if known > 0 else 1.0
