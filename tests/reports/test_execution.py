"""Running a notebook: its own interpreter, its own environment, every way of failing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from smup_lib.reports.execution import NotebookFailure, execute_notebook
from tests.reports.small_notebooks import small_notebook, write_notebook

REPO_ROOT = Path(__file__).resolve().parents[2]


def execute(notebook, work_dir: Path, *, cell_timeout: int = 60, **parameters):
    return execute_notebook(
        notebook,
        parameters,
        environment={"SMUP_TEST_WORD": "słowo $HOME"},
        work_dir=work_dir,
        cell_timeout=cell_timeout,
        start_timeout=60,
    )


def printed(notebook) -> list[str]:
    return [o.text.strip() for c in notebook.cells for o in c.get("outputs", ()) if "text" in o]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    work_dir = tmp_path_factory.mktemp("a folder {with} braces")
    source = small_notebook(
        "print(word, number)",
        "import os, sys; print(sys.executable)",
        "print(os.environ['SMUP_TEST_WORD'])",
        "print(os.getcwd())",
        "import smup_lib; print(smup_lib.__file__)",
        "get_ipython().history_manager.enabled",
    )
    return source, execute(source, work_dir, word="żółw", number=7), work_dir


def test_parameters_arrive(finished):
    _, executed, _ = finished
    assert printed(executed)[0] == "żółw 7"


def test_the_kernel_is_this_interpreter_with_the_given_environment(finished):
    _, executed, work_dir = finished
    _, interpreter, word, folder, library = printed(executed)
    assert interpreter == sys.executable
    assert word == "słowo $HOME"
    assert Path(folder) == work_dir
    assert Path(library).parent == REPO_ROOT / "smup_lib"


def test_the_source_notebook_is_not_changed_and_nothing_is_left_behind(finished):
    source, executed, work_dir = finished
    assert source.cells[1].source.startswith("word: str")
    assert len(executed.cells) == len(source.cells) + 1  # the injected parameters
    assert executed.cells[-1].outputs[0].data["text/plain"] == "False"
    assert list(work_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("sources", "kind", "line", "said"),
    [
        (
            ["1", "if word:\n    raise ValueError('zły rok')\nprint(word)\n"],
            "raised",
            "raise ValueError('zły rok')",
            "zły rok",
        ),
        (
            ["1", "import threading\nthreading.Event().wait()"],
            "timeout",
            "threading.Event().wait()",
            "",
        ),
        (["1", "import os\nos._exit(3)", "2"], "died", "os._exit(3)", ""),
        (["1", "import sys\nsys.exit()", "2"], "exited", "sys.exit()", ""),
    ],
    ids=["raises", "hangs", "kernel dies", "exits"],
)
def test_each_way_of_failing_is_told_apart(tmp_path, sources, kind, line, said):
    with pytest.raises(NotebookFailure) as raised:
        execute(small_notebook(*sources), tmp_path, cell_timeout=2, word="b")
    failure = raised.value
    assert (failure.kind, failure.line) == (kind, line)
    assert said in failure.message
    assert failure.cell_number == 4  # parameters, injected parameters, first cell, this one
    cells = failure.notebook.cells
    assert all("An Exception was encountered" not in cell.source for cell in cells)
    if len(sources) == 3:
        assert cells[-1].execution_count is None


def test_an_interrupted_run_leaves_no_kernel_and_no_file(tmp_path):
    """Ctrl-C while a cell runs."""
    mark = tmp_path / "running"
    path = write_notebook(
        tmp_path / "long.ipynb",
        small_notebook(
            f"import os, pathlib; pathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n"
            "import threading; threading.Event().wait()"
        ),
    )
    code = f"""
import nbformat, pathlib
from smup_lib.reports.execution import execute_notebook
notebook = nbformat.read({str(path)!r}, as_version=4)
folder = pathlib.Path({str(tmp_path)!r})
execute_notebook(notebook, {{"word": "b"}}, environment={{}}, work_dir=folder, cell_timeout=600,
                 start_timeout=60)
"""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=REPO_ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (mark.exists() and mark.read_text()):
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(0.05)
            pytest.fail(f"it ended too early: {run.communicate()[1]}")
    kernel = psutil.Process(int(mark.read_text()))
    run.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in run.communicate(timeout=60)[1]
    assert run.returncode != 0
    psutil.wait_procs([kernel], timeout=10)
    assert not kernel.is_running()
    assert list(temporary.iterdir()) == []
