"""The page of an app about one unit: find it, set its view aside while another is looked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.parts.page import AppPage, Link, Shown, bar_html
from smup_lib.apps.parts.search import UnitSearch
from smup_lib.errors import AmbiguousUnitError, UnknownUnitError
from smup_lib.problems import Problems

if TYPE_CHECKING:
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit

#: Class of a page whose view waits out of sight until another unit is chosen, or none.
_ASIDE = "smup-aside"


class UnitPage(AppPage):
    """The page of an app about one unit; an app says what it chooses beside it."""

    def _controls(self) -> Sequence[widgets.Widget]:
        self.search = UnitSearch(self.workspace.register, self._unit_chosen, self._text_typed)
        selects = self._selects()
        for control in selects:
            control.observe(self._control_changed, "value")
        self.selects = widgets.Box(selects)
        self.selects.add_class("smup-selects")
        return (self.search, self.selects)

    def _below_choice(self) -> Sequence[widgets.Widget]:
        back = widgets.Button(description="Wróć do poprzedniego widoku", tooltip="")
        back.add_class("smup-back")
        back.on_click(lambda _: self._text_typed(""))
        slot = widgets.Box((back,))
        slot.add_class("smup-back-slot")
        return (slot,)

    # -- what each app says -----------------------------------------------------------------------

    @abstractmethod
    def _selects(self) -> Sequence[widgets.Dropdown]:
        """Return the lists beside the field of the unit."""

    @abstractmethod
    def _chosen(self, changed: widgets.Dropdown) -> Link:
        """Return what the lists ask for after one of them was changed."""

    @abstractmethod
    def _open_unit(self, wanted: Link, unit: Unit) -> Shown:
        """Show the view of a unit."""

    @abstractmethod
    def _open_without_unit(self, wanted: Link) -> Shown:
        """Show what there is before a unit is chosen."""

    # -- what the visitor does --------------------------------------------------------------------

    def _control_changed(self, change: dict[str, Any]) -> None:
        if not self.quiet and change["new"] is not None:
            self.show(self._chosen(change["owner"]))

    def _unit_chosen(self, code: str) -> None:
        self.show({**{k: v for k, v in self.link.items() if k != "group"}, "unit": code})

    def _text_typed(self, text: str) -> None:
        """Set the view aside while a text is typed that may mean another unit."""
        if "unit" not in self.link:
            return
        if text.strip():
            self.add_class(_ASIDE)
            self.bar.value = bar_html("Wybierz jednostkę z listy")
        else:
            self.remove_class(_ASIDE)
            self.search.clear()
            self.bar.value = self.named_bar

    def _open(self, wanted: Link) -> Shown:
        self.remove_class(_ASIDE)
        unit = find_unit_of_link(self.workspace, self.search, wanted)
        self.search.clear()
        return self._open_without_unit(wanted) if unit is None else self._open_unit(wanted, unit)


def find_unit_of_link(workspace: Workspace, search: UnitSearch, wanted: Link) -> Unit | None:
    """Find the unit of a link: one of today, or one that existed in the year of the link.

    Raises
    ------
    AmbiguousUnitError, UnknownUnitError
        When the text names none; the search then offers those that it may mean.
    """
    text, year = wanted.get("unit"), wanted.get("year")
    if text is None:
        return None
    try:
        return workspace.unit(text)
    except (AmbiguousUnitError, UnknownUnitError) as error:
        former = year and Problems().attempt(lambda: workspace.unit(text, year=int(year)))
        if former:
            return former
        near = [*getattr(error, "candidates", ()), *getattr(error, "suggestions", ())]
        if near:
            search.offer([one.code for one in near], "Wybierz z listy.")
        raise
