"""Which values rest on few cases, on an unknown number of them, or on contradictory data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.indicators.inputs import InputGrid

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator

#: Below this a count of events says little (domain.md 9.4).
SMALL_EVENTS = 30
#: Below this a denominator of persons or things says little (domain.md 9.4).
SMALL_DENOMINATOR = 100

Floats = NDArray[np.float64]


def list_doubts(
    indicator: Indicator, grid: InputGrid, value: Floats, numerator: Floats, denominator: Floats
) -> dict[str, NDArray[np.bool_]]:
    """Return, by qualifier, which values have it.

    Parameters
    ----------
    indicator : Indicator
        What the values are of.
    grid : InputGrid
        Holds the exposure of a published rate of rare events.
    value, numerator, denominator : array of float
        One position a cell of the grid; NaN where unknown.

    Returns
    -------
    dict of str to array of bool
        ``small_denominator``: fewer than :data:`SMALL_EVENTS` events or less than
        :data:`SMALL_DENOMINATOR` in the denominator; of a published rate the events are estimated.
        ``size_unknown``: nobody can estimate them. ``impossible_value``: a part that does not fit
        into its whole. ``across_break``: the years that it compares stand on both sides of a
        break; always told, because no value may be shown then.
    """
    doubts = {"across_break": np.isin(grid.year, _years_across_breaks(indicator, grid))}
    if indicator.rare_events is not None:
        exposure = indicator.rare_events.exposure
        base = np.full_like(value, np.nan) if exposure is None else grid.column(exposure).value
        return doubts | {
            "small_denominator": value * base / indicator.rare_events.per < SMALL_EVENTS,
            "size_unknown": np.isnan(base) & ~np.isnan(value),
        }
    if indicator.data_basis == "count_ratio" and indicator.method in ("ratio", "share", "rate"):
        few = denominator < SMALL_DENOMINATOR
        doubts["small_denominator"] = (
            few | (numerator < SMALL_EVENTS) if indicator.method == "rate" else few
        )
    if indicator.method == "share":
        doubts["impossible_value"] = (numerator > denominator) | (numerator < 0)
    return doubts


def _years_across_breaks(indicator: Indicator, grid: InputGrid) -> list[int]:
    years = np.unique(grid.year).tolist() if indicator.looks_back else []
    return [year for year in years if indicator.break_looked_over(year) is not None]
