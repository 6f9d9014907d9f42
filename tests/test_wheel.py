"""An installed wheel carries what a checkout has beside the library."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

FOLDERS = ("notebooks", "templates", "dashboards", "training")
COUNT_BUNDLED = """
import sys
sys.path.insert(0, {unpacked!r})
from smup_lib.paths import project_dir
for name in {folders!r}:
    folder = project_dir(name)
    assert "_bundled" in folder.parts, folder
    print(name, sum(path.is_file() for path in folder.rglob("*")))
"""


def test_a_wheel_carries_notebooks_templates_pages_and_lessons(repo_root: Path, tmp_path: Path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=repo_root, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    caches = [*unpacked.rglob("__pycache__"), *unpacked.rglob(".ipynb_checkpoints")]
    assert not caches

    code = COUNT_BUNDLED.format(unpacked=str(unpacked), folders=FOLDERS)
    counted = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert counted.returncode == 0, counted.stderr
    counts = dict(line.split() for line in counted.stdout.splitlines())
    assert set(counts) == set(FOLDERS)
    assert "0" not in counts.values(), f"the wheel has an empty folder: {counts}"
