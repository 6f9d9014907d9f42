"""What a batch would take is told as two bounds, and on what they rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from smup_lib.reports.batch.estimate import cost_of, estimate
from smup_lib.reports.batch.jobs import Job, Section
from smup_lib.reports.batch.making import Conditions
from smup_lib.reports.batch.manifest import Row
from smup_lib.reports.loading import Workspace

YEAR = 2022
HOW = Conditions(workers=2)
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def rows_of(folder: Path, count: int, apart: int) -> list[Row]:
    """Return reports that took three seconds each, with a night in the middle."""
    (folder / "a.html").write_bytes(b"x" * 1_000_000)
    return [
        Row(
            *(str(number), "maly", f"{9000 + number}", "powiat", YEAR, {}, "0123", "f", "made"),
            seconds=3.0,
            outputs={"a.html": "x"},
            finished=(
                BEGAN + dt.timedelta(seconds=apart * number, hours=8 * (number > count / 2))
            ).isoformat(),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("count", "apart", "bounds"),
    [
        # two at once could do one in a second and a half, but one came every two seconds
        (41, 2, (1.5, 2.05)),
        (41, 1, (1.5, 1.5)),
        # a few moments in whole seconds tell no pace
        (3, 2, (1.5, 1.5)),
    ],
)
def test_the_pace_of_a_batch_counts_and_its_breaks_do_not(tmp_path, count, apart, bounds):
    cost = cost_of(rows_of(tmp_path, count, apart), tmp_path, HOW)
    assert cost.each == pytest.approx(bounds)
    assert cost.size == 1_000_000


def test_reports_that_are_there_are_taken_for_those_that_are_not(whole_land, tmp_path):
    section = Section(tmp_path / "maly.ipynb", "1", None, "Mały")
    missing = [Job(section, f"{9100 + number}", YEAR) for number in range(10)]
    rows = [*rows_of(tmp_path, 41, 2)]
    found = estimate(Workspace.open(whole_land), missing, rows, tmp_path, HOW, {}, (1.0, 5.0))
    assert found == {
        "seconds_from": pytest.approx(1 + 10 * 1.5),
        "seconds_to": pytest.approx(1.25 * (5 + 10 * 2.05)),
        "shared_seconds": 0.0,
        "megabytes": pytest.approx(10.0),
        "measured": 41,
        "tried": 0,
        "unknown": [],
    }
