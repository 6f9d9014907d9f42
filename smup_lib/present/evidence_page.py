"""Everything that a conclusion on one indicator rests on: findings, witnesses, years, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.evidence import NumberKey
from smup_lib.group_names import write_rule
from smup_lib.present.area_charts import number_key
from smup_lib.present.findings import render_findings
from smup_lib.present.numbers import tagged
from smup_lib.present.summary import Marks
from smup_lib.present.tables import Column, render_facts, render_table
from smup_lib.present.words import flag_words, qualifier_words
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

_TRENDS = {
    "rising": "rośnie",
    "falling": "spada",
    "steady": "bez wyraźnego kierunku",
    "unknown": "nie wiadomo",
}


def render_evidence(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    own: pd.DataFrame,
    marks: Marks,
    remarks: Mapping[str, Sequence[str]],
) -> str:
    """Return all evidence on one indicator of a unit.

    Parameters
    ----------
    assessment, item : AreaAssessment, IndicatorAssessment
        The unit in the area, and the indicator.
    own : DataFrame
        Values of the unit in all years, as ``compute_values`` gives them.
    marks, remarks
        Links to sources and what must be said beside a value, by indicator.
    """
    told = [f for f in assessment.findings if f.indicator == item.indicator.id]
    findings = (
        render_findings(told, label="Ustalenia", marks=marks, remarks=remarks)
        if told
        else f"<p>{_no_finding(item)}</p>"
    )
    facts = render_facts(_facts(assessment, item), trusted=True)
    return (
        f'<section class="smup-evidence"><h2>Na czym to stoi</h2>{findings}{facts}'
        f"{render_parts(assessment, item, own)}</section>"
    )


def _no_finding(item: IndicatorAssessment) -> str:
    if item.position.standing in ("better", "worse", "similar"):
        return "Wartość nie odbiega wyraźnie od grupy. To też jest wynik."
    reason = item.reason or item.position.reason
    why = reason or "wskaźnika nie oceniamy, a wartość nie odbiega wyraźnie od grupy"
    return f"Nie ma ustalenia: {escape(why)}."


def _facts(assessment: AreaAssessment, item: IndicatorAssessment) -> list[tuple[str, str]]:
    """Return what was asked beside the value: other groups, years, chance, direction."""
    key = number_key(assessment, item)
    position = item.position
    breaks = "; ".join(f"{b.year}: {b.reason}" for b in item.breaks)
    used = tagged(position.n_used, key.of(statistic="n_used"))
    of = tagged(position.n_group, key.of(statistic="n_group"))
    return [
        ("Ilu z grupy ma wartość", f"{used} z {of}"),
        ("Inne grupy", other_groups_words(item, key)),
        ("Wcześniejsze lata", _earlier(item, key)),
        ("Kierunek zmian", _trend(item)),
        ("Przerwy w szeregu", escape(breaks) or "brak"),
    ]


def other_groups_words(item: IndicatorAssessment, key: NumberKey) -> str:
    """Say in how many other groups the unit lies on the same side of the median; markup."""
    found = item.robustness
    if found.share is None:
        return escape(found.reason or "nie sprawdzono")
    tried = tagged(found.n_groups, key.of(statistic="groups_tried"))
    agreeing = tagged(len(found.agreeing), key.of(statistic="groups_agreeing"))
    listed = ", ".join(map(write_rule, found.agreeing))
    told = f" ({listed})" if listed else ""
    yardstick = "mediany odległości od celu" if item.position.distance_side else "mediany"
    said = f"po tej samej stronie {yardstick} w {agreeing} z {tried} innych grup{told}"
    if found.level:
        level = tagged(len(found.level), key.of(statistic="groups_level"))
        said += f", a w {level} na równi z medianą (liczy się za pół)"
    if item.position.verdict_side == "equal":
        said += "; wartość jest równa medianie, więc każda grupa liczy się za pół"
    if found.by_weights is not None:
        weights = tagged(
            100 * found.by_weights, key.of(statistic="robustness_by_weights"), measure_unit="%"
        )
        said += (
            f" i w {weights} prób, w których jednostki podobne wybrano, licząc każdą cechę trochę "
            "mocniej albo słabiej"
        )
    share = tagged(100 * found.share, key.of(statistic="robustness"), measure_unit="%")
    return f"{said}; razem zgodność {share}"


def _earlier(item: IndicatorAssessment, key: NumberKey) -> str:
    found = item.persistence
    if found.share is None:
        return escape(found.reason or "nie sprawdzono")
    tried = tagged(len(found.years), key.of(statistic="years_tried"))
    agreeing = tagged(len(found.agreeing), key.of(statistic="years_agreeing"))
    listed = f" ({format_years(found.agreeing)})" if found.agreeing else ""
    yardstick = "mediany odległości od celu" if item.position.distance_side else "mediany"
    return f"po tej samej stronie {yardstick} w {agreeing} z {tried} lat{listed}"


def _trend(item: IndicatorAssessment) -> str:
    trend = item.trend
    words = _TRENDS.get(trend.direction, trend.direction)
    return escape(f"{words}: {trend.reason}" if trend.reason else words)


def render_parts(assessment: AreaAssessment, item: IndicatorAssessment, own: pd.DataFrame) -> str:
    """Return the value of each year with what it was divided from and by."""
    import pandas as pd

    if own.empty:
        return ""
    key = NumberKey(assessment.unit.code, item.indicator.id)
    rows = [_part_row(row, key) for row in own.sort_values("year").to_dict("records")]
    columns = [
        Column("year", "Rok", "year"),
        Column(
            *("value", "Wartość", "number", item.indicator.measure_unit, item.indicator.decimals),
            flag="flag",
            key="value_key",
        ),
    ]
    if item.indicator.method != "published":
        columns.append(Column("numerator", "Licznik", "number", key="numerator_key"))
    if item.indicator.inputs.denominator:
        columns.append(Column("denominator", "Mianownik", "number", key="denominator_key"))
    columns += [Column("remark", "Uwagi"), Column("source", "Źródło")]
    caption = f"{item.indicator.name}: z czego wynika każda wartość"
    return render_table(pd.DataFrame(rows), columns, caption, sortable=True)


def _part_row(row: dict[Any, Any], key: NumberKey) -> dict[str, Any]:
    year = int(row["year"])
    carried = bool(row["recalculated_from"])
    flag = str(row["flag"])
    remarks = [flag_words(flag) if flag != "ok" else "", qualifier_words(str(row["qualifiers"]))]
    remarks.append("w późniejszych granicach" if carried else "")
    statistic = "value_recalculated" if carried else "value"
    return {
        "year": year,
        "value": row["value"],
        "flag": flag,
        "value_key": key.of(year=year, statistic=statistic),
        "numerator": row["numerator"],
        "numerator_key": key.of(year=year, statistic="numerator"),
        "denominator": row["denominator"],
        "denominator_key": key.of(year=year, statistic="denominator"),
        "remark": "; ".join(text for text in remarks if text),
        "source": str(row["source"]).replace(" ", ", "),
    }
