"""Start the apps on this computer and say where they are."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable

from smup_lib.errors import SettingsError, system_reason
from smup_lib.installing import install_command
from smup_lib.kernels.light_imports import import_jsonschema

#: Only this computer; an office server stands behind a proxy of its own.
HOST = "127.0.0.1"


def serve_apps(
    port: int = 8866,
    open_browser: bool = True,
    on_ready: Callable[[str], None] | None = None,
    *,
    lessons: bool = False,
) -> None:
    """Serve ``dashboards/`` until Ctrl+C; reachable from this computer only.

    Parameters
    ----------
    port : int, default 8866
        Port to listen on.
    open_browser : bool, default True
        Whether to open the address in the user's browser.
    on_ready : callable, optional
        Called with the address once it answers; by default the address is printed.
    lessons : bool, default False
        Whether to serve the lessons instead.

    Raises
    ------
    SettingsError
        When the port is taken or forbidden, or the extra ``apps`` is not installed.
    """
    import_jsonschema()
    try:
        from smup_lib.apps.server import make_server
    except ImportError as error:
        raise SettingsError(
            "Do uruchomienia aplikacji brakuje biblioteki.",
            problems=[str(error)],
            expected="instalacja z dodatkami „apps” i „report”",
            next_step=f"zainstaluj ją: {install_command('smup-workbench[apps,report]')}",
        ) from error
    check_port(port)
    server = make_server(port, lessons=lessons)
    server.on_ready = on_ready or _print_address
    server.show_in_browser = open_browser
    server.start()


def check_port(port: int) -> None:
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
    problem = _port_problem(port)
    if problem is None:
        return
    free = next((p for p in range(port + 1, port + 20) if _port_problem(p) is None), 8866)
    raise SettingsError(
        f"Nie można nasłuchiwać na porcie {port}.",
        problems=[problem],
        expected="wolny port od 1024 do 65535",
        next_step=f"wybierz inny: smup apps serve --port {free}",
    )


def _port_problem(port: int) -> str | None:
    with socket.socket() as probe:
        if os.name != "nt":
            # as the server does: the port of one that has just ended is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError:
            return "nie ma takiego portu"
        except OSError as error:
            return system_reason(error)
    return None


def _print_address(address: str) -> None:
    sys.stdout.write(f"Aplikacje działają: {address}\nZatrzymanie: Ctrl+C\n")
    sys.stdout.flush()
