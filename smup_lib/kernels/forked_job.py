"""A job in its fork: what it may use, how it begins, and how it tells what became of it."""

from __future__ import annotations

import errno
import os
import pickle
import random
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any, NoReturn, TypeVar

from smup_lib.kernels.family import die_with, private_bytes, take_orphans, virtual_bytes
from smup_lib.kernels.guarding import Guard

J = TypeVar("J")
R = TypeVar("R")

#: Address space beyond the limit of memory: stacks of threads, pools that are never filled.
_RESERVE = 4 << 30


class Ending(StrEnum):
    """How a job ended."""

    DONE = "done"
    #: It raised an error.
    RAISED = "raised"
    #: It ended its process without a result: ``os._exit``, ``sys.exit``.
    EXITED = "exited"
    #: A library broke down: a segmentation fault, an abort.
    CRASHED = "crashed"
    #: Somebody else killed it, perhaps the system for want of memory.
    KILLED = "killed"
    MEMORY = "memory"
    TIME = "time"
    #: It printed or wrote more than it may.
    OUTPUT = "output"


@dataclass(frozen=True)
class Limits:
    """What a job may use.

    Attributes
    ----------
    seconds : float
        By the clock, from its fork.
    memory : int
        Bytes that the job and the processes below it have for themselves.
    output : int
        Bytes of what it prints, and of any file that it writes.
    """

    seconds: float = 600.0
    memory: int = 2_000_000_000
    output: int = 500_000_000


#: Ending, value, error, detail, bytes of memory.
Told = tuple[Ending | None, Any, BaseException | None, str, int]


def be_child(
    work: Callable[[J], R],
    job: J,
    limits: Limits,
    result: IO[bytes],
    printed: IO[bytes],
    parent: int,
    guard: Guard,
) -> NoReturn:
    """Do the job and leave; nothing of the parent's stack ever runs here."""
    try:
        os.setsid()
        die_with(parent)
        take_orphans()
        guard.mark_job()
        _limit(limits)
        _start_afresh(printed)
        told = _do(work, job)
        _allow_large_files()  # a result is no output
        result.write(_packed(told))
        result.flush()
        os._exit(0)
    finally:
        os._exit(1)


def _packed(told: Told) -> bytes:
    """Return what the parent can read; an error or a value that cannot travel is told in words."""
    try:
        packed = pickle.dumps(told)
        if told[2] is not None:
            pickle.loads(packed)  # not every error that can be written can be made again
    except Exception as error:
        ending = told[0] if told[2] is not None else _ending_of(error)[0]
        return pickle.dumps((ending, None, None, told[3] or repr(error), told[4]))
    return packed


def _do(work: Callable[[J], R], job: J) -> Told:
    try:
        value = work(job)
    except SystemExit as error:
        return Ending.EXITED, None, None, f"exit code {error.code}", private_bytes(os.getpid())
    except BaseException as error:
        words = "".join(traceback.format_exception(error))
        return *_ending_of(error), None, error, words, private_bytes(os.getpid())
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
    return Ending.DONE, value, None, "", private_bytes(os.getpid())


def _ending_of(error: BaseException) -> tuple[Ending]:
    if isinstance(error, MemoryError):
        return (Ending.MEMORY,)
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return (Ending.OUTPUT,)
    return (Ending.RAISED,)


def _limit(limits: Limits) -> None:
    space = virtual_bytes() + limits.memory + _RESERVE
    for kind, most in ((resource.RLIMIT_AS, space), (resource.RLIMIT_FSIZE, limits.output)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(
            kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_large_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def _start_afresh(printed: IO[bytes]) -> None:
    """Take nothing over from the parent that two jobs should not share."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(printed.fileno(), 1)
    os.dup2(printed.fileno(), 2)
    random.seed()
    if "numpy" in sys.modules:
        import numpy as np

        np.random.seed()
