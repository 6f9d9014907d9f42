"""Choose indicators: by words, by area, service and dimension; each can be taken away again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.advanced.indicator_search import find_indicators, service_name
from smup_lib.apps.parts.chips import ChipRow
from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.present.formats import count_of
from smup_lib.present.words import INDICATOR_NOUN

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue, Indicator

#: Of so many a person reads the names.
MOST_SHOWN = 12
_MAX_TEXT = 80
_ANY = "wszystkie"


class IndicatorChoice(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A search with its finds as buttons, and what is chosen.

    Parameters
    ----------
    catalogue : Catalogue
        What can be chosen.
    most : int
        How many at once.
    on_change : callable
        Called after each change by the visitor.
    """

    def __init__(self, catalogue: Catalogue, most: int, on_change: Callable[[], None]) -> None:
        self._catalogue, self._most, self._on_change = catalogue, most, on_change
        self._quiet = False
        self._limit = MOST_SHOWN
        self.chosen: tuple[str, ...] = ()
        self.level: str | None = None
        areas = [(area.name, area.id) for area in catalogue.areas.values() if area.indicators]
        self.text = widgets.Text(
            description="Szukaj wskaźnika", placeholder="np. wypadki, biblioteki, dług"
        )
        self.area = widgets.Dropdown(description="Obszar usług", options=[(_ANY, None), *areas])
        self.service = widgets.Dropdown(description="Usługa", options=[(_ANY, None)])
        dimensions = [(word, name) for name, word in DIMENSION_WORDS.items()]
        self.dimension = widgets.Dropdown(description="Wymiar", options=[(_ANY, None), *dimensions])
        self.status = widgets.HTML()
        self.status.add_class("smup-status")
        self.offers = widgets.Box()
        self.offers.add_class("smup-offers")
        self.more = widgets.Button(description="Pokaż więcej", tooltip="")
        self.more.on_click(lambda _: self._show_more())
        self.all = widgets.Button(tooltip="")
        self.all.on_click(lambda _: self.add([one.id for one in self.found]))
        self.chips = ChipRow(self.remove, lambda: self.put(()))
        narrow = widgets.Box((self.text, self.area, self.service, self.dimension))
        narrow.add_class("smup-narrow")
        self.found: list[Indicator] = []
        self._buttons: dict[str, widgets.Button] = {}
        super().__init__((self.chips, narrow, self.status, self.offers))
        self.add_class("smup-step-body")
        self.text.observe(self._changed, "value")
        for control in (self.area, self.service, self.dimension):
            control.observe(self._changed, "value")
        self.search()

    def show(self, chosen: Sequence[str], level: str | None) -> None:
        """Show what is chosen, for units of a level."""
        self.chosen, self.level = tuple(chosen), level
        known = self._catalogue.indicators
        self.chips.show({name: known[name].short_name for name in self.chosen})
        self.search()

    def put(self, chosen: Sequence[str]) -> None:
        """Choose just these, as a visitor does."""
        self.show(tuple(dict.fromkeys(chosen))[: self._most], self.level)
        self._on_change()

    def add(self, names: Sequence[str]) -> None:
        """Add indicators to those chosen; what is too much is said."""
        wanted = tuple(dict.fromkeys((*self.chosen, *names)))
        self.put(wanted)
        if len(wanted) > self._most:
            self._say(f"Naraz można wybrać najwyżej {count_of(self._most, INDICATOR_NOUN)}.")

    def remove(self, name: str) -> None:
        """Take an indicator away."""
        self.put([one for one in self.chosen if one != name])

    def search(self) -> None:
        """Offer what the words and lists mean."""
        self.found = [
            one
            for one in find_indicators(
                self._catalogue,
                self.text.value[:_MAX_TEXT],
                area=self.area.value,
                service=self.service.value,
                dimension=self.dimension.value,
                level=self.level,
            )
            if one.id not in self.chosen
        ]
        asked = any((self.text.value.strip(), self.area.value, self.dimension.value))
        shown = self.found[: self._limit] if asked else []
        buttons = {one.id: self._buttons.get(one.id) or self._button(one) for one in shown}
        self._buttons = buttons
        rest = len(self.found) - len(shown) if asked else 0
        several = 1 < len(self.found) <= self._most and asked
        self.all.description = f"Dodaj wszystkie ({len(self.found)})"
        self.offers.children = (
            *buttons.values(),
            *((self.more,) if rest else ()),
            *((self.all,) if several else ()),
        )
        self._say(self._count(asked))

    def _count(self, asked: bool) -> str:
        if not asked:
            total = count_of(len(self.found), INDICATOR_NOUN)
            return f"Katalog ma tu {total}. Wpisz słowa albo wybierz obszar."
        if not self.found:
            return "Żaden inny wskaźnik nie pasuje. Wpisz inne słowo albo wybierz inny obszar."
        return f"Pasuje: {count_of(len(self.found), INDICATOR_NOUN)}. Naciśnij, aby dodać."

    def _say(self, text: str) -> None:
        self.status.value = f"<p>{escape(text)}</p>"

    def _show_more(self) -> None:
        self._limit += 2 * MOST_SHOWN
        self.search()

    def _changed(self, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        self._limit = MOST_SHOWN
        if change["owner"] is self.area:
            self._fill_services()
        self.search()

    def _fill_services(self) -> None:
        self._quiet = True
        try:
            area = self._catalogue.areas.get(self.area.value or "")
            services = [(one.name, one.code) for one in area.services] if area else []
            self.service.options = [(_ANY, None), *services]
        finally:
            self._quiet = False

    def _button(self, one: Indicator) -> widgets.Button:
        area = self._catalogue.areas[one.area]
        measure = "" if one.measure_unit == "-" else f" [{one.measure_unit}]"
        where = service_name(area, one.service)
        button = widgets.Button(description=f"+ {one.name}{measure} · {where}", tooltip="")
        button.on_click(lambda _: self.add([one.id]))
        return button
