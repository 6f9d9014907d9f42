"""An area that is silent in the year of a portrait speaks by its newest earlier year."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.reports.loading import Workspace
from smup_lib.reports.portrait import UnitView
from tests.reports.revised_land import CONTEXT, small_land

UNIT, YEAR, LAST = "9004", 2023, 2021


def until_last(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep newer years of the circumstances only."""
    return rows[rows["variable"].isin(CONTEXT) | (rows["year"] <= LAST)].reset_index(drop=True)


@pytest.mark.slow  # a portrait of all areas
def test_the_newest_earlier_year_is_found_with_the_group_of_the_portrait(whole_land):
    workspace = Workspace.open(small_land(whole_land, until_last))
    view = UnitView(workspace, workspace.unit(UNIT), YEAR, None)
    assert "culture_recreation" in view.silent
    found = view._find_older("culture_recreation")
    assert found is not None
    assert found.assessment.year == LAST
    assert found.assessment.group == view.views["context"].assessment.group
    assert "local_taxes" in view.silent
    assert view._find_older("local_taxes") is None  # not a value in any year
    told = [area_id for area_id, _ in view.state_report()._ordered()]
    assert told[0] == "context"
    assert "culture_recreation" in told[1:-1]  # in its place, and not after all areas of the year
    assert told[1:] == [area_id for area_id in view.area_names if area_id in told[1:]]
