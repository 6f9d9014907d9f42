"""The same work for many places, in several processes that have it before their eyes."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Told = TypeVar("Told")
#: Places that one process does before it says how far it is.
AT_ONCE = 20
#: More processes than this need more memory than they save time.
_MOST_PROCESSES = 4

_SHARED: list[Callable[[int], Any]] = []


def count_processes() -> int:
    """Return how many processes help on this computer."""
    able = getattr(os, "sched_getaffinity", None)
    cores = len(able(0)) if able is not None else os.cpu_count() or 1
    return min(cores, _MOST_PROCESSES)


def map_forked(
    call: Callable[[int], Told], n: int, processes: int, before: Collection[int] = ()
) -> Iterator[Told]:
    """Yield ``call(place)`` of ``n`` places in order, worked out by several processes.

    The processes are forks: what ``call`` reads is not copied to them, only its answers come back.

    Parameters
    ----------
    call : callable
        Given a place, returns what can be pickled.
    n : int
        How many places.
    processes : int
        How many at once; one where the computer cannot fork or there is little to do.
    before : collection of int
        Places that are done before the others begin, so that all share what these worked out.

    Yields
    ------
    object
        In the order of the places.

    Examples
    --------
    >>> list(map_forked(lambda place: place * place, 3, processes=1))
    [0, 1, 4]
    """
    if processes < 2 or n <= AT_ONCE or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(call, range(n))
        return
    first = {place: call(place) for place in before}
    with _forked(call, processes) as pool:
        for place, told in enumerate(pool.imap(_call_shared, range(n), AT_ONCE)):
            yield first.get(place, told)


@contextmanager
def _forked(call: Callable[[int], Any], processes: int) -> Iterator[Any]:
    _SHARED.append(call)
    gc.collect()
    gc.freeze()  # what nobody touches stays shared
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield pool
    finally:
        gc.unfreeze()
        _SHARED.remove(call)


def _call_shared(place: int) -> Any:
    return _SHARED[-1](place)
