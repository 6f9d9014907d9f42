"""Where do two data sets say grossly different things of the same cell?

Different sources stand side by side and both stay. Yet a value twice as large as the other is
more often a wrong unit of measure or a wrong column than two honest counts, so it is said. So are
two sources that one table names for the same cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

#: Beyond rounding, cells that differ by more than this ratio count as different ...
NOTABLE_RATIO = 1.10
#: ... and are told when they are at least so many and such a share of the common cells ...
NOTABLE_CELLS = 5
NOTABLE_SHARE = 0.05
#: ... while a single cell that differs by this ratio, or in sign, is always told.
GROSS_RATIO = 2.0
WORST_SHOWN = 3


@dataclass(frozen=True)
class ClashCell:
    """One cell with the two values."""

    unit_code: str
    year: int
    first_value: float
    second_value: float


@dataclass(frozen=True)
class SourceClash:
    """Two data sets that contradict each other about a variable.

    Attributes
    ----------
    variable : str
    first, second : str
        Data sets; the source where one data set tells a cell several times.
    first_source, second_source : str
        Their sources of the worst cell, which lead to files.
    common, notable, gross : int
        Cells that both tell; of these, cells that differ by more than 10 %, and at least twofold.
    worst : tuple of ClashCell
        The worst first.
    """

    variable: str
    first: str
    second: str
    first_source: str
    second_source: str
    common: int
    notable: int
    gross: int
    worst: tuple[ClashCell, ...]


def find_clashes(observations: pd.DataFrame, new_sources: Collection[str]) -> list[SourceClash]:
    """Return where new sources contradict other data sets.

    A cell differs when the two values are further apart than both roundings allow (half a unit of
    the last printed decimal each).

    Parameters
    ----------
    observations : DataFrame
        Columns of the observation contract, old and new together; texts are categoricals.
    new_sources : collection of str
        Sources of this import; other pairs were told when they were imported.
    """
    numbers = observations[observations["value"].notna()]
    shared = numbers[numbers["variable"].isin(_shared_variables(numbers))]
    datasets = {str(name): str(name).partition("@")[0] for name in shared["source"].unique()}
    found: list[SourceClash] = []
    for variable, rows in shared.groupby("variable", observed=True, sort=True):
        told = rows.assign(dataset=rows["source"].astype(str).map(datasets))
        several = told.duplicated(["dataset", "unit_code", "year"], keep=False)
        told["dataset"] = told["dataset"].mask(several, told["source"].astype(str))
        found += _clashes_of(str(variable), told, new_sources)
    return found


def _shared_variables(numbers: pd.DataFrame) -> list[str]:
    """Return the variables that several sources tell."""
    import numpy as np

    variables, sources = numbers["variable"].cat, numbers["source"].cat
    told = np.zeros((len(variables.categories), len(sources.categories)), dtype=bool)
    told[variables.codes.to_numpy(), sources.codes.to_numpy()] = True
    return [str(name) for name in variables.categories[told.sum(axis=1) > 1]]


def _clashes_of(
    variable: str, rows: pd.DataFrame, new_sources: Collection[str]
) -> Iterator[SourceClash]:
    by_dataset = {str(name): part for name, part in rows.groupby("dataset")}
    for first, second in combinations(by_dataset, 2):
        key = ["unit_code", "year"]
        columns = [*key, "value", "decimals", "source"]
        pairs = by_dataset[first][columns].merge(by_dataset[second][columns], on=key)
        fresh = pairs["source_x"].isin(new_sources) | pairs["source_y"].isin(new_sources)
        pairs = pairs[fresh].reset_index(drop=True)
        ratio = _ratios(pairs)
        notable, gross = int((ratio > NOTABLE_RATIO).sum()), int((ratio >= GROSS_RATIO).sum())
        many = notable >= max(NOTABLE_CELLS, NOTABLE_SHARE * len(pairs))
        if not (gross or many):
            continue
        order = (-ratio).argsort(kind="stable")
        worst = pairs.iloc[order[: min(WORST_SHOWN, notable)]]
        yield SourceClash(
            variable,
            first,
            second,
            str(worst["source_x"].iloc[0]),
            str(worst["source_y"].iloc[0]),
            len(pairs),
            notable,
            gross,
            tuple(
                ClashCell(str(unit), int(year), float(one), float(other))
                for unit, year, one, other in zip(
                    *(worst[name] for name in (*key, "value_x", "value_y")), strict=True
                )
            ),
        )


def _ratios(pairs: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return the larger of each pair over the smaller; 1 within rounding, infinite across zero."""
    import numpy as np

    one, other = pairs["value_x"].to_numpy(), pairs["value_y"].to_numpy()
    room = sum(
        0.5 * 10.0 ** -pairs[name].astype("float64").fillna(6).to_numpy()
        for name in ("decimals_x", "decimals_y")
    )
    low, high = np.minimum(abs(one), abs(other)), np.maximum(abs(one), abs(other))
    apart = abs(one - other) > room * (1 + 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((low > 0) & (one * other > 0), high / low, np.inf)
    ratios: np.ndarray[Any, Any] = np.where(apart, ratio, 1.0)
    return ratios
