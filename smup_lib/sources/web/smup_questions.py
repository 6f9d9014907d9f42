"""What can be asked of the SMUP API? One function a path, all in one place.

The paths, parameters and envelopes are those that third-party clients measured (sources.md 1.3);
none was called from this project, see ``docs/unverified.md``.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from smup_lib.errors import UnexpectedAnswerError
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.asking import Question
from smup_lib.sources.web.smup_units import unit_fault

#: Rows a page at most.
PAGE_SIZE = 5_000
DICTIONARY_DAYS = 7.0
#: Values mean nothing without it, and it is one call.
UNITS_DAYS = 1.0
#: Cards change rarely and are as many as indicators.
CARD_DAYS = 90.0
RECENT_DAYS, OLD_DAYS, RECENT_YEARS = 30.0, 365.0, 3
#: Where values are asked for.
VALUES_PATH = "indicator-date-data"
#: "There are no data"; any other status is an error.
EMPTY = (404,)
LANGUAGE: Mapping[str, object] = {"lang": "pl"}


@dataclass(frozen=True)
class Envelope:
    """The rows of an answer, and how many pages it says there are; None when it does not say."""

    rows: list[Any]
    pages: int | None


@lru_cache(maxsize=4)
def read_envelope(answer: Answer) -> Envelope:
    """Read ``{"data": [...], "page-count": n}``, or a bare array; nothing for 404 and 204.

    Raises
    ------
    UnexpectedAnswerError
        When the answer is neither.
    """
    if answer.status != 200:
        return Envelope([], 0)
    content = json.loads(answer.body.decode("utf-8-sig"))
    if isinstance(content, list):
        return Envelope(content, None)
    rows = content.get("data") if isinstance(content, dict) else None
    pages = content.get("page-count") if isinstance(content, dict) else None
    if not isinstance(rows, list) or (pages is not None and not _is_count(pages)):
        raise UnexpectedAnswerError(
            "SMUP odpowiedział w nieznanym układzie.",
            where=str(answer.request),
            expected='lista albo {"data": [...], "page-count": liczba}',
            next_step="sprawdź, czy serwis się nie zmienił: smup doctor --live",
        )
    return Envelope(rows, pages)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


Fields = tuple[tuple[str, type], ...]
"""Names and types that every row of a dictionary must have."""

_TYPE_NAMES = {int: "liczba całkowita", str: "tekst"}
_SHOWN_TEXT = 120


def wrong_row(rows: Sequence[Any], fields: Fields) -> str:
    """Return what is wrong with the first row that lacks a field; empty when all are sound."""
    for row in rows:
        for name, kind in fields:
            if not isinstance(row, dict) or type(row.get(name)) is not kind:
                shown = json.dumps(row, ensure_ascii=False)[:_SHOWN_TEXT]
                return f"pole „{name}” to nie {_TYPE_NAMES[kind]} w wierszu {shown}"
    return ""


@dataclass(frozen=True)
class BareList:
    """A dictionary on one page."""

    fields: Fields

    def next_page(self, answers: Sequence[Answer]) -> Request | None:
        """Return None: there is one page."""
        return None

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return what is wrong with its rows."""
        rows = read_envelope(answers[0]).rows
        return wrong_row(rows, self.fields) or ("" if rows else "lista jest pusta")


def no_fault(rows: Sequence[Any]) -> str:
    """Return nothing: any rows will do."""
    return ""


@dataclass(frozen=True)
class Pages:
    """Pages numbered from 1, as many as the first one says; rows are told apart by ``key``.

    A dictionary has ``at_least`` one row, and ``check`` says what else is wrong with its rows.
    """

    request: Request
    size: int
    key: str
    fields: Fields = ()
    at_least: int = 0
    check: Callable[[Sequence[Any]], str] = no_fault

    def next_page(self, answers: Sequence[Answer]) -> Request | None:
        """Return the next page that was announced; after a full last one, one more to be sure."""
        last = read_envelope(answers[-1])
        announced, number = read_envelope(answers[0]).pages, len(answers)
        if answers[-1].status != 200 or announced is None:
            return None
        if number < announced or (number == announced and len(last.rows) >= self.size):
            return paged(self.request, self.size, number + 1)
        return None

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return what is wrong with the number of pages, or with rows that stand on two pages."""
        pages = [read_envelope(answer) for answer in answers]
        announced = pages[0].pages
        if answers[0].status != 200:
            return ""
        if announced is None or any(page.pages is None for page in pages):
            return "serwis nie podał liczby stron, więc nie wiadomo, czy to wszystkie wiersze"
        if len(pages) > announced and pages[-1].rows:
            return f"liczba stron w odpowiedzi ({announced}) jest za mała"
        empty = [number for number, page in enumerate(pages[:announced], 1) if not page.rows]
        if len(pages) < announced or (empty and announced > 1):
            return f"serwis zapowiedział {announced} stron, a nie wszystkie istnieją"
        if len({page.pages for page in pages if page.pages}) > 1:
            return "strony podają różną liczbę stron"
        rows = [row for page in pages for row in page.rows]
        if len(rows) < self.at_least:
            return "lista jest pusta"
        return wrong_row(rows, self.fields) or self._overlap(pages) or self.check(rows)

    def _overlap(self, pages: Sequence[Envelope]) -> str:
        if len(pages) == 1:
            return ""
        seen: set[str] = set()
        for page in pages:
            keys = {str(row.get(self.key)) for row in page.rows if isinstance(row, dict)}
            if seen & keys:
                return "te same wiersze są na różnych stronach, więc innych może brakować"
            seen |= keys
        return ""


def paged(request: Request, size: int, number: int) -> Request:
    """Return the request of one page."""
    return Request(
        request.path, (*request.parameters, ("page", str(number)), ("page-size", str(size)))
    )


def _dictionary(
    path: str,
    label: str,
    size: int,
    fields: Fields,
    check: Callable[[Sequence[Any]], str] = no_fault,
    days: float = DICTIONARY_DAYS,
) -> Question:
    request = Request.of(path, LANGUAGE)
    pages = Pages(request, size, fields[0][0], fields, 1, check)
    return Question(paged(request, size, 1), label, days, pages)


def _list_question(path: str, label: str, fields: Fields, **parameters: object) -> Question:
    request = Request.of(path, {**parameters, **LANGUAGE})
    return Question(request, label, DICTIONARY_DAYS, BareList(fields))


def ask_areas() -> Question:
    """Ask for the areas: a bare array of ``id-ou``, ``nazwa-obszaru``."""
    return _list_question("areas-list", "lista obszarów", (("id-ou", int), ("nazwa-obszaru", str)))


def ask_services(area: int) -> Question:
    """Ask for the services of an area: a bare array of ``id-up``, ``nazwa-uslugi``."""
    fields = (("id-up", int), ("nazwa-uslugi", str))
    return _list_question("public-services", f"usługi obszaru {area}", fields, id=area)


_INDICATOR: Fields = (
    ("id", int),
    ("nazwa-wskaznika", str),
    ("id-up", int),
    ("wymiar-opisu-uslugi", str),
)


def ask_indicators(size: int = PAGE_SIZE) -> Question:
    """Ask for all indicators (``indicator-list``, an envelope)."""
    return _dictionary("indicator-list", "lista wskaźników", size, _INDICATOR)


def ask_indicators_of(service: int) -> Question:
    """Ask for the indicators of a service (``indicators-list``, a bare array)."""
    return _list_question("indicators-list", f"wskaźniki usługi {service}", _INDICATOR, id=service)


def ask_units(size: int = PAGE_SIZE) -> Question:
    """Ask for the dictionary of units, which alone says what an ``id-teryt`` is."""
    fields = (("id-teryt", int), ("woj", str))
    label = "słownik jednostek"
    return _dictionary("teryt-dictionary", label, size, fields, unit_fault, UNITS_DAYS)


def ask_dates(size: int = PAGE_SIZE) -> Question:
    """Ask for the dictionary of dates: ``id-daty``, ``rok``."""
    fields = (("id-daty", int), ("rok", int))
    return _dictionary("data-dictionary", "słownik dat", size, fields, _date_fault)


def _date_fault(rows: Sequence[Any]) -> str:
    years: dict[int, int] = {}
    for row in rows:
        if years.setdefault(row["id-daty"], row["rok"]) != row["rok"]:
            return f"id-daty {row['id-daty']} ma w nim dwa różne lata"
    return ""


def ask_flags(size: int = PAGE_SIZE) -> Question:
    """Ask for the dictionary of flags; the names of its fields were never seen."""
    request = Request.of("flag-dictionary", LANGUAGE)
    pages = Pages(request, size, "id-flaga", at_least=1)
    return Question(paged(request, size, 1), "słownik znaczników", DICTIONARY_DAYS, pages)


def ask_version() -> Question:
    """Ask which version the service has; its shape was never seen, so it is only kept."""
    return Question(Request.of("version"), "wersja serwisu", DICTIONARY_DAYS, empty=EMPTY)


def ask_variables(size: int = PAGE_SIZE) -> Question:
    """Ask for the list of variables; its shape was never seen, so its first page is only kept."""
    request = paged(Request.of("variables-list", LANGUAGE), size, 1)
    return Question(request, "lista zmiennych", DICTIONARY_DAYS, empty=EMPTY)


def ask_card(kind: str, number: int) -> Question:
    """Ask for a card (fiszka): ``kind`` is area, service or indicator; kept verbatim."""
    path, name = {
        "area": ("area-flashcard", "fiszka obszaru"),
        "service": ("public-services-flashcard", "fiszka usługi"),
        "indicator": ("indicator-flashcard", "fiszka wskaźnika"),
    }[kind]
    request = Request.of(path, {"id": number, **LANGUAGE})
    return Question(request, f"{name} {number}", CARD_DAYS, empty=EMPTY)


def ask_values(indicator: int, date: int, year: int, now: float, size: int = PAGE_SIZE) -> Question:
    """Ask for the values of an indicator on a date: one page for the whole country.

    Parameters
    ----------
    indicator, date : int
        ``id`` and ``id-daty``.
    year : int
        The year of the date; recent years are due again sooner.
    now : float
        Seconds since 1970.
    size : int
        Rows a page.
    """
    this_year = datetime.datetime.fromtimestamp(now, datetime.UTC).year
    days = RECENT_DAYS if year >= this_year - RECENT_YEARS else OLD_DAYS
    request = Request.of(VALUES_PATH, {"id": indicator, "id-daty": date, **LANGUAGE})
    return Question(
        paged(request, size, 1),
        f"wskaźnik {indicator}, {year} r.",
        days,
        Pages(request, size, "id-teryt"),
        empty=EMPTY,
    )
