"""A loopback server that answers as the services do, and breaks its answers when told to."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from tests.servers.faults import HTML, Call, Fault, Reply

HTML_TYPE = {"Content-Type": "text/html"}


class Shape(Protocol):
    """How one service answers; ``prefix`` is the first part of its paths on this server."""

    prefix: str

    def reply(self, call: Call) -> Reply:
        """Return the sound answer to a call."""


class MisbehavingServer:
    """Serves several shapes on a loopback port.

    Attributes
    ----------
    faults : list of Fault
        Applied in order to every reply; tests add and remove them while it runs.
    keys : set of str or None
        The keys it accepts in ``X-ClientId``; None accepts everybody.
    refusal : int
        Status for a wrong key: 401 or 403.
    room : int or None
        Calls that it still accepts; then 429 for ever. None accepts any number.
    calls : list of Call
        Everything it was asked.
    served : Counter
        By call, how often a sound answer left it whole.
    watch : callable or None
        Told each call twice: when it ``arrived`` and when it was ``answered``.
    """

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.shapes = {shape.prefix: shape for shape in shapes}
        self.faults: list[Fault] = []
        self.keys: set[str] | None = None
        self.refusal = 401
        self.room: int | None = None
        self.calls: list[Call] = []
        self.served: Counter[str] = Counter()
        self.watch: Callable[[Call, str], None] | None = None
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """Return the address of the server itself, also as a proxy."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def address_of(self, prefix: str) -> str:
        """Return the base address of one service."""
        return f"{self.address}/{prefix}"

    def close(self) -> None:
        """Stop the server and free its port."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def asked(self, path: str) -> list[Call]:
        """Return the calls of one path."""
        return [call for call in self.calls if call.path == path]

    def heal(self) -> None:
        """Take back all faults and limits, and forget what was asked."""
        self.faults, self.keys, self.room, self.refusal = [], None, None, 401
        self.calls, self.served, self.watch = [], Counter(), None

    def answer(
        self, target: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> tuple[Call, Reply]:
        """Return the reply to a request, with its faults."""
        parts = urlsplit(target)
        service, _, path = parts.path.lstrip("/").partition("/")
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        with self.lock:
            call = Call(len(self.calls) + 1, service, path, query, headers, form)
            self.calls.append(call)
            if parts.scheme:  # asked as a proxy
                return call, Reply(
                    200, body=HTML, headers={"Content-Type": "text/html"}, spoiled=True
                )
            if self.keys is not None and headers.get("X-ClientId") not in self.keys:
                return call, Reply(self.refusal, {"message": "Unauthorized"}, spoiled=True)
            if self.room is not None:
                if self.room <= 0:
                    return call, Reply(429, {"message": "Too Many Requests"}, spoiled=True)
                self.room -= 1
            shape = self.shapes.get(service)
            reply = shape.reply(call) if shape else Reply(404, {"message": "Not Found"})
            for fault in self.faults:
                reply = fault.apply(reply, call)
            return call, reply


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    owner: MisbehavingServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep silent about clients that went away: they were killed on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http
    # headers and body in one packet: a small answer never waits for the client's confirmation
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(dict(parse_qsl(sent, keep_blank_values=True)))

    def _answer(self, form: Mapping[str, str] | None = None) -> None:
        owner = self.server.owner
        call, reply = owner.answer(self.path, dict(self.headers.items()), form)
        if owner.watch is not None:
            owner.watch(call, "arrived")
        if reply.transport == "silence":
            owner.closing.wait()
            self.close_connection = True
            return
        body = reply.encoded()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.transport == "half":
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)
        self.wfile.flush()
        if not reply.spoiled:
            with owner.lock:
                owner.served[str(call)] += 1
        if owner.watch is not None:
            owner.watch(call, "answered")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing on the console of the tests."""


@contextlib.contextmanager
def running(*shapes: Shape) -> Iterator[MisbehavingServer]:
    """Run a server for a block."""
    server = MisbehavingServer(shapes)
    try:
        yield server
    finally:
        server.close()
