"""Where a kernel in this very process sends its messages: they are handed over, not sent.

What a cell shows still goes through the same text as it would between two processes, so that a
notebook holds what it always holds; headers, which nobody but the library writes, do not.
"""

from __future__ import annotations

import os
from collections import deque
from functools import cache
from typing import Any

#: Bytes of a message beside what it holds: headers, identities.
_HEADERS = 500
_PARTS = {"header", "msg_id", "msg_type", "parent_header", "content", "metadata"}


class StopCellError(BaseException):
    """Ends a cell from outside; no cell that catches ``Exception`` holds it up."""


class Line:
    """Where a kernel sends: messages come out of it as they would out of a socket.

    Parameters
    ----------
    session : Session
        Reads what is sent in parts.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self.messages: deque[dict[str, Any]] = deque()

    def take(self, message: dict[str, Any], size: int) -> None:
        """Take a message of so many bytes, which nobody changes any more."""
        self.messages.append(message)

    def send_multipart(self, parts: list[Any], **_: Any) -> None:
        """Take a message in the parts in which it would go to a socket."""
        # memory of a cell may change before its message is read
        _, own = self._session.feed_identities([bytes(part) for part in parts])
        self.take(self._session.deserialize(own), sum(len(part) for part in own))


class PublicLine(Line):
    """The line of all that is shown: it measures, and can be cut.

    Parameters
    ----------
    session : Session
        Reads what is sent in parts.
    limit : int
        Bytes that may be shown.
    """

    def __init__(self, session: Any, limit: int) -> None:
        super().__init__(session)
        self._left = limit
        self.exceeded = self.cut = False

    def take(self, message: dict[str, Any], size: int) -> None:
        """Take a message unless the line is cut; cut it when the message is too much."""
        if self.cut:
            return
        self._left -= size
        if self._left < 0:
            self.exceeded = self.cut = True
            raise StopCellError
        super().take(message, size)


@cache
def session_class() -> Any:
    """Return the class of a session that hands messages over to a :class:`Line`.

    Examples
    --------
    >>> session = session_class()(key=b"")
    >>> line = Line(session)
    >>> sent = session.send(line, "stream", {"name": "stdout", "text": "one"})
    >>> line.messages[0]["content"]
    {'name': 'stdout', 'text': 'one'}
    """
    from jupyter_client.session import Session

    class CellSession(Session):
        """Writes a message to a line without its way through bytes."""

        def send(self, stream: Any, msg_or_type: Any, *args: Any, **kwargs: Any) -> Any:
            message = None
            if isinstance(stream, Line) and os.getpid() == self.pid:
                message = self._plain(msg_or_type, *args, **kwargs)
            if message is None:
                return super().send(stream, msg_or_type, *args, **kwargs)
            packed = self.pack(message["content"])
            handed = {**message, "content": self.unpack(packed), "buffers": []}
            handed["metadata"] = self.unpack(self.pack(message["metadata"]))
            stream.take(handed, len(packed) + _HEADERS)
            return message

        def _plain(
            self,
            msg_or_type: Any,
            content: Any = None,
            parent: Any = None,
            ident: Any = None,
            buffers: Any = None,
            track: bool = False,
            header: Any = None,
            metadata: Any = None,
        ) -> dict[str, Any] | None:
            """Return the message as this session makes it; None for any other."""
            if isinstance(msg_or_type, str) and not buffers:
                return dict(self.msg(msg_or_type, content, parent, header, metadata))
            own = isinstance(msg_or_type, dict) and not (buffers or msg_or_type.get("buffers"))
            if own and msg_or_type.keys() >= _PARTS and isinstance(msg_or_type["content"], dict):
                return dict(msg_or_type)
            return None

    return CellSession
