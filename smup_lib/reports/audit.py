"""What do the data of a snapshot hold, where are the gaps, and do its sources agree?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from smup_lib.arguments import checked_methods
from smup_lib.catalogue.vocabulary import PROVENANCE_WORDS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.errors import ParameterError
from smup_lib.indicators.availability import AUDIT_LEVELS, compute_availability
from smup_lib.present import audit_page
from smup_lib.present.area_page import render_title
from smup_lib.present.chart_base import MissingData
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.formats import count_of, format_date
from smup_lib.present.heat_chart import HeatChart
from smup_lib.present.sources import render_sources
from smup_lib.reports import audit_frames
from smup_lib.reports.loading import Workspace
from smup_lib.reports.quality import show_refused, show_revisions
from smup_lib.reports.reconciling import Reconciliation, name_pairs, reconcile
from smup_lib.reports.sourcing import SourceBook
from smup_lib.teryt import LEVEL_GENITIVE, LEVEL_NAME, read_level, write_levels

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level, ServiceArea
    from smup_lib.snapshots import Snapshot

#: Values of a year are announced within so many years.
_ANNOUNCED_AFTER = 3
_INTRO = (
    "Dla ilu jednostek, szczebli i lat są wartości wskaźników, czego brakuje i co by to uzupełniło."
)
_OF_INDICATORS = ("wskaźnika", "wskaźników", "wskaźników")


@checked_methods
class Audit:
    """Availability of indicators in a snapshot: every method is one display or one frame.

    Attributes
    ----------
    areas : tuple of ServiceArea
        Those that were counted.
    levels : tuple of str
        ``gmina``, ``powiat`` or both.
    """

    def __init__(
        self,
        workspace: Workspace,
        areas: Sequence[ServiceArea],
        levels: Sequence[Level] = AUDIT_LEVELS,
        indicators: Sequence[Indicator] | None = None,
    ) -> None:
        self._workspace = workspace
        self.areas = tuple(areas)
        self.levels = tuple(levels)
        every = [i for area in areas for i in area.indicators]
        self._indicators = tuple(every if indicators is None else indicators)

    def __repr__(self) -> str:
        """Name the audit."""
        names = ", ".join(area.id for area in self.areas)
        return f"<Audit {self.snapshot.id}: {names}; {', '.join(self.levels)}>"

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that was counted."""
        return self._workspace.snapshot

    @cached_property
    def _computed(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        own = self._workspace
        known = (own.snapshot, own.catalogue, own.register)
        return compute_availability(self._indicators, *known, self.levels)

    @cached_property
    def _yearly(self) -> pd.DataFrame:
        known = (*self._computed, self._workspace.catalogue)
        return audit_frames.year_frame(self._indicators, *known, self._announced)

    @property
    def _announced(self) -> int:
        """The last year whose values must have been announced when the snapshot was made."""
        return int(self.snapshot.manifest.created[:4]) - _ANNOUNCED_AFTER

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """What two sources say of the same thing."""
        area = self.areas[0] if len(self.areas) == 1 else None
        level = self.levels[0] if len(self.levels) == 1 else None
        return reconcile(self._workspace, area, level)

    def frame(self) -> pd.DataFrame:
        """Return how many units have a value, by indicator, level and year.

        Returns
        -------
        DataFrame
            ``area, service, dimension, indicator, name, level, year, units, values, share, gap,
            gap_units, variables, reason, remedy``. ``units`` existed in the year and are of the
            kind that the indicator concerns; ``share`` is in percent. ``gap`` is the reason that
            most units without a value share (empty when all have one), ``variables`` the inputs
            concerned. A level at which the indicator is not defined is one row without a year.
        """
        return self._yearly.copy()

    def gap_frame(self) -> pd.DataFrame:
        """Return the gaps by input: what is missing, how many indicators wait, what would fill it.

        Returns
        -------
        DataFrame
            ``variable, label, holder, level, level_name, gap, reason, years, indicators, cells,
            remedy``; what most indicators wait for stands first.
        """
        catalogue = self._workspace.catalogue
        return audit_frames.gap_frame(self._computed[1], catalogue, self._announced)

    def indicator_frame(self) -> pd.DataFrame:
        """Return availability by indicator and level over all years.

        Returns
        -------
        DataFrame
            ``area, indicator, name, level, level_name, years, newest, newest_values,
            newest_units, share, reason, defined``; ``newest`` is the last year with any value.
        """
        return audit_frames.indicator_frame(self._yearly)

    def area_frame(self) -> pd.DataFrame:
        """Return availability by area and level.

        Returns
        -------
        DataFrame
            ``area, area_name, level, level_name, indicators, with_any, newest, full, share``.
        """
        return audit_frames.area_frame(self._yearly, self.areas)

    def pair_frame(self) -> pd.DataFrame:
        """Return which sources were compared, and how many cells agree.

        Returns
        -------
        DataFrame
            ``sort, left_id, right_id, level, left_source, right_source, compared, same, rounding,
            unknown, different, typical, name, measure_unit, decimals, level_name``; ``typical`` is
            the median size of what is different, in percent.
        """
        summary = name_pairs(self._workspace, self.reconciliation.summary)
        return summary.assign(level_name=summary["level"].map(LEVEL_NAME))

    def difference_frame(self) -> pd.DataFrame:
        """Return the cells in which two sources differ by more than rounding explains.

        Returns
        -------
        DataFrame
            ``sort, left_id, right_id, level, left_source, right_source, unit_code, year, left,
            right, difference, percent, allowed, name, measure_unit, decimals, unit``; the largest
            difference in percent first.
        """
        found = name_pairs(self._workspace, self.reconciliation.differences)
        labels = self._workspace.register.labels(found["unit_code"].unique())
        return found.assign(unit=found["unit_code"].map(labels))

    def title(self) -> Display:
        """Return the head: what was counted, and in which state of the data."""
        created = self.snapshot.manifest.created
        names = "wszystkie obszary" if len(self.areas) > 1 else self.areas[0].name
        fictional = self.snapshot.fictional
        html = render_title(
            "Dostępność danych", names, None, created, fictional=fictional, intro=_INTRO
        )
        return Display(html, f"Dostępność danych: {names}, dane wczytano {format_date(created)}")

    def summary(self) -> Display:
        """Return availability by area and level."""
        frame = self.area_frame()
        html = f"<section><h2>W skrócie</h2>{audit_page.render_area_counts(frame)}</section>"
        return Display(html + audit_page.render_audit_notes(), frame.to_string(index=False))

    def gaps(self) -> Display:
        """Return what is missing, why, and what would fill it; of several areas each by itself."""
        frame = self.gap_frame()
        shown = frame[["label", "reason", "level_name", "years", "indicators", "remedy"]]
        frames = {area.name: frame for area in self.areas}
        if len(self.areas) > 1:
            frames = {area.name: self.narrowed(area.id).gap_frame() for area in self.areas}
        return Display(audit_page.render_gaps(frames), shown.to_string(index=False))

    def heat_maps(self, *, compact: bool = False) -> Display:
        """Return a chart an area and level: which years of which indicators there are.

        ``compact`` folds each and leaves out reading help and tables, for a page of many areas.
        """
        figures = {
            f"{area.name}, szczebel {LEVEL_GENITIVE[level]}": ChartFigure(chart, compact)
            for area in self.areas
            for level in self.levels
            if (chart := self.heat_chart(area.id, level)) is not None
        }
        drawn = {name: figure.html() for name, figure in figures.items()}
        html = audit_page.render_heat_maps(drawn, fold=compact)
        return Display(html, "\n".join(map(repr, figures.values())))

    def heat_chart(self, area: str, level: str) -> HeatChart | None:
        """Return the specification of one area's chart; None without indicators at the level."""
        found = self._workspace.catalogue.area(area)
        rows = self._yearly
        rows = rows[(rows["area"] == found.id) & (rows["level"] == level) & rows["year"].notna()]
        if rows.empty:
            return None
        names = _row_names(self._indicators)
        created = self.snapshot.manifest.created
        row = rows["indicator"]
        return HeatChart(
            frame=rows.assign(row=row, name=row.map(names), value=rows["share"]),
            title=f"{found.name}: jednostki z wartością, szczebel {LEVEL_GENITIVE[level]}",
            measure_unit="%",
            decimals=0,
            source_line=f"Opracowanie własne, dane wczytano {format_date(created)}",
            key=NumberKey("00", found.id, statistic="units_with_value", group=level),
            unit_name="wszystkie jednostki",
            missing=MissingData(
                what=f"wartości {count_of(row.nunique(), _OF_INDICATORS)} tego obszaru",
                reason="wczytane dane nie mają na tym szczeblu ani jednej, w żadnym roku",
                next_step="co by je uzupełniło, mówi tabela „Czego brakuje”",
            ),
        )

    def table(self) -> Display:
        """Return availability by indicator over all years."""
        frame = self.indicator_frame()
        frame = frame[frame["defined"]]
        html = "".join(
            audit_page.render_indicator_counts(
                frame[frame["area"] == area.id], area.name, fold=len(self.areas) > 1
            )
            for area in self.areas
        )
        section = f"<section><h2>Wskaźniki</h2>{html}</section>"
        return Display(section, frame.drop(columns=["defined", "level"]).to_string(index=False))

    def differences(self) -> Display:
        """Return what two sources say of the same thing, and where rounding does not explain it."""
        cells = self.difference_frame()
        html = audit_page.render_reconciliation(self.pair_frame(), cells)
        return Display(html, cells.to_string(index=False) if len(cells) else "Brak różnic.")

    def sources(self) -> Display:
        """Return all sources of the snapshot: whose they are, for which years, from which day."""
        rows = SourceBook(self.snapshot, self._workspace.catalogue).rows(
            self.snapshot.manifest.sources
        )
        return Display(render_sources(rows, fold=True), "\n".join(row.id for row in rows))

    def revisions(self) -> Display:
        """Return which numbers behind the indicators a later file changed."""
        return show_revisions(self._workspace, self._indicators)

    def refused(self) -> Display:
        """Return the rows of all files that were not taken in, by reason."""
        return show_refused(self._workspace)

    def overview(self) -> Display:
        """Return what is said of all areas at once: counts, gaps, differences of sources."""
        return joined([self.title(), self.summary(), self.gaps(), self.differences()])

    def page(self) -> Display:
        """Return everything in one piece; the tables of many charts are left to ``frame()``."""
        from smup_lib.reports.export import with_contents

        charts = self.heat_maps(compact=len(self.areas) > 1)
        head = [self.title(), self.summary(), charts]
        whole = joined([*head, self.gaps(), self.table(), self.differences()])
        return Display(with_contents(whole.html), whole.text)

    def narrowed(self, area: str) -> Audit:
        """Return the audit of one area; nothing is counted again."""
        found = self._workspace.catalogue.area(area)
        own = [one for one in self._indicators if one.area == found.id]
        narrow = Audit(self._workspace, [found], self.levels, own)
        ids = {one.id for one in own}
        counts, gaps = (frame[frame["indicator"].isin(ids)] for frame in self._computed)
        narrow._computed = counts, gaps
        return narrow


def joined(parts: Sequence[Display]) -> Display:
    """Return displays one after another as one."""
    return Display("".join(p.html for p in parts), "\n\n".join(p.text for p in parts))


def open_audit(
    area: str | None = None,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> Audit:
    """Count what a snapshot holds; see :func:`smup_lib.open_audit`."""
    return audit_workspace(Workspace.open(snapshot), area, level)


def audit_workspace(workspace: Workspace, area: str | None, level: str | None) -> Audit:
    """Count what the snapshot of a workspace holds; nothing is counted before it is asked for."""
    catalogue = workspace.catalogue
    areas = [catalogue.area(area)] if area else list(catalogue.areas.values())
    chosen = AUDIT_LEVELS if not level else (cast("Level", read_level(level)),)
    if not set(chosen) <= set(AUDIT_LEVELS):
        raise ParameterError(
            f"Wskaźników nie ma na szczeblu {write_levels(chosen)}.",
            where="parametr level",
            expected="gmina albo powiat",
            next_step="wybierz jeden z tych szczebli albo pomiń parametr",
        )
    return Audit(workspace, areas, chosen)


def _row_names(indicators: Sequence[Indicator]) -> dict[str, str]:
    """Return short names; those that several indicators share tell whose they are."""
    names = [i.short_name for i in indicators]
    return {
        i.id: i.short_name
        if names.count(i.short_name) == 1
        else f"{i.short_name} ({PROVENANCE_WORDS[i.provenance]})"
        for i in indicators
    }
