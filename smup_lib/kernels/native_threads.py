"""Which threads run in this process, and who started them?

A fork copies only the thread that forks. A lock which another thread held stays locked in the child
for ever, so a process with threads must not fork. OpenBLAS knows this: it stops its threads before
a fork and starts them again when needed, so after one fork they are gone. jemalloc, which pyarrow
brings, takes its own locks before a fork and gives them back on both sides.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

#: Names of threads whose libraries are written for a fork beside them.
FORK_SAFE = frozenset({"jemalloc_bg_thd"})


def count_threads() -> int:
    """Count the threads of this process that a fork would lose, those without Python too.

    Examples
    --------
    >>> count_threads() >= 0
    True
    """
    tasks = Path("/proc/self/task").iterdir()
    names = [(task / "comm").read_text(encoding="utf-8").strip() for task in tasks]
    return sum(name not in FORK_SAFE for name in names) - 1


def import_modules(names: Sequence[str]) -> list[str]:
    """Import modules and tell which of them started a thread that does not stop for a fork.

    Parameters
    ----------
    names : sequence of str
        Full names of modules. One that cannot be imported is left out, with a word on stderr: what
        a kernel needs of it, it will miss there.

    Returns
    -------
    list of str
        Names of the guilty ones; empty when this process may fork.
    """
    guilty = []
    for name in names:
        before = count_threads()
        try:
            importlib.import_module(name)
        except ImportError as error:
            sys.stderr.write(f"not imported in advance: {name} ({error})\n")
        if count_threads() > before:
            child = os.fork()
            if child == 0:
                os._exit(0)
            os.waitpid(child, 0)
            if count_threads() > before:
                guilty.append(name)
    return guilty
