"""What became of each report of a batch? A row each, written as soon as it is known.

The ledger is a file of JSON lines that only grows, so that a batch which was killed at any moment
knows what is done. A later row of a report replaces an earlier one. The last line of a killed batch
may be torn; it is dropped, and its report made again.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from smup_lib.errors import ParameterError, ReportError
from smup_lib.paths import hold_lock, told_when_unwritable
from smup_lib.reports.receipt import file_digest
from smup_lib.snapshots.locking import HOLDER_NAME, said_holder, write_holder
from smup_lib.teryt import is_fictional_code

LEDGER = "manifest.jsonl"
#: Held while a batch works in a folder.
LOCK = ".batch.lock"
_INSTANT = 0.5

#: ``made`` with values, ``empty`` without any, ``failed`` not at all.
Status = Literal["made", "empty", "failed"]


def check_one_land(rows: Iterable[Row], folder: Path, *, fictional: bool | None = None) -> None:
    """Check that a folder holds reports of real units or of made-up ones, never of both.

    Parameters
    ----------
    rows : iterable of Row
        Of the manifest; failed reports do not count.
    folder : Path
        Of the batch.
    fictional : bool, optional
        Of which sort the reports are that will be added.

    Raises
    ------
    ParameterError
        When a real unit would stand among made-up ones.
    """
    sorts = {is_fictional_code(row.unit) for row in rows if row.unit and row.status != "failed"}
    if fictional is not None:
        sorts.add(fictional)
    if len(sorts) > 1:
        raise ParameterError(
            "Raporty jednostek przykładowych i rzeczywistych nie mogą leżeć w jednym folderze.",
            where=str(folder),
            expected="w folderze partii tylko jednostki fikcyjne albo tylko rzeczywiste",
            next_step="wskaż dla jednych z nich inny folder opcją --out",
        )


@dataclass(frozen=True)
class Row:
    """One report of a batch.

    Attributes
    ----------
    key : str
        What was asked, hashed; see :class:`smup_lib.reports.batch.jobs.Job`.
    report : str
        Name of the notebook.
    unit, unit_name : str
        Whose report.
    year : int
        Of the report.
    parameters : mapping of str to object
        All that the notebook was given.
    snapshot : str
        Id of the snapshot.
    fingerprint : str
        Hash of all that the report rests on.
    status : str
        ``made``, ``empty`` (the data have no value of the unit) or ``failed``.
    seconds : float
        By the clock.
    megabytes : float
        Private memory of the process that made it, above that of its parent, at the peak.
    warnings : tuple of str
        What was odd, in Polish.
    outputs : mapping of str to str
        Path below the folder of the batch and SHA-256 of each file.
    error : str
        Why it failed, in Polish; empty otherwise.
    attempts : int
        How many times it was tried.
    finished : str
        When (ISO, UTC).
    notebook : str or None
        Path of a notebook of one's own, empty of one that ships with the workbench; None: not told.
    """

    key: str
    report: str
    unit: str
    unit_name: str
    year: int
    parameters: Mapping[str, Any]
    snapshot: str
    fingerprint: str
    status: Status
    seconds: float = 0.0
    megabytes: float = 0.0
    warnings: tuple[str, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    attempts: int = 1
    finished: str = ""
    notebook: str | None = None

    def is_whole(self, folder: Path, fingerprint: str) -> bool:
        """Tell whether the report is done, rests on the same things and lies there unchanged."""
        return (
            self.status != "failed"
            and self.fingerprint == fingerprint
            and bool(self.outputs)
            and all(_has(folder / name, digest) for name, digest in self.outputs.items())
        )


def _has(path: Path, digest: str) -> bool:
    try:
        return file_digest(path) == digest
    except OSError:
        return False


class Manifest:
    """The ledger of a batch, open for writing by one program.

    Parameters
    ----------
    folder : Path
        Of the batch.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / LEDGER
        self.rows: dict[str, Row] = read_rows(self.path)
        self._mend_end()

    def _mend_end(self) -> None:
        """End a torn last line, so that the next row begins a line of its own."""
        with told_when_unwritable(self.path, "Nie można dopisywać do manifestu", _RIGHTS):
            if not self.path.exists() or not self.path.stat().st_size:
                return
            with self.path.open("rb+") as file:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")

    def add(self, row: Row) -> None:
        """Write a row; it lies on the disk when this returns.

        Raises
        ------
        SettingsError
            When the disk is full or the folder cannot be written.
        """
        if not row.finished:
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            row = dataclasses.replace(row, finished=now)
        text = json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n"
        what = "Nie udało się zapisać wiersza manifestu"
        with told_when_unwritable(self.path, what, _NEXT), self.path.open("ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        self.rows[row.key] = row


_RIGHTS = "popraw prawa do tego pliku i powtórz polecenie"
_NEXT = "zwolnij miejsce i powtórz to samo polecenie: gotowe raporty zostaną, dorobi się resztę"


def read_rows(path: Path) -> dict[str, Row]:
    """Read the newest row of each report; lines that are torn or of another shape are no rows.

    Raises
    ------
    SettingsError
        When the file may not be read.
    """
    with told_when_unwritable(path, "Nie można odczytać manifestu", _RIGHTS):
        try:
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return {}
    rows = (_row(line) for line in lines if line.strip())
    return {row.key: row for row in rows if row is not None}


def _row(line: bytes) -> Row | None:
    try:
        content = json.loads(line)
        return Row(**{**content, "warnings": tuple(content["warnings"])})
    except (ValueError, TypeError, KeyError):
        return None


@contextmanager
def one_batch(folder: Path) -> Iterator[None]:
    """Keep a second batch out of a folder until the block ends.

    Raises
    ------
    ReportError
        When another batch works there now.
    """
    refused = ReportError(
        said_holder(folder, "W tym folderze pracuje już inna partia raportów"),
        where=str(folder),
        expected="jedna partia w jednym folderze",
        next_step="poczekaj na jej koniec albo wskaż inny folder opcją --out",
    )
    # forks of a batch that was killed hold it until they are gone, an instant later
    with hold_lock(folder / LOCK, _INSTANT, refused):
        with told_when_unwritable(folder):
            write_holder(folder, "smup report batch")
        try:
            yield
        finally:
            (folder / HOLDER_NAME).unlink(missing_ok=True)
