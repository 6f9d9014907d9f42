"""Which bytes does the user point at, and are they safe to read?

Plain files, gzip (kept as it is, read through) and zip archives whose members are read one by one.
A packed file may not grow beyond :data:`LARGEST_CONTENT` or :data:`LARGEST_RATIO`: a zip bomb is
refused after a few megabytes, whatever sizes it declares.
"""

from __future__ import annotations

import gzip
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from smup_lib.errors import SourceError, UnreadableFileError, did_you_mean, system_reason
from smup_lib.plurals import counted

#: Enough for the header of the widest export; rubbish of any size costs no more.
HEAD_BYTES = 256 * 1024
LARGEST_CONTENT = 512 * 1024 * 1024
LARGEST_RATIO = 200
LARGEST_ARCHIVE = 500
#: Content below this size is never a bomb, however well it was packed.
_HARMLESS = 8 * 1024 * 1024
_CHUNK = 1024 * 1024

SIDECAR_NAME = "import.yaml"
_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True)
class InputFile:
    """One file to read: on disk, or a member of a zip archive on disk.

    Attributes
    ----------
    path : Path
        The file on disk.
    member : str or None
        Name inside the archive when ``path`` is a zip.
    label : str
        Name in messages when the file's own one is shared with another file of the import.
    """

    path: Path
    member: str | None = None
    label: str = ""

    @property
    def name(self) -> str:
        """Return the name that people know it by: ``dane.zip/RYNE_1944_CTAB_2025.csv``."""
        name = self.label or self.path.name
        return f"{name}/{self.member}" if self.member else name

    @property
    def own_name(self) -> str:
        """Return the last part of the name, where a publisher's subject number stands."""
        return Path(self.member).name if self.member else self.path.name

    def head(self) -> bytes:
        """Return the first :data:`HEAD_BYTES` of the content, unpacked."""
        with self._reading(), self._open() as stream:
            return stream.read(HEAD_BYTES)

    def read(self) -> bytes:
        """Return the whole content, unpacked.

        Raises
        ------
        UnreadableFileError
            When it is cut, damaged, or grows beyond the limits while unpacking.
        """
        with self._reading(), self._open() as stream:
            if self.path.stat().st_size > LARGEST_CONTENT:
                raise _too_large(self.name)
            return b"".join(self._chunks(stream))

    def _chunks(self, stream: IO[bytes]) -> Iterator[bytes]:
        packed = max(self._packed_size(), 1)
        total = 0
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if total > LARGEST_CONTENT:
                raise _too_large(self.name)
            if total > _HARMLESS and total > LARGEST_RATIO * packed:
                raise UnreadableFileError(
                    "Spakowany plik rozrasta się ponad miarę (bomba zip); nie rozpakowano go.",
                    where=self.name,
                    expected=f"najwyżej {LARGEST_RATIO}-krotne powiększenie po rozpakowaniu",
                    next_step="pobierz plik jeszcze raz ze strony wydawcy",
                )
            yield chunk

    def _packed_size(self) -> int:
        if self.member is None:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).compress_size

    def _open(self) -> IO[bytes]:
        if self.member is not None:
            # the handle keeps the archive open for as long as it lives
            return zipfile.ZipFile(self.path).open(self.member)
        with self.path.open("rb") as file:
            packed = file.read(2) == _GZIP_MAGIC
        return cast("IO[bytes]", gzip.open(self.path, "rb") if packed else self.path.open("rb"))

    def _reading(self) -> _Reading:
        return _Reading(self.name)


class _Reading:
    """Turn the many ways in which unpacking fails into one message."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile)):
            raise UnreadableFileError(
                "Spakowany plik jest ucięty albo uszkodzony.",
                where=self.name,
                expected="całe archiwum gzip albo zip",
                next_step="pobierz plik jeszcze raz",
            ) from error
        if isinstance(error, (RuntimeError, NotImplementedError)):
            raise UnreadableFileError(
                "Archiwum jest zaszyfrowane albo spakowane nieznanym sposobem.",
                where=self.name,
                expected="archiwum bez hasła",
                next_step="rozpakuj plik i wskaż folder z zawartością",
            ) from error
        if isinstance(error, OSError):
            raise UnreadableFileError(
                f"Pliku nie da się odczytać: {system_reason(error)}.",
                where=self.name,
                expected="plik, który wolno czytać",
                next_step="sprawdź uprawnienia do pliku i spróbuj znów",
            ) from error


def _too_large(name: str) -> UnreadableFileError:
    limit = LARGEST_CONTENT // (1024 * 1024)
    return UnreadableFileError(
        f"Plik jest większy niż {limit} MB.",
        where=name,
        expected="plik z danymi jednostek samorządu; cały kraj zajmuje kilkadziesiąt megabajtów",
        next_step="podziel plik na mniejsze albo pobierz mniej lat naraz",
    )


def is_zip(head: bytes) -> bool:
    """Tell whether content starts like a zip archive (an xlsx workbook is one too)."""
    return head.startswith(_ZIP_MAGIC)


def list_input_files(paths: Iterable[str | os.PathLike[str]]) -> list[InputFile]:
    """Return the files under the given paths, each once, in a stable order.

    Folders are walked with everything below them. Hidden files and the sidecar ``import.yaml``
    are instructions or rubbish, not data, and are left out.

    Raises
    ------
    SourceError
        When a path does not exist; all such paths at once, with the nearest names.
    """
    found: dict[Path, Path] = {}
    missing: list[str] = []
    for given in paths:
        path = Path(given).expanduser()
        if path.is_dir():
            files = sorted(_walk(path))
        elif path.is_file():
            files = [path]
        else:
            missing.append(_said_missing(path))
            continue
        for file in files:
            found.setdefault(file.resolve(), file)
    if missing:
        raise SourceError(
            "Nie ma wskazanych plików.",
            problems=missing,
            expected="istniejące pliki albo foldery",
            next_step="sprawdź ścieżki i spróbuj znów",
        )
    names = Counter(file.name for file in found.values())
    return [
        InputFile(file, label=f"{file.parent.name}/{file.name}" if names[file.name] > 1 else "")
        for file in found.values()
    ]


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(here) / name
            # a pipe or a socket would be waited for without end
            if not name.startswith(".") and name != SIDECAR_NAME and path.is_file():
                yield path


def _said_missing(path: Path) -> str:
    if path.exists():
        return f"{path} (to nie jest zwykły plik)"
    beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    hint = did_you_mean(path.name, beside)
    return f"{path}" + (f" ({hint})" if hint else "")


def check_unpacked(members: Sequence[zipfile.ZipInfo], where: str) -> None:
    """Raise when an archive declares more content than a data set can have.

    Raises
    ------
    UnreadableFileError
        Beyond :data:`LARGEST_CONTENT`, or :data:`LARGEST_RATIO` of the packed size.
    """
    declared = sum(info.file_size for info in members)
    packed = max(sum(info.compress_size for info in members), 1)
    if declared > LARGEST_CONTENT or (declared > _HARMLESS and declared > LARGEST_RATIO * packed):
        raise UnreadableFileError(
            "Archiwum po rozpakowaniu byłoby za duże (bomba zip); nie rozpakowano go.",
            where=where,
            expected=f"najwyżej {LARGEST_CONTENT // (1024 * 1024)} MB"
            f" i {LARGEST_RATIO}-krotne powiększenie",
            next_step="pobierz plik jeszcze raz ze strony wydawcy",
        )


def list_members(file: InputFile) -> list[InputFile]:
    """Return the files packed in a zip archive.

    Archives inside archives are members like any other and are then refused by recognition.

    Raises
    ------
    UnreadableFileError
        When the archive is damaged, or declares more content than a data set can have.
    """
    with _Reading(file.name), zipfile.ZipFile(file.path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
    check_unpacked(members, file.name)
    if len(members) > LARGEST_ARCHIVE:
        raise UnreadableFileError(
            f"Archiwum ma {counted(len(members), ('plik', 'pliki', 'plików'))}.",
            where=file.name,
            expected=f"najwyżej {LARGEST_ARCHIVE} plików",
            next_step="rozpakuj archiwum i wskaż tylko potrzebne pliki",
        )
    return [
        InputFile(file.path, info.filename, file.label)
        for info in members
        if not Path(info.filename).name.startswith(".")
        and Path(info.filename).name != SIDECAR_NAME
        and not info.filename.startswith("__MACOSX/")
    ]
