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


def list_threads() -> list[str]:
    """List the threads that a fork of this process would lose, those without Python too.

    Examples
    --------
    >>> len(list_threads()) >= 0
    True
    """
    names = []
    tasks = Path("/proc/self/task").iterdir()
    for task in sorted(tasks, key=lambda path: int(path.name)):
        try:
            names.append((task / "comm").read_text(encoding="utf-8").strip())
        except OSError:  # it has just ended
            continue
    return [name for name in names[1:] if name not in FORK_SAFE]


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
        before = len(list_threads())
        try:
            importlib.import_module(name)
        except ImportError as error:
            sys.stderr.write(f"not imported in advance: {name} ({error})\n")
        if len(list_threads()) > before:
            child = os.fork()
            if child == 0:
                os._exit(0)
            os.waitpid(child, 0)
            if len(list_threads()) > before:
                guilty.append(name)
    return guilty
