"""Carry a snapshot to another computer and remove what nobody needs."""

from __future__ import annotations

import json
import shutil
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import SnapshotError
from smup_lib.paths import make_dir, receipts_dir, snapshots_dir
from smup_lib.snapshots.manifest import MANIFEST_NAME, read_manifest
from smup_lib.snapshots.store import (
    Snapshot,
    current_id,
    forget_opened,
    load_snapshot,
    use_snapshot,
)
from smup_lib.snapshots.tables import TABLES
from smup_lib.snapshots.writing import content_id, file_record

if TYPE_CHECKING:
    from smup_lib.snapshots.manifest import SnapshotManifest

SUFFIX = ".smup.zip"


def pack_snapshot(name: str | None = None, target: Path | None = None) -> Path:
    """Write a snapshot into one file with checksums and return its path.

    Parameters
    ----------
    name : str, optional
        Id or beginning of an id; the current one when omitted.
    target : Path, optional
        File or folder; the working folder when omitted.

    Raises
    ------
    SnapshotError
        When the snapshot is damaged or the place cannot be written.
    """
    snapshot = load_snapshot(name)
    check_snapshot(snapshot)
    target = target or Path()
    if target.is_dir():
        target = target / f"smup-{snapshot.id}{SUFFIX}"
    partial = target.with_name(f".{target.name}-{uuid.uuid4().hex[:8]}")
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            for file in sorted(snapshot.path.iterdir()):
                # Parquet is compressed already; the rest is small
                archive.write(file, file.name, zipfile.ZIP_STORED)
        partial.replace(target)
    except OSError as error:
        raise SnapshotError(
            f"Nie udało się zapisać paczki: {error.strerror or error}.",
            where=str(target),
            next_step="wskaż inny plik opcją --out albo zwolnij miejsce",
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return target


def unpack_snapshot(file: Path) -> Snapshot:
    """Take a snapshot out of a file, check every checksum, and make it the current one.

    Raises
    ------
    SnapshotError
        When the file is no package, is incomplete, or its content is not what its id says; nothing
        is changed then.
    """
    make_dir(snapshots_dir())
    partial = snapshots_dir() / f".partial-unpack-{uuid.uuid4().hex[:8]}"
    try:
        _extract(file, partial)
        manifest = read_manifest(partial)
        _check_content(partial, manifest)
        final = snapshots_dir() / manifest.id
        if not final.exists():
            partial.rename(final)
    except (OSError, zipfile.BadZipFile) as error:
        raise SnapshotError(
            f"Nie udało się rozpakować paczki: {error}.",
            where=str(file),
            expected=f"plik utworzony przez smup data pack ({SUFFIX})",
            next_step="skopiuj paczkę jeszcze raz; poprzedni stan danych pozostał bez zmian",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return use_snapshot(manifest.id)


def remove_snapshot(name: str) -> str:
    """Remove a snapshot and return its id.

    Raises
    ------
    SnapshotError
        When it is the current one, or a receipt of a report names it.
    """
    snapshot = load_snapshot(name)
    if snapshot.id == current_id():
        raise SnapshotError(
            "Bieżącego stanu danych nie można usunąć.",
            where=snapshot.id,
            next_step="najpierw wybierz inny: smup data use ID",
        )
    reports = receipts_naming(snapshot.id)
    if reports:
        raise SnapshotError(
            "Na tym stanie danych opierają się gotowe raporty, więc nie można go usunąć.",
            where=snapshot.id,
            problems=[path.name for path in reports[:10]],
            next_step=f"jeśli raporty są zbędne, usuń ich metryki z folderu {receipts_dir()}",
        )
    forget_opened()
    shutil.rmtree(snapshot.path)
    return snapshot.id


def receipts_naming(snapshot_id: str) -> list[Path]:
    """Return the receipts of reports that were made from a snapshot."""
    found = []
    for path in sorted(receipts_dir().glob("*.json")):
        try:
            named = json.loads(path.read_text(encoding="utf-8")).get("snapshot")
        except (OSError, ValueError, AttributeError):
            named = snapshot_id  # an unreadable receipt protects everything
        if named == snapshot_id:
            found.append(path)
    return found


def check_snapshot(snapshot: Snapshot) -> None:
    """Check every file of a snapshot against its manifest and the content against its id.

    Raises
    ------
    SnapshotError
        With every file that differs.
    """
    _check_content(snapshot.path, snapshot.manifest)


def _extract(file: Path, folder: Path) -> None:
    """Extract known, flat names only: a package can write nowhere else."""
    allowed = {MANIFEST_NAME, "truths.json"} | {f"{name}.parquet" for name in TABLES}
    folder.mkdir()
    with zipfile.ZipFile(file) as archive:
        strange = [name for name in archive.namelist() if name not in allowed]
        if strange:
            raise SnapshotError(
                "Paczka zawiera obce pliki.",
                where=str(file),
                problems=strange[:10],
                expected=", ".join(sorted(allowed)),
            )
        archive.extractall(folder)


def _check_content(folder: Path, manifest: SnapshotManifest) -> None:
    import pandas as pd

    problems = []
    for name, record in manifest.files.items():
        path = folder / name
        if not path.exists():
            problems.append(f"brak pliku {name}")
        elif file_record(path).sha256 != record.sha256:
            problems.append(f"{name}: inna suma kontrolna niż w manifeście")
    if not problems:
        tables = {
            name: pd.read_parquet(folder / f"{name}.parquet")
            for name in TABLES
            if f"{name}.parquet" in manifest.files
        }
        found = content_id(tables, fictional=manifest.fictional)
        if found != manifest.id:
            problems.append(f"treść ma identyfikator {found}, a manifest mówi {manifest.id}")
    if problems:
        raise SnapshotError(
            "Stan danych jest uszkodzony.",
            where=str(folder),
            problems=problems,
            next_step="weź paczkę jeszcze raz albo wczytaj dane ponownie: smup data import",
        )
