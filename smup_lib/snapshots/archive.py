"""Carry a snapshot to another computer and remove what nobody needs."""

from __future__ import annotations

import json
import shutil
import uuid
import zipfile
import zlib
from pathlib import Path

from smup_lib.errors import SnapshotError, system_reason
from smup_lib.paths import make_dir, receipts_dir, snapshots_dir, told_when_unwritable
from smup_lib.snapshots.checking import check_content
from smup_lib.snapshots.locking import store_lock
from smup_lib.snapshots.manifest import MANIFEST_NAME, SnapshotManifest, read_manifest
from smup_lib.snapshots.store import (
    Snapshot,
    current_id,
    forget_opened,
    list_damaged,
    list_set_aside,
    list_snapshots,
    load_snapshot,
    use_snapshot,
)
from smup_lib.snapshots.tables import TABLES
from smup_lib.snapshots.writing import put_in_place

SUFFIX = ".smup.zip"
#: A snapshot of the whole country takes some tens of megabytes.
LARGEST_MEMBER = 1024 * 1024 * 1024
LARGEST_TOTAL = 2 * LARGEST_MEMBER
LARGEST_RATIO = 200
#: Content below this size is never a bomb, however well it was packed.
_HARMLESS = 8 * 1024 * 1024
_CHUNK = 1024 * 1024
_NEXT_STEP = (
    "poproś o nową paczkę albo utwórz ją ponownie na komputerze, z którego pochodzi:"
    " smup data pack; poprzedni stan danych pozostał bez zmian"
)


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
        When the snapshot is damaged.
    SettingsError
        When the place cannot be written.
    """
    snapshot = load_snapshot(name)
    check_snapshot(snapshot)
    target = target or Path()
    if target.is_dir():
        target = target / f"smup-{snapshot.id}{SUFFIX}"
    partial = target.with_name(f".{target.name}-{uuid.uuid4().hex[:8]}")
    advice = "wskaż inny plik opcją --out albo zwolnij miejsce"
    try:
        with told_when_unwritable(target, "Nie udało się zapisać paczki", advice):
            with zipfile.ZipFile(partial, "w") as archive:
                for file in sorted(snapshot.path.iterdir()):
                    # Parquet is compressed already; the rest is small
                    archive.write(file, file.name, zipfile.ZIP_STORED)
            partial.replace(target)
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
    with store_lock("rozpakowanie stanu danych"):
        return use_snapshot(_unpacked(file).id)


def _unpacked(file: Path) -> SnapshotManifest:
    make_dir(snapshots_dir())
    partial = snapshots_dir() / f".partial-unpack-{uuid.uuid4().hex[:8]}"
    try:
        _extract(file, partial)
        manifest = read_manifest(partial)
        check_content(partial, manifest)
        put_in_place(partial, snapshots_dir() / manifest.id)
    except SnapshotError as error:  # the partial folder is gone when the user reads of it
        raise SnapshotError(
            error.what,
            where=str(file),
            expected=error.expected,
            problems=error.problems,
            next_step=_NEXT_STEP,  # also of a manifest or content, whose own step fits no package
        ) from error
    except OSError as error:
        raise SnapshotError(
            f"Nie udało się rozpakować paczki: {system_reason(error)}.",
            where=str(file),
            expected="paczka z smup data pack i wolne miejsce na dysku",
            next_step="sprawdź, czy plik istnieje i czy na dysku jest wolne miejsce;"
            " poprzedni stan danych pozostał bez zmian",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def remove_snapshot(name: str, *, despite_reports: bool = False) -> str:
    """Remove a snapshot, whole or damaged, and return its name.

    Parameters
    ----------
    name : str
        Id or beginning of an id; for a damaged folder its name as ``smup data list`` shows it.
    despite_reports : bool
        Whether it is removed although reports were made from it; these stay as they are.

    Raises
    ------
    SnapshotError
        When it is the current one, or a receipt of a report names it, unless told otherwise.
    """
    with store_lock("usuwanie stanu danych"):
        folder = _damaged_folder(name) or load_snapshot(name).path
        _check_removable(folder.name, despite_reports)
        forget_opened()
        # renamed first: what Ctrl-C leaves is a hidden rest, never half a snapshot under its id
        removing = folder.with_name(f".removing-{folder.name}-{uuid.uuid4().hex[:8]}")
        try:
            folder.rename(removing)
            shutil.rmtree(removing)
        except OSError as error:
            raise SnapshotError(
                f"Nie udało się usunąć stanu danych: {system_reason(error)}.",
                where=str(folder),
                expected="prawo zapisu do folderu",
                next_step="sprawdź prawa zapisu do folderu",
            ) from error
    return folder.name


def _damaged_folder(name: str) -> Path | None:
    """Return the one damaged folder of the store that bears the name or begins with it."""
    damaged = [*(Path(error.where or "") for error in list_damaged()), *list_set_aside()]
    exact = [path for path in damaged if path.name == name]
    found = exact or [path for path in damaged if path.name.startswith(name)]
    whole = [snapshot.id for snapshot in list_snapshots() if snapshot.id.startswith(name)]
    return found[0] if len(found) == 1 and not whole else None


def _check_removable(snapshot_id: str, despite_reports: bool) -> None:
    if snapshot_id == current_id():
        raise SnapshotError(
            "Bieżącego stanu danych nie można usunąć.",
            where=snapshot_id,
            expected="stan danych, który nie jest bieżący",
            next_step="najpierw wybierz inny: smup data use ID",
        )
    reports = [] if despite_reports else receipts_naming(snapshot_id)
    if reports:
        raise SnapshotError(
            "Na tym stanie danych opierają się gotowe raporty, więc nie można go usunąć.",
            where=snapshot_id,
            problems=[path.name for path in reports[:10]],
            expected="stan danych, na którym nie opiera się żaden raport",
            next_step=f"zachowaj go w paczce: smup data pack {snapshot_id}, i usuń:"
            f" smup data remove {snapshot_id} --despite-reports; raporty zostaną,"
            " ale bez paczki nie da się ich powtórzyć",
        )


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


def check_snapshot(snapshot: Snapshot, *, files_only: bool = False) -> None:
    """Check every file of a snapshot against its manifest and the content against its id.

    Parameters
    ----------
    snapshot : Snapshot
    files_only : bool
        Leave out the content, which must be read whole for its id: of a country that takes long.

    Raises
    ------
    SnapshotError
        With every file that differs.
    """
    check_content(snapshot.path, snapshot.manifest, files_only=files_only)


def _extract(file: Path, folder: Path) -> None:
    """Extract known, flat names of bounded size only: a package can write nowhere else."""
    folder.mkdir()
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive)
            total = 0
            for member in archive.infolist():
                total += _extract_member(archive, member, folder, LARGEST_TOTAL - total)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        # the last two: a password, an unknown way of packing
        raise SnapshotError(
            "Nie udało się rozpakować paczki: plik jest uszkodzony albo nie jest paczką.",
            expected=f"plik utworzony przez smup data pack ({SUFFIX})",
            next_step=_NEXT_STEP,
        ) from error


def _check_members(archive: zipfile.ZipFile) -> None:
    allowed = {MANIFEST_NAME, "truths.json"} | {f"{name}.parquet" for name in TABLES}
    members = archive.infolist()
    names = archive.namelist()
    strange = [name for name in names if name not in allowed or names.count(name) > 1]
    if strange:
        raise SnapshotError(
            "Paczka zawiera obce pliki.",
            problems=strange[:10],
            expected=", ".join(sorted(allowed)),
            next_step=_NEXT_STEP,
        )
    large = [member.filename for member in members if _too_large(member, member.file_size)]
    if large or sum(member.file_size for member in members) > LARGEST_TOTAL:
        raise _bomb(large)


def _extract_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, room: int
) -> int:
    """Write one member and return its size; what it declares of itself is not believed."""
    size = 0
    with archive.open(member) as packed, (folder / member.filename).open("wb") as out:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > room or _too_large(member, size):
                raise _bomb([member.filename])
            out.write(chunk)
    return size


def _too_large(member: zipfile.ZipInfo, size: int) -> bool:
    swollen = size > _HARMLESS and size > LARGEST_RATIO * max(member.compress_size, 1)
    return swollen or size > LARGEST_MEMBER


def _bomb(names: list[str]) -> SnapshotError:
    return SnapshotError(
        "Paczka rozrasta się ponad miarę (bomba zip); nie rozpakowano jej.",
        problems=names,
        expected=f"najwyżej {LARGEST_TOTAL // 1024**2} MB i {LARGEST_RATIO}-krotne powiększenie"
        " po rozpakowaniu",
        next_step=_NEXT_STEP,
    )
