"""What can a participant say of one number, so that nobody can misread it?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smup_lib.present.area_charts import number_key
from smup_lib.present.display import Display
from smup_lib.present.formats import join_unit
from smup_lib.present.numbers import tagged
from smup_lib.present.tables import render_facts
from smup_lib.present.words import flag_words, qualifier_words
from smup_lib.workshop.feedback import plain_text

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.area import AreaView

#: The flag of an ordinary value has no words on a page; a lesson names it all the same.
ORDINARY_FLAG = "wartość"


def number(
    view: AreaView, item: IndicatorAssessment, statistic: str, *, signed: bool = False
) -> str:
    """Return one statistic of an indicator as markup with its key and measure unit.

    Parameters
    ----------
    view : AreaView
        Where it is shown.
    item : IndicatorAssessment
        Whose statistic.
    statistic : str
        ``value``, ``median``, ``q25``, ``q75`` or ``gap``; a gap of two percentages is in
        percentage points.
    signed : bool, default False
        Write a plus before a positive number.
    """
    value = item.value if statistic == "value" else getattr(item.position, statistic)
    unit = gap_unit(item) if statistic == "gap" else item.indicator.measure_unit
    key = number_key(view.assessment, item).of(statistic=statistic)
    if signed and value is not None and round(value, item.indicator.decimals) == 0:
        signed = False
    return tagged(
        value, key, item.indicator.decimals, measure_unit=unit, signed=signed, flag=item.flag
    )


def gap_unit(item: IndicatorAssessment) -> str:
    """Return the unit of a difference: percentage points where values are percentages."""
    return "p.proc." if item.indicator.measure_unit == "%" else item.indicator.measure_unit


def why_missing(item: IndicatorAssessment) -> str:
    """Return why there is no value, as markup that may stand in the middle of a sentence."""
    return escape((item.reason or flag_words(item.flag)).rstrip("."))


def end_sentence(markup: str) -> str:
    """End a sentence with one full stop, also when it ends in a shortened word.

    Examples
    --------
    >>> end_sentence("41 tys. <b>os.</b>"), end_sentence("41%")
    ('41 tys. <b>os.</b>', '41%.')
    """
    return markup if plain_text(markup).endswith(".") else markup + "."


def value_sentence(view: AreaView, item: IndicatorAssessment) -> str:
    """Return whose value, of which indicator and year, as markup."""
    a = view.assessment
    label = a.unit.label[:1].upper() + a.unit.label[1:]
    head = f"{escape(label)}, {a.year} r. {escape(item.indicator.name)}"
    if item.value is None:
        return f"{head}: nie ma wartości ({why_missing(item)})."
    return end_sentence(f"{head}: {number(view, item, 'value')}")


def gap_sentence(view: AreaView, item: IndicatorAssessment) -> str:
    """Return how far the value is from the group's median, as markup."""
    position = item.position
    if item.value is None or position.median is None:
        return "Różnicy do mediany grupy nie da się policzyć."
    median = number(view, item, "median")
    words = {"above": "więcej niż mediana grupy", "below": "mniej niż mediana grupy"}
    if position.side not in words:
        return f"To tyle, ile wynosi mediana grupy ({median})."
    gap = number(view, item, "gap", signed=True)
    return end_sentence(f"To {words[position.side]} ({median}), różnica: {gap}")


def render_statement(view: AreaView, item: IndicatorAssessment) -> Display:
    """Return what may be said of a value: with year, unit, flag, group, source and limits.

    Parameters
    ----------
    view : AreaView
        Where the value is shown.
    item : IndicatorAssessment
        One of its indicators.
    """
    a, indicator = view.assessment, item.indicator
    said = f"{value_sentence(view, item)} {gap_sentence(view, item)}"
    flag = flag_words(item.flag) or ORDINARY_FLAG
    if item.qualifiers:
        flag += f"; {qualifier_words(item.qualifiers)}"
    facts = [
        ("Kod jednostki", escape(a.unit.code)),
        ("Jednostka miary", escape(join_unit("", indicator.measure_unit).strip()) or "–"),
        ("Znacznik wartości", escape(flag)),
        ("Z kim porównano", escape(a.group.description_pl)),
        ("Skąd są dane", _sources(view, item)),
        ("Czego to nie mówi", escape(indicator.limits)),
    ]
    html = (
        f'<div class="smup-card"><p class="smup-sentence">{said}</p>'
        f"{render_facts(facts, trusted=True)}</div>"
    )
    return Display(html, plain_text(said))


def _sources(view: AreaView, item: IndicatorAssessment) -> str:
    """Return title and file of each source behind the unit's value."""
    if item.row is None:
        return "–"
    records = view.snapshot.manifest.sources
    named = [records[name] for name in str(item.row["source"]).split(" ") if name in records]
    return "; ".join(
        escape(record.title) + (f", plik {escape(record.file.name)}" if record.file else "")
        for record in named
    )
