"""Who ends what jobs have started when their supervisor is killed? A small process beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache

from smup_lib.kernels import guardian

_MARK = "SMUP_JOB_OF"


class Guard:
    """The guardian of the jobs of this process, and the mark that they hand down.

    Attributes
    ----------
    pid : int
        Of the guardian.
    """

    def __init__(self) -> None:
        self._mark = _mark_of(os.getpid())
        words = (sys.executable, "-I", "-S", guardian.__file__, f"{_MARK}={self._mark}")
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for its parent
        )
        assert self._process.stdin is not None
        self.pid, self._line = self._process.pid, self._process.stdin.fileno()

    def tell(self, jobs: Iterable[int]) -> None:
        """Say which jobs run now: each leads a session of its number."""
        self._say(" ".join(map(str, jobs)))

    def mark_job(self) -> None:
        """Hand the mark to whatever this fork starts; the guardian must not wait for it."""
        os.close(self._line)
        os.environ[_MARK] = self._mark

    def close(self) -> None:
        """Say that all jobs have ended, and see the guardian off."""
        self._say(guardian.LAST_WORD)
        with suppress(BrokenPipeError):
            self._process.communicate()

    def _say(self, words: str) -> None:
        with suppress(BrokenPipeError):  # somebody killed it: the jobs go on without
            os.write(self._line, f"{words}\n".encode())


@cache
def _mark_of(process: int) -> str:
    """Return a word of this process alone, the same for all its jobs: cells can see it."""
    return f"{process}-{uuid.uuid4().hex}"


@contextmanager
def guarded() -> Iterator[Guard]:
    """Let a guardian stand beside this process until the block ends."""
    guard = Guard()
    try:
        yield guard
    finally:
        guard.close()
