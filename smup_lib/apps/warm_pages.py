"""Pages open quickly: their kernels are forked from a process that has imported what they need.

Nothing is installed for it. The server asks for warm kernels itself, and where there can be none
(not Linux, a folder that others may enter) a page gets an ordinary kernel.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from traitlets.config import Config

from smup_lib.kernels import provisioner
from smup_lib.kernels.launching import Wanted, prepare
from smup_lib.kernels.messages import NoWarmKernel

#: What a page imports until it is drawn; a test compares it with a page.
MODULES = (
    *("numpy.random", "duckdb", "pyarrow.pandas_compat", "pyarrow.parquet", "yaml"),
    *("bqplot", "ipywidgets", "fontTools.subset", "brotli"),
    *("smup_lib.apps.opening", "smup_lib.apps.area", "smup_lib.apps.style"),
)
#: Between two visitors; afterwards the next one waits for the libraries again.
IDLE_SECONDS = 1800.0


class WarmKernelSpec(KernelSpec):
    """A kernel of this computer, which asks for a warm one unless its specification names a way."""

    def __init__(self, **fields: Any) -> None:
        config = {"modules": list(MODULES), "idle_seconds": IDLE_SECONDS}
        wanted = {"provisioner_name": provisioner.NAME, "config": config}
        fields["metadata"] = {"kernel_provisioner": wanted, **fields.get("metadata", {})}
        super().__init__(**fields)


def start_early() -> None:
    """Import the libraries while the server starts, so that the first page does not wait for them.

    Where it cannot be, nothing is lost: the first kernel says why.
    """
    argv = KernelSpecManager().get_kernel_spec(NATIVE_KERNEL_NAME).argv
    interpreter = (sys.executable, *argv[1 : argv.index("-m")])
    wanted = Wanted(interpreter, MODULES, IDLE_SECONDS)
    with suppress(NoWarmKernel):
        prepare(wanted, os.environ)


def use_warm_kernels(config: Config) -> None:
    """Let the kernels that a server of this configuration starts be warm."""
    provisioner.register()
    config.KernelSpecManager.kernel_spec_class = WarmKernelSpec
