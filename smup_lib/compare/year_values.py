"""The values of one indicator in one year, laid out for many comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

NO_ROW = (float("nan"), "no_data")


class YearValues:
    """Value and flag by unit.

    Parameters
    ----------
    frame : DataFrame
        ``unit_code``, ``value`` and ``flag`` of one indicator and year, one row per unit.

    Raises
    ------
    ValueError
        When a unit has two rows: then the rows are of several indicators or years.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"unit_code": ["9001", "9002"], "value": [1.0, None], "flag": ["ok", "no_data"]}
    >>> values = YearValues(pd.DataFrame(rows))
    >>> values.numbers(["9001", "9002", "9003"]).tolist()
    [1.0]
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        codes = frame["unit_code"].tolist()
        cells = zip(frame["value"].tolist(), frame["flag"].tolist(), strict=True)
        self._cells = dict(zip(codes, cells, strict=True))
        if len(self._cells) < len(codes):
            raise ValueError("one row per unit is needed: one indicator, one year")

    @classmethod
    def of(cls, values: pd.DataFrame | YearValues) -> YearValues:
        """Return the values laid out, unless they already are."""
        return values if isinstance(values, YearValues) else cls(values)

    def value(self, unit_code: str) -> float | None:
        """Return the value of a unit, None when it has none."""
        value = self._cells.get(unit_code, NO_ROW)[0]
        return None if value is None or np.isnan(value) else float(value)

    def numbers(self, codes: Iterable[str]) -> NDArray[np.float64]:
        """Return the numbers of the named units; those without one are left out."""
        found = (self._cells.get(code, NO_ROW)[0] for code in codes)
        return np.array([value for value in found if value == value], dtype="float64")

    def flags(self, codes: Iterable[str]) -> dict[str, int]:
        """Count the flags of the named units; a unit without a row is ``no_data``."""
        counted = Counter(str(self._cells.get(code, NO_ROW)[1]) for code in codes)
        return dict(sorted(counted.items()))
