"""How is each job done in a fork of its own, so that a bad one costs only itself?

Memory is limited twice. What counts is the memory that only the job and those below it have, looked
after ten times a second: a fork shares the libraries and the data of its parent, and address space
says nothing about a process in which DuckDB and Arrow reserve gigabytes that they never touch. A
limit of the address space far above it stops a single huge request at once, inside the cell, as a
``MemoryError`` with a line number.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Generic, TypeVar

from smup_lib.kernels.family import (
    end_orphans,
    kill_family,
    kill_session,
    list_children,
    list_family,
    private_bytes,
    resident_bytes,
    take_orphans,
)
from smup_lib.kernels.forked_job import Ending, Limits, Told, be_child
from smup_lib.kernels.forking import check_single_thread
from smup_lib.kernels.guarding import Guard, guarded

__all__ = ["Ending", "Limits", "Outcome", "supervise"]

J = TypeVar("J")
R = TypeVar("R")

_LOOK_SECONDS = 0.1
#: Memory is counted page by page, which takes milliseconds, when a job sees so many bytes more, or
#: after so many seconds.
_GROWN = 16_000_000
_COUNTED = 1.0
_TAIL = 4000
_CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL}


@dataclass(frozen=True)
class Outcome(Generic[J, R]):
    """What became of a job.

    Attributes
    ----------
    job : object
        As it was given.
    ending : Ending
        How it ended; only ``DONE`` has a value.
    value : object
        What the work returned.
    error : BaseException or None
        What it raised, if that can be told from process to process.
    detail : str
        For a programmer: the traceback, the exit code, the name of the signal.
    printed : str
        The end of what the job printed outside of cells.
    seconds : float
        By the clock.
    memory : int
        The most bytes of its own that were seen.
    """

    job: J
    ending: Ending
    value: R | None
    error: BaseException | None
    detail: str
    printed: str
    seconds: float
    memory: int


def supervise(
    work: Callable[[J], R], jobs: Iterable[J], *, at_once: int, limits: Limits
) -> Iterator[Outcome[J, R]]:
    """Do jobs in forks of this process, some at once, and yield what became of each, as it ends.

    Parameters
    ----------
    work : callable
        Called with a job in its fork; what it returns or raises is pickled.
    jobs : iterable
        Asked for the next one when a place is free.
    at_once : int
        Forks at the same time.
    limits : Limits
        For each job.

    Yields
    ------
    Outcome
        In the order in which jobs end. When the caller stops or is interrupted, all forks are
        killed.

    Raises
    ------
    UnsafeForkError
        When this process has threads.
    OSError
        When the system allows no further process or file although no job runs.

    Examples
    --------
    In a process made for it, with the variables of :data:`smup_lib.kernels.forking.FIT_TO_FORK`::

        for outcome in supervise(report, units, at_once=2, limits=Limits()):
            print(outcome.job, outcome.ending)
    """
    left = iter(jobs)
    running: list[_Fork[J, R]] = []
    waiting: list[J] = []
    with _parent() as known, guarded() as guard:
        known.add(guard.pid)
        try:
            while True:
                while len(running) < at_once:
                    try:
                        job = waiting.pop() if waiting else next(left)
                    except StopIteration:
                        break
                    try:
                        running.append(_Fork(work, job, limits, guard))
                        guard.tell(one.pid for one in running)
                    except OSError:
                        if not running:
                            raise
                        waiting.append(job)  # until one of those that run has ended
                        break
                if not running:
                    return
                for fork in _ended(running):
                    running.remove(fork)
                    # once it is closed, its number may be that of somebody else's process
                    guard.tell(one.pid for one in running)
                    outcome = fork.close()
                    end_orphans(known | {one.pid for one in running})
                    yield outcome
        finally:
            for fork in running:
                fork.kill(Ending.KILLED)
                fork.close()
            end_orphans(known)


@contextmanager
def _parent() -> Iterator[set[int]]:
    """Make this process fit to fork, and yield the children that it has already."""
    check_single_thread()
    known = set(list_children(os.getpid()))
    take_orphans()
    gc.collect()
    gc.freeze()  # what no collection touches stays shared with the forks
    try:
        yield known
    finally:
        gc.unfreeze()
        take_orphans(yes=False)


def _ended(running: list[_Fork[J, R]]) -> list[_Fork[J, R]]:
    """Wait a moment, kill what is beyond its limits, and return the forks that have ended."""
    ready, _, _ = select.select(running, [], [], _LOOK_SECONDS)
    for fork in running:
        if fork not in ready:
            fork.look()
    return ready


class _Fork(Generic[J, R]):
    """A job in its fork."""

    def __init__(self, work: Callable[[J], R], job: J, limits: Limits, guard: Guard) -> None:
        check_single_thread()
        self._job, self._limits = job, limits
        self._beyond: Ending | None = None
        self._memory = self._seen = 0
        self._counted = 0.0
        self._started = time.monotonic()
        parent = os.getpid()
        with ExitStack() as files:
            # in memory, so that a full disk does not cost a result that is done
            memory = os.fdopen(os.memfd_create("result"), "w+b")
            self._result: IO[bytes] = files.enter_context(memory)
            self._printed = files.enter_context(tempfile.TemporaryFile())
            self.pid = os.fork()
            if self.pid == 0:
                be_child(work, job, limits, self._result, self._printed, parent, guard)
            try:
                self._ends = os.pidfd_open(self.pid)
            except OSError:
                kill_family(self.pid)
                os.waitpid(self.pid, 0)
                raise
            self._files = files.pop_all()

    def fileno(self) -> int:
        """Return what becomes readable when the process has ended."""
        return self._ends

    def look(self) -> None:
        """Kill the job when it is beyond a limit."""
        family, now = list_family(self.pid), time.monotonic()
        seen = sum(map(resident_bytes, family))
        # what it sees is never less than what it has
        if seen > min(self._limits.memory, self._seen + _GROWN) or now > self._counted + _COUNTED:
            self._seen, self._counted = seen, now
            self._memory = max(self._memory, sum(map(private_bytes, family)))
        if self._memory > self._limits.memory:
            self.kill(Ending.MEMORY)
        elif now - self._started > self._limits.seconds:
            self.kill(Ending.TIME)

    def kill(self, why: Ending) -> None:
        """End the job and what it started."""
        self._beyond = why
        kill_family(self.pid)

    def close(self) -> Outcome[J, R]:
        """Reap the ended process and tell what became of the job."""
        _, status = os.waitpid(self.pid, 0)
        seconds = time.monotonic() - self._started
        os.close(self._ends)
        kill_session(self.pid)
        with self._files:
            told = None if self._beyond else _read_result(self._result)
            size = self._printed.seek(0, os.SEEK_END)
            self._printed.seek(max(0, size - _TAIL))
            printed = self._printed.read().decode(errors="replace")
        ending, value, error, detail, memory = told or (self._beyond, None, None, "", 0)
        if ending is None:
            ending, detail = _told_by_status(os.waitstatus_to_exitcode(status))
        if size >= self._limits.output and ending in (Ending.RAISED, Ending.EXITED):
            ending = Ending.OUTPUT  # a child of the job printed it
        return Outcome(
            *(self._job, ending, value, error, detail, printed, seconds),
            memory=max(self._memory, memory),
        )


def _read_result(file: IO[bytes]) -> Told | None:
    """Return what the fork wrote; None when it did not come to its end."""
    written = file.seek(0, os.SEEK_END)
    file.seek(0)
    if not written:
        return None
    try:
        told: Told = pickle.load(file)
    except Exception as error:  # half a result, or a class that cannot be made again here
        return Ending.RAISED, None, None, f"{type(error).__name__}: {error}", 0
    return told


def _told_by_status(code: int) -> tuple[Ending, str]:
    if code >= 0:
        return Ending.EXITED, f"exit code {code}"
    number = signal.Signals(-code)
    if number in _CRASHES:
        return Ending.CRASHED, number.name
    if number == signal.SIGXFSZ:
        return Ending.OUTPUT, number.name
    return Ending.KILLED, number.name
