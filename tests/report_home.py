"""A writable home on the sample land: reports leave receipts and a cached typeface there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def report_home_dir(sample_home_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home of this process whose snapshots are those of the shared sample home."""
    home = tmp_path_factory.mktemp("report_home")
    (home / "snapshots").symlink_to(sample_home_dir / "snapshots", target_is_directory=True)
    return home


@pytest.fixture(scope="module")
def report_home(report_home_dir: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(report_home_dir))
        yield report_home_dir
