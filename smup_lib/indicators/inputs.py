"""Lay observations out as columns: one position per unit and year, one column per variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smup_lib.flags import FLAGS

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int64]

FLAG_CODE = {flag: code for code, flag in enumerate(FLAGS)}
#: Code of a text that a cell does not have: position 0 of every list of words.
NOTHING = 0
_TEXTS = ("qualifiers", "source", "recalculated_from", "parted_in")


@dataclass(frozen=True)
class Column:
    """The cells of one variable; absent ones are ``no_data`` without a value.

    Attributes
    ----------
    present : array of bool
        Where there is a row at all.
    value : array of float
        NaN beside a null flag.
    flag : array of int
        Positions in ``FLAGS``.
    decimals : array of float
        NaN where unknown.
    texts : dict of str to array of int
        Positions in ``InputGrid.words`` for qualifiers, source, recalculated_from and
        parted_in.
    """

    present: NDArray[np.bool_]
    value: NDArray[np.float64]
    flag: Codes
    decimals: NDArray[np.float64]
    texts: dict[str, Codes]

    def moved(self, place: Codes) -> Column:
        """Return the cells found at other positions; where the position is -1 there is none."""
        found = place >= 0
        return Column(
            found & self.present[place],
            np.where(found, self.value[place], np.nan),
            np.where(found, self.flag[place], FLAG_CODE["no_data"]),
            np.where(found, self.decimals[place], np.nan),
            {name: np.where(found, codes[place], NOTHING) for name, codes in self.texts.items()},
        )


class InputGrid:
    """Observations of several variables on one index of units and years.

    Parameters
    ----------
    observations : DataFrame
        Observation contract, one row per unit, year and variable.
    """

    def __init__(self, observations: pd.DataFrame) -> None:
        import pandas as pd

        unit_codes, units = pd.factorize(observations["unit_code"].astype(object), sort=True)
        years, self._years = np.unique(observations["year"].to_numpy(), return_inverse=True)[::-1]
        self._units = np.asarray(units, dtype=object)
        packed = unit_codes.astype("int64") * max(len(self._years), 1) + years
        self._cells, self._row = np.unique(packed, return_inverse=True)
        self._variable = observations["variable"].astype(object).to_numpy()
        self._value = observations["value"].to_numpy(dtype="float64", na_value=np.nan)
        flags = observations["flag"].astype(object)
        self._flag = flags.map(FLAG_CODE).to_numpy(dtype="int64")
        self._decimals = observations["decimals"].to_numpy(dtype="float64", na_value=np.nan)
        self.words: dict[str, NDArray[Any]] = {}
        self._text: dict[str, Codes] = {}
        for name in _TEXTS:
            self._text[name], self.words[name] = _coded(observations, name)
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        """Return how many pairs of unit and year there are."""
        return len(self._cells)

    @cached_property
    def unit_code(self) -> NDArray[Any]:
        """Return the unit of each position."""
        unit: NDArray[Any] = self._units[self._cells // max(len(self._years), 1)]
        return unit

    @cached_property
    def year(self) -> NDArray[np.int64]:
        """Return the year of each position."""
        year: NDArray[np.int64] = self._years[self._cells % max(len(self._years), 1)]
        return year.astype("int64")

    def column(self, variable: str) -> Column:
        """Return the cells of a variable."""
        if variable not in self._columns:
            self._columns[variable] = self._made(variable)
        return self._columns[variable]

    def _made(self, variable: str) -> Column:
        rows = np.flatnonzero(self._variable == variable)
        at = self._row[rows]
        present = np.zeros(len(self), dtype=bool)
        present[at] = True
        value, decimals = np.full(len(self), np.nan), np.full(len(self), np.nan)
        value[at], decimals[at] = self._value[rows], self._decimals[rows]
        flag = np.full(len(self), FLAG_CODE["no_data"], dtype="int64")
        flag[at] = self._flag[rows]
        texts = {}
        for name in _TEXTS:
            texts[name] = np.full(len(self), NOTHING, dtype="int64")
            texts[name][at] = self._text[name][rows]
        return Column(present, value, flag, decimals, texts)

    def at(self, unit_code: NDArray[Any], year: NDArray[np.int64]) -> Codes:
        """Return the position of each unit and year, -1 where there is none."""
        unit_place = {unit: place for place, unit in enumerate(self._units)}
        year_place = {int(year): place for place, year in enumerate(self._years)}
        cell_place = {int(cell): place for place, cell in enumerate(self._cells)}
        found = [
            cell_place.get(unit_place[unit] * len(self._years) + year_place[int(one)], -1)
            if int(one) in year_place
            else -1
            for unit, one in zip(unit_code, year, strict=True)
        ]
        return np.array(found, dtype="int64")


def _coded(observations: pd.DataFrame, name: str) -> tuple[Codes, NDArray[Any]]:
    """Return a text column as positions in a list of words that begins with the empty text."""
    import pandas as pd

    if name not in observations:
        return np.zeros(len(observations), dtype="int64"), np.array([""], dtype=object)
    codes, words = pd.factorize(observations[name].astype(object))
    return codes.astype("int64") + 1, np.array(["", *words], dtype=object)


def combined(codes: Sequence[Codes]) -> tuple[NDArray[np.int64], Codes]:
    """Return the different combinations over several columns, and which one each position has.

    Examples
    --------
    >>> rows, which = combined([np.array([1, 1, 2]), np.array([5, 5, 5])])
    >>> rows.tolist(), which.tolist()
    ([[1, 5], [2, 5]], [0, 0, 1])
    """
    stacked = np.stack(codes, axis=1)
    packed, largest = np.zeros(len(stacked), dtype="int64"), 0
    for column in stacked.T:
        different = int(column.max(initial=0)) + 1
        if (largest + 1) * different >= 2**63:  # only the order counts, so start again from ranks
            packed = np.unique(packed, return_inverse=True)[1].astype("int64")
            largest = int(packed.max(initial=0))
        packed = packed * different + column
        largest = largest * different + different - 1
    _, first, which = np.unique(packed, return_index=True, return_inverse=True)
    return stacked[first], which
