"""Pages open quickly: their kernels are forked from a process that has imported what they need.

Nothing is installed for it. The server asks for warm kernels itself, and where there can be none
(not Linux, a folder that others may enter) a page gets an ordinary kernel.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from traitlets.config import Config

from smup_lib.apps.opening import APPS
from smup_lib.apps.serving.ready_seconds import most_seconds
from smup_lib.errors import SmupError
from smup_lib.kernels import provisioner
from smup_lib.kernels.launching import Wanted, prepare
from smup_lib.kernels.messages import NoWarmKernel
from smup_lib.snapshots.store import PINNED, current_id

_log = logging.getLogger("tornado.application")
#: What a page imports until it is drawn; a test compares it with a page.
MODULES = (
    *("numpy.random", "duckdb", "pyarrow.pandas_compat", "pyarrow.parquet", "yaml"),
    *("bqplot", "ipywidgets", "fontTools.subset", "brotli"),
    *("smup_lib.apps.opening", "smup_lib.apps.parts.style"),
    *(module for module, _ in APPS.values()),
)
#: Between two visitors; afterwards the next one waits for the libraries again.
IDLE_SECONDS = 1800.0
#: How often it is looked whether all is ready.
LOOK_SECONDS = 15.0
#: How long it may take until all is ready, on a computer that has much else to do.
START_SECONDS = 300.0
#: What is then done once: data that all visitors look at are opened before the first comes.
READYING = "smup_lib.apps.serving.warm_workspace:warm_workspace"


#: How long the process without the data stays: the one with them takes its place.
IDLE_WITHOUT_DATA = 300.0


@dataclass
class _Read:
    """Which state of the data is read by the process from which kernels are forked; None: none."""

    snapshot: str | None = None
    coming: str | None = None
    """Which it is just reading."""


_READ = _Read()


class WarmKernelSpec(KernelSpec):
    """A kernel of this computer, which asks for a warm one unless its specification names a way."""

    def __init__(self, **fields: Any) -> None:
        wanted = {"provisioner_name": provisioner.NAME, "config": _wish(_snapshot() or "")}
        if "argv" in fields:  # a page has no history that anybody would search
            fields["argv"] = [*fields["argv"], "--HistoryManager.enabled=False"]
        fields["metadata"] = {"kernel_provisioner": wanted, **fields.get("metadata", {})}
        super().__init__(**fields)


def _wish(snapshot: str) -> dict[str, Any]:
    """Return what a kernel asks for: a process that has read the data only where it is ready."""
    if snapshot and snapshot == _READ.snapshot:
        return _with_data()
    idle = IDLE_WITHOUT_DATA if most_seconds() else IDLE_SECONDS
    return {"modules": list(MODULES), "readying": "", "idle_seconds": idle}


def _snapshot() -> str | None:
    """Return the state of the data that the next page will show."""
    with suppress(SmupError):
        return os.environ.get(PINNED) or current_id()
    return None


def start_early() -> None:
    """Import the libraries while the server starts, so that the first page does not wait for them.

    Where it cannot be, nothing is lost: the first kernel says why.
    """
    snapshot = _snapshot()
    if most_seconds():
        _READ.coming = snapshot
    with suppress(NoWarmKernel):
        _prepare(_wish(""), snapshot)


def is_reading() -> bool:
    """Tell whether the data that the next page will show are just being read for all pages."""
    return _READ.coming is not None and _READ.coming == _snapshot()


def keep_early() -> None:
    """Read the data too, and look now and then whether all is ready for the next page; for ever.

    Until the data are read, and when others have become current, pages get a kernel that reads them
    itself. A process that was killed is replaced before a visitor has to wait for it.
    """
    while True:
        snapshot = _snapshot()
        if not most_seconds() or snapshot is None:
            with suppress(NoWarmKernel):
                _prepare(_wish(""), snapshot)
        else:
            _read(snapshot)
        time.sleep(LOOK_SECONDS)


def _read(snapshot: str) -> None:
    if snapshot != _READ.snapshot:
        _READ.coming = snapshot
    try:
        _prepare(_with_data(), snapshot)
        _READ.snapshot = snapshot
    except NoWarmKernel as error:  # pages read the data themselves, which takes time and memory
        _log.warning("The data could not be read in advance: %s", error)
    finally:
        _READ.coming = None


def _with_data() -> dict[str, Any]:
    return {"modules": list(MODULES), "readying": READYING, "idle_seconds": IDLE_SECONDS}


def _prepare(wish: dict[str, Any], snapshot: str | None) -> None:
    argv = KernelSpecManager().get_kernel_spec(NATIVE_KERNEL_NAME).argv
    interpreter = (sys.executable, *argv[1 : argv.index("-m")])
    wanted = Wanted(interpreter, MODULES, wish["idle_seconds"], readying=wish["readying"])
    # pages are told which snapshot is theirs, and a zygote that has read it serves no other
    pinned = {PINNED: snapshot} if snapshot else {}
    prepare(wanted, {**os.environ, **pinned}, START_SECONDS)


def use_warm_kernels(config: Config) -> None:
    """Let the kernels that a server of this configuration starts be warm."""
    provisioner.register()
    config.KernelSpecManager.kernel_spec_class = WarmKernelSpec
