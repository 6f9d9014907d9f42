"""Several chosen units in one area, side by side: each with the median of its own group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.arguments import checked_methods
from smup_lib.conclude.units_beside import TOLD, Spread, list_alike, list_spreads
from smup_lib.errors import IndicatorError, ParameterError
from smup_lib.present import area_page, units_page
from smup_lib.present.charts import SeriesChart
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.sources import render_sources
from smup_lib.present.units_differences import render_differences
from smup_lib.present.units_series import render_series_twin, shared_axis
from smup_lib.problems import Problems
from smup_lib.reports.area import AreaView, styled_name
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.receipt import Receipt, make_receipt
from smup_lib.units.labels import KIND_NAME, write_unit_count

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.conclude import AreaAssessment
    from smup_lib.snapshots import Snapshot
    from smup_lib.units import Unit

#: More columns cannot be read side by side.
MOST_UNITS = 8


@checked_methods
class UnitsView:
    """A service area of two to eight units: every method is one display.

    Attributes
    ----------
    views : tuple of AreaView
        One a unit, in the order given; the first is the reader's own.
    """

    def __init__(self, workspace: Workspace, views: Sequence[AreaView]) -> None:
        self._workspace = workspace
        self.views = tuple(views)

    def __repr__(self) -> str:
        """Name the view."""
        names = ", ".join(view.assessment.unit.label for view in self.views)
        return f"<UnitsView {self._area.id}, {self._year}: {names}>"

    def _repr_html_(self) -> str:
        return styled_name(repr(self))

    @property
    def _area(self) -> ServiceArea:
        return self.views[0].assessment.area

    @property
    def _year(self) -> int:
        return self.views[0].assessment.year

    @cached_property
    def _assessments(self) -> list[AreaAssessment]:
        return [view.assessment for view in self.views]

    def title(self) -> Display:
        """Return the head: which area, which units, which year."""
        snapshot = self._workspace.snapshot
        names = ", ".join(one.unit.short_label for one in self._assessments)
        html = area_page.render_title(
            f"{self._area.name}: jednostki obok siebie",
            names,
            self._year,
            snapshot.manifest.created,
            fictional=snapshot.fictional,
            intro=self._area.description,
        )
        return Display(html, f"{self._area.name}: {names}, {self._year} r.")

    def units(self, *, folded: bool = False) -> Display:
        """Return who is compared, of which kinds, and with which groups.

        ``folded`` leaves only what to beware of in sight, for a narrow screen.
        """
        kinds = {one.unit.code: KIND_NAME.get(one.unit.kind or "", "") for one in self._assessments}
        html = units_page.render_units(self._assessments, kinds, folded=folded)
        return Display(html, "\n".join(f"{code}: {kind}" for code, kind in kinds.items()))

    def table(self, *, folded: bool = False) -> Display:
        """Return all indicators, a column a unit, each value above the median of its group.

        ``folded`` hides all services but the first behind their names, for a narrow screen.
        """
        html = units_page.render_side_by_side(self._area, self._assessments, folded=folded)
        return Display(html, f"{self._area.name}: {write_unit_count(len(self.views))} obok siebie")

    @cached_property
    def spreads(self) -> list[Spread]:
        """In what units of like tasks differ, what may be told as a difference first."""
        return list_spreads(list_alike(self._assessments))

    def differences(self) -> Display:
        """Return in what the units differ most, and what is no more than rounding or chance."""
        told = [one for one in self.spreads if one.between in TOLD]
        names = ", ".join(one.item.indicator.short_name for one in told)
        alike = {one.unit.code for one in list_alike(self._assessments)}
        others = [one for one in self._assessments if one.unit.code not in alike]
        unlike = ", ".join(one.unit.short_label for one in others)
        return Display(render_differences(self.spreads, told, unlike), names or "Brak różnic.")

    def series(self, indicator_id: str) -> Display:
        """Return one indicator over the years, a chart a unit, all with one axis.

        Raises
        ------
        IndicatorError
            When no unit's level has it.
        """
        figures = [
            view.series(indicator_id)
            for view in self.views
            if any(item.indicator.id == indicator_id for item in view.assessment.indicators)
        ]
        if not figures:
            raise IndicatorError(
                f"Obszar „{self._area.name}” nie ma tu wskaźnika „{indicator_id}”.",
                expected="wskaźnik tego obszaru i szczebla",
                next_step="wybierz wskaźnik z listy",
            )
        charts = (one.chart for one in figures if isinstance(one, ChartFigure))
        drawn = [chart for chart in charts if isinstance(chart, SeriesChart)]
        axis = shared_axis(drawn)
        multiples = [
            ChartFigure(replace(chart, domain=axis, title=chart.unit_name, notes=()), compact=True)
            for chart in drawn
        ]
        name = next(i.name for i in self._area.indicators if i.id == indicator_id)
        placed = "".join(figure.html() for figure in multiples)
        html = (
            f'<section class="smup-multiples"><h3>{escape(name)}</h3>'
            f'<div class="smup-multiple-charts">{placed}</div>'
            f"{render_series_twin(drawn, name)}</section>"
        )
        return Display(html, "\n".join(map(repr, multiples)))

    def profiles(self, *, folded: bool = False) -> Display:
        """Return the four dimensions of each unit within its own group, below each other.

        ``folded`` hides each chart behind the name of its unit.
        """
        figures = [ChartFigure(view.profile(summary=True)) for view in self.views]
        parts = [
            units_page.render_profile(
                view.assessment.unit.short_label, figure.html(), folded=folded
            )
            for view, figure in zip(self.views, figures, strict=True)
        ]
        section = f"<section><h2>Każda wobec swojej grupy</h2>{''.join(parts)}</section>"
        return Display(section, "\n".join(map(repr, figures)))

    def sources(self) -> Display:
        """Return the files behind all numbers, credit lines and how we compute."""
        found = {row for view in self.views for row in view.source_rows()}
        rows = sorted(found, key=lambda row: row.number)
        html = render_sources(rows) + area_page.render_method_notes()
        return Display(html, "\n".join(row.id for row in rows))

    def receipt(self) -> Display:
        """Return what identifies this result."""
        receipt = self._receipt()
        return Display(receipt.render(), str(receipt))

    def file(self, ending: str) -> bytes:
        """Return the table and the differences as a file: ``xlsx``, ``csv`` or ``docx``."""
        from smup_lib.reports.exports.displays import write_displays

        title = self.title()
        parts = [title, self.units(), self.table(), self.differences(), self.sources()]
        fictional = self._workspace.snapshot.fictional
        receipt = self._receipt()
        parts.append(Display(receipt.render(), str(receipt)))
        return write_displays(title.text, parts, receipt, ending, fictional=fictional)

    def _receipt(self) -> Receipt:
        first, *others = self._assessments
        parameters = {
            "area": self._area.id,
            "unit": first.unit.code,
            "others": [one.unit.code for one in others],
            "year": self._year,
            "group": first.group.key,
        }
        return make_receipt(self._workspace.snapshot, parameters, group=first.group)


def find_chosen(
    workspace: Workspace,
    area: ServiceArea,
    texts: Sequence[str],
    level: str | None = None,
    year: int | None = None,
) -> list[Unit]:
    """Find two to eight different units of one area; all problems at once.

    Raises
    ------
    ParameterError, UnitError
        When one is unknown or told twice, or when there are too few or too many.
    """
    problems = Problems()
    tried = [
        problems.attempt(partial(workspace.unit_in, area, text, level, year)) for text in texts
    ]
    found = [unit for unit in tried if unit is not None]
    codes = [unit.code for unit in found]
    twice = {unit.label for unit in found if codes.count(unit.code) > 1}
    problems.lines += [f"{label} podano więcej niż raz" for label in sorted(twice)]
    if not 2 <= len(texts) <= MOST_UNITS:
        problems.lines.append(f"jednostek ma być od 2 do {MOST_UNITS}, a jest {len(texts)}")
    problems.raise_found("Tych jednostek nie da się zestawić.")
    return found


def open_units(
    units: Sequence[str],
    area: str | None,
    year: int | None,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> UnitsView:
    """Put chosen units side by side; see :func:`smup_lib.open_units`."""
    if area is None or year is None:
        raise ParameterError(
            "Nie wiadomo, co zestawić.",
            expected="obszar i rok, albo wskaźniki (indicators)",
            next_step="dopisz area i year",
        )
    workspace = Workspace.open(snapshot)
    known = workspace.catalogue.area(area)
    found = find_chosen(workspace, known, units, level, year)
    return view_units(workspace, found, area, year, group)


def view_units(
    workspace: Workspace, units: Sequence[Unit], area: str, year: int, group: str | None = None
) -> UnitsView:
    """Put units that were found side by side, each with its own group."""
    views = [
        AreaView(workspace, load_assessment(workspace, area, unit, year, group)) for unit in units
    ]
    return UnitsView(workspace, views)
