"""A writable home on the sample land, and the reports that several tests read."""

from __future__ import annotations

import atexit
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from smup_lib.kernels.forking import can_supervise
from smup_lib.reports.runner import ReportResult, run_notebook, run_report
from tests.report_maker import ReportMaker
from tests.sample_home import ensure_sample_home, lend_fonts, made_once, run_dir

ReportOf = Callable[..., ReportResult]
#: Units of the sample that a comparison puts beside the first.
BESIDE = ("9003", "9004")
#: What a notebook has to be told besides unit and year.
REQUIRED = {
    "unit_comparison": {"others": list(BESIDE), "area": "culture_recreation"},
    "indicator_deep_dive": {"indicator": "road_accidents_per_100k_computed"},
}
#: Of a unit and a year, these are made by a kernel, as users make them; all others by a fork, which
#: ``test_in_process_reports`` proves to be the same.
UNIT, YEAR = "9002", 2023
BY_KERNEL = ("culture_recreation", "unit_portrait", "finance", "indicator_deep_dive")


def lend_snapshots(home: Path) -> Path:
    """Let a home have the snapshots of the shared sample home."""
    shared = ensure_sample_home() / "snapshots"
    (home / "snapshots").symlink_to(shared, target_is_directory=True)
    return lend_fonts(home)


@cache
def report_maker() -> ReportMaker:
    """Return what makes the reports of this process, whichever folder of tests asks."""
    home = run_dir() / f"report_maker-{os.getpid()}"
    home.mkdir()
    maker = ReportMaker(lend_snapshots(home))
    atexit.register(maker.close)
    return maker


def run_in_fork(
    notebook: Path, parameters: Mapping[str, Any], out_dir: Path, **more: Any
) -> ReportResult:
    """Run a notebook as ``run_notebook`` does, without a kernel: a start costs a second each."""
    if not can_supervise():
        return run_notebook(notebook, parameters, out_dir, **more)
    told = {"out_dir": out_dir, **more}
    made = report_maker().ask(
        "own", os.environ["SMUP_HOME"], str(Path.cwd()), notebook, parameters, told
    )
    assert isinstance(made, ReportResult)
    return made


@pytest.fixture(scope="session")
def report_home_dir() -> Path:
    """Return a home of this process whose snapshots are those of the shared sample home.

    Reports leave receipts and a cached typeface there, those of the maker too.
    """
    return report_maker().home


@pytest.fixture(scope="module")
def report_home(report_home_dir: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(report_home_dir))
        yield report_home_dir


@pytest.fixture(scope="session")
def report_of() -> ReportOf:
    """Return a function that makes a report once for all workers. Its files are read only."""

    def by_kernel(name: str, unit: str, year: int, out: Path, **more: Any) -> ReportResult:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SMUP_HOME", str(report_maker().home))
            return run_report(name, unit, year, out=out, **more)

    def report_of(name: str, unit: str, year: int, **more: object) -> ReportResult:
        def make(folder: Path) -> None:
            if name in REQUIRED:
                more.setdefault("parameters", REQUIRED[name])
            as_users = (unit, year) == (UNIT, YEAR) and name in BY_KERNEL and not told
            kernel = as_users or not can_supervise()
            made = (by_kernel if kernel else report_maker().make)(name, unit, year, folder, **more)
            (folder / "result.pickle").write_bytes(pickle.dumps(made))

        told = "-".join(f"{key}={value}" for key, value in more.items())
        folder = made_once(f"report-{name}-{unit}-{year}-{told}".replace(" ", ""), make)
        made = pickle.loads((folder / "result.pickle").read_bytes())
        assert isinstance(made, ReportResult)
        return made

    return report_of
