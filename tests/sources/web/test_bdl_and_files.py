"""A value of BDL from a file and from the service is one value: same data set, newer counts.

The register and the file are fictional ones under the codes of real voivodeships 30 and 32.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smup_lib.snapshots import Snapshot, load_snapshot
from smup_lib.snapshots.doubles import list_doubled
from smup_lib.sources import import_paths
from smup_lib.sources.web.bdl_choice import BdlChoice
from smup_lib.sources.web.bdl_questions import PAGE_SIZE
from smup_lib.sources.web.bdl_sync import sync_bdl
from smup_lib.sources.web.smup_sync import SyncOptions
from smup_lib.sources.web.sync_report import SyncReport
from tests.servers.bdl_shape import BdlShape, Served, bdl_id, level_of
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


def told_by(export: Path, years: Sequence[int]) -> list[tuple[int, dict[str, Any]]]:
    """Return what the service would tell of a printed table, with no reader of ours.

    A printed number is a value (attribute 1); of an empty cell the service tells nothing.
    """
    with export.open(encoding="utf-8-sig", newline="") as text:
        header, *rows = csv.reader(text, delimiter=";")
    columns = {year: header.index(f"ogółem;{year};[osoba]") for year in years}
    told = []
    for row in rows:
        cells = [
            {"year": str(year), "val": int(row[column]), "attrId": 1}
            for year, column in columns.items()
            if row[column]
        ]
        code = re.sub(r"^0{7}$", "00", row[0])
        code = re.sub(r"(00000|000)$", "", code) if len(code) == 7 else code
        told.append((level_of(code), {"id": bdl_id(code), "name": row[1], "values": cells}))
    return [(level, row) for level, row in told if row["values"]]


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
def shape(
    imported: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BdlShape]:
    """A service that tells what the file tells."""
    one = BdlShape(imported, range(2021, 2025), (UNEMPLOYED,))
    told = told_by(tmp_path / "pliki" / twins.CTAB.name, one.years)
    one.values[UNEMPLOYED.number] = told
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


def test_an_answer_that_was_not_asked_again_is_not_newer_for_its_other_levels(
    imported, shape, tmp_path
):
    change(shape, 444)
    clock = HandClock(AFTER)
    sync_bdl(replace(CHOICE, level="gmina"), clock=clock)
    newer = twins.real(tmp_path / "nowsze", twins.CTAB)
    newer = newer.rename(newer.with_name(newer.name.replace("20250101120000", "20250610120000")))
    import_paths([newer])
    clock.time += 14 * 86_400  # the other levels are asked now, gminy were before the file
    report = sync_bdl(CHOICE, clock=clock)
    assert value(load_snapshot(report.snapshot_id)) == value(imported)
    assert report.written is not None and report.written.refused == 1
    assert "--refresh" in report.render() and "--override-newer" not in report.render()


def test_a_day_to_come_proves_nothing(imported, shape):
    """The clock ran fifty years ahead; once it is right, fresh answers count again."""
    clock = HandClock(AFTER + 50 * 365 * 86_400)
    sync_bdl(CHOICE, clock=clock)
    change(shape, 444)
    clock.time = AFTER
    report = sync_bdl(CHOICE, SyncOptions(page_size=PAGE_SIZE, refresh=True), clock=clock)
    assert value(load_snapshot(report.snapshot_id)) == 444
    assert "z przyszłości (2075-" in report.render()


def test_a_real_export_and_the_service_are_one(shared_data, tmp_path, smup_home, monkeypatch):
    """Real files: the unemployed of 2003-2024 (P1944) and what a service would tell of them."""
    terc = sorted((shared_data / "teryt").glob("TERC_*.csv"))
    export = shared_data / "bdl_exports" / "ctab" / "RYNE_1944_CTAB_20250616184618.csv"
    before = load_snapshot(import_paths([*terc, export]).snapshot_id)
    one = BdlShape(before, (2023, 2024), (UNEMPLOYED,))
    one.values[UNEMPLOYED.number] = told_by(export, (2023, 2024))
    with running(one) as server:
        monkeypatch.setenv("SMUP_BDL_URL", server.address_of("bdl"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        report = sync(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    assert report.quarantined == {}
    assert report.written is not None
    assert (report.written.added, report.written.revised) == (0, 0)
    assert report.written.repeated > 5_000  # 2 years, gminy and powiaty of the country
