"""The tab with the map: values in classes, or where like values lie together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.advanced.looking import LookingTab
from smup_lib.apps.parts.map import MapView
from smup_lib.polish_text import polish_order
from smup_lib.present.charts import MapChart
from smup_lib.present.figure import ChartFigure
from smup_lib.present.folding import folded
from smup_lib.present.map_breaks import READINGS, WORDS, choose_breaks
from smup_lib.reports.selection.clusters import READING, Clusters, find_clusters

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.present.display import Display
    from smup_lib.reports.selection.selection import Selection

#: Not values, but where like values lie together.
CLUSTERS = "clusters"
_WAYS = (
    *((words, name) for name, words in WORDS.items()),
    ("skupiska: gdzie podobne wartości sąsiadują", CLUSTERS),
)
_USUAL = next(iter(WORDS))
#: Said where clusters cannot be searched for: hatching alone would tell nothing.
_VALUES = "Zamiast skupisk mapa pokazuje wartości."


class MapTab(LookingTab):
    """A map of all units of the level.

    Parameters
    ----------
    look : callable
        Called with the keys of the link that a visitor changed.
    """

    looks: ClassVar[tuple[str, ...]] = ("f", "n", "k")

    def __init__(self, look: Callable[..., None]) -> None:
        super().__init__(look)
        self.indicator = self.list_of("f", "Wskaźnik")
        self.year = self.list_of("n", "Rok")
        self.classes = self.list_of("k", "Podział na klasy")
        self.bar.children = (self.indicator, self.year, self.classes)
        self.panel.name = "Mapa"
        self.said = widgets.HTML()
        # one for the whole visit: it sends the shapes once
        self.map = MapView(lambda code: look(unit=code), action="Porównuj tę jednostkę")

    def show(self, selection: Selection, link: Link) -> MapTab:
        """Draw what the link asks for."""
        name = self.fill_indicator(selection, link)
        year = self.fill_year(selection, link, name)
        way = self.fill("k", _WAYS, link.get("k"))
        self.panel.show(lambda: self._drawn(selection, name, year, way))
        return self

    def _drawn(self, selection: Selection, name: str, year: int, way: str) -> Any:
        figure = map_of(selection, name, year, way)
        if not isinstance(figure, ChartFigure) or not isinstance(figure.chart, MapChart):
            return figure
        near = selection.view_of(name, year).assessment.neighbours
        found = None
        if way == CLUSTERS:
            found = find_clusters(selection.workspace, figure.chart.frame, selection.found.level)
        if found is not None and found.places:
            chart = replace(figure.chart, sorts=found.sorts, reading=READING)
            self.map.show(chart, near=near, classes=found.classes, places=found.places)
            sentences, listed = found.sentences, _listed(figure.chart, found)
        else:
            self.map.show(figure.chart, near=near)
            sentences = (*found.sentences, _VALUES) if found is not None else (READINGS[way],)
            listed = ""
        told = "".join(f"<p>{escape(line)}</p>" for line in sentences)
        self.said.value = f'<div class="smup-note">{told}</div>{listed}'
        return widgets.VBox((self.said, self.map))


def map_of(selection: Selection, name: str, year: int, way: str) -> ChartFigure | Display:
    """Return an indicator on the map, its values in classes of a kind."""
    figure = selection.map(name, year)
    if not isinstance(figure, ChartFigure) or not isinstance(figure.chart, MapChart):
        return figure
    if way not in WORDS or way == _USUAL:
        return figure
    values = figure.chart.frame["value"]
    return ChartFigure(replace(figure.chart, breaks=choose_breaks(values, way)))


def _listed(chart: MapChart, found: Clusters) -> str:
    """Return the units that stand out, by sort and name: what the map says, without its colours."""
    named = dict(zip(chart.cells["unit_code"], chart.cells["name"], strict=True))
    lines = []
    for place, label in enumerate(found.classes.labels):
        names = sorted((named[c] for c, p in found.places.items() if p == place), key=polish_order)
        if place and names:
            told = escape(", ".join(names))
            lines.append(f"<p><b>{escape(label)} ({len(names)})</b>: {told}.</p>")
    summary = f"Jednostki w skupiskach, z nazwy ({found.found})"
    return folded(summary, "".join(lines)) if lines else ""
