"""The app about the money of one unit, for a treasurer and the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import ipywidgets as widgets

from smup_lib.apps.finance.content import FinanceContent
from smup_lib.apps.parts.choices import list_group_options
from smup_lib.apps.parts.link import FIELDS, Field
from smup_lib.apps.parts.page import Link, Shown
from smup_lib.apps.parts.unit_page import UnitPage
from smup_lib.reports.finance import FINANCE, FinanceView
from smup_lib.reports.overview import open_area_at_best

if TYPE_CHECKING:
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit

_WELCOME = (
    '<header class="smup-head"><h1>Finanse JST</h1>'
    '<p class="smup-head-line">dochody, wydatki, nadwyżka i dług jednej jednostki</p></header>'
    "<p>Wpisz nazwę gminy albo powiatu w polu „Jednostka”. Strona pokaże, skąd wpływają pieniądze, "
    "na co są wydawane, ile zostaje i czy dług jest podobny jak w grupie. Kwot nie oceniamy: "
    "mówimy, czy są typowe.</p>"
)


class FinanceApp(UnitPage):
    """The whole page."""

    name: ClassVar[str] = "Finanse JST"
    fields: ClassVar[dict[str, Field]] = {
        key: FIELDS[key] for key in ("unit", "year", "group", "service")
    }

    def __init__(self, workspace: Workspace, query: str = "") -> None:
        self.parts = FinanceContent(self._service_chosen, self._unit_chosen)
        super().__init__(workspace, query)
        self.add_class("smup-finance-app")

    def _selects(self) -> Sequence[widgets.Dropdown]:
        self.year = widgets.Dropdown(description="Rok")
        self.group = widgets.Dropdown(description="Grupa porównawcza")
        return (self.year, self.group)

    def _chosen(self, changed: widgets.Dropdown) -> Link:
        return self.link | {"year": str(self.year.value), "group": self.group.value}

    def _service_chosen(self, code: str) -> None:
        self.link = self.link | {"service": code}
        self.write_address(self.title)

    def _open_without_unit(self, wanted: Link) -> Shown:
        self.selects.add_class("smup-away")
        self.content.children = (widgets.HTML(_WELCOME),)
        return Shown({}, self.name, "Nie wybrano jednostki")

    def _open_unit(self, wanted: Link, unit: Unit) -> Shown:
        year = int(wanted["year"]) if "year" in wanted else None
        area = self.workspace.catalogue.area(FINANCE)
        opened = open_area_at_best(self.workspace, area, unit, year, wanted.get("group"))
        a = opened.view.assessment
        self.content.children = (self.parts,)
        finance = FinanceView(self.workspace, opened.view, opened.rule)
        service = self.parts.show(finance, wanted.get("service"))
        rule = opened.rule or a.area.group
        self.fill(self.year, sorted({*opened.years, a.year}, reverse=True), a.year)
        self.fill(self.group, list_group_options(a.area, opened.rule), rule)
        self.selects.remove_class("smup-away")
        link = {"unit": a.unit.code, "year": str(a.year), "group": rule}
        link |= {"service": service} if service else {}
        self.title = f"Finanse: {a.unit.label}, {a.year} r."
        return Shown(link, self.title, a.unit.label, f"Finanse, {a.year} r.", opened.notes)
