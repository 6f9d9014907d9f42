"""The coordinator's desk: what it reads of data, fetching and batches, and that it asks twice."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path

import ipywidgets as widgets
import pytest

from smup_lib.apps.desk.app import DeskApp
from smup_lib.apps.parts.sharing import SHARED
from smup_lib.paths import receipts_dir
from smup_lib.reports.batch.known import ORDER_FILE, list_batches, note_batch
from smup_lib.reports.batch.manifest import Manifest, Row, one_batch
from smup_lib.reports.batch.order import simple_order, write_order
from smup_lib.reports.loading import Workspace
from smup_lib.snapshots import current_id
from smup_lib.snapshots.sync_ledger import noted_sync, syncs_dir
from tests.sample_home import lend_fonts


@pytest.fixture
def desk_home(sample_home_dir: Path, smup_home: Path) -> Path:
    """An own home whose snapshots are those of the sample, with a pointer of its own."""
    (smup_home / "snapshots").mkdir()
    for path in (sample_home_dir / "snapshots").iterdir():
        if path.is_dir():
            (smup_home / "snapshots" / path.name).symlink_to(path)
        else:
            (smup_home / "snapshots" / path.name).write_bytes(path.read_bytes())
    return lend_fonts(smup_home)


@pytest.fixture
def desk(desk_home: Path) -> DeskApp:
    return DeskApp(Workspace.open())


def texts(widget: widgets.Widget) -> Iterator[str]:
    if isinstance(widget, widgets.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from texts(child)


def page(app: DeskApp) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", "".join(texts(app))).replace("\xa0", " ").split())


def row(number: int, status: str = "made", **more: object) -> Row:
    finished = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2 * number)
    return Row(
        key=str(number),
        report="culture_recreation",
        unit=f"90{number:02}",
        unit_name=f"powiat próbny {number}",
        year=2022,
        parameters={},
        snapshot="0" * 16,
        fingerprint="",
        status=status,  # type: ignore[arg-type]
        seconds=1.0,
        megabytes=1.0,
        finished=finished.isoformat(timespec="seconds"),
        **more,  # type: ignore[arg-type]
    )


def begun(folder: Path, wanted: int, rows: list[Row]) -> Path:
    """Write what a batch writes: its order, its receipt and the rows of its reports."""
    folder.mkdir()
    order = simple_order(["kultura"], ["9001"], 2022)
    (folder / ORDER_FILE).write_text(write_order(order), encoding="utf-8")
    note_batch("0" * 16, folder, wanted, 0)
    ledger = Manifest(folder)
    for one in rows:
        ledger.add(one)
    return folder


def test_a_desk_where_nothing_was_done_says_how_to_begin(desk):
    told = page(desk)
    assert "nie zlecono jeszcze partii raportów" in told
    assert "smup data sync teryt" in told
    assert f"{current_id()} tak przykładowe, jednostki fikcyjne" in told
    assert "smup-error" not in "".join(texts(desk))


def test_a_batch_at_work_says_how_far_it_is_and_how_long_it_will_take(desk_home, tmp_path):
    rows = [row(n) for n in range(9)] + [row(9, "failed", error="brak granic")]
    folder = begun(tmp_path / "wyniki", 40, rows)
    with one_batch(folder):
        app = DeskApp(Workspace.open())
        told = page(app)
        assert "9 z 40 (22%)" in told
        assert "Partia pracuje od" in told
        assert "Do końca: około 1 min." in told  # thirty reports, two seconds each
        assert "powiat próbny 9 culture_recreation brak granic" in told
        app.make.ask.click()
        assert "Nie ma tu teraz nic do zrobienia" in page(app.make)
        assert "w toku" in app.batches.options[0][0]
    app.look()
    assert "w toku" not in app.batches.options[0][0]
    assert "Brakuje: 31 raportów." in page(app)
    assert "Partia pracuje" not in page(app)


@pytest.mark.parametrize(
    "odd",
    [{"kept": "many"}, {"reports": "12"}, {"began": "yesterday"}, {"batch": 5}, {"kept": None}],
    ids=str,
)
def test_a_batch_with_an_odd_receipt_is_passed_over(desk_home, tmp_path, odd):
    begun(tmp_path / "dobra", 12, [])
    begun(tmp_path / "dziwna", 12, [])
    for path in receipts_dir().glob("batch-*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["batch"].endswith("dziwna"):
            path.write_text(json.dumps(told | odd), encoding="utf-8")
    assert [one.folder.name for one in list_batches()] == ["dobra"]
    assert "dobra" in page(DeskApp(Workspace.open()))


@pytest.mark.parametrize(
    "odd",
    [{"outcome": "maybe"}, {"started": "yesterday"}, {"done": "many", "outcome": "later"}],
    ids=str,
)
def test_fetching_with_an_odd_note_is_passed_over(desk_home, odd):
    with noted_sync("smup") as writer:
        writer.tell_end("done")
    with noted_sync("teryt") as writer:
        writer.tell_end("done")
    path = syncs_dir() / "smup.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | odd), encoding="utf-8")
    told = page(DeskApp(Workspace.open()))
    assert "teryt Zakończone, wszystko pobrano." in told


def test_looking_again_sends_only_what_has_changed(desk_home, tmp_path):
    folder = begun(tmp_path / "wyniki", 4, [row(1)])
    app = DeskApp(Workspace.open())
    before = [panel.children[0] for panel in (app.states, app.syncs, app.batch)]
    sent: list[widgets.Widget] = []
    for widget in before:
        widget.observe(lambda change: sent.append(change["owner"]), "value")
    app.tick.value = "1"
    assert sent == []
    Manifest(folder).add(row(2, warnings=("pusty wykres",)))
    app.tick.value = "2"
    assert sent == [before[2]]
    assert "2 z 4 (50%)" in page(app)
    assert "powiat próbny 2 culture_recreation pusty wykres" in page(app)


def test_the_link_names_a_batch_and_no_folder(desk_home, tmp_path):
    begun(tmp_path / "pierwsza", 1, [row(1)])
    folder = begun(tmp_path / "druga", 2, [row(1)])
    mark = next(one.mark for one in list_batches() if one.folder == folder)
    app = DeskApp(Workspace.open(), f"batch={mark}")
    assert app.link == {"batch": mark}
    assert str(folder) in page(app)
    assert str(folder) not in app.address.value
    app = DeskApp(Workspace.open(), "batch=" + "f" * 16)
    assert "Tej partii raportów nie ma na tym komputerze." in page(app)


def test_a_batch_whose_folder_is_gone_is_said_to_be_gone(desk_home, tmp_path):
    folder = begun(tmp_path / "wyniki", 1, [])
    for path in (*folder.iterdir(), folder):
        path.rmdir() if path.is_dir() else path.unlink()
    told = page(DeskApp(Workspace.open()))
    assert "Tego folderu już nie ma" in told


def test_fetching_says_what_it_does_and_how_it_ended(desk_home):
    app = DeskApp(Workspace.open())
    with noted_sync("smup") as writer:
        writer.tell_progress(3, 12)
        writer.tell_end("later", "wolne zapytania będą o 15:00")
        app.look()
        told = page(app)
    assert "Wyczerpany limit zapytań; to, co pobrano, zostało. Wolne zapytania będą o 15:00" in told
    assert "3 z 12 (25%)" in told
    assert "smup data sync smup" in told

    with noted_sync("bdl"):
        app.look()
        assert "Trwa od" in page(app.syncs)
    app.look()
    assert "Program został zabity w trakcie" in page(app.syncs)

    with pytest.raises(ZeroDivisionError), noted_sync("bdl"):
        raise ZeroDivisionError
    app.look()
    assert "Nie udało się. ZeroDivisionError." in page(app.syncs)


def test_another_state_of_the_data_becomes_current_only_after_a_second_press(desk_home):
    app = DeskApp(Workspace.open())
    app.use.ask.click()
    assert "Nie ma tu teraz nic do zrobienia" in page(app.use)
    other = next((value for _, value in app.choice.options if value != current_id()), None)
    if other is None:
        pointer = desk_home / "snapshots" / "current"
        other = pointer.read_text().strip()
        pointer.unlink()
        app.choice.value = other
    app.choice.value = other
    app.use.ask.click()
    assert other in page(app.use)
    assert current_id() != other
    app.use.no.click()
    assert current_id() != other
    app.use.ask.click()
    app.use.yes.click()
    assert current_id() == other


def test_a_batch_is_finished_by_a_program_of_its_own_after_a_second_press(desk_home, tmp_path):
    folder = begun(tmp_path / "wyniki", 1, [])
    app = DeskApp(Workspace.open())
    app.make.ask.click()
    told = page(app.make)
    assert "smup report batch --plan" in told
    assert not list(folder.glob("*/*.html"))
    app.make.yes.click()
    ((process, _),) = app.starter._started.values()
    assert process.wait(timeout=120) == 0
    app.look()
    assert "1 z 1 (100%)" in page(app)
    assert len(list(folder.glob("culture_recreation/*.html"))) == 1


def test_a_batch_that_ends_badly_says_why(desk_home, tmp_path):
    folder = begun(tmp_path / "wyniki", 1, [])
    (folder / ORDER_FILE).write_text("parts: [{report: nie_ma}]", encoding="utf-8")
    app = DeskApp(Workspace.open())
    app.make.ask.click()
    app.make.yes.click()
    ((process, _),) = app.starter._started.values()
    process.wait(timeout=120)
    app.look()
    assert "Partia zakończyła się kodem 2" in page(app.batch)
    assert "nie_ma" in page(app.batch)


def test_a_server_of_many_visitors_has_no_desk(desk_home, tmp_path, monkeypatch):
    folder = begun(tmp_path / "wyniki", 1, [row(1)])
    monkeypatch.setenv(SHARED, "1")
    app = DeskApp(Workspace.open())
    app.tick.value = "1"
    assert "działa tylko na komputerze osoby" in page(app)
    assert str(folder) not in page(app)
    assert not [w for w in widgets_of(app) if isinstance(w, widgets.Button)]


def widgets_of(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from widgets_of(child)
