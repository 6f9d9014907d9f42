"""Where does one value stand in every group that a unit may be compared with?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smup_lib.compare import Position, YearValues, compare_position
from smup_lib.conclude.doubts import weigh_doubts
from smup_lib.conclude.place_worth import PlaceWorth, weigh_place

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.units import PeerGroup


@dataclass(frozen=True)
class GroupPlace:
    """A value beside one comparison group, or why it cannot stand there.

    Attributes
    ----------
    rule : str
        The rule as it was asked for.
    group : PeerGroup or None
        None when the rule has no answer for the unit.
    position : Position or None
        The place, doubts about few cases weighed as on the rest of the page.
    worths : tuple of PlaceWorth
        What the place is worth; empty where there is none or nothing makes it uncertain.
    reason : str or None
        Polish reason why there is no comparison, no place or no judgement.
    votes : bool
        Whether the group is one of those that the agreement of other groups is counted from (M12).
    """

    rule: str
    group: PeerGroup | None = None
    position: Position | None = None
    worths: tuple[PlaceWorth, ...] = ()
    reason: str | None = None
    votes: bool = False


def list_group_places(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    groups: Mapping[str, PeerGroup | str],
    *,
    worth: bool = True,
    voters: Collection[str] = (),
) -> tuple[GroupPlace, ...]:
    """Compare one value of a unit with many groups.

    Parameters
    ----------
    assessment, item : AreaAssessment, IndicatorAssessment
        The unit in the area, and the indicator.
    groups : mapping of str to (PeerGroup or str)
        By rule; a text is the Polish reason why there is no such group.
    worth : bool, default True
        Whether to ask what each place is worth (M10), which takes random draws.
    voters : collection of str, optional
        Rules that are asked whether the side of the median holds (M12); the group of the page,
        one with too few values and one that cannot be have no vote.

    Returns
    -------
    tuple of GroupPlace
        One a rule, in the order given.
    """
    related = [item, *assessment.twins(item)]
    related += [i for i in assessment.indicators if i.indicator.id == item.indicator.twin_of]
    laid_out = [(one, one.table.year_values) for one in related]
    asked = {*voters} - {assessment.group.key} if item.robustness.share is not None else set()
    places = (
        GroupPlace(rule, reason=group)
        if isinstance(group, str)
        else _place(rule, group, assessment.unit.code, laid_out, worth=worth)
        for rule, group in groups.items()
    )
    return tuple(
        replace(one, votes=one.rule in asked and bool(one.position and one.position.side))
        for one in places
    )


def _place(
    rule: str,
    group: PeerGroup,
    unit_code: str,
    related: Sequence[tuple[IndicatorAssessment, YearValues]],
    *,
    worth: bool,
) -> GroupPlace:
    item = related[0][0]
    if item.status != "shown":
        return GroupPlace(rule, group, reason=item.reason)
    placed = [
        replace(
            one,
            members=group.members,
            position=compare_position(one.indicator, values, unit_code, group.members),
        )
        for one, values in related
    ]
    weighed = weigh_doubts(placed, unit_code, group.members)
    position = weighed[0].position
    worths = weigh_place(weighed[0], weighed[1:]) if worth else ()
    return GroupPlace(rule, group, position, worths, position.reason)
