"""A value of BDL from a file and from the service is one value: same data set, newer counts.

The register and the file are fictional ones under the codes of real voivodeships 30 and 32.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smup_lib.snapshots import Snapshot, load_snapshot
from smup_lib.snapshots.doubles import list_doubled
from smup_lib.sources import import_paths
from smup_lib.sources.web.bdl_choice import BdlChoice
from smup_lib.sources.web.bdl_sync import sync_bdl
from smup_lib.sources.web.sync_report import SyncReport
from tests.servers.bdl_shape import BdlShape, Served
from tests.servers.clocks import HandClock
from tests.servers.misbehaving import running
from tests.sources import twins

UNEMPLOYED = Served(10514, "registered_unemployed", "P1944", ("ogółem",), 26, "osoba", 6, "bdl:")
CHOICE = BdlChoice(variables=("registered_unemployed",))
#: The day of the file is 2025-01-01.
BEFORE, AFTER = (datetime(year, 6, 1, tzinfo=UTC).timestamp() for year in (2024, 2025))
UNIT, YEAR = "300101", 2023


def sync(at: float) -> SyncReport:
    return sync_bdl(CHOICE, clock=HandClock(at))


def value(snapshot: Snapshot) -> float:
    rows = snapshot.observations(variables=["registered_unemployed"], unit_codes=[UNIT])
    (found,) = rows.loc[rows["year"] == YEAR, "value"]
    return float(found)


@pytest.fixture
def imported(tmp_path: Path, smup_home: Path) -> Snapshot:
    """A snapshot of real data made from files."""
    files = [twins.real(tmp_path / "pliki", one) for one in (*twins.REGISTERS, twins.CTAB)]
    return load_snapshot(import_paths(files).snapshot_id)


@pytest.fixture
def shape(imported: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Iterator[BdlShape]:
    """A service that tells what the file tells."""
    one = BdlShape(imported, range(2021, 2025), (UNEMPLOYED,))
    with running(one) as server:
        monkeypatch.setenv("SMUP_BDL_URL", server.address_of("bdl"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.delenv("SMUP_BDL_KEY", raising=False)
        yield one


def change(shape: BdlShape, to: float) -> None:
    """Let the service tell another value of one cell."""
    for _, row in shape.values[UNEMPLOYED.number]:
        if row["id"].startswith("0930") and row["id"][7:11] == UNIT[2:]:
            (cell,) = [one for one in row["values"] if one["year"] == str(YEAR)]
            cell["val"] = to


def test_the_same_numbers_are_told_once_and_the_service_confirms_the_file(imported, shape):
    report = sync(AFTER)
    assert report.refused == report.quarantined == {}
    assert report.written is not None and report.written.revised == 0
    assert report.written.added == 0 and report.written.repeated > 0
    after = load_snapshot(report.snapshot_id)
    rows = after.observations(variables=["registered_unemployed"])
    before = imported.observations(variables=["registered_unemployed"])
    assert len(rows) == len(before)
    assert {source.partition("@")[0] for source in rows["source"]} == {"bdl:P1944"}
    assert list_doubled(after) == ()
    assert {one.publisher for one in after.manifest.sources.values() if one.variables} == {
        "gus_bdl"
    }


def test_a_newer_answer_revises_the_file(imported, shape):
    change(shape, 444)
    report = sync(AFTER)
    assert report.written is not None and report.written.revised == 1
    (told,) = report.written.revisions
    assert (told.unit_code, told.year, told.new_value) == (UNIT, YEAR, 444.0)
    assert told.old_value == value(imported)
    assert value(load_snapshot(report.snapshot_id)) == 444


def test_an_older_answer_revises_nothing(imported, shape):
    change(shape, 444)
    report = sync(BEFORE)
    assert report.written is not None and report.written.refused == 1
    assert value(load_snapshot()) == value(imported)


def test_a_newer_file_revises_the_answer(imported, shape, tmp_path):
    change(shape, 444)
    sync(AFTER)
    old = twins.CTAB.name
    newer = twins.real(tmp_path / "nowsze", twins.CTAB)
    newer = newer.rename(newer.with_name(old.replace("20250101120000", "20260101120000")))
    report = import_paths([newer])
    assert report.revised == 1
    assert value(load_snapshot(report.snapshot_id)) == value(imported)


def test_a_real_export_and_the_service_are_one(shared_data, tmp_path, smup_home, monkeypatch):
    """Real files: the unemployed of 2003-2024 (P1944) and what a service would tell of them."""
    terc = sorted((shared_data / "teryt").glob("TERC_*.csv"))
    export = shared_data / "bdl_exports" / "ctab" / "RYNE_1944_CTAB_20250616184618.csv"
    before = load_snapshot(import_paths([*terc, export]).snapshot_id)
    one = BdlShape(before, range(2023, 2025), (UNEMPLOYED,))
    with running(one) as server:
        monkeypatch.setenv("SMUP_BDL_URL", server.address_of("bdl"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        report = sync(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    assert report.quarantined == {}
    assert report.written is not None
    assert (report.written.added, report.written.revised) == (0, 0)
    assert report.written.repeated > 5_000  # 2 years, gminy and powiaty of the country
