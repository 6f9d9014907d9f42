"""The page of one service: its result in full, four dimensions, whom to ask and compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from smup_lib.apps.basic.ways import to_comparison
from smup_lib.apps.parts.cards import Fold, IndicatorCard
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.piecework import Piecework
from smup_lib.apps.parts.sources import show_sources
from smup_lib.present.display import Display

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.service import ServiceView


class ServicePage(widgets.VBox):  # type: ignore[misc]  # untyped library
    """What is known of a service.

    Parameters
    ----------
    work : Piecework
        Does what may wait.
    on_choice : callable
        Called with the code of a unit that is chosen on a map.
    """

    def __init__(self, work: Piecework, on_choice: Callable[[str], None]) -> None:
        self._work, self._on_choice = work, on_choice
        self.title = Panel("Tytuł")
        self.summary = Panel("Ustalenia")
        self.leading = Panel("Najważniejszy wskaźnik", "smup-cards", closing=True)
        self.dimensions = Panel("Cztery wymiary")
        self.asking = Panel("Kogo warto zapytać")
        self.beside = Panel("Porównanie")
        self.others = Panel("Pozostałe wskaźniki", "smup-cards", closing=True)
        self.peers = Panel("Grupa porównawcza")
        self.sources = Panel("Źródła")
        super().__init__(
            (
                *(self.title, self.summary, self.leading, self.dimensions, self.asking),
                *(self.beside, self.others, self.peers, self.sources),
            )
        )
        self.add_class("smup-service-page")

    def show(self, found: ServiceView, unit: str) -> None:
        """Show a service; what stands further down may come a little later.

        Parameters
        ----------
        found : ServiceView
            The service.
        unit : str
            Code of the unit as the link names it.
        """
        self.title.show(found.title)
        self.summary.show(found.summary)
        leading = found.leading
        if leading is None:
            self.leading.clear()
        else:
            self.leading.show(partial(self._card, found, leading, opened=True))
        self._work.run(
            (
                partial(self.dimensions.show, found.dimensions),
                partial(self.asking.show, found.asking),
                partial(self.beside.show, partial(_beside, found, unit)),
                partial(self._show_others, found),
                partial(self.peers.show, found.view.peers),
                partial(self.sources.show, partial(show_sources, found.view)),
            )
        )

    def _show_others(self, found: ServiceView) -> None:
        """Show the other indicators; those without a value, which say why, behind a button."""
        shown = [item for item in found.items if item.status == "shown"]
        silent = found.items[len(shown) :]
        if len(found.items) < 2 and shown:
            self.others.clear()
        else:
            self.others.show(partial(self._others, found, shown, silent))

    def _others(
        self,
        found: ServiceView,
        shown: Sequence[IndicatorAssessment],
        silent: Sequence[IndicatorAssessment],
    ) -> widgets.VBox:
        title = "Pozostałe wskaźniki usługi" if shown else "Wskaźniki usługi"
        # without any value it is the page's only news why there is none
        parts = [self._card(found, item) for item in (shown[1:] or ([] if shown else silent))]
        if shown and silent:
            fold = Fold(
                f"Bez wartości: {found.name}",
                (f"Wskaźniki bez wartości ({len(silent)})", "Ukryj wskaźniki bez wartości"),
                lambda: widgets.VBox([self._card(found, item) for item in silent]),
            )
            parts += [fold.button, fold]
        return widgets.VBox((widgets.HTML(f"<h2>{title}</h2>"), *parts))

    def _card(
        self, found: ServiceView, item: IndicatorAssessment, *, opened: bool = False
    ) -> IndicatorCard:
        card = IndicatorCard(found.view, item, self._on_choice)
        if opened:
            card.open_charts()
        return card


def _beside(found: ServiceView, unit: str) -> Display:
    """Return the ways to a comparison: with the neighbours, and with units to learn from."""
    a = found.view.assessment
    ways = {
        "Porównaj z tymi, od których można się uczyć": found.learnable,
        "Porównaj z sąsiadami": a.neighbours,
    }
    links = "".join(
        _button(words, to_comparison(unit, codes, a.area.id, a.year))
        for words, codes in ways.items()
        if codes
    )
    if not links:
        return Display("")
    return Display(
        f'<section class="smup-beside"><h2>Obok siebie</h2><p class="smup-actions">{links}</p>'
        "</section>"
    )


def _button(words: str, address: str) -> str:
    return f'<a class="smup-link-button" href="{escape(address)}">{words}</a>'
