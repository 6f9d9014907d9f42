"""What does the server write down? That something failed, and where; never who came or what for.

Tornado and Jupyter name the visitor's address, the whole link and the kernel in what they write.
A link names units, which is nobody's secret; together with an address it tells who reads what.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

from tornado.httputil import HTTPServerRequest

_LOG = logging.getLogger("tornado.application")
_KERNEL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FAULT = 500


class Nameless(logging.Filter):
    """Takes address, link and kernel out of a record, before anything writes it.

    Examples
    --------
    >>> record = logging.makeLogRecord({"msg": "Uncaught exception GET /a?unit=9002 (192.0.2.7)"})
    >>> Nameless().filter(record), record.getMessage()
    (True, 'Uncaught exception GET /a')
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite what is to be written; the place of the fault stays."""
        args = record.args if isinstance(record.args, tuple) else (record.args,)
        record.args = tuple(_named(arg) for arg in args if arg is not None)
        text = _without_names(record.getMessage())
        record.msg, record.args = text, ()
        return True


def _named(arg: Any) -> Any:
    return f"{arg.method} {arg.path}" if isinstance(arg, HTTPServerRequest) else arg


def _without_names(text: str) -> str:
    """Return a line without queries, addresses in brackets and kernels."""
    text = re.sub(r"\?[^\s'\"]*", "", text)
    text = re.sub(r" \([0-9a-f.:]+\)", "", text)
    return _KERNEL.sub("KERNEL", text)


def note_request(handler: Any) -> None:
    """Write of an answer that failed where it did; of all others nothing.

    Tornado calls it after each answer (``log_function``).
    """
    if handler.get_status() >= _FAULT:
        milliseconds = 1000 * handler.request.request_time()
        request = handler.request
        _LOG.error("%d %s %s %.0f ms", handler.get_status(), request.method, request.path,
                   milliseconds)  # fmt: skip


def quiet_logs() -> None:
    """Let tornado and Jupyter write faults only, each with its time and without names."""
    for name in ("tornado", "asyncio"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        logger.propagate = False
        if not any(isinstance(one, _Errors) for one in logger.handlers):
            logger.addHandler(_Errors())


class _Errors(logging.StreamHandler[Any]):
    """Writes to the errors of the process."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        self.addFilter(Nameless())
