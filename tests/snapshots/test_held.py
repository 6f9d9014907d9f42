"""Observations in memory answer as DuckDB does: the same rows, order and types."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.errors import SnapshotError
from smup_lib.snapshots import write_snapshot
from smup_lib.snapshots.observations import empty_observations, join_observations
from tests.snapshots.builders import SOURCE, observations, source_record

pytestmark = pytest.mark.usefixtures("smup_home")

#: Country, voivodeship, powiat, city as powiat and as gmina, gmina.
UNITS = ("00", "90", "9002", "9063", "906301", "900102")
OTHER = "sample:other@0000bbbb"


@pytest.fixture
def snapshot():
    """Values, nulls with a flag, two sources of one number, decimals known and not."""
    rows = [
        (unit, year, variable, float(year + place))
        for place, unit in enumerate(UNITS)
        for year in (2020, 2021, 2023)
        for variable in ("pupils", "population", "area")
    ]
    frame = observations(rows)
    frame.loc[::5, "decimals"] = 2
    none = observations([("9002", 2022, "pupils", None)])
    second = observations([("9002", 2021, "pupils", 7.5)], OTHER, qualifiers="incomplete")
    return write_snapshot(
        {"observations": join_observations([second, none, frame])},
        fictional=True,
        sources=[source_record(SOURCE), source_record(OTHER)],
    )


ASKED = [
    {},
    {"variables": ["pupils", "area"]},
    {"variables": ["pupils", "nothing_so_called"], "unit_codes": ["9002"]},
    {"variables": []},
    {"unit_codes": []},
    {"years": [2021, 2022]},
    {"years": []},
    {"unit_codes": ["9063"], "years": [2020]},
    {"unit_codes": ["9063"], "years": [2020], "either": True},
    {"unit_codes": ["9063"], "either": True},
    *({"level": level} for level in ("country", "voivodeship", "powiat", "gmina")),
    *({"level": level, "cities": True} for level in ("country", "powiat", "gmina")),
    {"variables": ["pupils"], "unit_codes": ["900102"], "years": [2023], "level": "gmina"},
    {"unit_codes": ["9002"], "years": [2020], "level": "powiat", "either": True, "cities": True},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_held_snapshot_answers_as_duckdb_does(snapshot, asked):
    read = snapshot.observations(**asked)
    assert snapshot.hold(1000)
    pd.testing.assert_frame_equal(snapshot.observations(**asked), read)


def test_what_can_be_gone_through_once_asks_both_alike(snapshot):
    read = snapshot.observations(iter(["pupils"]), iter(["9002"]), iter([2020]))
    assert len(read) == 1
    assert snapshot.hold(1000)
    again = snapshot.observations(iter(["pupils"]), iter(["9002"]), iter([2020]))
    pd.testing.assert_frame_equal(again, read)


def test_rows_of_any_order_on_disk_come_in_the_order_of_answers(snapshot, tmp_path):
    from smup_lib.snapshots.held import HeldObservations
    from smup_lib.snapshots.question import Question

    read = snapshot.observations()
    file = tmp_path / "mixed.parquet"
    mixed = pd.read_parquet(snapshot.observation_file).sample(frac=1, random_state=1)
    mixed.to_parquet(file, index=False)
    pd.testing.assert_frame_equal(HeldObservations(file).select(Question()), read)


def test_what_is_changed_in_an_answer_stays_there(snapshot):
    assert snapshot.hold(1000)
    first = snapshot.observations(["pupils"])
    value = float(first.loc[0, "value"])
    first.loc[0, "value"] = -1.0
    assert snapshot.observations(["pupils"]).loc[0, "value"] == value


def test_too_many_rows_are_not_held(snapshot):
    assert not snapshot.hold(10)
    assert len(snapshot.observations(["pupils"])) == 20


def test_a_level_that_nobody_knows_is_refused_all_the_same(snapshot):
    assert snapshot.hold(1000)
    with pytest.raises(SnapshotError, match="szczebla"):
        snapshot.observations(level="sołectwo")


def test_registers_alone_have_nothing_to_hold():
    tables = {"observations": empty_observations()}
    snapshot = write_snapshot(tables, fictional=True, sources=[source_record()])
    assert not snapshot.hold(1000)
    assert snapshot.observations().empty
