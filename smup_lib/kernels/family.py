"""Who belongs to a forked job, how much memory is its own, and how does all of it end?

A job leads a session of its own and takes in the orphans below it; what outlives it comes to us. So
nothing that a job started, daemons included, is left when it is over.
"""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_TAKE_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
#: Of the file ``status``: in memory, and swapped out.
_SEEN = ("VmRSS:", "VmSwap:")


def take_orphans(*, yes: bool = True) -> None:
    """Become the parent of those below whose own parent ends."""
    _prctl(_TAKE_ORPHANS, int(yes))


def die_with(parent: int) -> None:
    """End when the parent ends, however it ends."""
    _prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it was quicker
        os._exit(1)


def list_children(pid: int) -> list[int]:
    """List the processes that a process has started or taken in."""
    found: list[int] = []
    with suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def list_family(pid: int) -> list[int]:
    """List a process and all below it.

    Examples
    --------
    >>> list_family(os.getpid())[0] == os.getpid()
    True
    """
    family, left = [], [pid]
    while left:
        one = left.pop()
        family.append(one)
        left += list_children(one)
    return family


def private_bytes(pid: int) -> int:
    """Return the memory that only a process has (USS and what is swapped out); 0 when it is gone.

    Examples
    --------
    >>> private_bytes(os.getpid()) > 1_000_000
    True
    """
    counted = ("Private_Clean:", "Private_Dirty:", "Swap:")
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(counted))


def resident_bytes(pid: int) -> int:
    """Return the memory that a process sees, shared or its own; 0 when it is gone.

    Never less than :func:`private_bytes`, and told in a hundredth of the time: that one walks
    through every page.

    Examples
    --------
    >>> resident_bytes(os.getpid()) >= private_bytes(os.getpid())
    True
    """
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(_SEEN))


def virtual_bytes() -> int:
    """Return the address space that this process has now."""
    pages = int((_PROC / "self" / "statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGESIZE")


def kill_family(pid: int) -> None:
    """Kill a process, all below it and its session, without waiting."""
    for one in list_family(pid):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    kill_session(pid)


def kill_session(pid: int) -> None:
    """Kill what is left of the group that a process led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def end_orphans(known: set[int]) -> None:
    """Kill and reap what ended jobs have left to us: children of ours in sessions of others.

    ``known`` are children that are to stay. What this process starts itself stands in its session.
    """
    session = os.getsid(0)
    while orphans := [pid for pid in _strangers(session) if pid not in known]:
        for pid in orphans:
            kill_family(pid)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _strangers(session: int) -> list[int]:
    found = []
    for pid in list_children(os.getpid()):
        with suppress(ProcessLookupError):
            if os.getsid(pid) != session:
                found.append(pid)
    return found


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")
