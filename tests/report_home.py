"""A writable home on the sample land, and the reports that several tests read."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smup_lib.reports.runner import ReportResult, run_report
from tests.sample_home import made_once

ReportOf = Callable[..., ReportResult]
#: Units of the sample that a comparison puts beside the first.
BESIDE = ("9003", "9004")
#: What a notebook has to be told besides unit and year.
REQUIRED = {
    "unit_comparison": {"others": list(BESIDE), "area": "culture_recreation"},
    "indicator_deep_dive": {"indicator": "road_accidents_per_100k_computed"},
}


@pytest.fixture(scope="session")
def report_home_dir(sample_home_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home of this process whose snapshots are those of the shared sample home.

    Reports leave receipts and a cached typeface there.
    """
    home = tmp_path_factory.mktemp("report_home")
    (home / "snapshots").symlink_to(sample_home_dir / "snapshots", target_is_directory=True)
    return home


@pytest.fixture(scope="module")
def report_home(report_home_dir: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(report_home_dir))
        yield report_home_dir


@pytest.fixture(scope="session")
def report_of(report_home_dir: Path) -> ReportOf:
    """Return a function that makes a report once for all workers. Its files are read only."""

    def report_of(name: str, unit: str, year: int, **more: object) -> ReportResult:
        def make(folder: Path) -> None:
            if name in REQUIRED:
                more.setdefault("parameters", REQUIRED[name])
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SMUP_HOME", str(report_home_dir))
                made = run_report(name, unit, year, out=folder, **more)  # type: ignore[arg-type]
            (folder / "result.pickle").write_bytes(pickle.dumps(made))

        told = "-".join(f"{key}={value}" for key, value in more.items())
        folder = made_once(f"report-{name}-{unit}-{year}-{told}".replace(" ", ""), make)
        made = pickle.loads((folder / "result.pickle").read_bytes())
        assert isinstance(made, ReportResult)
        return made

    return report_of
