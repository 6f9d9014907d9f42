"""What of a unit is worth knowing first, area by area, each in the year it knows best?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.conclude.findings import first_screen
from smup_lib.errors import SmupError
from smup_lib.present.area_page import render_title
from smup_lib.present.display import Display
from smup_lib.present.findings import finding_text
from smup_lib.present.overview_page import (
    render_background,
    render_glance,
    render_unknown_areas,
)
from smup_lib.reports.area import AreaView
from smup_lib.reports.known_years import choose_year, list_snapshot_years, list_years
from smup_lib.reports.loading import levels_of, load_assessment

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit

_NEWEST = "Każdy obszar jest tu za najnowszy rok, z którego ma dość danych."
_ONE_YEAR = "Wszystkie obszary są tu za jeden rok; gdzie go brak, za najnowszy z danymi."
#: So many findings of an area stand on the page of a unit; the page of the area has the others.
MOST_FINDINGS = 2


@dataclass(frozen=True)
class OpenedArea:
    """An area of a unit as it could be opened.

    Attributes
    ----------
    view : AreaView
        The assessed area.
    years : tuple of int
        Years that can be chosen, newest first.
    usual_year : int
        The year where none was asked for.
    rule : str or None
        The rule of the group that was asked for and used; None for the area's own.
    notes : tuple of str
        Polish sentences about what was asked for and could not be had.
    """

    view: AreaView
    years: tuple[int, ...]
    usual_year: int
    rule: str | None
    notes: tuple[str, ...] = ()


def open_area_at_best(
    workspace: Workspace,
    area: ServiceArea,
    unit: Unit,
    year: int | None = None,
    rule: str | None = None,
) -> OpenedArea:
    """Assess an area of a unit; a year or group that cannot be had is replaced by the usual one.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register.
    area : ServiceArea
        The area.
    unit : Unit
        Of a city with powiat rights either code.
    year : int, optional
        The newest year with enough values when omitted.
    rule : str, optional
        Of the comparison group; that of the area when omitted.

    Returns
    -------
    OpenedArea
        Its notes say what was replaced.

    Raises
    ------
    NoDataError, IndicatorError, GroupError
        When even the usual choice has no answer for the unit.

    Examples
    --------
    ::

        mine = Workspace.open("sample")
        culture = mine.catalogue.area("culture_recreation")
        open_area_at_best(mine, culture, mine.unit("9002"), year=1950).notes
    """
    notes = []
    unit = workspace.place_in(area, unit)
    counts = list_years(workspace, area, unit)
    known = list_snapshot_years(workspace, area)
    usual = choose_year(counts) or max(known, default=0)
    shown = usual if year is None else year
    # without a value in any year no other year would show more
    if shown not in (counts or known) and shown != usual:
        notes.append(f"Za {shown} r. nie ma tu danych. Pokazujemy {usual} r.")
        shown = usual
    try:
        assessment = load_assessment(workspace, area.id, unit, shown, rule)
    except SmupError as error:
        if rule is None:
            raise
        rule = None
        assessment = load_assessment(workspace, area.id, unit, shown)
        notes.append(f"{error.what} Pokazujemy grupę zwykłą dla obszaru.")
    view = AreaView(workspace, assessment)
    return OpenedArea(view, tuple(counts) or (usual,), usual, rule, tuple(notes))


def areas_of(workspace: Workspace, unit: Unit) -> list[ServiceArea]:
    """List the areas that have indicators for a unit, the background last.

    A city with powiat rights has those of both levels.
    """
    levels = {unit.level} if other_code_of(unit.code) is None else {"gmina", "powiat"}
    areas = [a for a in workspace.catalogue.areas.values() if levels & levels_of(a)]
    return sorted(areas, key=lambda area: area.id == CONTEXT)


class Overview:
    """A unit at a glance; areas are computed one by one, so that a page can show them as they come.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register.
    unit : Unit
        Whose overview.
    year : int, optional
        One for all areas; each in the newest year it knows well when omitted.
    rule : str, optional
        Of the comparison group; that of each area when omitted.
    """

    def __init__(
        self, workspace: Workspace, unit: Unit, year: int | None = None, rule: str | None = None
    ) -> None:
        self._workspace = workspace
        self.unit, self.year, self.rule = unit, year, rule
        self.areas = areas_of(workspace, unit)
        #: Areas that turned out to have no value, as they were looked at.
        self.unknown: dict[str, ServiceArea] = {}

    def __repr__(self) -> str:
        """Name the overview."""
        return f"<Overview {self.unit.label}, {self.year or 'newest years'}>"

    def title(self) -> Display:
        """Return the head: whose overview, of which years, and the state of the data."""
        snapshot = self._workspace.snapshot
        html = render_title(
            "Przegląd obszarów",
            self.unit.label,
            self.year,
            snapshot.manifest.created,
            fictional=snapshot.fictional,
            intro=_NEWEST if self.year is None else _ONE_YEAR,
        )
        return Display(html, f"Przegląd obszarów: {self.unit.label}")

    def glance(self, area: ServiceArea, address: Callable[[str | None], str]) -> Display:
        """Return what matters of an area: its first findings; nothing where it has no value.

        Parameters
        ----------
        area : ServiceArea
            One of :attr:`areas`.
        address : callable
            Gives the link to a service of the area by its code, to the area itself for None.
        """
        opened = open_area_at_best(self._workspace, area, self.unit, self.year, self.rule)
        assessment, remarks = opened.view.assessment, opened.view.remarks
        if area.id == CONTEXT:
            html = render_background(assessment, address(None), opened.notes)
            return Display(html, area.name)
        if not assessment.leading():
            self.unknown[area.id] = area
            return Display("", "Brak wartości.")
        told = first_screen(assessment.findings, MOST_FINDINGS)
        html = render_glance(assessment, told, remarks, address, opened.notes)
        return Display(html, "\n".join(map(finding_text, told)) or "Brak ustaleń.")

    def unknown_areas(self, address: Callable[[str], str]) -> Display:
        """Return the areas that turned out to have no value, all in one sentence.

        Parameters
        ----------
        address : callable
            Gives the link to an area by its id.
        """
        areas = tuple(self.unknown.values())
        names = ", ".join(area.name for area in areas)
        return Display(render_unknown_areas(areas, self.unit, address), f"Bez wartości: {names}.")
