"""When a process that supervised jobs is killed, end what the jobs have left.

``python -I -S guardian.py MARK``, started by :mod:`smup_lib.kernels.guarding`, never by hand; a
program of its own, so that it needs nothing but the standard library. Each line of its input names
the sessions of the jobs that run now; ``LAST_WORD`` says that all is well. When the input ends
without it, the supervisor is gone, its jobs die with it, and nobody is left who would know what
they had started: that is found by its session, or by the mark in the environment it was started
with.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from contextlib import suppress

LAST_WORD = "end"
_MOST_ROUNDS = 50
_LONGEST_WAIT = 1.0


def end_left(mark: str, sessions: set[int]) -> None:
    """Kill all processes of a mark or of some sessions, also those that they start meanwhile."""
    for _ in range(_MOST_ROUNDS):
        killed = [end for pid in _others() if (end := _kill(pid, mark, sessions)) is not None]
        if not killed:
            return
        for end in killed:
            select.select([end], [], [], _LONGEST_WAIT)
            os.close(end)


def _others() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != _OWN]  # noqa: PTH208


def _kill(pid: int, mark: str, sessions: set[int]) -> int | None:
    """Kill a process that is one of them; return what becomes readable when it has ended."""
    try:
        end = os.pidfd_open(pid)  # from here on the number means this process and no other
    except OSError:
        return None
    with suppress(OSError):  # it has ended, or is somebody else's
        if os.getsid(pid) in sessions or mark.encode() in _environment(pid):
            signal.pidfd_send_signal(end, signal.SIGKILL)
            return end
    os.close(end)
    return None


def _environment(pid: int) -> list[bytes]:
    with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123 - starts in an instant
        return file.read().split(b"\0")


_OWN = str(os.getpid())

if __name__ == "__main__":
    said = ""
    for said in sys.stdin:
        if said.strip() == LAST_WORD:  # whoever else still holds the pipe is not waited for
            sys.exit()
    end_left(sys.argv[1], {int(word) for word in said.split()})
