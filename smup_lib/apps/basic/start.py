"""The page before a unit is chosen: what there is, recent units, and a choice by list or map."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.basic.places import list_voivodeships, places_html
from smup_lib.apps.parts.cards import Fold
from smup_lib.apps.parts.map import MapView
from smup_lib.apps.parts.panels import Panel
from smup_lib.present.display import Display

if TYPE_CHECKING:
    from smup_lib.reports.loading import Workspace

TITLE = "Wskaźniki usług publicznych"
# the page fills the second part from what only this browser remembers (views.js)
_WELCOME = (
    f'<header class="smup-head"><h1>{TITLE}</h1>'
    '<p class="smup-head-line">gminy i powiaty: porównanie z grupą, zmiany w czasie, braki danych'
    "</p></header><p>Wpisz nazwę gminy albo powiatu w polu „Jednostka”. Polskie litery nie są "
    "konieczne. Strona pokaże najważniejsze ustalenia w każdym obszarze usług i powie, jak są "
    'pewne.</p><section class="smup-recent" hidden><h2>Ostatnio oglądane</h2><ul></ul>'
    '<p class="smup-note">Tę listę pamięta tylko ta przeglądarka. '
    '<button type="button" class="smup-link-button smup-forget">Wyczyść listę</button></p>'
    "</section>"
)


class StartPage(widgets.VBox):  # type: ignore[misc]  # untyped library
    """What stands on the page before a unit is chosen.

    Parameters
    ----------
    workspace : Workspace
        Register and outlines.
    on_choice : callable
        Called with the code of the unit that is chosen on the map.
    """

    def __init__(self, workspace: Workspace, on_choice: Callable[[str], None]) -> None:
        self._workspace, self._on_choice = workspace, on_choice
        self.region = widgets.Dropdown(
            description="Województwo",
            options=[("– wybierz –", ""), *list_voivodeships(workspace.register)],
        )
        self.region.observe(self._region_chosen, "value")
        self.places = Panel("Lista jednostek", "smup-places-panel")
        self.map = Fold("Mapa powiatów", ("Wybierz na mapie", "Ukryj mapę"), self._draw)
        heading = widgets.HTML("<h2>Wybór z listy albo na mapie</h2>")
        super().__init__(
            (widgets.HTML(_WELCOME), heading, self.region, self.places, self.map.button, self.map)
        )
        self.add_class("smup-start")

    def _region_chosen(self, change: dict[str, Any]) -> None:
        code = change["new"]
        if not code:
            self.places.clear()
            return
        self.places.show(lambda: Display(places_html(self._workspace.register, code)))

    def _draw(self) -> MapView:
        """Return the map of all powiaty; choosing one opens it, and from there its gminy."""
        register, outlines = self._workspace.register, self._workspace.snapshot.table("outlines")
        frame = outlines[outlines["level"] == "powiat"]
        names = register.units("powiat").set_index("unit_code")["short_label"]
        frame = frame[frame["unit_code"].isin(names.index)]
        shown = MapView(self._on_choice, opens_view=True)
        shown.show_units(frame.assign(name=frame["unit_code"].map(names)), "Powiaty")
        return shown
