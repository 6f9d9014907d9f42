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
#: What stands for a standing that an older value has not, and for a source that is not told.
_NONE = "–"
_FEW = "Więcej liczb, które ten rozdział mógłby podać, w danych tego obszaru nie ma."
_OLDER = "Wartości z wcześniejszych lat to najnowsze, jakie są w danych; nie oceniamy ich."


def render_chapter_table(
    assessment: AreaAssessment,
    year: int,
    numbers: Sequence[ChapterNumber],
    mark_sources: Callable[[str], str],
) -> str:
    """Return the numbers of an area, each with its own year, and why there are few.

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

    rows = [_row(assessment, year, number, mark_sources) for number in numbers]
    caption = f"{assessment.area.name}: najnowsze wartości do {year} r."
    standings = {row["standing"] for row in rows} - {_NONE}
    # one word in every row says nothing there: it stands once below
    alike = len(rows) > 1 and len(standings) < 2
    columns = [column for column in _COLUMNS if not (alike and column.name == "standing")]
    table = render_table(pd.DataFrame(rows), columns, caption, stacked=True)
    older = any(number.newest.year < year for number in numbers)
    notes = [_OLDER] * older + [_FEW] * (len(numbers) < FEW)
    if alike and standings:
        notes.insert(0, f"Położenie wobec grupy, wskaźniki z {year} r.: {standings.pop()}.")
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
        "standing": standing_words(item.position.standing) if current else _NONE,
        "source": mark_sources(newest.cell.source) or _NONE,
    }
