"""Where do the bytes of imported files rest, exactly as they came?

``<SMUP_HOME>/raw/<sha256>/<original name>`` with ``about.json`` beside. The same bytes are kept
once, gzip stays gzip, and nothing here is ever changed.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smup_lib.errors import SettingsError
from smup_lib.paths import make_dir, raw_dir
from smup_lib.snapshots import RawFile

ABOUT_NAME = "about.json"
_CHUNK = 1024 * 1024
#: Official names end with the moment of the download: ..._CTAB_20250616184618.csv
_DOWNLOADED = re.compile(r"_(20\d\d)(\d\d)(\d\d)\d{6}(?!\d)|_(20\d\d)-(\d\d)-(\d\d)(?!\d)")


class RawStore:
    """Keeps raw files for one import; when the import fails, takes back what it brought.

    Used as a context manager, so that an error or Ctrl-C leaves the store as it was.
    """

    def __init__(self) -> None:
        self._brought: list[Path] = []

    def __enter__(self) -> RawStore:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            for folder in self._brought:
                shutil.rmtree(folder, ignore_errors=True)

    def keep(self, path: Path) -> RawFile:
        """Copy a file into the store, unless its bytes are there already.

        Returns
        -------
        RawFile
            Name, SHA-256, size and day of retrieval: the day in an official name, else the day
            the file was last written.

        Raises
        ------
        SettingsError
            When the store cannot be written or the disk is full; nothing half-written stays.
        """
        with told_when_unwritable(raw_dir()):
            folder = make_dir(raw_dir())
            partial = folder / f".partial-{uuid.uuid4().hex[:8]}"
            try:
                partial.mkdir()
                digest, size = _copy(path, partial / path.name)
                record = RawFile(
                    name=path.name, sha256=digest, size=size, retrieved=retrieval_day(path)
                )
                final = folder / digest
                if not final.exists():
                    _write_about(partial / ABOUT_NAME, record)
                    _rename(partial, final)
                    self._brought.append(final)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
        return record

    def give_back(self, record: RawFile) -> None:
        """Remove a file that turned out to be no data, if this import brought it."""
        folder = raw_dir() / record.sha256
        if folder in self._brought:
            shutil.rmtree(folder, ignore_errors=True)
            self._brought.remove(folder)


def _copy(source: Path, target: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with source.open("rb") as incoming, target.open("wb") as kept:
        while chunk := incoming.read(_CHUNK):
            digest.update(chunk)
            kept.write(chunk)
            size += len(chunk)
    target.chmod(0o444)
    return digest.hexdigest(), size


def _write_about(path: Path, record: RawFile) -> None:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    about = record.model_dump() | {"imported": now}
    path.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rename(partial: Path, final: Path) -> None:
    try:
        partial.rename(final)
    except OSError:
        if not final.exists():  # another import kept the same bytes first: that is fine
            raise


def retrieval_day(path: Path) -> str:
    """Return the day on which a file was taken from its publisher, ISO.

    Examples
    --------
    >>> retrieval_day(Path("RYNE_1944_CTAB_20250616184618.csv"))
    '2025-06-16'
    """
    match = _DOWNLOADED.search(path.name)
    named = "-".join(part for part in match.groups() if part) if match else ""
    if _is_date(named):
        return named
    written = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    return written.date().isoformat()


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def raw_path(record: RawFile) -> Path:
    """Return where the bytes of a record rest; the first name they came under stays."""
    folder = raw_dir() / record.sha256
    kept = sorted(path for path in folder.glob("*") if path.name != ABOUT_NAME)
    return kept[0] if kept else folder / record.name


@contextmanager
def told_when_unwritable(folder: Path) -> Iterator[None]:
    """Turn a full disk or a forbidden folder into a message that says what to do."""
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"Nie udało się zapisać plików: {error.strerror or error}.",
            where=str(folder),
            expected="wolne miejsce na dysku i prawo zapisu",
            next_step="zwolnij miejsce albo wskaż inny folder zmienną SMUP_HOME;"
            " poprzedni stan danych pozostał bez zmian",
        ) from error
