"""``smup`` forked from a process that has read the libraries already.

What is killed twenty times need not import pandas twenty times. The process is one of its own all
the same: it is killed by a signal and leaves behind only its files.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.servers.read_before"])


def run_forked(
    words: tuple[str, ...], environment: Mapping[str, str], told: tuple[Path, Path]
) -> None:
    """Run ``smup`` in this process, a fork; what it says goes into two files."""
    from tests.servers.program import run

    os.environ.clear()
    os.environ.update(environment)
    for stream, path in zip((sys.stdout, sys.stderr), told, strict=True):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    sys.argv = ["smup", *words]
    run()


class Forked:
    """A running ``smup``, with the part of ``Popen`` that the tests need."""

    def __init__(self, words: tuple[str, ...], environment: Mapping[str, str], out: Path) -> None:
        self._told = (out.with_suffix(".out"), out.with_suffix(".err"))
        self._process = _FORKS.Process(target=run_forked, args=(words, environment, self._told))
        self._process.start()

    @property
    def pid(self) -> int | None:
        """Return the number of the process."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Return what it ended with, less than nothing when a signal ended it."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return what it ended with, if it has ended."""
        return self.returncode

    def kill(self) -> None:
        """Kill it as ``Popen.kill`` does."""
        self._process.kill()

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end and return what it said."""
        self._process.join(timeout)
        if self.returncode is None:
            self.kill()
            raise TimeoutError(f"smup still ran after {timeout} s")
        out, err = (path.read_text(encoding="utf-8") for path in self._told)
        return out, err
