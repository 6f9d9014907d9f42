"""Ask the user's zygote for a kernel, starting the zygote first if there is none.

Every way of not getting one ends in :class:`~smup_lib.kernels.messages.NoWarmKernel` within a
stated time; the caller then starts an ordinary kernel.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smup_lib.kernels.messages import (
    NoWarmKernel,
    NoZygote,
    new_socket,
    peer,
    private_folder,
    receive,
    send,
    starting_lock,
)

#: How long a zygote may import, and a forked kernel may take until it answers.
START_SECONDS = 90.0
READY_SECONDS = 30.0
#: Of one user, at once: each holds the libraries in memory until it is idle.
MOST_ZYGOTES = 4
#: One for which nobody has asked so long makes room for another; who keeps one asks more often.
UNUSED_SECONDS = 60.0
#: A zygote may end, or its files change, between two words: then another is asked.
MOST_TRIES = 5
#: What a kernel's exit code is when its zygote did not live to tell it.
UNKNOWN_CODE = 255


@dataclass(frozen=True)
class Wanted:
    """A zygote that would do: the interpreter with its options, and what is done in advance.

    Attributes
    ----------
    interpreter : tuple of str
        The program and its own options.
    modules : tuple of str
        What is imported.
    idle_seconds : float
        How long it waits for a request when it has no kernel.
    folder : Path, optional
        Of its socket; a private one of the user when omitted.
    readying : str
        ``package.module:function`` that is called once after the imports; empty for none.
    """

    interpreter: tuple[str, ...]
    modules: tuple[str, ...] = ()
    idle_seconds: float = 300.0
    folder: Path | None = None
    readying: str = ""


@dataclass
class WarmKernel:
    """A forked kernel, with what :class:`subprocess.Popen` offers for a started one.

    Attributes
    ----------
    pid : int
        Of the process, which is also the head of its process group.
    ports : mapping of str to int
        On which it listens.
    returncode : int or None
        None while it runs; the negative number of a signal that killed it; ``UNKNOWN_CODE`` when it
        has ended after its zygote.
    """

    pid: int
    ports: Mapping[str, int]
    connection: socket.socket
    returncode: int | None = None
    stdin: None = None
    stdout: None = None
    stderr: None = None
    _one_reader: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        return self._ended_within(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code."""
        code = self._ended_within(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def _ended_within(self, seconds: float | None) -> int | None:
        with self._one_reader:
            if self.returncode is None and _readable(self.connection, seconds):
                message, _ = receive(self.connection)
                self.returncode = int(message.get("code", UNKNOWN_CODE))
                # now its number may be given to another process, and what it left is killed
                self.connection.close()
        return self.returncode


def is_possible() -> bool:
    """Whether kernels can be forked on this system: Linux, for what /proc and its sockets tell."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def launch(
    wanted: Wanted,
    request: Mapping[str, Any],
    fds: Sequence[int],
    seconds: float = START_SECONDS + READY_SECONDS,
) -> WarmKernel:
    """Fork a kernel and wait until it listens.

    Parameters
    ----------
    wanted : Wanted
        Which zygote will do.
    request : mapping of str to object
        ``argv``, ``cwd``, ``environment`` and ``own_ports``, see
        :func:`smup_lib.kernels.warm_kernel.run_kernel`.
    fds : sequence of int
        Stdout and stderr of the kernel.
    seconds : float
        How long all of it may take.

    Raises
    ------
    NoWarmKernel
        When it cannot be, with the reason.
    """
    if not is_possible():
        raise NoZygote("this system cannot fork kernels")
    last = time.monotonic() + seconds
    also: list[str] = []
    for _ in range(MOST_TRIES):
        connection = _connect(wanted, request["environment"], also, last)
        try:
            answer = _first_answer(connection, request, fds, last)
        except BaseException:
            connection.close()
            raise
        if answer.get("kind") == "ready":
            return WarmKernel(answer["pid"], answer["ports"], connection)
        connection.close()
        if answer.get("kind") == "ended":
            raise NoWarmKernel(f"the kernel ended at its start with code {answer['code']}")
        also = answer.get("reads", also)
    raise NoZygote("the zygote has changed again and again")


def prepare(wanted: Wanted, environment: Mapping[str, str], seconds: float = START_SECONDS) -> None:
    """Start the zygote that requests like this will ask, unless one serves them already.

    Call it again now and then: one that has ended is replaced before anybody waits for it. One
    whose files have changed is replaced when the next kernel is wanted.

    Parameters
    ----------
    wanted : Wanted
        Which zygote will do.
    environment : mapping of str to str
        Of the requests.
    seconds : float
        How long all of it may take.

    Raises
    ------
    NoWarmKernel
        When it cannot be started.
    """
    if not is_possible():
        raise NoZygote("this system cannot fork kernels")
    last = time.monotonic() + seconds
    also: list[str] = []
    for _ in range(MOST_TRIES):
        with _connect(wanted, environment, also, last) as connection:
            answer = _first_answer(connection, {"environment": dict(environment)}, (), last)
        if answer.get("kind") == "serves":
            return
        also = answer.get("reads", also)
    raise NoZygote("the zygote has changed again and again")


def _left(last: float) -> float:
    return max(0.0, last - time.monotonic())


def _first_answer(
    connection: socket.socket, request: Mapping[str, Any], fds: Sequence[int], last: float
) -> dict[str, Any]:
    """Return the first word of a kernel, or of the zygote when there will be none."""
    last = min(last, time.monotonic() + READY_SECONDS)
    try:
        send(connection, request, fds)
        while _readable(connection, _left(last)):
            message, _ = receive(connection)
            if not message:
                return {"kind": "gone"}
            return message
    except (BrokenPipeError, ConnectionResetError):
        return {"kind": "gone"}
    except OSError as error:
        raise NoWarmKernel(f"the request could not be sent: {error}") from error
    raise NoZygote(f"the kernel did not answer within {READY_SECONDS:.0f} seconds")


def _readable(connection: socket.socket, seconds: float | None) -> bool:
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    return bool(waiting.poll(None if seconds is None else seconds * 1000))


def _connect(
    wanted: Wanted, environment: Mapping[str, str], also: Sequence[str], last: float
) -> socket.socket:
    from smup_lib.kernels.inheritance import key

    try:
        folder = private_folder(wanted.folder)
        done = [*wanted.modules, *filter(None, (wanted.readying,))]
        name = key(wanted.interpreter, done, environment, also)
        connection = _served(wanted, folder / f"{name}.sock", environment, last)
    except OSError as error:  # a file that cannot be read or made, a lock that nobody gives back
        raise NoZygote(f"the zygote cannot be asked: {error}") from error
    if connection is None:
        raise NoZygote("the zygote ended at its start")
    return connection


def _served(
    wanted: Wanted, address: Path, environment: Mapping[str, str], last: float
) -> socket.socket | None:
    """Connect to a zygote, which is started when none serves."""
    import filelock

    connection = _connected(address)
    if connection is not None:
        return connection
    lock = starting_lock(address, wanted.readying)
    with filelock.FileLock(lock, timeout=_left(last), mode=0o600):
        connection = _connected(address)
        if connection is None:
            _start(wanted, address, environment, last)
            connection = _connected(address)
    return connection


def _connected(address: Path) -> socket.socket | None:
    connection = new_socket()
    try:
        connection.connect(str(address))
    except OSError:
        connection.close()
        return None
    if peer(connection)[1] != os.getuid():
        connection.close()
        raise NoZygote(f"{address} is served by another user")
    return connection


def _start(wanted: Wanted, address: Path, environment: Mapping[str, str], last: float) -> None:
    """Start a zygote and wait until it listens; its own words stand in a log beside its socket."""
    others = [path for path in address.parent.glob("*.sock") if path != address]
    served = [path for path in others if _is_served(path)]
    if len(served) >= MOST_ZYGOTES and not any(_makes_room(path, last) for path in served):
        raise NoZygote(f"{MOST_ZYGOTES} zygotes run already; an unused one makes room in a minute")
    reading, writing = os.pipe()
    done = json.dumps({"modules": wanted.modules, "readying": wanted.readying})
    arguments = (str(address), done, str(wanted.idle_seconds), str(writing))
    with address.with_suffix(".log").open("ab") as log, os.fdopen(reading, "rb") as status:
        try:
            started = subprocess.run(
                [*wanted.interpreter, "-m", "smup_lib.kernels.zygote", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(environment),
                cwd="/",
                pass_fds=[writing],
                start_new_session=True,
                timeout=_left(last),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoZygote(f"the zygote does not start: {error}") from error
        finally:
            os.close(writing)
        told, _, _ = select.select([status], [], [], _left(last))
        answer = status.read() if told else b""
    problem = json.loads(answer)["problem"] if answer else f"it ended ({started.returncode})"
    if problem:
        raise NoZygote(f"the zygote does not start: {problem}; see {log.name}")


def _makes_room(address: Path, last: float) -> bool:
    """Ask a zygote to end that nobody uses, such as that of a server which has ended."""
    connection = _connected(address)
    if connection is None:
        return True
    with connection:
        answer = _first_answer(connection, {"unused_for": UNUSED_SECONDS}, (), last)
    return bool(answer["kind"] != "stays")


def _is_served(address: Path) -> bool:
    connection = _connected(address)
    if connection is None:
        address.unlink(missing_ok=True)
        address.with_suffix(".log").unlink(missing_ok=True)
        return False
    connection.close()
    return True
