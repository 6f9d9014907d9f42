"""Files are written whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from smup_lib.errors import ReportError
from smup_lib.reports.notebook_files import write_text

REPO_ROOT = Path(__file__).resolve().parents[2]


def test_a_text_replaces_the_old_one(tmp_path):
    path = tmp_path / "a.html"
    path.write_text("stary")
    write_text(path, "nowy, z ąęł")
    assert path.read_text(encoding="utf-8") == "nowy, z ąęł"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path):
    """The operating system refuses the write half way, as a full disk does."""
    path = tmp_path / "a.html"
    path.write_text("stary")
    code = f"""
import resource
from pathlib import Path
from smup_lib.reports.notebook_files import write_text
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
write_text(Path({str(path)!r}), "x" * 50_000)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO_ROOT, capture_output=True, text=True, check=False
    )
    assert "ReportError: Nie udało się zapisać pliku" in run.stderr
    assert path.read_text() == "stary"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(ReportError, match="Nie udało się zapisać pliku"):
        write_text(tmp_path / "nie" / "ma" / "a.html", "x")
