"""A kernel provisioner for jupyter_client: kernels forked from a zygote, or ordinary ones.

A kernel specification asks for it by name, so papermill, nbclient, nbval, Voilà and JupyterLab use
it without knowing. Interrupt, restart and shutdown are the parent class's, which works on a process
group whoever started it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import time
from contextlib import ExitStack
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Float, List, Unicode

from smup_lib.kernels.launching import Wanted, WarmKernel, launch
from smup_lib.kernels.messages import NoWarmKernel, NoZygote

#: What a kernel specification writes as ``metadata.kernel_provisioner.provisioner_name``.
NAME = "smup-zygote"
#: After a failure nobody waits for another try before this.
PAUSE_SECONDS = 300.0

_log = logging.getLogger(__name__)
_failed: dict[Wanted, float] = {}


class ZygoteProvisioner(LocalProvisioner):
    """Launches a kernel by forking the user's zygote; where that cannot be, in the ordinary way.

    Why it cannot be is said in the log once a reason. Nothing else differs for the user of the
    kernel but the time.
    """

    modules = List(Unicode(), config=True, help="Modules that the zygote imports in advance.")
    idle_seconds = Float(300.0, config=True, help="How long a zygote waits for the next request.")
    folder = Unicode("", config=True, help="Of the sockets; empty: a private one of the user.")
    readying = Unicode("", config=True, help="A function that the zygote calls before it forks.")

    _own_ports = False

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Leave the choice of ports to the kernel: one chosen here may be lost by then."""
        manager = self.parent
        fresh = manager is not None and manager.transport == "tcp" and not manager.shell_port
        cached, self.ports_cached = self.ports_cached, True
        try:
            kwargs = await super().pre_launch(**kwargs)
        finally:
            self.ports_cached = cached
        self._own_ports = bool(fresh)
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel and return where it listens."""
        loop = asyncio.get_running_loop()
        try:
            kernel = await loop.run_in_executor(None, self._fork, cmd, kwargs)
        except NoWarmKernel as reason:
            _say_once(str(reason))
            return await self._launch_ordinary(cmd, **kwargs)
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        for name, port in kernel.ports.items():
            if self.parent is not None:
                setattr(self.parent, name, port)
            self.connection_info[name] = port  # type: ignore[literal-required]
        return self.connection_info

    async def _launch_ordinary(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        known = await super().launch_kernel(cmd, **kwargs)
        if hasattr(os, "getpgrp") and self.pgid == os.getpgrp():
            # killed before it had a group of its own; a signal for the group would end its launcher
            self.pgid = None
        return known

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> WarmKernel:
        interpreter, arguments = _ipykernel_command(cmd)
        folder = Path(self.folder) if self.folder else None
        modules = tuple(self.modules)
        wanted = Wanted(interpreter, modules, self.idle_seconds, folder, self.readying)
        if _failed.get(wanted, 0.0) > time.monotonic():
            raise NoZygote("the last try failed; the next one waits")
        if kwargs.get("independent") or kwargs.get("stdin") is not None:
            raise NoWarmKernel("the kernel shall outlive its launcher or read from it")
        environment = {
            **kwargs.get("env", os.environ),
            "JPY_PARENT_PID": str(os.getpid()),  # as an ordinary kernel has it
        }
        request = {
            "argv": arguments,
            "cwd": str(Path(kwargs.get("cwd") or Path.cwd()).resolve()),
            "environment": environment,
            "own_ports": self._own_ports,
        }
        try:
            with ExitStack() as opened:
                fds = _outputs(kwargs.get("stdout"), kwargs.get("stderr"), opened)
                return launch(wanted, request, fds)
        except NoZygote:
            _failed[wanted] = time.monotonic() + PAUSE_SECONDS
            raise


def register() -> None:
    """Make the provisioner known in this process, also when the installation is older than it."""
    known = KernelProvisionerFactory.provisioners
    value = f"{ZygoteProvisioner.__module__}:{ZygoteProvisioner.__name__}"
    known.setdefault(NAME, EntryPoint(NAME, value, KernelProvisionerFactory.GROUP_NAME))


def _ipykernel_command(cmd: list[str]) -> tuple[tuple[str, ...], list[str]]:
    place = cmd.index("-m") if "-m" in cmd else len(cmd)
    if cmd[place + 1 : place + 2] not in (["ipykernel_launcher"], ["ipykernel"]):
        raise NoWarmKernel("the kernel is not ipykernel")
    return tuple(cmd[:place]), [str(Path(part).expanduser()) for part in cmd[place + 2 :]]


def _outputs(stdout: Any, stderr: Any, opened: ExitStack) -> list[int]:
    """Return the files that a kernel writes to; what it inherits when none are given."""
    fds: list[int] = []
    for number, given in ((1, stdout), (2, stderr)):
        if given == subprocess.PIPE:
            raise NoWarmKernel("a kernel that writes into a pipe of its launcher is started by it")
        if given == subprocess.DEVNULL:
            given = os.open(os.devnull, os.O_WRONLY)
            opened.callback(os.close, given)
        elif given == subprocess.STDOUT:
            given = fds[0]
        fds.append(number if given is None else given if isinstance(given, int) else given.fileno())
    return fds


def _say_once(reason: str) -> None:
    if reason not in _said:
        _said.add(reason)
        _log.warning("Jądro notatnika uruchamia się zwykłą drogą, wolniej: %s.", reason)


_said: set[str] = set()
