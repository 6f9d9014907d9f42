"""How does an assessed area become the sections of a page?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.polish_text import polish_order
from smup_lib.present.area_charts import number_key
from smup_lib.present.cards import render_card
from smup_lib.present.cautions import render_cautions
from smup_lib.present.evidence_page import other_groups_words
from smup_lib.present.formats import NBSP, format_date, format_number
from smup_lib.present.numbers import missing_html, tagged
from smup_lib.present.place_line import place_words, render_place_worth, render_standing
from smup_lib.present.sources import OtherValue, render_other_values
from smup_lib.present.tables import render_facts
from smup_lib.present.words import NOT_COMPARABLE, SAMPLE_LAND, flag_words, qualifier_words

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

#: Stands in the key of a number for the indicator where the number counts those of every area.
ALL_AREAS = "all_areas"
#: Why one value may stand beside another median on the page of another area.
_OTHER_AREAS = (
    "Jednostki podobne dobieramy w każdym obszarze osobno, według cech ważnych dla jego usług, "
    "więc ta sama wartość może mieć na stronie innego obszaru inną medianę i inne miejsce."
)


def render_title(
    heading: str,
    unit_label: str,
    year: int | None,
    state: str,
    *,
    fictional: bool,
    level: int = 1,
    intro: str = "",
) -> str:
    """Return the head of a page: what, whose, which year (None: all of them), which state of data.

    ``level`` is that of the heading: 2 where the page has a title of its own, as a lesson does;
    ``intro`` says what the page is about.
    """
    day = escape(format_date(state[:10]))
    land = f'<strong class="smup-land"> · {SAMPLE_LAND}</strong>' if fictional else ""
    told = "" if year is None else f"raport za {year} r. · "
    about = f'<p class="smup-lead">{escape(intro)}</p>' if intro else ""
    return (
        f'<header class="smup-head"><h{level}>{escape(heading)}<span class="smup-hidden">: </span>'
        f'<span class="smup-head-unit">{escape(unit_label)}</span></h{level}>'
        f'<p class="smup-head-line">{told}dane wczytano {day}{land}</p>'
        f"{about}</header>"
    )


def render_peers(
    assessment: AreaAssessment,
    names: Mapping[str, str],
    together: Sequence[AreaAssessment] = (),
    item: IndicatorAssessment | None = None,
    side_groups: str = "",
) -> str:
    """Return with whom the unit is compared, by which rule, and how stable that is.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit and its group.
    names : mapping of str to str
        Short names of units by code.
    together : sequence of AreaAssessment, optional
        All areas of a page on which one group serves them all; the given one alone when omitted.
    item : IndicatorAssessment, optional
        The indicator that a page is about; all of the area when omitted.
    side_groups : str, optional
        Markup of the places in other groups.
    """
    group = assessment.group
    members = _listed(group.members, names)
    beside = _listed(assessment.neighbours, names)
    facts = [("Reguła", _group_words(assessment))]
    if group.notes:
        facts.append(("Zastrzeżenia", escape(" ".join(dict.fromkeys(group.notes)))))
    robust = (
        _robustness_text(together or [assessment])
        if item is None
        else other_groups_words(item, number_key(assessment, item))
    )
    if robust:
        facts.append(("Czy inna grupa zmienia obraz", robust))
    if group.rule == "similar" and item is None and not together:
        facts.append(("W innych obszarach", _OTHER_AREAS))
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
        f"{render_facts(facts, trusted=True)}{folded}{side_groups}</section>"
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


def _robustness_text(areas: Sequence[AreaAssessment]) -> str:
    """Say in how many indicators, of one area or of all, other groups agree."""
    told = [i for area in areas for i in area.shown() if i.robustness.share is not None]
    if len(told) < 3:
        return ""
    stable = [item for item in told if (item.robustness.share or 0) >= 0.9]
    first = areas[0]
    subject = first.area.id if len(areas) == 1 else ALL_AREAS
    key = NumberKey(first.unit.code, subject, first.year, group=first.group.key)
    same = tagged(len(stable), key.of(statistic="stable_indicators"))
    tried = tagged(len(told), key.of(statistic="tried_indicators"))
    among = "" if len(areas) == 1 else "We wszystkich obszarach razem: w"
    return (
        f"{among or 'W'} {same} z {tried} wskaźników, których wartość da się porównać z kilkoma "
        "grupami, jednostka leży po tej samej stronie mediany w prawie każdej sprawdzonej grupie "
        "(co najmniej 90%)."
    )


def render_indicator_head(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    *,
    source: str = "",
    others: Sequence[OtherValue] = (),
    reading: bool = True,
) -> str:
    """Return name, value, standing and reading of one indicator.

    ``source`` links to the sources of the value; ``others`` is what other sources hold. Without
    ``reading`` the card on the same page says what the value means.
    """
    indicator = item.indicator
    dimension = DIMENSION_WORDS.get(indicator.dimension or "", "")
    tag = f'<span class="smup-dimension">{dimension}</span>' if dimension else ""
    said = _reading(item) if reading else ""
    return (
        f'<h3 id="w-{indicator.id}">{escape(indicator.name)} {tag}</h3>'
        f"{_value_line(assessment, item, source, others)}{said}"
    )


def render_indicator_foot(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    catalogue: Catalogue,
    *,
    card: bool = True,
) -> str:
    """Return, folded, the limits of the value and the card of the indicator.

    Without ``card`` only the limits: the page has the card already.
    """
    unit = assessment.unit
    caveats = catalogue.caveats_of(
        item.indicator, assessment.year, sources=item.sources, level=unit.level, unit=unit.code
    )
    cautions = render_cautions(item, caveats, number_key(assessment, item))
    if not card:
        return cautions
    return cautions + render_card(item.indicator, catalogue, item.sources)


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
        if item.status == "not_applicable":
            said = f"<strong>{NOT_COMPARABLE}</strong>: {said}"
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
        parts.append(place_words(item, key))
    if source:
        parts.append(f'<span class="smup-note">źródło{NBSP}{source}</span>')
    told = [f'<p class="smup-value">{" · ".join(parts)}</p>']
    told += [render_place_worth(assessment, item, key), render_standing(item, key)]
    told.append(render_other_values(others))
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


def _reading(item: IndicatorAssessment) -> str:
    indicator = item.indicator
    return (
        f'<p class="smup-interpretation">{escape(indicator.interpretation)} '
        f'<span class="smup-limits">{escape(indicator.limits)}</span></p>'
    )


METHOD_NOTES = (
    "Lista usług, opisy i wzory wskaźników obliczonych są naszą rekonstrukcją (na podstawie zadań "
    "ustawowych, a w finansach metodyki Ministerstwa Finansów), a nie definicjami z portalu SMUP. "
    "Wskaźniki ogłoszone mają wartość wydawcy.",
    "Grupa porównawcza nie zawiera samej jednostki; mediana i kwartyle są liczone bez niej.",
    "Miejsce w kolejności uwzględnia jednostkę i tylko wskaźniki, których kierunek uzgodniono. "
    "Jednostki, których wyświetlane wartości są równe, dzielą miejsce.",
    "Ocena „korzystniej” albo „mniej korzystnie” znaczy: poza środkową połową grupy i dalej od "
    "mediany niż najmniejsza różnica, która ma znaczenie.",
    "Kosztów nie oceniamy: bardzo niski koszt jest takim samym pytaniem do wyjaśnienia jak bardzo "
    "wysoki.",
    "Kierunek zmian sprawdza test Manna i Kendalla, a typową roczną zmianę daje metoda "
    "Theila i Sena; lata sprzed przerwy w szeregu nie wchodzą do rachunku.",
    "Pewność położenia jest wysoka, gdy tak samo (po tej samej stronie mediany) wynik wypada w "
    "innych grupach porównawczych i we wcześniejszych latach, gdy dane ma większość grupy i gdy "
    "różnicy nie tłumaczy przypadek; o słowie decyduje najsłabsza z tych odpowiedzi.",
    "Pewność zmiany w czasie wynika z testu kierunku i z tego, ile takich testów zrobiono.",
)


def render_method_notes() -> str:
    """Return how to read the page's judgements."""
    items = "".join(f"<li>{escape(note)}</li>" for note in METHOD_NOTES)
    return f'<section class="smup-methods"><h2>Jak liczymy</h2><ul>{items}</ul></section>'
