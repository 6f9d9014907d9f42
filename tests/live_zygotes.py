"""The zygotes that serve now, and their end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from smup_lib.kernels.launching import _connected
from smup_lib.kernels.messages import peer, private_folder


def zygotes(folder: Path | None = None) -> list[int]:
    """Return the process numbers of the user's zygotes that serve.

    Parameters
    ----------
    folder : Path, optional
        Of the sockets; by default the user's.
    """
    found = []
    for address in sorted(private_folder(folder).glob("*.sock")):
        connection = _connected(address)
        if connection is not None:
            with connection:
                found.append(peer(connection)[0])
    return found


def end_zygotes(folder: Path | None = None) -> int:
    """End the user's zygotes at once and return how many there were. Their kernels live on.

    Parameters
    ----------
    folder : Path, optional
        Of the sockets; by default the user's.
    """
    serving = zygotes(folder)
    for process in serving:
        os.kill(process, signal.SIGTERM)
    for path in private_folder(folder).iterdir():
        path.unlink()
    return len(serving)
