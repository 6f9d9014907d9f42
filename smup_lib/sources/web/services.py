"""Which services are there, under which address, with which key and limit?

Addresses and keys are settings of the environment, so that an office behind a mirror, and a test
with its own server, need no change of the program.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from smup_lib.errors import ServiceError, SettingsError, SourceError
from smup_lib.installing import install_command
from smup_lib.paths import hold_lock, make_dir, smup_home, told_when_unwritable
from smup_lib.sources.web.clock import Clock
from smup_lib.sources.web.connection import is_loopback
from smup_lib.sources.web.keys import Key, load_key
from smup_lib.sources.web.quota import GUS_ANONYMOUS, GUS_REGISTERED, Quota, Window


@dataclass(frozen=True)
class Service:
    """An official service on the web.

    Attributes
    ----------
    name : str
        As on the command line, and of its file of answers.
    label : str
        As in messages.
    address : str
        Where it is officially.
    address_variable, key_variable : str
        Environment variables; an empty ``key_variable`` means that it has no keys.
    anonymous, registered : tuple of Window
        Published limits without and with a key.
    """

    name: str
    label: str
    address: str
    address_variable: str
    key_variable: str = ""
    anonymous: tuple[Window, ...] = GUS_ANONYMOUS
    registered: tuple[Window, ...] = GUS_REGISTERED

    def base(self) -> str:
        """Return the address in use.

        Raises
        ------
        SettingsError
            When the one in the environment is no address of a service.
        """
        told = os.environ.get(self.address_variable, "").strip() or self.address
        parts = urlsplit(told)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                f"„{shown_address(told)}” nie jest adresem serwisu.",
                where=f"zmienna środowiska {self.address_variable}",
                expected=f"adres zaczynający się od https://, na przykład {self.address}",
                next_step=f"popraw zmienną {self.address_variable} albo ją usuń",
            )
        return told.rstrip("/")

    def own_address(self) -> str:
        """Return, in Polish, which variable set another address than the official one; or nothing.

        Examples
        --------
        >>> Service("a", "A", "https://a.invalid", "SMUP_NOT_SET_URL").own_address()
        ''
        """
        base = self.base()
        if base == self.address:
            return ""
        return f"adres serwisu podaje zmienna {self.address_variable}: {shown_address(base)}"

    def key(self) -> Key | None:
        """Return the key in use, or None.

        Raises
        ------
        SettingsError
            When it would travel readable for everybody: over http to another computer.
        """
        key = load_key(self.key_variable) if self.key_variable else None
        parts = urlsplit(self.base())
        if key is not None and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise SettingsError(
                f"Klucz ze zmiennej {self.key_variable} szedłby siecią bez szyfrowania.",
                where=f"zmienna środowiska {self.address_variable}: {shown_address(self.base())}",
                expected="adres zaczynający się od https://",
                next_step=f"popraw zmienną {self.address_variable} albo usuń klucz",
            )
        return key

    def answers_path(self) -> Path:
        """Return the file of its answers; one under another address has a file of its own."""
        base = self.base()
        other = "" if base == self.address else f"-{hashlib.sha256(base.encode()).hexdigest()[:8]}"
        return answers_dir() / f"{self.name}{other}.sqlite"

    def quota(self, key: Key | None, clock: Clock | None = None) -> Quota:
        """Return the counter of its calls; all services share one file."""
        return Quota(quota_path(), self.account(key), self.windows(key), clock)

    def account(self, key: Key | None) -> str:
        """Return under which name its calls are counted; the key cannot be told from it."""
        return f"{self.name}:{key.account if key else 'anonymous'}"

    def windows(self, key: Key | None) -> tuple[Window, ...]:
        """Return the limits that hold with a key or without one."""
        return self.registered if key else self.anonymous


SMUP = Service("smup", "SMUP", "https://api.smup.gov.pl/api/1.0.0", "SMUP_API_URL", "SMUP_API_KEY")
#: Its key is another one than that of SMUP, and its calls are counted apart.
BDL = Service(
    "bdl",
    "BDL",
    "https://bdl.stat.gov.pl/api/v1",
    "SMUP_BDL_URL",
    "SMUP_BDL_KEY",
)
#: It publishes no limit and knows no keys; this one is ours.
BESTIA = Service(
    "bestia",
    "BeSTi@",
    "https://bestia-api.mf.gov.pl/api",
    "SMUP_BESTIA_URL",
    anonymous=(Window(1, 3), Window(900, 1_500)),
)
#: Their limits are ours too: neither publishes one, and a visit needs only a few calls.
_A_FEW = (Window(1, 2), Window(900, 200))
TERYT = Service(
    "teryt",
    "eTERYT",
    "https://eteryt.stat.gov.pl/eTeryt",
    "SMUP_TERYT_URL",
    anonymous=_A_FEW,
)
PRG = Service(
    "prg",
    "PRG",
    "https://mapy.geoportal.gov.pl/wss/service/PZGIK/PRG/WFS",
    "SMUP_PRG_URL",
    anonymous=_A_FEW,
)
#: Not fetched yet; only the doctor looks whether they are where we expect them.
DANE = Service(
    "dane",
    "dane.gov.pl",
    "https://api.dane.gov.pl/1.4",
    "SMUP_DANE_URL",
    anonymous=_A_FEW,
)
CKE = Service(
    "cke",
    "CKE",
    "https://mapa.wyniki.edu.pl/MapaEgzaminow/assets",
    "SMUP_CKE_URL",
    anonymous=_A_FEW,
)
SERVICES = (SMUP, BDL, BESTIA, TERYT, PRG, DANE, CKE)


def shown_address(address: str) -> str:
    """Return an address without a name and a password in it, for messages.

    Examples
    --------
    >>> shown_address("http://anna:secret@mirror.invalid:8080/smup")
    'http://mirror.invalid:8080/smup'
    """
    return re.sub(r"^(\w+://)?[^/?#]*@", r"\1", address)


def quota_path() -> Path:
    """Return the file in which the calls to all services are counted."""
    return smup_home() / "quota.sqlite"


def answers_dir() -> Path:
    """Return the folder of answers, one file a service."""
    return smup_home() / "answers"


@contextmanager
def service_lock(service: Service) -> Iterator[None]:
    """Let one program at a time synchronise a service; a second one is told at once.

    Errors of the service name its address when it is not the official one.

    Raises
    ------
    SourceError
        When another program does it now.
    """
    path = service.answers_path().with_suffix(".lock")
    refused = SourceError(
        f"Inny program pobiera teraz dane z serwisu {service.label}.",
        where=str(path),
        expected="jeden program pobierający z tego serwisu naraz",
        next_step="poczekaj, aż tamten skończy, i powtórz polecenie",
    )
    with told_when_unwritable(path.parent):
        make_dir(path.parent)
    with hold_lock(path, 0, refused):
        try:
            yield
        except ServiceError as error:
            if own := service.own_address():
                error.problems = (*error.problems, own)
            raise


def check_libraries() -> None:
    """Raise when the libraries that fetch are not installed: they are an extra.

    Raises
    ------
    SettingsError
        With the command that installs them.
    """
    missing = [name for name in ("httpx", "tenacity") if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"Brakuje bibliotek do pobierania danych: {', '.join(missing)}.",
            expected="zainstalowany dodatek sync",
            next_step=f"zainstaluj go: {install_command('smup-workbench[sync]')}",
        )
