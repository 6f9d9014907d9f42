"""How does one service stand on a page? Its indicators in one table, one of them in full."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.present.area_charts import number_key
from smup_lib.present.cautions import list_footnotes
from smup_lib.present.charts import MissingData
from smup_lib.present.figure import missing_box
from smup_lib.present.findings import NO_REMARKS, Remarks
from smup_lib.present.footnotes import Footnotes
from smup_lib.present.formats import NBSP
from smup_lib.present.summary import NO_MARKS, Marks
from smup_lib.present.tables import Column, render_table
from smup_lib.present.values_table import DEPARTURES, name_with_unit
from smup_lib.present.words import NOMINAL, STANDINGS, WHERE_DATA_ARE, standing_words

if TYPE_CHECKING:
    from smup_lib.catalogue.model import Service
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.assessment import DimensionGap

TREND_WORDS = {
    "rising": "z biegiem lat na ogół rośnie",
    "falling": "z biegiem lat na ogół spada",
    "steady": "z biegiem lat bez wyraźnej zmiany",
}
_LEVEL_WORDS = {"gmina": "gmin", "powiat": "powiatów"}


def leading_indicator(
    assessment: AreaAssessment, items: Sequence[IndicatorAssessment]
) -> IndicatorAssessment | None:
    """Return the indicator to show in full: the one that the first finding speaks of.

    Without a finding it is the first that has a direction, and else the first.
    """
    by_id = {item.indicator.id: item for item in items}
    for finding in assessment.findings:
        if finding.indicator in by_id:
            return by_id[finding.indicator]
    judged = [item for item in items if item.indicator.ranked]
    return next(iter(judged or items), None)


def render_service(
    assessment: AreaAssessment,
    service: Service,
    items: Sequence[IndicatorAssessment],
    card: str,
    marks: Marks = NO_MARKS,
    caveats: Remarks = NO_REMARKS,
) -> str:
    """Return the section of a service.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    service : Service
        The service.
    items : sequence of IndicatorAssessment
        Its indicators that have a value.
    card : str
        The card of the leading one.
    marks : mapping of str to str, optional
        Source links of indicators, by id.
    caveats : mapping of str to sequence of str, optional
        What limits the values of the year, by id of the indicator.
    """
    head = f'<section class="smup-service"><h3>{escape(service.name)}</h3>{service_intro(service)}'
    if assessment.unit.level not in service.levels:
        levels = ", ".join(_LEVEL_WORDS.get(level, level) for level in service.levels)
        return (
            f'{head}<p class="smup-note">Tę usługę opisują tylko wskaźniki {levels}.</p></section>'
        )
    gaps = silent_gaps(assessment, service.code, items)
    if not items:
        return f"{head}{_empty_service(service, gaps)}</section>"
    known = _table(assessment, service, items, marks, caveats)
    box = _gap_box("Czego tu nie wiemy:", gaps, reasons=False) if gaps else ""
    return f"{head}{known}{box}{card}</section>"


def service_intro(service: Service) -> str:
    """Return what the service is, below its heading."""
    if service.description == service.name:
        return ""
    return f'<p class="smup-lead">{escape(service.description)}</p>'


def silent_gaps(
    assessment: AreaAssessment, service: str, items: Sequence[IndicatorAssessment]
) -> list[DimensionGap]:
    """Return the stated gaps of a service in dimensions that no indicator tells about."""
    told = {item.indicator.dimension for item in items}
    return [gap for gap in assessment.gaps if gap.service == service and gap.dimension not in told]


def _table(
    assessment: AreaAssessment,
    service: Service,
    items: Sequence[IndicatorAssessment],
    marks: Marks,
    caveats: Remarks,
) -> str:
    import pandas as pd

    notes = Footnotes()
    signs = [notes.mark(list_footnotes(i, caveats.get(i.indicator.id, ()))) for i in items]
    frame = pd.DataFrame(
        {
            "name": [
                _named(item, sign, marks.get(item.indicator.id, ""))
                for item, sign in zip(items, signs, strict=True)
            ],
            "value": [item.value for item in items],
            "flag": [item.flag for item in items],
            "median": [item.position.median for item in items],
            "decimals": [item.indicator.decimals for item in items],
            "key": [number_key(assessment, i).of(statistic="value") for i in items],
            "median_key": [number_key(assessment, i).of(statistic="median") for i in items],
        }
    )
    columns = [
        Column("name", "Wskaźnik", "html"),
        Column("value", "Wartość", "number", flag="flag", key="key", decimals_from="decimals"),
        Column("median", "Mediana grupy", "number", key="median_key", decimals_from="decimals"),
    ]
    caption = f"{service.name}: wskaźniki, {assessment.year} r."
    nominal = any(i.indicator.nominal and i.trend.direction != "unknown" for i in items)
    note = NOMINAL if nominal else ""
    return render_table(frame, columns, caption, hide_caption=True, note=note) + notes.render()


def _named(item: IndicatorAssessment, sign: str, source: str) -> str:
    """Return name, measure unit and sign; below them dimension, standing, trend and source.

    As columns of their own they would not fit on a phone.
    """
    name = name_with_unit(item.indicator.short_name, item.indicator.measure_unit) + sign
    dimension = DIMENSION_WORDS.get(item.indicator.dimension or "", "")
    trend = TREND_WORDS.get(item.trend.direction)
    # a reason is text of ours too, but not markup
    trend = trend or escape(f"kierunku zmian nie podajemy: {item.trend.reason}")
    said = (dimension, _standing(item), trend, f"źródło{NBSP}{source}" if source else "")
    beside = " · ".join(word for word in said if word)
    return f'{name}<br><span class="smup-note">{beside}</span>'


def _standing(item: IndicatorAssessment) -> str:
    if item.position.departure:
        return f"{STANDINGS['not_judged'].shape} {DEPARTURES[item.position.departure]}"
    why = f" ({escape(item.position.reason)})" if item.position.reason else ""
    return standing_words(item.position.standing) + why


def _gap_box(title: str, gaps: Sequence[DimensionGap], *, reasons: bool) -> str:
    """Return the box that says what is missing and who has it, a line each."""
    items = "".join(
        f"<li>{escape(gap.gap.wanted)} "
        f'<span class="smup-note">{escape(gap.gap.reason) + " " if reasons else ""}'
        f"{WHERE_DATA_ARE}: {escape(gap.gap.source)}</span></li>"
        for gap in gaps
    )
    return (
        f'<div class="smup-empty" role="note"><p class="smup-empty-title">'
        f'<span class="smup-mark" aria-hidden="true">?</span> {escape(title)}</p>'
        f"<ul>{items}</ul></div>"
    )


def _empty_service(service: Service, gaps: Sequence[DimensionGap]) -> str:
    if not gaps:
        return missing_box(service.name, MissingData(what="wartości wskaźników tej usługi"))
    return _gap_box("Brak danych. Co by pomogło:", gaps, reasons=True)
