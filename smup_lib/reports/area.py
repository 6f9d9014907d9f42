"""One unit in one area, as the displays of a notebook, an app or a lesson."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from smup_lib.arguments import checked_methods
from smup_lib.catalogue import Service
from smup_lib.compare import compare_ranks, rests_on_few
from smup_lib.errors import IndicatorError, did_you_mean
from smup_lib.present import area_charts, area_page, indicator_charts, service_page
from smup_lib.present.cautions import list_remarks
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.formats import count_of
from smup_lib.present.gaps import render_gaps
from smup_lib.present.sources import OtherValue, SourceRow, render_sources, source_marks
from smup_lib.present.stylesheet import page_style
from smup_lib.present.summary import render_summary
from smup_lib.present.values_table import render_values_table
from smup_lib.present.words import INDICATOR_NOUN, NO_PLACES
from smup_lib.reports.advising import load_advice, show_advice
from smup_lib.reports.area_frame import frame_area
from smup_lib.reports.known_years import list_years
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.named_indicators import (
    check_named,
    choose_named,
    list_pairs,
    show_elsewhere,
    show_no_pair,
    show_unranked,
    tell_shared,
)
from smup_lib.reports.plans import FollowUp
from smup_lib.reports.quality import UnitQuality
from smup_lib.reports.receipt import make_receipt
from smup_lib.reports.series_events import list_events
from smup_lib.reports.side_groups import show_group_places, show_side_groups
from smup_lib.reports.sourcing import SourceBook
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Level
    from smup_lib.compare import Funnel
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.practices import Advice
    from smup_lib.present.charts import Chart
    from smup_lib.snapshots import Snapshot


@checked_methods
class AreaView:
    """A service area of one unit: every method is one display.

    Attributes
    ----------
    assessment : AreaAssessment
        The judgements behind the displays.
    """

    def __init__(self, workspace: Workspace, assessment: AreaAssessment) -> None:
        self._workspace = workspace
        self.assessment = assessment

    def __repr__(self) -> str:
        """Name the view."""
        a = self.assessment
        return f"<AreaView {a.area.id}, {a.unit.label}, {a.year}, grupa {a.group.key}>"

    def _repr_html_(self) -> str:
        return styled_name(repr(self))

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot behind the displays."""
        return self._workspace.snapshot

    @cached_property
    def names(self) -> dict[str, str]:
        """Short names of all units of the level, by code."""
        a = self.assessment
        units = self._workspace.register.units(level=a.unit.level, year=a.year)
        return dict(zip(units["unit_code"], units["short_label"], strict=True))

    @cached_property
    def _book(self) -> SourceBook:
        return SourceBook(self._workspace.snapshot, self._workspace.catalogue)

    @cached_property
    def _others(self) -> dict[str, list[OtherValue]]:
        a = self.assessment
        kept = self._workspace.kept.find_unpicked(a.area.id, a.unit.level, a.year, a.unit.code)
        return self._book.other_values(a, kept)

    @cached_property
    def marks(self) -> dict[str, str]:
        """Links from each shown indicator to the rows of its sources, as markup."""
        return {i.indicator.id: self._book.marks(i) for i in self.assessment.shown()}

    @property
    def link_sources(self) -> Callable[[str], str]:
        """What makes links to the rows of sources, named with spaces between, as markup."""
        return lambda sources: source_marks(self._book.rows(sources.split()))

    @property
    def rows_of(self) -> Callable[[IndicatorAssessment], list[SourceRow]]:
        """What gives the sources of one indicator: all years, all units."""
        return lambda item: self._book.rows(item.sources)

    @cached_property
    def caveats(self) -> dict[str, tuple[str, ...]]:
        """What limits the values of the year, by indicator."""
        year = self.assessment.year
        return {i.indicator.id: self._caveats_of(i, year) for i in self.assessment.shown()}

    @cached_property
    def remarks(self) -> dict[str, tuple[str, ...]]:
        """What must stand beside a value wherever it is told, by indicator."""
        return {i.indicator.id: list_remarks(i, self._dated(i)) for i in self.assessment.shown()}

    def _dated(self, item: IndicatorAssessment) -> tuple[str, ...]:
        """Return the caveats that hold in this year and not in every one."""
        return self._caveats_of(item, self.assessment.year, dated=True)

    def _caveats_of(
        self, item: IndicatorAssessment, *years: int, dated: bool = False
    ) -> tuple[str, ...]:
        """Return the caveats that hold in the years at this level for these sources."""
        unit = self.assessment.unit
        return self._workspace.catalogue.caveats_of(
            item.indicator,
            *years,
            dated=dated,
            sources=item.sources,
            level=unit.level,
            unit=unit.code,
        )

    @cached_property
    def _advice(self) -> tuple[Advice, ...]:
        return load_advice(self._workspace, self.assessment)

    def title(self, *, level: Literal[1, 2] = 1, code: bool = True) -> Display:
        """Return the head: area, unit, year, state of the data; ``level`` of its heading.

        Without ``code`` the unit is only named, as a lesson does that asks for its code.
        """
        a, snapshot = self.assessment, self._workspace.snapshot
        label = a.unit.label if code else a.unit.label.removesuffix(f" ({a.unit.code})")
        return Display(
            area_page.render_title(
                a.area.name,
                label,
                a.year,
                snapshot.manifest.created,
                fictional=snapshot.fictional,
                level=level,
                intro=a.area.description,
            ),
            f"{a.area.name}: {label}, {a.year} r.",
        )

    def summary(self) -> Display:
        """Return the findings that matter most."""
        from smup_lib.present.findings import finding_text

        text = "\n".join(finding_text(finding) for finding in self.assessment.findings)
        html = render_summary(self.assessment, self.marks, self.remarks, self._years_with_values())
        return Display(html, text or "Brak ustaleń.")

    def _years_with_values(self) -> str:
        """Say for which years the unit has values, where it has none for this one."""
        a = self.assessment
        if a.shown():
            return ""
        years = list_years(self._workspace, a.area, a.unit)
        return (
            f"Za {a.year} r. nie ma tu żadnej wartości. Wartości w tym obszarze są za lata: "
            f"{format_years(years)}."
            if years
            else "Wczytane dane nie mają tu żadnej wartości tej jednostki, za żaden rok."
        )

    def peers(
        self, together: Sequence[AreaAssessment] = (), *, of: IndicatorAssessment | None = None
    ) -> Display:
        """Return the comparison group, its rule and how far it decides.

        ``together`` are all areas that the group serves on one page; this one alone when omitted.
        ``of`` is the indicator that the page is about, if it is about one.
        """
        a, workspace = self.assessment, self._workspace
        beside = ""
        if of is not None:
            beside = show_group_places(workspace, a, of, self.names)
        elif not together:
            beside = show_side_groups(workspace, a)
        html = area_page.render_peers(a, self.names, together, of, beside)
        return Display(html, a.group.description_pl)

    def dimensions(self, *, detailed: bool = False) -> ChartFigure:
        """Return the position in four dimensions: a line each, or every indicator."""
        return ChartFigure(self.profile(summary=not detailed))

    def profile(self, *, summary: bool) -> Chart:
        """Return the specification of the profile; ``summary`` is one line a dimension."""
        drawn = [i for i in area_charts.profile_items(self.assessment) if i.status == "shown"]
        line = self._book.line({source for item in drawn for source in item.sources})
        return area_charts.profile_chart(self.assessment, line, summary=summary)

    def services(self) -> Display:
        """Return every service of the area in turn, then what belongs to no single one."""
        area, level = self.assessment.area, self.assessment.unit.level
        codes = [service.code for service in area.services]
        listed = self.service(*codes) if codes else Display("", "")
        if not any(item.indicator.service is None for item in self.assessment.leading()):
            return listed
        name = "Inne wskaźniki obszaru"
        others = Service(code="", name=name, description=name, levels=(cast("Level", level),))
        html, text = self._service_section(others)
        return Display(listed.html + html, f"{listed.text}\n{text}")

    def service(self, *codes: str) -> Display:
        """Return services: indicators in a table, one in full, and what is not known."""
        services = {service.code: service for service in self.assessment.area.services}
        parts, texts = [], []
        for code in codes:
            if code not in services:
                hint = did_you_mean(code, services)
                raise IndicatorError(
                    f"Obszar „{self.assessment.area.name}” nie ma usługi „{code}”"
                    f"{'; ' + hint if hint else ''}.",
                    expected=", ".join(f"{s.code} ({s.name})" for s in services.values()),
                    next_step="wybierz kod jednej z wymienionych usług",
                )
            section, text = self._service_section(services[code])
            parts.append(section)
            texts.append(text)
        return Display("".join(parts), "\n".join(texts))

    def _service_section(self, service: Service) -> tuple[str, str]:
        a = self.assessment
        items = [i for i in a.leading() if (i.indicator.service or "") == service.code]
        leading = service_page.leading_indicator(a, items)
        card = self._card(leading) if leading else ""
        on_page = {leading.indicator.id} if leading else set()
        card += show_advice(self._workspace, self._advice, items, self.names, on_page)
        html = service_page.render_service(a, service, items, card, self.marks, self.caveats)
        return html, f"{service.name}: {count_of(len(items), INDICATOR_NOUN)}"

    def indicator(self, *indicator_ids: str) -> Display:
        """Return the card of one indicator: value, distribution, years, meaning, limits."""
        item = self._item(*indicator_ids)
        return Display(self._card(item), item.indicator.name)

    def _card(self, item: IndicatorAssessment) -> str:
        charts = ""
        if item.status == "shown":
            figures = (self._distribution(item), self._series(item))
            charts = "".join(ChartFigure(chart)._repr_html_() for chart in figures)
            charts = f'<div class="smup-pair">{charts}</div>'
        head, foot = self.card_ends(item)
        return f'<article class="smup-indicator">{head}{charts}{foot}</article>'

    def card_ends(self, item: IndicatorAssessment) -> tuple[str, str]:
        """Return what stands above and below the charts of an indicator, as markup."""
        a, name = self.assessment, item.indicator.id
        source, others = self.marks.get(name, ""), self._others.get(name, ())
        head = area_page.render_indicator_head(a, item, source=source, others=others)
        return head, area_page.render_indicator_foot(a, item, self._workspace.catalogue)

    def distribution(self, *indicator_ids: str) -> ChartFigure:
        """Return the unit among its group on one indicator."""
        return ChartFigure(self._distribution(self._item(*indicator_ids)))

    def _distribution(self, item: IndicatorAssessment) -> Chart:
        line = self._book.line(item.sources)
        told = self._dated(item)
        return area_charts.distribution_chart(self.assessment, item, self.names, line, told)

    def funnel(self, item: IndicatorAssessment, found: Funnel) -> Chart:
        """Return the specification of a funnel that has an answer: the group by size (M5)."""
        line, catalogue = self._book.line(item.sources), self._workspace.catalogue
        below = [catalogue.variable(name) for name in item.indicator.inputs.denominator]
        size = [(one.label, one.measure_unit) for one in below if len(below) == 1]
        return indicator_charts.funnel_chart(self.assessment, item, found, self.names, line, *size)

    def series(self, *indicator_ids: str) -> ChartFigure | Display:
        """Return one indicator over the years."""
        if elsewhere := self._elsewhere(*indicator_ids):
            return elsewhere
        return ChartFigure(self._series(self._item(*indicator_ids)))

    def _series(self, item: IndicatorAssessment) -> Chart:
        line = self._book.line(item.sources)
        years = item.series.loc[item.series["value"].notna(), "year"].tolist()
        caveats = self._caveats_of(item, *years, dated=True) if years else ()
        return area_charts.series_chart(
            self.assessment,
            item,
            line,
            list_events(self._workspace.register, self.assessment.unit.code, item),
            caveats,
        )

    def ranking(
        self, *indicator_ids: str, among: Literal["neighbours", "group"] = "neighbours"
    ) -> ChartFigure | Display:
        """Return the unit and its neighbours (or its group) in order of value.

        Background is never put in order: a box says so.
        """
        if elsewhere := self._elsewhere(*indicator_ids):
            return elsewhere
        a, item = self.assessment, self._item(*indicator_ids)
        if item.indicator.role == "contextual":
            return show_unranked(item.indicator)
        codes, words, group_key = (
            (a.neighbours, "jednostka i jej sąsiedzi", "neighbours")
            if among == "neighbours"
            else (a.group.members, "jednostka i jej grupa", a.group.key)
        )
        source = self._book.line(item.sources)
        compared, told = [a.unit.code, *codes], self._dated(item)
        ranks = compare_ranks(item.indicator, item.values, compared)
        if ranks and (item.few_cases or rests_on_few(item.values, compared)):
            ranks, told = {}, (*told, NO_PLACES)
        chart = area_charts.ranking_chart(
            a, item, self.names, source, codes, words, ranks, group_key, told
        )
        return ChartFigure(chart)

    def map(self, *indicator_ids: str) -> ChartFigure | Display:
        """Return one indicator on the map of all units of the level."""
        if elsewhere := self._elsewhere(*indicator_ids):
            return elsewhere
        a, item = self.assessment, self._item(*indicator_ids)
        outlines = self._workspace.snapshot.table("outlines")
        outlines = outlines[outlines["level"] == a.unit.level]
        source = self._book.line(item.sources, outlines=a.unit.level)
        told = self._dated(item)
        return ChartFigure(area_charts.map_chart(a, item, self.names, source, outlines, told))

    def against(self, x: str | list[str], y: str | list[str]) -> ChartFigure | Display:
        """Return two indicators against each other: ``x`` to the right, ``y`` up.

        Lists name pairs by their place, one for each level or source: the first pair that can be
        drawn is shown. A level that has none of the pairs is told in a box, as a gap is.
        """
        pairs = list_pairs(self.assessment.area, x, y)
        items = {item.indicator.id: item for item in self.assessment.indicators}
        here = [(items[a.id], items[b.id]) for a, b in pairs if {a.id, b.id} <= items.keys()]
        if not here:
            return show_no_pair(*pairs[0], self.assessment.unit)
        charts = [self._pair(across, up) for across, up in here]
        return ChartFigure(next((chart for chart in charts if chart.has_data), charts[0]))

    def _pair(self, across: IndicatorAssessment, up: IndicatorAssessment) -> Chart:
        source = self._book.line({*across.sources, *up.sources})
        shared = tell_shared(self._workspace.catalogue, across.indicator, up.indicator)
        told = (*shared, *self._dated(up), *self._dated(across))
        return area_charts.pair_chart(self.assessment, across, up, self.names, source, told)

    def table(self) -> Display:
        """Return all indicators of the area in one table."""
        return Display(
            render_values_table(self.assessment, self.marks, self.caveats),
            self.frame().to_string(index=False),
        )

    def frame(self) -> pd.DataFrame:
        """Return the numbers of the page as a frame for further work.

        Returns
        -------
        DataFrame
            ``indicator, name, dimension, measure_unit, value, flag, qualifiers, source, median,
            q25, q75, gap, rank, n_ranked, percentile, standing, trend, slope``; one row an
            indicator. ``source`` names the sources of the value, with spaces between, as the
            manifest of the snapshot does; empty without a value.
        """
        return frame_area(self.assessment)

    def quality(self) -> UnitQuality:
        """Return the data behind the displays: years, flags, revisions, refused rows."""
        return UnitQuality(self._workspace, self.assessment)

    def follow_up(self, plan: str) -> FollowUp:
        """Return what became of an improvement plan by this year; ``plan`` is its name or file."""
        return FollowUp(self._workspace, self, plan)

    def gaps(self) -> Display:
        """Return what is not known, why, and who has it."""
        a = self.assessment
        text = "; ".join(item.gap.wanted for item in a.gaps)
        elsewhere = self._workspace.other_place(a.area, a.unit, a.year)
        return Display(render_gaps(a, elsewhere), text or "Brak nazwanych luk.")

    def sources(self) -> Display:
        """Return the files behind the numbers, credit lines and how we compute."""
        rows = self.source_rows()
        html = render_sources(rows) + area_page.render_method_notes()
        return Display(html, "\n".join(row.id for row in rows))

    def source_rows(self) -> list[SourceRow]:
        """Return the sources of every number that the view can show: all years, all units."""
        named = {source for item in self.assessment.indicators for source in item.sources}
        named |= {other.source.id for others in self._others.values() for other in others}
        named |= {row.id for row in self._book.boundaries(self.assessment.unit.level)}
        return self._book.rows(named)

    def receipt(self) -> Display:
        """Return what identifies this result: snapshot, versions, parameters."""
        a = self.assessment
        parameters = {"area": a.area.id, "unit": a.unit.code, "year": a.year, "group": a.group.key}
        receipt = make_receipt(self._workspace.snapshot, parameters, group=a.group)
        return Display(receipt.render(), str(receipt))

    def _elsewhere(self, *indicator_ids: str) -> Display | None:
        """Return a box when the level has none of the indicators, as for a gap."""
        named = check_named(self.assessment.area, indicator_ids)
        here = {item.indicator.id for item in self.assessment.indicators}
        if not named or here & named.keys():
            return None
        return show_elsewhere(next(iter(named.values())), self.assessment.unit)

    def _item(self, *indicator_ids: str) -> IndicatorAssessment:
        return choose_named(self.assessment, indicator_ids)


def styled_name(name: str) -> str:
    """Return a view's name with the style of its displays, for a notebook in JupyterLab."""
    style = page_style(fonts=False)
    return f'<style>{style}</style><p class="smup-note">{escape(name)}</p>'


def open_area(
    area: str,
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> AreaView:
    """Assess a unit in a service area and return its displays; see :func:`smup_lib.open_area`."""
    workspace = Workspace.open(snapshot)
    found = workspace.unit_in(workspace.catalogue.area(area), unit, level, year)
    return AreaView(workspace, load_assessment(workspace, area, found, year, group))
