"""Snapshots: written once, whole or not at all, told apart by content."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smup_lib.errors import (
    NoDataError,
    ObservationError,
    SettingsError,
    SnapshotError,
    SnapshotMismatchError,
)
from smup_lib.snapshots import (
    RawFile,
    check_snapshot,
    confirm_sources,
    current_id,
    list_damaged,
    list_snapshots,
    load_snapshot,
    newest_real,
    newest_snapshot,
    use_snapshot,
    write_snapshot,
)
from smup_lib.snapshots.store import forget_opened
from tests.snapshots.builders import observations, small_snapshot, source_record

pytestmark = pytest.mark.usefixtures("smup_home")


def small_snapshot_of(rows):
    return write_snapshot(
        {"observations": observations(rows)}, fictional=True, sources=[source_record()]
    )


def test_what_is_written_is_read_back():
    snapshot = small_snapshot()
    frame = snapshot.observations()
    assert len(frame) == 6
    assert frame["unit_code"].tolist()[:3] == ["9001"] * 3
    assert frame["value"].tolist()[:3] == [1000.0, 1001.0, 1002.0]
    assert snapshot.fictional
    assert current_id() == snapshot.id


def test_any_tool_can_read_the_parquet_files():
    snapshot = small_snapshot()
    files = sorted(snapshot.path.glob("observations*.parquet"))
    assert pd.concat(map(pd.read_parquet, files)).shape == (6, 9)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ({"years": [2021]}, 2),
        ({"unit_codes": ["9002"]}, 3),
        ({"unit_codes": ["9002"], "years": range(2021, 2030)}, 2),
        ({"variables": ["population"]}, 6),
        ({"variables": ["unknown"]}, 0),
        ({"unit_codes": []}, 0),
        ({"level": "powiat"}, 6),
        ({"level": "gmina"}, 0),
        ({"level": "country"}, 0),
        ({"unit_codes": ["9002"], "years": [2021], "either": True}, 3 + 1),
    ],
)
def test_only_what_is_asked_for_is_read(question, rows):
    frame = small_snapshot().observations(**question)
    assert len(frame) == rows
    assert list(frame) == list(small_snapshot().observations())


@pytest.mark.parametrize(
    ("level", "codes"),
    [
        ("powiat", ["9001", "9061", "906101"]),
        ("gmina", ["900101", "9061", "906101"]),
        (None, ["9001", "900101", "9061", "906101"]),
    ],
)
def test_cities_are_read_under_both_codes_beside_a_level(level, codes):
    rows = [(code, 2020, "population", 1.0) for code in ("9001", "900101", "9061", "906101")]
    snapshot = small_snapshot_of(rows)
    read = snapshot.observations(level=level, cities=True, years=[2020])
    assert sorted(read["unit_code"]) == sorted(codes)


def test_a_hostile_variable_name_is_only_a_name():
    assert small_snapshot().observations(variables=["x'; DROP TABLE y; --"]).empty


def test_the_same_content_has_the_same_id_and_is_written_once():
    first = small_snapshot()
    second = small_snapshot(sources=[source_record(title="inny tytuł")])
    assert first.id == second.id
    assert len(list_snapshots()) == 1


def test_one_changed_value_gives_another_id():
    first = small_snapshot()
    rows = [("9001", 2020, "population", 1.0)]
    second = write_snapshot(
        {"observations": observations(rows)}, fictional=True, sources=[source_record()]
    )
    assert first.id != second.id
    assert current_id() == second.id
    assert use_snapshot(first.id[:6]).id == first.id == current_id()


def test_fictional_and_real_snapshots_of_equal_content_differ():
    assert small_snapshot().id != small_snapshot(fictional=False).id


def test_real_data_never_land_on_a_fictional_base():
    base = small_snapshot()
    with pytest.raises(SnapshotMismatchError, match="rzeczywistych"):
        small_snapshot(fictional=False, base=base)
    assert newest_real() is None


def test_a_source_that_the_manifest_does_not_name_is_refused():
    with pytest.raises(SnapshotError, match="manifeście"):
        small_snapshot(sources=[])


def test_rows_that_break_the_contract_never_become_a_snapshot():
    before = small_snapshot()
    with pytest.raises(ObservationError):
        write_snapshot(
            {"observations": observations([("9001", 2020, "population", np.nan)], flag="ok")},
            fictional=True,
            sources=[source_record()],
        )
    assert current_id() == before.id
    assert len(list_snapshots()) == 1


def test_without_data_the_next_step_is_told():
    with pytest.raises(NoDataError) as caught:
        load_snapshot()
    assert "smup data sample" in str(caught.value)


def test_an_unknown_id_names_the_known_ones():
    snapshot = small_snapshot()
    with pytest.raises(SnapshotError) as caught:
        load_snapshot("ffff")
    assert snapshot.id in str(caught.value)


def test_a_folder_copied_half_is_not_opened(tmp_path: Path):
    import shutil

    snapshot = small_snapshot()
    half = tmp_path / "kopia"
    shutil.copytree(snapshot.path, half)
    (half / "observations.parquet").chmod(0o644)
    (half / "observations.parquet").write_bytes(b"PAR1")
    with pytest.raises(SnapshotError, match="niekompletny"):
        load_snapshot(half)


def test_a_file_in_place_of_the_home_is_told(monkeypatch, tmp_path: Path):
    (tmp_path / "dom").write_text("plik")
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "dom"))
    with pytest.raises(SettingsError, match="Nie można utworzyć folderu"):
        small_snapshot()


WRITE_MUCH = """
import numpy as np
from smup_lib.errors import SnapshotError
from smup_lib.snapshots import write_snapshot
from smup_lib.snapshots.store import forget_opened
from tests.snapshots.builders import observations, source_record
noise = np.random.default_rng(1).random(200_000)
rows = [
    (f"90{n % 90 + 10}", 1950 + n // 90 % 150, f"v{n // 13500}", noise[n]) for n in range(200_000)
]
try:
    write_snapshot({"observations": observations(rows)}, fictional=True, sources=[source_record()])
except SnapshotError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_state(smup_home: Path, repo_root: Path):
    old = small_snapshot()
    script = (
        f"mount -t tmpfs -o size=1m tmpfs {smup_home}/snapshots && "
        f"{sys.executable} -c '{WRITE_MUCH}' && ls -A {smup_home}/snapshots"
    )
    can = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(smup_home)],
        capture_output=True,
        check=False,
    )
    if can.returncode:
        pytest.skip("unshare -rm with tmpfs is not permitted on this machine")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        capture_output=True,
        text=True,
        cwd=repo_root,
        env=os.environ | {"PYTHONPATH": str(repo_root)},
        check=False,
    )
    assert "Nie udało się zapisać stanu danych" in done.stdout, done.stdout + done.stderr
    assert ".partial" not in done.stdout, "a half-written snapshot was left behind"
    assert load_snapshot().id == old.id


def test_interrupting_the_writer_leaves_the_old_state(smup_home: Path, repo_root: Path):
    old = small_snapshot()
    code = WRITE_MUCH.replace(
        "try:",
        "import os, signal\n"
        "from pyarrow.parquet import ParquetWriter as W\n"
        "real = W.write_table\n"
        "stop = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "W.write_table = lambda *a, **k: (real(*a, **k), stop())\n"
        "try:",
        1,
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=repo_root,
        env=os.environ | {"PYTHONPATH": str(repo_root)},
        check=False,
    )
    assert done.returncode != 0
    assert "KeyboardInterrupt" in done.stderr
    assert [path.name for path in (smup_home / "snapshots").iterdir() if path.is_dir()] == [old.id]
    assert load_snapshot().id == old.id


def break_file(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.chmod(0o644)
    path.write_bytes(content)


def foreign_folder(store: Path) -> Path:
    (store / "moje-notatki").mkdir()
    return store / "moje-notatki"


def binary_manifest(store: Path) -> Path:
    folder = foreign_folder(store)
    (folder / "manifest.json").write_bytes(b"\xff\xfe\x00PK")
    return folder


def copied_folder(store: Path) -> Path:
    import shutil

    good = next(path for path in store.iterdir() if path.is_dir())
    return shutil.copytree(good, store / "kopia")


def next_state(base, rows):
    return write_snapshot(
        {"observations": observations(rows)},
        fictional=True,
        sources=[source_record()],
        base=base,
    )


def test_a_snapshot_is_newer_than_its_base_whatever_the_clock_said():
    first = small_snapshot()
    manifest = first.path / "manifest.json"
    manifest.chmod(0o644)
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(first.manifest.created, "2099-01-01T00:00:00+00:00"))
    forget_opened()
    second = next_state(first, [("9001", 2020, "population", 1.0)])
    third = next_state(second, [("9001", 2020, "population", 2.0)])
    assert [one.id for one in list_snapshots()] == [third.id, second.id, first.id]
    assert newest_snapshot(fictional=True).id == third.id
    assert newest_real() is None


def test_of_several_last_snapshots_the_current_one_counts():
    first = small_snapshot()
    one = next_state(first, [("9001", 2020, "population", 1.0)])
    other = next_state(first, [("9001", 2020, "population", 2.0)])
    assert newest_snapshot(fictional=True).id == other.id
    use_snapshot(one.id)
    assert newest_snapshot(fictional=True).id == one.id
    use_snapshot(first.id)  # not a last one: to go back there is another matter
    assert newest_snapshot(fictional=True).id == other.id


@pytest.mark.parametrize("broken", [foreign_folder, binary_manifest, copied_folder])
def test_a_damaged_folder_does_not_block_the_store(broken):
    good = small_snapshot(fictional=False)
    folder = broken(good.path.parent)
    assert [snapshot.id for snapshot in list_snapshots()] == [good.id]
    assert newest_real().id == good.id
    (error,) = list_damaged()
    assert error.where == str(folder)
    assert error.next_step


@pytest.mark.parametrize("name", ["observations.parquet", "manifest.json"])
def test_writing_replaces_a_damaged_folder_of_the_same_id(name):
    first = small_snapshot()
    break_file(first.path / name)
    again = small_snapshot()
    assert again.id == first.id == current_id()
    assert len(again.observations()) == 6
    assert list_damaged() == []
    assert len(list(again.path.parent.glob(f".damaged-{first.id}-*"))) == 1


def test_a_whole_snapshot_is_not_written_again():
    first = small_snapshot()
    before = (first.path / "manifest.json").stat().st_ino
    assert (small_snapshot().path / "manifest.json").stat().st_ino == before


def dated(day: str, told: str = "note"):
    file = RawFile(name=f"{day}.csv", sha256="1" * 64, size=10, retrieved=day, dated=told)
    return source_record(file=file)


def test_a_newer_file_with_the_same_content_tells_its_day_and_keeps_the_id():
    before = small_snapshot()
    for day, told, expected in (
        ("2024-01-01", "note", "2024-01-01"),
        ("2022-01-01", "note", "2024-01-01"),  # older: changes nothing
        ("2026-01-01", "disk", "2024-01-01"),  # nobody told that day
        ("2025-01-01", "name", "2025-01-01"),
    ):
        confirm_sources(
            load_snapshot(),
            [
                dated(day, told),
                dated("2030-01-01").model_copy(update={"id": "sample:other@00000000"}),
            ],
        )
        after = load_snapshot()
        (record,) = after.manifest.sources.values()
        assert record.file.name == f"{expected}.csv"
        assert after.id == before.id
        check_snapshot(after)
    assert [path.name for path in before.path.parent.glob(".*")] == []
