"""A report whose cells run in a fork, on values read once, is the report that a kernel makes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smup_lib.kernels.forking import can_supervise, fit_environment
from smup_lib.reports.runner import ReportResult
from tests.report_home import BY_KERNEL as REPORTS
from tests.report_home import REQUIRED, UNIT, YEAR

pytestmark = pytest.mark.skipif(not can_supervise(), reason="no supervised forks on this system")

#: Moments of making; all else on a page must agree.
_TIMES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[+]00:00|&#43;00:00| UTC)")

MAKES = """
import json, os, sys
from pathlib import Path
from smup_lib.kernels.forking import check_single_thread
from smup_lib.kernels.supervised import Limits, supervise
from smup_lib.reports.lending import lend_workspace
from smup_lib.reports.loading import Workspace
from smup_lib.reports.runner import find_notebook, run_notebook
from smup_lib.reports.warming import warm_up

out, unit, year, required, *names = sys.argv[1:]
required = json.loads(required)
workspace = Workspace.open()
given = {name: {"unit": unit, "year": int(year), **required.get(name, {})} for name in names}
for name in names:
    error = warm_up(workspace, find_notebook(name), given[name], "powiat")
    assert error is None, error
check_single_thread()  # nothing that is kept may stop a fork

def make(name):
    return run_notebook(find_notebook(name), given[name], Path(out), in_process=True)

with lend_workspace(workspace):
    for outcome in supervise(make, names, at_once=2, limits=Limits()):
        assert outcome.value is not None, (outcome.job, outcome.ending, outcome.detail)
        assert outcome.memory < 350_000_000, outcome.memory
"""


@pytest.fixture(scope="module")
def made_here(report_home, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("in_process")
    done = subprocess.run(
        [sys.executable, "-c", MAKES, str(out), UNIT, str(YEAR), json.dumps(REQUIRED), *REPORTS],
        env=fit_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return out


@pytest.fixture(scope="module", params=REPORTS)
def by_kernel(request, report_of) -> ReportResult:
    return report_of(request.param, UNIT, YEAR)


def test_the_page_is_the_same_but_for_its_time(by_kernel, made_here):
    here, there = (
        _TIMES.sub("<time>", path.read_text(encoding="utf-8"))
        for path in (made_here / by_kernel.html.name, by_kernel.html)
    )
    assert here.count("<time>") > 1
    place = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), 0)
    assert here[place : place + 200] == there[place : place + 200], here[place - 200 : place]
    assert len(here) == len(there)


def test_the_executed_notebook_shows_the_same(by_kernel, made_here):
    here, there = (
        json.loads(path.read_text(encoding="utf-8"))["cells"]
        for path in (made_here / by_kernel.notebook.name, by_kernel.notebook)
    )
    told = ("cell_type", "execution_count", "source")
    for mine, theirs in zip(here, there, strict=True):
        assert [mine.get(name) for name in told] == [theirs.get(name) for name in told]
        outputs = (_TIMES.sub("<time>", json.dumps(c.get("outputs"))) for c in (mine, theirs))
        assert len(set(outputs)) == 1


def test_the_receipt_vouches_for_the_same(by_kernel, made_here):
    here, there = (
        json.loads(path.read_text(encoding="utf-8"))
        for path in (made_here / by_kernel.receipt.name, by_kernel.receipt)
    )
    # the digests of the files hold their time
    assert {name for name in there if here[name] != there[name]} <= {"created", "outputs"}
    assert here["outputs"].keys() == there["outputs"].keys()
