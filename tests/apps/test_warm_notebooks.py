"""The kernel that an analyst installs: found by Jupyter, warm, never in place of another's."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from smup_lib.apps.warm_notebooks import DISPLAY_NAME, MODULES, jupyter_folder
from smup_lib.kernels import provisioner
from tests.smup_here import smup_here
from tests.warm_notebooks import warm_python3


@pytest.fixture
def jupyter(tmp_path: Path, monkeypatch) -> Path:
    """Return the user's Jupyter data folder, empty."""
    provisioner.register()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    return tmp_path


def provisioner_of(name: str) -> str:
    spec = KernelSpecManager().get_kernel_spec(name)
    assert Path(spec.argv[0]) == Path(sys.executable)
    return spec.metadata["kernel_provisioner"]["provisioner_name"]


def test_a_kernel_is_installed_found_by_jupyter_and_removed(jupyter):
    done = smup_here("kernel", "install", "--user")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == str(jupyter / "kernels" / "smup" / "kernel.json")
    assert DISPLAY_NAME in done.stdout
    assert provisioner_of("smup") == provisioner.NAME
    assert smup_here("kernel", "install", "--user").returncode == 0, "again is no mistake"

    done = smup_here("kernel", "remove", "--user")
    assert done.stdout.strip() == str(jupyter / "kernels" / "smup")
    with pytest.raises(NoSuchKernel):
        KernelSpecManager().get_kernel_spec("smup")
    assert "tu nie ma" in smup_here("kernel", "remove", "--user").stdout


def test_a_kernel_of_another_program_is_neither_replaced_nor_removed(jupyter):
    other = jupyter / "kernels" / "ir" / "kernel.json"
    other.parent.mkdir(parents=True)
    other.write_text('{"argv": ["R"], "display_name": "R", "language": "R"}')
    before = other.read_bytes()
    refused = smup_here("kernel", "install", "--user", "--name", "ir")
    assert refused.returncode == 1
    assert "nie pochodzi z tego polecenia" in refused.stderr
    assert "tu nie ma" in smup_here("kernel", "remove", "--user", "--name", "ir").stdout
    assert other.read_bytes() == before


@pytest.mark.parametrize("name", ["../smup", "Jądro", ".", "a b"])
def test_a_name_that_jupyter_would_not_take_is_refused(jupyter, name):
    refused = smup_here("kernel", "install", "--user", "--name", name)
    assert refused.returncode == 1
    assert "nie może nazywać się" in refused.stderr
    assert list(jupyter.iterdir()) == []


def test_a_folder_where_nobody_may_write_is_told(jupyter):
    (jupyter / "kernels").write_text("a file")
    refused = smup_here("kernel", "install", "--user")
    assert refused.returncode == 1
    assert str(jupyter) in refused.stderr
    assert "smup kernel install --user" in refused.stderr


def test_unless_asked_otherwise_it_lies_beside_the_jupyter_of_this_installation():
    assert jupyter_folder() == Path(sys.prefix, "share", "jupyter")


def test_what_is_imported_in_advance_is_there():
    assert [name for name in MODULES if importlib.util.find_spec(name) is None] == []


def test_the_notebooks_of_a_test_run_ask_for_warm_kernels_of_this_interpreter():
    before = os.environ.get("JUPYTER_PATH")
    with warm_python3():
        assert provisioner_of("python3") == provisioner.NAME
    assert os.environ.get("JUPYTER_PATH") == before
