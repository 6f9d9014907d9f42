"""All indicators of an area in one table: which columns, which remarks below, which words?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.area_charts import number_key
from smup_lib.present.cautions import list_footnotes
from smup_lib.present.findings import NO_REMARKS, Remarks
from smup_lib.present.footnotes import Footnotes
from smup_lib.present.numbers import tagged
from smup_lib.present.summary import NO_MARKS, Marks
from smup_lib.present.tables import Column, render_table
from smup_lib.present.words import NOT_COMPARABLE, QUESTION, STANDINGS, standing_words

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

DEPARTURES = {
    "typical": f"wartość typowa dla grupy, {STANDINGS['not_judged'].word}",
    "departs": f"wartość odbiega od grupy: {QUESTION}",
    "strongly_departs": f"wartość mocno odbiega od grupy: {QUESTION}",
}


def render_values_table(
    assessment: AreaAssessment, marks: Marks = NO_MARKS, caveats: Remarks = NO_REMARKS
) -> str:
    """Return the indicators of the area in one table: value, median, how many, standing, source.

    Those that nobody in the group has are only named below it. ``caveats`` limit the values of the
    year, by id of the indicator; each is said below the table.
    """
    import pandas as pd

    notes = Footnotes()
    rows = [
        _value_row(assessment, item, marks, notes.mark(list_footnotes(item, texts)))
        for item in assessment.indicators
        if not nobody_tells(item)
        for texts in [caveats.get(item.indicator.id, ())]
    ]
    if not rows:
        return _without_values(assessment)
    columns = [
        Column("name", "Wskaźnik", "html"),
        Column("dimension", "Wymiar"),
        Column("value", "Wartość", "number", flag="flag", key="key", decimals_from="decimals"),
        Column("median", "Mediana grupy", "number", key="median_key", decimals_from="decimals"),
        Column("n", "Dane w grupie", "html"),
        Column("standing", "Wobec grupy"),
        Column("source", "Źródło", "html"),
    ]
    silent = set() if marks else {"source"}
    if not any(item.indicator.dimension for item in assessment.indicators):
        silent.add("dimension")
    if all(item.indicator.role == "contextual" for item in assessment.indicators):
        silent.add("standing")
    columns = [column for column in columns if column.name not in silent]
    caption = f"{assessment.area.name}: wskaźniki, {assessment.year} r."
    table = render_table(pd.DataFrame(rows), columns, caption, stacked=True)
    return table + notes.render() + _without_values(assessment)


def _value_row(
    assessment: AreaAssessment, item: IndicatorAssessment, marks: Marks, sign: str
) -> dict[str, object]:
    indicator, key = item.indicator, number_key(assessment, item)
    return {
        "name": name_with_unit(indicator.name, indicator.measure_unit) + sign,
        "dimension": DIMENSION_WORDS.get(indicator.dimension or "", "–"),
        "value": item.value,
        "flag": item.flag,
        "median": item.position.median,
        "n": used_of_group(item, key),
        "standing": _standing_cell(item),
        "source": marks.get(indicator.id, ""),
        "decimals": indicator.decimals,
        "key": key.of(statistic="value"),
        "median_key": key.of(statistic="median"),
    }


def nobody_tells(item: IndicatorAssessment) -> bool:
    """Whether neither the unit nor its group has a number, and none was refused."""
    return item.value is None and not item.position.n_used and not list_footnotes(item, ())


def _without_values(assessment: AreaAssessment) -> str:
    """Name the indicators that neither the unit nor its group has in this year."""
    silent = [item.indicator.name for item in assessment.indicators if nobody_tells(item)]
    if not silent:
        return ""
    listed = "".join(f"<li>{escape(name)}</li>" for name in silent)
    return (
        '<details class="smup-more"><summary>Wskaźniki, których w '
        f"{assessment.year} r. nie ma ani jednostka, ani jej grupa ({len(silent)})</summary>"
        f"<ul>{listed}</ul></details>"
    )


def _standing_cell(item: IndicatorAssessment) -> str:
    """Say in a few words where a value stands; a cost far from its group is a question."""
    if item.position.departure in ("departs", "strongly_departs"):
        return f"{STANDINGS['not_judged'].shape} {QUESTION}"
    if item.status == "not_applicable":
        return NOT_COMPARABLE
    return standing_words(item.position.standing)


def name_with_unit(name: str, measure_unit: str) -> str:
    """Return a name with its measure unit, for a table of indicators in different units.

    Examples
    --------
    >>> name_with_unit("Dochody", "zł")
    'Dochody <span class="smup-figure-unit">[zł]</span>'
    """
    if not measure_unit or measure_unit == "-":
        return escape(name)
    return f'{escape(name)} <span class="smup-figure-unit">[{escape(measure_unit)}]</span>'


def used_of_group(item: IndicatorAssessment, key: NumberKey) -> str:
    """Say how many of the group had a value."""
    used = tagged(item.position.n_used, key.of(statistic="n_used"))
    return f"{used} z {tagged(item.position.n_group, key.of(statistic='n_group'))}"
