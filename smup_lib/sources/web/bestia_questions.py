"""What can be asked of the BeSTi@ API? Units, and the positions of a yearly budget return.

Paths, filters, the envelope, 204 for "nothing" and the row fields are those that third-party
clients use (sources.md 4); none was called from this project, see ``docs/unverified.md``.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from smup_lib.errors import UnexpectedAnswerError
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.asking import Question

#: The service refuses more.
PAGE_SIZE = 100
#: The fourth period of a year is the whole year; earlier ones are parts of it.
WHOLE_YEAR = "4"
#: "There are no data"; any other status is an error.
EMPTY = (204,)
UNIT_DAYS, RECENT_DAYS, OLD_DAYS, RECENT_YEARS = 30.0, 30.0, 365.0, 3


@dataclass(frozen=True)
class Return:
    """A kind of budget return.

    Attributes
    ----------
    name : str
        As the catalogue calls it.
    path : str
    sort : str
        Without an order the pages overlap.
    key : tuple of str
        Fields that together tell its positions apart.
    columns : tuple of str
        All its amounts; empty where nobody has seen all of them.
    """

    name: str
    path: str
    sort: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return how data sets call it: ``rb28s``."""
        return self.name.replace("-", "").lower()

    def strange_fields(self, row: Mapping[str, Any], ignored: Collection[str]) -> list[str]:
        """Return the fields of a row that nobody explains; any may change what amounts mean."""
        known = _ABOUT | set(self.key) | set(self.columns) | set(ignored)
        return sorted(name for name in row if name not in known and not self._is_amount(name))

    def _is_amount(self, name: str) -> bool:
        """Return whether a field looks like a column of amounts that nobody has seen yet."""
        return not self.columns and len(name) <= _LONGEST_COLUMN


#: Fields that say whose return it is and for when.
_ABOUT = frozenset(
    {"sprawozdanie-wersja", "sprawozdanie-data", "okres-rok", "okres-okres", "kolejnosc"}
    | {f"jednostka-{name}" for name in ("id", "const-id", "nazwa", "regon")}
    | {f"jednostka-{name}" for name in ("wk", "pk", "gk", "gt", "pt")}
)
#: Columns of amounts have names of one or two letters: ``w``, ``pl``, ``ww``.
_LONGEST_COLUMN = 2
_REVENUES = ("pl", "na", "po", "dw", "do", "no", "nz", "np", "so", "su", "sd", "uz", "ot")
_CLASSIFIED = ("dzial", "rozdzial", "paragraf", "finansowanie-paragrafu")
RETURNS = {
    one.name: one
    for one in (
        Return("Rb-27S", "pozycje-rb27s", "dzial", _CLASSIFIED, _REVENUES),
        # of one paragraph, current and capital spending may stand in two groups
        Return("Rb-28S", "pozycje-rb28s", "dzial", (*_CLASSIFIED, "grupa-paragrafow")),
        Return("Rb-NDS", "pozycje-rbnds", "kolejnosc", ("symbol",)),
        Return("Rb-Z", "pozycje-rbztd", "symbol", ("symbol",)),
    )
}


@dataclass(frozen=True)
class Envelope:
    """The rows of an answer, and how many rows and pages it says there are."""

    rows: list[Any]
    items: int
    pages: int


@lru_cache(maxsize=8)
def read_envelope(answer: Answer) -> Envelope:
    """Read ``{"data": [...], "paging": {"totalItems": n, "totalPages": n}}``; nothing for 204.

    Raises
    ------
    UnexpectedAnswerError
        When the answer is not of that form.
    """
    if answer.status != 200:
        return Envelope([], 0, 0)
    content = json.loads(answer.body.decode("utf-8-sig"))
    content = content if isinstance(content, dict) else {}
    rows, paging = content.get("data"), content.get("paging")
    paging = paging if isinstance(paging, dict) else {}
    items, pages = paging.get("totalItems"), paging.get("totalPages")
    if not (isinstance(rows, list) and type(items) is int and type(pages) is int):
        raise UnexpectedAnswerError(
            "BeSTi@ odpowiedziała w nieznanym układzie.",
            where=str(answer.request),
            expected='{"data": [...], "paging": {"totalItems": liczba, "totalPages": liczba}}',
            next_step="sprawdź, czy serwis się nie zmienił: smup doctor --live",
        )
    return Envelope(rows, items, pages)


def rows_of(answers: Sequence[Answer]) -> list[Any]:
    """Return the rows of all pages."""
    return [row for answer in answers for row in read_envelope(answer).rows]


def cell(row: Any, name: str) -> str:
    """Return a field without the blanks around it; empty when it is not there or no text."""
    value = row.get(name) if isinstance(row, dict) else None
    return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True)
class Pages:
    """Pages numbered from 1, as many as the first one says.

    Attributes
    ----------
    request : Request
        Without its page.
    size : int
        Rows a page.
    key : tuple of str
        Fields that tell the rows apart.
    same : tuple of (field, value, what)
        What every row must say, for a service that does not heed a filter.
    alike : tuple of (field, what)
        What all rows must have in common.
    """

    request: Request
    size: int
    key: tuple[str, ...]
    same: tuple[tuple[str, str, str], ...] = ()
    alike: tuple[tuple[str, str], ...] = ()

    def next_page(self, answers: Sequence[Answer]) -> Request | None:
        """Return the next page that was announced."""
        number = len(answers)
        if answers[-1].status != 200 or number >= read_envelope(answers[0]).pages:
            return None
        return paged(self.request, self.size, number + 1)

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return what is wrong: their number, rows told twice, rows nobody asked for."""
        if answers[0].status != 200:
            return ""
        pages = [read_envelope(answer) for answer in answers]
        rows = rows_of(answers)
        if len(pages) < pages[0].pages or any(not page.rows for page in pages[1:]):
            return f"serwis zapowiedział {pages[0].pages} stron, a nie wszystkie istnieją"
        if any(page.items != pages[0].items for page in pages):
            return "strony podają różną liczbę pozycji"
        keys = {tuple(cell(row, name) for name in self.key) for row in rows}
        if len(keys) < len(rows):
            return "ta sama pozycja jest podana więcej niż raz, więc innych może brakować"
        if len(rows) != pages[0].items:
            return f"serwis zapowiedział {pages[0].items} pozycji, a podał {len(rows)}"
        return self._strangers(rows)

    def _strangers(self, rows: Sequence[Any]) -> str:
        for name, value, what in self.same:
            if any(cell(row, name) != value for row in rows):
                return f"są pozycje, o które nie pytano: inne pole „{name}” ({what})"
        for name, what in self.alike:
            if len({cell(row, name) for row in rows}) > 1:
                return f"pozycje mają różne pole „{name}” ({what})"
        return ""


def paged(request: Request, size: int, number: int) -> Request:
    """Return the request of one page."""
    return Request(request.path, (*request.parameters, ("page", str(number)), ("limit", str(size))))


def ask_units(size: int = PAGE_SIZE) -> Question:
    """Ask for all units: ``const-id, nazwa, wk, pk, gk, gt, pt``."""
    request = Request.of("jednostki", {"format": "JSON", "sort": "const-id"})
    pages = Pages(request, size, ("id", "const-id", "wk", "pk", "gk", "gt", "pt"))
    return Question(paged(request, size, 1), "lista jednostek", UNIT_DAYS, pages)


def ask_positions(
    form: Return, unit: str, name: str, year: int, now: float, size: int = PAGE_SIZE
) -> Question:
    """Ask for the positions of the newest yearly return of a unit.

    Parameters
    ----------
    form : Return
    unit : str
        Its ``const-id``.
    name : str
        What it is called in messages.
    year : int
        Budget year; recent years are due again sooner.
    now : float
        Seconds since 1970.
    size : int
        Rows a page.
    """
    this_year = datetime.datetime.fromtimestamp(now, datetime.UTC).year
    days = RECENT_DAYS if year >= this_year - RECENT_YEARS else OLD_DAYS
    parameters = {
        "filter[jednostka-const-id]": unit,
        "filter[okres-rok]": year,
        "filter[okres-okres]": WHOLE_YEAR,
        "filter[sprawozdanie-najnowsze]": "true",
        "format": "JSON",
        "sort": form.sort,
    }
    request = Request.of(form.path, parameters)
    same = (
        ("jednostka-const-id", unit, "jednostka"),
        ("okres-rok", str(year), "rok"),
        ("okres-okres", WHOLE_YEAR, "okres"),
    )
    alike = (("sprawozdanie-wersja", "wersja sprawozdania"), ("jednostka-id", "jednostka"))
    return Question(
        paged(request, size, 1),
        f"{form.name}, {name}, {year} r.",
        days,
        Pages(request, size, form.key, same, alike),
        empty=EMPTY,
    )
