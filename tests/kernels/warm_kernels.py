"""Kernels of one private folder, started and ended as jupyter_client does it."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from smup_lib.kernels import provisioner
from smup_lib.kernels.kernelspec import write_kernelspec
from smup_lib.kernels.launching import WarmKernel
from tests.live_zygotes import end_zygotes

WARM, PLAIN = "warm", "plain"


class Kitchen:
    """A folder with a kernel specification and, once a kernel was asked for, a zygote."""

    def __init__(self, modules: Sequence[str] = (), idle_seconds: float = 60.0) -> None:
        provisioner.register()
        # not pytest's: its names are too long for a socket
        self.folder = Path(tempfile.mkdtemp(prefix="zygote-"))
        self.sockets = self.folder / "sockets"
        self.write(modules, idle_seconds)

    def write(
        self, modules: Sequence[str], idle_seconds: float = 60.0, *, readying: str = ""
    ) -> None:
        write_kernelspec(
            self.folder,
            "python3",
            modules=modules,
            display_name="Warm",
            idle_seconds=idle_seconds,
            sockets=self.sockets,
            readying=readying,
        )

    def manager(self, name: str = WARM, *, kind: Any = KernelManager, **traits: Any) -> Any:
        folders = [str(self.folder / "kernels")] if name == WARM else []
        where = tempfile.mkdtemp(dir=self.folder)
        return kind(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=folders),
            connection_file=f"{where}/kernel.json",
            **traits,
        )

    @contextmanager
    def kernel(self, name: str = WARM, *, start: Any = None, **traits: Any) -> Iterator[Talk]:
        manager = self.manager(name, **traits)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        manager.start_kernel(**{"env": self.environment(), **quiet, **(start or {})})
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            yield Talk(manager, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            client.context.destroy(linger=0)

    def environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, "IPYTHONDIR": str(self.folder / "ipython"), **more}

    def zygotes(self) -> list[Path]:
        return sorted(self.sockets.glob("*.sock"))

    def close(self) -> None:
        if self.sockets.exists():
            end_zygotes(self.sockets)
        shutil.rmtree(self.folder)


class Talk:
    """A kernel and what it says."""

    def __init__(self, manager: KernelManager, client: Any) -> None:
        self.manager = manager
        self.client = client

    @property
    def process(self) -> Any:
        return self.manager.provisioner.process

    @property
    def is_warm(self) -> bool:
        return isinstance(self.process, WarmKernel)

    def run(self, code: str) -> str:
        """Run code and return what it printed, or the name of its error."""
        texts = []

        def hear(message: Any) -> None:
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                texts.append(content["text"])
            elif message["msg_type"] == "error":
                texts.append(content["ename"])

        status = "aborted"
        while status == "aborted":  # it clears up after an error and drops what comes
            reply = self.client.execute_interactive(code, timeout=60, output_hook=hear)
            status = reply["content"]["status"]
        return "".join(texts).strip()


def wait_for_end(pid: int, seconds: float = 30.0) -> bool:
    """Wait until a process of anybody has ended; False when it goes on."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], seconds)[0])
    finally:
        os.close(process)
