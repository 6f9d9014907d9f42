"""Where is the password of the pages kept? As a salted hash in a file that only its owner reads."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from smup_lib.errors import SettingsError
from smup_lib.paths import told_when_unwritable

#: Fewer letters can be guessed in spite of the waits.
SHORTEST = 10
_OWNER_ONLY = 0o600
_KIND = "argon2:"


def write_password(path: Path, password: str) -> None:
    """Write the hash of a password; a file that is there gives way.

    Parameters
    ----------
    path : Path
        A file of its own.
    password : str
        At least ten characters; blanks around it do not count, as when it is given on the page.

    Raises
    ------
    SettingsError
        When it is too short, or the file cannot be written.

    Examples
    --------
    >>> write_password(Path("haslo.txt"), "krótkie")
    Traceback (most recent call last):
    ...
    smup_lib.errors.SettingsError: Hasło jest za krótkie.
      ...
    """
    from jupyter_server.auth.security import passwd

    password = password.strip()
    if len(password) < SHORTEST:
        raise SettingsError(
            "Hasło jest za krótkie.",
            expected=f"co najmniej {SHORTEST} znaków, na przykład kilka słów",
            next_step="podaj dłuższe",
        )
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with told_when_unwritable(path, "Nie można zapisać hasła", "wskaż inny plik"):
        # never, not for a moment, a file that others may read
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w"
        ) as to:
            to.write(f"{passwd(password)}\n")  # type: ignore[no-untyped-call]
        fresh.replace(path)


def read_password(path: Path) -> str:
    """Return the hash that a file holds.

    Raises
    ------
    SettingsError
        When there is none in it, or others of this computer may read it.
    """
    again = f"zapisz hasło: smup apps password {path}"
    try:
        kept = path.read_text(encoding="utf-8").strip()
        open_to_others = os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "Nie można odczytać hasła.", where=str(path), expected="plik z hasłem", next_step=again
        ) from error
    if open_to_others:
        raise SettingsError(
            "Plik z hasłem mogą czytać inni użytkownicy tego komputera.",
            where=str(path),
            expected="prawa tylko dla właściciela (600)",
            next_step=f"odbierz im prawa: chmod 600 {path}",
        )
    if not kept.startswith(_KIND) or "\n" in kept:
        raise SettingsError(
            "W tym pliku nie ma hasła w postaci, którą zna serwer.",
            where=str(path),
            expected="plik zapisany poleceniem smup apps password",
            next_step=again,
        )
    return kept
