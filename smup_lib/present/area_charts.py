"""Which charts show an assessed indicator or area?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from smup_lib.catalogue.vocabulary import Dimension
from smup_lib.compare.position import MINIMUM_PEERS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.polish_text import in_sentence
from smup_lib.present.charts import (
    BreakMark,
    DistributionChart,
    MapChart,
    MissingData,
    PairAxis,
    PairChart,
    ProfileChart,
    RankingChart,
    SeriesChart,
)
from smup_lib.present.formats import NBSP
from smup_lib.present.plain_frame import plain_frame
from smup_lib.present.sources import SourceLine
from smup_lib.present.words import NOMINAL, qualifier_words

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

_AMOUNTS = ("count_ratio", "money_ratio")


def number_key(assessment: AreaAssessment, item: IndicatorAssessment) -> NumberKey:
    """Return the key of an indicator's numbers in this assessment."""
    return NumberKey(
        assessment.unit.code,
        item.indicator.id,
        assessment.year,
        group=assessment.group.key,
    )


def distribution_chart(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    names: Mapping[str, str],
    source: SourceLine,
    caveats: Sequence[str] = (),
) -> DistributionChart:
    """Show the unit among its group and its neighbours.

    Parameters
    ----------
    assessment, item : AreaAssessment, IndicatorAssessment
        What to show.
    names : mapping of str to str
        Short names of units by code.
    source : SourceLine
        The source line.
    caveats : sequence of str, optional
        What limits the values of this year.
    """
    frame = _units_frame(
        assessment, item, names, (*assessment.group.members, *assessment.neighbours)
    )
    return DistributionChart(
        frame=frame,
        title=f"{item.indicator.name}, {assessment.year}{NBSP}r.",
        notes=(*_value_notes(item), *caveats),
        **_told(assessment, item, source),
        **_judged(item),
        from_zero=item.indicator.data_basis in _AMOUNTS,
    )


def _roles(assessment: AreaAssessment, codes: Sequence[str]) -> list[str]:
    """Say of each unit whether it is the reader's, of the group, a neighbour or both."""
    group, beside = set(assessment.group.members), set(assessment.neighbours)

    def role(code: str) -> str:
        if code == assessment.unit.code:
            return "unit"
        if code not in group:
            return "neighbour"
        return "peer_neighbour" if code in beside else "peer"

    return [role(code) for code in codes]


def pair_chart(
    assessment: AreaAssessment,
    across: IndicatorAssessment,
    up: IndicatorAssessment,
    names: Mapping[str, str],
    source: SourceLine,
    caveats: Sequence[str] = (),
) -> PairChart:
    """Show two indicators of the unit, its group and its neighbours against each other.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit and its group.
    across, up : IndicatorAssessment
        What goes to the right, and what goes up.
    names, source, caveats
        As for :func:`distribution_chart`; of both indicators.
    """
    codes = (*assessment.group.members, *assessment.neighbours)
    frame = _units_frame(assessment, up, names, codes)
    beside = _units_frame(assessment, across, names, codes)
    frame["across"], frame["across_flag"] = beside["value"], beside["flag"]
    first, second = in_sentence(across.indicator.short_name), up.indicator.short_name
    notes = (*_value_notes(up), *_value_notes(across))
    return PairChart(
        frame=frame,
        title=f"{second} a {first}, {assessment.year}{NBSP}r.",
        name=second,
        across=_across_axis(assessment, across),
        notes=tuple(dict.fromkeys((*notes, *caveats))),
        **_told(assessment, up, source) | {"missing": _missing_pair(assessment, across, up)},
        **_judged(up),
    )


def _across_axis(assessment: AreaAssessment, item: IndicatorAssessment) -> PairAxis:
    return PairAxis(
        name=item.indicator.short_name,
        measure_unit=item.indicator.measure_unit,
        key=number_key(assessment, item),
        decimals=item.indicator.decimals,
        median=item.position.median,
        polarity=item.indicator.polarity.judged,
    )


def _missing_pair(
    assessment: AreaAssessment, across: IndicatorAssessment, up: IndicatorAssessment
) -> MissingData:
    """Say why two indicators cannot stand against each other."""
    lacking = [item for item in (up, across) if item.value is None]
    reasons = [f"{i.indicator.short_name}: {missing_data(i).reason}" for i in lacking]
    years = [f"{i.indicator.short_name}: {i.last_year}" for i in lacking if i.last_year]
    few = (
        f"obie wartości ma mniej niż {MINIMUM_PEERS} jednostki z grupy, "
        f"która liczy ich {len(assessment.group.members)}"
    )
    return MissingData(
        what=f"{up.indicator.short_name} obok: {across.indicator.short_name}",
        reason="; ".join(reasons) or few,
        since=f"ostatni rok z wartością: {'; '.join(years)}" if years else "",
        next_step="" if lacking else "wybierz większą grupę albo inny rok",
        incomparable=any(item.status == "not_applicable" for item in lacking),
    )


def series_chart(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    source: SourceLine,
    events: Sequence[str] = (),
    caveats: Sequence[str] = (),
) -> SeriesChart:
    """Show the unit over the years beside the median and the middle half of its group.

    ``events`` are remarks on the unit's history that break no series: a new kind, a new name;
    ``caveats`` limit the values of some of the years.
    """
    return SeriesChart(
        frame=_known_years(item.series),
        title=f"{item.indicator.name} w kolejnych latach",
        **_told(assessment, item, source),
        notes=(*_series_notes(item), *caveats, *events),
        breaks=tuple(BreakMark(year=b.year, note=b.reason) for b in item.breaks),
        joined=item.indicator.across_years,
        from_zero=item.indicator.data_basis in _AMOUNTS,
    )


def _known_years(series: pd.DataFrame) -> pd.DataFrame:
    """Cut off the years before the first and after the last number of the unit or its group."""
    known = series.index[series["value"].notna() | series["median"].notna()]
    return series.loc[known[0] : known[-1]] if len(known) else series


def ranking_chart(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    names: Mapping[str, str],
    source: SourceLine,
    codes: Sequence[str],
    among: str,
    ranks: Mapping[str, int],
    group_key: str,
    caveats: Sequence[str] = (),
) -> RankingChart:
    """Show the unit and others as bars in order of value, with their places if they have any."""
    frame = _units_frame(assessment, item, names, codes, roles=False)
    if ranks:
        frame["rank"] = frame["unit_code"].map(ranks)
    return RankingChart(
        frame=frame,
        title=f"{item.indicator.name}, {assessment.year}{NBSP}r.: {among}",
        **_told(assessment, item, source),
        **_judged(item),
        from_zero=True,
        notes=(*_value_notes(item), *caveats),
        # a place among neighbours is another number than a place in the group
        rank_group=group_key,
    )


def map_chart(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    names: Mapping[str, str],
    source: SourceLine,
    outlines: pd.DataFrame,
    caveats: Sequence[str] = (),
) -> MapChart:
    """Show all units of the level as areas coloured by value."""
    values = item.values[["unit_code", "value", "flag", "qualifiers"]]
    frame = outlines[["unit_code", "geometry"]].merge(values, on="unit_code", how="left")
    frame["flag"] = frame["flag"].astype(object).where(frame["flag"].notna(), "no_data")
    frame["qualifiers"] = frame["qualifiers"].astype(object).where(frame["value"].notna(), "")
    frame["name"] = [names.get(code, code) for code in frame["unit_code"]]
    return MapChart(
        frame=frame,
        notes=(*_value_notes(item), *caveats),
        title=f"{item.indicator.name}, {assessment.year}{NBSP}r.",
        **_told(assessment, item, source),
        **_judged(item),
    )


def profile_chart(assessment: AreaAssessment, source: SourceLine, *, summary: bool) -> ProfileChart:
    """Show the area's indicators as positions in the group, by dimension."""
    import pandas as pd

    more = ("flag", "measure_unit", "decimals", "median", "n_used", "reason")
    columns = [*ProfileChart.columns, *more]
    frame = pd.DataFrame(_profile_rows(assessment), columns=columns)
    return ProfileChart(
        frame=frame.astype({"value": float, "percentile": float}),
        title=f"Cztery wymiary: {assessment.area.name}, {assessment.year}{NBSP}r.",
        measure_unit="",
        source_line=source.text,
        source_links=source.links,
        key=NumberKey(
            assessment.unit.code,
            assessment.area.id,
            assessment.year,
            group=assessment.group.key,
        ),
        unit_name=assessment.unit.short_label,
        gaps=_dimension_gaps(assessment),
        summary=summary,
    )


def profile_items(assessment: AreaAssessment) -> list[IndicatorAssessment]:
    """Return the indicators that the profile shows: with a value, or where only others have one."""
    leading = assessment.leading()
    return [
        item
        for item in assessment.indicators
        if item.indicator.dimension is not None
        and (item in leading or (item.status != "shown" and item.table.told))
    ]


def _profile_rows(assessment: AreaAssessment) -> list[dict[str, Any]]:
    return [
        {
            "indicator": item.indicator.id,
            "name": item.indicator.short_name,
            "dimension": item.indicator.dimension,
            "value": item.value,
            "flag": item.flag,
            "percentile": item.position.percentile,
            "standing": item.position.standing,
            "measure_unit": item.indicator.measure_unit,
            "decimals": item.indicator.decimals,
            "median": item.position.median,
            "n_used": item.position.n_used,
            "reason": item.reason or item.position.reason or "",
        }
        for item in profile_items(assessment)
    ]


def missing_data(item: IndicatorAssessment) -> MissingData:
    """Say why an indicator has nothing to draw."""
    since = f"ostatni rok z wartością: {item.last_year}" if item.last_year else ""
    return MissingData(
        what=item.indicator.name,
        reason=item.reason or item.position.reason or "",
        since=since,
        incomparable=item.status == "not_applicable",
    )


def _told(
    assessment: AreaAssessment, item: IndicatorAssessment, source: SourceLine
) -> dict[str, Any]:
    """Return what every chart of an indicator says of itself."""
    return {
        "measure_unit": item.indicator.measure_unit,
        "source_line": source.text,
        "source_links": source.links,
        "key": number_key(assessment, item),
        "unit_name": assessment.unit.short_label,
        "decimals": item.indicator.decimals,
        "missing": missing_data(item),
    }


def _judged(item: IndicatorAssessment) -> dict[str, Any]:
    """Return what every chart of a group says of the unit's place in it."""
    return {
        "median": item.position.median,
        "q25": item.position.q25,
        "q75": item.position.q75,
        "polarity": item.indicator.polarity.judged,
        "standing": item.position.standing,
    }


def _dimension_gaps(assessment: AreaAssessment) -> dict[str, MissingData]:
    gaps: dict[str, MissingData] = {}
    for dimension in get_args(Dimension):
        stated = [item.gap for item in assessment.gaps if item.dimension == dimension]
        if stated:
            first = stated[0]
            gaps[dimension] = MissingData(
                what=first.wanted, reason=first.reason, holder=first.source
            )
    return gaps


def _units_frame(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    names: Mapping[str, str],
    codes: Sequence[str],
    *,
    roles: bool = True,
) -> pd.DataFrame:
    """Return the unit and the named others, those without a row included."""
    wanted = list(dict.fromkeys([assessment.unit.code, *codes]))
    values, flags = item.table.cells(wanted)
    columns: dict[str, Any] = {
        "unit_code": wanted,
        "value": np.array(values, dtype="float64"),
        "flag": flags,
        "name": [names.get(code, code) for code in wanted],
    }
    return plain_frame(columns | ({"role": _roles(assessment, wanted)} if roles else {}))


def _value_notes(item: IndicatorAssessment) -> tuple[str, ...]:
    return (f"Wartość jednostki: {qualifier_words(item.qualifiers)}.",) if item.qualifiers else ()


_NOT_COMPARED = "Lat tego wskaźnika nie należy porównywać, dlatego punktów nie łączy linia."


def _series_notes(item: IndicatorAssessment) -> tuple[str, ...]:
    """Return what a reader of years must know: prices, and where another data set goes on."""
    told = [NOMINAL] if item.indicator.nominal else []
    told += [] if item.indicator.across_years else [_NOT_COMPARED]
    told += [f"Od {year} r. wartości pochodzą z innego zbioru." for year in item.source_changes]
    return tuple(told)
