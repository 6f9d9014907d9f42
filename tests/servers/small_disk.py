"""``smup data sync`` twice: on a small disk, and when there is room again.

``python -m tests.servers.small_disk SIZE FOLDER WORDS...`` in a mount namespace of its own, with
SMUP_HOME. Both runs are forked from this process, which has read the libraries, and are processes
of their own all the same. What they said is in FOLDER; their exit codes are printed as JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

from tests.servers import read_before
from tests.servers.forked import run_forked

__all__ = ["read_before"]


def main(size: str, folder: Path, *words: str) -> None:
    """Run the command, give its disk more room, and run it again."""
    answers = Path(os.environ["SMUP_HOME"]) / "answers"
    answers.mkdir(exist_ok=True)
    codes = {}
    for name, how in (("first", f"size={size}"), ("second", "remount,size=64m")):
        subprocess.run(["mount", "-t", "tmpfs", "-o", how, "none", str(answers)], check=True)
        told = (folder / f"{name}.out", folder / f"{name}.err")
        command = ("data", "sync", *words)
        process = multiprocessing.get_context("fork").Process(
            target=run_forked, args=(command, dict(os.environ), told)
        )
        process.start()
        process.join()
        codes[name] = process.exitcode
    json.dump(codes, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
