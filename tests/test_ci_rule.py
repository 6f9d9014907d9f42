"""On CI a skipped test is a failure, unless it waits for the shared data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = """
import pytest

def test_passes():
    pass

@pytest.mark.skip(reason={reason!r})
def test_waits():
    pass
"""


def run_tests(folder: Path, repo_root: Path, *, ci: bool, workers: int) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    environment |= {"PYTHONPATH": str(repo_root), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment |= {"CI": "true"} if ci else {}
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "--rootdir", str(folder)]
    command += ["-c", str(folder / "empty.ini"), str(folder)]
    command += ["-p", "xdist.plugin", "-n", str(workers)] if workers else []
    (folder / "empty.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("reason", "ci", "workers", "code"),
    [
        ("Chromium is not installed", True, 0, 1),
        ("Chromium is not installed", True, 2, 1),
        ("Chromium is not installed", False, 0, 0),
        ("shared data: folder absent", True, 0, 0),
    ],
)
def test_skips_on_ci(tmp_path: Path, repo_root: Path, reason, ci, workers, code):
    (tmp_path / "test_two.py").write_text(SKIPS.format(reason=reason), encoding="utf-8")
    returned, printed = run_tests(tmp_path, repo_root, ci=ci, workers=workers)
    assert returned == code, printed
    assert ("skips that CI does not allow" in printed) is bool(code)
    assert "1 passed, 1 skipped" in printed
