"""What does each synchronisation do now, and how did the last one end?

One small file a service under ``SMUP_HOME/syncs``, written while it runs and when it ends. A file
without an end that nobody holds belongs to a run that was killed.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from smup_lib.paths import make_dir, smup_home, told_when_unwritable, write_whole
from smup_lib.snapshots.locking import is_locked

#: ``done``; ``part`` when some questions have no answer; ``later`` when the limit is used up.
Outcome = Literal["done", "part", "later", "failed", "interrupted"]
#: Seconds between two notes of how far it is.
_PAUSE = 2.0


@dataclass(frozen=True)
class SyncNote:
    """A synchronisation, as far as it is known.

    Attributes
    ----------
    service : str
        Its name on the command line.
    started, updated : str
        When it began, and when this was written (ISO, with the time zone).
    done, total : int
        Questions answered, of how many; zero when not known.
    outcome : str
        How it ended; empty while it runs, and for ever when it was killed.
    told : str
        Polish: why it ended so.
    snapshot : str or None
        Id of the snapshot that it wrote.
    running : bool
        Whether a process holds it now.
    """

    service: str
    started: str
    updated: str
    done: int = 0
    total: int = 0
    outcome: Outcome | Literal[""] = ""
    told: str = ""
    snapshot: str | None = None
    running: bool = False


def syncs_dir() -> Path:
    """Return the folder of the notes."""
    return smup_home() / "syncs"


class SyncWriter:
    """Keeps the note of a synchronisation that runs."""

    def __init__(self, path: Path, service: str) -> None:
        self._path, self._written = path, 0.0
        self.note = SyncNote(service, _now(), _now())
        self._write()

    def tell_progress(self, done: int, total: int) -> None:
        """Note how far it is, not oftener than every two seconds."""
        self.note = dataclasses.replace(self.note, done=done, total=total)
        if time.monotonic() - self._written >= _PAUSE:
            self._write()

    def tell_end(self, outcome: Outcome, told: str = "", snapshot: str | None = None) -> None:
        """Note how it ended."""
        self.note = dataclasses.replace(self.note, outcome=outcome, told=told, snapshot=snapshot)
        self._write()

    def _write(self) -> None:
        self.note = dataclasses.replace(self.note, updated=_now())
        content = dataclasses.asdict(self.note)
        del content["running"]  # a lock tells it
        with told_when_unwritable(self._path):
            write_whole(self._path, json.dumps(content, ensure_ascii=False) + "\n")
        self._written = time.monotonic()


@contextmanager
def noted_sync(service: str) -> Iterator[SyncWriter]:
    """Keep a note of a synchronisation for those who look from elsewhere.

    Parameters
    ----------
    service : str
        Its name on the command line.

    Examples
    --------
    ::

        with noted_sync("smup") as writer:
            writer.tell_progress(1, 20)
            writer.tell_end("done")
    """
    from filelock import FileLock, Timeout

    folder = syncs_dir()
    with told_when_unwritable(folder):
        make_dir(folder)
    lock = FileLock(folder / f"{service}.lock")
    # two of the same service share its limit and may run at once: the first one holds the note
    with suppress(Timeout):
        lock.acquire(timeout=0)
    writer = SyncWriter(folder / f"{service}.json", service)
    try:
        yield writer
    except KeyboardInterrupt:
        writer.tell_end("interrupted", "przerwano z klawiatury")
        raise
    except Exception as error:
        if not writer.note.outcome:
            writer.tell_end("failed", getattr(error, "what", type(error).__name__))
        raise
    finally:
        lock.release()


def list_syncs() -> list[SyncNote]:
    """List the last synchronisation with each service, the newest first.

    Examples
    --------
    >>> isinstance(list_syncs(), list)
    True
    """
    found = [note for path in syncs_dir().glob("*.json") if (note := _read(path)) is not None]
    return sorted(found, key=lambda note: note.updated, reverse=True)


def _read(path: Path) -> SyncNote | None:
    """Return a note; a file that says something else is none."""
    try:
        note = SyncNote(**json.loads(path.read_text(encoding="utf-8")))
        for moment in (note.started, note.updated):
            datetime.datetime.fromisoformat(moment)
    except (OSError, ValueError, TypeError):
        return None
    if note.outcome not in ("", *get_args(Outcome)) or not _are_counts(note.done, note.total):
        return None
    running = not note.outcome and is_locked(path.with_suffix(".lock")) is True
    return dataclasses.replace(note, running=running)


def _are_counts(*numbers: object) -> bool:
    return all(type(one) is int for one in numbers)


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")
