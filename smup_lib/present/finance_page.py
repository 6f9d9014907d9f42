"""How does the money of a unit stand on a page: key numbers, costs with what they buy, amounts?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.present.answers import answer_html
from smup_lib.present.area_charts import number_key
from smup_lib.present.numbers import tagged
from smup_lib.present.service_page import TREND_WORDS
from smup_lib.present.tables import Column, render_table
from smup_lib.present.values_table import DEPARTURES, name_with_unit
from smup_lib.present.words import (
    GROUP_TOO_SMALL,
    NOMINAL,
    STANDINGS,
    standing_words,
)

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.answers import Answer

_NO_SIDE = (
    "Kwoty nie mają dobrego ani złego kierunku: bardzo niska i bardzo wysoka są tak samo warte "
    "pytania. Dlatego mówimy, czy są typowe dla grupy, i nie oceniamy ich."
)
_CITY = (
    "Miasto na prawach powiatu wykonuje zadania gminy i powiatu razem, więc jego kwot nie należy "
    "zestawiać z kwotami gmin ani powiatów ziemskich."
)
_SCALE = (
    "To skala różnicy, a nie prognoza ani cel: mediana mówi, ile ma środkowa jednostka grupy, "
    "a nie ile potrzeba."
)


def render_cautions(assessment: AreaAssessment) -> str:
    """Return what must be known before an amount is read."""
    told = [_NO_SIDE, NOMINAL]
    if assessment.unit.kind == "city_with_powiat_rights":
        told.append(_CITY)
    told += assessment.group.notes
    lines = "".join(f"<li>{escape(line)}</li>" for line in dict.fromkeys(told))
    return (
        f'<section class="smup-caution"><h2>Zanim przeczytasz kwoty</h2><ul>{lines}</ul></section>'
    )


def render_key_numbers(
    assessment: AreaAssessment, groups: Mapping[str, Sequence[IndicatorAssessment]]
) -> str:
    """Return the few numbers of each part of the budget, with group and direction over years."""
    parts = [
        f"<h3>{escape(name)}</h3>{_key_table(assessment, name, items)}"
        for name, items in groups.items()
        if items
    ]
    body = "".join(parts) or "<p>Tej jednostki nie opisuje w tym roku żadna z tych liczb.</p>"
    return f'<section class="smup-key-numbers"><h2>Najważniejsze liczby</h2>{body}</section>'


def _key_table(assessment: AreaAssessment, name: str, items: Sequence[IndicatorAssessment]) -> str:
    rows = [_row(assessment, item) for item in items]
    columns = [
        Column("name", "Wskaźnik", "html"),
        Column("value", "Wartość", "number", key="key", decimals_from="decimals"),
        Column("median", "Mediana grupy", "number", key="median_key", decimals_from="decimals"),
        Column("place", "W grupie", "html"),
        Column("standing", "Co to znaczy"),
        Column("trend", "W kolejnych latach"),
    ]
    return _table(rows, columns, name)


def _table(rows: list[dict[str, Any]], columns: Sequence[Column], name: str) -> str:
    import pandas as pd

    return render_table(pd.DataFrame(rows), columns, name, stacked=True, hide_caption=True)


def _row(assessment: AreaAssessment, item: IndicatorAssessment) -> dict[str, Any]:
    indicator, key = item.indicator, number_key(assessment, item)
    return {
        "name": name_with_unit(indicator.name, indicator.measure_unit),
        "value": item.value,
        "median": item.position.median,
        "decimals": indicator.decimals,
        "key": key.of(statistic="value"),
        "median_key": key.of(statistic="median"),
        "place": _place(assessment, item),
        "standing": _meaning(item),
        "trend": TREND_WORDS.get(item.trend.direction, "za mało lat albo przerwa w danych"),
    }


def _place(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    """Say how many of the group have less and more: a place without an order."""
    position, key = item.position, number_key(assessment, item)
    if position.median is None:
        return escape(GROUP_TOO_SMALL)
    below, above = (
        tagged(getattr(position, side), key.of(statistic=side)) for side in ("below", "above")
    )
    return f"mniej: {below}, więcej: {above}"


def _meaning(item: IndicatorAssessment) -> str:
    """Say in words whether a value is usual in its group; money is never judged."""
    if item.position.departure is not None:
        return DEPARTURES[item.position.departure]
    if item.indicator.polarity.judge == "two_sided":
        return f"w grupie za mało wartości, {STANDINGS['not_judged'].word}"
    return standing_words(item.position.standing)


def render_costs(
    assessment: AreaAssessment,
    items: Sequence[IndicatorAssessment],
    amounts: Mapping[str, Answer],
) -> str:
    """Return costs of an area, each with the quality and access that it buys beside it."""
    if not items:
        return (
            "<p>Ta jednostka nie ma w tym roku ani jednej wartości kosztu albo wydatków na "
            f"mieszkańca w obszarze „{escape(assessment.area.name)}”.</p>"
        )
    rows = [
        _row(assessment, item)
        | {
            "beside": _beside(assessment, item),
            "amount": _amount(assessment, item, amounts.get(item.indicator.id)),
        }
        for item in items
    ]
    columns = [
        Column("name", "Koszt albo wydatki", "html"),
        Column("value", "Wartość", "number", key="key", decimals_from="decimals"),
        Column("median", "Mediana grupy", "number", key="median_key", decimals_from="decimals"),
        Column("standing", "Co to znaczy"),
        Column("beside", "Co stoi obok kosztu", "html"),
        Column("amount", "Skala różnicy", "html"),
    ]
    name = f"{assessment.area.name}: koszty i wydatki, {assessment.year} r."
    return f'{_table(rows, columns, name)}<p class="smup-note">{_SCALE}</p>'


def _beside(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    """Return the quality and access of the same service, with the median of the group."""
    told = []
    for other in assessment.paired(item):
        key, digits = number_key(assessment, other), other.indicator.decimals
        measure = other.indicator.measure_unit
        value = tagged(other.value, key.of(statistic="value"), digits, measure_unit=measure)
        median = ""
        if other.position.median is not None:
            shown = tagged(other.position.median, key.of(statistic="median"), digits)
            median = f", mediana grupy {shown}"
        told.append(f"{escape(other.indicator.short_name)}: {value}{median}")
    return "<br>".join(told) or "nie ma tu wskaźnika jakości ani dostępności"


def _amount(assessment: AreaAssessment, item: IndicatorAssessment, answer: Answer | None) -> str:
    if answer is None or answer.reading is None:
        return escape(answer.reason if answer else "nie dotyczy")
    return answer_html(answer, number_key(assessment, item))


def render_amounts(
    assessment: AreaAssessment,
    items: Sequence[IndicatorAssessment],
    amounts: Mapping[str, Answer],
) -> str:
    """Return what the gaps to the median of the group mean in złoty."""
    heading = "<h2>Ile to złotych</h2>"
    told = [item for item in items if amounts[item.indicator.id].reading is not None]
    if not told:
        reasons = dict.fromkeys(amounts[item.indicator.id].reason for item in items)
        why = "; ".join(filter(None, reasons)) or "żaden wskaźnik nie ma licznika w złotych"
        return f"<section>{heading}<p>Tego tu nie da się powiedzieć: {escape(why)}.</p></section>"
    listed = "".join(
        f"<li><b>{escape(item.indicator.name)}.</b> "
        f"{_amount(assessment, item, amounts[item.indicator.id])}</li>"
        for item in told
    )
    return (
        f'<section class="smup-amounts">{heading}<ul>{listed}</ul>'
        f'<p class="smup-note">{_SCALE}</p></section>'
    )


def render_taxes(assessment: AreaAssessment | None, table: str, why: str) -> str:
    """Return the local taxes and fees of a gmina behind their number, or why there are none."""
    heading = "<h2>Podatki i opłaty lokalne</h2>"
    if assessment is None:
        return f"<section>{heading}<p>{escape(why)}</p></section>"
    count = len(assessment.shown())
    return (
        f"<section>{heading}<p>Wskaźniki z wartością za {assessment.year} r.: {count}.</p>"
        f'<details class="smup-more"><summary>Podatki i opłaty w tabeli</summary>{table}</details>'
        "</section>"
    )
