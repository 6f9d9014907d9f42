"""The cookbook runs whatever data are current, and leaves them current."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

from smup_lib.snapshots.store import current_id
from tests.sample_home import lend_sample
from tests.snapshots.builders import small_snapshot
from tests.warm_notebooks import warm_python3


def test_the_cookbook_runs_beside_data_of_ones_own(smup_home, repo_root: Path):
    own = small_snapshot(fictional=False)
    lend_sample(smup_home)
    folder = repo_root / "notebooks"
    cookbook = nbformat.read(folder / "cookbook.ipynb", as_version=4)
    with warm_python3():
        done = NotebookClient(cookbook, resources={"metadata": {"path": str(folder)}}).execute()
    shown = [
        output["data"]["text/plain"]
        for cell in done.cells
        for output in cell.get("outputs", ())
        if "data" in output
    ]
    assert any("dane przykładowe" in text for text in shown)
    assert current_id() == own.id
