"""How does one service read on a page of its own: what stands out, and the four dimensions?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.present.area_charts import number_key
from smup_lib.present.findings import NO_REMARKS, Remarks, render_findings
from smup_lib.present.numbers import tagged
from smup_lib.present.service_list import service_code
from smup_lib.present.service_page import silent_gaps
from smup_lib.present.summary import NO_MARKS, Marks, render_key, render_silence
from smup_lib.present.tables import render_facts
from smup_lib.present.values_table import DEPARTURES
from smup_lib.present.words import NO_DATA, STANDINGS, WHERE_DATA_ARE, standing_words

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, DimensionGap, Finding, IndicatorAssessment

_NO_VALUE = "Wczytane dane nie mają żadnej wartości tej usługi dla tej jednostki."


def render_service_findings(
    assessment: AreaAssessment,
    items: Sequence[IndicatorAssessment],
    told: Sequence[Finding],
    marks: Marks = NO_MARKS,
    remarks: Remarks = NO_REMARKS,
    *,
    rest: int = 0,
) -> str:
    """Return what stands out of a service; where nothing does, why.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    items : sequence of IndicatorAssessment
        All indicators of the service.
    told : sequence of Finding
        The few that are told.
    marks : mapping of str to str, optional
        Source links of indicators, by id.
    remarks : mapping of str to sequence of str, optional
        What must be said beside a value, by id of its indicator.
    rest : int, default 0
        How many findings more the cards below tell.
    """
    shown = [item for item in items if item.status == "shown"]
    if told:
        listed = render_findings(told, label="Ustalenia o usłudze", marks=marks, remarks=remarks)
        more = (
            f'<p class="smup-note">Pozostałe ustalenia o tej usłudze: {rest}.</p>' if rest else ""
        )
        body = listed + render_key(told) + more
    else:
        code = service_code(items[0].indicator.service) if items else ""
        body = f"<p>{render_silence(assessment, shown, service=code) or _NO_VALUE}</p>"
    return f'<section class="smup-summary"><h2>W skrócie</h2>{body}</section>'


def render_service_dimensions(
    assessment: AreaAssessment, code: str, items: Sequence[IndicatorAssessment]
) -> str:
    """Return a line for each dimension: what its indicators say, or who has the data.

    Nothing for indicators without dimensions, as those of finance.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    code : str
        Of the service; empty for the indicators that belong to none.
    items : sequence of IndicatorAssessment
        Its indicators.
    """
    if not any(item.indicator.dimension for item in items):
        return ""
    shown = [item for item in items if item.status == "shown"]
    gaps = silent_gaps(assessment, code, shown)
    facts = []
    for dimension, word in DIMENSION_WORDS.items():
        lines = [_line(assessment, i) for i in shown if i.indicator.dimension == dimension]
        if not lines:
            who = _who_has(next((gap for gap in gaps if gap.dimension == dimension), None))
            lines = [f'<span class="smup-mark" aria-hidden="true">?</span> {NO_DATA}{who}']
        facts.append((word, "<br>".join(lines)))
    table = render_facts(facts, trusted=True)
    return f'<section class="smup-four"><h2>Cztery wymiary usługi</h2>{table}</section>'


def _line(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    """Return name, value and standing of an indicator, the name leading to its card."""
    indicator, position = item.indicator, item.position
    value = tagged(
        position.value,
        number_key(assessment, item).of(statistic="value"),
        indicator.decimals,
        measure_unit=indicator.measure_unit,
    )
    words = standing_words(position.standing)
    if position.departure:
        words = f"{STANDINGS['not_judged'].shape} {DEPARTURES[position.departure]}"
    return (
        f'<a href="#w-{indicator.id}">{escape(indicator.short_name)}</a>: {value} '
        f'<span class="smup-note">{words}</span>'
    )


def _who_has(gap: DimensionGap | None) -> str:
    if gap is None:
        return ""
    wanted = escape(gap.gap.wanted.removesuffix("."))
    return (
        f'<br><span class="smup-note">{wanted}. {WHERE_DATA_ARE}: {escape(gap.gap.source)}</span>'
    )
