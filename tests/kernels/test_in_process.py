"""Cells run in a fork without a kernel: what papermill records, nothing that a kernel would not."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from smup_lib.kernels.forking import can_supervise, fit_environment
from tests.kernels.cells_here import BAD_CELLS, POISONS, TOO_MUCH, TORTURE
from tests.kernels.normalised import differences
from tests.reports.small_notebooks import small_notebook

pytestmark = pytest.mark.skipif(not can_supervise(), reason="no supervised forks on this system")
REPO_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    folder, answers = tmp_path_factory.mktemp("cells"), tmp_path_factory.mktemp("answers")
    done = subprocess.run(
        [sys.executable, "-m", "tests.kernels.cells_here", str(folder), str(answers / "told")],
        cwd=REPO_ROOT,
        env=fit_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == ""
    assert list(folder.iterdir()) == []
    return pickle.loads((answers / "told").read_bytes())


@pytest.fixture(scope="module")
def by_job(outcomes):
    return {outcome.job: outcome for outcome in outcomes}


def test_everything_comes_to_its_end(outcomes):
    assert [(o.job, o.detail) for o in outcomes if o.ending != "done"] == []


def test_the_torture_notebook_is_recorded_as_in_a_kernel(by_job, plainly_run):
    found = [
        one
        for one in differences(plainly_run, by_job[TORTURE].value)
        # the program and the file of its connection: there are more arguments to a kernel
        if "(arguments of the program)" not in one
    ]
    assert found == []


@pytest.mark.parametrize(
    ("job", "kind", "name"),
    [
        ("raises", "raised", "ValueError"),
        ("loops", "timeout", "CellTimeoutError"),
        ("holds on to errors", "timeout", "CellTimeoutError"),
        ("waits", "timeout", "CellTimeoutError"),
        ("awaits", "timeout", "CellTimeoutError"),
        ("leaves with an error", "raised", "SystemExit"),
    ],
)
def test_each_way_of_failing_is_told_as_of_a_kernel(by_job, job, kind, name):
    notebook, index, told, error, _ = by_job[job].value
    assert (told, error) == (kind, name)
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    assert notebook.cells[index].source == BAD_CELLS[job]
    assert last.execution_count is None
    assert last.outputs == []


def test_a_cell_that_may_raise_still_fails_the_report_at_its_end(by_job):
    notebook, index, told, error, _ = by_job["raises though it may"].value
    assert (told, error) == ("raised", "ZeroDivisionError")
    assert notebook.cells[index + 1].outputs[0].data["text/plain"] == "2"


def test_a_cell_that_prints_for_ever_is_stopped(by_job):
    name, kept = by_job[TOO_MUCH].value
    assert name == "CellOutputError"
    assert 1_000_000 < kept <= 3_000_000


def test_what_was_shown_before_the_end_of_time_is_kept(by_job):
    notebook, index, *_ = by_job["loops"].value
    stream, loss = notebook.cells[index].outputs
    assert stream.text == "przed\n"
    assert loss.output_type == "error"


def test_a_cell_that_ends_the_kernel_fails_the_notebook(by_job):
    assert by_job["leaves"].value[2] == "exited"
    assert by_job["asks to leave"].value[2] == "died"


def test_no_state_leaks_from_notebooks_with_twelve_poisons(outcomes):
    assert len(POISONS) == 12
    before, after = (o.value.cells[-1].outputs for o in outcomes if o.job == "state")
    assert before[0].data["text/plain"] == after[0].data["text/plain"]


def test_forks_draw_different_random_numbers(outcomes):
    one, other = (o.value.cells[-1].outputs[0].data for o in outcomes if o.job == "random")
    first, second = (eval(drawn["text/plain"], {"np": _Numpy}) for drawn in (one, other))
    assert first[0] != second[0]
    assert first[1] != second[1]


class _Numpy:
    """Reads how numpy shows a number."""

    float64 = float


def test_metadata_and_injected_parameters_are_those_of_papermill(by_job, tmp_path):
    from smup_lib.reports.execution import execute_notebook

    here = by_job["state"].value
    kernel = execute_notebook(
        small_notebook("1", "2"),
        {"word": "b"},
        environment={},
        work_dir=tmp_path,
        cell_timeout=60,
        start_timeout=60,
    )
    assert here.cells[2].source == kernel.cells[2].source == '# Parameters\nword = "b"\n'
    assert here.metadata.language_info == kernel.metadata.language_info
    for mine, theirs in zip(here.cells, kernel.cells, strict=True):
        assert mine.metadata.keys() == theirs.metadata.keys()
        assert mine.metadata.papermill.keys() == theirs.metadata.papermill.keys()
        assert mine.metadata.papermill.status == theirs.metadata.papermill.status
        assert mine.get("execution_count") == theirs.get("execution_count")
