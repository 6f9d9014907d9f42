"""What was computed of one unit is computed once, and is what would be computed again."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.reports import kept_values
from smup_lib.reports.kept_values import KeptValues
from smup_lib.reports.known_years import compute_own
from smup_lib.reports.loading import Workspace
from tests.report_home import report_home, report_home_dir

__all__ = ["report_home", "report_home_dir"]


@pytest.fixture
def workspace(report_home):
    return Workspace.open()


def test_the_same_unit_and_area_are_computed_once_and_others_are_not_mixed(workspace):
    education, finance = (workspace.catalogue.area(name) for name in ("education", "finance"))
    one, other = workspace.unit("9002"), workspace.unit("9003")
    first = compute_own(workspace, education, one)
    assert compute_own(workspace, education, one) is first
    for area, unit in ((finance, one), (education, other), (None, one)):
        fresh = Workspace(workspace.snapshot, workspace.catalogue, workspace.register)
        pd.testing.assert_frame_equal(
            compute_own(workspace, area, unit), compute_own(fresh, area, unit)
        )
    assert compute_own(workspace, education, one) is first


def test_what_was_not_asked_for_longest_is_let_go(monkeypatch):
    frame = pd.DataFrame({"value": [1.0] * 1000})
    monkeypatch.setattr(kept_values, "OWN_BYTES", 2.5 * int(frame.memory_usage().sum()))
    kept, computed = KeptValues(), []

    def ask(name: str) -> None:
        kept.own_of(name, lambda: computed.append(name) or frame.copy())

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert computed == ["a", "b", "c", "b"]
