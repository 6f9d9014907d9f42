"""``smup data sync`` killed at a chosen moment."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

from tests.servers.faults import Call
from tests.servers.misbehaving import MisbehavingServer

Start = Callable[..., "Popen[str]"]


def current(home: Path) -> str:
    """Return the id of the snapshot in use."""
    return (home / "snapshots" / "current").read_text(encoding="ascii").strip()


def run_whole(start: Start, home: Path, *words: str) -> None:
    """Synchronise; ``words`` name the service, with options."""
    process = start(home, "data", "sync", *words)
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
    process = start(home, "data", "sync", *words)
    process.communicate(timeout=120)
    server.watch = None
    return at[0] if at else ""


def run_killed_while_writing(start: Start, home: Path, looks: int, *words: str) -> bool:
    """Kill the process while it holds the store, after so many looks; tell whether it was alive."""
    process = start(home, "data", "sync", *words)
    while process.poll() is None:
        looks -= (home / ".lock-holder.json").exists()
        if looks < 0:
            process.kill()
            break
    process.communicate()
    return process.returncode == -signal.SIGKILL
