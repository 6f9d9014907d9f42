"""``smup apps password``: keep the hash of a password for the server."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from smup_lib.errors import SettingsError


def keep_password(
    file: Annotated[Path, typer.Argument(help="Plik, w którym stanie skrót hasła.")],
) -> None:
    """Zapytaj o hasło do aplikacji i zapisz jego skrót; samego hasła nie ma nigdzie."""
    from smup_lib.apps.serving.password import write_password

    write_password(file, _ask())
    typer.echo(str(file))
    typer.echo(f"Serwer zapyta o nie z opcją: smup apps serve --password-file {file}")


def _ask() -> str:
    """Return what was typed twice without being shown, or a line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    typed = getpass("Hasło: ")
    if getpass("Jeszcze raz: ") != typed:
        raise SettingsError(
            "Hasła nie są takie same.",
            expected="dwa razy to samo hasło",
            next_step="powtórz polecenie",
        )
    return typed
