"""Write a snapshot: everything or nothing."""

from __future__ import annotations

import datetime
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
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
)
from smup_lib.snapshots.observations import check_observations
from smup_lib.snapshots.store import SET_ASIDE, Snapshot, forget_opened, point_at
from smup_lib.snapshots.tables import SORTED_BY, check_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["confirm_sources", "content_id", "library_version", "put_in_place", "write_snapshot"]


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
    a damaged folder under that id is replaced.

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
    if base is not None and base.fictional != fictional:
        raise SnapshotMismatchError(
            "Danych rzeczywistych nie można łączyć z przykładowymi.",
            where=f"stan danych {base.id}",
            expected="stan danych tego samego rodzaju",
            next_step="wybierz stan danych rzeczywistych: smup data list, smup data use",
        )
    tables = dict(tables)
    check_tables(tables)
    check_observations(tables["observations"])
    _check_sources(tables["observations"], sources)
    snapshot_id = content_id(tables, fictional=fictional)
    final = snapshots_dir() / snapshot_id
    with store_lock("zapis stanu danych"):
        if is_whole(final):
            confirm_sources(Snapshot(final), sources)
        else:
            _write_folder(final, snapshot_id, tables, fictional, sources, base, extra_files or {})
        written = Snapshot(final)  # opened first: the pointer shows only what can be read
        if make_current:
            point_at(snapshot_id)
    return written


def confirm_sources(snapshot: Snapshot, sources: Iterable[SourceRecord]) -> None:
    """Note in the manifest that newer files say the same as sources of a snapshot.

    The content, and so the id, stays: only file and day of the sources change, in one step.

    Parameters
    ----------
    snapshot : Snapshot
    sources : iterable of SourceRecord
        What files read now say of themselves; other sources and older days change nothing.

    Raises
    ------
    SnapshotError
        When the manifest cannot be written.
    """
    known = snapshot.manifest.sources
    newer = {
        one.id: known[one.id].model_copy(update={"file": one.file, "data_date": one.data_date})
        for one in sources
        if one.id in known and one.told_day > known[one.id].told_day
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


def _check_sources(observations: pd.DataFrame, sources: Sequence[SourceRecord]) -> None:
    named = {source.id for source in sources}
    unnamed = sorted(set(observations["source"].unique()) - named)
    if unnamed:
        raise SnapshotError(
            "Obserwacje wskazują źródła, których nie ma w manifeście.",
            problems=unnamed[:10],
            expected="opis każdego źródła z kolumny source",
            next_step="dodaj brakujące opisy (sources); jeśli to wczytywanie plików, zgłoś błąd",
        )


def _write_folder(
    final: Path,
    snapshot_id: str,
    tables: Mapping[str, pd.DataFrame],
    fictional: bool,
    sources: Sequence[SourceRecord],
    base: Snapshot | None,
    extra_files: Mapping[str, bytes],
) -> None:
    make_dir(final.parent)
    partial = final.parent / f".partial-{snapshot_id}-{uuid.uuid4().hex[:8]}"
    try:
        partial.mkdir()
        files = _write_files(partial, tables, extra_files)
        manifest = _manifest(snapshot_id, tables, fictional, sources, base, files)
        _write_manifest(partial / MANIFEST_NAME, manifest)
        for path in partial.iterdir():
            path.chmod(0o444)
        put_in_place(partial, final)
    except OSError as error:
        raise _unwritable(final.parent, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_manifest(path: Path, manifest: SnapshotManifest) -> None:
    path.write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _unwritable(folder: Path, error: OSError) -> SnapshotError:
    return SnapshotError(
        f"Nie udało się zapisać stanu danych: {system_reason(error)}.",
        where=str(folder),
        expected="wolne miejsce na dysku i prawo zapisu",
        next_step="zwolnij miejsce albo wskaż inny folder zmienną SMUP_HOME;"
        " poprzedni stan danych pozostał bez zmian",
    )


def _write_files(
    folder: Path, tables: Mapping[str, pd.DataFrame], extra_files: Mapping[str, bytes]
) -> dict[str, FileRecord]:
    files = {
        f"{name}.parquet": _write_table(folder / f"{name}.parquet", name, frame)
        for name, frame in tables.items()
        if len(frame) or name == "observations"
    }
    for name, content in extra_files.items():
        (folder / name).write_bytes(content)
        files[name] = file_record(folder / name)
    return files


def _manifest(
    snapshot_id: str,
    tables: Mapping[str, pd.DataFrame],
    fictional: bool,
    sources: Sequence[SourceRecord],
    base: Snapshot | None,
    files: dict[str, FileRecord],
) -> SnapshotManifest:
    counts = {name: len(frame) for name, frame in tables.items()}
    counts["variables"] = int(tables["observations"]["variable"].nunique())
    return SnapshotManifest(
        id=snapshot_id,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds"),
        fictional=fictional,
        base=base.id if base else None,
        library_version=library_version(),
        counts=counts,
        sources={source.id: source for source in sources},
        files=files,
    )


def _write_table(path: Path, name: str, frame: pd.DataFrame) -> FileRecord:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if name == "observations":
        frame = _sorted_observations(frame)
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd", row_group_size=131_072)
    return file_record(path, rows=len(frame))


def _sorted_observations(frame: pd.DataFrame) -> pd.DataFrame:
    import numpy as np

    keys = []
    for name in SORTED_BY:
        series = frame[name]
        if name == "year":
            keys.append(series.to_numpy())
        else:
            rank = np.argsort(np.argsort(np.asarray(series.cat.categories, dtype=str)))
            keys.append(rank[series.cat.codes.to_numpy()])
    return frame.iloc[np.lexsort(keys[::-1])]


def library_version() -> str:
    """Return the version of the workbench, or ``0+unknown`` outside an installation."""
    try:
        return version("smup-workbench")
    except PackageNotFoundError:
        return "0+unknown"
