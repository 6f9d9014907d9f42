"""Who may change the store now? One program at a time, from the check to the switch."""

from __future__ import annotations

import datetime
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import SnapshotError
from smup_lib.paths import make_dir, raw_dir, smup_home, snapshots_dir, told_when_unwritable

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOCK_NAME = ".lock"
HOLDER_NAME = ".lock-holder.json"
#: A whole country is imported in some ten seconds; who waits longer waits for something stuck.
LONGEST_WAIT_S = 120.0
#: What a crash leaves: halves that nothing names.
HALVES = (".partial-*", ".removing-*", ".current-*")

_log = logging.getLogger("smup_lib")


@contextmanager
def store_lock(doing: str) -> Iterator[None]:
    """Keep every other program from changing the store until the block ends.

    The same thread may ask again inside the block. Whoever holds the lock first sweeps away what a
    crash left half-written. Reading needs no lock: tables never change, and a manifest is swapped
    in one step.

    Parameters
    ----------
    doing : str
        What is done, in Polish, for those who wait: ``wczytywanie plików``.

    Raises
    ------
    SnapshotError
        When another program holds the lock for too long; says which one and since when.
    SettingsError
        When the folder of user data cannot be written.
    """
    from filelock import FileLock

    home = make_dir(smup_home())
    lock = FileLock(home / LOCK_NAME, is_singleton=True)
    with told_when_unwritable(home):
        _acquire(lock, home)
    outermost = lock.lock_counter == 1
    try:
        if outermost:
            with told_when_unwritable(home):
                write_holder(home, doing)
            _sweep()
        yield
    finally:
        if outermost:
            (home / HOLDER_NAME).unlink(missing_ok=True)
        lock.release()


def _acquire(lock: BaseFileLock, home: Path) -> None:
    from filelock import Timeout

    try:
        lock.acquire(timeout=0)
        return
    except Timeout:
        _log.warning("%s Czekam, aż skończy.", said_holder(home))
    try:
        lock.acquire(timeout=LONGEST_WAIT_S)
    except Timeout as error:
        raise SnapshotError(
            f"Dane są zajęte od dłuższego czasu. {said_holder(home)}",
            where=str(home),
            expected="jeden program zapisujący dane naraz",
            next_step="poczekaj, aż tamten program skończy, i powtórz polecenie; jeśli zawisł,"
            " zakończ go",
        ) from error


def write_holder(home: Path, doing: str) -> None:
    """Write into a folder, beside its lock, who holds that lock and since when."""
    since = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    path = home / HOLDER_NAME
    path.write_text(json.dumps({"pid": os.getpid(), "since": since, "doing": doing}), "utf-8")


def is_locked(path: Path) -> bool | None:
    """Return whether another program holds a lock file; nothing is written.

    Returns
    -------
    bool or None
        None where the system tells nobody (Windows, a file that may not be read).
    """
    try:
        import fcntl
    except ImportError:
        return None
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    except OSError:
        return None
    return False


def said_holder(home: Path, who: str = "Inny program zapisuje dane") -> str:
    """Say who holds the lock, or held it last; the holder may be just beginning or ending."""
    try:
        told = json.loads((home / HOLDER_NAME).read_text(encoding="utf-8"))
        since = datetime.datetime.fromisoformat(told["since"]).strftime("%d.%m.%Y, %H:%M:%S")
        return f"{who}: {told['doing']}, proces {told['pid']}, od {since}."
    except (OSError, ValueError, KeyError, TypeError):
        return f"{who}."


def _sweep() -> None:
    for folder in (snapshots_dir(), raw_dir()):
        for pattern in HALVES:
            for half in folder.glob(pattern):
                if half.is_dir():
                    shutil.rmtree(half, ignore_errors=True)
                else:
                    half.unlink(missing_ok=True)
