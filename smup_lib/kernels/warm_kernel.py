"""What a fork of the zygote does to become a kernel like one that was started by itself.

It gets the session, working directory, environment, arguments and output of the request; chance
generators start anew; the kernel binds its own ports and tells them. It ends with its launcher:
a thread waits for the end of the connection, as ipykernel's own waits for the end of its parent.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from smup_lib.kernels.dense_memory import give_back
from smup_lib.kernels.messages import send
from smup_lib.kernels.module_files import ListedModules, modules_told

#: A kernel that has worked, and did nothing for so long, gives back the memory that it freed.
IDLE_SECONDS = 2.0
#: Processor time that counts as work.
WORTH_SECONDS = 0.05
_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


def run_kernel(
    connection: socket.socket,
    request: Mapping[str, Any],
    fds: Sequence[int],
    set_by_modules: Mapping[str, str],
    listed: ListedModules,
) -> None:
    """Be the kernel of a request until it ends.

    Parameters
    ----------
    connection : socket
        To the launcher.
    request : mapping of str to object
        ``argv``, ``cwd``, ``environment`` and ``own_ports``: whether the kernel chooses them.
    fds : sequence of int
        Its stdout and stderr.
    set_by_modules : mapping of str to str
        Variables that modules imported in advance have set, as they would have in the kernel.
    listed : ListedModules
        What was imported in advance.
    """
    _take_place(request, fds, set_by_modules)
    kind = _kernel_app(connection, own_ports=bool(request["own_ports"]))
    app = kind.instance(parent_handle=int(request["environment"]["JPY_PARENT_PID"]))
    with modules_told(listed):
        app.initialize()
    _announce_kernel(app.shell)
    ports = {name: getattr(app, name) for name in _PORTS}
    send(connection, {"kind": "ready", "pid": os.getpid(), "ports": ports})
    from tornado.ioloop import IOLoop

    # the kernel takes this loop when it starts
    IOLoop.current().add_callback(_tidy_when_idle)
    app.start()


async def _tidy_when_idle() -> None:
    """Give memory back each time that work has been done and there is none for a moment."""
    done, worked = time.process_time(), False
    while True:
        await asyncio.sleep(IDLE_SECONDS)
        spent, done = time.process_time() - done, time.process_time()
        if spent > WORTH_SECONDS:
            worked = True
        elif worked:
            give_back()
            worked, done = False, time.process_time()


def _take_place(
    request: Mapping[str, Any], fds: Sequence[int], set_by_modules: Mapping[str, str]
) -> None:
    os.environ.clear()
    os.environ.update({**set_by_modules, **request["environment"]})
    time.tzset()
    os.chdir(request["cwd"])
    sys.stdout.flush()
    sys.stderr.flush()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, fd in enumerate((nothing, *fds)):
        os.dup2(fd, number)
        os.close(fd)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=stream is sys.stderr or stream.isatty())  # type: ignore[union-attr]
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher.origin if launcher else "ipykernel_launcher"), *request["argv"]]
    tempfile.tempdir = None
    # Python's own generator does so after every fork
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _announce_kernel(shell: Any) -> None:
    """Tell ipywidgets, imported when there was no kernel yet, that there is one.

    It registers at its import, and only inside a kernel, where a page asks for the state of all
    widgets at once. Unregistered, the page asks for each alone, and waits for ever when one of the
    thousand answers is lost.
    """
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].load_ipython_extension(shell)


def _kernel_app(connection: socket.socket, *, own_ports: bool) -> Any:
    from ipykernel.kernelapp import IPKernelApp

    class WarmKernelApp(IPKernelApp):
        """ipykernel, which ends with its connection and may choose its ports itself."""

        def init_poller(self) -> None:
            self.poller = threading.Thread(
                target=_end_with, args=(connection,), name="launcher", daemon=True
            )

        def load_connection_file(self, connection_file: str | None = None) -> None:
            super().load_connection_file(connection_file)
            if own_ports:
                for name in _PORTS:
                    setattr(self, name, 0)

    return WarmKernelApp


def _end_with(connection: socket.socket) -> None:
    """Wait for the end of the connection, then kill the kernel and what it has started.

    The zygote does the same and needs no turn of this interpreter; this is for when it has died.
    """
    while connection.recv(1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)
