"""What can be chosen for a unit: areas, years, comparison groups?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.errors import SmupError
from smup_lib.reports.overview import areas_of
from smup_lib.units import list_saved_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit

#: A choice of a list: what is read, what it means.
Option = tuple[str, str]

#: Rules that need no further choice, as a reader would say them.
GROUP_WORDS = {
    "similar": "jednostki podobne",
    "neighbours": "sąsiedzi",
    "same_kind": "ten sam rodzaj w kraju",
    "same_size_class": "ta sama klasa wielkości",
    "voivodeship": "to samo województwo",
    "country": "cały kraj",
}


def list_area_options(workspace: Workspace, unit: Unit) -> list[Option]:
    """List the areas that have indicators for a unit, contextual ones last."""
    return [(area.name, area.id) for area in areas_of(workspace, unit)]


def find_area(
    workspace: Workspace, text: str, areas: Sequence[ServiceArea]
) -> tuple[ServiceArea | None, str]:
    """Find the area that a link names among those that a unit has.

    Returns
    -------
    ServiceArea or None
        None when it cannot be had.
    str
        Why not, as a Polish sentence; empty otherwise.
    """
    try:
        area = workspace.catalogue.area(text)
    except SmupError as error:
        return None, error.what
    if area not in areas:
        return None, f"Obszar „{area.name}” nie ma tu wskaźników."
    return area, ""


def list_usual_groups(current: str | None) -> list[Option]:
    """List the rules for a view of several areas, of which each has a usual group of its own."""
    options = [("zwykła obszaru", ""), *((text, rule) for rule, text in _rules().items())]
    if current is not None and current not in _rules():
        options.append((_rule_words(current), current))
    return options


def _rules() -> dict[str, str]:
    """Return the rules without a further choice, and the user's own groups, in Polish."""
    own = {f"chosen:@{name}": f"własna grupa: {name}" for name in list_saved_groups()}
    return GROUP_WORDS | own


def list_group_options(area: ServiceArea, current: str | None) -> list[Option]:
    """List the rules of comparison groups; the area's own is marked, a rule of a link is kept."""
    rules = _rules()
    options = [
        (f"{words} – zwykła" if rule == area.group else words, rule)
        for rule, words in rules.items()
    ]
    if current is not None and current not in rules:
        options.append((_rule_words(current), current))
    return options


def _rule_words(rule: str) -> str:
    name, _, argument = rule.partition(":")
    if name == "similar":
        return f"jednostki podobne ({argument})"
    if name == "chosen":
        return f"własny wybór ({argument.count(',') + 1})"
    return f"{GROUP_WORDS.get(name, name)} ({argument})"
