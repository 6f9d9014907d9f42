"""How far may a value be off because numbers are written with few digits?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.reconciliation import half_digit
from smup_lib.snapshots.coverage import load_decimals

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Indicator
    from smup_lib.snapshots import Snapshot

Floats = NDArray[np.float64]


class Rounding:
    """Half of the last digit of every series, and what it makes of values computed from them.

    A series is a variable in one year of one source; its digits are the most of any of its cells.
    What nobody tells the digits of is null. A count that is written whole is exact.

    Parameters
    ----------
    snapshot : Snapshot
        Where the series are.
    catalogue : Catalogue
        Knows which variables are counts.
    """

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue) -> None:
        self._snapshot = snapshot
        self._catalogue = catalogue
        self._known: dict[str, dict[tuple[int, str], float]] = {}

    def written(
        self, variables: Sequence[str], years: Iterable[int], sources: Iterable[str]
    ) -> Floats:
        """Return half of the last digit of each cell, by its variable, year and source.

        A source that is no series, as that of a city put together from parts, is as coarse as the
        coarsest of the year.
        """
        self._load(variables)
        cells = zip(variables, years, sources, strict=True)
        found = [self._of_cell(*cell) for cell in cells]
        return np.array(found, dtype="float64")

    def carried(self, indicator: Indicator, values: pd.DataFrame) -> Floats:
        """Return how far computed values may be off because their inputs are rounded.

        Parameters
        ----------
        indicator : Indicator
            Whose formula it is.
        values : DataFrame
            Columns of ``VALUE_COLUMNS``.
        """
        named = indicator.inputs
        year = values["year"].to_numpy(dtype="int64")
        above = self._summed((*named.numerator, *named.minus), year)
        scale = abs(indicator.multiplier)
        if indicator.method == "amount":
            return scale * above
        if indicator.looks_back:
            base = (
                year - 1 if indicator.base_year is None else np.full_like(year, indicator.base_year)
            )
            below = self._summed((*named.numerator, *named.minus), base)
        else:
            below = self._summed(named.divided_by, year)
        numerator = values["numerator"].abs().to_numpy(dtype="float64")
        denominator = values["denominator"].abs().to_numpy(dtype="float64")
        with np.errstate(divide="ignore", invalid="ignore"):
            told: Floats = scale * (above / denominator + numerator * below / denominator**2)
        return told

    def _summed(self, names: Sequence[str], years: NDArray[np.int64]) -> Floats:
        """Return the sum of half digits of variables in each year."""
        self._load(names)
        total = np.zeros(len(years))
        for name in names:
            halves = {year: self._of_year(name, year) for year in set(years.tolist())}
            total += [halves[year] for year in years.tolist()]
        return total

    def _of_cell(self, variable: str, year: int, source: str) -> float:
        told = self._known[variable].get((year, source))
        return self._of_year(variable, year) if told is None else told

    def _of_year(self, variable: str, year: int) -> float:
        """Return the coarsest half digit of any source in a year; null where one is not known."""
        halves = [half for (told, _), half in self._known[variable].items() if told == year]
        return float(np.max(halves)) if halves else float("nan")

    def _load(self, variables: Iterable[str]) -> None:
        new = set(variables) - self._known.keys()
        if not new:
            return
        self._known |= {name: {} for name in new}
        frame = load_decimals(self._snapshot, new)
        counts = np.array([self._is_count(name) for name in frame["variable"]], dtype=bool)
        decimals = frame["decimals"].to_numpy(dtype="float64")
        halves = half_digit(decimals, exact=counts & (decimals == 0))
        keys = (frame[name].tolist() for name in ("variable", "year", "source"))
        for name, year, source, half in zip(*keys, halves.tolist(), strict=True):
            self._known[name][year, source] = half

    def _is_count(self, variable: str) -> bool:
        known = self._catalogue.variables.get(variable)
        return known is not None and known.kind == "count"
