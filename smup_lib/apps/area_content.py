"""What the app shows of one area of one unit, from the findings down to the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.cards import IndicatorCard
from smup_lib.apps.choices import list_service_options, service_code
from smup_lib.apps.panels import Panel
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.service_page import leading_indicator, render_service, service_intro

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.area import AreaView


class AreaContent(widgets.VBox):  # type: ignore[misc]  # untyped library
    """The parts of the page that follow the choice of a unit.

    Parameters
    ----------
    on_service : callable
        Called with the code of the service that the visitor chose.
    """

    children: tuple[Any, ...]

    def __init__(self, on_service: Callable[[str], None]) -> None:
        self._on_service = on_service
        self.view: AreaView | None = None
        self._quiet = False
        self.title = Panel("Tytuł")
        self.summary = Panel("Ustalenia")
        self.peers = Panel("Grupa porównawcza", "smup-peers-panel")
        self.dimensions = Panel("Cztery wymiary", "smup-dimensions-panel")
        self.service = widgets.Dropdown(description="Usługa")
        self.service.observe(self._service_chosen, "value")
        self.intro = widgets.HTML()
        self.cards = Panel("Wskaźniki usługi", "smup-cards")
        self.table = Panel("Tabela wskaźników")
        self.gaps = Panel("Czego nie wiemy")
        self.sources = Panel("Źródła")
        first = widgets.Box((self.peers, self.dimensions))
        first.add_class("smup-pair-panels")
        services = widgets.VBox(
            (widgets.HTML("<h2>Usługi i ich wskaźniki</h2>"), self.service, self.intro, self.cards)
        )
        services.add_class("smup-services")
        self._parts = (
            self.title,
            self.summary,
            first,
            services,
            self.table,
            self.gaps,
            self.sources,
        )
        super().__init__()
        self.add_class("smup-content")

    def show(self, view: AreaView, service: str | None = None) -> str | None:
        """Show an assessed area.

        Parameters
        ----------
        view : AreaView
            What to show.
        service : str, optional
            Code of the service to open; the one that the first finding speaks of when omitted or
            unknown.

        Returns
        -------
        str or None
            Code of the service that is open.
        """
        self.view = view
        self.title.show(view.title)
        self.summary.show(view.summary)
        self.children = self._parts
        self.peers.show(view.peers)
        if any(item.indicator.dimension for item in view.assessment.indicators):
            self.dimensions.show(lambda: _dimensions(view))
        else:
            self.dimensions.clear()
        self._show_services(view, service)
        self.table.show(lambda: _folded_table(view))
        self.gaps.show(view.gaps)
        self.sources.show(lambda: _sources(view))
        opened: str | None = self.service.value
        return opened

    def say(self, shown: Display) -> None:
        """Show one thing in place of everything else."""
        self.view = None
        self.children = (widgets.HTML(shown.html),)

    def _show_services(self, view: AreaView, wanted: str | None) -> None:
        options = list_service_options(view.assessment)
        known = [code for _, code in options]
        leading = leading_indicator(view.assessment, view.assessment.shown())
        usual = service_code(leading.indicator.service) if leading else next(iter(known), None)
        self._quiet = True
        try:
            self.service.options = options
            self.service.value = wanted if wanted in known else usual
        finally:
            self._quiet = False
        self._show_cards()

    def _service_chosen(self, change: dict[str, Any]) -> None:
        if not self._quiet and change["new"] is not None:
            self._show_cards()
            self._on_service(change["new"])

    def _show_cards(self) -> None:
        view, code = self.view, self.service.value
        if view is not None and code is not None:
            self.intro.value = _intro(view, code)
            self.cards.show(lambda: _cards(view, code))


def _intro(view: AreaView, code: str) -> str:
    """Return what the service is; a section of nothing says so itself, with its gaps."""
    a = view.assessment
    shown = any(service_code(item.indicator.service) == code for item in a.shown())
    told = (service_intro(s) for s in a.area.services if s.code == code and shown)
    return next(told, "")


def _cards(view: AreaView, code: str) -> widgets.Widget:
    """Return the cards of a service; the leading one with its charts."""
    a = view.assessment
    items = [i for i in a.indicators if service_code(i.indicator.service) == code]
    shown: list[IndicatorAssessment] = [i for i in items if i.status == "shown"]
    named = {service.code: service for service in a.area.services}
    if not shown and code in named:
        return widgets.HTML(render_service(a, named[code], [], ""))
    leading = leading_indicator(a, shown)
    others = [item for item in shown if item is not leading]
    silent = [item for item in items if item.status != "shown"]
    first = [leading] if leading is not None else []
    cards = [IndicatorCard(view, item) for item in (*first, *others, *silent)]
    if first:
        cards[0].open_charts()
    return widgets.VBox(cards)


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
    return Display(
        f'<details class="smup-more"><summary>Wszystkie wskaźniki w tabeli ({count})</summary>'
        f"{view.table().html}</details>"
    )


def _sources(view: AreaView) -> Display:
    return Display(view.sources().html + view.receipt().html)
