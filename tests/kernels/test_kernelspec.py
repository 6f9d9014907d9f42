"""Whoever starts kernels by a specification gets warm ones, and nothing is installed unasked."""

from __future__ import annotations

import importlib
import json
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import papermill
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from smup_lib.kernels.provisioner import NAME, ZygoteProvisioner
from tests.kernels.torture import torture_notebook
from tests.kernels.warm_kernels import Kitchen
from tests.live_zygotes import zygotes


@pytest.fixture
def kitchen(monkeypatch) -> Iterator[Kitchen]:
    kitchen = Kitchen()
    monkeypatch.setenv("JUPYTER_PATH", str(kitchen.folder))
    monkeypatch.setenv("IPYTHONDIR", str(kitchen.folder / "ipython"))
    yield kitchen
    kitchen.close()


def test_the_installation_announces_the_provisioner(repo_root: Path):
    project = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    group = project["entry-points"][KernelProvisionerFactory.GROUP_NAME]
    module, name = group[NAME].split(":")
    assert getattr(importlib.import_module(module), name) is ZygoteProvisioner


def test_papermill_uses_it_unchanged(kitchen, tmp_path):
    notebook = torture_notebook(errors=False)
    ask = notebook.cells[0]
    ask.source = "import os\nprint(os.getppid())\n6 * 7"
    notebook.cells = [ask]
    done = papermill.execute_notebook(
        notebook, str(tmp_path / "done.ipynb"), kernel_name="python3", progress_bar=False
    )
    stream, result = done.cells[0].outputs
    assert [int(stream.text)] == zygotes(kitchen.sockets)
    assert result.data["text/plain"] == "42"


def test_a_specification_lies_only_where_it_was_asked_for(kitchen):
    (path,) = kitchen.folder.rglob("kernel.json")
    spec = json.loads(path.read_text(encoding="utf-8"))
    assert path == kitchen.folder / "kernels" / "python3" / "kernel.json"
    assert spec["metadata"]["kernel_provisioner"]["provisioner_name"] == NAME


@pytest.mark.parametrize(
    ("start", "reason"),
    [({"stdout": subprocess.PIPE}, "pipe"), ({"independent": True}, "outlive")],
)
def test_what_a_fork_cannot_do_gets_an_ordinary_kernel(kitchen, caplog, start, reason):
    manager = kitchen.manager()
    manager.start_kernel(**{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **start})
    process = manager.provisioner.process
    try:
        assert isinstance(process, subprocess.Popen)
        assert reason in caplog.text
    finally:
        manager.shutdown_kernel(now=True)
    assert not kitchen.sockets.exists() or zygotes(kitchen.sockets) == []
