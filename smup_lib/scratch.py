"""Folders for a while: gone after their block, and when their process was killed, later.

A process that is killed cannot tidy up. So each folder is called after its process, and the next
batch removes those whose process is surely gone.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PROC = Path("/proc")
#: Purpose, the system that numbers processes, the process, when it began, and a random end.
_NAME = re.compile(r"smup-[a-z]+-([0-9a-f]{8})-([0-9]+)-([0-9]+)-\w+")


def scratch_prefix(purpose: str) -> str:
    """Return how the name of a folder of this process begins.

    Where the system does not tell when a process began, nothing of it can be known for sure, and
    the name says nothing.
    """
    pid = os.getpid()
    began, system = _began(pid), _system()
    return f"smup-{purpose}-{system}-{pid}-{began}-" if began and system else f"smup-{purpose}-"


@contextmanager
def scratch_folder(purpose: str) -> Iterator[Path]:
    """Make a folder that is gone after the block.

    Parameters
    ----------
    purpose : str
        A word of small letters for its name.

    Examples
    --------
    >>> with scratch_folder("trial") as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    with tempfile.TemporaryDirectory(prefix=scratch_prefix(purpose)) as name:
        yield Path(name)


def remove_left_behind(folder: Path | None = None) -> tuple[str, ...]:
    """Remove the folders of processes of this user that are gone, and return their names.

    One that might be somebody's stays: of another user, of another system that shares the disk, of
    a number that a process has, unless that one began at another time.

    Parameters
    ----------
    folder : Path, optional
        Where they lie; the folder of temporary files when omitted.
    """
    system, removed = _system(), []
    with suppress(OSError):
        for path in sorted((folder or Path(tempfile.gettempdir())).iterdir()):
            found = _NAME.fullmatch(path.name)
            if not found or not system or found[1] != system or not _is_own_folder(path):
                continue
            if _began(int(found[2])) != int(found[3]):
                shutil.rmtree(path, ignore_errors=True)
                removed.append(path.name)
    return tuple(removed)


def _is_own_folder(path: Path) -> bool:
    try:
        about = path.lstat()
    except OSError:
        return False  # somebody was quicker
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()


def _began(pid: int) -> int:
    """Return when a process began, in ticks since the system did; 0 when it is not there."""
    try:
        told = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return 0
    # the name of the program may hold spaces and brackets
    return int(told.rpartition(")")[2].split()[19])


def _system() -> str:
    """Return eight hex digits of this run of the system and its numbering of processes."""
    try:
        run = (_PROC / "sys/kernel/random/boot_id").read_text()
        numbering = (_PROC / "self/ns/pid").readlink()
    except OSError:
        return ""
    return hashlib.sha256(f"{run} {numbering}".encode()).hexdigest()[:8]
