"""What of a service is held already, what is due, and does a kill lose anything?

A question is one request, or the pages of one. Answers go to the store as they come; the mark that
a question is complete is set together with its last page, so whoever goes on after a kill asks
only what is missing. Pages that do not fit together are asked once more and then given up: they
stay in the store, and count as not there.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from smup_lib.errors import (
    KeyRefusedError,
    QuotaError,
    ServiceError,
    SmupError,
    UnexpectedAnswerError,
)
from smup_lib.sources.web.answers import Answer, AnswerStore, Request
from smup_lib.sources.web.polite import PoliteClient

DAY_S = 86_400.0
#: With ``refresh`` everything older than this is asked again; a resumed refresh goes on.
REFRESH_DAYS = 1.0
#: After so many failed questions in a row the service is taken to be down.
FAILURES_IN_A_ROW = 3
_SHOWN = 8

Progress = Callable[[int, int, str], None]
"""Called with questions answered, questions to ask, and the one that is next."""


class CallLimitError(QuotaError):
    """The user's own limit of calls is reached."""


class Paging(Protocol):
    """How further pages of a question are found, and what is wrong with all of them together."""

    def next_page(self, answers: Sequence[Answer]) -> Request | None:
        """Return the request of the next page, or None when these are all."""

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return in Polish why the pages do not fit together; empty when they do."""


class OnePage:
    """A question with a single answer, whatever it says."""

    def next_page(self, answers: Sequence[Answer]) -> Request | None:
        """Return None: there is one page."""
        return None

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return nothing: any answer will do."""
        return ""


@dataclass(frozen=True)
class Question:
    """Something to ask.

    Attributes
    ----------
    first : Request
        Its only request, or that of the first page.
    label : str
        What it is called in messages, Polish.
    fresh_days : float
        When it is due again.
    paging : Paging
    empty : tuple of int
        Statuses that are an answer: there are no data. Any other but 200 is an error.
    """

    first: Request
    label: str
    fresh_days: float
    paging: Paging = field(default_factory=OnePage)
    empty: tuple[int, ...] = ()


class Desk:
    """Gives the answers of one service: held ones from the store, due ones from the service.

    Parameters
    ----------
    client : PoliteClient
    store : AnswerStore
    refresh : bool
        Whether everything older than :data:`REFRESH_DAYS` is due.
    limit : int, optional
        Calls that may be made at most; with 0 a held answer counts whatever its age.
    """

    def __init__(
        self,
        client: PoliteClient,
        store: AnswerStore,
        *,
        refresh: bool = False,
        limit: int | None = None,
    ) -> None:
        self.client, self.store, self.refresh, self.limit = client, store, refresh, limit
        self._old: dict[str, str] = {}
        self._renumbered: list[str] = []
        self._look()

    def _look(self) -> None:
        self._confirmed = self.store.confirmed()
        self._complete = self.store.complete()
        self._begun = self.store.begun()

    def has(self, question: Question) -> bool:
        """Return whether all pages of a question are there, fresh or not."""
        return str(question.first) in self._complete

    def is_due(self, question: Question) -> bool:
        """Return whether a question is to be asked.

        An answer from the future (the clock was set back since) counts as fresh, unless answers
        are to be refreshed. When nothing may be asked, any answer will do.
        """
        if not self.has(question):
            return True
        return self.limit != 0 and self._is_old(question)

    def _is_old(self, question: Question) -> bool:
        days = min(question.fresh_days, REFRESH_DAYS) if self.refresh else question.fresh_days
        age = self.client.quota.clock.now() - self._confirmed.get(str(question.first), 0.0)
        # from the future: nobody knows how old it is, so who wants fresh ones asks again
        return age > days * DAY_S or (self.refresh and age < -days * DAY_S)

    def notes(self) -> tuple[str, ...]:
        """Return in Polish what was wrong with the answers that were held."""
        notes = []
        if damaged := len(set(self.store.damaged)):
            notes.append(f"odpowiedzi uszkodzone na dysku, pobrane ponownie: {damaged}")
        tomorrow = self.client.quota.clock.now() + DAY_S
        if early := sum(at > tomorrow for at in self._confirmed.values()):
            notes.append(
                f"odpowiedzi z datą z przyszłości: {early}; zegar komputera był albo jest"
                " przestawiony, a bez opcji --refresh są uznawane za świeże"
            )
        if self._old:
            days = sorted(set(self._old.values()))
            span = days[0] if len(days) == 1 else f"{days[0]} – {days[-1]}"
            notes.append(
                f"wzięto odpowiedzi, które pora pobrać ponownie: {len(self._old)} (z {span}):"
                f" {_listed(list(self._old))}"
            )
        if self._renumbered:
            notes.append(
                f"serwis zmienił znaczenie numerów: {_listed(self._renumbered)}; wartości pobrane"
                " wcześniej nie są brane pod uwagę i zostaną pobrane ponownie"
            )
        return tuple(notes)

    def accept_meanings(self, meanings: Mapping[str, str], path: str) -> None:
        """Take what the numbers of the service mean now; when one changed, ask the path again."""
        before = self.store.accept_meanings(meanings, path)
        if before:
            self._renumbered = [
                f"{number} (było: {old or '–'}, jest: {meanings[number] or '–'})"
                for number, old in before.items()
            ]
            self._look()

    def answers(self, question: Question) -> list[Answer]:
        """Return all pages of a question, asking when it is due or was damaged in the store.

        Raises
        ------
        ServiceError
            When they cannot be had; see :class:`smup_lib.sources.web.polite.PoliteClient`.
        """
        return self._asked(question) if self.is_due(question) else self.read(question)

    def read(self, question: Question) -> list[Answer]:
        """Return all pages as they are held, whatever their age; asks only when there are none.

        Old ones are named in :meth:`notes`.

        Raises
        ------
        ServiceError
            When there are none and they cannot be had.
        """
        held = self.held(question)
        if held is None:
            return self._asked(question)
        if self._is_old(question):
            at = self._confirmed[str(question.first)]
            day = datetime.datetime.fromtimestamp(at, datetime.UTC).date()
            self._old[question.label] = day.isoformat()
        return held

    def held(self, question: Question) -> list[Answer] | None:
        """Return all pages from the store, or None when one is missing or damaged."""
        if not self.has(question):
            return None
        damaged = len(self.store.damaged)
        pages: list[Answer] = []
        request: Request | None = question.first
        while request is not None:
            page = self.store.find(request)
            if page is None or len(self.store.damaged) > damaged:
                self._forget([question.first, request])
                return None
            pages.append(page)
            request = question.paging.next_page(pages)
        return pages

    def _asked(self, question: Question) -> list[Answer]:
        fault = ""
        for again in (False, True):
            pages = self._pages(question, again)
            whole = str(question.first) in self._complete  # its last page found no fault
            fault = "" if whole else question.paging.fault(pages)
            if not fault:
                return pages
            self._forget([page.request for page in pages])
        raise UnexpectedAnswerError(
            f"{self.client.name}: {question.label}: {fault}.",
            where=str(question.first),
            expected="komplet stron, które do siebie pasują",
            next_step="uruchom to samo polecenie później; jeśli to się powtarza, zgłoś to"
            " prowadzącemu serwis",
        )

    def _pages(self, question: Question, again: bool) -> list[Answer]:
        pages: list[Answer] = []
        request: Request | None = question.first
        while request is not None:
            page = None if again else self._kept_before(question, request)
            pages.append(page or self._ask(question, pages, request))
            request = question.paging.next_page(pages)
        return pages

    def _kept_before(self, question: Question, request: Request) -> Answer | None:
        """Return a page that was kept before a kill, while its question is begun and not old."""
        if (str(question.first), str(request)) not in self._begun or self._is_old(question):
            return None
        damaged = len(self.store.damaged)
        found = self.store.find(request)
        return found if len(self.store.damaged) == damaged else None

    def _ask(self, question: Question, before: list[Answer], request: Request) -> Answer:
        if self.limit is not None and self.client.calls >= self.limit:
            raise CallLimitError(
                f"Zadano już tyle zapytań, ile dopuszcza --limit ({self.limit}).",
                where=f"{question.label}: tego jeszcze nie pobrano" if self.limit == 0 else None,
                expected="większy limit, jeśli potrzeba więcej",
                next_step="uruchom to samo polecenie jeszcze raz: to, co już pobrano, zostało",
            )
        answer = self.client.ask(request)
        if answer.status not in (200, *question.empty) and not before:
            raise UnexpectedAnswerError(
                f"{self.client.name}: {question.label}: serwis odpowiada, że tego nie ma"
                f" (HTTP {answer.status}).",
                where=str(request),
                expected="odpowiedź z danymi",
                next_step="sprawdź, czy adres serwisu się nie zmienił: smup doctor --live",
            )
        pages = [*before, answer]
        whole = question.paging.next_page(pages) is None and not question.paging.fault(pages)
        self.store.keep(answer, of=question.first, whole=whole)
        self._confirmed[str(request)] = answer.confirmed
        self._complete.discard(str(question.first))
        if whole or not before:
            self._close(str(question.first))
        if whole:
            self._complete.add(str(question.first))
        else:
            self._begun.add((str(question.first), str(request)))
        return answer

    def _close(self, question: str) -> None:
        self._begun = {pair for pair in self._begun if pair[0] != question}

    def _forget(self, requests: Iterable[Request]) -> None:
        requests = list(requests)
        self.store.distrust(requests)
        for request in requests:
            self._confirmed[str(request)] = 0.0
            self._complete.discard(str(request))
            self._close(str(request))


def _listed(names: Sequence[str]) -> str:
    more = f" i {len(names) - _SHOWN} innych" if len(names) > _SHOWN else ""
    return "; ".join(names[:_SHOWN]) + more


@dataclass
class Asked:
    """How the asking went.

    Attributes
    ----------
    answered : int
        Questions asked and answered.
    failures : dict
        Question -> why it could not be answered; the others went on.
    stopped : QuotaError or None
        Why it stopped before the end: the limit of the service, or the user's.
    """

    answered: int = 0
    failures: dict[str, SmupError] = field(default_factory=dict)
    stopped: QuotaError | None = None


def ask_due(
    desk: Desk, questions: Sequence[Question], on_progress: Progress | None = None
) -> Asked:
    """Ask every question that is due, in order.

    Raises
    ------
    ServiceError
        When the service refuses the key, or fails :data:`FAILURES_IN_A_ROW` questions in a row.
    """
    due = [question for question in questions if desk.is_due(question)]
    asked, in_a_row = Asked(), 0
    for number, question in enumerate(due):
        if on_progress is not None:
            on_progress(number, len(due), question.label)
        try:
            desk.answers(question)
        except QuotaError as error:
            asked.stopped = error
            break
        except KeyRefusedError:
            raise
        except ServiceError as error:
            in_a_row += 1
            asked.failures[question.label] = error
            if in_a_row == FAILURES_IN_A_ROW:
                raise
        else:
            in_a_row = 0
            asked.answered += 1
    if on_progress is not None and asked.stopped is None:
        on_progress(len(due), len(due), "")
    return asked
