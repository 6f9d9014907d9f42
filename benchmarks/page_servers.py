"""Our server and plain ``voila`` with the same notebook and home, and what their processes take."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180.0


@dataclass
class PageServer:
    """A server that runs.

    Attributes
    ----------
    name : str
        ``ours`` or ``plain``.
    process : Popen
        Of the server.
    page : str
        Address of the page, without a query.
    folder : Path
        Of its sockets and runtime files; its zygote is known by it.
    """

    name: str
    process: subprocess.Popen[bytes]
    page: str
    folder: Path

    def kernels(self) -> list[psutil.Process]:
        """Return the kernels that live."""
        family = self._family()
        own = {process.pid for process in family} | {self.process.pid}
        with_parent = [one for one in family if _parent(one) in own]
        return [one for one in with_parent if _is_kernel(one)]

    def zombies(self) -> int:
        """Return how many processes have ended and nobody has buried."""
        return sum(_status(one) == psutil.STATUS_ZOMBIE for one in self._family())

    def private_megabytes(self) -> list[float]:
        """Return the private memory (USS) of each kernel."""
        found = []
        for kernel in self.kernels():
            with suppress(psutil.Error):
                found.append(kernel.memory_full_info().uss / 1e6)
        return found

    def total_megabytes(self) -> float:
        """Return what all processes take together, shared pages counted once (PSS)."""
        total = 0.0
        for one in [psutil.Process(self.process.pid), *self._family()]:
            with suppress(psutil.Error):
                total += one.memory_full_info().pss / 1e6
        return total

    def _family(self) -> list[psutil.Process]:
        found = []
        with suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.process.pid).children(recursive=True)
        known = {process.pid for process in found}
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                if one.pid not in known and any(str(self.folder) in w for w in one.cmdline()):
                    found += [one, *one.children(recursive=True)]
                    known = {process.pid for process in found}
        return list({process.pid: process for process in found}.values())


def _parent(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.ppid())
    return 0


def _status(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return str(process.status())
    return ""


def _is_kernel(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        words = " ".join(process.cmdline())
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and ("ipykernel_launcher" in words or "smup_lib.kernels.zygote" in words)
    return False


@contextmanager
def running(name: str, home: Path, notebook: str, *options: str) -> Iterator[PageServer]:
    """Start a server, wait until it answers, and end it with all that it has started."""
    # not the system's folder for temporary files below another: names of sockets must be short
    folder = Path(tempfile.mkdtemp(prefix=f"bench-{name}-"))
    port = _free_port()
    command = [sys.executable, "-m", "smup_lib.cli", "apps", "serve", "--no-open", *options]
    path = f"/voila/render/{notebook}"
    if name == "plain":
        command = [sys.executable, "-m", "voila", str(ROOT / "dashboards" / notebook)]
        command += ["--no-browser", "--Voila.log_level=40"]
        path = "/"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--port={port}"],
            env={
                **os.environ,
                "SMUP_HOME": str(home),
                "PYTHONPATH": str(ROOT),
                "XDG_RUNTIME_DIR": str(folder),
                "JUPYTER_RUNTIME_DIR": str(folder / "jupyter"),
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = PageServer(name, process, f"http://127.0.0.1:{port}{path}", folder)
    try:
        _wait_until_it_answers(server, port)
        yield server
    finally:
        _end(server)


def _wait_until_it_answers(server: PageServer, port: int) -> None:
    """Wait for the port, and until ours has read the data; plain Voilà reads none."""
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        if server.process.poll() is not None:
            raise RuntimeError((server.folder / "log").read_text(encoding="utf-8"))
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            state = (
                ""
                if server.name == "plain"
                else answer_of(f"http://127.0.0.1:{port}/voila/state")[1]
            )
            if not state or json.loads(state)["ready"]:
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def answer_of(address: str) -> tuple[int, str]:
    """Return the status and text of a page."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def end_processes(folder: Path) -> None:
    """End all processes that were started with a folder in their words, as zygotes are."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(str(folder) in word for word in process.cmdline()):
                process.kill()


def _end(server: PageServer) -> None:
    family = server._family()
    server.process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        server.process.wait(20)
    if server.process.poll() is None:
        server.process.kill()
    for process in family:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(family, timeout=20)
    shutil.rmtree(server.folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
