"""Which charts belong to one indicator alone? The funnel of its group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from smup_lib.compare.funnel import draw_curves
from smup_lib.compare.intervals import chance_warnings
from smup_lib.present.area_charts import missing_data, number_key
from smup_lib.present.formats import NBSP
from smup_lib.present.funnel_chart import FunnelChart
from smup_lib.present.pair_chart import PairAxis
from smup_lib.present.sources import SourceLine

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator
    from smup_lib.compare import Funnel
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

_WIDENED = (
    "Jednostki tej grupy różnią się bardziej, niż tłumaczy sama wielkość, więc granice poszerzono."
)


def funnel_chart(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    found: Funnel,
    names: Mapping[str, str],
    source: SourceLine,
    size: tuple[str, str] = ("Mianownik wskaźnika", ""),
) -> FunnelChart:
    """Show the unit and its group by size, between the limits that chance allows (M5).

    Parameters
    ----------
    assessment, item : AreaAssessment, IndicatorAssessment
        The unit in the area, and the indicator.
    found : Funnel
        With an answer: a refused one is no chart.
    names : mapping of str to str
        Short names of units by code.
    source : SourceLine
        The source line.
    size : tuple of str
        What the denominator counts, and its measure unit.
    """
    indicator, key = item.indicator, number_key(assessment, item)
    frame = _units(assessment.unit.code, found, names)
    return FunnelChart(
        frame=frame,
        curves=draw_curves(indicator, found).rename(columns={"base": "across"}),
        outside=int((frame["excluded_at"] > 0).sum()),
        title=f"{indicator.name} a wielkość jednostki, {assessment.year}{NBSP}r.",
        name=indicator.short_name,
        across=PairAxis(
            name=size[0],
            measure_unit=size[1],
            key=key,
            decimals=0,
            statistic="denominator",
        ),
        median=found.centre,
        polarity=indicator.polarity.judged,
        standing=item.position.standing,
        notes=_notes(indicator, found),
        measure_unit=indicator.measure_unit,
        source_line=source.text,
        source_links=source.links,
        key=key,
        unit_name=assessment.unit.short_label,
        decimals=indicator.decimals,
        missing=missing_data(item),
    )


def _units(own: str, found: Funnel, names: Mapping[str, str]) -> pd.DataFrame:
    frame = found.rows.rename(columns={"base": "across"})
    codes = frame["unit_code"].tolist()
    return frame.assign(
        name=[names.get(code, code) for code in codes],
        role=["unit" if code == own else "peer" for code in codes],
        flag=["ok" if not reason else "no_data" for reason in frame["reason"]],
    )


def _notes(indicator: Indicator, found: Funnel) -> tuple[str, ...]:
    said = chance_warnings(indicator)  # beside the answers already
    notes = tuple(warning for warning in found.warnings if warning not in said)
    return (_WIDENED, *notes) if found.adjusted else notes
