"""A process that makes the reports which tests look at: opened once, a fork for each report.

A page made here is that of a kernel but for its time (``test_in_process_reports``), for a third of
the work; notebooks of tests are run here too. The process is started as
``python -m tests.report_maker`` with the data of its home, and ends when nobody can ask it any
more.
"""

from __future__ import annotations

import dataclasses
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from smup_lib.catalogue import ServiceArea
from smup_lib.errors import SmupError
from smup_lib.kernels.forking import fit_environment
from smup_lib.kernels.supervised import Ending, Limits, Outcome, supervise
from smup_lib.reports.execution import execute_notebook
from smup_lib.reports.lending import lend_workspace
from smup_lib.reports.loading import Workspace
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.runner import (
    ReportResult,
    area_of,
    find_notebook,
    find_usual_area,
    run_notebook,
    run_report,
)
from smup_lib.reports.warming import share_groups, share_values, warm_up
from smup_lib.teryt import is_city_code

ROOT = Path(__file__).resolve().parents[1]
#: What is read and imported for this report serves all others.
FIRST = ("culture_recreation", {"unit": "9002", "year": 2023}, "powiat")


class ReportMaker:
    """The asking side: starts the process when it is first needed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: subprocess.Popen[bytes] | None = None

    def make(self, name: str, unit: str, year: int, out: Path, **more: Any) -> ReportResult:
        """Make a report as ``run_report`` does, and raise what it raises."""
        made: ReportResult = self.ask("report", name, unit, year, out, more)
        return made

    def ask(self, work: str, *arguments: Any) -> Any:
        """Have one of :data:`WORKS` done in a fork; return or raise what it does."""
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        pickle.dump((work, arguments), process.stdin)
        process.stdin.flush()
        outcome: Outcome[Any, Any] = pickle.load(process.stdout)
        if outcome.ending != Ending.DONE:
            raise outcome.error or RuntimeError(f"{outcome.ending}: {outcome.detail}")
        return outcome.value

    def _started(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.Popen(
            [sys.executable, "-m", "tests.report_maker"],
            env=fit_environment({**os.environ, "SMUP_HOME": str(self.home), "PYTHONPATH": path}),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()


def make_report(
    name: str, unit: str, year: int, out: Path, more: Mapping[str, Any]
) -> ReportResult:
    """Make a report in this process, a fork."""
    return run_report(name, unit, year, out=out, in_process=True, **more)


def make_own(
    home: str, folder: str, notebook: Path, given: Mapping[str, Any], more: Mapping[str, Any]
) -> ReportResult:
    """Run a notebook in this process, a fork, as somebody with this home who stands there."""
    os.environ["SMUP_HOME"] = home
    os.chdir(folder)
    return run_notebook(notebook, given, in_process=True, **more)


def execute_cells(home: str, folder: Path, notebook: Any, *, in_process: bool = True) -> Any:
    """Execute a notebook as it stands, in this process if it is a fork, else in a kernel."""
    return execute_notebook(
        notebook,
        {},
        environment={"SMUP_HOME": home},
        work_dir=folder,
        cell_timeout=60,
        start_timeout=60,
        in_process=in_process,
    )


WORKS: Mapping[str, Callable[..., Any]] = {
    "report": make_report,
    "own": make_own,
    "cells": execute_cells,
}


def share(workspace: Workspace, *job: Any) -> None:
    """Keep what this report has to count of all units: others of its area need the same."""
    name, unit, year, _, more = job
    notebook = find_notebook(name, unit, year)
    area: ServiceArea | None = area_of(read_notebook(notebook), notebook, workspace.catalogue)
    told = more.get("parameters")
    named = told.get("area") if isinstance(told, Mapping) else None
    about = workspace.catalogue.areas.get(named or "") or area
    usual = find_usual_area(notebook, workspace.catalogue) or about
    levels = {"powiat" if len(unit) == 4 else "gmina", *(["gmina"] if is_city_code(unit) else [])}
    for level in sorted(levels):
        with suppress(SmupError):  # the report itself will tell
            share_values(workspace, about, year, level)
            share_groups(workspace, usual, year, level)


def _do(job: tuple[str, tuple[Any, ...]]) -> Any:
    work, arguments = job
    return WORKS[work](*arguments)


def main() -> None:
    """Answer jobs from the standard input until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints is no answer
    name, given, level = FIRST
    workspace = Workspace.open()
    if error := warm_up(workspace, find_notebook(name), given, level):
        raise error
    with lend_workspace(workspace):
        while True:
            try:
                work, arguments = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            if work == "report":
                share(workspace, *arguments)
            for outcome in supervise(_do, [(work, arguments)], at_once=1, limits=Limits()):
                pickle.dump(dataclasses.replace(outcome, job=None), answers)
                answers.flush()


if __name__ == "__main__":
    main()
