"""A fork after the import is safe: the child makes a whole report (contracts)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from smup_lib.reports.html_check import check_html
from tests.report_home import report_home, report_home_dir

__all__ = ["report_home", "report_home_dir"]

FORKS = """
import os, sys, threading
import smup_lib as smup

assert threading.active_count() == 1, threading.enumerate()
assert not os.path.isdir("/proc/self/task") or len(os.listdir("/proc/self/task")) == 1
child = os.fork()
if child == 0:
    result = smup.run_report("geodezja", "9002", 2022, out=sys.argv[1])
    os._exit(1 if result.problems else 0)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_forked_after_the_import_makes_a_report(report_home, tmp_path):
    """One child is enough: many at once are the matter of tests/reports/batch."""
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (page,) = tmp_path.glob("*.html")
    assert page.name == "geodesy_cartography_9002_2022.html"
    text = page.read_text(encoding="utf-8")
    assert check_html(text) == []
    assert text.count("<svg") > 3
    assert "unit=9002;" in text
