"""How does a practice card read: what is told, what is not, and whether it is admitted?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from smup_lib.catalogue.practice import NOT_TOLD, REVIEW_WORDS, STATUS_WORDS
from smup_lib.catalogue.practice_rules import services_of
from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.polish_text import in_sentence
from smup_lib.present.card_parts import Card, CardSection, CardTable, Link, Words, listed
from smup_lib.present.formats import format_date, format_number
from smup_lib.present.indicator_card import links_of
from smup_lib.units.labels import KIND_NAME

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue
    from smup_lib.catalogue.practice import PracticeCard

#: Stands wherever practices stand beside the fictional land.
REAL_OFFICES = (
    "Praktyki opisują prawdziwe urzędy, a jednostki i liczby na tej stronie są fikcyjne: jedne "
    "z drugimi nie mają nic wspólnego."
)


def status_words(card: PracticeCard) -> str:
    """Say whether a card is admitted, and what it lacks where it is not.

    Examples
    --------
    >>> from smup_lib.catalogue.practice_book import load_shipped
    >>> cards = {one.card.id: one.card for one in load_shipped()}
    >>> status_words(cards["kielce_zarzadzanie_danymi"])
    'karta niepełna, brak: zmieniony parametr usługi'
    """
    word = STATUS_WORDS[card.status]
    missing = card.criteria_missing or (card.not_told if card.status == "incomplete" else ())
    return f"{word}, brak: {', '.join(missing)}" if missing else word


def practice_card(card: PracticeCard, catalogue: Catalogue) -> Card:
    """Return a practice as a card of the catalogue; what nobody told says so."""
    return Card(
        kind="practice",
        id=card.id,
        title=card.title,
        kicker=f"Dobra praktyka: {office_words(card)}",
        whose=f"{status_words(card).capitalize()}.",
        lead=card.problem.text if card.problem else f"Problem wyjściowy: {NOT_TOLD}.",
        sections=(
            CardSection("Czego dotyczy", tuple(_links(card, catalogue))),
            CardSection("Dane i zmiana", tuple(_criteria(card, catalogue))),
            _steps("Rozwiązanie krok po kroku", card.solution),
            CardSection("Koszty i efekt", tuple(_effect(card, catalogue))),
            _steps("Czynniki sukcesu", card.success_factors),
            _steps("Ryzyka", card.risks),
            _steps("Warunki adaptacji", card.conditions),
            CardSection("Skąd to wiemy", tuple(_origin(card))),
        ),
    )


def office_words(card: PracticeCard) -> str:
    """Name the office with what is known of it: kind, code, population."""
    office = card.office
    known = [
        KIND_NAME[office.kind] if office.kind else "",
        office.unit_code or "",
        f"{format_number(office.population)} mieszkańców" if office.population else "",
    ]
    more = ", ".join(part for part in known if part)
    return f"{office.name} ({more})" if more else office.name


def _links(card: PracticeCard, catalogue: Catalogue) -> Iterator[tuple[str, Words]]:
    services = services_of(catalogue)
    if card.services:
        named = [Link("service", code, f"{code} {services[code].name}") for code in card.services]
        yield "Usługa", listed(named)
    dimensions = ", ".join(DIMENSION_WORDS[name] for name in card.dimensions)
    yield "Wymiar", dimensions or NOT_TOLD
    if card.cited:
        yield "Wskaźnik", links_of(card.cited, catalogue)
    if card.link_note:
        yield "Dlaczego tutaj", card.link_note


def _criteria(card: PracticeCard, catalogue: Catalogue) -> Iterator[tuple[str, Words]]:
    problem = card.problem
    if problem is not None and problem.value is not None:
        unit = _measure_unit(catalogue, problem.indicator, problem.measure_unit)
        year = f" ({problem.year} r.)" if problem.year else ""
        yield "Wartość wyjściowa", f"{_number(problem.value, unit)}{year}"
    yield "Dane lub pomiar", card.measurement or NOT_TOLD
    yield "Zmieniony parametr usługi", card.change or NOT_TOLD


def _effect(card: PracticeCard, catalogue: Catalogue) -> Iterator[tuple[str, Words]]:
    yield "Koszty", card.costs or NOT_TOLD
    yield "Zasoby", card.resources or NOT_TOLD
    yield "Efekt", effect_words(card, catalogue)


def effect_words(card: PracticeCard, catalogue: Catalogue) -> str:
    """Say what changed: before, after and when, as far as it is told."""
    effect = card.effect
    if effect is None:
        return NOT_TOLD
    words = effect.text.removesuffix(".")
    if effect.before is not None and effect.after is not None:
        unit = _measure_unit(catalogue, effect.indicator, effect.measure_unit)
        words += f"; przed: {_number(effect.before, unit)}, po: {_number(effect.after, unit)}"
    return f"{words} ({effect.period})" if effect.period else words


def _measure_unit(catalogue: Catalogue, indicator: str | None, measure_unit: str) -> str:
    return catalogue.indicators[indicator].measure_unit if indicator else measure_unit


def _number(value: float, measure_unit: str) -> str:
    """Write a number with the digits that the card gives."""
    digits = f"{value:.6f}".rstrip("0").partition(".")[2]
    return format_number(value, len(digits), measure_unit or None)


def _steps(title: str, texts: tuple[str, ...]) -> CardSection:
    return CardSection(title, sentences=texts or (NOT_TOLD,))


def _origin(card: PracticeCard) -> Iterator[tuple[str, Words]]:
    contact = card.contact
    told = (contact.office, contact.email, contact.url) if contact else ()
    yield "Kontakt do urzędu", ", ".join(part for part in told if part) or NOT_TOLD
    yield "Źródło", card.source
    yield "Data weryfikacji", format_date(card.verified) if card.verified else NOT_TOLD
    yield "Recenzja", REVIEW_WORDS[card.review]
    yield "Oznaczenie tej wersji karty", card.digest


def told_only(card: Card) -> Card:
    """Return a practice's card with what is not told in one line, for a place on another page."""
    untold: list[str] = []
    sections = []
    for section in card.sections:
        facts = tuple(fact for fact in section.facts if fact[1] != NOT_TOLD)
        sentences = tuple(text for text in section.sentences if text != NOT_TOLD)
        untold += [name for name, words in section.facts if words == NOT_TOLD]
        untold += [section.title] if section.sentences and not sentences else []
        sections.append(replace(section, facts=facts, sentences=sentences))
    names = ", ".join(map(in_sentence, untold))
    rest = CardSection("Nie podano", ((NOT_TOLD.capitalize(), names),)) if names else None
    return replace(card, sections=(*sections, *((rest,) if rest else ())))


def practice_section(cards: Iterable[PracticeCard], *, fictional: bool = False) -> CardSection:
    """Return the practices of a service or an indicator, for its card in the catalogue.

    ``fictional`` says that the data beside them are of the fictional land.
    """
    rows = tuple(
        (Link("practice", one.id, one.title), office_words(one), status_words(one)) for one in cards
    )
    columns = ("Praktyka", "Urząd", "Karta")
    note = REAL_OFFICES if fictional else ""
    title = "Dobre praktyki"
    return CardSection(title, table=CardTable(title, columns, rows, note))
