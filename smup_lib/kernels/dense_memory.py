"""How does a fork share the memory of its parent for longer? By having nowhere in it to write.

Python puts new small objects where old ones have gone. After a long preparation such holes lie on
thousands of pages, and whatever a fork creates copies one of them for a few bytes. So the parent
fills its holes before it forks: what a fork creates then lies together, on pages of its own.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import sys
import tempfile
from contextlib import suppress

#: Bytes of an empty ``bytes`` object: what its length is added to.
_EMPTY = sys.getsizeof(b"")
#: A line of the account: class, size of a block, pools, blocks in use, free blocks.
_LINE = re.compile(r"^ *\d+ +(\d+) +\d+ +\d+ +(\d+)$", re.MULTILINE)
_FILLING: list[object] = []
#: Names of glibc for what follows, and from how many bytes on an array has pages of its own, which
#: go back when it does. Left alone, glibc raises that to 32 MB after the first large array.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _LARGE = -1, -3, 128 * 1024


def settle_before_forks() -> None:
    """Give back what is free, fill the holes, and keep the collector away from what is left.

    Call it last, in a process that will only fork. Where Python tells nothing of its holes they
    stay, and forks copy more.
    """
    gc.collect()
    for size, count in _holes().items():
        if size >= _EMPTY:
            _FILLING.append([bytes(size - _EMPTY) for _ in range(count)])
        elif size >= sys.getsizeof(0.5):
            _FILLING.append([place + 0.5 for place in range(count)])
        else:
            _FILLING.append([object() for _ in range(count)])
    give_back()
    with suppress(OSError, AttributeError):  # another C library than glibc
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)
    gc.freeze()


def give_back() -> None:
    """Give the system back what this process holds and does not use."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)


def _holes() -> dict[int, int]:
    """Return how many blocks of each size are free on pages that hold others too."""
    tell = getattr(sys, "_debugmallocstats", None)
    if tell is None:
        return {}
    with tempfile.TemporaryFile() as told:
        # it writes to the file of C, whatever sys.stderr is
        sys.stderr.flush()
        kept = os.dup(2)
        os.dup2(told.fileno(), 2)
        try:
            tell()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        told.seek(0)
        account = told.read().decode(errors="replace")
    return {int(size): int(free) for size, free in _LINE.findall(account)}
