"""How many visitors can there be, and who is here? Whoever comes later is told so, in time."""

from __future__ import annotations

import os
from collections.abc import Callable

from smup_lib.apps.serving.admission import Admission, Turn

#: Memory that a visitor takes after many views, in bytes; benchmarks/bench_apps.py has it.
PER_VISITOR = 120 * 2**20
#: Visitors that a processor can serve: they mostly read.
_PER_CORE = 15
_FEWEST = 2


def usual_visitors(memory: int | None = None, cores: int | None = None) -> int:
    """Return how many visitors this computer can hold: half of its memory, 15 for each processor.

    Parameters
    ----------
    memory : int, optional
        Bytes; by default those of this computer.
    cores : int, optional
        By default those that this process may use.

    Examples
    --------
    >>> usual_visitors(8 * 2**30, 2), usual_visitors(2 * 2**30, 8)
    (30, 8)
    """
    by_memory = (memory or _memory()) // 2 // PER_VISITOR
    return max(_FEWEST, min(by_memory, _PER_CORE * (cores or usual_workers())))


def usual_workers() -> int:
    """Return how many pages are prepared at once: one for each processor."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> int:
    """Return the memory of this computer; where it cannot be asked, as if there were 4 GB."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 4 * 2**30


class Visits:
    """Knows who is here: those whose page is being prepared, and the kernels of the others.

    Parameters
    ----------
    limit : int
        Of visitors.
    admission : Admission
        Who may have a page prepared now.
    count_kernels : callable
        How many kernels live.
    """

    def __init__(self, limit: int, admission: Admission, count_kernels: Callable[[], int]) -> None:
        self.limit = limit
        self.admission = admission
        self._count_kernels = count_kernels
        self._coming: set[Visit] = set()

    @property
    def visitors(self) -> int:
        """Return how many are here, those who wait included."""
        return self._count_kernels() + len(self._coming)

    def enter(self) -> Visit | None:
        """Return the visit of a new visitor; None when there is no room."""
        if self.visitors >= self.limit:
            return None
        visit = Visit(self, self.admission.arrive())
        self._coming.add(visit)
        return visit


class Visit:
    """A visitor until his page is ready, from :meth:`Visits.enter`."""

    def __init__(self, visits: Visits, turn: Turn) -> None:
        self._visits = visits
        self.turn = turn

    def note_kernel(self) -> None:
        """Let the kernel stand for the visitor from now on."""
        self._visits._coming.discard(self)

    def end(self) -> None:
        """Make room for the next whose page shall be prepared."""
        self.note_kernel()
        self.turn.leave()
