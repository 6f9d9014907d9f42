"""Notebooks of a test run start from one zygote that all workers share, as an analyst's may.

Reports keep the way of :mod:`smup_lib.reports.execution`: no specification takes part in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smup_lib.apps.warm_notebooks import write_warm_kernel
from smup_lib.kernels import provisioner
from tests.live_zygotes import end_zygotes
from tests.sample_home import made_once, run_dir


@contextmanager
def warm_python3() -> Iterator[None]:
    """Let ``python3`` mean a fork of this interpreter, or an ordinary kernel of it."""
    provisioner.register()
    folder = made_once("jupyter", _write)
    known = os.environ.get("JUPYTER_PATH", "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", os.pathsep.join(filter(None, [str(folder), known])))
        yield


def end_warm_notebooks() -> None:
    """End the zygote of the run, if there is one."""
    if _sockets().is_dir():
        end_zygotes(_sockets())


def _write(folder: Path) -> None:
    write_warm_kernel(folder, "python3", sockets=_sockets())


def _sockets() -> Path:
    return run_dir() / "zygotes"
