"""What a test of the server opens is closed after it, whoever ended first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.apps.serving.visiting import OPENED


@pytest.fixture(autouse=True)
def sockets_closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().shutdown()
