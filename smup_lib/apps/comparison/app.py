"""The app that puts two to eight units side by side: add, remove, read what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from re import compile as pattern
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.comparison.choosing import (
    SIMILAR_AT_ONCE,
    add_unit,
    choose_comparison,
    find_units,
    list_neighbours,
    list_similar,
)
from smup_lib.apps.comparison.content import ComparisonContent
from smup_lib.apps.parts.chips import ChipRow
from smup_lib.apps.parts.choices import list_area_options, list_group_options
from smup_lib.apps.parts.link import FIELDS, Field
from smup_lib.apps.parts.page import AppPage, Link, Shown
from smup_lib.apps.parts.search import UnitSearch
from smup_lib.apps.parts.unit_page import find_unit_of_link
from smup_lib.errors import SmupError
from smup_lib.reports.loading import levels_of
from smup_lib.reports.units import MOST_UNITS
from smup_lib.units.labels import write_unit_count

if TYPE_CHECKING:
    from smup_lib.apps.comparison.choosing import Compared
    from smup_lib.units import Unit

_WELCOME = (
    '<header class="smup-head"><h1>Jednostki obok siebie</h1></header>'
    "<p>Wpisz nazwę swojej gminy albo powiatu, a potem dodaj od jednej do siedmiu jednostek tego "
    "samego szczebla. Strona pokaże, co je różni i czy różnica jest większa niż zaokrąglenie "
    "i zwykłe wahania, a każdą wartość obok mediany grupy tej jednostki.</p>"
)
_ONE_MORE = (
    '<header class="smup-head"><h1>Jednostki obok siebie</h1></header>'
    "<p>Dodaj co najmniej jedną jednostkę: wpisz jej nazwę albo użyj przycisków „Dodaj sąsiadów” "
    "i „Dodaj podobne”.</p>"
)


class ComparisonApp(AppPage):
    """The whole page."""

    name: ClassVar[str] = "Jednostki obok siebie"
    fields: ClassVar[dict[str, Field]] = {
        **{key: FIELDS[key] for key in ("unit", "area", "year", "group")},
        "others": Field(
            "jednostki do zestawienia",
            pattern(rf"[0-9]{{4,7}}(,[0-9]{{4,7}}){{0,{MOST_UNITS - 2}}}"),
            "kody TERYT po przecinku, najwyżej siedem",
        ),
    }

    def _controls(self) -> Sequence[widgets.Widget]:
        self.units: list[Unit] = []
        self.search = UnitSearch(
            self.workspace.register, self._unit_chosen, label="Dodaj jednostkę"
        )
        self.chips = ChipRow(self._unit_removed, lambda: self.show({}))
        self.neighbours = self._adder("Dodaj sąsiadów", self._add_neighbours)
        self.similar = self._adder("Dodaj podobne", self._add_similar)
        self.adders = widgets.HBox((self.neighbours, self.similar))
        self.adders.add_class("smup-actions")
        self.area = widgets.Dropdown(description="Obszar usług")
        self.area.add_class("smup-choose-area")
        self.year = widgets.Dropdown(description="Rok")
        self.group = widgets.Dropdown(description="Grupa każdej jednostki")
        self.selects = widgets.Box((self.area, self.year, self.group))
        self.selects.add_class("smup-selects")
        for control in (self.area, self.year, self.group):
            control.observe(self._control_changed, "value")
        self.parts = ComparisonContent()
        return (self.chips, self.search, self.adders, self.selects)

    def _adder(self, words: str, act: Callable[[], None]) -> widgets.Button:
        button = widgets.Button(description=words, tooltip="")
        button.on_click(lambda _: act())
        return button

    # -- what the visitor does --------------------------------------------------------------------

    def _unit_chosen(self, code: str) -> None:
        self._add([self.workspace.unit(code)])

    def _add(self, more: Sequence[Unit], notes: tuple[str, ...] = ()) -> None:
        units, told = self.units, list(notes)
        for unit in more:
            units, why = add_unit(self.workspace, units, unit)
            told += why
        self.show(self._link_of(units), tuple(told))

    def _add_neighbours(self) -> None:
        own = self.units[0]
        self._add_found(lambda: list_neighbours(self.workspace, own), MOST_UNITS)

    def _add_similar(self) -> None:
        own, area, year = self.units[0], self.area.value, self.year.value
        self._add_found(lambda: list_similar(self.workspace, area, own, year), SIMILAR_AT_ONCE)

    def _add_found(self, find: Callable[[], list[Unit]], most: int) -> None:
        """Add as many of the units found as there is room for, the first ones first."""
        try:
            found = find()
        except SmupError as error:
            self.tell([error.what])
            return
        here = {unit.code for unit in self.units}
        room = min(most, MOST_UNITS - len(self.units))
        new = [unit for unit in found if unit.code not in here]
        left = len(new) - room
        note = "" if left <= 0 else f"Dodano {max(room, 0)} z {len(new)}, które tu pasują."
        self._add(new[:room], (note,) if note else ())

    def _unit_removed(self, code: str) -> None:
        self.show(self._link_of([unit for unit in self.units if unit.code != code]))

    def _control_changed(self, change: dict[str, Any]) -> None:
        if self.quiet or change["new"] is None:
            return
        moved = change["owner"] is self.area
        link = self._link_of(self.units) | {"area": self.area.value, "year": str(self.year.value)}
        link["group"] = self.group.value
        self.show({k: v for k, v in link.items() if not (moved and k == "group")})

    def _link_of(self, units: Sequence[Unit]) -> Link:
        """Return the link of the view with other units."""
        if not units:
            return {}
        first, *others = units
        link = {k: v for k, v in self.link.items() if k not in ("unit", "others")}
        told = {"others": ",".join(unit.code for unit in others)} if others else {}
        return {"unit": first.code, **told, **link}

    # -- what then is shown -----------------------------------------------------------------------

    def _open(self, wanted: Link) -> Shown:
        own = find_unit_of_link(self.workspace, self.search, wanted)
        units, notes = find_units(self.workspace, own, wanted) if own else ([], [])
        self.search.clear()
        self.units = units
        self._show_choice()
        if not units:
            return self._say(_WELCOME, Shown({}, self.name, "Nie wybrano jednostek"))
        compared = choose_comparison(self.workspace, units, wanted)
        self._fill_controls(compared)
        a = compared.view.views[0].assessment
        link = self._link_of(units) | {
            "area": a.area.id,
            "year": str(a.year),
            "group": self.group.value,
        }
        names = _name_units([one.assessment.unit for one in compared.view.views])
        told = (*notes, *compared.notes)
        rest = f"{a.area.name}, {a.year} r."
        shown = Shown(link, f"{names}: {rest}", names, rest, told)
        if len(compared.view.views) < 2:
            return self._say(_ONE_MORE, shown)
        self.content.children = (self.parts,)
        self.parts.show(compared.view)
        return shown

    def _say(self, html: str, shown: Shown) -> Shown:
        self.content.children = (widgets.HTML(html),)
        return shown

    def _show_choice(self) -> None:
        """Show who is chosen, and only what can be done with it."""
        self.chips.show({unit.code: unit.short_label for unit in self.units})
        full = len(self.units) >= MOST_UNITS
        for button in (self.neighbours, self.similar):
            button.disabled = full
        for part in (self.adders, self.selects):
            (part.remove_class if self.units else part.add_class)("smup-away")

    def _fill_controls(self, compared: Compared) -> None:
        a = compared.view.views[0].assessment
        catalogue = self.workspace.catalogue
        areas = [
            (name, area)
            for name, area in list_area_options(self.workspace, a.unit)
            if a.unit.level in levels_of(catalogue.area(area))
        ]
        years = sorted({*compared.years, a.year}, reverse=True)
        self.fill(self.area, areas, a.area.id)
        self.fill(self.year, years, a.year)
        rule = compared.rule or a.area.group
        self.fill(self.group, list_group_options(a.area, compared.rule), rule)


def _name_units(units: Sequence[Unit]) -> str:
    """Name two units; of more the first, with how many they are, so that the bar stays low."""
    if len(units) > 2:
        return f"{units[0].short_label} i inne (razem {write_unit_count(len(units))})"
    return ", ".join(unit.short_label for unit in units)
