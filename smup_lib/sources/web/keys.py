"""Where does the key of a service come from? From the environment or the keyring, never a file."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import Literal

from smup_lib.errors import SettingsError

#: Name under which the operating system's keyring holds the keys.
KEYRING_SERVICE = "smup-workbench"


@dataclass(frozen=True)
class Key:
    """A personal key; its value never appears in a text made of it.

    ``origin`` is ``environment`` or ``keyring``.

    Examples
    --------
    >>> Key("SMUP_API_KEY", "secret-of-somebody")
    Key(variable='SMUP_API_KEY')
    """

    variable: str
    value: str = field(repr=False)
    origin: Literal["environment", "keyring"] = field(default="environment", repr=False)

    @property
    def said_origin(self) -> str:
        """Say in Polish where the key was read from."""
        if self.origin == "environment":
            return f"klucz ze zmiennej środowiska {self.variable}"
        return f"klucz z pęku kluczy systemu ({KEYRING_SERVICE}, {self.variable})"

    @property
    def account(self) -> str:
        """A name for the key that tells nobody what it is, for counting calls by key."""
        return hashlib.sha256(self.value.encode()).hexdigest()[:8]


def load_key(variable: str) -> Key | None:
    """Return a key from the environment, else from the keyring, else None (anonymous use).

    Parameters
    ----------
    variable : str
        Name of the environment variable, and of the entry in the keyring (when the optional package
        ``keyring`` is installed).

    Raises
    ------
    SettingsError
        When the key cannot be a header: it has a space, a line break or a letter outside ASCII.
    """
    told = os.environ.get(variable, "").strip()
    value = told or _from_keyring(variable)
    if not value:
        return None
    if not value.isascii() or not value.isprintable() or " " in value:
        raise SettingsError(
            f"Klucz w zmiennej {variable} ma znaki, których klucz mieć nie może.",
            where=f"zmienna środowiska {variable} albo pęk kluczy systemu",
            expected="ciąg liter, cyfr i myślników, bez spacji i cudzysłowów",
            next_step="skopiuj klucz jeszcze raz z wiadomości, w której przyszedł",
        )
    return Key(variable, value, "environment" if told else "keyring")


def _from_keyring(variable: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return (keyring.get_password(KEYRING_SERVICE, variable) or "").strip()
    except KeyringError:
        # a computer without a keyring (a server) is used without one
        return ""
