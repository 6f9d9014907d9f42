"""What may a practice card say, and is it admitted? Every broken rule at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator

from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.catalogue.model import Service
from smup_lib.catalogue.practice import PracticeCard
from smup_lib.catalogue.problems import Fault, Problem
from smup_lib.errors import did_you_mean
from smup_lib.polish_text import plain_text
from smup_lib.teryt import is_city_code

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(\btel(efon)?\b\.?:?\s*|\+48[\s-]?)\(?\d[\d\s()-]{6,}", re.IGNORECASE)
_PERSON = re.compile(r"\b(pan|pani|mgr|dr|inż|inz)\b\.?", re.IGNORECASE)
#: With what the address of an office begins; an address of two names is taken for a person's.
_OFFICE_WORDS = (
    *("urzad", "um", "ug", "umig", "gmina", "miasto", "powiat", "starostwo", "sekretariat"),
    *("biuro", "kancelaria", "poczta", "kontakt", "info", "bip", "wydzial", "referat", "zarzad"),
)
_OFFICE_STEP = "podaj adres urzędu albo komórki, na przykład sekretariat@..., nigdy osoby"

Rule = Callable[[PracticeCard, Catalogue], Iterable[Fault]]


def list_card_problems(card: PracticeCard, catalogue: Catalogue, file: str) -> Iterator[Problem]:
    """Yield every rule that a card of the right shape breaks."""
    for rule in RULES:
        yield from (Problem(file, card.id, *fault) for fault in rule(card, catalogue))


def services_of(catalogue: Catalogue) -> dict[str, Service]:
    """Return every service of the catalogue by its code."""
    return {one.code: one for area in catalogue.areas.values() for one in area.services}


def _links_lead_somewhere(card: PracticeCard, catalogue: Catalogue) -> Iterator[Fault]:
    """Ask for at least one service or indicator, and that each named one is there."""
    services = services_of(catalogue)
    if not card.services and not card.cited:
        yield Fault(
            "services",
            "karta nie prowadzi do żadnej usługi ani wskaźnika",
            "kod usługi albo identyfikator wskaźnika z katalogu",
            next_step="wybierz z listy: smup catalogue list",
        )
    for code in card.services:
        if code not in services:
            yield Fault(
                "services",
                "takiej usługi nie ma w katalogu",
                "kod usługi, na przykład DRO-07",
                code,
                _meant_service(code, services) or "kody usług pokaże: smup catalogue show OBSZAR",
            )
    for key, name in _named_indicators(card):
        if name not in catalogue.indicators:
            known = catalogue.indicators.values()
            ids = {plain_text(text): one.id for one in known for text in (one.name, one.id)}
            exact = ids.get(plain_text(name))
            hint = f"czy chodziło o: {exact}?" if exact else did_you_mean(name, ids.values())
            yield Fault(
                key,
                "takiego wskaźnika nie ma w katalogu",
                "identyfikator wskaźnika",
                name,
                hint or "identyfikatory pokaże: smup catalogue list",
            )


def _meant_service(text: str, services: dict[str, Service]) -> str:
    by_name = {plain_text(one.name): one.code for one in services.values()}
    exact = by_name.get(plain_text(text))
    if exact:
        return f"czy chodziło o: {exact}?"
    return did_you_mean(text, services) or did_you_mean(text, [s.name for s in services.values()])


def _named_indicators(card: PracticeCard) -> Iterator[tuple[str, str]]:
    yield from (("indicators", name) for name in card.indicators)
    if card.problem and card.problem.indicator:
        yield "problem.indicator", card.problem.indicator
    if card.effect and card.effect.indicator:
        yield "effect.indicator", card.effect.indicator


def _indicators_belong_to_services(card: PracticeCard, catalogue: Catalogue) -> Iterator[Fault]:
    """Ask that an indicator of the card measures one of its services."""
    if not card.services or not set(card.services) <= services_of(catalogue).keys():
        return  # what is wrong with a service is told already
    for name in card.indicators:
        one = catalogue.indicators.get(name)
        if one is not None and one.service not in card.services:
            yield Fault(
                "indicators",
                f"wskaźnik {name} nie należy do żadnej z usług karty",
                f"wskaźnik usługi {' albo '.join(card.services)}",
                one.service or "wskaźnik poza usługami",
                f"dopisz do services: {one.service}" if one.service else "usuń ten wskaźnik",
            )


def _numbers_say_of_what(card: PracticeCard, catalogue: Catalogue) -> Iterator[Fault]:
    """Ask for an indicator or a measure unit beside each number."""
    del catalogue
    step = "dopisz indicator albo measure_unit, a gdy ich nie znasz, usuń liczbę"
    expected = "liczba ze wskaźnikiem katalogu albo z jednostką miary"
    problem, effect = card.problem, card.effect
    if problem and problem.value is not None and not (problem.indicator or problem.measure_unit):
        yield Fault("problem.value", "nie wiadomo, czego to liczba", expected, next_step=step)
    if effect and not (effect.indicator or effect.measure_unit):
        for key in ("before", "after"):
            if getattr(effect, key) is not None:
                what = "nie wiadomo, czego to liczba"
                yield Fault(f"effect.{key}", what, expected, next_step=step)
    if effect and (effect.before is None) != (effect.after is None):
        yield Fault(
            "effect",
            "jedna liczba bez drugiej nie pokazuje zmiany",
            "before i after razem albo żadna z nich",
            next_step="dopisz drugą liczbę albo zostaw sam opis",
        )


def _status_is_earned(card: PracticeCard, catalogue: Catalogue) -> Iterator[Fault]:
    """Ask that an admitted card tells both criteria; others say that they are incomplete."""
    del catalogue
    if card.status == "admitted" and card.criteria_missing:
        yield Fault(
            "status",
            f"karta nie spełnia warunków przyjęcia, brak: {'; '.join(card.criteria_missing)}",
            "obie odpowiedzi: measurement i change",
            "admitted",
            "uzupełnij je albo zmień status na incomplete",
        )


def _contact_is_an_office(card: PracticeCard, catalogue: Catalogue) -> Iterator[Fault]:
    """Ask for addresses of offices: no person, no telephone, no address elsewhere."""
    del catalogue
    contact = card.contact
    if contact and contact.email:
        if not _EMAIL.fullmatch(contact.email):
            what = "to nie jest adres e-mail"
            yield Fault("contact.email", what, found=contact.email, next_step=_OFFICE_STEP)
        elif _of_a_person(contact.email):
            what = "to wygląda na adres osoby"
            yield Fault("contact.email", what, "adres urzędu", contact.email, _OFFICE_STEP)
    if contact and (found := _PERSON.search(contact.office)):
        what = "kontakt wskazuje osobę"
        yield Fault("contact.office", what, "urząd i komórka", found.group(), _OFFICE_STEP)
    if contact and contact.url and not contact.url.startswith(("https://", "http://")):
        what = "to nie jest adres strony"
        yield Fault("contact.url", what, "https://...", contact.url, "popraw albo usuń adres")
    for key, text in card.texts():
        if found := _EMAIL.search(text):
            step = "adres urzędu wpisz w contact.email, adres osoby usuń"
            what = "adres e-mail stoi w tekście"
            yield Fault(key, what, "tekst bez adresów", found.group(), step)
        if found := _PHONE.search(text):
            step = "usuń numer; telefon urzędu jest na jego stronie"
            what = "numer telefonu stoi w tekście"
            yield Fault(key, what, "tekst bez numerów telefonu", found.group().strip(), step)


def _of_a_person(address: str) -> bool:
    """Tell whether an address is built of two names and none of them is a word of offices."""
    parts = [part for part in re.split(r"[._-]", address.partition("@")[0].lower()) if part]
    return len(parts) > 1 and not any(part in _OFFICE_WORDS for part in parts)


def _days_and_codes_agree(card: PracticeCard, catalogue: Catalogue) -> Iterator[Fault]:
    """Ask that the day of verification is past and the code is of the kind beside it."""
    del catalogue
    if card.verified is not None and card.verified > dt.date.today():
        what = "data weryfikacji jest z przyszłości"
        yield Fault("verified", what, "dzień, który minął", f"{card.verified}", "popraw datę")
    code, kind = card.office.unit_code, card.office.kind
    if code is None or kind is None:
        return
    if kind not in _kinds_of(code):
        yield Fault(
            "office.kind",
            f"kod {code} nie jest kodem jednostki tego rodzaju",
            "kod i rodzaj tej samej jednostki",
            kind,
            "popraw kod albo rodzaj, a gdy ich nie znasz, wpisz: nie podano",
        )


def _kinds_of(code: str) -> tuple[str, ...]:
    if is_city_code(code):
        return (
            ("city_with_powiat_rights",) if len(code) == 4 else ("city_with_powiat_rights", "urban")
        )
    return ("land_powiat",) if len(code) == 4 else ("urban", "rural", "urban_rural")


RULES: tuple[Rule, ...] = (
    _links_lead_somewhere,
    _indicators_belong_to_services,
    _numbers_say_of_what,
    _status_is_earned,
    _contact_is_an_office,
    _days_and_codes_agree,
)
