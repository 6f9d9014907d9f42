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
from pathlib import Path

from smup_lib.paths import make_dir, raw_dir, told_when_unwritable
from smup_lib.snapshots import RawFile

ABOUT_NAME = "about.json"
_CHUNK = 1024 * 1024
#: Official names end with the moment of the download (..._CTAB_20250616184618.csv) or begin with
#: the day of publication (20210215_Gminy_2_za_2020.xlsx).
_DOWNLOADED = re.compile(
    r"_(20\d\d)(\d\d)(\d\d)\d{6}(?!\d)"
    r"|_(20\d\d)-(\d\d)-(\d\d)(?!\d)"
    r"|^(20\d\d)(\d\d)(\d\d)_"
)


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
            Name, SHA-256, size, moment of the import and day of the file: the day in an official
            name, else the day on which the file was last written.

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
                record = _record(path, digest, size)
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


def _record(path: Path, digest: str, size: int) -> RawFile:
    told = named_day(path.name)
    written = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    return RawFile(
        name=path.name,
        sha256=digest,
        size=size,
        retrieved=told or written.date().isoformat(),
        dated="name" if told else "disk",
        imported=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )


def _write_about(path: Path, record: RawFile) -> None:
    about = record.model_dump()
    path.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rename(partial: Path, final: Path) -> None:
    try:
        partial.rename(final)
    except OSError:
        if not final.exists():  # another import kept the same bytes first: that is fine
            raise


def named_day(name: str) -> str:
    """Return the day of the download that an official file name tells, ISO; empty when none.

    Examples
    --------
    >>> named_day("RYNE_1944_CTAB_20250616184618.csv"), named_day("TERC_Urzedowy_2026-07-22.csv")
    ('2025-06-16', '2026-07-22')
    >>> named_day("20210215_Gminy_2_za_2020.xlsx")
    '2021-02-15'
    >>> named_day("Doctors.csv")
    ''
    """
    match = _DOWNLOADED.search(name)
    named = "-".join(part for part in match.groups() if part) if match else ""
    return named if _is_date(named) else ""


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
