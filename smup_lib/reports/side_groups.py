"""Which groups may a unit be compared with, beside the one that a page is about?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from smup_lib.conclude.findings import first_screen
from smup_lib.conclude.group_places import list_group_places
from smup_lib.errors import GroupError
from smup_lib.present.group_places import (
    render_contributions,
    render_group_places,
    render_side_groups,
)
from smup_lib.reports.other_groups import ROBUSTNESS_RULES
from smup_lib.units import list_saved_groups

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import PeerGroup

#: Every rule of a group that needs no list of its own, all those whose agreement is counted too.
RULES = ("similar", *ROBUSTNESS_RULES, "functional_class", "country")


def build_side_groups(
    workspace: Workspace, assessment: AreaAssessment
) -> dict[str, PeerGroup | str]:
    """Build the groups of all rules and of the saved lists; of one that cannot be, say why.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register.
    assessment : AreaAssessment
        The unit, the year, and the group of the page, which comes first.

    Returns
    -------
    dict of str to (PeerGroup or str)
        By key of the group, as it stands in keys of numbers; a text is the Polish reason.
    """
    a = assessment
    found: dict[str, PeerGroup | str] = {a.group.key: a.group}
    for rule in (*RULES, *(f"chosen:@{name}" for name in list_saved_groups())):
        try:
            group = workspace.group(rule, a.unit, a.year, a.area)
        except GroupError as error:
            found[rule] = " ".join((error.what, *error.problems))
        else:
            found.setdefault(group.key, group)
    return found


def show_side_groups(workspace: Workspace, assessment: AreaAssessment) -> str:
    """Return, as markup, the place in each group of the indicators that an area's page opens with.

    Where nothing was found worth saying there is nothing to set side by side.
    """
    told = dict.fromkeys(f.indicator for f in first_screen(assessment.findings))
    items = [i for i in assessment.shown() if i.indicator.id in told and i.position.side]
    if not items:
        return ""
    groups = build_side_groups(workspace, assessment)
    columns = [
        (i, list_group_places(assessment, i, groups, worth=False, voters=ROBUSTNESS_RULES))
        for i in items
    ]
    return render_side_groups(assessment, columns)


def show_group_places(
    workspace: Workspace,
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    names: Mapping[str, str],
) -> str:
    """Return, as markup, one value beside every group, and how the similar units were chosen."""
    groups = build_side_groups(workspace, assessment)
    places = list_group_places(assessment, item, groups, voters=ROBUSTNESS_RULES)
    labels = {v.id: v.label for v in workspace.catalogue.variables.values()}
    similar = [g for g in groups.values() if not isinstance(g, str) and g.rule == "similar"]
    chosen = "".join(render_contributions(group, names, labels) for group in similar[:1])
    return render_group_places(assessment, item, places) + chosen
