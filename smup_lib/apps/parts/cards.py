"""One indicator on an app's page: its value and standing at once, charts on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.parts.map import MapView
from smup_lib.apps.parts.panels import Panel
from smup_lib.present.charts import MapChart
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.area import AreaView


class Fold(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A part that is made when it is first opened.

    Parameters
    ----------
    name : str
        What it is, as a Polish subject.
    words : tuple of str
        Words of the button: to open, to close.
    build : callable
        Makes the part.
    """

    def __init__(self, name: str, words: tuple[str, str], build: Callable[[], Any]) -> None:
        self._words, self._build = words, build
        self.button = widgets.Button(description=words[0], tooltip=name)
        self.button.add_class("smup-fold-button")
        self.panel = Panel(name, closing=True)
        self.button.on_click(lambda _: self.toggle())
        super().__init__((self.panel,))

    @property
    def opened(self) -> bool:
        """Whether the part is shown."""
        return bool(self.panel.children)

    def toggle(self) -> None:
        """Open a closed part, close an open one."""
        if self.opened:
            self.panel.clear()
        else:
            self.panel.show(self._build)
        self.button.description = self._words[self.opened]


class IndicatorCard(widgets.VBox):  # type: ignore[misc]  # untyped library
    """Name, value, standing and meaning of an indicator; charts, neighbours and map behind buttons.

    Parameters
    ----------
    view : AreaView
        The area that is shown.
    item : IndicatorAssessment
        One of its indicators.
    on_choice : callable
        Called with the code of a unit that is chosen on the map.
    """

    def __init__(
        self, view: AreaView, item: IndicatorAssessment, on_choice: Callable[[str], None]
    ) -> None:
        self.indicator_id = item.indicator.id
        name = item.indicator.short_name
        head, foot = (widgets.HTML(markup) for markup in view.card_ends(item))
        self.folds: tuple[Fold, ...] = ()
        if item.status == "shown":
            beside = Fold(
                f"Sąsiedzi: {name}",
                ("Sąsiedzi", "Ukryj sąsiadów"),
                lambda: view.ranking(self.indicator_id),
            )
            self.folds = (
                Fold(
                    f"Wykresy: {name}",
                    ("Pokaż wykresy", "Ukryj wykresy"),
                    lambda: _charts(view, self.indicator_id),
                ),
                # background is never put in order
                *((beside,) if item.indicator.role != "contextual" else ()),
                Fold(
                    f"Mapa: {name}",
                    ("Mapa", "Ukryj mapę"),
                    lambda: _map(view, self.indicator_id, on_choice),
                ),
            )
        actions = widgets.HBox([fold.button for fold in self.folds])
        actions.add_class("smup-actions")
        super().__init__((head, actions, *self.folds, foot))
        self.add_class("smup-card")

    def open_charts(self) -> None:
        """Show the charts, if there is anything to draw."""
        if self.folds and not self.folds[0].opened:
            self.folds[0].toggle()


def _charts(view: AreaView, indicator_id: str) -> Display:
    """Return the unit among its group and over the years, drawn light: nothing needs pointing."""
    figures = (view.distribution(indicator_id), view.series(indicator_id))
    drawn = "".join(figure._repr_html_() for figure in figures)
    return Display(f'<div class="smup-charts">{drawn}</div>')


def _map(view: AreaView, indicator_id: str, on_choice: Callable[[str], None]) -> Any:
    """Return the map with the unit and its neighbours outlined, or the box in its place."""
    drawn = view.map(indicator_id)
    if not isinstance(drawn, ChartFigure) or not isinstance(drawn.chart, MapChart):
        return drawn
    shown = MapView(on_choice, opens_view=True)
    shown.show(drawn.chart, near=view.assessment.neighbours)
    return shown
