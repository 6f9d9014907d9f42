"""A fork after the import is safe: the child opens the store, computes and draws (contracts)."""

from __future__ import annotations

import subprocess
import sys

import pytest

CHILD_WORK = """
import os, sys, threading
import smup_lib as smup
import smup_lib.reports.area, smup_lib.units, smup_lib.indicators, smup_lib.present.svg

assert threading.active_count() == 1, threading.enumerate()
child = os.fork()
if child == 0:
    view = smup.open_area("kultura", "9002", 2022)
    page = view.services()._repr_html_() + view.map(view.frame()["indicator"][0])._repr_html_()
    os._exit(0 if "<svg" in page and len(page) > 10_000 else 3)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork on this system")
def test_a_child_forked_after_the_import_makes_a_page(sample_home):
    done = subprocess.run(
        [sys.executable, "-c", CHILD_WORK], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
