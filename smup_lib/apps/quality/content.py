"""What the app says of the data: of a level as a whole, or of one unit and of all beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from smup_lib.apps.parts.link import write_query
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.piecework import Piecework
from smup_lib.apps.parts.sources import show_sources
from smup_lib.present.display import Display

if TYPE_CHECKING:
    from smup_lib.reports.area import AreaView
    from smup_lib.reports.audit import Audit

#: A panel, and what it shows.
Piece = tuple[Panel, Callable[[], Display]]


class QualityContent(widgets.VBox):  # type: ignore[misc]  # untyped library
    """The parts of the page below the choice."""

    def __init__(self) -> None:
        super().__init__()
        self.work = Piecework()
        self.add_class("smup-quality")

    def show_snapshot(self, audit: Audit) -> None:
        """Show what the data are made of, and the areas that can be looked into."""
        self._show(
            [
                (Panel("Tytuł"), audit.title),
                (Panel("Obszary"), partial(_areas, audit)),
                (Panel("Zmienione liczby"), audit.revisions),
                (Panel("Czego nie przyjęto"), audit.refused),
                (Panel("Źródła"), audit.sources),
            ]
        )

    def show_level(self, audit: Audit) -> None:
        """Show what the data hold of one area at a level, or at both."""
        self._show(
            [
                (Panel("Tytuł"), audit.title),
                (Panel("W skrócie"), audit.summary),
                (Panel("Które lata są w danych"), audit.heat_maps),
                (Panel("Czego brakuje"), audit.gaps),
                (Panel("Wskaźniki"), audit.table),
                (Panel("Czy źródła mówią to samo"), audit.differences),
                (Panel("Zmienione liczby"), audit.revisions),
                (Panel("Czego nie przyjęto"), audit.refused),
            ]
        )

    def show_unit(self, view: AreaView, audit: Audit) -> None:
        """Show the data behind a unit in an area, and the same area of all units of its level."""
        quality = view.quality()
        self._show(
            [
                (Panel("Tytuł"), quality.title),
                (Panel("Lata"), quality.years),
                (Panel("Znaczniki"), quality.flags),
                (Panel("Czego nie wiemy"), view.gaps),
                (Panel("Wszystkie jednostki"), partial(_heading, audit)),
                (Panel("W skrócie"), audit.summary),
                (Panel("Które lata są w danych"), audit.heat_maps),
                (Panel("Czego brakuje"), audit.gaps),
                (Panel("Czy źródła mówią to samo"), audit.differences),
                (Panel("Zmienione liczby"), quality.revisions),
                (Panel("Czego nie przyjęto"), quality.refused),
                (Panel("Źródła"), partial(show_sources, view)),
            ]
        )

    def _show(self, pieces: list[Piece]) -> None:
        """Show the first part at once and the others one after another."""
        self.children = tuple(panel for panel, _ in pieces)
        (first, build), *others = pieces
        first.show(build)
        self.work.run(partial(panel.show, build) for panel, build in others)


def _areas(audit: Audit) -> Display:
    """Return links to the areas: each is counted when it is opened."""
    links = "".join(
        f'<li><a class="smup-go" href="{escape(write_query({"area": area.id}))}">'
        f"{escape(area.name)}</a></li>"
        for area in audit.areas
    )
    return Display(
        "<section><h2>Czego brakuje i kto to ma</h2><p>Wybierz obszar, żeby zobaczyć, dla ilu "
        "jednostek i lat są wartości, czego brakuje i czy źródła mówią to samo. Wybierz jednostkę, "
        f'żeby zobaczyć jej dane.</p><ul class="smup-quality-areas">{links}</ul></section>'
    )


def _heading(audit: Audit) -> Display:
    area = audit.areas[0].name
    return Display(
        f"<h2>Ten sam obszar u wszystkich: {escape(area)}</h2><p>Jeżeli danych brakuje tylko tej "
        "jednostce, warto zapytać w urzędzie. Jeżeli brakuje ich wszystkim, pytanie należy do "
        "wydawcy.</p>"
    )
