"""Is a snapshot folder whole: does it hold what its manifest and its id say?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import ObservationError, SnapshotError, system_reason
from smup_lib.snapshots.content import combined_digest, content_digest
from smup_lib.snapshots.manifest import FileRecord, SnapshotManifest, read_manifest
from smup_lib.snapshots.pieces import digest_of_file
from smup_lib.snapshots.tables import OBSERVATIONS, TABLES

if TYPE_CHECKING:
    import pandas as pd

_ID_LENGTH = 16
_ILL_FORMED = (KeyError, IndexError, TypeError, ValueError)
_NO_COLUMNS = "tabele nie mają wymaganych kolumn"
_REQUIRED = f"{OBSERVATIONS}.parquet"


def content_id(
    tables: Mapping[str, pd.DataFrame], observations: str | None, *, fictional: bool
) -> str:
    """Return the id of a snapshot with this content.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        All tables but the observations.
    observations : str or None
        Their digest; None when there are none.
    fictional : bool
        Whether the units are fictional.
    """
    parts = [
        (name, content_digest(frame, TABLES[name].key))
        for name, frame in tables.items()
        if TABLES[name].identity and len(frame)
    ]
    if observations is not None:
        parts.append((OBSERVATIONS, observations))
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


def check_content(folder: Path, manifest: SnapshotManifest, *, files_only: bool = False) -> None:
    """Check every file against the manifest and the content against the id.

    Parameters
    ----------
    folder : Path
    manifest : SnapshotManifest
    files_only : bool
        Leave out the content, which must be read whole for its id: of a country that takes long.

    Raises
    ------
    SnapshotError
        With every file that differs.
    """
    problems = _file_problems(folder, manifest)
    if not problems and not files_only:
        problems = _id_problems(folder, manifest)
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
            continue
        try:
            same = file_record(path).sha256 == record.sha256
        except OSError as error:
            problems.append(f"{name}: {system_reason(error)}")
            continue
        if not same:
            problems.append(f"{name}: inna suma kontrolna niż w manifeście")
    # tables are read by their names, so one that no checksum covers would slip in
    unnamed = sorted({path.name for path in folder.glob("*.parquet")} - set(manifest.files))
    return problems + [f"{name}: manifest nie zna tego pliku" for name in unnamed]


def _id_problems(folder: Path, manifest: SnapshotManifest) -> list[str]:
    import pyarrow as pa

    problems = []
    tables: dict[str, pd.DataFrame] = {}
    digest = None
    for name in TABLES:
        path = folder / f"{name}.parquet"
        if path.name not in manifest.files:
            continue
        try:
            if name == OBSERVATIONS:
                digest = _observations_digest(path, manifest)
            else:
                tables[name] = _read(path)
        except (pa.ArrowException, OSError):
            problems.append(f"{path.name}: to nie jest tabela Parquet")
        except (ObservationError, *_ILL_FORMED):
            problems.append(_NO_COLUMNS)
    if problems:
        return problems
    try:
        found = content_id(tables, digest, fictional=manifest.fictional)
    except _ILL_FORMED:
        return [_NO_COLUMNS]
    if found != manifest.id:
        return [f"treść ma identyfikator {found}, a manifest mówi {manifest.id}"]
    return []


def _observations_digest(path: Path, manifest: SnapshotManifest) -> str | None:
    """Return the digest of the observations as manifests of this format have it."""
    if manifest.format > 1:
        return digest_of_file(path)
    frame = _read(path)  # the first format hashed the table as a whole
    return content_digest(frame, TABLES[OBSERVATIONS].key) if len(frame) else None


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path)
