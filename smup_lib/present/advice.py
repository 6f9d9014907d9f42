"""How does a page say whom to ask about a weak result: similar units and practices?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.conclude.practices import MOST_PEERS, MOST_PRACTICES
from smup_lib.plurals import plural
from smup_lib.present.card_parts import CardKind, render_card_facts
from smup_lib.present.formats import NBSP, count_of
from smup_lib.present.numbers import tagged
from smup_lib.present.practice_cards import (
    REAL_OFFICES,
    effect_words,
    practice_card,
    status_words,
    told_only,
)
from smup_lib.present.words import HOW_TO_READ

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue
    from smup_lib.conclude.evidence import CitedNumber
    from smup_lib.conclude.practices import Advice, Practice

_PRACTICE_NOUN = ("karta", "karty", "kart")
_WHY_PEERS = (
    "Jednostka jest tu wymieniona, gdy należy do podobnych (gdzie podobnych nie da się wskazać, do "
    "grupy porównawczej) i w tym roku ma wynik lepszy o więcej, niż tłumaczy {what}.{beaten} "
    "Sprawdzamy też najwyżej pięć wcześniejszych lat, w których da się porównać obie jednostki. "
    "Jeżeli są co najmniej trzy, "
    "musiała być lepsza w co najmniej trzech czwartych z nich. {years} Dlaczego jej wynik jest "
    "lepszy, nie wiadomo; o to właśnie warto zapytać."
)
#: What holds only where something stands beside the outcome.
_NOT_BEATEN = (
    " Gdzie obok wyniku stoi koszt, jakość albo dostępność, pomijamy tę, od której inna taka "
    "jednostka jest we wszystkim nie gorsza."
)
#: What holds where too few earlier years are known, by the kind of the bounds.
_FEW_YEARS = {
    "chance": "Gdy lat jest mniej, a wskaźnik ma liczbę przypadków, jednostka zostaje na liście: "
    "przypadek wykluczono już w tym roku.",
    "rounding": "Gdy lat jest mniej, a wskaźnik nie ma liczby przypadków, jednostki na liście nie "
    "ma.",
}
_FIT = ("spełnia", "spełniają", "spełnia")
_UNITS = ("jednostka", "jednostki", "jednostek")
#: What a difference must be larger than, by the kind of its bounds.
_CERTAIN = {
    "chance": "przypadek",
    "rounding": "zaokrąglenie i najmniejsza różnica, która ma znaczenie",
}
_NO_COUNTS = (
    "Przy wskaźnikach bez liczby przypadków nie da się wykluczyć przypadku; przemawiają za nimi "
    "tylko wielkość różnicy i wcześniejsze lata."
)
_POOR_MATCH = "Jednostki tej grupy różnią się od porównywanej wyraźnie warunkami."
_WHY_PRACTICES = (
    "Karta praktyki mówi, co zrobił inny urząd. Nie dowodzi, że to samo zadziała gdzie indziej; "
    "„nie podano” znaczy, że nie znamy odpowiedzi, a nie że jej nie ma."
)


def render_advice(
    advice: Sequence[Advice],
    catalogue: Catalogue,
    names: Mapping[str, str],
    *,
    fictional: bool = False,
    on_page: Collection[str] = (),
    level: int = 4,
) -> str:
    """Return whom to ask, an indicator after another; nothing where none is weak.

    Parameters
    ----------
    advice : sequence of Advice
        Of the weak indicators of a service.
    catalogue : Catalogue
        Names what the cards are linked to.
    names : mapping of str to str
        Short names of units by code.
    fictional : bool, default False
        Whether the page is of the fictional land: practices are of real offices all the same.
    on_page : collection of str, optional
        Ids of the indicators that have their place on the page; cards lead there.
    level : int, default 4
        Of the heading.
    """
    practices = {one.card.id: one for each in reversed(advice) for one in each.practices}
    order = dict.fromkeys(one.card.id for each in advice for one in each.practices)
    told = [practices[name] for name in order]
    peers = "".join(_peers(one, names) for one in advice if one.behind)
    if not (peers or told):
        return ""
    cards = _practices(told, catalogue, on_page, fictional=fictional)
    reading = _reading(advice, practices=bool(told))
    title = f"<h{level}>Kogo warto zapytać</h{level}>"
    return f'<section class="smup-ask">{title}{peers}{cards}{reading}</section>'


def _peers(advice: Advice, names: Mapping[str, str]) -> str:
    indicator, peers = advice.asked.indicator, advice.peers
    name = escape(indicator.short_name)
    if not peers:
        why = escape(advice.refusal)
        return (
            f'<p class="smup-note">{name}: nie wskazujemy jednostki, od której można się uczyć '
            f"({why}).</p>"
        )
    items = "".join(
        f"<li><b>{escape(names.get(code, code))}</b>: {_filled(*advice.peer_line(code))}</li>"
        for code in peers[:MOST_PEERS]
    )
    similar = advice.group.rule == "similar"
    notes = [escape(text) for text in advice.found.warnings]
    notes += [_POOR_MATCH] if advice.group.poor_match else []
    if len(peers) > MOST_PEERS:
        count = tagged(len(peers), advice.key("learnable_peers"))
        told = "najbardziej podobne" if similar else "pierwsze z nich"
        fit, noun = (plural(len(peers), forms) for forms in (_FIT, _UNITS))
        notes.append(f"Te warunki {fit} razem {count}{NBSP}{noun}; wymieniamy tu {told}.")
    note = f'<p class="smup-note">{" ".join(notes)}</p>' if notes else ""
    whose = "podobne jednostki" if similar else "jednostki z grupy porównawczej"
    own = tagged(
        advice.asked.value,
        advice.key("value").of(statistic="value"),
        indicator.decimals,
        measure_unit=indicator.measure_unit,
    )
    return f"<p>{name}: {own} – {whose} z lepszym wynikiem:</p><ul>{items}</ul>{note}"


def _filled(template: str, numbers: Mapping[str, CitedNumber]) -> str:
    html = escape(template)
    for name, one in numbers.items():
        shown = tagged(one.value, one.key, one.decimals, measure_unit=one.measure_unit)
        html = html.replace(f"{{{name}}}", shown)
    return html


def _practices(
    practices: Sequence[Practice],
    catalogue: Catalogue,
    on_page: Collection[str],
    *,
    fictional: bool,
) -> str:
    if not practices:
        return ""
    shown, rest = practices[:MOST_PRACTICES], len(practices) - MOST_PRACTICES
    folds = "".join(_fold(one, catalogue, on_page) for one in shown)
    counted = count_of(rest, _PRACTICE_NOUN) if rest > 0 else ""
    told = f"Pozostałe ({counted}) wypisze polecenie: smup practices list."
    more = f'<p class="smup-note">{told}</p>' if counted else ""
    real = fictional and any(not one.card.fictional for one in shown)
    land = f'<p class="smup-note">{REAL_OFFICES}</p>' if real else ""
    return f"<p>Dobre praktyki innych urzędów:</p><ul>{folds}</ul>{more}{land}"


def _fold(practice: Practice, catalogue: Catalogue, on_page: Collection[str]) -> str:
    def address(kind: CardKind, name: str) -> str | None:
        return f"#w-{name}" if kind == "indicator" and name in on_page else None

    card = practice.card
    told = practice_card(card, catalogue)
    line = (
        f"<b>{escape(card.title)}</b> ({escape(card.office.name)}): {practice.why}; "
        f"efekt: {escape(effect_words(card, catalogue))}; {escape(status_words(card))}."
    )
    body = f"<p>{escape(told.lead)}</p>{render_card_facts(told_only(told), address)}"
    told_more = "<summary>Co podano w karcie</summary>"
    return f'<li>{line}<details class="smup-more">{told_more}{body}</details></li>'


def _reading(advice: Sequence[Advice], *, practices: bool) -> str:
    """Return, folded, what a name in the list means and what it does not."""
    kinds = {one.found.kind for one in advice if one.behind and one.peers}
    what = " albo ".join(words for kind, words in _CERTAIN.items() if kind in kinds)
    years = " ".join(words for kind, words in _FEW_YEARS.items() if kind in kinds)
    beaten = _NOT_BEATEN if any(one.paired for one in advice if one.behind and one.peers) else ""
    told = [_WHY_PEERS.format(what=what, years=years, beaten=beaten)] if kinds else []
    told += [_NO_COUNTS] if "rounding" in kinds else []
    told += [_WHY_PRACTICES] if practices else []
    if not told:
        return ""
    text = "".join(f"<p>{escape(one)}</p>" for one in told)
    return f'<details class="smup-reading"><summary>{HOW_TO_READ}</summary>{text}</details>'
