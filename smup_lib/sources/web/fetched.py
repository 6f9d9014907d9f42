"""How do files that a service gives enter a snapshot, and what is said of the fetching?

A register and boundaries are files: they go the way of the files that a user imports.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from smup_lib.paths import make_dir, told_when_unwritable
from smup_lib.plurals import counted
from smup_lib.snapshots import store_lock
from smup_lib.sources.import_report import ImportReport
from smup_lib.sources.importing import import_fetched
from smup_lib.sources.web.asking import Desk, Question
from smup_lib.sources.web.polite import said_duration
from smup_lib.sources.web.services import Service
from smup_lib.sources.web.storing import find_own_base

_CALLS = ("zapytanie", "zapytania", "zapytań")
_GZIP = ".gz"


@dataclass(frozen=True)
class FetchFigures:
    """How large a plan is.

    Attributes
    ----------
    due, held : tuple of str
        What is to be asked for now, and what is held already, Polish.
    calls : int
        At least so many calls.
    limits : str
        The limit in use, Polish.
    """

    due: tuple[str, ...]
    held: tuple[str, ...]
    calls: int
    limits: str

    def render(self) -> str:
        """Return the plan as Polish text."""
        due = f"{', '.join(self.due)} (co najmniej {counted(self.calls, _CALLS)})"
        return "\n".join(
            (
                f"Do pobrania: {due if self.due else 'nic'}.",
                f"Już pobrano: {', '.join(self.held) or 'nic'}.",
                f"Limit (własny, serwis żadnego nie ogłasza): {self.limits}.",
            )
        )


def figure_files(
    desk: Desk, questions: Sequence[Question], calls_of: Callable[[Question], int] = lambda one: 1
) -> FetchFigures:
    """Return how large a plan is; ``calls_of`` tells the calls of a question at least."""
    due = [question for question in questions if desk.is_due(question)]
    return FetchFigures(
        due=tuple(one.label for one in due),
        held=tuple(one.label for one in questions if one not in due),
        calls=sum(map(calls_of, due)),
        limits=", ".join(
            f"{window.calls} w {said_duration(window.seconds)}"
            for window in desk.client.quota.windows
        ),
    )


@dataclass(frozen=True)
class FetchReport:
    """What fetching files did.

    Attributes
    ----------
    service : str
    calls : int
        Requests made, those that had to be repeated among them.
    failures : mapping
        What could not be fetched whole -> why.
    refused : mapping
        File that was fetched and not taken -> why.
    stopped : str
        Why it stopped before the end; empty when it did not.
    written : ImportReport or None
        What became of the files; None when none was whole.
    notes : tuple of str
    """

    service: str
    calls: int
    failures: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""
    written: ImportReport | None = None
    notes: tuple[str, ...] = ()

    @property
    def snapshot_id(self) -> str | None:
        """Return the snapshot that is current now; None when none was written."""
        return self.written.snapshot_id if self.written is not None else None

    def as_dict(self) -> dict[str, Any]:
        """Return the report for ``--json``."""
        told = {name: value for name, value in asdict(self).items() if name != "written"}
        written = self.written.as_dict() if self.written is not None else None
        return told | {"snapshot_id": self.snapshot_id, "written": written}

    def render(self) -> str:
        """Return the report as Polish text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.service}: {counted(self.calls, _CALLS)}."
        if self.stopped:
            yield f"Przerwano: {self.stopped}"
        for name, why in self.failures.items():
            yield f"nie pobrano: {name} – {why}"
        yield from (f"Uwaga: {note}" for note in self.notes)
        if self.written is not None:
            yield self.written.render()
        if self.snapshot_id is None:
            yield "Nie powstał nowy stan danych; poprzedni pozostał."


def store_files(
    service: Service, files: Mapping[str, Iterable[bytes]], codes: Iterable[str]
) -> ImportReport:
    """Import files that a service gave, on top of the newest snapshot of their sort.

    Parameters
    ----------
    service : Service
        The caller holds its lock.
    files : mapping
        Name -> content in parts; one whose name ends with ``.gz`` is packed.
    codes : iterable of str
        TERYT codes of the units: real or fictional.
    """
    with fetched_folder(service) as folder:
        paths = [_write(folder / name, parts) for name, parts in files.items()]
        with store_lock(f"zapis danych z serwisu {service.label}"):
            return import_fetched(paths, find_own_base(service, codes))


def said_refused(written: ImportReport) -> dict[str, str]:
    """Return the files that an import refused, with the reason."""
    return {file.name: file.problem for file in written.files if file.status == "refused"}


@contextmanager
def fetched_folder(service: Service) -> Iterator[Path]:
    """Give an empty folder for the time of a block; what a kill left there is removed."""
    folder = service.answers_path().with_suffix(".files")
    with told_when_unwritable(folder.parent):
        shutil.rmtree(folder, ignore_errors=True)
        make_dir(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, parts: Iterable[bytes]) -> Path:
    """Write a file; the same content always gives the same bytes."""
    with told_when_unwritable(path.parent), path.open("wb") as plain:
        if path.suffix != _GZIP:
            plain.writelines(parts)
            return path
        with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as packed:
            packed.writelines(parts)
    return path
