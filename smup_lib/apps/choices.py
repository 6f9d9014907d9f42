"""What can be chosen for a unit: areas, years, comparison groups, services?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.present.words import NO_DATA
from smup_lib.reports.loading import levels_of
from smup_lib.units import list_saved_groups

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.conclude import AreaAssessment
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
#: Services without a code stand together under this one.
WHOLE_AREA = "CALY-OBSZAR"


def list_area_options(workspace: Workspace, unit: Unit) -> list[Option]:
    """List the areas that have indicators for a unit, contextual ones last.

    A city with powiat rights has those of both levels.
    """
    levels = {unit.level} if other_code_of(unit.code) is None else {"gmina", "powiat"}
    areas = [a for a in workspace.catalogue.areas.values() if levels & levels_of(a)]
    areas.sort(key=lambda area: area.id == CONTEXT)
    return [(area.name, area.id) for area in areas]


def list_group_options(area: ServiceArea, current: str | None) -> list[Option]:
    """List the rules of comparison groups; the area's own is marked, a rule of a link is kept."""
    rules = dict(GROUP_WORDS)
    rules |= {f"chosen:@{name}": f"własna grupa: {name}" for name in list_saved_groups()}
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


def list_service_options(assessment: AreaAssessment) -> list[Option]:
    """List the services of an assessed area; one without any value says so."""
    names = {service.code: service.name for service in assessment.area.services}
    found: dict[str, int] = {}
    for item in assessment.indicators:
        code = service_code(item.indicator.service)
        found[code] = found.get(code, 0) + (item.status == "shown")
    ordered = [code for code in (*names, WHOLE_AREA) if code in found]
    return [
        (names.get(code, "Cały obszar") + ("" if found[code] else f" – {NO_DATA}"), code)
        for code in ordered
    ]


def service_code(service: str | None) -> str:
    """Return the code under which a service is chosen."""
    return service or WHOLE_AREA
