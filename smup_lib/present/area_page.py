"""How does an assessed area become the sections of a page?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.model import DIMENSION_WORDS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.conclude.findings import first_screen
from smup_lib.polish_text import polish_order
from smup_lib.present.area_charts import number_key
from smup_lib.present.cards import render_card
from smup_lib.present.cautions import render_cautions
from smup_lib.present.findings import NOTHING_STANDS_OUT, render_findings
from smup_lib.present.formats import NBSP, format_date, format_number
from smup_lib.present.numbers import missing_html, tagged
from smup_lib.present.sources import OtherValue, render_other_values
from smup_lib.present.tables import Column, render_facts, render_table
from smup_lib.present.words import (
    SAMPLE_LAND,
    STANDINGS,
    flag_words,
    qualifier_words,
    standing_words,
)

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

DEPARTURES = {
    "typical": "wartość typowa dla grupy",
    "departs": "wartość odbiega od grupy",
    "strongly_departs": "wartość mocno odbiega od grupy",
}
#: Source links of indicators, by id, as markup.
Marks = Mapping[str, str]
NO_MARKS: Marks = {}


def render_title(
    heading: str, unit_label: str, year: int, state: str, *, fictional: bool, level: int = 1
) -> str:
    """Return the head of a page: what, whose, which year, which state of data.

    ``level`` is that of the heading: 2 where the page has a title of its own, as a lesson does.
    """
    day = escape(format_date(state[:10]))
    land = f' · <strong class="smup-land">{SAMPLE_LAND}</strong>' if fictional else ""
    return (
        f'<header class="smup-head"><h{level}>{escape(heading)}<span class="smup-hidden">: </span>'
        f'<span class="smup-head-unit">{escape(unit_label)}</span></h{level}>'
        f'<p class="smup-head-line">raport za {year} r. · stan danych {day}{land}</p></header>'
    )


def render_summary(assessment: AreaAssessment, marks: Marks = NO_MARKS) -> str:
    """Return the first screen: at most three findings, the rest on demand.

    ``marks`` are the source links of each indicator, by id.
    """
    first = first_screen(assessment.findings)
    rest = [finding for finding in assessment.findings if finding not in first]
    more = ""
    if rest:
        listed = render_findings(rest, label="Pozostałe ustalenia", marks=marks)
        more = (
            '<details class="smup-more"><summary>Pozostałe ustalenia '
            f"({len(rest)})</summary>{listed}</details>"
        )
    limits = dict.fromkeys(f.not_said for f in assessment.findings if f.not_said)
    note = (
        '<p class="smup-note">Ustalenia opisują położenie wobec grupy, a nie przyczyny. '
        f"Nie są oceną pracy urzędu. {escape(' '.join(limits))}</p>"
    )
    listed = render_findings(
        first, label="Najważniejsze ustalenia", judged=assessment.judged, marks=marks
    )
    silence = _silence(assessment)
    told = f"<p>{escape(silence)}</p>" if silence else ""
    return f'<section class="smup-summary"><h2>W skrócie</h2>{told}{listed}{more}{note}</section>'


def _silence(assessment: AreaAssessment) -> str:
    """Say why nothing but gaps stands on the first screen although there are values."""
    shown = assessment.shown()
    gaps_only = {finding.claim for finding in assessment.findings} == {"unknown"}
    if not shown or not gaps_only:
        return ""
    if assessment.judged:
        return NOTHING_STANDS_OUT
    reasons = {item.position.reason for item in shown if item.position.reason}
    if any(item.position.standing == "not_judged" for item in shown):
        reasons.add("wskaźnik nie ma uzgodnionego kierunku")
    return (
        f"Wartości są niżej, ale żadnej z nich nie oceniamy. Powody: {'; '.join(sorted(reasons))}."
    )


def render_peers(assessment: AreaAssessment, names: Mapping[str, str]) -> str:
    """Return with whom the unit is compared, by which rule, and how stable that is."""
    group = assessment.group
    members = _listed(group.members, names)
    beside = _listed(assessment.neighbours, names)
    facts = [("Reguła", _group_words(assessment))]
    if group.notes:
        facts.append(("Zastrzeżenia", escape(" ".join(dict.fromkeys(group.notes)))))
    robust = _robustness_text(assessment)
    if robust:
        facts.append(("Czy inna grupa zmienia obraz", robust))
    folded = (
        f'<details class="smup-more"><summary>Lista porównywanych ({len(group.members)})</summary>'
        f"<p>{members}</p></details>"
    )
    if beside:
        folded += (
            f'<details class="smup-more"><summary>Sąsiedzi ({len(assessment.neighbours)})'
            f"</summary><p>{beside}</p></details>"
        )
    return (
        '<section class="smup-peers"><h2>Z kim porównujemy</h2>'
        f"{render_facts(facts, trusted=True)}{folded}</section>"
    )


def _listed(codes: Sequence[str], names: Mapping[str, str]) -> str:
    told = sorted((names.get(code, code) for code in codes), key=polish_order)
    return escape(", ".join(told))


def _group_words(assessment: AreaAssessment) -> str:
    """Return the rule of the group, its counts with their keys."""
    group = assessment.group
    key = NumberKey(assessment.unit.code, assessment.area.id, assessment.year, group=group.key)
    html = escape(group.description_pl)
    counts = {"n_group": len(group.members), "n_candidates": group.parameters.get("candidates")}
    for statistic, count in counts.items():
        if isinstance(count, int):
            shown = re.escape(format_number(count))
            number = tagged(count, key.of(statistic=statistic))
            # the first time only, and never within a year, a code or another number
            html = re.sub(rf"(?<![\w\xa0=>\"]){shown}(?![\w\xa0\"])", number, html, count=1)
    return html


def _robustness_text(assessment: AreaAssessment) -> str:
    told = [i for i in assessment.shown() if i.robustness.share is not None]
    if len(told) < 3:
        return ""
    stable = [item for item in told if (item.robustness.share or 0) >= 0.9]
    key = NumberKey(
        assessment.unit.code, assessment.area.id, assessment.year, group=assessment.group.key
    )
    same = tagged(len(stable), key.of(statistic="stable_indicators"))
    tried = tagged(len(told), key.of(statistic="tried_indicators"))
    return (
        f"W {same} z {tried} wskaźników jednostka leży po tej samej stronie mediany "
        "w prawie każdej sprawdzonej grupie (co najmniej 90%)."
    )


def render_indicator_head(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    *,
    source: str = "",
    others: Sequence[OtherValue] = (),
) -> str:
    """Return name, value, standing and reading of one indicator.

    ``source`` links to the sources of the value; ``others`` is what other sources hold.
    """
    indicator = item.indicator
    dimension = DIMENSION_WORDS.get(indicator.dimension or "", "")
    tag = f'<span class="smup-dimension">{dimension}</span>' if dimension else ""
    return (
        f'<h3 id="w-{indicator.id}">{escape(indicator.name)} {tag}</h3>'
        f"{_value_line(assessment, item, source, others)}{_reading(item)}"
    )


def render_indicator_foot(
    assessment: AreaAssessment, item: IndicatorAssessment, catalogue: Catalogue
) -> str:
    """Return, folded, the limits of the value and the card of the indicator."""
    caveats = catalogue.caveats_of(item.indicator, assessment.year)
    cautions = render_cautions(item, caveats, number_key(assessment, item))
    return cautions + render_card(item.indicator, catalogue)


def _value_line(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    source: str,
    others: Sequence[OtherValue],
) -> str:
    indicator, position = item.indicator, item.position
    key = number_key(assessment, item)
    if item.status != "shown" or position.value is None:
        said = escape(item.reason or flag_words(item.flag))
        return f'<p class="smup-value">{missing_html(item.flag)} <span>{said}</span></p>'
    unit, digits = indicator.measure_unit, indicator.decimals
    parts = [
        f'<strong class="smup-own-value">'
        f"{tagged(position.value, key.of(statistic='value'), digits, measure_unit=unit)}</strong>"
    ]
    if position.median is not None:
        median = tagged(position.median, key.of(statistic="median"), digits, measure_unit=unit)
        parts.append(f"mediana grupy {median}")
    if position.rank is not None:
        rank = tagged(position.rank, key.of(statistic="rank"))
        of = tagged(position.n_ranked, key.of(statistic="n_ranked"))
        ties = tagged(position.ties, key.of(statistic="ties"))
        tied = f" (ex aequo z {ties} innymi)" if position.ties else ""
        parts.append(f"{rank}.{NBSP}miejsce na{NBSP}{of}{tied}")
    if source:
        parts.append(f'<span class="smup-note">źródło{NBSP}{source}</span>')
    told = [f'<p class="smup-value">{" · ".join(parts)}</p>']
    told += [_standing_line(item, key), render_other_values(others)]
    told += [_twin_line(assessment, twin) for twin in assessment.twins(item)]
    if item.qualifiers:
        told.append(
            f'<p class="smup-caution">Uwaga: {escape(qualifier_words(item.qualifiers))}.</p>'
        )
    return "".join(told)


def _twin_line(assessment: AreaAssessment, twin: IndicatorAssessment) -> str:
    """Say the same thing from another source or in another unit."""
    indicator = twin.indicator
    key = number_key(assessment, twin).of(statistic="value")
    value = tagged(twin.value, key, indicator.decimals, measure_unit=indicator.measure_unit)
    return f'<p class="smup-note">To samo inaczej: {value} ({escape(indicator.name)})</p>'


def _standing_line(item: IndicatorAssessment, key: NumberKey) -> str:
    position = item.position
    words = standing_words(position.standing)
    if position.departure:
        mark = STANDINGS["not_judged"]
        words = f"{mark.shape} {DEPARTURES[position.departure]}, {mark.word}"
    why = f": {escape(position.reason)}" if position.reason else ""
    used = f"dane ma {_used_of_group(item, key)} jednostek grupy"
    return f'<p class="smup-standing smup-is-{position.standing}">{words}{why} · {used}</p>'


def _reading(item: IndicatorAssessment) -> str:
    indicator = item.indicator
    return (
        f'<p class="smup-interpretation">{escape(indicator.interpretation)} '
        f'<span class="smup-limits">{escape(indicator.limits)}</span></p>'
    )


def _used_of_group(item: IndicatorAssessment, key: NumberKey) -> str:
    """Say how many of the group had a value."""
    used = tagged(item.position.n_used, key.of(statistic="n_used"))
    return f"{used} z {tagged(item.position.n_group, key.of(statistic='n_group'))}"


def render_values_table(assessment: AreaAssessment, marks: Marks = NO_MARKS) -> str:
    """Return all indicators of the area in one table: value, median, how many, standing, source."""
    import pandas as pd

    rows = [
        {
            "name": name_with_unit(item.indicator.name, item.indicator.measure_unit),
            "dimension": DIMENSION_WORDS.get(item.indicator.dimension or "", "–"),
            "value": item.value,
            "flag": item.flag,
            "median": item.position.median,
            "n": _used_of_group(item, number_key(assessment, item)),
            "standing": standing_words(item.position.standing),
            "source": marks.get(item.indicator.id, ""),
            "decimals": item.indicator.decimals,
            "key": number_key(assessment, item).of(statistic="value"),
            "median_key": number_key(assessment, item).of(statistic="median"),
        }
        for item in assessment.indicators
    ]
    frame = pd.DataFrame(rows)
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
    return render_table(frame, columns, caption)


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


def render_gaps(assessment: AreaAssessment) -> str:
    """Return what nobody can say today, why, and which source would fill it."""
    absent = [item for item in assessment.indicators if item.status != "shown"]
    # what others have and this unit has not is news; what nobody has in these data is a list
    own = [item for item in absent if _others_have(item) or item.status == "not_applicable"]
    parts = [_own_gaps(own), _nobody_has([item for item in absent if item not in own])]
    parts.append(_named_gaps(assessment))
    body = "".join(parts) or "<p>W tym obszarze nie ma nazwanych luk.</p>"
    return f'<section class="smup-gaps"><h2>Czego nie wiemy</h2>{body}</section>'


def _others_have(item: IndicatorAssessment) -> bool:
    return len(item.values) > 0 or item.last_year is not None


def _own_gaps(items: Sequence[IndicatorAssessment]) -> str:
    import pandas as pd

    if not items:
        return ""
    frame = pd.DataFrame(
        {
            "name": [item.indicator.name for item in items],
            "why": [item.reason or flag_words(item.flag) for item in items],
        }
    )
    columns = [Column("name", "Wskaźnik"), Column("why", "Dlaczego nie ma wartości")]
    caption = "Wskaźniki bez wartości dla tej jednostki"
    return render_table(frame, columns, caption, stacked=True)


def _nobody_has(items: Sequence[IndicatorAssessment]) -> str:
    if not items:
        return ""
    named = "".join(f"<li>{escape(item.indicator.name)}</li>" for item in items)
    return (
        '<details class="smup-more"><summary>Wskaźniki, których wczytane dane nie obejmują '
        f"dla żadnej jednostki ({len(items)})</summary><ul>{named}</ul></details>"
    )


def _named_gaps(assessment: AreaAssessment) -> str:
    import pandas as pd

    if not assessment.gaps:
        return ""
    gaps = assessment.gaps
    frame = pd.DataFrame(
        {
            "wanted": [item.gap.wanted for item in gaps],
            "dimension": [DIMENSION_WORDS.get(item.dimension or "", "–") for item in gaps],
            "reason": [item.gap.reason for item in gaps],
            "source": [item.gap.source for item in gaps],
        }
    )
    columns = [
        Column("wanted", "Czego brakuje"),
        Column("dimension", "Wymiar"),
        Column("reason", "Dlaczego"),
        Column("source", "Kto to ma"),
    ]
    caption = "Luki informacyjne i źródła, które by je wypełniły"
    return render_table(frame, columns, caption, stacked=True)


def render_silent_areas(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return the areas about which the data say nothing: name, reason, next step."""
    import pandas as pd

    if not rows:
        said = "Każdy obszar ma w tym roku jakieś wartości. Braki wymienia raport obszaru."
        return f'<section class="smup-gaps"><h2>Czego nie wiemy</h2><p>{said}</p></section>'
    columns = [
        Column("name", "Obszar"),
        Column("why", "Dlaczego nie ma wartości"),
        Column("next_step", "Co można zrobić"),
    ]
    frame = pd.DataFrame(rows, columns=["name", "why", "next_step"])
    table = render_table(frame, columns, "Obszary bez wartości", stacked=True)
    return f'<section class="smup-gaps"><h2>Czego nie wiemy</h2>{table}</section>'


METHOD_NOTES = (
    "Lista usług, opisy i wzory wskaźników obliczonych są naszą rekonstrukcją na podstawie zadań "
    "ustawowych, a nie definicjami z portalu SMUP. Wskaźniki ogłoszone mają wartość wydawcy.",
    "Grupa porównawcza nie zawiera samej jednostki; mediana i kwartyle są liczone bez niej.",
    "Miejsce w kolejności uwzględnia jednostkę i tylko wskaźniki, których kierunek uzgodniono. "
    "Jednostki, których wyświetlane wartości są równe, dzielą miejsce.",
    "Ocena „korzystniej” albo „mniej korzystnie” znaczy: poza środkową połową grupy i dalej od "
    "mediany niż najmniejsza różnica, która ma znaczenie.",
    "Kosztów nie oceniamy: bardzo niski koszt jest takim samym pytaniem jak bardzo wysoki.",
    "Kierunek zmian sprawdza test Manna i Kendalla, a typową roczną zmianę daje metoda "
    "Theila i Sena; lata sprzed przerwy w szeregu nie wchodzą do rachunku.",
    "Pewność położenia mówi, w ilu sprawdzonych grupach jednostka leży po tej samej stronie "
    "mediany; pewność zmiany w czasie wynika z testu kierunku.",
)


def render_method_notes() -> str:
    """Return how to read the page's judgements."""
    items = "".join(f"<li>{escape(note)}</li>" for note in METHOD_NOTES)
    return f'<section class="smup-methods"><h2>Jak liczymy</h2><ul>{items}</ul></section>'
