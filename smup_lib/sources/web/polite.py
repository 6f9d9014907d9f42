"""How does one ask a public service? Within its limits, patiently, and never trusting a half."""

from __future__ import annotations

import email.utils
import math
import random
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from smup_lib.errors import KeyRefusedError, QuotaError, ServiceError, UnexpectedAnswerError
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.connection import (
    is_loopback,
    obstacle_of,
    proxy_refusal,
    told_when_unusable,
)
from smup_lib.sources.web.soundness import (
    PassingError,
    check_body,
    check_no_page,
    is_html,
    read_body,
)

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
#: An answer that leads further than that leads nowhere.
_MOST_HOPS = 5
#: The window that binds first; told when the service does not say how long to wait.
_A_WINDOW = 900.0


class PoliteClient:
    """Asks one service.

    Parameters
    ----------
    name : str
        What the service is called in messages: ``SMUP``.
    base : str
        Address below which its paths lie; a name and a password in it are sent in a header.
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
    ``Retry-After`` is obeyed, by every program that uses the same quota. A redirect is followed
    only on the same server, and counts as a call: neither a key nor data may come from elsewhere.
    A server of this computer is never asked through a proxy.
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
            address = httpx.URL(base.rstrip("/") + "/")
            self._client = httpx.Client(
                base_url=address.copy_with(userinfo=b""),
                auth=(address.username, address.password) if address.userinfo else None,
                mounts={f"all://{address.netloc.decode()}": None}
                if is_loopback(address.host)
                else None,
                headers={**(headers or {}), **({key_header: key.value} if key else {})},
                timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT_S)),
                follow_redirects=False,
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
            With status 200, 204 or 404, and no page of HTML where data should be; what an empty
            one means is for the caller to say.

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
            retry=tenacity.retry_if_exception_type(PassingError),
            wait=self._wait,
            before_sleep=self._tell_wait,
            sleep=self.quota.clock.sleep,
            reraise=True,
        )
        try:
            answer: Answer = retrying(self._ask_once, request, form, expects or self.expects)
        except PassingError as error:
            if error.too_many:
                raise self._quota_gone("prosi o przerwę", error.wait or _A_WINDOW) from error
            raise self._unreachable(request, str(error), error.next_step) from error
        self._answered = True
        return answer

    def _ask_once(self, request: Request, form: Mapping[str, str] | None, expects: str) -> Answer:
        import httpx

        try:
            response, body = self._send(request, form)
        except httpx.RequestError as error:
            found = obstacle_of(error)
            if not found.passing:
                raise self._unreachable(request, found.what, found.next_step) from error
            raise PassingError(found.what, next_step=found.next_step) from error
        self._on_reply(response, body)
        self._check_status(request, response, body)
        if expects != "html" or response.status_code != 200:
            check_no_page(body)
        if response.status_code == 200:
            check_body(body, expects)
        now = self.quota.clock.now()
        return Answer(request, response.status_code, body, now, now)

    def _send(
        self, request: Request, form: Mapping[str, str] | None
    ) -> tuple[httpx.Response, bytes]:
        """Return what the server says, after redirects that stay on it."""
        import httpx

        sent = self._client.build_request(
            "GET" if form is None else "POST",
            request.path,
            params=request.parameters or None,
            data=form,
        )
        for _ in range(_MOST_HOPS):
            self._wait_for_room()
            self.calls += 1
            with closing(self._client.send(sent, stream=True)) as response:
                body = read_body(response)
            further = response.next_request
            if further is None or not _same_server(sent.url, further.url):
                return response, body
            sent = further
        raise httpx.TooManyRedirects("", request=sent)

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

    def _led_away(self, request: Request, host: str, status: int) -> UnexpectedAnswerError:
        return UnexpectedAnswerError(
            f"{self.name} odsyła na inny serwer (HTTP {status}): {host}.",
            where=str(request),
            expected="odpowiedź serwisu spod jego adresu",
            next_step="otwórz adres serwisu w przeglądarce: może sieć chce zalogowania albo"
            " serwis ma nowy adres; adresy pokaże smup doctor",
        )

    def _check_status(self, request: Request, response: httpx.Response, body: bytes) -> None:
        status = response.status_code
        if status == 407:
            found = proxy_refusal("407")
            raise self._unreachable(request, found.what, found.next_step)
        if status in (401, 403) and is_html(body):
            raise ServiceError(
                f"Pośrednik sieciowy (proxy) nie przepuścił zapytania do {self.name}"
                f" (HTTP {status}, strona HTML).",
                where=str(request),
                expected="odpowiedź serwisu, a nie pośrednika",
                next_step="zapytaj administratora sieci o dostęp do tego adresu; ustawienia"
                " pośrednika są w zmiennych HTTPS_PROXY i NO_PROXY",
            )
        if status in (401, 403):
            raise self._refused(status)
        if status in _PASSING:
            wait = _retry_after(response, self.quota.clock.now())
            if status == 429:
                self.quota.block(wait or 1.0)
            raise PassingError(f"HTTP {status}", wait, too_many=status == 429)
        if response.next_request is not None:
            raise self._led_away(request, response.next_request.url.host, status)
        if status not in _MEANT:
            raise UnexpectedAnswerError(
                f"{self.name} odpowiedział nieoczekiwanie: HTTP {status}.",
                where=str(request),
                expected="HTTP 200, 204 albo 404",
                next_step="sprawdź, czy adres serwisu się nie zmienił: smup doctor --live",
            )

    def _refused(self, status: int) -> KeyRefusedError:
        step = "sprawdź, czy klucz jest tego serwisu i czy jest ważny"
        if self._key is None:
            step = (
                "spróbuj później; jeśli smup doctor podaje zmienną na klucz do tego serwisu,"
                " ustaw ją, a jeśli nie, otwórz adres serwisu w przeglądarce"
            )
        return KeyRefusedError(
            f"{self.name} odmówił dostępu (HTTP {status}).",
            where=self._key.said_origin if self._key else "zapytanie bez klucza",
            expected="ważny klucz" if self._key else "dostęp bez klucza",
            next_step=step,
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


def _same_server(before: httpx.URL, after: httpx.URL) -> bool:
    """Tell whether two addresses are of one server; https instead of http is no other one."""
    if (before.scheme, before.port, after.scheme, after.port) == ("http", None, "https", None):
        return before.host == after.host
    return (before.scheme, before.netloc) == (after.scheme, after.netloc)


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
