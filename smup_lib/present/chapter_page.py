"""How does a chapter about a unit state the few numbers of an area?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.conclude.chapter import FEW
from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.numbers import tagged
from smup_lib.present.tables import Column, render_table
from smup_lib.present.values_table import name_with_unit
from smup_lib.present.words import standing_words

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment
    from smup_lib.conclude.chapter import ChapterNumber

_COLUMNS = (
    Column("name", "Wskaźnik", "html"),
    Column("year", "Rok", "year"),
    Column("value", "Wartość", "html"),
    Column("median", "Mediana grupy", "html"),
    Column("standing", "Wobec grupy"),
    Column("source", "Źródło", "html"),
)
_FEW = "Więcej liczb, które ten rozdział mógłby podać, w danych tego obszaru nie ma."
_OLDER = "Wartości z wcześniejszych lat to najnowsze, jakie są w danych; nie oceniamy ich."


def render_chapter_table(
    assessment: AreaAssessment,
    year: int,
    numbers: Sequence[ChapterNumber],
    mark_sources: Callable[[str], str],
) -> str:
    """Return the numbers of an area, each with its own year; or why there are few or none.

    Parameters
    ----------
    assessment : AreaAssessment
        Of the area.
    year : int
        Of the chapter; the assessment of an area without newer data is of an earlier one.
    numbers : sequence of ChapterNumber
        What to state.
    mark_sources : callable
        Returns links to sources, as markup.
    """
    import pandas as pd

    if not numbers:
        return "<p>W danych nie ma żadnej wartości, którą ten rozdział mógłby podać.</p>"
    rows = [_row(assessment, year, number, mark_sources) for number in numbers]
    caption = f"{assessment.area.name}: najnowsze wartości do {year} r."
    table = render_table(pd.DataFrame(rows), _COLUMNS, caption, stacked=True)
    older = any(number.newest.year < year for number in numbers)
    notes = [_OLDER] * older + [_FEW] * (len(numbers) < FEW)
    return table + "".join(f'<p class="smup-note">{escape(note)}</p>' for note in notes)


def _row(
    assessment: AreaAssessment,
    year: int,
    number: ChapterNumber,
    mark_sources: Callable[[str], str],
) -> dict[str, object]:
    item, newest = number.item, number.newest
    indicator = item.indicator
    current = newest.year == assessment.year == year
    key = NumberKey(assessment.unit.code, indicator.id, newest.year, "median", assessment.group.key)
    own = NumberKey(assessment.unit.code, indicator.id, newest.year)
    return {
        "name": name_with_unit(indicator.name, indicator.measure_unit),
        "year": newest.year,
        "value": tagged(newest.cell.value, own, indicator.decimals),
        "median": tagged(newest.median, key, indicator.decimals),
        "standing": standing_words(item.position.standing) if current else "–",
        "source": mark_sources(newest.cell.source) or "–",
    }
