"""Fixtures that every test may ask for: the shared data, the checkout, own user folders."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

from tests.sample_home import ensure_sample_home

REPO_ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Search for no garbage among the modules and the thousands of tests: there is none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 20, 10)
        gc.enable()


class TogetherScheduling(LoadFileScheduling):  # type: ignore[misc]  # untyped library
    """Files stay whole, and those that share something dear are run by one worker.

    A server with its data read, or a land with its values computed, costs as much as ten tests.
    """

    SHARED = (re.compile(r"tests/browser/"), re.compile(r"tests/apps/(?!serving/)"))

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder.pattern for folder in self.SHARED if folder.match(file)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherScheduling | None:
    """Keep together what shares something dear, when files stay whole (make test)."""
    return TogetherScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Let the interpreter clear all at its end, as it does without tests."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """Root of the checkout."""
    return REPO_ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with real official files, or a skip: it is not part of the repository."""
    default = REPO_ROOT.parent / "shared" / "data"
    folder = Path(os.environ.get("SMUP_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip("shared data: folder absent (set SMUP_SHARED_DATA)")
    return folder


@pytest.fixture
def smup_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty SMUP_HOME for one test; what the test writes there vanishes with it."""
    home = tmp_path / "smup_home"
    home.mkdir()
    monkeypatch.setenv("SMUP_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def sample_home_dir() -> Path:
    """A SMUP_HOME that holds the sample land, made once for all workers. Read only."""
    return ensure_sample_home()


@pytest.fixture
def sample_home(sample_home_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Like ``sample_home_dir``, and it is the SMUP_HOME of this test. Read only."""
    monkeypatch.setenv("SMUP_HOME", str(sample_home_dir))
    return sample_home_dir


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium, or a skip."""
    import shutil

    for name in (os.environ.get("SMUP_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.skip("Chromium is not installed (apt install chromium, or set SMUP_CHROMIUM)")


@pytest.fixture(scope="session")
def axe_script() -> str:
    """Source of axe-core for browser tests, or a skip."""
    default = REPO_ROOT / "node_modules" / "axe-core" / "axe.min.js"
    path = Path(os.environ.get("SMUP_AXE", default))
    if not path.is_file():
        pytest.skip("axe-core is not installed (npm install --no-save axe-core, or set SMUP_AXE)")
    return path.read_text(encoding="utf-8")
