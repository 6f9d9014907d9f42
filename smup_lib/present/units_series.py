"""How do several units' years stand beside each other: one axis, one table for all?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.present import words
from smup_lib.present.scales import axis_domain
from smup_lib.present.tables import Column, render_table

if TYPE_CHECKING:
    from smup_lib.present.charts import SeriesChart


def shared_axis(charts: Sequence[SeriesChart]) -> tuple[float, float] | None:
    """Return an axis on which all charts fit; None when none has a number.

    Examples
    --------
    >>> shared_axis([]) is None
    True
    """
    drawn = [chart for chart in charts if chart.has_data]
    if not drawn:
        return None
    values = [
        value
        for chart in drawn
        for name in ("value", "median", "q25", "q75")
        if name in chart.frame.columns
        for value in chart.cells[name]
    ]
    domain = axis_domain(values, from_zero=any(chart.from_zero for chart in drawn))
    return domain.low, domain.high


def render_series_twin(charts: Sequence[SeriesChart], name: str) -> str:
    """Return the reading help and one table of all charts: a row a year, a column a unit."""
    import pandas as pd

    drawn = [chart for chart in charts if chart.has_data]
    if not drawn:
        return ""
    years = sorted({year for chart in drawn for year in chart.years}, reverse=True)
    columns = [Column("year", "Rok", "year")]
    cells: dict[str, list[Any]] = {"year": [*years]}
    for chart in drawn:
        unit, values = chart.key.unit, chart.by_year("value")
        cells[unit] = [values.get(year) for year in years]
        cells[f"{unit}_key"] = [chart.value_key(year) for year in years]
        columns.append(
            Column(unit, chart.unit_name, "number", decimals=chart.decimals, key=f"{unit}_key")
        )
    measure = drawn[0].measure_unit
    table = render_table(pd.DataFrame(cells), columns, f"{name} [{measure}]", sortable=True)
    return (
        f"{_notes(drawn)}"
        f'<details class="smup-reading"><summary>{words.HOW_TO_READ}</summary><p>Jednostki stoją '
        "na osobnych wykresach o wspólnej skali. Ciemna linia to jednostka, szare pole i linia to "
        "środkowa połowa i mediana jej własnej grupy.</p></details>"
        f'<details class="smup-twin"><summary>{words.TABLE_TWIN}</summary>{table}</details>'
    )


def _notes(charts: Sequence[SeriesChart]) -> str:
    """Return the remarks of all charts once; one that not all share says whose it is."""
    whose: dict[str, list[str]] = {}
    for chart in charts:
        for note in chart.notes:
            whose.setdefault(note, []).append(chart.unit_name)
    lines = [
        escape(note if len(names) == len(charts) else f"{', '.join(names)}: {note}")
        for note, names in whose.items()
    ]
    return "".join(f'<p class="smup-note">{line}</p>' for line in lines)
