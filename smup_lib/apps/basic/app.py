"""One unit, from an overview of its areas down to one service; every view has a link."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from smup_lib.apps.basic.area_page import AreaPage
from smup_lib.apps.basic.choosing import ChosenView, choose_view
from smup_lib.apps.basic.overview_page import OverviewPage
from smup_lib.apps.basic.service_page import ServicePage
from smup_lib.apps.basic.start import TITLE, StartPage
from smup_lib.apps.basic.ways import Ways, crumbs_html
from smup_lib.apps.parts.choices import list_area_options, list_group_options, list_usual_groups
from smup_lib.apps.parts.page import Link, Shown
from smup_lib.apps.parts.piecework import Piecework
from smup_lib.apps.parts.unit_page import UnitPage
from smup_lib.present.formats import count_of
from smup_lib.reports.known_years import list_snapshot_years
from smup_lib.reports.overview import Overview
from smup_lib.reports.service import ServiceView

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment
    from smup_lib.reports.loading import Workspace
    from smup_lib.reports.overview import OpenedArea
    from smup_lib.units import Unit

_ALL_AREAS = ("wszystkie obszary", "")
_NEWEST = ("najnowszy", "")
_UNITS = ("jednostka", "jednostki", "jednostek")


class BasicApp(UnitPage):
    """The whole page.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register; they stay the same for the whole visit.
    query : str
        Query string of the link that was opened.
    """

    def __init__(self, workspace: Workspace, query: str = "") -> None:
        self._work = Piecework()
        self._start: StartPage | None = None
        self._overview = OverviewPage(workspace.register, self._work)
        self._area = AreaPage(self._work)
        self._service = ServicePage(self._work, self._unit_chosen)
        self._ways = Ways("")
        self._told_last: AreaAssessment | None = None
        super().__init__(workspace, query)
        self.add_class("smup-basic")

    # -- the choice -------------------------------------------------------------------------------

    def _selects(self) -> Sequence[widgets.Dropdown]:
        self.area = widgets.Dropdown(description="Obszar usług")
        self.year = widgets.Dropdown(description="Rok")
        self.group = widgets.Dropdown(description="Grupa porównawcza")
        self.area.add_class("smup-choose-area")
        return (self.area, self.year, self.group)

    def _below_choice(self) -> Sequence[widgets.Widget]:
        # heard by a screen reader when year or group change and the place stays
        self.changed = widgets.HTML()
        self.changed.add_class("smup-changed")
        self.crumbs = widgets.HTML()
        self.crumbs.add_class("smup-crumbs-slot")
        return (*super()._below_choice(), self.crumbs, self.changed)

    def _chosen(self, changed: widgets.Dropdown) -> Link:
        if changed is self.area:
            wanted = {"unit": self.link["unit"], **self._ways.carried}
            return wanted | ({"area": self.area.value} if self.area.value else {})
        key = "year" if changed is self.year else "group"
        rest = {name: text for name, text in self.link.items() if name != key}
        return rest | ({key: str(changed.value)} if changed.value else {})

    def _unit_chosen(self, code: str) -> None:
        """Open a unit where the visitor is: at the same area and service, with its own group."""
        self.show({**{k: v for k, v in self.link.items() if k != "group"}, "unit": code})

    def _fill(
        self,
        chosen: ChosenView,
        unit: Unit,
        years: Sequence[int],
        link: Link,
    ) -> None:
        opened = chosen.opened
        areas = [_ALL_AREAS, *list_area_options(self.workspace, unit)]
        self.fill(self.area, areas, link.get("area", ""))
        told = [(str(year), str(year)) for year in years]
        self.fill(self.year, told if opened else [_NEWEST, *told], link.get("year", ""))
        groups = (
            list_group_options(opened.view.assessment.area, chosen.rule)
            if opened
            else list_usual_groups(chosen.rule)
        )
        self.fill(self.group, groups, link.get("group", ""))
        self.selects.remove_class("smup-away")
        self.add_class("smup-chosen")

    # -- the views --------------------------------------------------------------------------------

    def _open_without_unit(self, wanted: Link) -> Shown:
        self._work.stop()
        self._start = self._start or StartPage(self.workspace, self._unit_chosen)
        self.selects.add_class("smup-away")
        self.remove_class("smup-chosen")
        self.crumbs.value = self.changed.value = ""
        self.content.children = (self._start,)
        return Shown({}, TITLE, "Nie wybrano jednostki")

    def _open_unit(self, wanted: Link, unit: Unit) -> Shown:
        # what fails leaves the page with its choice in view, and nothing of the last unit
        self._work.stop()
        self.remove_class("smup-chosen")
        self.crumbs.value = self.changed.value = ""
        chosen = choose_view(self.workspace, wanted, unit)
        if chosen.opened is None:
            return self._open_overview(chosen, unit)
        return self._open_area(chosen, chosen.opened, unit)

    def _open_overview(self, chosen: ChosenView, unit: Unit) -> Shown:
        carried = {"year": str(chosen.year)} if chosen.year else {}
        carried |= {"group": chosen.rule} if chosen.rule else {}
        link = {"unit": unit.code, **carried}
        self._ways = Ways(unit.code, carried)
        known = {*list_snapshot_years(self.workspace), *([chosen.year] if chosen.year else [])}
        self._fill(chosen, unit, sorted(known, reverse=True), link)
        overview = Overview(self.workspace, unit, chosen.year, chosen.rule)
        self._overview.show(overview, self._ways)
        self.content.children = (self._overview,)
        when = f", {chosen.year} r." if chosen.year else ""
        title = f"{unit.label}: przegląd obszarów{when}"
        rest = f"przegląd obszarów{when or ', najnowsze dane'}"
        return Shown(link, title, unit.label, rest, chosen.notes)

    def _open_area(self, chosen: ChosenView, opened: OpenedArea, unit: Unit) -> Shown:
        a = opened.view.assessment
        year = str(a.year)
        carried = {"year": year} if a.year != opened.usual_year else {}
        carried |= {"group": opened.rule} if opened.rule not in (None, a.area.group) else {}
        self._ways = Ways(unit.code, carried)
        link = {"unit": unit.code, "area": a.area.id, "year": year}
        link |= {"group": opened.rule or a.area.group}
        self._fill(chosen, unit, sorted({*opened.years, a.year}, reverse=True), link)
        crumbs = [(unit.short_label, self._ways.to())]
        name = a.area.name
        if chosen.service is None:
            self._area.show(opened.view, self._ways)
            self.content.children = (self._area,)
        else:
            found = ServiceView(self.workspace, opened.view, chosen.service)
            self._service.show(found, unit.code)
            self.content.children = (self._service,)
            crumbs.append((a.area.name, self._ways.to(a.area.id)))
            link |= {"service": chosen.service}
            name = found.name
        self.crumbs.value = crumbs_html(crumbs, name)
        self._tell_change(a)
        title = f"{name}: {unit.label}, {year} r."
        return Shown(link, title, unit.label, f"{name}, {year} r.", chosen.notes)

    def _tell_change(self, now: AreaAssessment) -> None:
        """Say what is other than before where only year or group changed."""
        before, self._told_last = self._told_last, now
        if before is None or (before.unit, before.area.id) != (now.unit, now.area.id):
            return
        told = []
        if before.year != now.year:
            told.append(f"Pokazujemy teraz {now.year} r. zamiast {before.year} r.")
        if before.group.key != now.group.key:
            count = count_of(len(now.group.members), _UNITS)
            told.append(f"Porównujemy teraz z inną grupą: {self.group.label} ({count}).")
        if told:
            was, found = len(before.findings), len(now.findings)
            told.append(f"Ustaleń w obszarze: {found} (przedtem {was}).")
            self.changed.value = f'<p role="status">{escape(" ".join(told))}</p>'
