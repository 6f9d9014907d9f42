"""How much is a place worth: between which places could it lie, and by which uncertainty? (M10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.compare import RankIntervals, compare_rank_chance, compare_rank_rounding
from smup_lib.compare.counts import counts_refusal
from smup_lib.compare.rank_interval import DRAWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from smup_lib.conclude.assessment import IndicatorAssessment

#: So many places are drawn for a group, but never fewer times than this each unit.
_MOST_DRAWN = 4_000_000
_LEAST_DRAWS = 1_000


@dataclass(frozen=True)
class PlaceWorth:
    """Between which places a unit lies when one uncertainty is allowed for.

    Attributes
    ----------
    indicator : str
        Whose place it is: the indicator's own, or that of its twin with counts.
    kind : str
        ``rounding`` (certain bounds: what the hidden digits allow) or ``chance`` (95 %: what the
        number of cases allows). One must never stand for the other.
    label : str
        Polish name of the uncertainty.
    low, high : int
        The best and the worst place.
    best_quarter : float
        Probability of a place in the best quarter, 0-1.
    """

    indicator: str
    kind: str
    label: str
    low: int
    high: int
    best_quarter: float


def weigh_place(
    item: IndicatorAssessment, twins: Sequence[IndicatorAssessment] = ()
) -> tuple[PlaceWorth, ...]:
    """Say what the place of a unit is worth; nothing where it has none.

    Printed digits make a published value uncertain, the number of cases a share or a rate of
    counts. An amount that was computed from exact sums has neither. Of a published rate the twin
    with counts says how much more than its digits is uncertain.

    Parameters
    ----------
    item : IndicatorAssessment
        With its place.
    twins : sequence of IndicatorAssessment, optional
        The same thing from another source.

    Returns
    -------
    tuple of PlaceWorth
    """
    if item.position.rank is None:
        return ()
    found = []
    if item.indicator.provenance == "published":
        found.append(_worth_of(item, compare_rank_rounding(item.indicator, _ranked_rows(item))))
    counted = [one for one in (item, *twins) if counts_refusal("M3", one.indicator) is None]
    found += [
        _worth_of(one, _ranks_by_chance(one)) for one in counted if one.position.rank is not None
    ]
    return tuple(worth for worth in found if worth is not None)


def _ranks_by_chance(item: IndicatorAssessment) -> RankIntervals:
    """Draw the places; of all units of a country fewer times, or the page would wait for it."""
    rows = _ranked_rows(item)
    draws = min(DRAWS, max(_LEAST_DRAWS, _MOST_DRAWN // max(1, len(rows))))
    return compare_rank_chance(item.indicator, rows, draws=draws)


def _ranked_rows(item: IndicatorAssessment) -> pd.DataFrame:
    """Return the rows of the unit and its group: who is ranked together."""
    return item.values[item.values["unit_code"].isin({item.unit_code, *item.members})]


def _worth_of(item: IndicatorAssessment, ranks: RankIntervals) -> PlaceWorth | None:
    own = ranks.rows[(ranks.rows["unit_code"] == item.unit_code) & (ranks.rows["reason"] == "")]
    if own.empty:
        return None
    row = own.iloc[0]
    return PlaceWorth(
        item.indicator.id,
        ranks.kind,
        ranks.label,
        int(row["low"]),
        int(row["high"]),
        float(row["best_quarter"]),
    )
