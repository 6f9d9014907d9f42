"""What does a method hand back: a number, what it rests on, or why there is none?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from smup_lib.compare.methods import METHODS, Method

if TYPE_CHECKING:
    import pandas as pd

#: What an interval speaks of. The two are never merged: ``chance`` is how the count could vary in
#: another year under the same conditions, ``rounding`` what the printed digits leave open.
IntervalKind = Literal["chance", "rounding"]


class Interval(NamedTuple):
    """Bounds of a value, and what they speak of.

    Attributes
    ----------
    low, high : float
        In the measure unit of the value.
    level : float
        Of confidence, 0-1; 1 for rounding bounds.
    kind : str
        ``chance`` or ``rounding``.
    """

    low: float
    high: float
    level: float = 0.95
    kind: IntervalKind = "chance"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One answer of a method; what a method adds stands in a subclass.

    Attributes
    ----------
    method : Method
        Id, published name, reference.
    value : float or None
        The answer; None when the method may not answer, then ``reason`` says why.
    interval : Interval or None
        Where the method gives one.
    n_used : int
        How many units, years or counts the answer rests on.
    n_flags : mapping of str to int
        Rows by flag, the used and the unused.
    reason : str or None
        Polish reason of a refusal.
    warnings : tuple of str
        Polish sentences to print beside the answer.

    Raises
    ------
    ValueError
        When there is neither a value nor a reason, or both.

    Examples
    --------
    >>> refused = Result.refused("M2", "brak mianownika", n_flags={"no_data": 3})
    >>> refused.value is None, refused.reason, refused.method.reference
    (True, 'brak mianownika', 'Wilson 1927')
    """

    method: Method
    value: float | None = None
    interval: Interval | None = None
    n_used: int = 0
    n_flags: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError(f"{self.method.id}: a value or a reason is needed, not both")

    @classmethod
    def refused(
        cls, method: str, reason: str, *, n_used: int = 0, n_flags: Mapping[str, int] | None = None
    ) -> Self:
        """Return the refusal of a method (its id) with a Polish reason."""
        return cls(method=METHODS[method], n_used=n_used, n_flags=n_flags or {}, reason=reason)


#: The columns that the frame of every many-unit answer has, in this order before its own.
UNIT_COLUMNS = ("unit_code", "value", "low", "high", "reason")


@dataclass(frozen=True, kw_only=True)
class UnitResults:
    """Answers of a method for many units; what a method adds of the whole stands in a subclass.

    Attributes
    ----------
    method : Method
        Id, published name, reference.
    rows : DataFrame
        :data:`UNIT_COLUMNS`, then the method's own. ``value``, ``low``, ``high`` are float64;
        ``reason`` is the Polish refusal for the unit, empty beside a value. A refused unit keeps
        its row.
    level : float
        Confidence of ``low`` and ``high``, 0-1.
    kind : str
        What the bounds speak of (:data:`IntervalKind`).
    n_used : int
        Rows with an answer.
    n_flags : mapping of str to int
        Rows of the input by flag.
    reason : str or None
        Polish reason when the method refuses for all.
    warnings : tuple of str
        Polish sentences to print beside the answers.

    Raises
    ------
    ValueError
        When a column is missing, or a row has neither a value nor a reason, or both.
    """

    method: Method
    rows: pd.DataFrame
    level: float = 0.95
    kind: IntervalKind = "chance"
    n_used: int = 0
    n_flags: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lacking = [name for name in UNIT_COLUMNS if name not in self.rows]
        if lacking:
            raise ValueError(f"{self.method.id}: columns are missing: {lacking}")
        unsaid = self.rows["value"].isna() != (self.rows["reason"] != "")
        if unsaid.any():
            codes = self.rows.loc[unsaid, "unit_code"].tolist()
            raise ValueError(f"{self.method.id}: a value or a reason is needed: {codes[:5]}")


def unit_rows(unit_codes: Iterable[str], **columns: Any) -> pd.DataFrame:
    """Return a frame with :data:`UNIT_COLUMNS`, then the named ones.

    ``value``, ``low`` and ``high`` are null and ``reason`` empty where they are not given; a value
    beside a reason is taken out, with its bounds. Columns are taken by place, not by index.

    Examples
    --------
    >>> rows = unit_rows(["9001", "9002"], value=[1.0, 2.0], reason=["", "brak mianownika"])
    >>> rows["value"].isna().tolist(), list(rows)
    ([False, True], ['unit_code', 'value', 'low', 'high', 'reason'])
    """
    import pandas as pd

    given = {"value": math.nan, "low": math.nan, "high": math.nan, "reason": "", **columns}
    by_place = {name: getattr(column, "array", column) for name, column in given.items()}
    rows = pd.DataFrame({"unit_code": pd.Series(list(unit_codes), dtype="str")}).assign(**by_place)
    refused = (rows["reason"] != "").to_numpy()
    for name in ("value", "low", "high"):
        rows[name] = rows[name].astype("float64").mask(refused)
    return rows.astype({"reason": "str"})


def refused_rows(unit_codes: Iterable[str], reason: str) -> pd.DataFrame:
    """Return rows of units that all have the same reason for no answer.

    Examples
    --------
    >>> refused_rows(["9001"], "brak mianownika")["reason"].tolist()
    ['brak mianownika']
    """
    return unit_rows(unit_codes, reason=reason)


def count_flags(values: pd.DataFrame) -> dict[str, int]:
    """Count the rows of a frame by ``flag``, in the order of the alphabet.

    Examples
    --------
    >>> import pandas as pd
    >>> count_flags(pd.DataFrame({"flag": ["ok", "no_data", "ok"]}))
    {'no_data': 1, 'ok': 2}
    """
    counted = values["flag"].value_counts().to_dict() if "flag" in values else {}
    return {str(flag): int(n) for flag, n in sorted(counted.items())}


def check_one_row(values: pd.DataFrame) -> None:
    """Raise when a unit has several rows: the frame is not of one indicator and one year.

    Examples
    --------
    >>> import pandas as pd
    >>> check_one_row(pd.DataFrame({"unit_code": ["9001", "9002"]}))
    """
    if values["unit_code"].duplicated().any():
        raise ValueError("one row per unit is needed: one indicator, one year")
