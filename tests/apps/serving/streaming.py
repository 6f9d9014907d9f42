"""Reads a page as it comes: piece by piece, beside the test, so that the test can act meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.apps.app_server import AppServer

PATIENCE = 180.0
VIEW = "/voila/render/basic.ipynb?unit=9002&year=2020"


@dataclass
class Page:
    """A page on its way."""

    address: str
    status: int = 0
    text: str = ""
    whole: bool = False
    seconds: float = 0.0
    _more: threading.Condition = field(default_factory=threading.Condition)

    def read(self) -> None:
        began = time.monotonic()
        with requests.get(self.address, stream=True, timeout=PATIENCE) as answer:
            for piece in answer.iter_content(chunk_size=None):
                with self._more:
                    self.status, self.text = answer.status_code, self.text + piece.decode()
                    self._more.notify_all()
        with self._more:
            self.whole, self.seconds = True, time.monotonic() - began
            self._more.notify_all()

    def wait_for(self, part: str) -> None:
        """Wait until a part of the page has come."""
        self._wait(lambda: part in self.text, part)

    def wait_until_whole(self) -> None:
        """Wait until all of it has come."""
        self._wait(lambda: self.whole, "the end")

    def _wait(self, is_so: Callable[[], bool], what: str) -> None:
        with self._more:
            if not self._more.wait_for(is_so, PATIENCE):
                raise AssertionError(f"{what} has not come:\n{self.text[-2000:]}")


@contextmanager
def readers(server: AppServer) -> Iterator[Callable[..., Page]]:
    """Give a function that begins to read a page; at the end all of them have been read."""
    with ThreadPoolExecutor(16) as pool:

        def begin(path: str = VIEW) -> Page:
            page = Page(server.root + path)
            pool.submit(page.read)
            return page

        yield begin


def state_of(server: AppServer) -> dict[str, Any]:
    """Return what the server says of itself."""
    state: dict[str, Any] = json.loads(server.get("/voila/state").text)
    return state


def wait_until(is_so: Callable[[], object]) -> None:
    """Ask again and again until it is so."""
    last, pause = time.monotonic() + PATIENCE, threading.Event()
    while not is_so():
        assert time.monotonic() < last, "it has not come to be so"
        pause.wait(0.05)
