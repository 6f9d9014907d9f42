"""Which of many signals are to be trusted? Benjamini-Hochberg and Benjamini-Yekutieli (M15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smup_lib.compare.methods import METHODS
from smup_lib.compare.result import Result

if TYPE_CHECKING:
    import pandas as pd

#: ``bh`` where tests are independent or lean the same way, ``by`` where nobody knows.
Procedure = Literal["bh", "by"]


@dataclass(frozen=True, kw_only=True)
class Batch(Result):
    """How many signals of one family are kept, and which.

    ``value`` is their number, ``n_used`` the number tested.

    Attributes
    ----------
    rows : DataFrame
        The rows that were handed in, with ``adjusted`` and ``kept``; null and False where a row
        was not tested. None when the method refuses.
    q : float
        At most this share of the kept is expected to be the work of chance.
    procedure : str
        ``bh`` or ``by``.
    """

    rows: pd.DataFrame | None = None
    q: float = 0.05
    procedure: Procedure = "bh"


def compare_batch(signals: pd.DataFrame, q: float = 0.05, procedure: Procedure = "bh") -> Batch:
    """Keep the signals that stand when all that were tested with them are allowed for.

    Parameters
    ----------
    signals : DataFrame
        ``p_value``, one row per test, nulls for what was not tested; ``area`` and ``year`` where
        they are there: one area in one year is one family, and families are not mixed.
    q : float, default 0.05
        Share of false signals among the kept that is accepted, 0-1.
    procedure : str, default ``bh``
        ``by`` when the dependence of the tests is doubtful.

    Returns
    -------
    Batch

    References
    ----------
    Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001.

    Examples
    --------
    >>> import pandas as pd
    >>> found = compare_batch(pd.DataFrame({"p_value": [0.0001, 0.0004, 0.0019, 0.6, None]}))
    >>> found.value, found.n_used, found.rows["kept"].tolist()
    (3.0, 4, [True, True, True, False, False])
    """
    if not 0 < q < 1:
        raise ValueError("q is a share between 0 and 1")
    p_values = signals["p_value"].to_numpy(dtype="float64")
    tested = ~np.isnan(p_values)
    n = int(tested.sum())
    mixed = [name for name in ("area", "year") if name in signals and signals[name].nunique() > 1]
    if mixed or n < 2:
        why = (
            "sygnałów z różnych obszarów lub lat nie ocenia się razem"
            if mixed
            else "to nie jest zestaw: do poprawki potrzeba co najmniej dwóch porównań"
        )
        return Batch.refused("M15", why, n_used=n)
    adjusted = np.full(len(signals), np.nan)
    adjusted[tested] = adjust_p_values(p_values[tested], procedure)
    kept = tested & (adjusted <= q)
    return Batch(
        method=METHODS["M15"],
        value=float(kept.sum()),
        n_used=n,
        rows=signals.assign(adjusted=adjusted, kept=kept),
        q=q,
        procedure=procedure,
    )


def adjust_p_values(p_values: ArrayLike, procedure: Procedure = "bh") -> NDArray[np.float64]:
    """Return p-values that allow for how many were tested together.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.02, 0.9]).round(3).tolist()
    [0.03, 0.03, 0.9]
    """
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p_values, method=procedure))
