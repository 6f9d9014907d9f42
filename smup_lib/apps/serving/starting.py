"""Start the apps on this computer and say where they are."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from functools import partial

from smup_lib.apps.serving.options import HOST, Serving, check_numbers
from smup_lib.errors import SettingsError, system_reason
from smup_lib.installing import install_command
from smup_lib.kernels.light_imports import import_jsonschema
from smup_lib.plurals import PERSON_NOUN
from smup_lib.present.formats import count_of


def serve_apps(
    serving: Serving,
    open_browser: bool = True,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve ``dashboards/`` until Ctrl+C.

    Parameters
    ----------
    serving : Serving
        Where, for how many, to whom.
    open_browser : bool, default True
        Whether to open the address in the user's browser.
    on_ready : callable, optional
        Called with the address once it answers; by default the address is printed.

    Raises
    ------
    SettingsError
        When the port is taken or forbidden, a number is out of range, or the extra ``apps`` is not
        installed.
    """
    import_jsonschema()
    try:
        from smup_lib.apps.serving.server import make_server
    except ImportError as error:
        raise SettingsError(
            "Do uruchomienia aplikacji brakuje biblioteki.",
            problems=[str(error)],
            expected="instalacja z dodatkami „apps” i „report”",
            next_step=f"zainstaluj ją: {install_command('smup-workbench[apps,report]')}",
        ) from error
    check_numbers(serving)
    check_port(serving.port, serving.host)
    server = make_server(serving)
    server.on_ready = on_ready or partial(_print_address, serving)
    server.show_in_browser = open_browser
    server.start()


def check_port(port: int, host: str = HOST) -> None:
    """Raise unless the port can be listened on.

    Raises
    ------
    SettingsError
        With the port that is free next to it.

    Examples
    --------
    >>> check_port(70000)
    Traceback (most recent call last):
    ...
    smup_lib.errors.SettingsError: Nie można nasłuchiwać na porcie 70000.
      ...
    """
    problem = _port_problem(port, host)
    if problem is None:
        return
    free = next((p for p in range(port + 1, port + 20) if _port_problem(p, host) is None), 8866)
    raise SettingsError(
        f"Nie można nasłuchiwać na porcie {port}.",
        problems=[problem],
        expected="wolny port od 1024 do 65535",
        next_step=f"wybierz inny: smup apps serve --port {free}",
    )


def _port_problem(port: int, host: str) -> str | None:
    try:
        family = socket.getaddrinfo(host, None)[0][0]
    except OSError:
        return f"ten komputer nie ma adresu {host}"
    with socket.socket(family) as probe:
        if os.name != "nt":
            # as the server does: the port of one that has just ended is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            return "nie ma takiego portu"
        except OSError as error:
            return system_reason(error)
    return None


def _print_address(serving: Serving, address: str) -> None:
    visitors = count_of(serving.most_visitors, PERSON_NOUN)
    lines = [f"Aplikacje działają: {address}", f"Naraz może z nich korzystać {visitors}."]
    if serving.heard_elsewhere:
        lines.append(_HEARD_WITH_PASSWORD if serving.entrance.password else _HEARD)
    lines.append("Zatrzymanie: Ctrl+C")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


_HEARD = (
    "Uwaga: strony może otworzyć każdy, kto dosięgnie tego komputera w sieci, bez hasła i bez "
    "szyfrowania. Hasło zapisze polecenie smup apps password; jak wystawić strony bezpiecznie, "
    "opisuje docs/serving.md."
)
_HEARD_WITH_PASSWORD = (
    "Uwaga: strony może otworzyć każdy, kto zna hasło i dosięgnie tego komputera w sieci. "
    "Połączenie nie jest szyfrowane; jak je zaszyfrować, opisuje docs/serving.md."
)
