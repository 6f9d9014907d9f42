"""Which further groups bear witness of a unit's place, and who are its neighbours?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.errors import GroupError
from smup_lib.units import list_members

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit

#: Sizes of groups of similar units.
_NEAREST = (10, 20)
_OTHERS = ("same_kind", "same_size_class", "voivodeship", "neighbours")
#: Groups that are tried to see whether a position holds (M12), decided before any answer.
ROBUSTNESS_RULES = (*(f"similar:{k}" for k in _NEAREST), *_OTHERS)


@dataclass(frozen=True)
class OtherGroups:
    """Members of the groups beside the chosen one.

    Attributes
    ----------
    by_rule : mapping of str to tuple of str
        Those that bear witness: the chosen one would only repeat itself, and a rule that has no
        answer for the unit (no boundaries, no class) takes no part.
    neighbours : tuple of str
        Who shares a border, whatever group was chosen.
    """

    by_rule: Mapping[str, tuple[str, ...]]
    neighbours: tuple[str, ...]


def list_other_groups(
    workspace: Workspace, unit: Unit, year: int, area: ServiceArea, chosen: str
) -> OtherGroups:
    """List the members of all groups of :data:`ROBUSTNESS_RULES` but the chosen one (its key)."""

    def members(rule: str) -> tuple[str, ...]:
        try:
            return list_members(
                *(rule, unit, year, workspace.register, workspace.snapshot),
                *(workspace.catalogue, area.context),
            )
        except GroupError:
            return ()

    # the nearest ten are the first of the nearest twenty
    nearest = members(f"similar:{max(_NEAREST)}")
    found = {f"similar:{k}": nearest[:k] for k in _NEAREST}
    found |= {rule: members(rule) for rule in _OTHERS}
    witnesses = {rule: found[rule] for rule in ROBUSTNESS_RULES if rule != chosen}
    return OtherGroups(
        {rule: members for rule, members in witnesses.items() if members}, found["neighbours"]
    )
