"""Would another sensible group change the verdict? (the simple part of M12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.compare.position import Position, find_group_side
from smup_lib.compare.year_values import YearValues

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: Fewer distinct groups than this say nothing about robustness.
MINIMUM_GROUPS = 3


@dataclass(frozen=True)
class Robustness:
    """In how many comparison groups the unit lies on the same side of the median.

    Attributes
    ----------
    share : float or None
        0-1; a value equal to the median counts one half.
    n_groups : int
        Groups that could answer.
    agreeing : tuple of str
        Rules whose group puts the unit on the same side.
    reason : str or None
        Polish reason when ``share`` is None.
    """

    share: float | None
    n_groups: int
    agreeing: tuple[str, ...] = ()
    reason: str | None = None


def compare_robustness(
    indicator: Indicator,
    values: pd.DataFrame | YearValues,
    unit_code: str,
    position: Position,
    groups: Mapping[str, Sequence[str]],
) -> Robustness:
    """Repeat a comparison in other groups.

    Parameters
    ----------
    indicator, values, unit_code
        As for :func:`smup_lib.compare.position.compare_position`.
    position : Position
        The verdict to test.
    groups : mapping of str to sequence of str
        Rule to members; all groups that were decided on before the answer was seen.

    Returns
    -------
    Robustness
    """
    if position.side is None:
        return Robustness(None, 0, reason="położenie nie jest znane")
    laid_out = YearValues.of(values)
    sides = {
        rule: find_group_side(indicator, laid_out, unit_code, members)
        for rule, members in groups.items()
    }
    told = {rule: side for rule, side in sides.items() if side is not None}
    if len({tuple(sorted(groups[rule])) for rule in told}) < MINIMUM_GROUPS:
        return Robustness(None, len(told), reason="za mało różnych grup porównawczych")
    score = sum(_agreement(side, position.side) for side in told.values()) / len(told)
    agreeing = tuple(rule for rule, side in told.items() if side == position.side)
    return Robustness(score, len(told), agreeing)


def _agreement(side: str, wanted: str) -> float:
    if side == wanted:
        return 0.5 if wanted == "equal" else 1.0
    return 0.5 if "equal" in (side, wanted) else 0.0
