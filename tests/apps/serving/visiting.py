"""A visitor of the pages who is no browser: opens a page and talks to its kernel as widgets do."""

from __future__ import annotations

import http.client
import json
import re
import uuid
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import websocket

PROTOCOL = "v1.kernel.websocket.jupyter.org"
PATIENCE = 180
_WORD = 8


def kernel_of(page: str) -> str:
    """Return the kernel that stands behind a page."""
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)
    assert config, page[-2000:]
    return str(json.loads(config[1])["kernelId"])


#: Opened by the test that runs; closed after it (conftest.py), also when the server ends first.
OPENED: list[websocket.WebSocket] = []


def open_socket(root: str, kernel: str, **options: Any) -> websocket.WebSocket:
    """Open the websocket of a kernel, as the page does."""
    address = f"ws{root[4:]}/api/kernels/{kernel}/channels"
    opened = websocket.create_connection(
        address, timeout=PATIENCE, subprotocols=[PROTOCOL], **options
    )
    OPENED.append(opened)
    return opened


def frame(
    kind: str,
    content: Mapping[str, Any],
    channel: str = "shell",
    metadata: Mapping[str, Any] | None = None,
) -> bytes:
    """Return a message as the page writes it."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "session": "visitor",
        "username": "",
        "version": "5.3",
        "date": "2026-01-01T00:00:00Z",
    }
    dicts = (header, {}, dict(metadata or {}), dict(content))
    parts = [channel.encode(), *(json.dumps(one).encode() for one in dicts)]
    places = [_WORD * (len(parts) + 2)]
    for part in parts:
        places.append(places[-1] + len(part))
    words = (len(places), *places)
    return b"".join(word.to_bytes(_WORD, "little") for word in words) + b"".join(parts)


def read_frame(raw: bytes) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return channel, header and content of a message from the kernel."""
    count = int.from_bytes(raw[:_WORD], "little")
    places = [
        int.from_bytes(raw[_WORD * at : _WORD * (at + 1)], "little") for at in range(1, count + 1)
    ]
    parts = [raw[a:b] for a, b in pairwise(places)]
    return parts[0].decode(), json.loads(parts[1]), json.loads(parts[4])


def said_until(socket: websocket.WebSocket, kind: str) -> list[str]:
    """Return the kinds of the messages that come until one of a kind has come."""
    kinds: list[str] = []
    while kind not in kinds:
        raw = socket.recv()
        assert isinstance(raw, bytes), raw
        kinds.append(read_frame(raw)[1]["msg_type"])
    return kinds


def widget_states(channels: websocket.WebSocket) -> dict[str, dict[str, Any]]:
    """Return the widgets of a page by their number, as the page asks for them when it opens."""
    comm = uuid.uuid4().hex
    opening = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
    channels.send_binary(frame("comm_open", opening, metadata={"version": "1.0.0"}))
    asking = {"comm_id": comm, "data": {"method": "request_states"}}
    channels.send_binary(frame("comm_msg", asking))
    while True:
        raw = channels.recv()
        assert isinstance(raw, bytes), raw
        _, header, content = read_frame(raw)
        if header["msg_type"] == "comm_msg" and content["comm_id"] == comm:
            states = content["data"]["states"]
            return {name: one["state"] | {"_model_name": one["model_name"]}
                    for name, one in states.items()}  # fmt: skip


def ask_raw(
    root: str, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Ask for an address letter for letter: no client tidies it on the way."""
    connection = http.client.HTTPConnection(root.removeprefix("http://"), timeout=PATIENCE)
    try:
        connection.putrequest(method, path, skip_host=bool(headers and "Host" in headers))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", "0")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
