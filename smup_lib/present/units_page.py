"""How do several chosen units stand beside each other? A column a unit, medians of their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.present.area_charts import number_key
from smup_lib.present.formats import count_of
from smup_lib.present.numbers import missing_html, tagged
from smup_lib.present.tables import Column, render_table
from smup_lib.present.values_table import name_with_unit
from smup_lib.present.words import GROUP_MEDIAN, INDICATOR_NOUN, qualifier_words

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator, ServiceArea
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

#: Stands between what is known of a unit and what is known of its group.
_BELOW = '<span class="smup-note" style="display:block;min-width:7.5rem">'


def render_units(
    units: Sequence[AreaAssessment], kinds: Mapping[str, str], *, folded: bool = False
) -> str:
    """Return who is compared: kind and comparison group of each.

    ``kinds`` are Polish kinds of units, by code; ``folded`` hides the table behind its name.
    """
    import pandas as pd

    shared, own = _split_rules([one.group.description_pl for one in units])
    rows = [
        {"unit": one.unit.label, "kind": kinds.get(one.unit.code, ""), "group": rule}
        for one, rule in zip(units, own, strict=True)
    ]
    columns = [
        Column("unit", "Jednostka"),
        Column("kind", "Rodzaj"),
        Column("group", "Grupa, której mediana stoi obok"),
    ]
    if not any(own):
        columns.pop()
    name = "Kogo zestawiamy"
    table = render_table(pd.DataFrame(rows), columns, name, stacked=True, hide_caption=True)
    rule = (
        f"<p>Grupy, których mediany stoją obok, dobrano tak samo. {escape(shared)}</p>"
        if shared
        else ""
    )
    if folded:
        summary = f"<summary>{name} i z jakimi grupami</summary>"
        told = f'<details class="smup-more">{summary}{table}{rule}</details>'
        return f'<section class="smup-peers">{_caution(kinds)}{told}</section>'
    section = f"<h2>{name}</h2>{_caution(kinds)}{table}{rule}"
    return f'<section class="smup-peers">{section}</section>'


def _split_rules(rules: Sequence[str]) -> tuple[str, list[str]]:
    """Return the sentences that begin every rule, said once, and what each adds of its own.

    Examples
    --------
    >>> _split_rules(["15 z 65. Dopasowanie: dobre.", "15 z 65. Dopasowanie: słabe."])
    ('15 z 65.', ['Dopasowanie: dobre.', 'Dopasowanie: słabe.'])
    """
    sentences = [rule.replace(". ", ".\n").split("\n") for rule in rules]
    same = takewhile(lambda told: len(set(told)) == 1, zip(*sentences, strict=False))
    shared = [told[0] for told in same]
    return " ".join(shared), [" ".join(one[len(shared) :]) for one in sentences]


def _caution(kinds: Mapping[str, str]) -> str:
    """Say what different kinds of units mean for a comparison."""
    told = sorted(set(kinds.values()))
    if len(told) < 2:
        return ""
    listed = escape(", ".join(told))
    return (
        f'<p class="smup-caution">Uwaga: to jednostki różnych rodzajów ({listed}). '
        "Mają różne zadania i różnych mieszkańców, dlatego ich liczb nie należy porównywać wprost. "
        "Każdą czytaj obok mediany jej własnej grupy.</p>"
    )


def render_side_by_side(
    area: ServiceArea, units: Sequence[AreaAssessment], *, folded: bool = False
) -> str:
    """Return a table a service: a row an indicator, a column a unit with its group's median.

    ``folded`` leaves the first table open and hides the others behind the names of their services:
    on a phone dozens of indicators of several units would be a page of twenty screens.
    """
    names = {service.code: service.name for service in area.services}
    found = [items for items in _rows(units) if any(i and i.value is not None for i in items)]
    parts: list[str] = []
    for code in dict.fromkeys(_first(items).service or "" for items in found):
        rows = [items for items in found if (_first(items).service or "") == code]
        heading = names.get(code, "Inne wskaźniki obszaru")
        table = _service_table(heading, units, rows)
        if folded:
            parts.append(_fold(heading, len(rows), table, opened=not parts))
        else:
            parts.append(f"<h3>{escape(heading)}</h3>{table}")
    silent = len(list(_rows(units))) - len(found)
    note = (
        '<p class="smup-note">Wskaźniki, których w tym roku nie ma żadna z jednostek, pominięto: '
        f"{silent}.</p>"
        if silent
        else ""
    )
    body = "".join(parts) or "<p>Żadna z jednostek nie ma w tym roku ani jednej wartości.</p>"
    return f"<section><h2>Wskaźniki obok siebie</h2>{body}{note}</section>"


def _fold(heading: str, count: int, table: str, *, opened: bool) -> str:
    told = f"{escape(heading)} ({count_of(count, INDICATOR_NOUN)})"
    start = "<details open" if opened else "<details"
    return f'{start} class="smup-more"><summary><h3>{told}</h3></summary>{table}</details>'


def _first(items: Sequence[IndicatorAssessment | None]) -> Indicator:
    return next(item.indicator for item in items if item is not None)


def _rows(units: Sequence[AreaAssessment]) -> list[list[IndicatorAssessment | None]]:
    """Return, for each indicator that any unit's level has, what is known of each unit."""
    known = [{item.indicator.id: item for item in one.indicators} for one in units]
    ids = dict.fromkeys(name for items in known for name in items)
    return [[items.get(name) for items in known] for name in ids]


def _service_table(
    heading: str,
    units: Sequence[AreaAssessment],
    rows: Sequence[Sequence[IndicatorAssessment | None]],
) -> str:
    import pandas as pd

    columns = [Column("name", "Wskaźnik", "html")]
    columns += [Column(one.unit.code, one.unit.short_label, "html") for one in units]
    frame = pd.DataFrame([_row(units, items) for items in rows])
    return render_table(frame, columns, heading, hide_caption=True, stacked=True)


def _row(
    units: Sequence[AreaAssessment], items: Sequence[IndicatorAssessment | None]
) -> dict[str, Any]:
    entry = _first(items)
    cells = {one.unit.code: _cell(one, item) for one, item in zip(units, items, strict=True)}
    dimension = DIMENSION_WORDS.get(entry.dimension or "", "")
    tag = f' <span class="smup-dimension">{dimension}</span>' if dimension else ""
    return {"name": name_with_unit(entry.name, entry.measure_unit) + tag, **cells}


def _cell(assessment: AreaAssessment, item: IndicatorAssessment | None) -> str:
    """Return a unit's value above the median of its group; or why there is none."""
    if item is None:
        return f"{missing_html('not_applicable')}{_BELOW}nie na tym szczeblu</span>"
    key, digits = number_key(assessment, item), item.indicator.decimals
    if item.value is None:
        value = missing_html(item.flag)
    else:
        value = f"<b>{tagged(item.value, key.of(statistic='value'), digits)}</b>"
    told = []
    if item.position.median is not None:
        median = tagged(item.position.median, key.of(statistic="median"), digits)
        told.append(f"{GROUP_MEDIAN} {median}")
    if item.qualifiers:
        told.append(escape(qualifier_words(item.qualifiers)))
    return f"{value}{_BELOW}{'; '.join(told)}</span>" if told else value


def render_profile(name: str, figure: str, *, folded: bool) -> str:
    """Return the dimensions of one unit under its name; ``folded`` behind it."""
    heading = f"<h3>{escape(name)}</h3>"
    if not folded:
        return heading + figure
    return f'<details class="smup-more"><summary>{heading}</summary>{figure}</details>'
