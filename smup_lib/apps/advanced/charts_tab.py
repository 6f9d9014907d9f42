"""The tab with charts: one kind of chart at a time, each with its table twin."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.advanced.looking import LookingTab
from smup_lib.errors import SmupError
from smup_lib.present.charts import DistributionChart, PairChart
from smup_lib.present.display import Display
from smup_lib.present.dots import FEW
from smup_lib.present.figure import ChartFigure
from smup_lib.present.interactive import render_widget

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.reports.selection.selection import Selection

#: By the word of the link: what a kind of chart is called.
KINDS = {
    "rozklad": "Rozkład: wartości wszystkich jednostek grupy",
    "lata": "Lata: jednostka i jej grupa",
    "dwa": "Dwa wskaźniki naraz",
    "profil": "Profil: cztery wymiary",
    "kolejnosc": "Kolejność w grupie",
}


class ChartsTab(LookingTab):
    """Distribution, years, two indicators, profile, ranking.

    Parameters
    ----------
    look : callable
        Called with the keys of the link that a visitor changed.
    """

    looks: ClassVar[tuple[str, ...]] = ("c", "f", "f2", "n")

    def __init__(self, look: Callable[..., None]) -> None:
        super().__init__(look)
        self.kind = self.list_of("c", "Wykres")
        self.first = self.list_of("f", "Wskaźnik")
        self.second = self.list_of("f2", "Obok wskaźnika")
        self.year = self.list_of("n", "Rok")
        self.said = widgets.HTML()
        self.children = (self.bar, self.said, self.panel)

    def show(self, selection: Selection, link: Link) -> ChartsTab:
        """Draw what the link asks for."""
        kind = self.fill("c", [(words, name) for name, words in KINDS.items()], link.get("c"))
        first = self.fill_indicator(selection, link)
        others = [(i.name, i.id) for i in selection.found.indicators if i.id != first]
        beside: tuple[str, ...] = ()
        pair = kind == "dwa" and bool(others)
        if pair:
            beside = (self.fill("f2", others, link.get("f2")),)
        self.fill_year(selection, link, first, *beside)
        by_year = () if kind == "lata" else (self.year,)
        self.bar.children = (self.kind, self.first, *((self.second,) if pair else ()), *by_year)
        self.panel.name = KINDS[kind].partition(":")[0]
        self.panel.show(lambda: _drawn(figure_of(selection, self.seen())))
        own = selection.workspace.register.label(selection.found.own)
        told = _group_of(selection, kind, first, self.seen())
        self.said.value = f'<p class="smup-note">Porównujemy: {escape(own)}. {told}</p>'
        return self

    def seen(self) -> Link:
        """Return which chart is seen, in the words of the link."""
        return {key: str(one.value) for key, one in self._lists.items() if one.value is not None}


def figure_of(selection: Selection, link: Link) -> ChartFigure | Display:
    """Return the chart that a link asks for; what is not told is the first of what there is."""
    names = [one.id for one in selection.found.indicators]
    first = link["f"] if link.get("f") in names else names[0]
    others = [name for name in names if name != first]
    told = int(link["n"]) if link.get("n", "").isdigit() else 0
    year = told if told in selection.found.years else selection.last_year(first)
    kind = link.get("c", "rozklad")
    if kind == "lata":
        return selection.series(first)
    if kind == "profil":
        return selection.profile(first, year)
    if kind == "kolejnosc":
        return selection.ranking(first, year)
    if kind == "dwa":
        if not others:
            return Display("<p>Do tego wykresu potrzeba dwóch wskaźników. Wybierz drugi.</p>")
        second = link["f2"] if link.get("f2") in others else others[0]
        both = min(map(selection.last_year, (first, second)))
        return selection.pair(second, first, told if told in selection.found.years else both)
    return selection.distribution(first, year)


def _group_of(selection: Selection, kind: str, first: str, link: Link) -> str:
    """Say with whom the chart compares: over years the same units, else those of its year."""
    told = link.get("n", "")
    year = int(told) if kind != "lata" and told.isdigit() else selection.last_year(first)
    try:
        group = selection.view_of(first, year).assessment.group.description_pl.rstrip(".")
    except SmupError:  # the panel says why
        return ""
    kept = ", te same we wszystkich latach" if kind == "lata" else ""
    return escape(f"Grupa: {group} (dobrana dla {year} r.{kept}).")


def _drawn(figure: Any) -> Any:
    """Return a chart of a few units as one that can be pointed at, any other as it is."""
    chart = figure.chart if isinstance(figure, ChartFigure) else None
    few = isinstance(chart, DistributionChart | PairChart) and len(chart.frame) <= FEW
    return render_widget(chart) if few and chart is not None and chart.has_data else figure
