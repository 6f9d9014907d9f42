"""The tab with all values: the browser sorts, filters and pins, the session hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.advanced.link import TABLE, read_table_state, table_state
from smup_lib.apps.advanced.table_data import write_table_data

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.reports.selection.selection import Selection


class TableTab(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A table of units, and what the visitor has made of it.

    Parameters
    ----------
    on_state : callable
        Called with the fields of the link that say how the table stands.
    """

    looks: ClassVar[tuple[str, ...]] = TABLE

    def __init__(self, on_state: Callable[[Link], None]) -> None:
        self._on_state = on_state
        self.grid = widgets.HTML()
        # written by the page (templates/voila, table.js)
        self.told = widgets.Text()
        self.told.add_class("smup-table-state")
        self.told.observe(self._told, "value")
        super().__init__((self.grid, self.told))

    def show(self, selection: Selection, link: Link) -> TableTab:
        """Send the values to the page, with the state that the link asks for."""
        data = write_table_data(
            selection.frame,
            selection.found.indicators,
            selection.found.units,
            selection.found.years,
            f"{selection.subject}: {selection.about}",
            own=[selection.found.own],
            state=table_state(link),
        )
        self.grid.value = (
            '<section><h2 class="smup-hidden">Tabela</h2><div class="smup-grid"></div>'
            f'<script type="application/json" class="smup-grid-data">{data}</script></section>'
        )
        return self

    def forget(self) -> None:
        """Let go of the values."""
        self.grid.value = ""

    def _told(self, change: dict[str, Any]) -> None:
        self._on_state(read_table_state(str(change["new"])))
