"""What does the card of an indicator say: definition, formula, limits, provenance?

Said once: a folded card beside a value, a card in a terminal and a page of the catalogue all take
their words from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.variable import CITY_AS_GMINA
from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.present.formats import format_number
from smup_lib.present.tables import render_facts
from smup_lib.years import format_years

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue, Caveat, Indicator, Variable

Facts = tuple[tuple[str, str], ...]

DIRECTIONS = {
    "higher": "więcej znaczy korzystniej",
    "lower": "mniej znaczy korzystniej",
    "target": "najlepiej blisko wartości docelowej",
    "neutral": "wskaźnik nie ma kierunku",
}
LEVELS = {"gmina": "gmina", "powiat": "powiat", "voivodeship": "województwo", "country": "kraj"}
_FORMS = {
    "published": "gotowa wartość, bez licznika i mianownika",
    "share": "udział części w całości",
    "change": "zmiana względem poprzedniego roku",
    "index": "stosunek do roku bazowego",
}
_KINDS = {
    "money": "kwoty",
    "count": "zliczenia",
    "length": "długości",
    "area": "powierzchnie",
    "mass": "masy i objętości",
    "rate": "wskaźniki ogłoszone",
    "mean": "średnie",
    "index": "gotowe liczby",
}
#: Said on every card; nothing here is SMUP's own definition.
_OURS = "To nasza rekonstrukcja, nie definicja SMUP."
_PUBLISHED = "Wartość ogłasza gestor danych. Opis na karcie jest nasz, to nie jest definicja SMUP."
_MINISTRY = "MF-"


def card_facts(
    indicator: Indicator, catalogue: Catalogue, sources: Iterable[str] | None = None
) -> list[tuple[str, str]]:
    """Return the card of an indicator as pairs of label and text.

    Its caveats are those of its variables too, of every year; with ``sources`` only those that
    concern values from them.
    """
    area = catalogue.areas[indicator.area]
    service = next((s.name for s in area.services if s.code == indicator.service), "")
    facts = [
        ("Obszar", area.name),
        ("Usługa", f"{indicator.service} {service}" if service else ""),
        ("Wymiar", DIMENSION_WORDS.get(indicator.dimension or "", "")),
        ("Definicja", indicator.definition),
        *meaning_facts(indicator),
        *formula_facts(indicator, catalogue),
        *direction_facts(indicator),
        ("Zastrzeżenia", " ".join(list_cautions(indicator, catalogue, sources))),
        ("Czyja definicja", whose_words(indicator)),
    ]
    return [(label, text) for label, text in facts if text]


def meaning_facts(one: Indicator) -> Facts:
    """Return how to read a value, what it does not say, and who has one."""
    when = "Kogo dotyczy" if one.applies_to else "Kiedy nie ma wartości"
    cities = "powiat" in one.levels and one.kinds_at("powiat") != one.applies_to
    return (
        ("Jak to rozumieć", one.interpretation),
        ("Czego nie mówi", one.limits),
        ("Jednostka miary", one.measure_unit),
        ("Szczebel", ", ".join(LEVELS[level] for level in one.levels)),
        *(((when, one.not_applicable_reason),) if one.not_applicable_reason else ()),
        *((("Miasto na szczeblu powiatu", CITY_AS_GMINA),) if cities else ()),
    )


def formula_facts(one: Indicator, catalogue: Catalogue) -> Facts:
    """Return the formula in words and what sort of numbers it is made of."""
    return (
        ("Wzór słowami", formula_text(one, catalogue)),
        ("Podstawa danych", basis_text(one, catalogue)),
    )


def direction_facts(one: Indicator) -> Facts:
    """Return the direction and who signed it."""
    polarity = one.polarity
    facts = [("Co jest korzystne", direction_text(one))]
    if polarity.signed_by:
        state = "" if polarity.signed else " (potrzebny jest drugi podpis)"
        facts.append(("Podpisy", ", ".join(polarity.signed_by) + state))
    return tuple(facts)


def basis_text(one: Indicator, catalogue: Catalogue) -> str:
    """Say of what numbers an indicator is made, and how.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> for name in ("debt_per_capita", "gmina_roads_good_share", "primary_exam_mean"):
    ...     print(basis_text(catalogue.indicator(name), catalogue))
    kwota w przeliczeniu na jednostkę; dane: kwoty i zliczenia
    udział części w całości; dane: długości
    gotowa wartość, bez licznika i mianownika; dane: średnie
    """
    above = {catalogue.variable(name).kind for name in one.inputs.numerator}
    below = {catalogue.variable(name).kind for name in one.inputs.divided_by}
    if one.method == "amount":
        form = "kwota" if above == {"money"} else _FORMS["published"]
    elif one.method in _FORMS:
        form = _FORMS[one.method]
    elif above == {"money"} and "money" not in below:
        form = "kwota w przeliczeniu na jednostkę"
    else:
        form = "iloraz"
    data = " i ".join(word for kind, word in _KINDS.items() if kind in above | below)
    return f"{form}; dane: {data}" if data else form


def list_cautions(
    one: Indicator, catalogue: Catalogue, sources: Iterable[str] | None = None
) -> Iterator[str]:
    """Yield caveats and breaks of an indicator and of its variables, each with its years."""
    shown = None if sources is None else tuple(sources)
    named: list[tuple[str, Indicator | Variable]] = [("", one)]
    named += ((f"{v.label}: ", v) for v in map(catalogue.variable, one.variables_read))
    for whose, entry in named:
        for caveat in entry.caveats:
            if shown is None or caveat.concerns(shown):
                yield f"{whose}{_caveat_words(caveat)}"
        for item in entry.breaks:
            since = f"Od {item.year} r. nie do porównania z wcześniejszymi latami."
            yield f"{whose}{since} {item.reason}"
    if not one.across_years:
        yield "Lat tego wskaźnika nie należy porównywać."


def _caveat_words(caveat: Caveat) -> str:
    first, last = caveat.from_year, caveat.to_year
    years = ""
    if first is not None and last is not None:
        years = f" ({format_years(range(first, last + 1))})"
    elif caveat.dated:
        years = f" (od {first} r.)" if last is None else f" (do {last} r.)"
    where = f" (dotyczy zbiorów: {', '.join(caveat.datasets)})" if caveat.datasets else ""
    return f"{caveat.text}{years}{where}"


def indicator_card_text(indicator: Indicator, catalogue: Catalogue) -> str:
    """Return the card as plain text for the command line.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> first = next(iter(catalogue.indicators.values()))
    >>> first.name in indicator_card_text(first, catalogue)
    True
    """
    lines = [indicator.name, f"({indicator.id})", ""]
    lines += [f"{label}: {text}" for label, text in card_facts(indicator, catalogue)]
    return "\n".join(lines)


def render_card(
    indicator: Indicator, catalogue: Catalogue, sources: Iterable[str] | None = None
) -> str:
    """Return the card as a folded description list."""
    facts = render_facts(card_facts(indicator, catalogue, sources))
    return (
        f'<details class="smup-card-details"><summary>Karta wskaźnika '
        f'<span class="smup-hidden">{escape(indicator.name)}</span></summary>{facts}</details>'
    )


def formula_text(indicator: Indicator, catalogue: Catalogue) -> str:
    """Say in words how an indicator is computed, with the labels of its variables."""
    inputs = indicator.inputs
    if indicator.method == "published":
        variable = catalogue.variable(inputs.value or "")
        return f"wartość gotowa z urzędowego zbioru: {variable.label} ({variable.holder})"
    above = _sum_text(inputs.numerator, inputs.minus, catalogue)
    below = _sum_text(inputs.denominator, inputs.denominator_minus, catalogue)
    times = _times_text(indicator.multiplier)
    if indicator.method == "change":
        return f"zmiana wobec poprzedniego roku: {above}"
    if indicator.method == "index":
        return f"{above}, rok {indicator.base_year} = {format_number(indicator.multiplier)}"
    return f"({above}) ÷ ({below}){times}" if below else f"{above}{times}"


def _times_text(multiplier: float) -> str:
    """Return what a result is multiplied by; a small part as what it is divided by."""
    if multiplier == 1:
        return ""
    divided = 0 < multiplier < 1
    factor = 1 / multiplier if divided else multiplier
    decimals = 0 if math.isclose(factor, round(factor)) else 2
    return f" {'÷' if divided else '×'} {format_number(factor, decimals)}"


def _sum_text(plus: Iterable[str], minus: Iterable[str], catalogue: Catalogue) -> str:
    added = " + ".join(catalogue.variable(name).label for name in plus)
    return added + "".join(f" − {catalogue.variable(name).label}" for name in minus)


def direction_text(indicator: Indicator) -> str:
    """Say the direction, why, and whether it may be acted on."""
    polarity = indicator.polarity
    said = DIRECTIONS[polarity.direction]
    if polarity.judge == "two_sided":
        return f"{said}; bardzo mało i bardzo dużo to tak samo powód do pytania"
    if polarity.direction == "neutral":
        return said
    signed = "" if polarity.signed else " Brak drugiego podpisu: nie oceniamy i nie szeregujemy."
    return f"{said}. {polarity.reason}{signed}"


def whose_words(one: Indicator) -> str:
    """Say whose definition it is: the publisher's, the ministry's or ours, never SMUP's.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> whose_words(load_catalogue().indicator("debt_per_capita")).partition(".")[0]
    'Wzór z metodyki Ministerstwa Finansów (edycja 2024)'
    """
    if one.provenance == "published":
        return _PUBLISHED
    if one.definition_version.startswith(_MINISTRY):
        edition = one.definition_version.removeprefix(_MINISTRY)
        return (
            f"Wzór z metodyki Ministerstwa Finansów (edycja {edition}). "
            "Opis jest nasz, to nie jest definicja SMUP."
        )
    return _OURS
