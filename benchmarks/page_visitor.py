"""A visitor without a browser: opens a page, fetches its widgets as the page does, and clicks.

The states of all widgets are asked for once the page has come, in the protocol that the page
speaks; when they have come a browser could draw. What a browser adds is measured in a browser.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
#: A page, or an answer to a click, that takes longer has failed.
PATIENCE = 120.0
#: Whatever is told later than this after the last message is no part of the answer.
QUIET = 0.3
_CONFIG = re.compile(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', re.DOTALL)
_FIELD = "smup-address-field"


@dataclass
class Visitor:
    """One visitor; times are seconds since he asked.

    Attributes
    ----------
    status : int
        Of the answer of the server.
    shape, page, states : float or None
        When the first bytes, the whole page and the states of all widgets had come.
    clicks : list of float
        How long each answer took until the kernel was quiet again.
    failure : str
        Why the visit ended early.
    """

    address: str
    status: int = 0
    shape: float | None = None
    page: float | None = None
    states: float | None = None
    clicks: list[float] = field(default_factory=list)
    failure: str = ""
    text: str = ""
    kernel: str = ""
    socket: WebSocketClientConnection | None = None
    _models: dict[str, Any] = field(default_factory=dict)
    _cookie: str = ""
    _base: str = "/"

    async def open(self) -> Visitor:
        """Open the page and take the states of its widgets."""
        start = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._fetch(start)
                if self.status == 200:
                    await self._connect()
                    self._models = await self._ask_states()
                    self.states = time.perf_counter() - start
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"
        return self

    async def click(self, query: str) -> None:
        """Go to another view of the page, as the back button of a browser does."""
        start = time.perf_counter()
        model = next(
            (
                name
                for name, state in self._models.items()
                if _FIELD in state.get("_dom_classes", ())
            ),
            None,
        )
        if model is None or self.socket is None:
            self.failure = self.failure or "the page has no address field"
            return
        content = {"comm_id": model, "data": {"method": "update", "state": {}}}
        content["data"]["state"] = {"value": f"{len(self.clicks) + 1}?{query}"}
        try:
            async with asyncio.timeout(PATIENCE):
                await self._send("comm_msg", content)
                last = await self._until_quiet()
            self.clicks.append(last - start)
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"

    async def leave(self) -> None:
        """Close the page: its script then ends the kernel."""
        if self.socket is not None:
            self.socket.close()
        if self.kernel:
            parts = urlsplit(self.address)
            end = f"{parts.scheme}://{parts.netloc}/voila/api/shutdown/{self.kernel}"
            token = re.search(r"_xsrf=([^;]+)", self._cookie)
            headers = {"Cookie": self._cookie, "X-XSRFToken": token[1] if token else ""}
            asked = HTTPRequest(end, method="POST", body="", headers=headers)
            await AsyncHTTPClient().fetch(asked, raise_error=False)

    async def _fetch(self, start: float) -> None:
        pieces: list[bytes] = []

        def take(piece: bytes) -> None:
            if self.shape is None:
                self.shape = time.perf_counter() - start
            pieces.append(piece)

        request = HTTPRequest(self.address, streaming_callback=take, request_timeout=PATIENCE)
        answer = await AsyncHTTPClient(max_clients=500).fetch(request, raise_error=False)
        self.status = answer.code
        self.page = time.perf_counter() - start
        self.text = b"".join(pieces).decode()
        cookies = answer.headers.get_list("Set-Cookie")
        self._cookie = "; ".join(one.split(";")[0] for one in cookies)
        found = _CONFIG.search(self.text)
        told = json.loads(found[1]) if found else {}
        self.kernel, self._base = told.get("kernelId") or "", told.get("baseUrl", "/")

    async def _connect(self) -> None:
        parts = urlsplit(self.address)
        path = f"{self._base}api/kernels/{self.kernel}/channels?session_id={uuid.uuid4()}"
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Cookie": self._cookie}
        request = HTTPRequest(f"ws://{parts.netloc}{path}", headers=headers)
        self.socket = await websocket_connect(
            request, subprotocols=[PROTOCOL], max_message_size=2**28
        )

    async def _ask_states(self) -> dict[str, Any]:
        opening = {"target_name": "jupyter.widget.control", "comm_id": "control", "data": {}}
        await self._send("kernel_info_request", {})
        await self._send("comm_open", opening, metadata={"version": "1.0.0"})
        asking = {"comm_id": "control", "data": {"method": "request_states"}}
        await self._send("comm_msg", asking)
        while True:
            kind, content = await self._read()
            if kind == "comm_msg" and content["data"].get("method") == "update_states":
                told = content["data"]["states"]
                return {name: one["state"] for name, one in told.items()}

    async def _until_quiet(self) -> float:
        """Return when the last message of an answer came."""
        last, busy = time.perf_counter(), True
        while True:
            try:
                async with asyncio.timeout(PATIENCE if busy else QUIET):
                    kind, content = await self._read()
            except TimeoutError:
                return last
            last = time.perf_counter()
            if kind == "status":
                busy = content["execution_state"] != "idle"

    async def _send(self, kind: str, content: Any, metadata: Any = None) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "version": "5.3"}
        header |= {"username": "", "session": "visitor", "date": "2026-01-01T00:00:00Z"}
        parts = [json.dumps(one).encode() for one in (header, {}, metadata or {}, content)]
        assert self.socket is not None
        await self.socket.write_message(serialize_msg_to_ws_v1(parts, "shell"), binary=True)

    async def _read(self) -> tuple[str, Any]:
        assert self.socket is not None
        message = await self.socket.read_message()
        if message is None:
            raise ConnectionError("the server has closed the connection")
        _, (header, _, _, content, *_) = deserialize_msg_from_ws_v1(message)
        return json.loads(header)["msg_type"], json.loads(content)
