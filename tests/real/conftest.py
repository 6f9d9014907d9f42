"""The real files, imported once for all workers of a run."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sample_home import run_dir

FOLDERS = ("teryt", "boundaries", "panels", "bdl_exports")


@pytest.fixture(scope="session")
def real_home_dir(shared_data: Path) -> Path:
    """A SMUP_HOME with everything of the shared data that can be read so far. Read only."""
    home = run_dir() / "real_home"
    done = run_dir() / "real_home.done"
    with (run_dir() / "real_home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            paths = [str(shared_data / name) for name in FOLDERS]
            made = subprocess.run(
                [sys.executable, "-m", "smup_lib.cli", "data", "import", *paths],
                env={**os.environ, "SMUP_HOME": str(home)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert made.returncode == 0, made.stdout + made.stderr
            done.touch()
    return home


@pytest.fixture
def real_home(real_home_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real data are the SMUP_HOME of this test."""
    monkeypatch.setenv("SMUP_HOME", str(real_home_dir))
    return real_home_dir
