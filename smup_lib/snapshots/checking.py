"""Is a snapshot folder whole: does it hold what its manifest and its id say?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import SnapshotError
from smup_lib.snapshots.content import combined_digest, content_digest
from smup_lib.snapshots.manifest import FileRecord, SnapshotManifest, read_manifest
from smup_lib.snapshots.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

_ID_LENGTH = 16
_REQUIRED = "observations.parquet"


def content_id(tables: Mapping[str, pd.DataFrame], *, fictional: bool) -> str:
    """Return the id that tables with this content have."""
    parts = [
        (name, content_digest(frame, TABLES[name].key))
        for name, frame in tables.items()
        if TABLES[name].identity and len(frame)
    ]
    return combined_digest([*parts, ("fictional", str(fictional))])[:_ID_LENGTH]


def file_record(path: Path, rows: int | None = None) -> FileRecord:
    """Return checksum and size of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileRecord(sha256=digest, size=path.stat().st_size, rows=rows)


def is_whole(folder: Path) -> bool:
    """Return whether a folder of the store has its manifest and every file with its checksum."""
    try:
        manifest = read_manifest(folder)
        return manifest.id == folder.name and not _file_problems(folder, manifest)
    except (SnapshotError, OSError):
        return False


def check_content(folder: Path, manifest: SnapshotManifest) -> None:
    """Check every file against the manifest and the content against the id.

    Raises
    ------
    SnapshotError
        With every file that differs.
    """
    problems = _file_problems(folder, manifest) or _id_problems(folder, manifest)
    if problems:
        raise SnapshotError(
            "Stan danych jest uszkodzony.",
            where=str(folder),
            problems=problems,
            expected="pliki i treść zgodne z sumami kontrolnymi w manifeście",
            next_step="weź paczkę jeszcze raz albo wczytaj dane ponownie: smup data import",
        )


def _file_problems(folder: Path, manifest: SnapshotManifest) -> list[str]:
    problems = [] if _REQUIRED in manifest.files else [f"manifest nie wymienia {_REQUIRED}"]
    for name, record in manifest.files.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"brak pliku {name}")
        elif file_record(path).sha256 != record.sha256:
            problems.append(f"{name}: inna suma kontrolna niż w manifeście")
    # tables are read by their names, so one that no checksum covers would slip in
    unnamed = sorted({path.name for path in folder.glob("*.parquet")} - set(manifest.files))
    return problems + [f"{name}: manifest nie zna tego pliku" for name in unnamed]


def _id_problems(folder: Path, manifest: SnapshotManifest) -> list[str]:
    import pandas as pd
    import pyarrow as pa

    tables, problems = {}, []
    for name in TABLES:
        if f"{name}.parquet" in manifest.files:
            try:
                tables[name] = pd.read_parquet(folder / f"{name}.parquet")
            except (pa.ArrowException, ValueError, OSError):
                problems.append(f"{name}.parquet: to nie jest tabela Parquet")
    if problems:
        return problems
    try:
        found = content_id(tables, fictional=manifest.fictional)
    except (KeyError, TypeError, ValueError):
        return ["tabele nie mają wymaganych kolumn"]
    if found != manifest.id:
        return [f"treść ma identyfikator {found}, a manifest mówi {manifest.id}"]
    return []
