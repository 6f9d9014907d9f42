"""What is shown of real sources, which end in different years."""

from __future__ import annotations

import pytest

from smup_lib.reports.known_years import list_snapshot_years
from smup_lib.reports.loading import Workspace
from smup_lib.reports.selection.choice import Choice, understand


@pytest.mark.parametrize(
    ("indicators", "year"),
    [
        (("road_accidents_per_100k",), 2018),
        (("museum_visitors_per_10k",), 2019),
        (("road_accidents_per_100k", "museum_visitors_per_10k"), 2018),
    ],
)
def test_without_years_the_last_with_values_is_shown(real_home, indicators, year):
    workspace = Workspace.open()
    assert list_snapshot_years(workspace)[-1] > year
    assert understand(workspace, Choice(indicators=indicators, units=("powiaty",))).years == (year,)
