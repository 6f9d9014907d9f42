"""The zygote: one process with the libraries imported, which forks a ready kernel per request.

It is started by :mod:`smup_lib.kernels.launching`, never by hand. It serves one user
over one socket and has no thread. It ends when nobody has asked for a while and no kernel is left,
and stops serving as soon as a file that it has imported, or that it was made ready with, changes on
the disk. Its kernels do not need it: when it is killed they live on, end with their launchers, and
only their exit code is lost.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sys
import sysconfig
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from smup_lib.kernels.dense_memory import settle_before_forks
from smup_lib.kernels.forking import INLINE_PLOTS
from smup_lib.kernels.inheritance import reads_recorded, seen
from smup_lib.kernels.messages import new_socket, peer, receive, send, starting_lock
from smup_lib.kernels.module_files import list_modules
from smup_lib.kernels.native_threads import import_modules, list_threads
from smup_lib.kernels.readying import make_ready
from smup_lib.kernels.rehearsal import modules_of_a_start
from smup_lib.kernels.warm_kernel import run_kernel

#: What every Python kernel imports.
KERNEL_MODULES = ("ipykernel.kernelapp", "ipykernel.ipkernel")
States = dict[str, tuple[int, int] | None]


@dataclass
class Child:
    """A forked kernel: its number and, until its launcher has gone, the connection to it."""

    pid: int
    connection: socket.socket | None
    ended: bool = False


@dataclass
class Forked:
    """What a new child goes on with."""

    connection: socket.socket
    request: dict[str, Any]
    fds: list[int]


class Zygote:
    """Serves requests until it is idle, or is the child that has to become a kernel.

    Parameters
    ----------
    address : Path
        Of its socket.
    listener : socket
        Bound there.
    reads : mapping of str to str or None
        Variables that the imported modules have read.
    states : mapping of str to tuple
        Size and time of the files that were imported or read; None for one that was not there.
    idle_seconds : float
        How long it waits for a request when it has no kernel.
    lock : Path
        Held by whoever starts one like this.
    """

    def __init__(
        self,
        address: Path,
        listener: socket.socket,
        reads: Mapping[str, str | None],
        states: Mapping[str, tuple[int, int] | None],
        idle_seconds: float,
        lock: Path,
    ) -> None:
        self.address = address
        self.listener: socket.socket | None = listener
        self.reads = reads
        self.states = states
        self.idle_seconds = idle_seconds
        self.lock = lock
        self.last = time.monotonic()
        self.asking: set[socket.socket] = set()
        self.children: dict[int, Child] = {}  # by file descriptor of the process
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, self._accept)

    def serve(self) -> Forked | None:
        """Serve. Returns in each child with its request, and in the zygote at its end with None."""
        while self.listener is not None or self.children:
            left = max(0.0, self.last + self.idle_seconds - time.monotonic())
            events = self.selector.select(None if self.children else left)
            for entry, _ in events:
                forked = entry.data(entry.fileobj)
                if forked is not None:
                    return forked  # type: ignore[no-any-return]
            if self.children:
                self.last = time.monotonic()
            elif time.monotonic() - self.last >= self.idle_seconds:
                self._leave_when_nobody_starts_one()
        return None

    def _accept(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        if peer(connection)[1] != os.getuid():
            connection.close()
            return
        self.asking.add(connection)
        self.selector.register(connection, selectors.EVENT_READ, self._answer)

    def _answer(self, connection: socket.socket) -> Forked | None:
        self.selector.unregister(connection)
        self.asking.discard(connection)
        request, fds = receive(connection)
        forked = None
        if "unused_for" in request:
            self._make_room(connection, request["unused_for"])
        elif request:
            self.last = time.monotonic()
            refusal = self._refusal(request)
            if refusal is None and "argv" in request:
                forked = self._fork(connection, request, fds)
            else:
                answer = {"kind": "serves"} if refusal is None else {"kind": "refused", **refusal}
                with suppress(BrokenPipeError, ConnectionResetError):
                    send(connection, answer)
                connection.close()
        else:
            connection.close()
        if forked is None:
            for fd in fds:
                os.close(fd)
        return forked

    def _make_room(self, connection: socket.socket, unused_for: float) -> None:
        """Leave, so that another may start, if nobody has asked for so long and no kernel lives."""
        leaves = not self.children and time.monotonic() - self.last >= unused_for
        if leaves:
            self._close_listener()
        with suppress(BrokenPipeError, ConnectionResetError):
            send(connection, {"kind": "leaves" if leaves else "stays"})
        connection.close()

    def _refusal(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        # files are looked at for a kernel only: while somebody edits them, all would be imported
        # again and again for nobody
        if "argv" in request and any(_state(path) != was for path, was in self.states.items()):
            self._close_listener()
            return {"changed": True}
        environment = request["environment"]
        differing = [name for name, value in self.reads.items() if seen(environment, name) != value]
        if differing:
            # all that were read: the answer, and with it the name of the other zygote, is the same
            # whoever asks
            return {"reads": sorted(self.reads)}
        return None

    def _fork(
        self, connection: socket.socket, request: dict[str, Any], fds: list[int]
    ) -> Forked | None:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            self._forget()
            return Forked(connection, request, fds)
        process = os.pidfd_open(pid)
        self.children[process] = Child(pid, connection)
        self.selector.register(process, selectors.EVENT_READ, self._ended)
        self.selector.register(connection, selectors.EVENT_READ, self._left(process))
        return None

    def _forget(self) -> None:
        """Close, in a child, what is the zygote's: an open copy would keep others alive."""
        self.selector.close()
        if self.listener is not None:
            self.listener.close()
        for connection in self.asking:
            connection.close()
        for process, child in self.children.items():
            os.close(process)
            if child.connection is not None:
                child.connection.close()

    def _ended(self, process: int) -> None:
        self.selector.unregister(process)
        child = self.children[process]
        child.ended = True
        # not reaped before the launcher has gone: until then nobody else gets its number
        result = os.waitid(os.P_PIDFD, process, os.WEXITED | os.WNOWAIT)
        if child.connection is None:
            self._bury(process)
        elif result is not None:
            code = result.si_status if result.si_code == os.CLD_EXITED else -result.si_status
            with suppress(BrokenPipeError, ConnectionResetError):
                send(child.connection, {"kind": "ended", "code": code})

    def _left(self, process: int) -> Any:
        def left(connection: socket.socket) -> None:
            self.selector.unregister(connection)
            connection.close()
            child = self.children[process]
            child.connection = None
            for kill in (os.kill, os.killpg):
                # it may have ended, or not be the head of its group yet
                with suppress(ProcessLookupError):
                    kill(child.pid, signal.SIGKILL)
            if child.ended:
                self._bury(process)

        return left

    def _bury(self, process: int) -> None:
        child = self.children.pop(process)
        os.close(process)
        os.waitpid(child.pid, 0)

    def _leave_when_nobody_starts_one(self) -> None:
        try:
            with filelock.FileLock(self.lock, timeout=0):
                self._close_listener()
        except filelock.Timeout:
            return

    def _close_listener(self) -> None:
        if self.listener is not None:
            self.selector.unregister(self.listener)
            self.address.unlink(missing_ok=True)
            self.listener.close()
            self.listener = None


def imported_states() -> States:
    """Return size and time of every file that this process has imported, and of where they lie."""
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    paths = sorted(str(path) for path in {*files, *folders} - {None})
    return {path: state for path in paths if (state := _state(path)) is not None}


def _state(path: str) -> tuple[int, int] | None:
    try:
        about = os.stat(path)  # noqa: PTH116 - thousands of them for each request
    except OSError:
        return None
    return about.st_mtime_ns, 0 if os.path.isdir(path) else about.st_size  # noqa: PTH112


def _tell_starter(status: int, problem: str) -> None:
    os.write(status, json.dumps({"problem": problem}).encode())
    os.close(status)


def main(address: str, done: str, idle_seconds: str, status: str) -> None:
    """Become a zygote and serve; the arguments are written by the launching module."""
    if os.fork():
        os._exit(0)  # whoever started it need not wait for it
    del sys.path[0]  # the folder it was started in, as in any kernel
    told, asked = int(status), json.loads(done)
    before = dict(os.environ)
    os.environ.update({name: os.environ.get(name) or told for name, told in INLINE_PLOTS.items()})
    with reads_recorded() as reads:
        guilty = import_modules([*KERNEL_MODULES, *asked["modules"]])
        guilty += import_modules([] if guilty else modules_of_a_start())
        read = [] if guilty else make_ready(asked["readying"])
    if guilty or list_threads():
        names = ", ".join(guilty) or asked["readying"] or "a module"
        return _tell_starter(told, f"{names} started a thread that a fork would lose")
    set_by_modules = {
        name: value
        for name, value in os.environ.items()
        if name not in INLINE_PLOTS and before.get(name) != value
    }
    reads = {name: value for name, value in reads.items() if name not in set_by_modules}
    where = Path(address)
    listener = new_socket()
    where.unlink(missing_ok=True)
    listener.bind(address)
    listener.listen(128)
    states = {**imported_states(), **{path: _state(path) for path in read}}
    listed = list_modules()
    settle_before_forks()
    _tell_starter(told, "")
    lock = starting_lock(where, asked["readying"])
    forked = Zygote(where, listener, reads, states, float(idle_seconds), lock).serve()
    if forked is not None:
        run_kernel(forked.connection, forked.request, forked.fds, set_by_modules, listed)


if __name__ == "__main__":
    main(*sys.argv[1:])
