"""How soon is a kernel ready, warm and ordinary, and what does a warm one keep for itself?

Ready means that it has answered; twenty starts after one that is not counted (``measure.spread``).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from measure import print_machine, print_row, seconds, spread
from page_servers import end_processes

from smup_lib.apps.serving.warm_pages import MODULES
from smup_lib.kernels import provisioner
from smup_lib.kernels.kernelspec import write_kernelspec
from smup_lib.kernels.launching import WarmKernel

STARTS = 20
TARGET = "0.2 s, aim 0.1 s"


def start(folder: Path | None) -> KernelManager:
    folders = [str(folder / "kernels")] if folder else []
    manager = KernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=folders))
    with Path(os.devnull).open("wb") as nothing:
        manager.start_kernel(stdout=nothing, stderr=nothing)
    return manager


def ready(folder: Path | None, code: str = "1") -> float:
    """Start a kernel, wait until it has run a cell, and end it; return its private MB."""
    manager = start(folder)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(code, timeout=60)
        kernel = manager.provisioner.process
        assert (folder is not None) == isinstance(kernel, WarmKernel)
        return float(psutil.Process(kernel.pid).memory_full_info().uss) / 1e6
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def launched(folder: Path) -> Callable[[], None]:
    """Return what is timed: only the launch, until the kernel listens on its ports."""
    managers: list[KernelManager] = []

    def launch() -> None:
        managers.append(start(folder))

    def end() -> None:
        managers.pop().shutdown_kernel(now=True)

    launch.end = end  # type: ignore[attr-defined]
    return launch


def main() -> None:
    print_machine()
    provisioner.register()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        write_kernelspec(
            *(folder, "python3"), modules=MODULES, display_name="Warm", sockets=folder / "run"
        )
        code = f"import {', '.join(MODULES)}"
        try:
            print_row("first warm kernel: the zygote imports", seconds(lambda: ready(folder)))
            launch = launched(folder)
            times = []
            for _ in range(STARTS):
                times.append(seconds(launch))
                launch.end()  # type: ignore[attr-defined]
            times.sort()
            print_row("warm kernel listens, median of 20", times[STARTS // 2], target=TARGET)
            print_row("warm kernel listens, worst of 20", times[-1], target=TARGET)
            for what, cell in (("a cell", "1"), ("the libraries of a page", code)):
                warm = spread([lambda cell=cell: ready(folder, cell)] * STARTS)
                plain = spread([lambda cell=cell: ready(None, cell)] * 5)
                print_row(f"start, {what}, end: median", warm[0], plain[0])
                print_row(f"start, {what}, end: worst", warm[1], plain[1])
            print(f"private memory with the libraries | warm {ready(folder, code):.0f} MB", end="")
            print(f" | ordinary {ready(None, code):.0f} MB")
        finally:
            end_processes(folder)
    sys.exit(times[STARTS // 2] > 0.2)


if __name__ == "__main__":
    main()
