"""One unit in one area, as the displays of a notebook, an app or a lesson."""

from __future__ import annotations

from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from smup_lib.compare import compare_ranks
from smup_lib.errors import IndicatorError, did_you_mean
from smup_lib.present import area_charts, area_page, service_page
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.formats import format_date
from smup_lib.present.stylesheet import page_style
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.receipt import make_receipt
from smup_lib.units import list_notes

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.present.charts import Chart
    from smup_lib.snapshots import Snapshot


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
    def _names(self) -> dict[str, str]:
        a = self.assessment
        units = self._workspace.register.units(level=a.unit.level, year=a.year)
        return dict(zip(units["unit_code"], units["short_label"], strict=True))

    def title(self, *, level: Literal[1, 2] = 1) -> Display:
        """Return the head: area, unit, year, state of the data; ``level`` of its heading."""
        a, snapshot = self.assessment, self._workspace.snapshot
        return Display(
            area_page.render_title(
                a.area.name,
                a.unit.label,
                a.year,
                snapshot.manifest.created,
                fictional=snapshot.fictional,
                level=level,
            ),
            f"{a.area.name}: {a.unit.label}, {a.year} r.",
        )

    def summary(self) -> Display:
        """Return the findings that matter most."""
        from smup_lib.present.findings import finding_text

        text = "\n".join(finding_text(finding) for finding in self.assessment.findings)
        return Display(area_page.render_summary(self.assessment), text or "Brak ustaleń.")

    def peers(self) -> Display:
        """Return the comparison group, its rule and how far it decides."""
        html = area_page.render_peers(self.assessment, self._names)
        return Display(html, self.assessment.group.description_pl)

    def dimensions(self, *, detailed: bool = False) -> ChartFigure:
        """Return the position in four dimensions: a line each, or every indicator."""
        return ChartFigure(self.profile(summary=not detailed))

    def profile(self, *, summary: bool) -> Chart:
        """Return the specification of the profile; ``summary`` is one line a dimension."""
        source = self._source_line(list(self.assessment.indicators))
        return area_charts.profile_chart(self.assessment, source, summary=summary)

    def services(self) -> Display:
        """Return a card of every indicator with a value, by service."""
        services = {s.code: s.name for s in self.assessment.area.services}
        parts, heading = [], None
        for item in self.assessment.leading():
            name = services.get(item.indicator.service or "", self.assessment.area.name)
            if name != heading:
                heading = name
                parts.append(f"<h2>{escape(name)}</h2>")
            parts.append(self._card(item))
        text = f"{len(self.assessment.leading())} wskaźników z wartością"
        return Display("".join(parts) or '<p class="smup-note">Brak wartości.</p>', text)

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
                )
            items = [i for i in self.assessment.leading() if i.indicator.service == code]
            leading = service_page.leading_indicator(self.assessment, items)
            card = self._card(leading) if leading else ""
            parts.append(service_page.render_service(self.assessment, services[code], items, card))
            texts.append(f"{services[code].name}: {len(items)} wskaźników z wartością")
        return Display("".join(parts), "\n".join(texts))

    def indicator(self, *indicator_ids: str) -> Display:
        """Return the card of one indicator: value, distribution, years, meaning, limits."""
        item = self._item(*indicator_ids)
        return Display(self._card(item), item.indicator.name)

    def _card(self, item: IndicatorAssessment) -> str:
        a = self.assessment
        head = area_page.render_indicator_head(a, item, self._workspace.catalogue)
        foot = area_page.render_indicator_foot(item, self._workspace.catalogue)
        charts = ""
        if item.status == "shown":
            source = self._source_line([item])
            figures = (
                area_charts.distribution_chart(a, item, self._names, source),
                area_charts.series_chart(a, item, source, self._events(item)),
            )
            charts = "".join(ChartFigure(chart)._repr_html_() for chart in figures)
            charts = f'<div class="smup-pair">{charts}</div>'
        return f'<article class="smup-indicator">{head}{charts}{foot}</article>'

    def distribution(self, *indicator_ids: str) -> ChartFigure:
        """Return the unit among its group on one indicator."""
        item = self._item(*indicator_ids)
        return ChartFigure(
            area_charts.distribution_chart(
                self.assessment, item, self._names, self._source_line([item])
            )
        )

    def series(self, *indicator_ids: str) -> ChartFigure:
        """Return one indicator over the years."""
        item = self._item(*indicator_ids)
        return ChartFigure(
            area_charts.series_chart(
                self.assessment, item, self._source_line([item]), self._events(item)
            )
        )

    def ranking(
        self, *indicator_ids: str, among: Literal["neighbours", "group"] = "neighbours"
    ) -> ChartFigure:
        """Return the unit and its neighbours (or its group) in order of value."""
        a, item = self.assessment, self._item(*indicator_ids)
        codes, words, group_key = (
            (a.neighbours, "jednostka i jej sąsiedzi", "neighbours")
            if among == "neighbours"
            else (a.group.members, "jednostka i jej grupa", a.group.key)
        )
        source = self._source_line([item])
        ranks = compare_ranks(item.indicator, item.values, [a.unit.code, *codes])
        chart = area_charts.ranking_chart(
            a, item, self._names, source, codes, words, ranks, group_key
        )
        return ChartFigure(chart)

    def map(self, *indicator_ids: str) -> ChartFigure:
        """Return one indicator on the map of all units of the level."""
        a, item = self.assessment, self._item(*indicator_ids)
        outlines = self._workspace.snapshot.table("outlines")
        outlines = outlines[outlines["level"] == a.unit.level]
        source = self._source_line([item])
        return ChartFigure(area_charts.map_chart(a, item, self._names, source, outlines))

    def table(self) -> Display:
        """Return all indicators of the area in one table."""
        return Display(
            area_page.render_values_table(self.assessment), self.frame().to_string(index=False)
        )

    def frame(self) -> pd.DataFrame:
        """Return the numbers of the page as a frame for further work.

        Returns
        -------
        DataFrame
            ``indicator, name, dimension, measure_unit, value, flag, qualifiers, median, q25, q75,
            gap, rank, n_ranked, percentile, standing, trend, slope``; one row an indicator.
        """
        import pandas as pd

        rows = [
            {
                "indicator": item.indicator.id,
                "name": item.indicator.name,
                "dimension": item.indicator.dimension,
                "measure_unit": item.indicator.measure_unit,
                "value": item.value,
                "flag": item.flag,
                "qualifiers": item.qualifiers,
            }
            | {
                name: getattr(item.position, name)
                for name in (
                    "median",
                    "q25",
                    "q75",
                    "gap",
                    "rank",
                    "n_ranked",
                    "percentile",
                    "standing",
                )
            }
            | {"trend": item.trend.direction, "slope": item.trend.slope}
            for item in self.assessment.indicators
        ]
        return pd.DataFrame(rows)

    def gaps(self) -> Display:
        """Return what is not known, why, and who has it."""
        text = "; ".join(item.gap.wanted for item in self.assessment.gaps)
        return Display(area_page.render_gaps(self.assessment), text or "Brak nazwanych luk.")

    def sources(self) -> Display:
        """Return the files behind the numbers, credit lines and how we compute."""
        rows, credit_lines = self.source_rows()
        html = area_page.render_sources(rows, credit_lines) + area_page.render_method_notes()
        return Display(html, "\n".join(row["id"] for row in rows))

    def source_rows(self) -> tuple[list[dict[str, str]], list[str]]:
        """Return rows of the sources behind the shown numbers, and their credit lines."""
        return self._sources(list(self.assessment.indicators))

    def receipt(self) -> Display:
        """Return what identifies this result: snapshot, versions, parameters."""
        a = self.assessment
        parameters = {
            "area": a.area.id,
            "unit": a.unit.code,
            "year": a.year,
            "group": a.group.key,
        }
        receipt = make_receipt(self._workspace.snapshot, parameters)
        return Display(receipt.render(), str(receipt))

    def _item(self, *indicator_ids: str) -> IndicatorAssessment:
        """Return the first of the named indicators that has a value, else the first at the level.

        A notebook names a published and a computed one, or one for each level.
        """
        area = self.assessment.area
        known = {indicator.id for indicator in area.indicators}
        for indicator_id in indicator_ids:
            if indicator_id not in known:
                hint = did_you_mean(indicator_id, known)
                raise IndicatorError(
                    f"Obszar „{area.name}” nie ma wskaźnika „{indicator_id}”"
                    f"{'; ' + hint if hint else ''}.",
                    expected=", ".join(sorted(known)),
                )
        by_id = {item.indicator.id: item for item in self.assessment.indicators}
        here = [by_id[name] for name in indicator_ids if name in by_id]
        with_value = [item for item in here if item.status == "shown"]
        if not here:
            raise IndicatorError(
                f"Na tym szczeblu nie ma żadnego z wskaźników: {', '.join(indicator_ids)}.",
                expected=", ".join(by_id),
            )
        return (with_value or here)[0]

    def _events(self, item: IndicatorAssessment) -> tuple[str, ...]:
        """Return what happened to the unit in the years of a series and breaks nothing."""
        years = item.series["year"].tolist()
        notes = list_notes(self._workspace.register, self.assessment.unit.code, years)
        own = self.assessment.unit.code
        # several inputs of one value stand beside each other with a space
        texts = [text for row in item.recalculated_from for text in row.split(" ")]
        added = sorted({code for text in texts for code in text.split("+")} - {own, ""})
        names = ", ".join(self._workspace.register.label(code) for code in added)
        estimated = item.series["qualifiers"].str.contains("estimated_weights").any()
        doubt = " (wartości szacunkowe, wagi według powierzchni)" if estimated else ""
        told = [note.text for note in notes]
        if names:
            # a label of a former unit may end in "r."
            text = f"Lata sprzed zmiany granic przeliczono, dodając: {names}{doubt}"
            told.append(text.removesuffix(".") + ".")
        return tuple(told)

    def _source_line(self, items: list[IndicatorAssessment]) -> str:
        rows, _ = self._sources(items)
        day = format_date(self._workspace.snapshot.manifest.created[:10])
        publishers = ", ".join(sorted({row["publisher"] for row in rows})) or "brak danych"
        return f"Źródło: {publishers}. Opracowanie własne, stan danych {day}"

    def _sources(self, items: list[IndicatorAssessment]) -> tuple[list[dict[str, str]], list[str]]:
        """Return rows of the sources behind the shown numbers, and credit lines."""
        records = self._workspace.snapshot.manifest.sources
        named = {
            source for item in items for row in item.values["source"] for source in row.split(" ")
        }
        rows, credit_lines = [], []
        for source in sorted(named & set(records)):
            record = records[source]
            publisher = self._workspace.catalogue.publisher_of(source)
            years = record.years
            rows.append(
                {
                    "id": source,
                    "title": record.title,
                    "publisher": publisher.name,
                    "file": record.file.name if record.file else "–",
                    "retrieved": format_date(record.file.retrieved[:10]) if record.file else "–",
                    "years": f"{min(years)}–{max(years)}" if years else "–",
                }
            )
            credit_lines.append(publisher.credit)
        return rows, list(dict.fromkeys(credit_lines))


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
    found = workspace.unit(unit, level=level, year=year)
    return AreaView(workspace, load_assessment(workspace, area, found, year, group))
