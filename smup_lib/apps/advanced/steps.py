"""The four steps of a choice: indicators, units, years, with whom to compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.advanced.group_saving import GroupSaving
from smup_lib.apps.advanced.indicator_choice import IndicatorChoice
from smup_lib.apps.advanced.link import split_years, write_years
from smup_lib.apps.advanced.unit_choice import UnitChoice
from smup_lib.apps.parts.choices import GROUP_WORDS
from smup_lib.apps.parts.search import UnitSearch
from smup_lib.errors import SmupError
from smup_lib.reports.known_years import list_snapshot_years

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.reports.loading import Workspace

#: How many indicators may be chosen at once.
MOST_INDICATORS = 40
#: Stands for the usual group of the area.
_USUAL = ("zwykła dla obszaru", "")


class Steps(widgets.VBox):  # type: ignore[misc]  # untyped library
    """Everything a selection is made of; nothing is computed until the visitor asks for it.

    Parameters
    ----------
    workspace : Workspace
        Catalogue, register and years.
    on_change : callable
        Called after each change by the visitor.
    """

    def __init__(self, workspace: Workspace, on_change: Callable[[], None]) -> None:
        self._workspace, self._on_change = workspace, on_change
        self._quiet = False
        self.indicators = IndicatorChoice(workspace.catalogue, MOST_INDICATORS, self._changed)
        self.units = UnitChoice(workspace.register, self._changed)
        years = list_snapshot_years(workspace)
        self.first = widgets.Dropdown(description="Od roku", options=years)
        self.last = widgets.Dropdown(description="Do roku", options=years)
        if years:
            self.first.value = self.last.value = years[-1]
        self.own = UnitSearch(workspace.register, self._own_chosen, label="Jednostka porównywana")
        self.own.add_class("smup-search-many")
        self.own_code: str | None = None
        self.own_said = widgets.HTML()
        self.group = widgets.Dropdown(description="Grupa porównawcza")
        self.saving = GroupSaving(self.units.refresh_saved)
        super().__init__(
            (
                _step("1. Wskaźniki", (self.indicators,)),
                _step("2. Jednostki", (self.units,)),
                _step("3. Lata", (self.first, self.last), "smup-years"),
                _step("4. Z kim porównać", (self.own, self.own_said, self.group, self.saving)),
            )
        )
        self.add_class("smup-steps")
        for control in (self.first, self.last, self.group):
            control.observe(self._control_changed, "value")

    def show(self, link: Link, level: str | None) -> None:
        """Show the choice that a link makes."""
        self._quiet = True
        try:
            known = self._workspace.catalogue.indicators
            named = [one for one in link.get("i", "").split(",") if one in known]
            self.indicators.show(named, level)
            self.units.show([one for one in link.get("u", "").split(",") if one])
            years = split_years(link.get("y"))
            if years:
                options = self.first.options
                self.first.value = years[0] if years[0] in options else options[0]
                self.last.value = years[1] if years[1] in options else options[-1]
            self._show_own(link.get("unit"))
            self._fill_groups(link.get("g", ""))
        finally:
            self._quiet = False

    def read(self) -> Link:
        """Return the choice in the words of the link."""
        found = {
            "i": ",".join(self.indicators.chosen),
            "u": ",".join(self.units.terms),
            "unit": self.own_code or "",
            "g": self.group.value or "",
        }
        if self.first.value and self.last.value:
            ordered = sorted((self.first.value, self.last.value))
            found["y"] = write_years((ordered[0], ordered[1]))
        return {key: text for key, text in found.items() if text}

    def offer_saving(self, codes: Sequence[str]) -> None:
        """Let the units that are shown be saved as a group."""
        self.saving.codes = tuple(codes)

    def _show_own(self, code: str | None) -> None:
        self.own_code = code
        self.own.clear()
        try:
            label = self._workspace.register.label(code) if code else ""
        except SmupError:
            self.own_code, label = None, ""
        said = f"Wybrana: {label}." if label else "Nie wybrano: pierwsza z wybranych jednostek."
        self.own_said.value = f'<p class="smup-note">{said}</p>'

    def _fill_groups(self, rule: str) -> None:
        options = [_USUAL, *((words, name) for name, words in GROUP_WORDS.items())]
        if rule and rule not in [name for _, name in options]:
            options.append((self._rule_name(rule), rule))
        self.group.options = options
        self.group.value = rule

    def _rule_name(self, rule: str) -> str:
        name, _, argument = rule.partition(":")
        if argument.startswith("@"):
            return f"własna grupa: {argument[1:]}"
        return f"{GROUP_WORDS.get(name, name)} ({argument})"

    def _own_chosen(self, code: str) -> None:
        self._show_own(code)
        self._changed()

    def _control_changed(self, change: dict[str, Any]) -> None:
        if change["new"] is not None:
            self._changed()

    def _changed(self) -> None:
        if not self._quiet:
            self._on_change()


def _step(title: str, parts: Sequence[Any], css_class: str = "") -> widgets.VBox:
    box = widgets.VBox((widgets.HTML(f"<h3>{title}</h3>"), *parts))
    box.add_class("smup-step")
    if css_class:
        box.add_class(css_class)
    return box
