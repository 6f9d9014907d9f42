"""Did a value change more than those of its group? As a difference and as a part (M9, M10, M13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smup_lib.compare.position import find_side
from smup_lib.conclude.claim_data import Array, ClaimData, values_of, with_number
from smup_lib.conclude.claim_gaps import UNTESTED, Gap, list_gap_numbers, measure_gap, say_few
from smup_lib.conclude.claim_levels import (
    CHANCE_STEP,
    FEW_STEP,
    ROUNDED,
    ROUNDED_STEP,
    SIDE_WORDS,
    Wanted,
)
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.verdicts import Answer, undecidable

if TYPE_CHECKING:
    from smup_lib.conclude.confidence import Confidence

_HAIR = 1e-9
#: Fewer peers with both years than this are no yardstick of a change.
_MINIMUM_CHANGES = 5


def decide_change_in_group(data: ClaimData, wanted: Wanted) -> Answer:
    """Decide whether a value changed more upwards (downwards) than those of the group.

    A unit that has less of a thing loses less of it where everybody loses the same part. So the
    change must lie on the claimed side both as a difference and as a part of the earlier value.
    """
    code = data.assessment.unit.code
    own, other = (data.row(code, year) for year in (data.claim.year, data.since))
    now, before = _peers_of_both_years(data)
    if len(now) < _MINIMUM_CHANGES:
        return undecidable(
            "Za mało jednostek grupy ma wartości z obu lat.",
            "wybierz inną grupę albo inny okres",
            {"n": data.cite_count(len(now), "n_used")},
        )
    middle = float(np.median(now - before))
    change = float(values_of(own)[0]) - float(values_of(other)[0])
    numbers = list_gap_numbers(data, own, other) | {
        "change": data.cite_change(change, "change"),
        "group_change": data.cite_change(middle, "median_change", in_group=True),
        "n": data.cite_count(len(now), "n_used"),
    }
    side = find_side(data.indicator, change, middle)
    seen = f"Zmiana o {{change}} jest {SIDE_WORDS[side]} mediana zmian w grupie: {{group_change}}"
    factor = _usual_factor(now, before, float(values_of(other)[0]))
    if factor is not None and side != "equal":
        part = float(values_of(own)[0]) / float(values_of(other)[0])
        numbers["percent"] = _percent_of(numbers["change"], part)
        numbers["group_percent"] = _percent_of(numbers["group_change"], factor)
        seen += " (w procentach: {percent} wobec {group_percent})"
        if (part > factor) != (side == "above"):
            text = f"{seen}; jednostkami i procentami wychodzi inaczej."
            return undecidable(text, "porównaj same poziomy w obu latach", numbers, ["M9"])
    if side != wanted:
        return Answer("contradicted", f"{seen}.", numbers, ("M9",))
    gaps = [(measure_gap(data, own, other), middle)]
    gaps += [] if factor is None else [(measure_gap(data, own, other, factor), 0.0)]
    doubt = _doubt_of_change(data, gaps, wanted, (own, other), seen)
    if doubt is not None:
        return doubt.beside(numbers)
    told = _told_change(now - before, change, seen, numbers, counted=gaps[0][0].counted)
    return replace(told, confidence="low", why=UNTESTED) if data.untested else told


def _doubt_of_change(
    data: ClaimData,
    gaps: list[tuple[Gap, float]],
    wanted: Wanted,
    rows: tuple[pd.DataFrame, pd.DataFrame],
    seen: str,
) -> Answer | None:
    """Return why a change on the claimed side may be none; None without a doubt."""
    few = [row for row in rows if data.few_cases(row)]
    if few:
        return undecidable(f"{seen}. {say_few(data, few)}", FEW_STEP, methods=["M9"])
    if all(_lies_beyond(gap, limit, wanted) for gap, limit in gaps):
        return None
    counted = gaps[0][0].counted
    why = "może to być dziełem przypadku" if counted else ROUNDED
    step = CHANCE_STEP if counted else ROUNDED_STEP
    return undecidable(f"{seen}, ale {why}.", step, methods=["M13" if counted else "M10"])


def _told_change(
    changes: Array, change: float, seen: str, numbers: dict[str, CitedNumber], *, counted: bool
) -> Answer:
    """Support a change beyond chance and digits, as surely as its place among the changes says."""
    low, high = (float(q) for q in np.quantile(changes, [0.25, 0.75]))
    outside = not low <= change <= high
    confidence: Confidence = "medium" if outside else "low"
    why = "poza środkową połową zmian w grupie" if outside else "w środkowej połowie zmian w grupie"
    methods = ("M9", "M13") if counted else ("M9", "M10")
    return Answer("supported", f"{seen}.", numbers, methods, confidence, why)


def _lies_beyond(gap: Gap, limit: float, wanted: Wanted) -> bool:
    least, most = gap.bounds[0]
    hair = 0.0 if gap.counted else _HAIR * max(1.0, abs(limit))
    return least + hair > limit if wanted == "above" else most - hair < limit


def _peers_of_both_years(data: ClaimData) -> tuple[Array, Array]:
    """Return the values of the group in the year and in the earlier one, of units with both."""
    years = [
        with_number(data.rows_of(data.indicator, year), data.assessment.group.members).set_index(
            "unit_code"
        )["value"]
        for year in (data.claim.year, data.since)
    ]
    both = pd.concat(years, axis=1, keys=["now", "before"]).dropna()
    return both["now"].to_numpy(dtype="float64"), both["before"].to_numpy(dtype="float64")


def _usual_factor(now: Array, before: Array, own_before: float) -> float | None:
    """Return by what the values of the group were multiplied; None where a value is no whole."""
    if own_before <= 0 or (before <= 0).any():
        return None
    return float(np.median(now / before))


def _percent_of(change: CitedNumber, factor: float) -> CitedNumber:
    key = change.key.of(statistic=f"{change.key.statistic}_percent")
    return CitedNumber(key, 100 * (factor - 1), 0, "%", signed=True)
