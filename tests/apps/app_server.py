"""Runs ``smup apps serve`` as a user would, on a free port, and ends it with Ctrl+C."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import psutil

from smup_lib.apps.serving.ready_seconds import READY
from tests.live_zygotes import zygotes

PATIENCE = 60


@dataclass
class Answer:
    status: int
    headers: Message
    text: str


@dataclass
class AppServer:
    process: subprocess.Popen[str]
    page: str
    """Address of the app, as the server printed it."""
    run_folder: Path
    """Of the sockets of its zygote."""
    said: list[str] = field(default_factory=list)
    """What it has said since; a server to which nobody listens would stop at a full pipe."""

    def __post_init__(self) -> None:
        self.hearer = threading.Thread(target=self._hear, daemon=True)

    def _hear(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as spoken:
            self.said.extend(spoken)

    @classmethod
    @contextmanager
    def running(cls, home: Path, repo_root: Path, *options: str) -> Iterator[AppServer]:
        server = cls.start(home, repo_root, *options)
        try:
            yield server
        finally:
            server.stop()

    @classmethod
    @contextmanager
    def serving(cls, home: Path, repo_root: Path, **chosen: object) -> Iterator[AppServer]:
        """Run a server with what only Python can choose, such as short times."""
        fields = ", ".join(f"{name}={value!r}" for name, value in chosen.items())
        code = (
            "from smup_lib.apps.serving import starting, options;"
            f"starting.serve_apps(options.Serving(port={free_port()}, {fields}), False)"
        )
        server = cls._start(home, repo_root, [sys.executable, "-c", code])
        try:
            yield server
        finally:
            server.stop()

    @classmethod
    def start(
        cls, home: Path, repo_root: Path, *options: str, ready_seconds: float = 0
    ) -> AppServer:
        """Start a server; one that lives for a module of tests reads no data for nobody."""
        command = [sys.executable, "-m", "smup_lib.cli", "apps", "serve", "--no-open", *options]
        command += ["--port", str(free_port())]
        return cls._start(home, repo_root, command, ready_seconds)

    @classmethod
    def _start(
        cls, home: Path, repo_root: Path, command: list[str], ready_seconds: float = 0
    ) -> AppServer:
        known = [str(repo_root), os.environ.get("PYTHONPATH", "")]
        # not pytest's: its names are too long for a socket
        run_folder = Path(tempfile.mkdtemp(prefix="run-"))
        process = subprocess.Popen(
            command,
            env={
                **os.environ,
                "SMUP_HOME": str(home),
                "PYTHONPATH": os.pathsep.join(filter(None, known)),
                "PYTHONUNBUFFERED": "1",
                "XDG_RUNTIME_DIR": str(run_folder),
                READY: str(ready_seconds),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_die_with_the_tests,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        if "http" not in line:
            _end_all([psutil.Process(process.pid)])
            rest = process.communicate()[0]
            shutil.rmtree(run_folder)
            raise RuntimeError(f"the server did not start:\n{line}{rest}")
        server = cls(process, line.split()[-1], run_folder)
        server.hearer.start()
        return server

    @property
    def root(self) -> str:
        return self.page.split("/voila/")[0].rstrip("/")

    def kernels(self) -> list[psutil.Process]:
        """Return the living kernels, oldest first."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        for zygote in self._zygotes():
            children += zygote.children()
        alive = [c for c in children if c.status() != psutil.STATUS_ZOMBIE]
        return sorted(alive, key=lambda child: child.create_time())

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        request = urllib.request.Request(self.root + path, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read().decode())

    def stop(self) -> str:
        """End it as Ctrl+C does and return what it still said; nothing it started stays behind."""
        family = self._family()
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=PATIENCE)
            self.hearer.join(timeout=PATIENCE)
            return "".join(self.said)
        finally:
            _end_all(family)
            shutil.rmtree(self.run_folder)

    def _zygotes(self) -> list[psutil.Process]:
        """Return the processes whose forks are the kernels."""
        folder = self.run_folder / "warm-kernels"
        return [psutil.Process(pid) for pid in zygotes(folder)] if folder.exists() else []

    def _family(self) -> list[psutil.Process]:
        """Return the server and its kernels, which stand in sessions of their own."""
        try:
            server = psutil.Process(self.process.pid)
            return [*server.children(recursive=True), server, *self._zygotes()]
        except psutil.NoSuchProcess:
            return self._zygotes()


def _die_with_the_tests() -> None:
    """Let Linux end the server when the process of the tests is killed and can end nothing."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def _end_all(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # psutil knows a process by pid and time of its start
            process.kill()
    psutil.wait_procs(processes, timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
