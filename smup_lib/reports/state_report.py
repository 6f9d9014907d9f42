"""A chapter for the yearly report on the state of a gmina or powiat: a few numbers of each area."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.conclude.chapter import choose_for_chapter
from smup_lib.conclude.findings import first_screen
from smup_lib.present import area_page
from smup_lib.present.chapter_page import render_chapter_table
from smup_lib.present.display import Display
from smup_lib.present.gaps import render_silent_areas
from smup_lib.present.sources import render_sources
from smup_lib.present.summary import render_area_findings
from smup_lib.reports.area import styled_name
from smup_lib.reports.portrait import list_silent

if TYPE_CHECKING:
    from smup_lib.reports.area import AreaView
    from smup_lib.reports.portrait import UnitView

_OF = {"gmina": "gminy", "powiat": "powiatu"}
_CITY = "city_with_powiat_rights"
_BACKGROUND = "Kim jesteśmy: tło"


class StateReport:
    """A chapter about a unit; every method is one display.

    Parameters
    ----------
    view : UnitView
        The unit over all areas.
    """

    def __init__(self, view: UnitView) -> None:
        self._view = view
        self._older = view.older
        self._views = {**view.views, **self._older}
        self._numbers = {
            area_id: choose_for_chapter(one.assessment, year=view.year)
            for area_id, one in self._views.items()
        }

    def __repr__(self) -> str:
        """Name the chapter."""
        return f"<StateReport {self._view.unit.label}, {self._view.year}>"

    def _repr_html_(self) -> str:
        return styled_name(repr(self))

    def title(self) -> Display:
        """Return the head of the chapter."""
        unit, snapshot = self._view.unit, self._view.snapshot
        of = "miasta" if unit.kind == _CITY else _OF.get(unit.level, "jednostki")
        name = f"Dane do raportu o stanie {of}"
        html = area_page.render_title(
            name,
            unit.label,
            self._view.year,
            snapshot.manifest.created,
            fictional=snapshot.fictional,
        )
        return Display(html, f"{name}: {unit.label}, {self._view.year} r.")

    def areas(self) -> Display:
        """Return for each area its findings in sentences and its newest numbers."""
        parts, texts = [], []
        for area_id, view in self._ordered():
            numbers = self._numbers[area_id]
            if not numbers:
                continue
            table = render_chapter_table(
                view.assessment, self._view.year, numbers, view.link_sources
            )
            name = _BACKGROUND if area_id == CONTEXT else view.assessment.area.name
            silent = area_id == CONTEXT or area_id in self._older
            told = "" if silent else _findings(view)
            parts.append(
                f'<section class="smup-area"><h2>{escape(name)}</h2>{told}{table}</section>'
            )
            texts.append(f"{name}: {len(numbers)}")
        return Display("".join(parts), "\n".join(texts))

    def gaps(self) -> Display:
        """Return the areas that say nothing, and why."""
        told = {area_id for area_id, numbers in self._numbers.items() if numbers}
        rows = list_silent(self._view, self._view.area_names.keys() - told)
        return Display(render_silent_areas(rows), "\n".join(name for name, _, _ in rows) or "Brak.")

    def sources(self) -> Display:
        """Return credit lines and files of the stated numbers, and how we compute."""
        rows = {
            row
            for area_id, view in self._ordered()
            for item in view.assessment.indicators
            if item.indicator.id in self._told(area_id)
            for row in view.rows_of(item)
        }
        listed = sorted(rows, key=lambda row: row.number)
        html = render_sources(listed) + area_page.render_method_notes()
        return Display(html, "\n".join(row.id for row in listed))

    def _told(self, area_id: str) -> set[str | None]:
        """Return the indicators of which the chapter speaks in an area, by id."""
        numbers = self._numbers[area_id]
        if not numbers:
            return set()
        findings = first_screen(self._views[area_id].assessment.findings)
        stated = {number.item.indicator.id for number in numbers}
        return {*stated, *(finding.indicator for finding in findings)}

    def _ordered(self) -> list[tuple[str, AreaView]]:
        """Return the background first, then the areas in the order of the catalogue."""
        order = [CONTEXT, *self._view.area_names]
        return sorted(self._views.items(), key=lambda named: order.index(named[0]))


def _findings(view: AreaView) -> str:
    return render_area_findings(
        view.assessment,
        first_screen(view.assessment.findings),
        view.marks,
        view.remarks,
        label=f"Ustalenia: {view.assessment.area.name}",
        holders=False,
    )
