"""The register from eTERYT: a form sent back, an archive kept, and the import of every such file.

The page is reconstructed (tests/servers/teryt_shape.py); the register is that of the sample land.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smup_lib.cli import app
from smup_lib.errors import ServiceError, SnapshotMismatchError, UnexpectedAnswerError
from smup_lib.paths import raw_dir
from smup_lib.snapshots import current_id, load_snapshot
from smup_lib.snapshots.sync_ledger import list_syncs
from smup_lib.sources import import_paths
from smup_lib.sources.web.answers import AnswerStore
from smup_lib.sources.web.fetched import FetchFigures, FetchReport
from smup_lib.sources.web.services import TERYT
from smup_lib.sources.web.smup_sync import SyncOptions
from smup_lib.sources.web.teryt_page import REGISTER
from smup_lib.sources.web.teryt_sync import sync_teryt
from tests.servers import faults
from tests.servers.clocks import HandClock
from tests.servers.faults import Call, Fault
from tests.servers.misbehaving import MisbehavingServer, running
from tests.servers.teryt_shape import MEMBER, TerytShape, terc_csv, zipped
from tests.sources.sample_tables import open_land
from tests.sources.twins import TERC_2024, rest_of_the_country

DAY = 86_400
REGISTER_COLUMNS = ["unit_code", "level", "kind", "name", "name_extra", "state_date"]


@pytest.fixture(scope="module")
def shape(sample_home_dir: Path) -> TerytShape:
    return TerytShape(open_land(sample_home_dir))


@pytest.fixture(scope="module")
def running_server(shape: TerytShape) -> Iterator[MisbehavingServer]:
    with running(shape) as one:
        yield one


@pytest.fixture
def server(
    running_server: MisbehavingServer, smup_home: Path, monkeypatch: pytest.MonkeyPatch
) -> MisbehavingServer:
    running_server.heal()
    monkeypatch.setenv("SMUP_TERYT_URL", running_server.address_of("teryt"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return running_server


def sync(clock: HandClock | None = None, **options: bool) -> FetchReport:
    return sync_teryt(SyncOptions(**options), clock=clock or HandClock())  # type: ignore[arg-type]


def pressed(call: Call) -> bool:
    return call.form is not None


def gives(archive: bytes) -> Fault:
    """Let the button give other bytes."""
    return Fault(lambda reply, call: replace(reply, body=archive), when=pressed)


def plain_units(snapshot_id: str | None):
    assert snapshot_id is not None
    units = load_snapshot(snapshot_id).table("units")[REGISTER_COLUMNS]
    return units.astype("str").sort_values(["unit_code", "kind"]).reset_index(drop=True)


def test_the_register_is_that_of_the_land_and_of_the_file_import(
    server, shape, smup_home, tmp_path, monkeypatch
):
    report = sync()
    assert report.calls == len(server.calls) == 2
    assert [call.form is not None for call in server.calls] == [False, True]
    told = plain_units(report.snapshot_id)
    expected = shape.newest[REGISTER_COLUMNS].astype("str")
    expected = expected[expected["unit_code"] != "00"].sort_values(["unit_code", "kind"])
    assert told[told["unit_code"] != "00"].to_numpy().tolist() == expected.to_numpy().tolist()
    by_file = tmp_path / MEMBER
    by_file.write_bytes(terc_csv(shape.newest))
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "by_file"))
    assert import_paths([by_file]).snapshot_id == report.snapshot_id


def test_the_archive_is_kept_as_it_came_with_its_day(server, shape):
    report = sync()
    digest = hashlib.sha256(shape.archive).hexdigest()
    (kept,) = (raw_dir() / digest).glob("*.zip")
    assert kept.read_bytes() == shape.archive
    assert report.written is not None
    (file,) = report.written.files
    assert (file.sha256, file.retrieved, file.dated) == (digest, "2026-07-22", "name")
    answer = AnswerStore(TERYT.answers_path()).find(REGISTER)
    assert answer is not None and answer.sha256 == digest


def test_a_fresh_register_is_not_asked_for_again(server):
    clock = HandClock()
    first = sync(clock)
    clock.time += 2 * DAY
    again = sync(clock)
    assert (again.calls, again.snapshot_id) == (0, first.snapshot_id)
    assert again.written is not None and again.written.unchanged
    assert sync(clock, refresh=True).calls == 2
    clock.time += 31 * DAY
    assert sync(clock).calls == 2


def test_a_plan_asks_nothing(server):
    plans: list[FetchFigures] = []
    report = sync_teryt(SyncOptions(plan_only=True), clock=HandClock(), on_plan=plans.append)
    assert (server.calls, report.snapshot_id) == ([], None)
    assert (plans[0].due, plans[0].calls) == (("rejestr TERC",), 2)
    sync()
    sync_teryt(SyncOptions(plan_only=True), clock=HandClock(), on_plan=plans.append)
    assert (plans[1].due, plans[1].held) == ((), ("rejestr TERC",))
    assert "Do pobrania: nic." in plans[1].render()


@pytest.mark.parametrize("spoil", [faults.status(503), faults.half, faults.html(502)])
def test_what_passes_is_tried_again(server, spoil):
    server.faults.append(Fault(spoil, when=pressed, times=1))
    assert sync().snapshot_id is not None


def test_a_page_instead_of_the_archive_is_told_with_what_to_do_by_hand(server):
    sync()
    before = current_id()
    server.faults.append(Fault(faults.html(), when=pressed))
    with pytest.raises(ServiceError) as caught:
        sync(refresh=True, clock=HandClock(1_800_000_000.0 + 2 * DAY))
    told = str(caught.value)
    assert "strona HTML" in told and "smup data import PLIK" in told
    assert "pliki_pelne.aspx" in told
    assert current_id() == before


def test_a_page_without_the_form_is_told(server, monkeypatch):
    address = server.address_of("teryt").replace("//", "//anna:tajne@")
    monkeypatch.setenv("SMUP_TERYT_URL", address)
    bare = Fault(faults.html(), when=lambda call: call.form is None)
    server.faults.append(bare)
    with pytest.raises(UnexpectedAnswerError, match="nie ma formularza") as caught:
        sync()
    assert "smup data import PLIK" in str(caught.value)
    assert "pliki_pelne.aspx" in str(caught.value) and "tajne" not in str(caught.value)


def other_members(shape: TerytShape) -> dict[str, tuple[bytes, str]]:
    csv = terc_csv(shape.newest)
    noise = random.Random(1).randbytes(2_000)
    rows = csv.splitlines(keepends=True)
    part = b"".join(row for row in rows if row[:3] != b"92;" or row[3:4] == b";")
    cut = zipped({MEMBER: csv})
    return {
        "no archive": (noise, "nie jest archiwum ZIP"),
        "no register": (
            zipped({"WMRODZ.csv": b"RM;NAZWA_RM;STAN_NA\r\n01;wie\xc5\x9b;2026-01-01\r\n"}),
            "inne pliki niż jeden rejestr",
        ),
        "another file": (zipped({"SIMC.csv": b"a;b\r\n"}), "Nieznany układ"),
        "twice": (zipped({MEMBER: csv, "TERC_2.csv": csv}), "inne pliki niż jeden rejestr"),
        "data beside": (
            zipped({MEMBER: csv, "x.csv": b"unit_code,year,variable,value\n"}),
            "inne pliki niż jeden rejestr",
        ),
        "bomb": (zipped({MEMBER: csv + b" " * 40_000_000}), "bomba zip"),
        "cut": (cut[: len(cut) // 2], "ucięty albo uszkodzony"),
        "no whole register": (zipped({MEMBER: part}), "nie jest pełny"),
        "damaged rows": (zipped({MEMBER: csv.replace(b";3;", b";7;")}), "błędne wiersze"),
    }


@pytest.mark.parametrize(
    "name",
    ["no archive", "no register", "another file", "twice", "data beside", "bomb", "cut",
     "no whole register", "damaged rows"],
)  # fmt: skip
def test_an_archive_that_is_no_register_is_refused_and_asked_for_again(server, shape, name):
    archive, says = other_members(shape)[name]
    fault = gives(archive)
    server.faults.append(fault)
    with pytest.raises(UnexpectedAnswerError) as caught:
        sync()
    assert says in str(caught.value) and "smup data import PLIK" in str(caught.value)
    assert current_id() is None
    assert not list(raw_dir().glob("*"))
    server.faults.remove(fault)
    assert sync().snapshot_id is not None


def test_a_register_with_fewer_units_than_the_one_before_is_refused(server, shape):
    sync()
    before = current_id()
    cities = shape.newest["kind"].eq("land_powiat")
    ended = set(shape.newest.loc[cities, "unit_code"].iloc[:4])
    fewer = shape.newest[~shape.newest["unit_code"].str[:4].isin(ended)]
    server.faults.append(gives(zipped({MEMBER: terc_csv(fewer)})))
    clock = HandClock(1_800_000_000.0 + 2 * DAY)
    report = sync(clock, refresh=True)
    assert list(report.refused) and report.snapshot_id is None
    assert "nie jest pełny" in report.render() and current_id() == before
    server.faults.clear()
    assert sync(clock).snapshot_id == before  # the refused answer counts as not there


def test_a_fictional_register_does_not_enter_a_home_with_real_data(server, tmp_path):
    real = tmp_path / "TERC.csv"
    text = (
        TERC_2024.read_text(encoding="utf-8-sig")
        .replace("\n90;", "\n30;")
        .replace("\n92;", "\n32;")
    )
    real.write_text(text + rest_of_the_country("2024-01-01"), encoding="utf-8")
    before = import_paths([real]).snapshot_id
    assert before is not None
    with pytest.raises(SnapshotMismatchError):
        sync()
    assert current_id() == before


def test_the_limit_of_the_service_stops_it_until_later(server):
    server.room = 0
    report = sync()
    assert "limit zapytań jest wyczerpany" in report.stopped and report.snapshot_id is None
    assert CliRunner().invoke(app, ["data", "sync", "teryt"]).exit_code == 75
    (note,) = list_syncs()
    assert (note.service, note.outcome, note.running) == ("teryt", "later", False)
    assert "limit zapytań jest wyczerpany" in note.told


def test_the_command(server):
    result = CliRunner().invoke(app, ["data", "sync", "teryt", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["snapshot_id"] == current_id() and told["calls"] == 2
    assert "Do pobrania: rejestr TERC (co najmniej 2 zapytania)." in result.stderr
    again = CliRunner().invoke(app, ["data", "sync", "teryt"])
    assert "rejestr TERYT (TERC)" in again.stdout and again.exit_code == 0
    plan = CliRunner().invoke(app, ["data", "sync", "teryt", "--plan", "--json"])
    assert json.loads(plan.stdout)["held"] == ["rejestr TERC"]
    (note,) = list_syncs()
    assert (note.outcome, note.snapshot) == ("done", current_id())
