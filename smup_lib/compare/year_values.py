"""The values of one indicator in one year, laid out for many comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

#: Flag of a unit without a row.
NO_ROW = "no_data"


class YearValues:
    """Value and flag by unit.

    Parameters
    ----------
    frame : DataFrame
        ``unit_code``, ``value`` and ``flag`` of one indicator and year, one row per unit.

    Attributes
    ----------
    place : mapping of str to int
        Where the value of each unit stands.

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
        self.place: Mapping[str, int] = {code: place for place, code in enumerate(codes)}
        if len(self.place) < len(codes):
            raise ValueError("one row per unit is needed: one indicator, one year")
        self._values = frame["value"].to_numpy(dtype="float64", na_value=np.nan)
        self._flags: Sequence[str] = frame["flag"].tolist()

    @classmethod
    def laid_out(
        cls, place: Mapping[str, int], values: NDArray[np.float64], flags: Sequence[str]
    ) -> YearValues:
        """Return values that are laid out already: unit to place, and what stands there.

        Examples
        --------
        >>> YearValues.laid_out({"9001": 0}, np.array([1.5]), ["ok"]).value("9001")
        1.5
        """
        found = cls.__new__(cls)
        found.place, found._values, found._flags = place, values, flags
        return found

    @classmethod
    def of(cls, values: pd.DataFrame | YearValues) -> YearValues:
        """Return the values laid out, unless they already are."""
        return values if isinstance(values, YearValues) else cls(values)

    def value(self, unit_code: str) -> float | None:
        """Return the value of a unit, None when it has none."""
        place = self.place.get(unit_code)
        value = np.nan if place is None else float(self._values[place])
        return None if np.isnan(value) else value

    def numbers(self, codes: Iterable[str]) -> NDArray[np.float64]:
        """Return the numbers of the named units; those without one are left out."""
        found = self.cells(codes)
        return found[~np.isnan(found)]

    def cells(self, codes: Iterable[str]) -> NDArray[np.float64]:
        """Return the value of each named unit, NaN where there is none."""
        return self.at(np.array([self.place.get(code, -1) for code in codes], dtype=np.intp))

    def at(self, places: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the values at places, NaN at those below zero."""
        if not len(self._values):
            return np.full(places.shape, np.nan)
        return np.where(places < 0, np.nan, self._values[places])

    def flags(self, codes: Iterable[str]) -> dict[str, int]:
        """Count the flags of the named units; a unit without a row is ``no_data``."""
        place = self.place
        counted = Counter(self._flags[place[c]] if c in place else NO_ROW for c in codes)
        return dict(sorted((str(flag), n) for flag, n in counted.items()))
