"""What may be done once, before any kernel is forked, so that no kernel has to do it again?

The zygote knows nothing of the work: it is given the name of a function, calls it after its imports
and lets all forks share what it leaves in memory.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path


def make_ready(name: str) -> list[str]:
    """Call a function and return the files on which what it left in memory rests.

    A function that fails is said on stderr, which is the log beside the zygote's socket, and
    nothing else: the kernels will do its work themselves.

    Parameters
    ----------
    name : str
        ``package.module:function``; empty for none. The function takes nothing and returns paths,
        also of files that are not there yet; when one changes the zygote serves no longer.

    Examples
    --------
    >>> make_ready("")
    []
    """
    if not name:
        return []
    module, _, function = name.partition(":")
    read: Iterable[Path] = ()
    try:
        read = getattr(import_module(module), function)()
    except Exception:
        sys.stderr.write(f"not made ready in advance: {name}\n{traceback.format_exc()}")
        sys.stderr.flush()
    _end_threads_that_stop_for_a_fork()
    return [str(path) for path in read]


def _end_threads_that_stop_for_a_fork() -> None:
    """Fork once for nothing: libraries that know of forks close here what they hold."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
