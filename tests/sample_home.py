"""Makes once for a whole test run what several workers want: the sample land first of all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

# Set by the root conftest in the controlling process and inherited by xdist workers.
RUN_HOME = "SMUP_TEST_RUN_DIR"


def run_dir() -> Path:
    """Folder of this test run; removed at its end."""
    if RUN_HOME not in os.environ:
        os.environ[RUN_HOME] = tempfile.mkdtemp(prefix="smup-tests-")
    return Path(os.environ[RUN_HOME])


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder of this run that was filled once, also when several workers want it."""
    folder, done = run_dir() / name, run_dir() / f"{name}.done"
    with FileLock(run_dir() / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def lend_fonts(home: Path) -> Path:
    """Let a home keep its cut typeface where all do: cutting it takes seconds in each home."""
    shared = run_dir() / "fonts"
    shared.mkdir(exist_ok=True)
    (home / "cache").mkdir(exist_ok=True)
    (home / "cache" / "fonts").symlink_to(shared, target_is_directory=True)
    return home


def run_smup(home: Path, *words: str) -> None:
    """Run a command on the data of a home; one that fails is an error."""
    done = subprocess.run(
        [sys.executable, "-m", "smup_lib.cli", *words],
        env={**os.environ, "SMUP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"smup {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")


def ensure_sample_home() -> Path:
    """Return a SMUP_HOME with the sample land as its current snapshot."""
    return made_once("sample_home", lambda home: run_smup(home, "data", "sample"))


def lend_sample(home: Path) -> None:
    """Lay the sample land beside the data of a home, as one that was made there earlier."""
    shared = ensure_sample_home() / "snapshots"
    made = (shared / "current").read_text(encoding="ascii").strip()
    (home / "snapshots").mkdir(exist_ok=True)
    (home / "snapshots" / made).symlink_to(shared / made, target_is_directory=True)
