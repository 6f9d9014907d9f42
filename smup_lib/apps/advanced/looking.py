"""What every tab with one indicator at a time has: which indicator, which year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.parts.panels import Panel

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.reports.selection.selection import Selection


class LookingTab(widgets.VBox):  # type: ignore[misc]  # untyped library
    """Lists above a picture; a change of a list is a change of the link.

    Parameters
    ----------
    look : callable
        Called with the keys of the link that a visitor changed.
    """

    children: tuple[Any, ...]
    #: Keys of the link on which the tab depends.
    looks: ClassVar[tuple[str, ...]] = ("f", "n")

    def __init__(self, look: Callable[..., None]) -> None:
        self._look = look
        self._quiet = False
        self._lists: dict[str, widgets.Dropdown] = {}
        self.bar = widgets.Box()
        self.bar.add_class("smup-look")
        self.panel = Panel("Wykres")
        super().__init__((self.bar, self.panel))

    def list_of(self, key: str, words: str) -> widgets.Dropdown:
        """Return a list that stands for a key of the link."""
        control = widgets.Dropdown(description=words)
        self._lists[key] = control
        control.observe(lambda change: self._changed(key, change), "value")
        return control

    def fill(self, key: str, options: Sequence[tuple[str, str]], wanted: str | None) -> str:
        """Offer options and return the one that is wanted, the first where that is none of them."""
        control = self._lists[key]
        known = [value for _, value in options]
        self._quiet = True
        try:
            control.options = options
            control.value = wanted if wanted in known else known[0]
        finally:
            self._quiet = False
        return str(control.value)

    def fill_indicator(self, selection: Selection, link: Link, key: str = "f") -> str:
        """Offer the chosen indicators."""
        return self.fill(
            key, [(one.name, one.id) for one in selection.found.indicators], link.get(key)
        )

    def fill_year(self, selection: Selection, link: Link, *indicators: str) -> int:
        """Offer the chosen years, the newest first; in the usual one all indicators have values."""
        years = [(str(year), str(year)) for year in reversed(selection.found.years)]
        usual = str(min(map(selection.last_year, indicators)))
        known = {year for year, _ in years}
        return int(self.fill("n", years, link["n"] if link.get("n") in known else usual))

    def forget(self) -> None:
        """Let go of what was shown."""
        self.panel.clear()

    def _changed(self, key: str, change: dict[str, Any]) -> None:
        if not self._quiet and change["new"] is not None:
            self._look(**{key: change["new"]})
