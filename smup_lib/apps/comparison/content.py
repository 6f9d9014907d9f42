"""What the app shows of units side by side, from the differences down to the files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.parts.file_saver import FileSaver
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.sources import show_sources
from smup_lib.reports.exports.displays import FILE_TYPES

if TYPE_CHECKING:
    from smup_lib.reports.units import UnitsView


class ComparisonContent(widgets.VBox):  # type: ignore[misc]  # untyped library
    """The parts of the page below the choice."""

    def __init__(self) -> None:
        self.view: UnitsView | None = None
        self._quiet = False
        self.title = Panel("Tytuł")
        self.differences = Panel("Różnice")
        self.table = Panel("Wskaźniki obok siebie")
        self.files = FileSaver(FILE_TYPES, self._make_file)
        self.indicator = widgets.Dropdown(description="Wskaźnik")
        self.indicator.observe(self._indicator_chosen, "value")
        self.years = Panel("Zmiany w czasie")
        self.profiles = Panel("Położenie wobec własnych grup")
        self.units = Panel("Kogo zestawiamy")
        self.sources = Panel("Źródła")
        over_years = widgets.VBox(
            (widgets.HTML("<h2>Zmiany w czasie</h2>"), self.indicator, self.years)
        )
        over_years.add_class("smup-over-years")
        files = widgets.VBox((widgets.HTML("<h2>Zapisz zestawienie</h2>"), self.files))
        super().__init__(
            (
                *(self.title, self.units, self.differences, self.table, over_years),
                *(self.profiles, files, self.sources),
            )
        )

    def show(self, view: UnitsView) -> None:
        """Show units side by side."""
        self.view = view
        self.title.show(view.title)
        self.units.show(partial(view.units, folded=True))
        self.differences.show(view.differences)
        self.table.show(partial(view.table, folded=True))
        self._offer_indicators(view)
        self.profiles.show(partial(view.profiles, folded=True))
        self.files.said.value = ""
        self.sources.show(partial(show_sources, view))

    def _offer_indicators(self, view: UnitsView) -> None:
        """Offer the indicators of the units, that of the widest difference first chosen."""
        items = {
            item.indicator.id: item.indicator
            for one in view.views
            for item in one.assessment.indicators
            if item.series["value"].notna().any()
        }
        options = [(indicator.name, name) for name, indicator in items.items()]
        first = next((one.item.indicator.id for one in view.spreads), next(iter(items), None))
        kept = self.indicator.value if self.indicator.value in items else first
        self._quiet = True
        try:
            self.indicator.options = options
            self.indicator.value = kept
        finally:
            self._quiet = False
        self._show_years()

    def _indicator_chosen(self, change: dict[str, Any]) -> None:
        if not self._quiet and change["new"] is not None:
            self._show_years()

    def _show_years(self) -> None:
        view, name = self.view, self.indicator.value
        if view is None or name is None:
            self.years.clear()
        else:
            self.years.show(lambda: view.series(name))

    def _make_file(self, ending: str) -> tuple[str, bytes]:
        view = self.view
        if view is None:
            raise RuntimeError("no view is shown")
        first = view.views[0].assessment
        name = f"zestawienie_{first.area.id}_{first.unit.code}_{first.year}.{ending}"
        return name, view.file(ending)
