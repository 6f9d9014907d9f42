"""Write a snapshot: everything or nothing."""

from __future__ import annotations

import datetime
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import SnapshotError, SnapshotMismatchError, system_reason
from smup_lib.paths import make_dir, snapshots_dir
from smup_lib.snapshots.checking import content_id, file_record, is_whole
from smup_lib.snapshots.locking import store_lock
from smup_lib.snapshots.manifest import (
    MANIFEST_NAME,
    FileRecord,
    SnapshotManifest,
    SourceRecord,
    past_day,
)
from smup_lib.snapshots.observations import check_observations
from smup_lib.snapshots.pieces import ObservationFile
from smup_lib.snapshots.store import SET_ASIDE, Snapshot, forget_opened, point_at
from smup_lib.snapshots.tables import OBSERVATIONS, check_tables, empty_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Draft",
    "confirm_sources",
    "library_version",
    "open_draft",
    "put_in_place",
    "write_snapshot",
]


def write_snapshot(
    tables: Mapping[str, pd.DataFrame],
    *,
    fictional: bool,
    sources: Sequence[SourceRecord],
    base: Snapshot | None = None,
    extra_files: Mapping[str, bytes] | None = None,
    make_current: bool = True,
) -> Snapshot:
    """Write a new snapshot and make it the current one.

    Everything is written to a temporary folder and renamed at the end, so a crash, a full disk or
    Ctrl-C leaves the old state as it was. The same content gives the same id and is written once;
    a damaged folder under that id is replaced. Observations that are too many to be held at once
    are written with :func:`open_draft`.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the names of :data:`smup_lib.snapshots.tables.TABLES`; ``observations`` is required.
    fictional : bool
        Whether the units are fictional.
    sources : sequence of SourceRecord
        Every source named in the observations.
    base : Snapshot, optional
        The snapshot this one adds to.
    extra_files : mapping of str to bytes, optional
        Further files kept beside the tables.
    make_current : bool
        Whether to point ``current`` at it.

    Raises
    ------
    ObservationError, SnapshotError, SnapshotMismatchError
        When rows break the contract, a source is not named, the base is of the other sort, or the
        place cannot be written.
    """
    check_tables(dict(tables))
    rest = {name: frame for name, frame in tables.items() if name != OBSERVATIONS}
    with open_draft(fictional=fictional, base=base) as draft:
        draft.add(tables[OBSERVATIONS])
        return draft.finish(rest, sources, extra_files=extra_files, make_current=make_current)


@contextmanager
def open_draft(*, fictional: bool, base: Snapshot | None = None) -> Iterator[Draft]:
    """Begin a snapshot whose observations come in pieces; what is not finished leaves no trace.

    Parameters
    ----------
    fictional : bool
        Whether the units are fictional.
    base : Snapshot, optional
        The snapshot this one adds to.

    Yields
    ------
    Draft
        The store is locked for other programs until the block ends.

    Raises
    ------
    SnapshotError, SnapshotMismatchError
        When the base is of the other sort, or the place cannot be written.
    """
    if base is not None and base.fictional != fictional:
        raise SnapshotMismatchError(
            "Danych rzeczywistych nie można łączyć z przykładowymi.",
            where=f"stan danych {base.id}",
            expected="stan danych tego samego rodzaju",
            next_step="wybierz stan danych rzeczywistych: smup data list, smup data use",
        )
    with store_lock("zapis stanu danych"):
        folder = make_dir(snapshots_dir()) / f".partial-{uuid.uuid4().hex}"
        draft = Draft(folder, fictional, base)
        try:
            with _told_when_full(folder.parent):
                folder.mkdir()
            yield draft
        finally:
            draft.observations.release()
            shutil.rmtree(folder, ignore_errors=True)


class Draft:
    """A snapshot being written; see :func:`open_draft`.

    Attributes
    ----------
    observations : ObservationFile
        What was added so far.
    """

    def __init__(self, folder: Path, fictional: bool, base: Snapshot | None) -> None:
        self._folder = folder
        self._fictional = fictional
        self._base = base
        self.observations = ObservationFile(folder / f"{OBSERVATIONS}.parquet")

    def add(self, frame: pd.DataFrame, *, checked: bool = False) -> None:
        """Add observations: whole variables, none of them added before.

        Parameters
        ----------
        frame : DataFrame
            Rows of the observation contract.
        checked : bool
            Whether they come from a snapshot as they are, so that nobody need look again.

        Raises
        ------
        ObservationError
            When rows break the contract.
        """
        rows = frame if checked else check_observations(frame)
        with _told_when_full(self._folder.parent):
            self.observations.add(rows)

    def id(self, tables: Mapping[str, pd.DataFrame]) -> str:
        """Return the id of the snapshot with these tables beside the observations."""
        return content_id(tables, self.observations.digest(), fictional=self._fictional)

    def finish(
        self,
        tables: Mapping[str, pd.DataFrame],
        sources: Sequence[SourceRecord],
        *,
        extra_files: Mapping[str, bytes] | None = None,
        make_current: bool = True,
        known_id: str | None = None,
    ) -> Snapshot:
        """Write the other tables and put the snapshot in its place; see :func:`write_snapshot`.

        ``known_id`` is what :meth:`id` has told of these tables, so that they are hashed once.
        """
        check_tables({OBSERVATIONS: empty_table(OBSERVATIONS), **tables})
        _check_sources(self.observations.sources, sources)
        snapshot_id = known_id or self.id(tables)
        final = snapshots_dir() / snapshot_id
        if is_whole(final):
            confirm_sources(Snapshot(final), sources)
        else:
            with _told_when_full(final.parent):
                files = self._write_files(tables, extra_files or {})
                self._write_manifest(snapshot_id, tables, sources, files)
                for path in self._folder.iterdir():
                    path.chmod(0o444)
                put_in_place(self._folder, final)
        written = Snapshot(final)  # opened first: the pointer shows only what can be read
        if make_current:
            point_at(snapshot_id)
        return written

    def _write_files(
        self, tables: Mapping[str, pd.DataFrame], extra_files: Mapping[str, bytes]
    ) -> dict[str, FileRecord]:
        self.observations.close()
        path = self.observations.path
        files = {path.name: file_record(path, rows=self.observations.rows)}
        for name, frame in tables.items():
            if len(frame):
                files[f"{name}.parquet"] = _write_table(self._folder / f"{name}.parquet", frame)
        for name, content in extra_files.items():
            (self._folder / name).write_bytes(content)
            files[name] = file_record(self._folder / name)
        return files

    def _write_manifest(
        self,
        snapshot_id: str,
        tables: Mapping[str, pd.DataFrame],
        sources: Sequence[SourceRecord],
        files: dict[str, FileRecord],
    ) -> None:
        counts = {OBSERVATIONS: self.observations.rows}
        counts |= {name: len(frame) for name, frame in tables.items()}
        counts["variables"] = self.observations.variables
        manifest = SnapshotManifest(
            id=snapshot_id,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds"),
            fictional=self._fictional,
            base=self._base.id if self._base else None,
            library_version=library_version(),
            counts=counts,
            sources={source.id: source for source in sources},
            files=files,
        )
        _write_manifest(self._folder / MANIFEST_NAME, manifest)


def confirm_sources(snapshot: Snapshot, sources: Iterable[SourceRecord]) -> None:
    """Note in the manifest that newer files say the same as sources of a snapshot.

    The content, and so the id, stays: only file and day of the sources change, in one step.

    Parameters
    ----------
    snapshot : Snapshot
    sources : iterable of SourceRecord
        What files read now say of themselves; other sources and older days change nothing. A day
        that is yet to come is no day.

    Raises
    ------
    SnapshotError
        When the manifest cannot be written.
    """
    known = snapshot.manifest.sources
    newer = {
        one.id: known[one.id].model_copy(update={"file": one.file, "data_date": one.data_date})
        for one in sources
        if one.id in known and one.told_day > past_day(known[one.id].told_day, _today(one))
    }
    if not newer:
        return
    manifest = snapshot.manifest.model_copy(update={"sources": known | newer})
    partial = snapshot.path.with_name(f".partial-{snapshot.id}-{uuid.uuid4().hex[:8]}")
    with store_lock("zapis stanu danych"):
        try:
            _write_manifest(partial, manifest)
            partial.chmod(0o444)
            partial.replace(snapshot.path / MANIFEST_NAME)
        except OSError as error:
            raise _unwritable(snapshot.path, error) from error
        finally:
            partial.unlink(missing_ok=True)
    forget_opened()


def _today(record: SourceRecord) -> str:
    """Return today, or the day on which a record was made if that is later, ISO."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return max(today, record.file.imported[:10] if record.file is not None else "")


def put_in_place(partial: Path, final: Path) -> None:
    """Give a finished folder its place in the store; a damaged one there is moved aside."""
    if is_whole(final):
        return
    aside = None
    if final.exists():
        aside = final.with_name(f"{SET_ASIDE}{final.name}-{uuid.uuid4().hex[:8]}")
        final.rename(aside)
    try:
        partial.rename(final)
    except OSError:
        if not final.exists():  # else another run wrote the same content first: that is fine
            if aside is not None:
                aside.rename(final)
            raise
    forget_opened()


def _check_sources(used: set[str], sources: Sequence[SourceRecord]) -> None:
    unnamed = sorted(used - {source.id for source in sources})
    if unnamed:
        raise SnapshotError(
            "Obserwacje wskazują źródła, których nie ma w manifeście.",
            problems=unnamed[:10],
            expected="opis każdego źródła z kolumny source",
            next_step="dodaj brakujące opisy (sources); jeśli to wczytywanie plików, zgłoś błąd",
        )


def _write_manifest(path: Path, manifest: SnapshotManifest) -> None:
    path.write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")


@contextmanager
def _told_when_full(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> SnapshotError:
    return SnapshotError(
        f"Nie udało się zapisać stanu danych: {system_reason(error)}.",
        where=str(folder),
        expected="wolne miejsce na dysku i prawo zapisu",
        next_step="zwolnij miejsce albo wskaż inny folder zmienną SMUP_HOME;"
        " poprzedni stan danych pozostał bez zmian",
    )


def _write_table(path: Path, frame: pd.DataFrame) -> FileRecord:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")
    return file_record(path, rows=len(frame))


def library_version() -> str:
    """Return the version of the workbench, or ``0+unknown`` outside an installation."""
    try:
        return version("smup-workbench")
    except PackageNotFoundError:
        return "0+unknown"
