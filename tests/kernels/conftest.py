"""What several tests of kernels compare with: the torture notebook in an ordinary kernel."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient

from tests.kernels.torture import torture_notebook
from tests.sample_home import made_once

NO_HISTORY = ["--HistoryManager.enabled=False"]


@pytest.fixture(scope="session")
def plainly_run() -> Any:
    """Return the torture notebook as nbclient runs it in a kernel of its own; made once."""

    def make(folder: Path) -> None:
        notebook = torture_notebook()
        NotebookClient(
            notebook, kernel_name="python3", extra_arguments=NO_HISTORY, timeout=60
        ).execute(env=without_pytest(folder))
        # a file of a notebook would be in alphabetical order, and order counts
        (folder / "executed").write_bytes(pickle.dumps(notebook))

    return pickle.loads((made_once("torture", make) / "executed").read_bytes())


def without_pytest(folder: Path) -> dict[str, str]:
    """Return an environment in which a kernel watches its streams as it does for a user."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return {**kept, "IPYTHONDIR": str(folder / "ipython")}
