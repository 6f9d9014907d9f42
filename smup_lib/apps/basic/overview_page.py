"""The page of a unit: what matters in each area, filled area by area."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from smup_lib.apps.basic.places import around_html
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.piecework import Piecework
from smup_lib.present.display import Display

if TYPE_CHECKING:
    from smup_lib.apps.basic.ways import Ways
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.overview import Overview
    from smup_lib.units import Register

#: So many areas are there when the page first shows; the others follow while it is read.
FIRST_AREAS = 1


class OverviewPage(widgets.VBox):  # type: ignore[misc]  # untyped library
    """All areas of a unit at a glance.

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
        pieces = [partial(self._fill, overview, area, ways) for area in overview.areas]
        for area in overview.areas[FIRST_AREAS:]:
            self.areas[area.id].show(partial(_outline, area))
        for piece in pieces[:FIRST_AREAS]:
            piece()
        self.children = (self.head, *self.areas.values())
        self._work.run(pieces[FIRST_AREAS:])

    def _fill(self, overview: Overview, area: ServiceArea, ways: Ways) -> None:
        address = partial(ways.to, area.id)
        self.areas[area.id].show(lambda: overview.glance(area, address))


def _outline(area: ServiceArea) -> Display:
    """Return the place of an area that is being computed."""
    return Display(
        f'<h2>{escape(area.name)}</h2><p class="smup-note">Liczymy ten obszar.</p>'
        '<div aria-hidden="true"><div class="smup-skeleton smup-skeleton-text"></div>'
        '<div class="smup-skeleton smup-skeleton-text smup-skeleton-short"></div></div>'
    )
