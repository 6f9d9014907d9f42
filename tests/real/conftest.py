"""The real files, imported once for all workers of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sample_home import made_once, run_smup

FOLDERS = ("teryt", "boundaries", "panels", "bdl_exports")


@pytest.fixture(scope="session")
def real_home_dir(shared_data: Path) -> Path:
    """A SMUP_HOME with everything of the shared data that can be read so far. Read only."""
    paths = [str(shared_data / name) for name in FOLDERS]
    return made_once("real_home", lambda home: run_smup(home, "data", "import", *paths))


@pytest.fixture
def real_home(real_home_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real data are the SMUP_HOME of this test."""
    monkeypatch.setenv("SMUP_HOME", str(real_home_dir))
    return real_home_dir
