"""A process that has settled leaves its forks no place to write in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smup_lib.kernels.module_files import list_modules, modules_told

FORKS = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="no fork, no /proc")

#: A process with a hole on every page, and a fork of it that creates a few thousand objects.
MEASURES = """
import gc, json, os, sys
from smup_lib.kernels.dense_memory import settle_before_forks
rows = [[bytes(size) for size in (20, 60, 100, 200, 300, 400) * 9] for _ in range(9000)]
for row in rows:
    del row[::27]
settle_before_forks() if sys.argv[1] == "settled" else gc.freeze()
reading, writing = os.pipe()
if os.fork() == 0:
    made = [bytes(size) for size in (20, 60, 100, 200, 300, 400) * 500]
    told = open("/proc/self/smaps_rollup", "rb").read().decode()
    own = next(int(line.split()[1]) for line in told.splitlines() if "Private_Dirty" in line)
    os.write(writing, json.dumps(own).encode())
    os._exit(0)
os.wait()
print(os.read(reading, 100).decode())
"""


def own_kilobytes(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", MEASURES, how], capture_output=True, text=True, check=True
    )
    return int(json.loads(done.stdout))


@FORKS
def test_what_a_fork_creates_copies_few_pages_of_a_settled_parent():
    # 3 000 objects of 180 bytes: half a megabyte when they lie together
    settled, scattered = own_kilobytes("settled"), own_kilobytes("frozen")
    assert settled + 1000 < scattered


def test_a_kernel_is_told_the_files_of_the_modules_and_nothing_is_left_changed():
    from ipykernel import ipkernel

    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())} - {None}
    with modules_told(list_modules()):
        told = [m.__file__ for m in ipkernel.sys.modules.copy().values()]
        assert ipkernel.sys.version_info == sys.version_info
    assert set(told) >= files
    assert ipkernel.sys is sys
