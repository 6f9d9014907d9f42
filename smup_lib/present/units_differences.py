"""How is told in what several units differ: the widest differences in words, all in a table?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.present.area_charts import number_key
from smup_lib.present.formats import count_of
from smup_lib.present.numbers import tagged
from smup_lib.present.tables import Column, render_table
from smup_lib.present.values_table import name_with_unit
from smup_lib.present.words import INDICATOR_NOUN

if TYPE_CHECKING:
    from smup_lib.compare.two_units import Between
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.units_beside import Spread

#: More sentences are not read.
MOST_TOLD = 5
#: What a difference may come from, after "Różnica".
BETWEEN_WORDS: Mapping[Between, str] = {
    "rounding": "jest taka, ile wynosi zaokrąglenie",
    "chance": "mieści się w zwykłych wahaniach",
    "apart": "jest większa niż zwykłe wahania (pewność 95 %)",
    "clearly_apart": "jest wyraźnie większa niż zwykłe wahania (pewność 99,8 %)",
    "small": "jest mniejsza niż jedna dziesiąta wartości",
    "few": "nic nie mówi: wartość opiera się na małej liczbie przypadków albo nie wiadomo, na ilu",
    "unknown": "jest większa niż jedna dziesiąta wartości; jak duże są zwykłe wahania, nie wiadomo",
}
_NOTE = (
    "Więcej nie znaczy lepiej: kolejność wartości nie jest oceną, a każda jednostka ma inne "
    "warunki. Wahania znamy tylko tam, gdzie wskaźnik liczy przypadki. Próg jest tym wyższy, im "
    "więcej jednostek, bo porównujemy największą wartość z najmniejszą; przy pewności 95 % co "
    "dwudziesty wskaźnik i tak może różnić się przypadkiem."
)


def render_differences(spreads: Sequence[Spread], told: Sequence[Spread], unlike: str = "") -> str:
    """Return the section about differences.

    Parameters
    ----------
    spreads : sequence of Spread
        All indicators that two units or more have a value of.
    told : sequence of Spread
        Those whose difference is worth telling, the widest first.
    unlike : str
        Names of the units that are left out, because they have other tasks.
    """
    heading = "<h2>Co różni te jednostki</h2>"
    left = (
        f"<p>Nie mówimy tu o jednostkach o innych zadaniach: {escape(unlike)}.</p>"
        if unlike
        else ""
    )
    if not spreads:
        nothing = "<p>Żadnego wskaźnika poza tłem nie mają w tym roku co najmniej dwie z nich.</p>"
        return f'<section class="smup-differences">{heading}{left}{nothing}</section>'
    lines = "".join(f"<li>{_sentence(one)}</li>" for one in told[:MOST_TOLD])
    first = (
        f"<ol>{lines}</ol>"
        if lines
        else "<p>Żadna różnica nie jest większa niż zaokrąglenie, zwykłe wahania albo jedna "
        "dziesiąta wartości.</p>"
    )
    table = (
        '<details class="smup-more"><summary>Wszystkie różnice w tabeli '
        f"({count_of(len(spreads), INDICATOR_NOUN)})</summary>{_table(spreads)}</details>"
    )
    note = f'<p class="smup-note">{_NOTE}</p>'
    same = _same(spreads)
    return f'<section class="smup-differences">{heading}{left}{first}{same}{note}{table}</section>'


def _sentence(one: Spread) -> str:
    name = name_with_unit(one.item.indicator.name, one.item.indicator.measure_unit)
    most, least = _named(*one.most), _named(*one.least)
    return (
        f"<b>{name}</b>: najwięcej {most}, najmniej {least}. "
        f"Różnica {escape(BETWEEN_WORDS[one.between])}."
    )


def _named(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    return f"{escape(assessment.unit.short_label)} ({_number(assessment, item)})"


def _number(assessment: AreaAssessment, item: IndicatorAssessment) -> str:
    key = number_key(assessment, item).of(statistic="value")
    return tagged(item.value, key, item.indicator.decimals)


def _same(spreads: Sequence[Spread]) -> str:
    """Name what should not be taken for a difference."""
    names = [
        escape(one.item.indicator.short_name)
        for one in spreads
        if one.between in ("rounding", "chance")
    ]
    if not names:
        return ""
    listed = "; ".join(names)
    return (
        "<p>Tego nie należy brać za różnicę, bo tłumaczy ją zaokrąglenie albo zwykłe wahania: "
        f"{listed}.</p>"
    )


def _table(spreads: Sequence[Spread]) -> str:
    import pandas as pd

    rows = [
        {
            "name": name_with_unit(one.item.indicator.name, one.item.indicator.measure_unit),
            "most": _named(*one.most),
            "least": _named(*one.least),
            "between": BETWEEN_WORDS[one.between],
        }
        for one in spreads
    ]
    columns = [
        Column("name", "Wskaźnik", "html"),
        Column("most", "Najwięcej", "html"),
        Column("least", "Najmniej", "html"),
        Column("between", "Różnica między nimi"),
    ]
    name = "Różnice między wybranymi jednostkami"
    return render_table(pd.DataFrame(rows), columns, name, stacked=True, hide_caption=True)
