"""Boundaries from PRG: pages that fit together are a layer, and the layer is that of a file.

The service is reconstructed (tests/servers/prg_shape.py); the boundaries are those of the sample
land, laid on the north-east of the Polish grid.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smup_lib.cli import app
from smup_lib.errors import SourceError
from smup_lib.snapshots import current_id, load_snapshot
from smup_lib.sources.importing import import_fetched
from smup_lib.sources.web.fetched import FetchFigures, FetchReport
from smup_lib.sources.web.prg_sync import sync_prg
from smup_lib.sources.web.services import PRG
from smup_lib.sources.web.smup_sync import SyncOptions
from smup_lib.sources.web.storing import find_own_base
from tests.servers import faults
from tests.servers.clocks import HandClock
from tests.servers.faults import Call, Fault
from tests.servers.misbehaving import MisbehavingServer, running
from tests.servers.prg_shape import LEVELS, PrgShape, exception, replaced
from tests.sources.sample_tables import open_land

#: Newer than the last layer of the land, and not the day of the test.
NOON = 1_800_000_000.0
DAY = 86_400
GMINY = "ms:A03_Granice_gmin"


@pytest.fixture(scope="module")
def shape(sample_home_dir: Path) -> PrgShape:
    return PrgShape(open_land(sample_home_dir))


@pytest.fixture(scope="module")
def running_server(shape: PrgShape) -> Iterator[MisbehavingServer]:
    with running(shape) as one:
        yield one


@pytest.fixture
def server(
    running_server: MisbehavingServer, shape: PrgShape, monkeypatch: pytest.MonkeyPatch
) -> MisbehavingServer:
    running_server.heal()
    shape.knows_count = shape.reversed_axes = False
    monkeypatch.setenv("SMUP_PRG_URL", running_server.address_of("prg"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return running_server


def sync(clock: HandClock | None = None, **options: bool) -> FetchReport:
    return sync_prg(SyncOptions(**options), clock=clock or HandClock(NOON))  # type: ignore[arg-type]


def page(start: int, layer: str = GMINY) -> Callable[[Call], bool]:
    """Choose one page of a layer."""
    return lambda call: (call.told("typeNames"), call.told("startIndex")) == (layer, str(start))


def layers_of(snapshot_id: str | None) -> dict[str, list[tuple[str, int, bytes]]]:
    """Return what a snapshot knows of boundaries fetched in these tests, without the sources."""
    assert snapshot_id is not None
    snapshot = load_snapshot(snapshot_id)
    table = snapshot.table("boundaries")
    new = table[table["year"] == table["year"].max()]
    columns = ["unit_code", "level", "year", "geometry"]
    return {
        "boundaries": sorted(new[columns].itertuples(index=False, name=None)),
        "borders": sorted(snapshot.table("borders").itertuples(index=False, name=None)),
        "outlines": sorted(snapshot.table("outlines").itertuples(index=False, name=None)),
    }


def import_files(shape: PrgShape, folder: Path, base_codes: list[str]) -> str | None:
    """Import the same layers as the files that a user would have."""
    folder.mkdir()
    paths = []
    for level in LEVELS.values():
        paths.append(folder / f"{level}_2027-01-15.geojson")
        paths[-1].write_bytes(shape.geojson(level))
    return import_fetched(paths, find_own_base(PRG, base_codes)).snapshot_id


@pytest.fixture(scope="module")
def by_files(
    shape: PrgShape,
    register_home_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, list[tuple[str, int, bytes]]]:
    """What the import of files makes of the same data."""
    import shutil

    home = tmp_path_factory.mktemp("by_files") / "home"
    shutil.copytree(register_home_dir, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(home))
        return layers_of(import_files(shape, home.parent / "files", ["90"]))


def test_the_boundaries_are_those_of_the_file_import(server, shape, land_home, by_files):
    report = sync()
    assert not report.failures and not report.refused
    assert layers_of(report.snapshot_id) == by_files
    pages = {call.told("startIndex") for call in server.calls if call.told("typeNames") == GMINY}
    assert pages == {"0", "70", "140"} and report.calls == len(server.calls) == 5
    assert report.written is not None
    assert {file.name for file in report.written.files} == {
        f"PRG_{layer.removeprefix('ms:')}_2027-01-15.gml.gz" for layer in LEVELS
    }


def test_the_land_of_the_sample_keeps_its_neighbours(server, land_home, sample_home_dir, by_files):
    """The borders of the service are those that the land itself has."""
    land = open_land(sample_home_dir).table("borders")
    known = set(zip(land["unit_code"], land["neighbour_code"], strict=True))
    told = {(one, other) for one, other, _ in by_files["borders"]}
    assert told == known


def test_a_known_count_is_believed(server, shape, land_home, by_files):
    shape.knows_count = True
    assert layers_of(sync().snapshot_id) == by_files


def test_axes_that_are_reversed_are_turned(server, shape, land_home, by_files):
    shape.reversed_axes = True
    report = sync()
    assert layers_of(report.snapshot_id) == by_files
    assert "osie były w pliku zamienione" in report.render()


def test_fresh_layers_are_not_asked_for_again(server, land_home):
    clock = HandClock(NOON)
    first = sync(clock)
    clock.time += 2 * DAY
    again = sync(clock)
    assert (again.calls, again.snapshot_id) == (0, first.snapshot_id)
    clock.time += 181 * DAY
    assert sync(clock).calls == 5


def test_a_plan_asks_nothing(server, smup_home):
    plans: list[FetchFigures] = []
    sync_prg(SyncOptions(plan_only=True), clock=HandClock(NOON), on_plan=plans.append)
    assert not server.calls and plans[0].calls == 3 and plans[0].held == ()


def test_without_a_register_nothing_is_fetched(server, smup_home):
    with pytest.raises(SourceError) as caught:
        sync()
    assert "smup data sync teryt" in str(caught.value)
    assert not server.calls


def test_what_passes_is_asked_again(server, land_home, by_files):
    """Every page is broken once, each in a way of its own."""
    for number, (spoil, layer) in enumerate(
        [
            (faults.status(500), "ms:A01_Granice_wojewodztw"),
            (faults.status(429, "3"), "ms:A02_Granice_powiatow"),
            (faults.half, GMINY),
            (faults.html(), GMINY),
            (faults.half_json, GMINY),
        ]
    ):
        server.faults.append(Fault(spoil, when=page(max(number - 2, 0) * 70, layer), times=1))
    report = sync()
    assert not report.failures and report.calls == 10
    assert layers_of(report.snapshot_id) == by_files


def test_an_exception_with_status_200_is_asked_again_once(server, land_home):
    server.faults.append(Fault(exception, when=page(70), times=1))
    assert not sync().failures


def test_a_page_that_stays_wrong_keeps_its_layer_out_and_is_asked_again(server, land_home):
    server.faults.append(Fault(exception, when=page(70)))
    report = sync()
    assert "serwis odpowiada błędem: msPostGIS" in report.failures["granice gmin"]
    assert report.snapshot_id is not None  # the other layers are there
    assert {level for _, level, *_ in layers_of(report.snapshot_id)["boundaries"]} == {
        "powiat",
        "voivodeship",
    }
    server.heal()
    assert not sync().failures
    assert {call.told("typeNames") for call in server.calls} == {GMINY}


def test_a_layer_that_ends_too_early_is_not_taken(server, land_home):
    """A page that hides that there are more: only the register knows better."""
    hides = replaced(' next="https://nowhere.invalid/?STARTINDEX=1"', "")
    server.faults.append(Fault(hides, when=page(0)))
    report = sync()
    said = report.failures["granice gmin"]
    assert "bez granic z PRG jest 98" in said and "nie jest pełna" in said
    server.heal()
    assert not sync().failures  # asked again, though its pages fitted together


def test_a_unit_without_a_shape_is_told_and_the_rest_goes_on(server, shape, land_home):
    code = shape.layers["gmina"][0].code
    server.faults.append(Fault(replaced(f">{code}<", ">9009999<")))
    report = sync()
    assert not report.failures
    assert f"bez granic z PRG jest 1: {code[:6]}" in report.render()
    held = load_snapshot(str(report.snapshot_id)).table("quarantine")
    assert "9009999" in set(held["unit_code"])


def test_a_service_that_is_down_leaves_everything_as_it_was(server, land_home):
    before = current_id()
    server.faults.append(Fault(faults.status(503)))
    result = CliRunner().invoke(app, ["data", "sync", "prg", "--plan"])
    assert result.exit_code == 0 and "granice gmin" in result.stdout
    with pytest.raises(SourceError):
        sync()
    assert current_id() == before


def test_the_command(server, land_home):
    result = CliRunner().invoke(app, ["data", "sync", "prg", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["snapshot_id"] == current_id() and told["failures"] == {}
    assert [file["levels"] for file in told["written"]["files"]] == [
        {"voivodeship": 3}, {"powiat": 36}, {"gmina": 168}
    ]  # fmt: skip
