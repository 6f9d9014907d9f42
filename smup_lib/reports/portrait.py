"""The portrait of a unit: every area at once, with its context."""

from __future__ import annotations

from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.arguments import checked_methods
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.conclude.chapter import LOOK_BACK
from smup_lib.conclude.findings import first_screen, told_once, with_bad_news
from smup_lib.errors import IndicatorError, NoDataError
from smup_lib.present import area_page
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.formats import count_of
from smup_lib.present.gaps import render_silent_areas
from smup_lib.present.sources import render_sources
from smup_lib.present.words import INDICATOR_NOUN
from smup_lib.reports.area import AreaView, styled_name
from smup_lib.reports.loading import Workspace, choose_group, load_assessment
from smup_lib.reports.receipt import make_receipt

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from smup_lib.conclude import Finding
    from smup_lib.errors import SmupError
    from smup_lib.reports.state_report import StateReport
    from smup_lib.snapshots import Snapshot
    from smup_lib.units import Unit

#: Contextual indicators whose years are drawn: who lives here, and who is out of work.
DRAWN = ("population", "registered_unemployed")

#: Why a finding that is no place in a group was chosen.
_CHOSEN = {"trend": "zmienia się z biegiem lat", "odd": "różni się od lat wcześniejszych"}


@checked_methods
class UnitView:
    """A unit over all areas: every method is one display.

    Attributes
    ----------
    unit, year : Unit, int
        Whose portrait, of which year.
    views : dict of str to AreaView
        The areas that have values, by id; the contextual indicators under ``context``.
    silent : dict of str to SmupError
        Areas without values and why.
    """

    def __init__(
        self,
        workspace: Workspace,
        unit: Unit,
        year: int,
        group: str | None,
        level: str | None = None,
    ) -> None:
        self._workspace = workspace
        self.unit, self.year = unit, year
        self.views: dict[str, AreaView] = {}
        self.silent: dict[str, SmupError] = {}
        # one group for all areas, so that the portrait compares with the same units throughout
        context = workspace.catalogue.areas[CONTEXT]
        peers = {unit: choose_group(workspace, group, unit, year, context)}
        for area_id, area in workspace.catalogue.areas.items():
            # a city has some areas under its other code; a level that was asked for stays
            keeps = area is context or level is not None
            stands = unit if keeps else workspace.place_in(area, unit, year)
            try:
                if stands not in peers:
                    peers[stands] = choose_group(workspace, group, stands, year, context)
                assessment = load_assessment(workspace, area_id, stands, year, peers[stands])
            except (NoDataError, IndicatorError) as error:
                self.silent[area_id] = error
            else:
                self.views[area_id] = AreaView(workspace, assessment)
        if not self.views:
            raise NoDataError(
                f"O jednostce {unit.label} nie ma żadnych danych za {year} r.",
                problems=[error.what for error in self.silent.values()],
                expected="rok, za który są wartości choć jednego obszaru",
                next_step="wybierz inny rok albo wczytaj dane: smup data import",
            )

    def __repr__(self) -> str:
        """Name the portrait."""
        return f"<UnitView {self.unit.label}, {self.year}, obszary: {', '.join(self.views)}>"

    def _repr_html_(self) -> str:
        return styled_name(repr(self))

    @property
    def snapshot(self) -> Snapshot:
        """The state of the data that everything is computed from."""
        return self._workspace.snapshot

    @property
    def area_names(self) -> dict[str, str]:
        """Polish names of all areas, by id."""
        return {name: area.name for name, area in self._workspace.catalogue.areas.items()}

    @cached_property
    def older(self) -> dict[str, AreaView]:
        """Areas that are silent in the year, in their newest earlier year with values."""
        found = {area_id: self._find_older(area_id) for area_id in self.silent}
        return {area_id: view for area_id, view in found.items() if view is not None}

    def _find_older(self, area_id: str) -> AreaView | None:
        """Return an area in the newest earlier year with values of it; None without one."""
        area = self._workspace.catalogue.areas[area_id]
        unit = self._workspace.place_in(area, self.unit, self.year)
        groups = (view.assessment for view in self.views.values())
        group = next((one.group for one in groups if one.unit == unit), None)
        if group is None:
            return None
        for year in range(self.year - 1, self.year - LOOK_BACK - 1, -1):
            try:
                found = load_assessment(self._workspace, area_id, unit, year, group)
            except (NoDataError, IndicatorError):
                continue
            return AreaView(self._workspace, found)
        return None

    def state_report(self) -> StateReport:
        """Return a chapter for the yearly report on the state of the gmina or powiat."""
        from smup_lib.reports.state_report import StateReport

        return StateReport(self)

    def title(self) -> Display:
        """Return the head: whose portrait, which year, which state of the data."""
        snapshot = self._workspace.snapshot
        html = area_page.render_title(
            "Portret jednostki",
            self.unit.label,
            self.year,
            snapshot.manifest.created,
            fictional=snapshot.fictional,
        )
        return Display(html, f"Portret jednostki: {self.unit.label}, {self.year} r.")

    def summary(self) -> Display:
        """Return the findings of all areas that matter most."""
        from smup_lib.present.findings import finding_text, render_findings
        from smup_lib.present.summary import render_key

        findings = self._findings()
        judged = any(view.assessment.judged for view in self.views.values())
        marks = {k: v for view in self.views.values() for k, v in view.marks.items()}
        remarks = {k: v for view in self.views.values() for k, v in view.remarks.items()}
        listed = render_findings(
            findings, label="Najważniejsze ustalenia", judged=judged, marks=marks, remarks=remarks
        )
        html = (
            f'<section class="smup-summary"><h2>W skrócie</h2>{listed}{render_key(findings)}'
            f"{_choice_note(findings)}</section>"
        )
        return Display(html, "\n".join(map(finding_text, findings)) or "Brak ustaleń.")

    def _findings(self) -> tuple[Finding, ...]:
        told = [
            finding
            for view in self._services()
            for finding in first_screen(view.assessment.findings)
        ]
        told.sort(key=lambda finding: -finding.strength)
        return with_bad_news(told_once(told), told, 5)

    def _services(self) -> list[AreaView]:
        """Return the areas of services and finance, without the context."""
        return [view for area_id, view in self.views.items() if area_id != CONTEXT]

    def context(self) -> Display:
        """Return the contextual indicators: who lives here, what the place is like."""
        view = self.views.get(CONTEXT)
        if view is None:
            return Display('<p class="smup-note">Brak wskaźników kontekstowych.</p>', "Brak.")
        table = view.table()
        shown = {item.indicator.id for item in view.assessment.shown()}
        charts = "".join(view.series(name)._repr_html_() for name in DRAWN if name in shown)
        return Display(f"<section><h2>Kontekst</h2>{table.html}{charts}</section>", table.text)

    def areas(self) -> Display:
        """Return, for each area, its first findings and position in four dimensions."""
        from smup_lib.present.summary import render_area_findings

        parts, texts = [], []
        for view in self._services():
            area = view.assessment.area
            listed = render_area_findings(
                view.assessment,
                first_screen(view.assessment.findings),
                view.marks,
                view.remarks,
                label=f"Ustalenia: {area.name}",
            )
            shown = _area_picture(view)
            parts.append(
                f'<section class="smup-area"><h2>{escape(area.name)}</h2>'
                f"{self._under_other_code(view)}{listed}{shown}</section>"
            )
            count = count_of(len(view.assessment.shown()), INDICATOR_NOUN)
            texts.append(f"{area.name}: {count} z wartością")
        return Display("".join(parts), "\n".join(texts))

    def _under_other_code(self, view: AreaView) -> str:
        code = view.assessment.unit.code
        if code == self.unit.code:
            return ""
        return f'<p class="smup-note">Wartości tego obszaru stoją pod kodem {code}.</p>'

    def peers(self) -> Display:
        """Return with whom the unit is compared in every area."""
        first, *_ = self._services() or self.views.values()
        return first.peers(together=[view.assessment for view in self._services()])

    def gaps(self) -> Display:
        """Return the areas that say nothing, and why."""
        quiet = {id_ for id_, view in self.views.items() if not view.assessment.shown()}
        rows = list_silent(self, {*self.silent, *quiet})
        html = render_silent_areas(rows)
        return Display(html, "\n".join(f"{name}: {why}" for name, why, _ in rows) or "Brak.")

    def sources(self) -> Display:
        """Return the files behind all numbers of the portrait."""
        found = {row for view in self.views.values() for row in view.source_rows()}
        rows = sorted(found, key=lambda row: row.number)
        html = render_sources(rows) + area_page.render_method_notes()
        return Display(html, "\n".join(row.id for row in rows))

    def receipt(self) -> Display:
        """Return what identifies this result: snapshot, versions, parameters."""
        group = next(iter(self.views.values())).assessment.group
        parameters = {"unit": self.unit.code, "year": self.year, "group": group.key}
        receipt = make_receipt(self._workspace.snapshot, parameters, group=group)
        return Display(receipt.render(), str(receipt))


def _choice_note(findings: Sequence[Finding]) -> str:
    """Say by what these were chosen among all areas; nothing without a finding."""
    told = dict.fromkeys(_CHOSEN.get(one.claim, "odbiega od grupy") for one in findings)
    if not told:
        return ""
    return f'<p class="smup-note">To tylko to, co najwyraźniej {" albo ".join(told)}.</p>'


def _area_picture(view: AreaView) -> str:
    """Return the four dimensions of an area; one without dimensions shows its values."""
    if any(item.indicator.dimension for item in view.assessment.indicators):
        return ChartFigure(view.profile(summary=True))._repr_html_()
    return view.table().html


def open_unit(
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> UnitView:
    """Assess a unit in every area; see :func:`smup_lib.open_unit`."""
    workspace = Workspace.open(snapshot)
    found = workspace.unit(unit, level=level, year=year)
    return UnitView(workspace, found, year, group, level)


def list_silent(view: UnitView, areas: Collection[str]) -> list[tuple[str, str, str]]:
    """Return name, reason and next step of areas of which nothing can be told."""
    rows = []
    for area_id, name in view.area_names.items():
        if area_id in areas:
            error = view.silent.get(area_id) or _no_value(view.views[area_id], view.year)
            rows.append((name, error.what, error.next_step or ""))
    return rows


def _no_value(view: AreaView, year: int) -> NoDataError:
    if view.assessment.shown():
        return NoDataError(
            "Żadna z wartości nie może tu stać sama: koszt podajemy tylko obok jakości albo "
            "dostępności tej samej usługi z tego samego roku.",
            expected="koszt i obok niego jakość albo dostępność",
            next_step="zajrzyj do raportu obszaru",
        )
    return NoDataError(
        f"Brak wartości tej jednostki za {year} r.",
        expected="choć jedna wartość obszaru",
        next_step="raport obszaru wymienia, kto ma te dane",
    )
