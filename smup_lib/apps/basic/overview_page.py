"""The page of a unit: what matters in each area, filled area by area."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from smup_lib.apps.basic.places import around_html
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.piecework import Piecework
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.present.display import Display

if TYPE_CHECKING:
    from smup_lib.apps.basic.ways import Ways
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.overview import Overview
    from smup_lib.units import Register

#: So many areas are there when the page first shows; the others follow while it is read.
FIRST_AREAS = 1
_AWAY = "smup-away"


class OverviewPage(widgets.VBox):  # type: ignore[misc]  # untyped library
    """All areas of a unit at a glance; those without any value share one sentence.

    Parameters
    ----------
    register : Register
        Where the powiat of a gmina and the gminy of a powiat are found.
    work : Piecework
        Does what may wait.
    """

    def __init__(self, register: Register, work: Piecework) -> None:
        self._register, self._work = register, work
        self.head = Panel("Tytuł")
        self.areas: dict[str, Panel] = {}
        self.unknown = Panel("Obszary bez wartości", "smup-glance")
        super().__init__()
        self.add_class("smup-overview")

    def show(self, overview: Overview, ways: Ways) -> None:
        """Show the overview of a unit; areas that are not computed yet stand as outlines."""
        around = around_html(self._register, overview.unit)
        self.head.show(lambda: Display(overview.title().html + around))
        self.areas = {
            area.id: self.areas.get(area.id) or Panel(area.name, "smup-glance")
            for area in overview.areas
        }
        for panel in self.areas.values():
            panel.remove_class(_AWAY)
        self.unknown.add_class(_AWAY)
        pieces = [partial(self._fill, overview, area, ways) for area in overview.areas]
        for area in overview.areas[FIRST_AREAS:]:
            self.areas[area.id].show(partial(_outline, area))
        for piece in pieces[:FIRST_AREAS]:
            piece()
        known = [panel for area_id, panel in self.areas.items() if area_id != CONTEXT]
        background = [panel for panel in self.areas.values() if panel not in known]
        self.children = (self.head, *known, self.unknown, *background)
        self._work.run(pieces[FIRST_AREAS:])

    def _fill(self, overview: Overview, area: ServiceArea, ways: Ways) -> None:
        address = partial(ways.to, area.id)
        panel = self.areas[area.id]
        panel.show(lambda: overview.glance(area, address))
        if area.id in overview.unknown:
            panel.add_class(_AWAY)
            self.unknown.show(lambda: overview.unknown_areas(ways.to))
            self.unknown.remove_class(_AWAY)


def _outline(area: ServiceArea) -> Display:
    """Return the place of an area that is being computed."""
    return Display(
        f'<h2>{escape(area.name)}</h2><p class="smup-note">Liczymy ten obszar.</p>'
        '<div aria-hidden="true"><div class="smup-skeleton smup-skeleton-text"></div>'
        '<div class="smup-skeleton smup-skeleton-text smup-skeleton-short"></div></div>'
    )
