"""How large is it in the whole group: the ratio of sums, and what share it covers (M1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.compare.methods import METHODS, basis_of, basis_refusal
from smup_lib.compare.result import Result, count_flags
from smup_lib.indicators import compute_group_value

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator


@dataclass(frozen=True, kw_only=True)
class GroupRatio(Result):
    """The value of a whole group, from sums.

    Attributes
    ----------
    numerator, denominator : float or None
        The sums.
    n_all : int
        Units of the group.
    coverage : float or None
        Share of the known denominator that the summed units hold, 0-1; below 0.95 no value.
    """

    numerator: float | None = None
    denominator: float | None = None
    n_all: int = 0
    coverage: float | None = None


def compare_group_ratio(
    indicator: Indicator, values: pd.DataFrame, n_all: int | None = None
) -> GroupRatio:
    """Return the value of a group of units of one year: sum of numerators over sum of denominators.

    Parameters
    ----------
    indicator : Indicator
        What is measured; ready-made values refuse, because their parts are not known.
    values : DataFrame
        ``unit_code, year, flag, numerator, denominator`` of one indicator and year.
    n_all : int, optional
        Size of the group when some units have no row at all.

    Returns
    -------
    GroupRatio
        In the measure unit of the indicator.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("capital_share_of_expenditure")
    >>> rows = pd.DataFrame({"unit_code": ["9001", "9002", "9003"], "year": 2020, "flag": "ok",
    ...     "numerator": [120.0, 45.0, 7.0], "denominator": [400.0, 60.0, 50.0]})
    >>> found = compare_group_ratio(share, rows)
    >>> round(found.value, 7), found.coverage
    (33.7254902, 1.0)
    """
    flags = count_flags(values)
    if (why := basis_refusal("M1", basis_of(indicator))) is not None:
        return GroupRatio.refused("M1", why, n_flags=flags)
    found = compute_group_value(indicator, values, n_all)
    return GroupRatio(
        method=METHODS["M1"],
        value=found.value,
        n_used=found.n_used,
        n_flags=flags,
        reason=found.reason,
        numerator=found.numerator,
        denominator=found.denominator,
        n_all=found.n_all,
        coverage=found.coverage,
    )
