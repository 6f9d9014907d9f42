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
children = {}
for unit in ("9002", "9061"):
    child = os.fork()
    if child == 0:
        result = smup.run_report("geodezja", unit, 2022, out=sys.argv[1])
        os._exit(1 if result.problems else 0)
    children[child] = unit
for child, unit in children.items():
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, unit
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_children_forked_after_the_import_make_reports(report_home, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html")}
    assert sorted(pages) == [f"geodesy_cartography_{unit}_2022.html" for unit in ("9002", "9061")]
    for unit in ("9002", "9061"):
        page = pages[f"geodesy_cartography_{unit}_2022.html"]
        assert check_html(page) == []
        assert page.count("<svg") > 3
        assert f"unit={unit};" in page
