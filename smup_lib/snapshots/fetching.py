"""Bring a snapshot to a computer that works for another one: from a folder or through fsspec."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

from smup_lib.errors import SnapshotError
from smup_lib.installing import install_command
from smup_lib.paths import make_dir, told_when_unwritable
from smup_lib.snapshots.checking import check_content
from smup_lib.snapshots.manifest import MANIFEST_NAME, SnapshotManifest, read_manifest
from smup_lib.snapshots.tables import TABLES

_LOCK = ".fetch.lock"
_PIECE = 1 << 20
_PARTIAL = ".partial-fetch-"
_KNOWN = {"truths.json"} | {f"{table}.parquet" for table in TABLES}
_EXPECTED = "folder stanu danych, widoczny z tego komputera, albo jego adres (na przykład s3://)"
_NEXT = "podaj adres, pod którym ten komputer widzi stan danych, albo skopiuj tam jego folder"


def is_address(location: str) -> bool:
    """Say whether a place is told by an address, as fsspec reads it, and not by a path.

    Examples
    --------
    >>> is_address("s3://dane/snapshots/0123456789abcdef"), is_address("/dane/0123456789abcdef")
    (True, False)
    """
    return "://" in location


def check_location(location: str, snapshot_id: str) -> None:
    """Check that a place holds the snapshot, by its manifest alone.

    Raises
    ------
    SnapshotError
        When it does not, or cannot be read from here.
    """
    if is_address(location):
        files, root = _opened(location)
        text = _read(files, root, location)
        try:
            found = SnapshotManifest.model_validate_json(text).id
        except ValueError as error:
            raise _no_snapshot(location, "manifest jest uszkodzony") from error
    else:
        found = read_manifest(Path(location)).id
    _check_id(location, found, snapshot_id)


def fetch_snapshot(location: str, snapshot_id: str, cache: Path) -> Path:
    """Return the folder of a snapshot; one at an address is copied here once and checked whole.

    Parameters
    ----------
    location : str
        A path, which is used as it is, or an address that fsspec can read.
    snapshot_id : str
        Which one it must be.
    cache : Path
        Folder for copies, each named by its id.

    Raises
    ------
    SnapshotError
        When it is another one, cannot be read, or its content is not what its id says.
    SettingsError
        When the copy cannot be written.
    """
    from filelock import FileLock

    if not is_address(location):
        check_location(location, snapshot_id)
        return Path(location)
    whole = make_dir(cache) / snapshot_id
    with told_when_unwritable(cache), FileLock(cache / _LOCK):
        if not whole.is_dir():
            for left in cache.glob(f"{_PARTIAL}*"):  # of a process that was killed
                shutil.rmtree(left)
            _copy(location, snapshot_id, whole)
    return whole


def _copy(location: str, snapshot_id: str, whole: Path) -> None:
    partial = whole.with_name(f"{_PARTIAL}{uuid.uuid4().hex[:8]}")
    files, root = _opened(location)
    try:
        partial.mkdir()
        text = _read(files, root, location)
        (partial / MANIFEST_NAME).write_bytes(text)
        manifest = read_manifest(partial)
        _check_id(location, manifest.id, snapshot_id)
        # what a stranger's manifest calls its files must lead nowhere else
        for name in sorted(set(manifest.files) & _KNOWN):
            _bring(files, root, location, partial / name)
        check_content(partial, manifest)
        partial.rename(whole)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _opened(location: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise SnapshotError(
            "Adresu stanu danych nie da się otworzyć: nie ma biblioteki fsspec.",
            where=location,
            expected="zainstalowany dodatek scale",
            next_step=f"zainstaluj go: {install_command('smup-workbench[scale]')}",
        ) from error
    try:
        files, root = url_to_fs(location)
    except (ImportError, ValueError) as error:  # s3fs, aiohttp and so on; an unknown protocol
        raise _no_snapshot(location, str(error)) from error
    return files, root


def _read(files: Any, root: str, location: str, name: str = MANIFEST_NAME) -> bytes:
    try:
        content: bytes = files.cat_file(f"{root.rstrip('/')}/{name}")
    except Exception as error:  # each file system of fsspec has errors of its own
        raise _no_snapshot(location, f"{name}: {type(error).__name__} {error}") from error
    return content


def _bring(files: Any, root: str, location: str, path: Path) -> None:
    """Copy a file in pieces: one of a whole country does not fit into memory."""
    name = f"{root.rstrip('/')}/{path.name}"
    with path.open("wb") as copy:
        try:
            source = files.open(name, "rb")
        except Exception as error:  # each file system of fsspec has errors of its own
            raise _no_snapshot(location, f"{path.name}: {type(error).__name__} {error}") from error
        with source:
            shutil.copyfileobj(_Pieces(source, location, path.name), copy, _PIECE)


class _Pieces:
    """A file elsewhere; what goes wrong there is told apart from a full disk here."""

    def __init__(self, source: Any, location: str, name: str) -> None:
        self._source, self._location, self._name = source, location, name

    def read(self, size: int = -1) -> bytes:
        try:
            piece: bytes = self._source.read(size)
        except Exception as error:
            why = f"{self._name}: {type(error).__name__} {error}"
            raise _no_snapshot(self._location, why) from error
        return piece


def _check_id(location: str, found: str, wanted: str) -> None:
    if found != wanted:
        raise _no_snapshot(location, f"leży tam stan {found}, a potrzebny jest {wanted}")


def _no_snapshot(location: str, why: str) -> SnapshotError:
    return SnapshotError(
        "Stanu danych nie da się stąd odczytać.",
        where=location,
        problems=[why],
        expected=_EXPECTED,
        next_step=_NEXT,
    )
