"""Fixtures of the tests of apps: the sample land opened once, and a server for it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from smup_lib.apps.serving.warm_workspace import keep_values
from smup_lib.reports.loading import Workspace
from smup_lib.snapshots.store import current_id
from tests.apps.app_server import AppServer
from tests.report_home import report_home, report_home_dir

__all__ = ["report_home", "report_home_dir"]


@pytest.fixture(scope="session")
def workspace(report_home_dir: Path) -> Workspace:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(report_home_dir))
        opened = Workspace.open(report_home_dir / "snapshots" / str(current_id()))
        # as the pages of a server have it: a hundred tests open one
        keep_values(opened, math.inf)
        return opened


@pytest.fixture(scope="module")
def app_server(report_home_dir: Path, repo_root: Path) -> Iterator[AppServer]:
    with AppServer.running(report_home_dir, repo_root) as server:
        yield server
