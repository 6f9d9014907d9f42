"""Where everything lives on this computer."""

from __future__ import annotations

import errno
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from smup_lib.errors import SettingsError, SmupError, system_reason

ProjectFolder = Literal["notebooks", "templates", "dashboards", "training"]

#: What a place should have been, by what the system says of it.
_EXPECTED: Mapping[type[OSError], str] = MappingProxyType(
    {
        FileExistsError: "nazwa, której jeszcze nie ma",
        FileNotFoundError: "folder, który już jest",
    }
)
_PACKAGE = Path(__file__).resolve().parent


def smup_home() -> Path:
    """Return the folder of all user data (not created here).

    It is ``SMUP_HOME`` when set, otherwise the operating system's folder for user data.
    """
    chosen = os.environ.get("SMUP_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    import platformdirs

    return Path(platformdirs.user_data_dir("smup", appauthor=False))


def snapshots_dir() -> Path:
    """Return the folder of snapshots."""
    return smup_home() / "snapshots"


def raw_dir() -> Path:
    """Return the folder of raw files, kept byte for byte."""
    return smup_home() / "raw"


def groups_dir() -> Path:
    """Return the folder of the user's own comparison groups."""
    return smup_home() / "groups"


def plans_dir() -> Path:
    """Return the folder of the user's own improvement plans."""
    return smup_home() / "plans"


def practices_dir() -> Path:
    """Return the folder of the user's own practice cards."""
    return smup_home() / "practices"


def cache_dir() -> Path:
    """Return the folder of things that can be made again at any time."""
    return smup_home() / "cache"


def receipts_dir() -> Path:
    """Return the folder with a copy of the receipt of each report."""
    return smup_home() / "receipts"


def reports_dir() -> Path:
    """Return the default folder of finished reports."""
    return smup_home() / "reports"


def project_dir(name: ProjectFolder) -> Path:
    """Return a folder that ships with the workbench.

    A checkout has it beside the package; an installed wheel carries it inside.

    Raises
    ------
    SettingsError
        When neither place has it.
    """
    for candidate in (_PACKAGE.parent / name, _PACKAGE / "_bundled" / name):
        if candidate.is_dir():
            return candidate
    raise SettingsError(
        f"Nie ma folderu „{name}” tej instalacji.",
        where=str(_PACKAGE),
        expected=f"folder {name} obok pakietu smup_lib albo w nim",
        next_step="zainstaluj smup-workbench jeszcze raz",
    )


def make_dir(path: Path, other: str = "zmienną SMUP_HOME") -> Path:
    """Make a folder with its parents and return it; ``other`` says how to name another one.

    Raises
    ------
    SettingsError
        When the place cannot be written.
    """
    advice = f"wskaż inny folder {other} albo popraw uprawnienia"
    with told_when_unwritable(path, "Nie można utworzyć folderu", advice):
        path.mkdir(parents=True, exist_ok=True)
    return path


def check_dir(path: Path, other: str = "zmienną SMUP_HOME") -> None:
    """Check that files can be written into a folder, which need not be there; nothing new stays.

    Raises
    ------
    SettingsError
        When the folder cannot be made or written; ``other`` says how to name another one.
    """
    with _removed_when_empty(path):
        make_dir(path, other)
        advice = f"wskaż inny folder {other}, zwolnij miejsce albo popraw uprawnienia"
        with told_when_unwritable(path, "W tym folderze nie można zapisać pliku", advice):
            tempfile.TemporaryFile(dir=path).close()


@contextmanager
def folder_for_files(path: Path, other: str = "zmienną SMUP_HOME") -> Iterator[Path]:
    """Make a folder with its parents for a block that writes into it.

    A block that fails or is interrupted leaves no empty folder behind. ``other`` and errors are
    those of :func:`make_dir`.
    """
    with _removed_when_empty(path):
        yield make_dir(path, other)


@contextmanager
def _removed_when_empty(path: Path) -> Iterator[None]:
    """Remove the folders that a block made and put nothing into."""
    # os.path: a folder that may not be looked into is told by make_dir
    missing = [folder for folder in (path, *path.parents) if not os.path.lexists(folder)]
    try:
        yield
    finally:
        for folder in missing:  # the innermost first; what is not empty stays
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def told_when_unwritable(
    place: Path,
    what: str = "Nie udało się zapisać plików",
    next_step: str = "zwolnij miejsce albo wskaż inny folder zmienną SMUP_HOME;"
    " poprzedni stan danych pozostał bez zmian",
) -> Iterator[None]:
    """Turn a full disk or a forbidden place into a message that says what to do.

    Raises
    ------
    SettingsError
        When the block meets an error of the system; ``what`` says what could not be done.
    """
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"{what}: {system_reason(error)}.",
            where=str(place),
            expected=_EXPECTED.get(type(error), "wolne miejsce na dysku i prawo zapisu"),
            next_step=next_step,
        ) from error


@contextmanager
def hold_lock(path: Path, seconds: float, refused: SmupError) -> Iterator[None]:
    """Keep other programs out of what a lock file stands for until the block ends.

    Parameters
    ----------
    path : Path
        The file; its folder must be there.
    seconds : float
        How long to wait for another program.
    refused : SmupError
        Raised when it does not end by then.

    Raises
    ------
    SettingsError
        When the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    with told_when_unwritable(path.parent):
        try:
            lock.acquire(timeout=seconds)
        except Timeout as error:  # to Python it is an error of the system too
            raise refused from error
    try:
        yield
    finally:
        lock.release()


def write_whole(path: Path, content: str | bytes, *, over: bool = True) -> None:
    """Write a file under a temporary name and rename it: it is whole, or as it was before.

    What is no file, as a pipe or ``/dev/stdout``, is written to and stays what it is.

    Parameters
    ----------
    path : Path
        The file; its folder must be there.
    content : str or bytes
        A text is written in UTF-8.
    over : bool, default True
        Whether a file that is there may give way.

    Raises
    ------
    OSError
        When the place cannot be written; see :func:`told_when_unwritable`.
    """
    if not over and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    told = content.encode() if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        path.write_bytes(told)
        return
    path = path.resolve() if path.is_symlink() else path
    temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        temporary.write_bytes(told)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
