"""What the app shows of a unit's money, from the key numbers down to the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.parts.cards import Fold, IndicatorCard
from smup_lib.apps.parts.file_saver import FileSaver
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.piecework import Piecework
from smup_lib.apps.parts.sources import show_sources
from smup_lib.present.gaps import render_reasons
from smup_lib.present.service_list import list_services, service_code
from smup_lib.present.service_page import leading_indicator
from smup_lib.present.words import NO_DATA
from smup_lib.reports.exports.displays import FILE_TYPES

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.area import AreaView
    from smup_lib.reports.finance import FinanceView


class FinanceContent(widgets.VBox):  # type: ignore[misc]  # untyped library
    """The parts of the page below the choice.

    Parameters
    ----------
    on_service : callable
        Called with the code of the part of the budget that the visitor chose.
    on_unit : callable
        Called with the code of a unit that the visitor chose on a map.
    """

    def __init__(self, on_service: Callable[[str], None], on_unit: Callable[[str], None]) -> None:
        self.finance: FinanceView | None = None
        self._on_service, self._on_unit = on_service, on_unit
        self._quiet = False
        self.work = Piecework()
        names = ("Tytuł", "Ustalenia", "Zastrzeżenia", "Najważniejsze liczby", "Kwoty")
        self.title, self.summary, self.cautions, self.key_numbers, self.amounts = map(Panel, names)
        self.service = self._list("Część budżetu", self._service_chosen)
        self.cards = Panel("Wskaźniki", "smup-cards")
        self.area = self._list("Obszar usług", lambda _: self._show_costs())
        self.costs = Panel("Koszty usług")
        self.taxes, self.peers = Panel("Podatki lokalne"), Panel("Grupa porównawcza")
        self.files = FileSaver(FILE_TYPES, self._make_file)
        self.gaps, self.sources = Panel("Czego nie wiemy"), Panel("Źródła")
        super().__init__(
            (
                *(self.title, self.summary, self.cautions, self.key_numbers, self.amounts),
                _part("Budżet po kolei", self.service, self.cards),
                _part("Koszty usług i to, co stoi obok", self.area, self.costs),
                *(self.taxes, self.peers, _part("Zapisz", self.files), self.gaps, self.sources),
            )
        )
        self.add_class("smup-finance")

    def _list(self, words: str, act: Callable[[str], None]) -> widgets.Dropdown:
        chosen = widgets.Dropdown(description=words)

        def observed(change: dict[str, Any]) -> None:
            if not self._quiet and change["new"] is not None:
                act(change["new"])

        chosen.observe(observed, "value")
        return chosen

    def show(self, finance: FinanceView, service: str | None = None) -> str | None:
        """Show the money of a unit; return the code of the part of the budget that is open."""
        self.finance, view = finance, finance.view
        self.title.show(view.title)
        self.summary.show(view.summary)
        self.cautions.show(finance.cautions)
        self.key_numbers.show(finance.key_numbers)
        opened = self._offer_services(view, service)
        self._offer_areas(finance)
        self.files.said.value = ""
        # what stands further down comes a little later
        self.work.run(
            (
                partial(self.amounts.show, finance.amounts),
                self._show_cards,
                self._show_costs,
                partial(self.taxes.show, finance.taxes),
                partial(self.peers.show, view.peers),
                partial(self.gaps.show, view.gaps),
                partial(self.sources.show, partial(show_sources, view)),
            )
        )
        return opened

    def _offer_services(self, view: AreaView, wanted: str | None) -> str | None:
        options = [
            (name if count else f"{name} – {NO_DATA}", code)
            for code, name, count in list_services(view.assessment)
        ]
        known = [code for _, code in options]
        leading = leading_indicator(view.assessment, view.assessment.shown())
        usual = service_code(leading.indicator.service) if leading else next(iter(known), None)
        opened = wanted if wanted in known else usual
        self._fill(self.service, options, opened)
        return opened

    def _offer_areas(self, finance: FinanceView) -> None:
        options = [(area.name, area.id) for area in finance.cost_areas]
        known = [area for _, area in options]
        kept = self.area.value if self.area.value in known else next(iter(known), None)
        self._fill(self.area, options, kept)

    def _fill(self, control: widgets.Dropdown, options: Any, value: str | None) -> None:
        self._quiet = True
        try:
            control.options = options
            control.value = value
        finally:
            self._quiet = False

    def _service_chosen(self, code: str) -> None:
        self._show_cards()
        self._on_service(code)

    def _show_cards(self) -> None:
        finance, code = self.finance, self.service.value
        if finance is not None and code is not None:
            self.cards.show(lambda: _cards(finance.view, code, self._on_unit))

    def _show_costs(self) -> None:
        finance, area = self.finance, self.area.value
        if finance is not None and area is not None:
            self.costs.show(lambda: finance.costs(area))

    def _make_file(self, ending: str) -> tuple[str, bytes]:
        if self.finance is None:
            raise RuntimeError("no view is shown")
        a = self.finance.view.assessment
        return f"finanse_{a.unit.code}_{a.year}.{ending}", self.finance.file(ending)


def _part(heading: str, *children: widgets.Widget) -> widgets.VBox:
    box = widgets.VBox((widgets.HTML(f"<h2>{heading}</h2>"), *children))
    box.add_class("smup-services")
    return box


def _cards(view: AreaView, code: str, on_unit: Callable[[str], None]) -> widgets.Widget:
    """Return the cards of a part of the budget, the leading one with its charts."""
    a = view.assessment
    items = [item for item in a.indicators if service_code(item.indicator.service) == code]
    shown = [item for item in items if item in a.leading()]
    leading = leading_indicator(a, shown)
    others = [item for item in shown if item is not leading]
    silent = [item for item in items if item.status != "shown"]
    first = [leading] if leading is not None else []
    cards = [IndicatorCard(view, item, on_unit) for item in (*first, *others)]
    if first:
        cards[0].open_charts()
    return widgets.VBox((*cards, *_without_value(view, silent, on_unit)))


def _without_value(
    view: AreaView, silent: Sequence[IndicatorAssessment], on_unit: Callable[[str], None]
) -> Sequence[widgets.Widget]:
    """Return each reason once, and behind a button the cards of indicators without a value."""
    if not silent:
        return ()
    reasons = widgets.HTML(f"<h3>Bez wartości</h3>{render_reasons(silent)}")
    fold = Fold(
        "Wskaźniki bez wartości",
        (f"Karty wskaźników bez wartości ({len(silent)})", "Ukryj karty"),
        lambda: widgets.VBox([IndicatorCard(view, item, on_unit) for item in silent]),
    )
    return (reasons, fold.button, fold)
