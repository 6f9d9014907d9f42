"""``smup data sync`` killed at a chosen moment."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

from smup_lib.snapshots.locking import HOLDER_NAME
from tests.servers.faults import Call
from tests.servers.forked import Forked
from tests.servers.misbehaving import MisbehavingServer

Start = Callable[..., "Popen[str] | Forked"]


def current(home: Path) -> str:
    """Return the id of the snapshot in use."""
    return (home / "snapshots" / "current").read_text(encoding="ascii").strip()


def run_whole(start: Start, home: Path, *words: str) -> None:
    """Synchronise; ``words`` name the service, with options."""
    process = start(home, "data", "sync", *words, forked=True)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err


def run_killed_at(
    start: Start, server: MisbehavingServer, home: Path, call: int, when: str, *words: str
) -> str:
    """Kill the process at its n-th call; return that call, or nothing when it ended before."""
    at: list[str] = []
    first = len(server.calls)

    def kill(seen: Call, moment: str) -> None:
        if not at and seen.number - first >= call and moment == when:
            at.append(str(seen))
            process.kill()

    server.watch = kill
    process = start(home, "data", "sync", *words, forked=True)
    process.communicate(timeout=120)
    server.watch = None
    return at[0] if at else ""


def run_killed_while_writing(start: Start, home: Path, looks: int, *words: str) -> bool:
    """Kill the process while it holds the store, after so many looks; tell whether it was alive."""
    process = start(home, "data", "sync", *words, forked=True)
    while process.poll() is None:
        looks -= _holds(home, process.pid)
        if looks < 0:
            process.kill()
            break
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _holds(home: Path, pid: int | None) -> bool:
    """Tell whether a process holds the store; one that was killed there has left its name."""
    try:
        return f'"pid": {pid},' in (home / HOLDER_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
