"""Which batches of reports does this computer know of, and how far is each?

A batch leaves one receipt for each state of the data that its reports rest on. It keeps that state
from removal, and says where the batch lies and how many reports were wanted.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from smup_lib.paths import folder_for_files, receipts_dir, told_when_unwritable, write_whole
from smup_lib.reports.batch.manifest import LEDGER, LOCK, Row, read_rows
from smup_lib.snapshots.locking import is_locked

#: The copy of the order; a name that nobody gives a plan of their own.
ORDER_FILE = "zlecenie-partii.yaml"
_MARK = 16
#: With fewer reports of this run the pace says little.
_FEWEST = 5


@dataclass(frozen=True)
class KnownBatch:
    """A batch and how far it is.

    Attributes
    ----------
    mark : str
        Names the batch in a link instead of its folder.
    folder : Path
        Of the reports and the manifest.
    title : str
        From its order; empty when that is gone.
    snapshot : str
        Id of the state of the data of its last run.
    wanted : int or None
        Reports of the order; None for batches of older versions, which did not say.
    rows : tuple of Row
        The newest row of each report of the folder, the latest last.
    kept : int
        Reports that were whole when the last run began.
    began : str
        When the last run began (ISO, UTC); empty when not told.
    working : bool or None
        Whether a process works there now; None where the system does not say.
    there : bool
        Whether the folder is there.
    """

    mark: str
    folder: Path
    title: str
    snapshot: str
    wanted: int | None
    rows: tuple[Row, ...]
    kept: int
    began: str
    working: bool | None
    there: bool

    @property
    def tried(self) -> tuple[Row, ...]:
        """Rows of the last run."""
        return tuple(row for row in self.rows if row.finished >= self.began)

    @property
    def failed(self) -> tuple[Row, ...]:
        """Reports that could not be made."""
        return tuple(row for row in self.rows if row.status == "failed")

    @property
    def done(self) -> int:
        """Reports of the order that are there."""
        return self.kept + sum(row.status != "failed" for row in self.tried)

    @property
    def left(self) -> int | None:
        """Reports of the order that are not there, failed ones among them."""
        return None if self.wanted is None else max(0, self.wanted - self.done)

    def seconds_left(self) -> float | None:
        """Return how long the rest will take at the pace of this run; None when nobody can say."""
        if not self.working or self.wanted is None or len(self.tried) < _FEWEST:
            return None
        moments = sorted(row.finished for row in self.tried)
        first, last = (datetime.datetime.fromisoformat(one) for one in (moments[0], moments[-1]))
        pace = (last - first).total_seconds() / (len(moments) - 1)
        return pace * max(0, self.wanted - self.kept - len(self.tried))


def note_batch(snapshot: str, out: Path, wanted: int, kept: int) -> None:
    """Write the receipt of a batch that begins: it guards the snapshot and says what is wanted.

    Parameters
    ----------
    snapshot : str
        Id.
    out : Path
        Folder of the batch.
    wanted, kept : int
        Reports of the order, and those of them that are whole already.

    Raises
    ------
    SettingsError
        When the folder of receipts cannot be written.
    """
    folder = str(out.resolve())
    name = hashlib.sha256(f"{snapshot} {folder}".encode()).hexdigest()[:_MARK]
    began = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    content = {"snapshot": snapshot, "batch": folder}
    told = {**content, "reports": wanted, "kept": kept, "began": began}
    text = json.dumps(told, ensure_ascii=False, indent=2)
    with folder_for_files(receipts_dir()) as receipts, told_when_unwritable(receipts):
        write_whole(receipts / f"batch-{name}.json", text + "\n")


def list_batches() -> list[KnownBatch]:
    """List the batches of this computer, the one that began last first.

    Examples
    --------
    >>> isinstance(list_batches(), list)
    True
    """
    newest: dict[str, _Begun] = {}
    for begun in filter(None, map(_read_receipt, sorted(receipts_dir().glob("batch-*.json")))):
        known = newest.get(begun.batch)
        if known is None or begun.began > known.began:
            newest[begun.batch] = begun
    ordered = sorted(newest.values(), key=lambda one: one.began, reverse=True)
    return [_batch(begun) for begun in ordered]


@dataclass(frozen=True)
class _Begun:
    """What a receipt says; older versions named the folder and the state of the data alone."""

    batch: str
    snapshot: str
    reports: int | None = None
    kept: int = 0
    began: str = ""


def _read_receipt(path: Path) -> _Begun | None:
    """Return what a receipt says; a file that says something else is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        names = [one.name for one in fields(_Begun)]
        begun = _Begun(**{name: told[name] for name in names if name in told})
        if begun.began:
            datetime.datetime.fromisoformat(begun.began)
    except (OSError, ValueError, TypeError):
        return None
    texts = (begun.batch, begun.snapshot, begun.began)
    numbers = (begun.kept, 0 if begun.reports is None else begun.reports)
    sound = all(isinstance(one, str) for one in texts) and all(type(one) is int for one in numbers)
    return begun if sound else None


def _batch(begun: _Begun) -> KnownBatch:
    folder = Path(begun.batch)
    rows = sorted(read_rows(folder / LEDGER).values(), key=lambda row: row.finished)
    return KnownBatch(
        mark=hashlib.sha256(str(folder).encode()).hexdigest()[:_MARK],
        folder=folder,
        title=_title(folder),
        snapshot=begun.snapshot,
        wanted=begun.reports,
        rows=tuple(rows),
        kept=begun.kept,
        began=begun.began,
        working=is_locked(folder / LOCK),
        there=folder.is_dir(),
    )


def _title(folder: Path) -> str:
    import yaml

    try:
        content = yaml.safe_load((folder / ORDER_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    return str(content.get("title", "")) if isinstance(content, dict) else ""


def repeat_command(batch: KnownBatch) -> Sequence[str]:
    """Return the command that makes what a batch lacks, without the program's name.

    Parameters
    ----------
    batch : KnownBatch
        Its folder has the copy of its order.
    """
    order = str(batch.folder / ORDER_FILE)
    return ("report", "batch", "--plan", order, "--out", str(batch.folder))
