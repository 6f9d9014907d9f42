"""Fixtures of the tests of selections: the sample land opened once, and one selection of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smup_lib.reports.loading import Workspace
from smup_lib.reports.selection.choice import Choice
from smup_lib.reports.selection.selection import Selection
from smup_lib.snapshots.store import current_id

Select = Callable[..., Selection]


@pytest.fixture(scope="module")
def workspace(report_home_dir: Path) -> Workspace:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(report_home_dir))
        return Workspace.open(report_home_dir / "snapshots" / str(current_id()))


@pytest.fixture(scope="module")
def select(workspace: Workspace) -> Select:
    """Return a function that opens a selection of powiaty of the sample land."""

    def select(*indicators: str, units: tuple[str, ...] = ("powiaty",), **more: Any) -> Selection:
        told = {"years": (2018, 2022), "unit": "9002", **more}
        return Selection(workspace, Choice(indicators, units, **told))

    return select


@pytest.fixture(scope="module")
def selection(select: Select) -> Selection:
    """A selection that no test changes: an indicator that not everybody can have, and another."""
    return select("debt_per_capita", "library_readers_per_1k", group="voivodeship")
