"""How many bytes does a piece of work read? Says whether a large file was only looked into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_COUNTERS = Path("/proc/self/io")


@contextmanager
def at_most_read(limit: int) -> Iterator[None]:
    """Fail when this process reads more than ``limit`` bytes inside; skip where nobody counts."""
    if not _COUNTERS.is_file():
        pytest.skip("bytes read: counted on Linux only")
    before = _read_so_far()
    yield
    assert _read_so_far() - before <= limit


def _read_so_far() -> int:
    first = _COUNTERS.read_text(encoding="ascii").partition("\n")[0]
    return int(first.removeprefix("rchar: "))
