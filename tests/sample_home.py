"""Makes the sample land once for a whole test run, also when several workers want it at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Set by the root conftest in the controlling process and inherited by xdist workers.
RUN_HOME = "SMUP_TEST_RUN_DIR"


def run_dir() -> Path:
    """Folder of this test run; removed at its end."""
    if RUN_HOME not in os.environ:
        os.environ[RUN_HOME] = tempfile.mkdtemp(prefix="smup-tests-")
    return Path(os.environ[RUN_HOME])


def ensure_sample_home() -> Path:
    """Return a SMUP_HOME with the sample land as its current snapshot."""
    import fcntl

    home = run_dir() / "sample_home"
    home.mkdir(parents=True, exist_ok=True)
    done = run_dir() / "sample_home.done"
    with (run_dir() / "sample_home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            made = subprocess.run(
                [sys.executable, "-m", "smup_lib.cli", "data", "sample"],
                env={**os.environ, "SMUP_HOME": str(home)},
                capture_output=True,
                text=True,
                check=False,
            )
            if made.returncode != 0:
                raise RuntimeError(f"smup data sample failed:\n{made.stdout}\n{made.stderr}")
            done.touch()
    return home
