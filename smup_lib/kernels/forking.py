"""When may a process be forked, and how is one started that may?

A fork copies one thread and all locks. A pool of threads that is open then (DuckDB, OpenMP, Polars,
Arrow) has no thread left in the child and waits for it for ever. So the rule is plain: one thread,
or no fork.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from smup_lib.kernels.native_threads import FORK_SAFE

_TASKS = Path("/proc/self/task")

#: Variables that must be there before numpy and pyarrow are imported; children get them too.
FIT_TO_FORK: Mapping[str, str] = {
    # a worker is one core's work, and a pool of BLAS is threads
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # the allocator inside pyarrow gives memory back in a thread of its own otherwise
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # the same order of sets in each run, as in the kernels of single reports
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


class UnsafeForkError(RuntimeError):
    """The process has threads, so that a fork of it could wait for ever.

    Attributes
    ----------
    threads : list of str
        Their names as the system knows them, without that of the process itself.
    """

    def __init__(self, threads: list[str]) -> None:
        super().__init__(f"{len(threads)} more threads: {', '.join(threads)}")
        self.threads = threads


def can_supervise() -> bool:
    """Say whether this system has what supervised forks need: Linux has.

    Examples
    --------
    >>> isinstance(can_supervise(), bool)
    True
    """
    return hasattr(os, "fork") and hasattr(os, "pidfd_open") and _TASKS.is_dir()


def list_threads() -> list[str]:
    """List the threads that a fork of this process would lose, those of libraries too."""
    names = []
    for task in sorted(_TASKS.iterdir(), key=lambda path: int(path.name)):
        try:
            names.append((task / "comm").read_text(encoding="utf-8").strip())
        except OSError:  # it has just ended
            continue
    return [name for name in names[1:] if name not in FORK_SAFE]


def check_single_thread() -> None:
    """Check that this process may be forked.

    Raises
    ------
    UnsafeForkError
        Naming the threads.
    """
    if not list_threads():
        return
    # OpenBLAS stops its own for a fork and starts them when needed; what is still there stays
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    if threads := list_threads():
        raise UnsafeForkError(threads)


def fit_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment for a process that is to be forked; :data:`FIT_TO_FORK` wins.

    Examples
    --------
    >>> fit_environment({"HOME": "/home/a"})["PYTHONHASHSEED"]
    '0'
    """
    return {**(os.environ if environment is None else environment), **FIT_TO_FORK}
