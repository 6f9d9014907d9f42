"""The app about the data: what is there, what is missing and who has it, who says otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import ipywidgets as widgets

from smup_lib.apps.parts.choices import list_area_options
from smup_lib.apps.parts.link import FIELDS, Field
from smup_lib.apps.parts.page import Link, Shown
from smup_lib.apps.parts.unit_page import UnitPage
from smup_lib.apps.quality.content import QualityContent
from smup_lib.errors import SmupError
from smup_lib.reports.audit import Audit, audit_workspace
from smup_lib.reports.loading import levels_of
from smup_lib.reports.overview import open_area_at_best

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit

#: Stand for no area and for no single level in the lists.
_NO_AREA, _BOTH = "", "oba"
_LEVELS = {"powiat": "powiaty", "gmina": "gminy", _BOTH: "gminy i powiaty"}
_AWAY = "smup-away"


class QualityApp(UnitPage):
    """The whole page: without a unit about a level or both, with a unit about its data."""

    name: ClassVar[str] = "Jakość danych"
    fields: ClassVar[dict[str, Field]] = {
        **{key: FIELDS[key] for key in ("unit", "area", "year")},
        "level": Field("szczebel", re.compile("gmina|powiat|oba"), "gmina, powiat albo oba"),
    }

    def __init__(self, workspace: Workspace, query: str = "") -> None:
        self.parts = QualityContent()
        self._audits: dict[tuple[str, str], Audit] = {}
        super().__init__(workspace, query)
        self.add_class("smup-quality-app")

    def _controls(self) -> Sequence[widgets.Widget]:
        search, selects = super()._controls()
        whole = widgets.Button(description="Pokaż wszystkie jednostki", tooltip="")
        whole.on_click(lambda _: self.show({k: v for k, v in self.link.items() if k == "area"}))
        self.whole = widgets.HBox((whole,))
        self.whole.add_class("smup-actions")
        return (search, self.whole, selects)

    def _selects(self) -> Sequence[widgets.Dropdown]:
        self.area = widgets.Dropdown(description="Obszar usług")
        self.area.add_class("smup-choose-area")
        self.level = widgets.Dropdown(description="Szczebel")
        self.year = widgets.Dropdown(description="Rok")
        return (self.area, self.level, self.year)

    def _chosen(self, changed: widgets.Dropdown) -> Link:
        link = {"area": self.area.value} if self.area.value else {}
        if "unit" in self.link:
            year = {} if changed is self.area else {"year": str(self.year.value)}
            return {"unit": self.link["unit"], **link, **year}
        return link if changed is self.area else link | {"level": self.level.value}

    # -- all units ---------------------------------------------------------------------------------

    def _open_without_unit(self, wanted: Link) -> Shown:
        notes: list[str] = []
        area = self._find_area(wanted, notes)
        level = "" if area is None else _choose_level(area, wanted.get("level", ""), notes)
        self._fill_lists(area, level)
        self.content.children = (self.parts,)
        audit = self._audit(area, level)
        if area is None:
            self.parts.show_snapshot(audit)
            rest = "cały stan danych"
            return Shown({}, self.name, self.name, rest, tuple(notes))
        self.parts.show_level(audit)
        rest = f"{area.name}, {_LEVELS[level]}"
        link = {"area": area.id, "level": level}
        return Shown(link, f"{self.name}: {rest}", self.name, rest, tuple(notes))

    def _find_area(self, wanted: Link, notes: list[str]) -> ServiceArea | None:
        if "area" not in wanted:
            return None
        try:
            return self.workspace.catalogue.area(wanted["area"])
        except SmupError as error:
            notes.append(f"{error.what} Pokazujemy cały stan danych.")
            return None

    def _fill_lists(self, area: ServiceArea | None, level: str) -> None:
        known = [(one.name, one.id) for one in self.workspace.catalogue.areas.values()]
        self.fill(self.area, [("cały stan danych", _NO_AREA), *known], area.id if area else "")
        if area is not None:
            self.fill(self.level, [(_LEVELS[one], one) for one in _levels_at(area)], level)
        (self.level.remove_class if area else self.level.add_class)(_AWAY)
        for control in (self.year, self.whole):
            control.add_class(_AWAY)

    def _audit(self, area: ServiceArea | None, level: str) -> Audit:
        """Count what the data hold, once a choice."""
        asked = (area.id if area else _NO_AREA, level)
        if asked not in self._audits:
            told = "" if level == _BOTH else level
            self._audits[asked] = audit_workspace(self.workspace, asked[0], told)
        return self._audits[asked]

    # -- one unit ----------------------------------------------------------------------------------

    def _open_unit(self, wanted: Link, unit: Unit) -> Shown:
        notes: list[str] = []
        areas = list_area_options(self.workspace, unit)
        area = self._find_area(wanted, notes)
        if area is None or area.id not in {one for _, one in areas}:
            if area is not None:
                notes.append(f"Obszar „{area.name}” nie ma tu wskaźników.")
            area = self.workspace.catalogue.area(areas[0][1])
        year = int(wanted["year"]) if "year" in wanted else None
        opened = open_area_at_best(self.workspace, area, unit, year)
        a = opened.view.assessment
        self.fill(self.area, areas, a.area.id)
        self.fill(self.year, sorted({*opened.years, a.year}, reverse=True), a.year)
        for control in (self.year, self.whole):
            control.remove_class(_AWAY)
        self.level.add_class(_AWAY)
        self.content.children = (self.parts,)
        self.parts.show_unit(opened.view, self._audit(a.area, a.unit.level))
        link = {"unit": a.unit.code, "area": a.area.id, "year": str(a.year)}
        title = f"Jakość danych: {a.area.name}, {a.unit.label}, {a.year} r."
        rest = f"Jakość danych, {a.area.name}, {a.year} r."
        return Shown(link, title, a.unit.label, rest, (*notes, *opened.notes))


def _levels_at(area: ServiceArea) -> list[str]:
    """List the levels that can be chosen for an area, the quickest to count first."""
    here: list[str] = [level for level in ("powiat", "gmina") if level in levels_of(area)]
    return [*here, _BOTH] if len(here) > 1 else here


def _choose_level(area: ServiceArea, wanted: str, notes: list[str]) -> str:
    known = _levels_at(area)
    if wanted and wanted not in known:
        notes.append(f"{area.name}: tu są tylko {_LEVELS[known[0]]}.")
    return wanted if wanted in known else known[0]
