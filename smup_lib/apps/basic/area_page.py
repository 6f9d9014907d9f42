"""The page of one area of a unit, from the findings and services down to the files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as widgets

from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.piecework import Piecework
from smup_lib.apps.parts.sources import show_sources
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.folding import folded
from smup_lib.present.service_list import render_service_list

if TYPE_CHECKING:
    from smup_lib.apps.basic.ways import Ways
    from smup_lib.reports.area import AreaView


class AreaPage(widgets.VBox):  # type: ignore[misc]  # untyped library
    """What is known of an area.

    Parameters
    ----------
    work : Piecework
        Does what may wait.
    """

    def __init__(self, work: Piecework) -> None:
        self._work = work
        self.title = Panel("Tytuł")
        self.summary = Panel("Ustalenia")
        self.services = Panel("Usługi")
        self.peers = Panel("Grupa porównawcza", "smup-peers-panel")
        self.dimensions = Panel("Cztery wymiary", "smup-dimensions-panel")
        self.table = Panel("Tabela wskaźników")
        self.gaps = Panel("Czego nie wiemy")
        self.sources = Panel("Źródła")
        pair = widgets.Box((self.peers, self.dimensions))
        pair.add_class("smup-pair-panels")
        first = (self.title, self.summary, self.services)
        super().__init__((*first, pair, self.table, self.gaps, self.sources))

    def show(self, view: AreaView, ways: Ways) -> None:
        """Show an assessed area; what stands further down may come a little later."""
        self.title.show(view.title)
        self.summary.show(view.summary)
        self.services.show(partial(_services, view, ways))
        self._work.run(
            (
                partial(self.peers.show, view.peers),
                partial(self._show_dimensions, view),
                partial(self.table.show, partial(_folded_table, view)),
                partial(self.gaps.show, partial(_gaps, view)),
                partial(self.sources.show, partial(show_sources, view)),
            )
        )

    def _show_dimensions(self, view: AreaView) -> None:
        if any(item.indicator.dimension for item in view.assessment.indicators):
            self.dimensions.show(partial(_dimensions, view))
        else:
            self.dimensions.clear()


def _services(view: AreaView, ways: Ways) -> Display:
    listed = render_service_list(view.assessment, partial(ways.to, view.assessment.area.id))
    return Display(f"<section><h2>Usługi: otwórz jedną</h2>{listed}</section>")


def _dimensions(view: AreaView) -> Display:
    """Return a line a dimension, and every indicator on demand."""
    first = ChartFigure(view.profile(summary=True), compact=True).html()
    folded = (
        '<details class="smup-more"><summary>Wszystkie wskaźniki w czterech wymiarach</summary>'
        f"{view.dimensions(detailed=True).html()}</details>"
    )
    return Display(first + folded)


def _folded_table(view: AreaView) -> Display:
    count = len(view.assessment.indicators)
    return Display(folded(f"Wszystkie wskaźniki w tabeli ({count})", view.table().html))


def _gaps(view: AreaView) -> Display:
    return Display(folded("Czego nie wiemy i kto to ma", view.gaps().html))
