"""What can be asked of the BDL API of GUS, and in which two dialects does it answer?

The published description (OpenAPI 3.0.1) and the answers that third-party clients recorded differ
in the names of fields: ``nextPage`` and ``next``, ``value`` and ``val``, ``reason`` and
``errorReason``. Both are read. Nothing was called from this project, see ``docs/unverified.md``.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from smup_lib.errors import UnexpectedAnswerError
from smup_lib.plurals import ROW_NOUN, counted
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.asking import Question
from smup_lib.sources.web.soundness import read_json

#: The service gives no more rows a page.
PAGE_SIZE = 100
DICTIONARY_DAYS = 7.0
RECENT_DAYS, OLD_DAYS, RECENT_YEARS = 30.0, 365.0, 3
#: "There are no data"; any other status is an error.
EMPTY = (404,)
LANGUAGE: Mapping[str, object] = {"lang": "pl", "format": "json"}
#: Level of the workbench -> level of BDL; its macroregions and regions are no units of ours.
LEVELS: Mapping[str, int] = {"country": 0, "voivodeship": 2, "powiat": 5, "gmina": 6}
LEVEL_WORDS: Mapping[str, str] = {
    "country": "kraj",
    "voivodeship": "województwa",
    "powiat": "powiaty",
    "gmina": "gminy",
}
#: Everything added up; other aggregates are parts (towns, villages, kinds of gminy).
_WHOLE = 1


@dataclass(frozen=True)
class Envelope:
    """One page of an answer.

    Attributes
    ----------
    rows : list
    total : int or None
        Rows in all, when it says so.
    page : int or None
        Which page this is, from 0.
    has_next : bool or None
        Whether its links lead to a further page; None when it has no links.
    about : dict
        The other fields: which variable, measure unit, aggregate.
    """

    rows: list[Any]
    total: int | None
    page: int | None
    has_next: bool | None
    about: dict[str, Any]


@lru_cache(maxsize=8)
def read_envelope(answer: Answer) -> Envelope:
    """Read ``{"totalRecords": n, "page": 0, "links": {...}, "results": [...]}``; nothing for 404.

    Raises
    ------
    UnexpectedAnswerError
        When the answer is not of that form.
    """
    if answer.status != 200:
        return Envelope([], 0, None, False, {})
    content = json.loads(answer.body.decode("utf-8-sig"))
    content = content if isinstance(content, dict) else {}
    rows = content.get("results")
    counts = [content.get(name) for name in ("totalRecords", "page")]
    links = content.get("links")
    if not isinstance(rows, list) or not all(one is None or type(one) is int for one in counts):
        raise UnexpectedAnswerError(
            "BDL odpowiedział w nieznanym układzie.",
            where=str(answer.request),
            expected='{"totalRecords": liczba, "page": liczba, "results": [...]}',
            next_step="sprawdź, czy serwis się nie zmienił: smup doctor --live",
        )
    has_next = None
    if isinstance(links, dict) and links:
        has_next = bool(links.get("next") or links.get("nextPage"))
    return Envelope(rows, counts[0], counts[1], has_next, content)


def rows_of(answers: Iterable[Answer]) -> list[Any]:
    """Return the rows of all pages."""
    return [row for answer in answers for row in read_envelope(answer).rows]


def read_object(answer: Answer) -> dict[str, Any] | None:
    """Return a single object, as ``/variables/{id}`` tells it; None for 404 or anything else."""
    content = json.loads(answer.body.decode("utf-8-sig")) if answer.status == 200 else None
    return content if isinstance(content, dict) else None


def said_reason(answer: Answer) -> str:
    """Return why the service has no answer, in its own words; empty when it does not say.

    Examples
    --------
    >>> body = b'{"errors": [{"errorResult": "Not found", "errorReason": "Nie ma zmiennej 1"}]}'
    >>> said_reason(Answer(Request("variables/1"), 404, body, 0, 0))
    'Nie ma zmiennej 1'
    """
    try:
        content = read_json(answer.body)
    except ValueError:
        return ""
    listed = content.get("errors") if isinstance(content, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else content
    if not isinstance(first, dict):
        return ""
    names = ("errorReason", "reason", "errorResult", "result")
    return next((one for one in map(first.get, names) if isinstance(one, str) and one), "")


@dataclass(frozen=True)
class Pages:
    """Pages numbered from 0, as many as rows were announced or links lead to.

    Attributes
    ----------
    request : Request
        Without its page.
    size : int
        Rows a page.
    same : tuple of (field, value, what)
        What an answer must say of itself, when it says it at all.
    """

    request: Request
    size: int
    same: tuple[tuple[str, int, str], ...] = ()

    def next_page(self, answers: Sequence[Answer]) -> Request | None:
        """Return the next page while rows or links announce one."""
        first, last = read_envelope(answers[0]), read_envelope(answers[-1])
        if answers[-1].status != 200 or not last.rows:
            return None
        total = first.total
        # pages are as long as the first; the whole is counted once, when all of them are there
        seen = (len(answers) - 1) * len(first.rows) + len(last.rows)
        silent = total is None and last.has_next is None and len(last.rows) >= self.size
        if last.has_next or silent or (total is not None and seen < total):
            return paged(self.request, self.size, len(answers))
        return None

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return what is wrong: their number, rows told twice, an answer to something else."""
        if answers[0].status != 200:
            return ""
        pages = [read_envelope(answer) for answer in answers]
        total = pages[0].total
        told = (
            page.total for page, answer in zip(pages, answers, strict=True) if answer.status == 200
        )
        if any(one != total for one in told):
            return "strony podają różną liczbę wierszy"
        wrong = [n for n, page in enumerate(pages) if page.page is not None and page.page != n]
        if wrong:
            return f"zamiast strony {wrong[0]} przyszła strona {pages[wrong[0]].page}"
        keys = [row.get("id") for page in pages for row in page.rows if isinstance(row, dict)]
        if len({str(key) for key in keys}) < len(keys):
            return "ten sam wiersz jest podany więcej niż raz, więc innych może brakować"
        rows = sum(len(page.rows) for page in pages)
        if total is not None and rows != total:
            return f"serwis zapowiedział {counted(total, ROW_NOUN)}, a podał {rows}"
        return self._strangers(pages)

    def _strangers(self, pages: Sequence[Envelope]) -> str:
        for name, value, what in self.same:
            told = [page.about[name] for page in pages if name in page.about]
            other = [one for one in told if one != value]
            if other:
                return f"odpowiedź dotyczy czegoś innego: {what} {other[0]} zamiast {value}"
        return ""


def paged(request: Request, size: int, number: int) -> Request:
    """Return the request of one page."""
    pages = (("page", str(number)), ("page-size", str(size)))
    return Request(request.path, (*request.parameters, *pages))


def _listed(path: str, label: str, size: int, **parameters: object) -> Question:
    named = {name.replace("_", "-"): value for name, value in parameters.items()}
    request = Request.of(path, {**named, **LANGUAGE})
    pages = Pages(request, size)
    return Question(paged(request, size, 0), label, DICTIONARY_DAYS, pages)


def ask_attributes(size: int = PAGE_SIZE) -> Question:
    """Ask what the attributes of values mean: ``id, name (display), symbol, description``.

    The description has no pages for them; a page size does no harm, and helps if there are.
    """
    return _listed("attributes", "słownik atrybutów", size)


def ask_voivodeships(size: int = PAGE_SIZE) -> Question:
    """Ask for the voivodeships: they tell whether the service is a fictional one."""
    return _listed("units", "lista województw", size, level=LEVELS["voivodeship"])


def ask_variables_of(subject: str, size: int = PAGE_SIZE) -> Question:
    """Ask for the variables of a subject: ``id, subjectId, n1 ... n5, level, measureUnitName``."""
    question = _listed("variables", f"zmienne podgrupy {subject}", size, subject_id=subject)
    return Question(question.first, question.label, DICTIONARY_DAYS, question.paging, EMPTY)


def ask_variable(number: int) -> Question:
    """Ask what a variable is: as in a list, with its ``years``; 404 when there is none."""
    request = Request.of(f"variables/{number}", LANGUAGE)
    return Question(request, f"opis zmiennej {number}", DICTIONARY_DAYS, empty=EMPTY)


def ask_values(
    number: int,
    measure_unit: int,
    level: str,
    years: Sequence[int],
    now: float,
    size: int = PAGE_SIZE,
) -> Question:
    """Ask for the values of a variable: all units of a level, several years at once.

    Parameters
    ----------
    number, measure_unit : int
        ``id`` and ``measureUnitId`` of the variable; answers must say the same.
    level : str
        A key of :data:`LEVELS`.
    years : sequence of int
        When one of them is recent, the answer is due again sooner.
    now : float
        Seconds since 1970.
    size : int
        Rows a page.
    """
    this_year = datetime.datetime.fromtimestamp(now, datetime.UTC).year
    recent = max(years) >= this_year - RECENT_YEARS
    parameters = {"unit-level": LEVELS[level], "year": sorted(years), **LANGUAGE}
    request = Request.of(f"data/by-variable/{number}", parameters)
    same = (
        ("variableId", number, "zmiennej"),
        ("measureUnitId", measure_unit, "jednostki miary"),
        ("aggregateId", _WHOLE, "agregatu"),
    )
    return Question(
        paged(request, size, 0),
        f"zmienna {number}, {LEVEL_WORDS[level]}",
        RECENT_DAYS if recent else OLD_DAYS,
        Pages(request, size, same),
        empty=EMPTY,
    )


def ask_subject(subject: str) -> Question:
    """Ask what a subject (podgrupa) is called: labels such as ``ogółem`` say little without it."""
    request = Request.of(f"subjects/{subject}", LANGUAGE)
    return Question(request, f"nazwa podgrupy {subject}", DICTIONARY_DAYS, empty=EMPTY)
