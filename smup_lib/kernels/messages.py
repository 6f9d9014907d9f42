"""How a launcher, a zygote and a kernel talk: one JSON object a packet over a Unix socket.

A connection is one kernel's. The launcher sends one request, with its stdout and stderr, and
nothing after it; the zygote or the kernel answers. Closing the connection ends the kernel.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: No packet is longer: the system refuses longer ones.
LONGEST = 1 << 20
#: The system allows 108 bytes for the name of a socket.
_LONGEST_NAME = 100


class NoWarmKernel(Exception):  # noqa: N818 - a reason to start an ordinary kernel, not a failure
    """Why a kernel cannot be forked here; the text says it."""


class NoZygote(NoWarmKernel):
    """Why there is no process to fork it from, or no answer: the next try would fail too."""


def new_socket() -> socket.socket:
    """Return a socket for either end."""
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)


def send(connection: socket.socket, message: Mapping[str, Any], fds: Sequence[int] = ()) -> None:
    """Send one message, maybe with open files."""
    packet = json.dumps(message).encode("utf-8", "surrogateescape")
    socket.send_fds(connection, [packet], list(fds))


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Receive one message and the files sent with it; an empty one when the other end is closed.

    Examples
    --------
    >>> one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    >>> send(one, {"kind": "ready"})
    >>> receive(other)
    ({'kind': 'ready'}, [])
    >>> one.close(); receive(other); other.close()
    ({}, [])
    """
    try:
        packet, fds, _, _ = socket.recv_fds(connection, LONGEST, 2)
    except ConnectionResetError:
        return {}, []
    for fd in fds:
        os.set_inheritable(fd, False)
    return (json.loads(packet.decode("utf-8", "surrogateescape")) if packet else {}), fds


def peer(connection: socket.socket) -> tuple[int, int]:
    """Return process and user at the other end, as the system tells them.

    Examples
    --------
    >>> one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    >>> peer(one) == (os.getpid(), os.getuid())
    True
    >>> one.close(); other.close()
    """
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    process, user, _ = struct.unpack("3i", told)
    return process, user


def private_folder(folder: Path | None = None) -> Path:
    """Return the folder of this user's sockets, made if need be.

    Parameters
    ----------
    folder : Path, optional
        Another than ``$XDG_RUNTIME_DIR/warm-kernels`` or, without that variable,
        ``warm-kernels-UID`` among the temporary files.

    Raises
    ------
    NoZygote
        When anybody else owns it or may enter it.
    """
    if folder is None:
        run = os.environ.get("XDG_RUNTIME_DIR", "")
        beside = Path(tempfile.gettempdir(), f"warm-kernels-{os.getuid()}")
        folder = Path(run, "warm-kernels") if run and Path(run).is_dir() else beside
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
    except OSError as error:
        raise NoZygote(f"no private folder: {error}") from error
    own = stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()
    if not own or about.st_mode & 0o077:
        raise NoZygote(f"{folder} is not a folder of this user alone (mode 0700)")
    if len(os.fsencode(folder)) + len("/0123456789abcdef.sock") > _LONGEST_NAME:
        raise NoZygote(f"the name of {folder} is too long for a socket")
    return folder


def starting_lock(address: Path, readying: str) -> Path:
    """Return what is locked while a zygote starts, so that nobody starts a second one.

    One that reads data takes long; whoever wants another zygote does not wait for it.

    Examples
    --------
    >>> starting_lock(Path("kernels/1a2b.sock"), "").name
    'start.lock'
    """
    return address.with_name("read.lock" if readying else "start.lock")
