"""Which area, service, year and group does a link mean for a unit, and what is not possible?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.apps.parts.choices import find_area
from smup_lib.errors import SmupError, UnitError
from smup_lib.present.service_list import list_services
from smup_lib.reports.known_years import list_snapshot_years
from smup_lib.reports.overview import OpenedArea, areas_of, open_area_at_best
from smup_lib.units import check_rule

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit


@dataclass(frozen=True)
class ChosenView:
    """A view that can be shown.

    Attributes
    ----------
    opened : OpenedArea or None
        The area; None for the overview of all of them.
    service : str or None
        Code of the service that the view is about; None for the whole area.
    year : int or None
        The year of an overview that was asked for.
    rule : str or None
        The rule of the group that was asked for and can be used.
    notes : tuple of str
        Polish sentences about what was asked for and could not be had.
    """

    opened: OpenedArea | None
    service: str | None
    year: int | None
    rule: str | None
    notes: tuple[str, ...]


def choose_view(workspace: Workspace, wanted: Link, unit: Unit) -> ChosenView:
    """Return the view that a link means; what is not possible is said and replaced by the usual.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register.
    wanted : dict of str to str
        What was asked for.
    unit : Unit
        The unit that the link names.

    Raises
    ------
    UnitError
        When nothing is known of units of this level.
    NoDataError, IndicatorError, GroupError
        When even the usual choice has no answer for the unit.
    """
    notes: list[str] = []
    areas = areas_of(workspace, unit)
    if not areas:
        raise UnitError(
            f"{unit.label}: na tym szczeblu nie ma wskaźników.",
            expected="gmina albo powiat",
            next_step="wpisz nazwę gminy albo powiatu",
        )
    year = int(wanted["year"]) if "year" in wanted else None
    rule = wanted.get("group")
    area = _choose_area(workspace, wanted, areas, notes)
    if area is None:
        year = _known_year(workspace, year, notes)
        rule = _known_rule(workspace, unit, year, rule, notes)
        return ChosenView(None, None, year, rule, tuple(notes))
    opened = open_area_at_best(workspace, area, unit, year, rule)
    service = wanted.get("service")
    if service is not None:
        here = {code for code, _, _ in list_services(opened.view.assessment)}
        if service not in here:
            notes.append(_no_service(area, service))
            service = None
    return ChosenView(opened, service, year, opened.rule, (*notes, *opened.notes))


def _choose_area(
    workspace: Workspace, wanted: Link, areas: list[ServiceArea], notes: list[str]
) -> ServiceArea | None:
    """Return the area of a link, or that of its service; None where none of them is meant."""
    name, service = wanted.get("area"), wanted.get("service")
    if name is None:
        found = next((a for a in areas if any(s.code == service for s in a.services)), None)
        if service is not None and found is None:
            notes.append("Nie ma tu usługi, którą podaje link. Pokazujemy wszystkie obszary.")
        return found
    area, why = find_area(workspace, name, areas)
    if area is None:
        notes.append(f"{why} Pokazujemy wszystkie obszary.")
    return area


def _no_service(area: ServiceArea, code: str) -> str:
    named = next((one.name for one in area.services if one.code == code), None)
    if named is None:
        return f"W obszarze „{area.name}” nie ma usługi, którą podaje link. Pokazujemy cały obszar."
    return f"Usługa „{named}” nie ma wskaźników na tym szczeblu. Pokazujemy cały obszar."


def _known_year(workspace: Workspace, year: int | None, notes: list[str]) -> int | None:
    """Return the year of an overview if there is anything of it or of years around it."""
    known = list_snapshot_years(workspace)
    if year is None or not known or known[0] <= year <= known[-1]:
        return year
    notes.append(f"Za {year} r. nie ma danych. Pokazujemy najnowsze w każdym obszarze.")
    return None


def _known_rule(
    workspace: Workspace, unit: Unit, year: int | None, rule: str | None, notes: list[str]
) -> str | None:
    """Return the rule of an overview if it can mean anything; said once, not by every area."""
    if rule is None:
        return None
    when = year or unit.last_year or workspace.register.current_year
    try:
        check_rule(rule, unit, when, workspace.register, workspace.snapshot, workspace.catalogue)
    except SmupError as error:
        notes.append(f"{error.what} Pokazujemy grupę zwykłą dla każdego obszaru.")
        return None
    return rule
