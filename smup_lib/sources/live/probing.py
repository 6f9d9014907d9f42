"""How did the services answer? Each probe is asked once, within the limits, and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from smup_lib.errors import QuotaError, ServiceError, SmupError
from smup_lib.sources.live.expectation import Reply, compare_reply
from smup_lib.sources.live.probe import Probe
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.clock import Clock, SystemClock
from smup_lib.sources.web.connection import find_obstacle, proxy_refusal
from smup_lib.sources.web.polite import PoliteClient
from smup_lib.sources.web.services import Service, shown_address

if TYPE_CHECKING:
    import httpx

    from smup_lib.sources.web.keys import Key

Outcome = Literal[
    "as_expected",
    "different",
    "no_connection",
    "proxy",
    "certificate",
    "refused",
    "limit",
    "failing",
    "page",
    "settings",
    "skipped",
]
#: As a reader sees them.
OUTCOME_WORDS: dict[Outcome, str] = {
    "as_expected": "zgodne",
    "different": "inne",
    "no_connection": "brak połączenia",
    "proxy": "zatrzymał pośrednik sieciowy",
    "certificate": "niezaufany certyfikat",
    "refused": "odmowa",
    "limit": "limit",
    "failing": "awaria serwisu",
    "page": "to nie serwis",
    "settings": "błąd ustawień",
    "skipped": "pominięto",
}
#: After these no further call is made to the same service with the same key; a page, most often
#: one to log in, stands before every key.
_LAST: tuple[Outcome, ...] = (
    "no_connection",
    "proxy",
    "certificate",
    "refused",
    "limit",
    "page",
    "settings",
)
_TIMEOUT_S = 20.0
#: The window of a second is waited for; who asks for a doctor does not wait for a longer one.
_LONGEST_WAIT_S = 5.0
#: Errors of our own readers over data that they did not expect.
_READER_ERRORS = (SmupError, ValueError, TypeError, KeyError, IndexError, AttributeError)


@dataclass(frozen=True)
class Probed:
    """How a probe went.

    Attributes
    ----------
    probe : Probe
    request : Request or None
        None when it could not be told what to ask.
    outcome : str
        A key of :data:`OUTCOME_WORDS`.
    details : tuple of str
        What differs, field by field, or why there is no answer.
    remarks : tuple of str
        What else is worth knowing; no difference.
    next_step : str
    reply : Reply or None
    asked : float
        When, in seconds since 1970.
    with_key : bool
        Whether a key was sent.
    """

    probe: Probe
    request: Request | None
    outcome: Outcome
    details: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    next_step: str = ""
    reply: Reply | None = field(default=None, repr=False)
    asked: float = 0.0
    with_key: bool = False

    @property
    def said(self) -> str:
        """Return the outcome in Polish, in one line."""
        status = f" ({self.reply.status})" if self.outcome == "refused" and self.reply else ""
        return (
            OUTCOME_WORDS[self.outcome]
            + status
            + (": " if self.details else "")
            + ("; ".join(self.details))
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it for ``--json`` and for the saved report."""
        return {
            "probe": self.probe.id,
            "label": self.probe.label,
            "request": str(self.request) if self.request is not None else None,
            "outcome": self.outcome,
            "status": self.reply.status if self.reply is not None else None,
            "bytes": len(self.reply.body) if self.reply is not None else None,
            "details": list(self.details),
            "remarks": list(self.remarks),
            "next_step": self.next_step,
            "with_key": self.with_key,
        }


def probe_services(
    probes: Sequence[Probe],
    *,
    clock: Clock | None = None,
    on_probed: Callable[[Probed], None] | None = None,
) -> list[Probed]:
    """Make the calls of several probes, in their order.

    Parameters
    ----------
    probes : sequence of Probe
        Those of one service must stand together.
    clock : Clock, optional
    on_probed : callable, optional
        Told each result as soon as it is there.

    Returns
    -------
    list of Probed
        One a probe; whatever happens is a result, never an exception.
    """
    results: list[Probed] = []
    for service in dict.fromkeys(probe.service for probe in probes):
        mine = [probe for probe in probes if probe.service == service]
        for result in _probe_service(service, mine, clock or SystemClock()):
            results.append(result)
            if on_probed is not None:
                on_probed(result)
    return results


def _probe_service(service: Service, probes: Sequence[Probe], clock: Clock) -> Iterator[Probed]:
    answers: dict[str, Answer] = {}
    ended: dict[bool, Probed] = {}
    for probe in probes:
        if probe.with_key in ended:
            last = ended[probe.with_key]
            why = f"jak wyżej: {OUTCOME_WORDS[last.outcome]}"
            yield Probed(probe, None, "skipped", (why,))
            continue
        result = _probe(probe, answers, clock)
        if result.reply is not None and result.request is not None:
            reply = result.reply
            answers[probe.name] = Answer(
                result.request, reply.status, reply.body, result.asked, result.asked
            )
        if result.outcome in _LAST:
            ended |= dict.fromkeys(
                (True, False) if result.outcome == "page" else (probe.with_key,), result
            )
        yield result


def _probe(probe: Probe, answers: dict[str, Answer], clock: Clock) -> Probed:
    try:
        request = probe.request_after(answers)
    except _READER_ERRORS:
        request = None
    if request is None:
        why = "pytanie wynika z poprzednich odpowiedzi, a tych nie ma albo są inne"
        return Probed(probe, None, "skipped", (why,))
    replies: list[Reply] = []
    error: SmupError | None = None
    key = None
    try:
        key = probe.service.key() if probe.with_key else None
        with _client(probe, key, clock, replies) as client:
            client.ask(request)
    except SmupError as caught:
        error = caught
    asked, sent = clock.now(), key is not None
    if replies:
        outcome, details, remarks, step = judge(probe, request, replies[-1], asked)
    else:
        outcome, details, step = _unanswered(error)
        remarks = ()
    if outcome not in ("as_expected", "settings") and (own := probe.service.own_address()):
        remarks = (*remarks, own)
    reply = replies[-1] if replies else None
    return Probed(probe, request, outcome, details, remarks, step, reply, asked, sent)


def _client(probe: Probe, key: Key | None, clock: Clock, replies: list[Reply]) -> PoliteClient:
    def keep(response: httpx.Response, body: bytes) -> None:
        headers = {name.lower(): told for name, told in response.headers.items()}
        replies.append(Reply(response.status_code, headers, body, str(response.url)))

    service = probe.service
    return PoliteClient(
        service.label,
        service.base(),
        service.quota(key, clock),
        key=key,
        expects="bytes",
        longest_wait=_LONGEST_WAIT_S,
        on_reply=keep,
        attempts=1,
        timeout=_TIMEOUT_S,
    )


def judge(
    probe: Probe, request: Request, reply: Reply, at: float = 0.0
) -> tuple[Outcome, tuple[str, ...], tuple[str, ...], str]:
    """Return outcome, details, remarks and the next step for an answer that came.

    Parameters
    ----------
    probe : Probe
    request : Request
        What was asked.
    reply : Reply
    at : float
        When, in seconds since 1970.
    """
    if reply.status == 407 or (reply.status in (401, 403) and reply.is_html):
        found = proxy_refusal(f"{reply.status}")
        return "proxy", (found.what,), (), found.next_step
    if reply.status in (401, 403):
        return "refused", (), (), "sprawdź klucz; skąd jest czytany, pokaże smup doctor"
    if reply.status == 429:
        told = reply.headers.get("retry-after", "")
        details = (f"serwis prosi o przerwę: Retry-After {told}",) if told else ()
        return "limit", details, (), "powtórz polecenie za kwadrans"
    if reply.status >= 500:
        return "failing", (f"HTTP {reply.status}",), (), "powtórz polecenie później"
    compared = compare_reply(reply, probe.expected)
    differences = compared.differences
    if compared.page:
        step = (
            f"otwórz w przeglądarce {shown_address(reply.address)}: sieć albo serwis może chcieć"
            " zalogowania; potem powtórz polecenie"
        )
        return "page", differences, compared.remarks, step
    if not differences and reply.status == 200 and probe.read is not None:
        differences = _reader_problems(probe, Answer(request, 200, reply.body, at, at))
    if differences:
        step = "prześlij zapisane odpowiedzi opiekunowi programu: po nich poprawi się czytanie"
        return "different", differences, compared.remarks, step
    return "as_expected", (), compared.remarks, ""


def _reader_problems(probe: Probe, answer: Answer) -> tuple[str, ...]:
    assert probe.read is not None
    try:
        return tuple(probe.read(answer))
    except _READER_ERRORS as error:
        return (f"czytnik programu tego nie przyjmuje: {error}",)


def _unanswered(error: SmupError | None) -> tuple[Outcome, tuple[str, ...], str]:
    """Return outcome, details and the next step when no answer came."""
    if error is None:
        return "no_connection", (), "powtórz polecenie"
    found = find_obstacle(error)
    step = error.next_step or ""
    if isinstance(error, QuotaError):
        return "limit", ("nie zapytano: własny licznik zapytań jest pełny",), step
    if found is not None:
        outcome: Outcome = "no_connection" if found.kind == "network" else found.kind
        why = found.what.removeprefix("brak połączenia (").removesuffix(")")
        return outcome, (why,), found.next_step
    if isinstance(error, ServiceError):
        return "no_connection", (error.what,), step
    return "settings", (error.what,), step
