"""What may a page send to its kernel? What its widgets say; code, files and broken frames may not.

Jupyter and Voilà read the number of parts of a message from its first bytes and then loop that
often; a frame that lies about it would keep the server busy for ever. So frames are checked here
before anybody else reads them.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.web import HTTPError

from smup_lib.apps.serving.kernels import WIDGET_MESSAGES

#: The only form of frames that is understood.
PROTOCOL = "v1.kernel.websocket.jupyter.org"
#: Bytes of a message from a page; what a widget says of itself is far smaller.
LARGEST_MESSAGE = 2**20
#: Channel, header, parent header, metadata, content, and what a widget adds to them.
_MOST_PARTS = 64
_FEWEST_PARTS = 6
_WORD = 8


class WidgetSocket(KernelWebsocketHandler):
    """The socket between a page and its kernel."""

    async def pre_get(self) -> None:
        """Refuse whoever does not speak the protocol, and kernels that have ended."""
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if PROTOCOL not in (name.strip() for name in offered.split(",")):
            raise HTTPError(400)
        if self.kernel_id not in self.kernel_manager:
            raise HTTPError(404)
        await super().pre_get()

    def on_message(self, message: str | bytes) -> None:
        """Pass on what a widget says; of all else nothing reaches the kernel."""
        if self.connection is None or not _may_pass(message):
            return
        super().on_message(message)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send what the kernel says, except the code that it runs."""
        if isinstance(message, bytes) and read_kind(message) == "execute_input":
            return None
        return super().write_message(message, binary)


def _may_pass(message: str | bytes) -> bool:
    if not isinstance(message, bytes) or len(message) > LARGEST_MESSAGE:
        return False
    parts = split_frame(message)
    return parts is not None and parts[0] == b"shell" and read_kind(message) in WIDGET_MESSAGES


def split_frame(frame: bytes) -> list[bytes] | None:
    """Return the parts of a frame, the channel first; None when it is not what it says.

    Examples
    --------
    >>> split_frame((2**62).to_bytes(8, "little")) is None
    True
    """
    count = int.from_bytes(frame[:_WORD], "little")
    start = _WORD * (count + 1)
    if not _FEWEST_PARTS <= count <= _MOST_PARTS or len(frame) < start:
        return None
    places = [
        int.from_bytes(frame[_WORD * at : _WORD * (at + 1)], "little") for at in range(1, count + 1)
    ]
    if places[0] != start or places[-1] != len(frame) or places != sorted(places):
        return None
    return [frame[a:b] for a, b in pairwise(places)]


def read_kind(frame: bytes) -> str | None:
    """Return which kind of message a frame holds; None when that cannot be read."""
    parts = split_frame(frame)
    if parts is None:
        return None
    try:
        header = json.loads(parts[1])
    except ValueError:
        return None
    kind = header.get("msg_type") if isinstance(header, dict) else None
    return kind if isinstance(kind, str) else None
