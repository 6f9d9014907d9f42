"""When may a process be forked, and how is one started that may?

A fork copies one thread and all locks. A pool of threads that is open then (DuckDB, OpenMP, Polars,
Arrow) has no thread left in the child and waits for it for ever. So the rule is plain: one thread,
or no fork.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from smup_lib.kernels.native_threads import list_threads

_TASKS = Path("/proc/self/task")
_LIBRARY_PARENT = Path(__file__).resolve().parents[2]
_Command = tuple[list[str], dict[str, str]]

#: ipykernel's own default, which has to be known before matplotlib is imported.
INLINE_PLOTS: Mapping[str, str] = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
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
    **INLINE_PLOTS,
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


def fit_command(module: str, environment: Mapping[str, str] | None = None) -> _Command:
    """Return the words and the environment that start a module in a process to be forked.

    It imports this library, and nothing from the folder in which it is started.

    Examples
    --------
    >>> words, environment = fit_command("smup_lib.cli", {})
    >>> words[1:], environment["PYTHONHASHSEED"]
    (['-P', '-m', 'smup_lib.cli'], '0')
    """
    fit = fit_environment(environment)
    if "site-packages" not in _LIBRARY_PARENT.parts:
        known = [part for part in fit.get("PYTHONPATH", "").split(os.pathsep) if part]
        fit["PYTHONPATH"] = os.pathsep.join([str(_LIBRARY_PARENT), *known])
    return [sys.executable, "-P", "-m", module], fit
