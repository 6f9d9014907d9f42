"""The polite client: patient with what passes, clear about what does not, and never tells its key.

The server is a loopback one that breaks its answers on purpose; nothing here was recorded.
"""

from __future__ import annotations

import base64
import email.utils
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from smup_lib.errors import KeyRefusedError, QuotaError, ServiceError, UnexpectedAnswerError
from smup_lib.sources.web import Key, PoliteClient, Quota, Request, Window
from smup_lib.sources.web.polite import ATTEMPTS, FIRST_ATTEMPTS
from tests.servers import faults
from tests.servers.clocks import HandClock
from tests.servers.faults import Call, Fault, Reply, Spoil
from tests.servers.misbehaving import MisbehavingServer, running


def says(body: bytes) -> Spoil:
    return lambda reply, call: Reply(200, body=body)


SOUND = {"data": [{"łąka": 1}], "page-count": 1}
ONE = Request.of("things", {"id": 1})
SECRET = "0123-secret-of-somebody"


class Things:
    """A service that knows one thing."""

    prefix = "things"

    def reply(self, call: Call) -> Reply:
        if call.path == "elsewhere":
            return Reply(302, headers={"Location": call.told("to")})
        return Reply(content=SOUND) if call.path == "things" else Reply(404)


@pytest.fixture(scope="module")
def module_server() -> Iterator[MisbehavingServer]:
    with running(Things()) as server:
        yield server


@pytest.fixture
def server(module_server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch) -> MisbehavingServer:
    module_server.heal()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return module_server


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


class Asking:
    """Makes clients of the server of this test."""

    def __init__(self, folder: Path, server: MisbehavingServer, clock: HandClock) -> None:
        self.folder, self.server, self.clock = folder, server, clock
        self.waits: list[str] = []

    def client(
        self,
        *,
        windows: tuple[Window, ...] = (Window(1, 1_000),),
        base: str = "",
        key: Key | None = None,
        timeout: float = 10.0,
        longest_wait: float = 1_000.0,
    ) -> PoliteClient:
        quota = Quota(self.folder / "quota.sqlite", "things", windows, self.clock)
        return PoliteClient(
            "Serwis",
            base or self.server.address_of("things"),
            quota,
            key=key,
            timeout=timeout,
            longest_wait=longest_wait,
            on_wait=lambda seconds, why: self.waits.append(why),
        )

    def ask(self, **settings: object) -> bytes:
        with self.client(**settings) as client:  # type: ignore[arg-type]
            return client.ask(ONE).body


@pytest.fixture
def asking(tmp_path: Path, server: MisbehavingServer, clock: HandClock) -> Asking:
    return Asking(tmp_path, server, clock)


@pytest.mark.parametrize(
    "spoil",
    [
        faults.status(429),
        faults.status(429, "3"),
        faults.status(500),
        faults.status(502),
        faults.status(503),
        faults.status(504),
        faults.half,
        faults.half_json,
        faults.html(200),
        faults.html(502),
        faults.html(404),
        lambda reply, call: Reply(200, body=b""),
        says(b"[" * 100_000 + b"]" * 100_000),
        says(b'{"data": NaN}'),
        says(b'{"data": "\\ud83d"}'),
    ],
    ids=[
        "429",
        "429-after",
        "500",
        "502",
        "503",
        "504",
        "half",
        "half-json",
        "html",
        "html-502",
        "html-404",
        "",
        "deep",
        "nan",
        "half-character",
    ],
)
def test_what_passes_is_asked_again_and_never_kept(asking, spoil):
    asking.server.faults = [Fault(spoil, times=2)]
    assert json.loads(asking.ask()) == SOUND
    assert len(asking.server.calls) == 3
    assert len(asking.clock.slept) >= 2


def test_only_a_wait_that_happens_is_told(asking):
    asking.server.faults = [Fault(faults.status(500))]
    with pytest.raises(ServiceError):
        asking.ask()
    assert len(asking.waits) == len(asking.clock.slept) == len(asking.server.calls) - 1


def test_silence_ends_with_the_time_out(asking):
    asking.server.faults = [Fault(faults.silence, times=1)]
    assert json.loads(asking.ask(timeout=0.2)) == SOUND
    assert "przekroczono czas oczekiwania" in asking.waits


def test_the_waits_grow_and_differ_by_chance(asking):
    asking.ask()  # the service has answered once, so all attempts are made
    asking.server.faults = [Fault(faults.status(503))]
    with asking.client() as client:
        asking.server.faults, broken = [], asking.server.faults
        client.ask(ONE)
        asking.server.faults = broken
        asking.clock.slept.clear()
        with pytest.raises(ServiceError, match="HTTP 503"):
            client.ask(ONE)
    slept = asking.clock.slept
    assert len(slept) == ATTEMPTS - 1
    assert all(2**n <= wait <= 1.25 * 2**n for n, wait in enumerate(slept, 1))
    assert len({wait / 2**n for n, wait in enumerate(slept, 1)}) > 1


def test_a_retry_after_in_seconds_is_obeyed(asking):
    asking.server.faults = [Fault(faults.status(429, "40"), times=1)]
    before = asking.clock.time
    asking.ask()
    assert asking.clock.time - before >= 40


def test_a_retry_after_as_a_date_is_obeyed(asking):
    at = email.utils.formatdate(asking.clock.time + 100, usegmt=True)
    asking.server.faults = [Fault(faults.status(503, at), times=1)]
    before = asking.clock.time
    asking.ask()
    assert 99 <= asking.clock.time - before <= 126


def test_a_retry_after_that_is_no_time_is_no_time(asking):
    asking.server.faults = [
        Fault(faults.status(503, "wkrótce".encode().decode("latin-1")), times=1)
    ]
    assert json.loads(asking.ask()) == SOUND


def test_a_429_holds_for_every_program(asking):
    asking.server.faults = [Fault(faults.status(429, "40"), times=1)]
    with asking.client(longest_wait=10) as client, pytest.raises(QuotaError, match="wyczerpany"):
        client.ask(ONE)
    other = Quota(asking.folder / "quota.sqlite", "things", [Window(1, 9)], asking.clock)
    assert 39 <= other.take() <= 40


def test_429_for_ever_is_a_used_up_limit_that_says_when_to_come_back(asking):
    asking.server.room = 0
    with asking.client() as client, pytest.raises(QuotaError) as caught:
        client.ask(ONE)
    assert "15 min" in caught.value.next_step
    assert len(asking.server.calls) == FIRST_ATTEMPTS


def test_a_full_window_is_waited_for_when_it_is_short(asking):
    with asking.client(windows=(Window(900, 1),)) as client:
        client.ask(ONE)
        client.ask(ONE)
    assert asking.clock.slept == [900]
    assert asking.waits == ["limit zapytań"]


def test_a_full_window_that_is_long_ends_at_once(asking):
    with asking.client(windows=(Window(43_200, 1),)) as client:
        client.ask(ONE)
        with pytest.raises(QuotaError) as caught:
            client.ask(ONE)
    assert "12 godz" in caught.value.next_step
    assert len(asking.server.calls) == 1
    assert asking.clock.slept == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_told_without_its_value_and_not_tried_again(asking, status, caplog):
    caplog.set_level(logging.DEBUG)
    asking.server.keys, asking.server.refusal = {"another"}, status
    with asking.client(key=Key("SMUP_API_KEY", SECRET)) as client:
        with pytest.raises(KeyRefusedError) as caught:
            client.ask(ONE)
        assert SECRET not in repr(client)
    assert len(asking.server.calls) == 1
    assert "SMUP_API_KEY" in str(caught.value)
    assert SECRET not in str(caught.value) + caplog.text


def test_a_key_is_sent_in_its_header_and_nowhere_else(asking, caplog):
    caplog.set_level(logging.DEBUG)
    asking.server.keys = {SECRET}
    with asking.client(key=Key("SMUP_API_KEY", SECRET)) as client:
        client.ask(ONE)
    (call,) = asking.server.calls
    assert call.headers["X-ClientId"] == SECRET
    assert SECRET not in str(call) + caplog.text


@pytest.mark.parametrize("key", [None, Key("K", SECRET)])
def test_a_redirect_to_another_server_is_not_followed(asking, key):
    with running(Things()) as other, asking.client(key=key) as client:
        to = Request.of("elsewhere", {"to": f"{other.address}/things/things"})
        with pytest.raises(UnexpectedAnswerError, match=r"na inny serwer \(HTTP 302\)") as caught:
            client.ask(to)
        assert "127.0.0.1" in caught.value.what
        assert other.calls == []


def test_a_redirect_on_the_same_server_is_followed_and_counted(asking):
    with asking.client(windows=(Window(900, 3),)) as client:
        to = f"{asking.server.address}/things/things"
        assert json.loads(client.ask(Request.of("elsewhere", {"to": to})).body) == SOUND
        assert client.calls == len(asking.server.calls) == 2
        client.ask(ONE)
        assert asking.clock.slept == []
        client.ask(ONE)
    assert asking.clock.slept == [900]


def test_redirects_that_never_end_are_told(asking):
    with asking.client() as client, pytest.raises(ServiceError, match="odsyła w kółko"):
        client.ask(Request.of("elsewhere", {"to": "elsewhere?to=elsewhere"}))


def test_a_name_and_a_password_of_an_address_are_sent_and_never_logged(asking, caplog):
    caplog.set_level(logging.DEBUG)
    base = asking.server.address_of("things").replace("//", f"//anna:{SECRET}%40@")
    asking.ask(base=base)
    (call,) = asking.server.calls
    sent = base64.b64decode(call.headers["Authorization"].removeprefix("Basic ")).decode()
    assert sent == f"anna:{SECRET}@"
    assert "HTTP Request" in caplog.text and SECRET not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_of_this_computer_is_not_asked_through_a_proxy(asking, monkeypatch, host):
    monkeypatch.setenv("NO_PROXY", "")
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    base = asking.server.address_of("things").replace("127.0.0.1", host)
    assert json.loads(asking.ask(base=base, key=Key("K", SECRET))) == SOUND


def test_404_is_an_answer(asking):
    with asking.client() as client:
        assert client.ask(Request.of("nothing")).status == 404
    assert len(asking.server.calls) == 1


def test_another_status_is_told_and_not_tried_again(asking):
    asking.server.faults = [Fault(faults.status(418))]
    with asking.client() as client, pytest.raises(UnexpectedAnswerError, match="HTTP 418"):
        client.ask(ONE)
    assert len(asking.server.calls) == 1


def test_no_network_is_told_soon(asking):
    with running(Things()) as closed:
        nobody = closed.address_of("things")
    with asking.client(base=nobody) as client, pytest.raises(ServiceError) as caught:
        client.ask(ONE)
    assert "brak połączenia" in caught.value.what
    assert "sprawdź połączenie" in caught.value.next_step
    assert sum(asking.clock.slept) < 10


def test_the_page_of_a_proxy_is_not_data(asking, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", asking.server.address)
    monkeypatch.setenv("NO_PROXY", "")
    base = "http://service.invalid/api"
    with asking.client(base=base) as client, pytest.raises(ServiceError) as caught:
        client.ask(ONE)
    assert "strona HTML" in caught.value.what
    assert all(call.headers["Host"] == "service.invalid" for call in asking.server.calls)


def test_a_proxy_that_refuses_is_not_a_wrong_key(asking):
    asking.server.faults = [Fault(faults.html(403))]
    with asking.client(key=Key("K", SECRET)) as client, pytest.raises(ServiceError) as caught:
        client.ask(ONE)
    assert not isinstance(caught.value, KeyRefusedError)
    assert "Pośrednik" in caught.value.what
