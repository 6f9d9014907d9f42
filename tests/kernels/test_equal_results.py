"""A warm kernel gives what an ordinary kernel gives, cell by cell."""

from __future__ import annotations

import asyncio
import copy
import subprocess
from collections.abc import Iterator

import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_output

from tests.kernels.conftest import NO_HISTORY, without_pytest
from tests.kernels.normalised import differences
from tests.kernels.torture import FD_OUTPUT, torture_notebook
from tests.kernels.warm_kernels import WARM, Kitchen


@pytest.fixture(scope="module")
def kitchen() -> Iterator[Kitchen]:
    kitchen = Kitchen(["numpy.random", "pandas", "matplotlib.pyplot", "ipywidgets"])
    yield kitchen
    kitchen.close()


def test_the_torture_notebook_is_the_same_in_a_warm_kernel(kitchen, plainly_run):
    notebook = torture_notebook()
    manager = kitchen.manager(WARM, kind=AsyncKernelManager)
    client = NotebookClient(notebook, km=manager, extra_arguments=NO_HISTORY, timeout=60)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = without_pytest(kitchen.folder)
    asyncio.run(client.async_execute(env=environment, cleanup_kc=True, **quiet))
    manager.context.destroy(linger=0)
    assert differences(plainly_run, notebook) == []


def test_the_notebook_tortures(plainly_run):
    kinds = {output.output_type for cell in plainly_run.cells for output in cell.outputs}
    assert kinds == {"stream", "display_data", "execute_result", "error"}
    assert plainly_run.metadata.widgets
    meant = {cell.id for cell in plainly_run.cells if "raises-exception" in cell.metadata.tags}
    raised = {
        cell.id
        for cell in plainly_run.cells
        if any(output.output_type == "error" for output in cell.outputs)
    }
    assert raised <= meant
    assert len(raised) >= 10


@pytest.mark.parametrize("title", ["the last value is shown", "a chart", "a process that prints"])
def test_a_difference_is_found(plainly_run, title):
    other = copy.deepcopy(plainly_run)
    (cell,) = (cell for cell in other.cells if cell.metadata.title == title)
    cell.outputs.append(new_output("stream", name="stdout", text="inny\n"))
    (sentence,) = differences(plainly_run, other)
    assert title in sentence


def test_chance_is_no_difference(plainly_run):
    other = copy.deepcopy(plainly_run)
    for cell in other.cells:
        # pieces of one stream keep their order; which stream comes first is chance
        pieces = [piece for output in cell.outputs for piece in _pieces(output)]
        if FD_OUTPUT in cell.metadata.tags:
            cell.outputs = sorted(pieces, key=lambda output: output.get("name", ""))
        elif all(output.output_type == "stream" for output in pieces):
            cell.outputs = sorted(pieces, key=lambda output: output.name)
    assert differences(plainly_run, other) == []


def _pieces(output):
    if output.output_type != "stream":
        return [output]
    parts = [part for part in (output.text[:3], output.text[3:]) if part]
    return [new_output("stream", name=output.name, text=part) for part in parts]
