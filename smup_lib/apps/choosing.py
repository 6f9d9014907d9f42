"""Which area, year and group does a link mean for a unit, and what of it is not possible?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.apps.choices import list_area_options
from smup_lib.apps.link import ViewLink
from smup_lib.errors import SmupError, UnitError
from smup_lib.reports.area import AreaView
from smup_lib.reports.known_years import (
    choose_year,
    compute_own,
    count_years,
    list_snapshot_years,
    list_years,
)
from smup_lib.reports.loading import Workspace, load_assessment

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.units import Unit


@dataclass(frozen=True)
class ChosenView:
    """A view that can be shown.

    Attributes
    ----------
    view : AreaView
        The assessed area.
    years : tuple of int
        Years that can be chosen, newest first.
    rule : str or None
        The rule of the group that was asked for and used; None for the area's own.
    notes : tuple of str
        Polish sentences about what was asked for and could not be had.
    """

    view: AreaView
    years: tuple[int, ...]
    rule: str | None
    notes: tuple[str, ...]


def choose_view(workspace: Workspace, wanted: ViewLink, unit: Unit) -> ChosenView:
    """Assess the area that a link means; what is not possible is said and replaced by the usual.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register.
    wanted : ViewLink
        What was asked for.
    unit : Unit
        The unit that the link names.

    Raises
    ------
    NoDataError, IndicatorError, GroupError
        When even the usual choice has no answer for the unit.
    """
    notes: list[str] = []
    area = _choose_area(workspace, wanted, unit, notes)
    unit = workspace.place_in(area, unit)
    counts = list_years(workspace, area, unit)
    known = list_snapshot_years(workspace, area)
    usual = choose_year(counts) or max(known, default=0)
    year = usual if wanted.year is None else int(wanted.year)
    # without a value in any year no other year would show more
    if year not in (counts or known) and year != usual:
        notes.append(f"Za {year} r. nie ma tu danych. Pokazujemy {usual} r.")
        year = usual
    rule = wanted.group
    try:
        assessment = load_assessment(workspace, area.id, unit, year, rule)
    except SmupError as error:
        if rule is None:
            raise
        rule = None
        assessment = load_assessment(workspace, area.id, unit, year)
        notes.append(f"{error.what} Pokazujemy grupę zwykłą dla obszaru.")
    view = AreaView(workspace, assessment)
    return ChosenView(view, tuple(counts) or (usual,), rule, tuple(notes))


def _choose_area(
    workspace: Workspace, wanted: ViewLink, unit: Unit, notes: list[str]
) -> ServiceArea:
    options = [value for _, value in list_area_options(workspace, unit)]
    if not options:
        raise UnitError(
            f"{unit.label}: na tym szczeblu nie ma wskaźników.",
            expected="gmina albo powiat",
            next_step="wpisz nazwę gminy albo powiatu",
        )
    areas = [workspace.catalogue.area(name) for name in options]
    if wanted.area is None:
        of_service = (a for a in areas if any(s.code == wanted.service for s in a.services))
        return next(of_service, None) or _usual_area(workspace, areas, unit)
    try:
        area = workspace.catalogue.area(wanted.area)
    except SmupError as error:
        usual = _usual_area(workspace, areas, unit)
        notes.append(f"{error.what} Pokazujemy: {usual.name}.")
        return usual
    if area.id not in options:
        usual = _usual_area(workspace, areas, unit)
        notes.append(f"Obszar „{area.name}” nie ma tu wskaźników. Pokazujemy: {usual.name}.")
        return usual
    return area


def _usual_area(workspace: Workspace, areas: list[ServiceArea], unit: Unit) -> ServiceArea:
    """Return the first area that tells of a service in the year it opens at, else of anything.

    A page that knows only the background, or nothing at all, is no beginning.
    """
    with_any = None
    for area in areas:
        own = compute_own(workspace, area, unit)
        known = own[own["value"].notna()]
        year = choose_year(count_years(known, unit))
        background = {i.id for i in area.indicators if i.role == "contextual"}
        if not known.loc[known["year"] == year, "indicator"].isin(background).all():
            return area
        if year is not None and with_any is None:
            with_any = area
    return with_any or areas[0]
