"""Is a cost high given the circumstances? Expected cost from structural needs (M17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.methods import METHODS, basis_of, basis_refusal
from smup_lib.compare.reading import Figure, Reading
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: More needs than this explain anything.
MOST_NEEDS = 3
#: Units needed at least, and for each need.
MINIMUM_UNITS = 30
UNITS_A_NEED = 10
#: A model that predicts less of the differences between units left out of it is refused.
LEAST_PREDICTED = 0.30


@dataclass(frozen=True)
class Need:
    """A circumstance that makes a service dearer or cheaper, decided on before the fit.

    Attributes
    ----------
    name : str
        Column of the frame.
    label : str
        Polish name.
    sign : int
        1 when more of it makes the service dearer, -1 when cheaper.
    logged : bool
        Whether it goes by its logarithm.
    """

    name: str
    label: str
    sign: Literal[1, -1]
    logged: bool = False


class CostFit(NamedTuple):
    """The arithmetic of M17; what is expected of a unit comes from the fit without it."""

    coefficients: Array
    errors: Array
    leverage: Array
    expected: Array
    explained: float
    predicted: float


@dataclass(frozen=True, kw_only=True)
class NeedCost(UnitResults):
    """Cost expected of each unit by its circumstances; the gap is a question, never waste.

    ``rows`` has besides the common columns ``own`` (the unit's cost), ``gap`` (own minus
    expected) and ``leverage``; ``value`` is the expected cost. All in the measure unit.

    Attributes
    ----------
    coefficients : tuple of float
        Intercept, then one a need.
    errors : tuple of float
        Their standard errors (HC3).
    explained, predicted : float or None
        R² of the fit, and of units left out of it (0-1, the second may be negative).
    """

    coefficients: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()
    explained: float | None = None
    predicted: float | None = None


def compare_need_cost(
    indicator: Indicator, values: pd.DataFrame, needs: Sequence[Need]
) -> NeedCost:
    """Compare the cost of units with what their circumstances let expect.

    Parameters
    ----------
    indicator : Indicator
        A cost with ``data_basis: money_ratio``.
    values : DataFrame
        ``unit_code, value, flag`` of one indicator and year and a column for each need; one row
        per unit, all of one kind.
    needs : sequence of Need
        One to three structural circumstances, fixed before anybody saw the answer.

    Returns
    -------
    NeedCost
        Refused as a whole when there are too few units, when the model predicts less than
        :data:`LEAST_PREDICTED` of the differences, or when a sign contradicts what was stated;
        for a unit that is too far from the others (leverage) or has a value missing.

    References
    ----------
    Allen 1974 (prediction without the unit); MacKinnon and White 1985 (HC3).
    """
    own, design = _columns(values, needs)
    usable = values["flag"].isin(NUMBER_FLAGS).to_numpy() & np.isfinite(own)
    usable &= np.isfinite(design).all(axis=1)
    why = _refusal_before(indicator, own[usable], design[usable])
    found = fit_needs(own[usable], design[usable]) if why is None else None
    if found is not None:
        why = _refusal_after(found, needs)
    if found is None or why is not None:
        return NeedCost(
            method=METHODS["M17"],
            rows=refused_rows(values["unit_code"], why or ""),
            n_flags=count_flags(values),
            reason=why,
            explained=found.explained if found else None,
            predicted=found.predicted if found else None,
        )
    return NeedCost(
        method=METHODS["M17"],
        rows=_rows(values, own, usable, found),
        n_used=int(usable.sum()),
        n_flags=count_flags(values),
        coefficients=tuple(found.coefficients.tolist()),
        errors=tuple(found.errors.tolist()),
        explained=found.explained,
        predicted=found.predicted,
    )


def _columns(values: pd.DataFrame, needs: Sequence[Need]) -> tuple[Array, Array]:
    """Return the costs and the needs; what has no logarithm is missing."""
    own = values["value"].to_numpy(dtype="float64")
    design = np.empty((len(values), len(needs)))
    for place, need in enumerate(needs):
        column = values[need.name].to_numpy(dtype="float64")
        if need.logged:
            column = np.log(np.where(column > 0, column, np.nan))
        design[:, place] = column
    return own, design


def _refusal_before(indicator: Indicator, own: Array, design: Array) -> str | None:
    if (why := basis_refusal("M17", basis_of(indicator))) is not None:
        return why
    n_needs = design.shape[1]
    if not 1 <= n_needs <= MOST_NEEDS:
        return f"potrzeba od 1 do {MOST_NEEDS} cech opisujących warunki (podano {n_needs})"
    least = max(MINIMUM_UNITS, UNITS_A_NEED * n_needs)
    if len(design) < least:
        return f"za mało jednostek z kosztem i opisem warunków ({len(design)}; potrzeba {least})"
    if np.linalg.matrix_rank(_with_intercept(design)) <= n_needs:
        return "cechy opisujące warunki są stałe albo mówią to samo"
    if np.ptp(own) == 0:
        return "wszystkie koszty są równe"
    return None


def _refusal_after(found: CostFit, needs: Sequence[Need]) -> str | None:
    if not found.predicted >= LEAST_PREDICTED:
        return "warunki zbyt słabo przewidują koszt, żeby coś z nich wnioskować"
    against = [
        need.label
        for need, slope in zip(needs, found.coefficients[1:], strict=True)
        if slope * need.sign <= 0
    ]
    if against:
        return f"zależność ma znak przeciwny do oczekiwanego: {', '.join(against)}"
    return None


def _rows(
    values: pd.DataFrame, own: Array, usable: NDArray[np.bool_], found: CostFit
) -> pd.DataFrame:
    n, parameters = int(usable.sum()), len(found.coefficients)
    expected, leverage = np.full((2, len(values)), np.nan)
    expected[usable], leverage[usable] = found.expected, found.leverage
    reason = np.full(len(values), "", dtype=object)
    reason[~usable] = "brak kosztu albo opisu warunków"
    reason[leverage > 2 * parameters / n] = "warunki tej jednostki są zbyt odległe od pozostałych"
    refused = reason != ""
    return unit_rows(
        values["unit_code"],
        value=expected,
        reason=reason,
        own=own,
        gap=np.where(refused, np.nan, own - expected),
        leverage=leverage,
    )


def _with_intercept(design: Array) -> Array:
    return np.column_stack([np.ones(len(design)), design])


def fit_needs(own: Array, design: Array) -> CostFit:
    """Return what least squares make of costs and needs, whatever their number.

    Parameters
    ----------
    own : array
        Cost of each unit.
    design : array
        A row per unit, a column per need; without an intercept.

    Examples
    --------
    >>> fit = fit_needs(np.array([3.0, 5.1, 7.0, 9.0]), np.array([[1.0], [2.0], [3.0], [4.0]]))
    >>> [round(float(b), 1) for b in fit.coefficients], round(fit.explained, 4)
    ([1.0, 2.0], 0.9996)
    """
    # not statsmodels.api: that imports the whole of it
    from statsmodels.regression.linear_model import OLS

    fitted = OLS(own, _with_intercept(design)).fit()
    leverage = fitted.get_influence().hat_matrix_diag
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = fitted.resid / (1 - leverage)
        predicted = 1 - (left_out**2).sum() / ((own - own.mean()) ** 2).sum()
    return CostFit(
        coefficients=fitted.params,
        errors=fitted.get_robustcov_results("HC3").bse,
        leverage=leverage,
        expected=own - left_out,
        explained=float(fitted.rsquared),
        predicted=float(predicted),
    )


def read_need_cost(
    found: NeedCost, unit_code: str, measure_unit: str, decimals: int = 0
) -> Reading | None:
    """Return the sentence beside a cost; None where the method refused.

    Parameters
    ----------
    found : NeedCost
        The answers.
    unit_code : str
        Whose cost.
    measure_unit, decimals : str, int
        Of the indicator.
    """
    row = found.rows[found.rows["unit_code"] == unit_code].iloc[0]
    if row["reason"] or found.predicted is None:
        return None
    return Reading(
        "Przy takich warunkach należałoby oczekiwać około {expected}; jest {own}. "
        "Model przewiduje {predicted} różnic między jednostkami.",
        {
            "expected": Figure(float(row["value"]), decimals, measure_unit),
            "own": Figure(float(row["own"]), decimals, measure_unit),
            "predicted": Figure(100 * found.predicted, 0, "%"),
        },
    )
