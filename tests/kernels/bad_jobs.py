"""Jobs that go wrong, each in its own way; run by a parent made to be forked."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from smup_lib.kernels.forking import UnsafeForkError
from smup_lib.kernels.supervised import Limits, supervise

LIMITS = Limits(seconds=2.0, memory=150_000_000, output=3_000_000)


def fine() -> str:
    return "fine"


def large() -> int:
    return b"x" * 30_000_000  # type: ignore[return-value]


def raises() -> None:
    raise ValueError("zły rok")


def raises_what_cannot_travel() -> None:
    raise type("Own", (Exception,), {})("only here")


class TwoPartError(Exception):
    """It can be written, and not be read: pickle makes it again with one argument."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(what)


def raises_what_cannot_be_read() -> None:
    raise TwoPartError("two parts", "here")


class UnreadableValue:
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return int, ("no number",)


def returns_what_cannot_be_read() -> UnreadableValue:
    return UnreadableValue()


def exits_quietly() -> None:
    os._exit(0)


def exits() -> None:
    sys.exit(3)


def breaks_down() -> None:
    ctypes.string_at(0)


def is_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hangs() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Event().wait()


def hangs_at_its_end() -> None:
    threading.Thread(target=threading.Event().wait).start()


def grows() -> None:
    kept = []
    while True:
        kept.append(bytearray(os.urandom(4096) * 500))


def asks_for_too_much() -> None:
    bytearray(60 << 30)


def a_child_grows() -> None:
    subprocess.run([sys.executable, "-c", "k=[]\nwhile 1: k.append(b'x'*2000000)"], check=True)


def prints_for_ever() -> None:
    while True:
        sys.stdout.write("x" * 10_000)


def a_child_prints_for_ever() -> None:
    subprocess.run(["yes"], check=True)
    raise RuntimeError("yes has ended")


JOBS: dict[str, Callable[[], object]] = {
    one.__name__: one
    for one in (
        *(fine, large, raises, raises_what_cannot_travel, raises_what_cannot_be_read),
        *(returns_what_cannot_be_read, exits_quietly, exits, breaks_down),
        *(is_killed, hangs, hangs_at_its_end, grows, asks_for_too_much, a_child_grows),
        *(prints_for_ever, a_child_prints_for_ever),
    )
}


def starved(files: int) -> list[str]:
    """Do two jobs at once where the system allows so many further files, a job needing three."""
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)

    def jobs() -> Iterator[str]:
        free = [os.dup(0) for _ in range(files + 1)]
        for file in free:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free[-1], usual[1]))
        yield from ("fine", "fine")

    try:
        done = supervise(lambda n: JOBS[n](), jobs(), at_once=2, limits=LIMITS)
        return [outcome.ending for outcome in done]
    except OSError as error:
        return [type(error).__name__]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)


def threaded() -> list[str]:
    """Start a thread between two jobs."""
    stop, told = threading.Event(), []

    def jobs() -> Iterator[str]:
        yield "fine"
        threading.Thread(target=stop.wait).start()
        yield "fine"

    try:
        for outcome in supervise(lambda n: JOBS[n](), jobs(), at_once=1, limits=LIMITS):
            told.append(str(outcome.ending))
    except UnsafeForkError as error:
        told.append(type(error).__name__)
    finally:
        stop.set()
    return told


def main() -> None:
    """Do the named jobs and print what became of them as JSON."""
    told = {}
    for outcome in supervise(lambda n: JOBS[n](), sys.argv[1:], at_once=3, limits=LIMITS):
        told[outcome.job] = {
            "ending": outcome.ending,
            "value": outcome.value if isinstance(outcome.value, str) else None,
            "length": len(outcome.value) if isinstance(outcome.value, bytes) else None,
            "error": type(outcome.error).__name__,
            "detail": outcome.detail,
            "printed": outcome.printed[-80:],
            "seconds": outcome.seconds,
            "memory": outcome.memory,
        }
    refused = {"starved": [starved(files) for files in range(6)], "threaded": threaded()}
    left = [p.name for p in Path("/proc").iterdir() if p.name.isdigit() and _ours(p)]
    sys.stdout.write(json.dumps({"told": told, "left": left, **refused}))


def _ours(process: Path) -> bool:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(fields[1]) == os.getpid()


if __name__ == "__main__":
    main()
