"""How does one ask a public service? Within its limits, patiently, and never trusting a half."""

from __future__ import annotations

import email.utils
import json
import math
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from smup_lib.errors import KeyRefusedError, QuotaError, ServiceError, UnexpectedAnswerError
from smup_lib.sources.markup import MarkupError, read_markup
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.connection import obstacle_of, proxy_refusal, told_when_unusable

if TYPE_CHECKING:
    import httpx

    from smup_lib.sources.web.keys import Key
    from smup_lib.sources.web.quota import Quota

#: Answers that may be better next time.
_PASSING = (429, 500, 502, 503, 504)
#: Answers that mean something: data, nothing (204), nothing for that question (404).
_MEANT = (200, 204, 404)
ATTEMPTS = 6
#: Before the first answer of a run: a computer without a network is told so at once.
FIRST_ATTEMPTS = 3
_LONGEST_WAIT = 120.0
_TIMEOUT_S = 60.0
_CONNECT_S = 10.0
#: No answer of these services is nearly as large; what is larger is not one.
_LARGEST = 200_000_000
#: The window that binds first; told when the service does not say how long to wait.
_A_WINDOW = 900.0


class _PassingError(Exception):
    """A failure that may be gone next time; ``wait`` when the service said how long."""

    def __init__(
        self,
        what: str,
        wait: float | None = None,
        *,
        too_many: bool = False,
        next_step: str = "uruchom to samo polecenie później",
    ) -> None:
        super().__init__(what)
        self.wait, self.too_many, self.next_step = wait, too_many, next_step


class PoliteClient:
    """Asks one service.

    Parameters
    ----------
    name : str
        What the service is called in messages: ``SMUP``.
    base : str
        Address below which its paths lie.
    quota : Quota
        Counts and limits the calls, together with other programs.
    key : Key, optional
        Sent in ``key_header``; never logged, never part of an address.
    key_header : str
        Header of the key.
    expects : str
        ``json`` and ``xml`` refuse anything else in an answer with status 200; ``bytes`` takes all
        but HTML, and ``html`` nothing else.
    longest_wait : float
        Seconds to wait for the quota at most; longer waits end with an error that says when to
        come back.
    on_wait : callable, optional
        Told how many seconds and why, before each longer wait.
    on_reply : callable, optional
        Told every reply with its bytes, before anything in it is judged.
    attempts : int
        How often to ask at most.
    timeout : float
        Seconds to wait for the next piece of an answer.
    transport : httpx.BaseTransport, optional
        For a proxy or certificates of one's own.

    Notes
    -----
    Tried again, at most :data:`ATTEMPTS` times and with growing random waits: connection errors,
    time-outs, half a body, 429, 500, 502, 503, 504, and a page of HTML where data should be. A
    ``Retry-After`` is obeyed, by every program that uses the same quota. A request with a key
    follows no redirect: the key must not reach another host.
    """

    def __init__(
        self,
        name: str,
        base: str,
        quota: Quota,
        *,
        key: Key | None = None,
        key_header: str = "X-ClientId",
        headers: Mapping[str, str] | None = None,
        expects: str = "json",
        longest_wait: float = 1_000.0,
        on_wait: Callable[[float, str], None] | None = None,
        on_reply: Callable[[httpx.Response, bytes], None] | None = None,
        attempts: int = ATTEMPTS,
        timeout: float = _TIMEOUT_S,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        import httpx

        self.name, self.quota, self.expects = name, quota, expects
        self.longest_wait = longest_wait
        self._on_wait = on_wait or (lambda seconds, why: None)
        self._on_reply = on_reply or (lambda response, body: None)
        self._attempts = attempts
        self._key = key
        self.calls = 0
        self._answered = False
        with told_when_unusable():
            self._client = httpx.Client(
                base_url=base.rstrip("/") + "/",
                headers={**(headers or {}), **({key_header: key.value} if key else {})},
                timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT_S)),
                follow_redirects=key is None,
                transport=transport,
            )

    def __enter__(self) -> PoliteClient:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    @property
    def has_key(self) -> bool:
        """Return whether a key is sent."""
        return self._key is not None

    def ask(
        self, request: Request, *, form: Mapping[str, str] | None = None, expects: str = ""
    ) -> Answer:
        """Ask once, and again while the failure may pass.

        Parameters
        ----------
        request : Request
        form : mapping, optional
            Fields of a form; with them the question is sent with POST.
        expects : str
            What to expect of this answer, when it is not what the client expects of all.

        Returns
        -------
        Answer
            With status 200, 204 or 404; what an empty one means is for the caller to say.

        Raises
        ------
        KeyRefusedError
            401 or 403: no use in trying again.
        QuotaError
            The limit is used up for longer than ``longest_wait``.
        ServiceError
            Everything else, after the last attempt.
        """
        import tenacity

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(
                self._attempts if self._answered else min(self._attempts, FIRST_ATTEMPTS)
            ),
            retry=tenacity.retry_if_exception_type(_PassingError),
            wait=self._wait,
            before_sleep=self._tell_wait,
            sleep=self.quota.clock.sleep,
            reraise=True,
        )
        try:
            answer: Answer = retrying(self._ask_once, request, form, expects or self.expects)
        except _PassingError as error:
            if error.too_many:
                raise self._quota_gone("prosi o przerwę", error.wait or _A_WINDOW) from error
            raise self._unreachable(request, str(error), error.next_step) from error
        self._answered = True
        return answer

    def _ask_once(self, request: Request, form: Mapping[str, str] | None, expects: str) -> Answer:
        import httpx

        self._wait_for_room()
        self.calls += 1
        try:
            with self._client.stream(
                "GET" if form is None else "POST",
                request.path,
                params=request.parameters or None,
                data=form,
            ) as response:
                body = _read_body(response)
        except httpx.RequestError as error:
            found = obstacle_of(error)
            if not found.passing:
                raise self._unreachable(request, found.what, found.next_step) from error
            raise _PassingError(found.what, next_step=found.next_step) from error
        self._on_reply(response, body)
        self._check_status(request, response, body)
        if response.status_code == 200:
            _check_body(body, expects)
        now = self.quota.clock.now()
        return Answer(request, response.status_code, body, now, now)

    def _unreachable(self, request: Request, what: str, next_step: str) -> ServiceError:
        return ServiceError(
            f"{self.name} nie odpowiada: {what}.",
            where=str(request),
            expected="odpowiedź z danymi",
            next_step=f"{next_step}; to, co już pobrano, zostało",
        )

    def _wait_for_room(self) -> None:
        while (wait := self.quota.take()) > 0:
            if wait > self.longest_wait:
                raise self._quota_gone("nie przyjmie teraz więcej zapytań", wait)
            if wait > 1:
                self._on_wait(wait, "limit zapytań")
            self.quota.clock.sleep(wait)

    def _quota_gone(self, what: str, wait: float) -> QuotaError:
        return QuotaError(
            f"{self.name} {what}: limit zapytań jest wyczerpany.",
            expected="wolne miejsce w limicie",
            next_step=f"uruchom to samo polecenie za {said_duration(wait)}:"
            " to, co już pobrano, zostało",
        )

    def _check_status(self, request: Request, response: httpx.Response, body: bytes) -> None:
        status = response.status_code
        if status == 407:
            found = proxy_refusal("407")
            raise self._unreachable(request, found.what, found.next_step)
        if status in (401, 403) and _is_html(body):
            raise ServiceError(
                f"Pośrednik sieciowy (proxy) nie przepuścił zapytania do {self.name}"
                f" (HTTP {status}, strona HTML).",
                where=str(request),
                expected="odpowiedź serwisu, a nie pośrednika",
                next_step="zapytaj administratora sieci o dostęp do tego adresu; ustawienia"
                " pośrednika są w zmiennych HTTPS_PROXY i NO_PROXY",
            )
        if status in (401, 403):
            step = "sprawdź, czy klucz jest tego serwisu i czy jest ważny"
            if self._key is None:
                step = "serwis wymaga klucza: nazwę zmiennej na klucz pokaże smup doctor"
            raise KeyRefusedError(
                f"{self.name} odmówił dostępu (HTTP {status}).",
                where=self._key.said_origin if self._key else "zapytanie bez klucza",
                expected="ważny klucz" if self._key else "dostęp bez klucza",
                next_step=step,
            )
        if status in _PASSING:
            wait = _retry_after(response, self.quota.clock.now())
            if status == 429:
                self.quota.block(wait or 1.0)
            raise _PassingError(f"HTTP {status}", wait, too_many=status == 429)
        if status not in _MEANT:
            raise UnexpectedAnswerError(
                f"{self.name} odpowiedział nieoczekiwanie: HTTP {status}.",
                where=str(request),
                expected="HTTP 200, 204 albo 404",
                next_step="sprawdź, czy adres serwisu się nie zmienił: smup doctor --live",
            )

    def _wait(self, state: Any) -> float:
        """Return how long to wait before the next attempt: as told, else doubling, with jitter."""
        error = state.outcome.exception()
        told: float | None = getattr(error, "wait", None)
        wait = told if told is not None else min(2.0**state.attempt_number, _LONGEST_WAIT)
        if told is not None and told > self.longest_wait:
            raise self._quota_gone("prosi o przerwę", told)
        return wait + random.uniform(0, 0.25 * wait)

    def _tell_wait(self, state: Any) -> None:
        """Tell of a longer wait; after the last attempt there is none."""
        if state.next_action.sleep > 1:
            self._on_wait(state.next_action.sleep, str(state.outcome.exception()))


def said_duration(seconds: float) -> str:
    """Return a duration as one says it.

    Examples
    --------
    >>> [said_duration(s) for s in (40, 900, 40_000, 43_200, 604_800)]
    ['40 s', '15 min', '11 godz. 7 min', '12 godz.', '7 dni']
    """
    if seconds < 60:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes % 1_440 == 0 and minutes > 1_440:
        return f"{minutes // 1_440} dni"
    return f"{minutes // 60} godz." + (f" {minutes % 60} min" if minutes % 60 else "")


def _check_body(body: bytes, expects: str) -> None:
    """Refuse a page of HTML (a proxy, a login, a breakdown) and half a document."""
    if _is_html(body) and expects != "html":
        raise _PassingError(
            "zamiast danych przyszła strona HTML (pośrednik, logowanie, awaria)",
            next_step="otwórz adres serwisu w przeglądarce: może sieć chce zalogowania albo serwis"
            " ma przerwę; potem uruchom to samo polecenie",
        )
    if not body:
        raise _PassingError("odpowiedź jest pusta")
    if expects == "html" and not _is_html(body):
        raise _PassingError("zamiast strony HTML przyszło coś innego")
    if expects == "json":
        try:
            json.loads(body.decode("utf-8-sig"))
        except ValueError as error:
            raise _PassingError("odpowiedź nie jest poprawnym JSON-em") from error
    if expects == "xml":
        try:
            read_markup(body)
        except MarkupError as error:
            raise _PassingError(str(error)) from error


def _is_html(body: bytes) -> bool:
    start = body.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _read_body(response: httpx.Response) -> bytes:
    """Return the body; the part that came must be as long as the service announced."""
    parts = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > _LARGEST:
            raise _PassingError(f"odpowiedź jest większa niż {_LARGEST // 1_000_000} MB")
        parts.append(part)
    return b"".join(parts)


def _retry_after(response: httpx.Response, now: float) -> float | None:
    """Return the seconds of ``Retry-After``, given as a number or as a date."""
    told = response.headers.get("Retry-After", "").strip()
    if not told:
        return None
    if told.isdigit():
        return float(told)
    try:
        return max(email.utils.parsedate_to_datetime(told).timestamp() - now, 0.0)
    except ValueError:
        return None
