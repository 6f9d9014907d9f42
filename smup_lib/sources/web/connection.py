"""Why did no answer come: no network, a wrong name, a proxy, a certificate, a time-out?"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from smup_lib.errors import SettingsError

if TYPE_CHECKING:
    import httpx

Kind = Literal["network", "proxy", "certificate"]

_TO_THE_NETWORK = "sprawdź połączenie z internetem i uruchom to samo polecenie później"
_TO_THE_PROXY = (
    "zapytaj administratora sieci o dostęp do tego adresu; ustawienia pośrednika są w zmiennych"
    " HTTPS_PROXY i NO_PROXY, pokaże je smup doctor"
)
_TO_THE_CERTIFICATE = (
    "jeśli sieć urzędu podgląda ruch szyfrowany, poproś administratora o plik z certyfikatami"
    " i wskaż go zmienną SSL_CERT_FILE; sprawdź też datę w komputerze"
)


@dataclass(frozen=True)
class Obstacle:
    """What stood between us and the service.

    Attributes
    ----------
    kind : str
        ``network``, ``proxy`` or ``certificate``.
    what : str
        Half a Polish sentence.
    next_step : str
    passing : bool
        Whether trying again may help.
    """

    kind: Kind
    what: str
    next_step: str
    passing: bool = True


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer itself.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("mirror.invalid")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def find_obstacle(error: BaseException) -> Obstacle | None:
    """Return what an error of httpx, or one raised from it, says of the way to the service.

    Returns
    -------
    Obstacle or None
        None when no error of the connection is among its causes.
    """
    import httpx

    errors = [one for one in _causes(error) if isinstance(one, httpx.RequestError)]
    return obstacle_of(errors[0]) if errors else None


def obstacle_of(error: httpx.RequestError) -> Obstacle:
    """Return what an error of httpx says of the way to the service."""
    import httpx

    chain = list(_causes(error))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        what = f"certyfikat serwera nie jest zaufany ({_said_certificate(chain)})"
        return Obstacle("certificate", what, _TO_THE_CERTIFICATE, passing=False)
    if isinstance(error, httpx.ProxyError):
        return proxy_refusal(str(error))
    return Obstacle("network", _said_network(error, chain), _TO_THE_NETWORK)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _said_certificate(chain: list[BaseException]) -> str:
    found = next(one for one in chain if isinstance(one, ssl.SSLCertVerificationError))
    return found.verify_message


def proxy_refusal(told: str) -> Obstacle:
    """Return what a proxy said instead of letting us pass; ``told`` begins with its status."""
    if told.startswith("407"):
        what = "pośrednik (proxy) wymaga zalogowania (HTTP 407)"
        step = (
            "wpisz do zmiennej HTTPS_PROXY adres z nazwą i hasłem:"
            " http://nazwa:hasło@adres:port; o dane zapytaj administratora sieci"
        )
        return Obstacle("proxy", what, step, passing=False)
    reason = f": {told}" if told else ""
    return Obstacle("proxy", f"pośrednik (proxy) odmówił połączenia{reason}", _TO_THE_PROXY)


def _said_network(error: BaseException, chain: list[BaseException]) -> str:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "przekroczono czas oczekiwania"
    if isinstance(error, httpx.RemoteProtocolError):
        return "odpowiedź urwała się w połowie"
    if isinstance(error, httpx.TooManyRedirects):
        return "serwer odsyła w kółko z adresu na adres (bywa tak przy logowaniu do sieci)"
    if any(isinstance(one, socket.gaierror) for one in chain):
        return "brak połączenia (nie ma internetu albo serwera o takiej nazwie)"
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        return "brak połączenia (serwer albo pośrednik go nie przyjmuje)"
    return f"brak połączenia ({type(error).__name__})"


@contextmanager
def told_when_unusable() -> Iterator[None]:
    """Turn wrong settings of the network, which httpx meets when a client is made, into a message.

    Raises
    ------
    SettingsError
        When the file of certificates cannot be read or an address of a proxy cannot be used.
    """
    import httpx

    try:
        yield
    except OSError as error:  # ssl.SSLError is one: a file that holds no certificate
        raise SettingsError(
            "Nie można odczytać pliku certyfikatów.",
            where="zmienna środowiska SSL_CERT_FILE albo SSL_CERT_DIR",
            expected="istniejący plik z certyfikatami w formacie PEM",
            next_step="popraw tę zmienną albo ją usuń",
        ) from error
    except (
        ValueError,
        ImportError,
        httpx.InvalidURL,
    ) as error:  # an unknown scheme; SOCKS without its library
        raise SettingsError(
            "Adresu pośrednika (proxy) nie można użyć.",
            where="zmienne środowiska HTTPS_PROXY, HTTP_PROXY, ALL_PROXY",
            expected="adres zaczynający się od http:// albo https://",
            next_step="popraw te zmienne albo je usuń; pokaże je smup doctor",
        ) from error
