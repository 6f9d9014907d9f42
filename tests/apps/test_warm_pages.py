"""The pages' kernels have what a page imports before it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys

from smup_lib.apps.serving.warm_pages import MODULES

OPENS = """
import contextlib, io, json, sys
from smup_lib.kernels.native_threads import import_modules
guilty = import_modules(json.loads(sys.argv[1]))
known = set(sys.modules)
import smup_lib as smup
from smup_lib.apps.opening import APPS
with contextlib.redirect_stdout(io.StringIO()):
    for app in APPS:
        smup.open_app(app)
late = [name for name in sys.modules if name not in known and name.count(".") < 2]
print(json.dumps([guilty, late]))
"""


def test_no_library_is_left_for_the_first_page_and_none_starts_a_thread(report_home):
    done = subprocess.run(
        [sys.executable, "-c", OPENS, json.dumps(MODULES)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    guilty, late = json.loads(done.stdout)
    assert guilty == []
    small = ("encodings", "_cython", "_ssl", "ssl", "timeit")
    assert [name for name in late if not name.startswith(small)] == []
