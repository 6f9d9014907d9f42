"""Packing, unpacking, removing: nothing foreign gets in, nothing needed gets lost."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from smup_lib import paths
from smup_lib.errors import SettingsError, SnapshotError
from smup_lib.snapshots import (
    check_snapshot,
    current_id,
    list_damaged,
    list_set_aside,
    list_snapshots,
    load_snapshot,
    pack_snapshot,
    remove_snapshot,
    unpack_snapshot,
    write_snapshot,
)
from smup_lib.snapshots.checking import check_content
from smup_lib.snapshots.content import combined_digest, content_digest
from smup_lib.snapshots.observations import KEY
from smup_lib.snapshots.store import forget_opened
from tests.snapshots.builders import observations, small_snapshot, source_record

pytestmark = pytest.mark.usefixtures("smup_home")


def another_snapshot():
    rows = [("9001", 2020, "population", 7.0)]
    return write_snapshot(
        {"observations": observations(rows)}, fictional=True, sources=[source_record()]
    )


def test_a_packed_snapshot_is_the_same_on_another_computer(tmp_path: Path, monkeypatch):
    packed = pack_snapshot(small_snapshot().id, tmp_path)
    original = load_snapshot()
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "inny-komputer"))
    arrived = unpack_snapshot(packed)
    assert arrived.id == original.id == current_id()
    assert arrived.observations().equals(original.observations())
    assert arrived.manifest == original.manifest


def test_a_package_that_cannot_be_written_is_told(tmp_path: Path):
    with pytest.raises(SettingsError, match="Nie udało się zapisać paczki") as caught:
        pack_snapshot(small_snapshot().id, tmp_path / "nie-ma" / "paczka.smup")
    assert "--out" in str(caught.value)


def test_a_changed_byte_in_a_package_is_found(tmp_path: Path, monkeypatch):
    packed = pack_snapshot(small_snapshot().id, tmp_path)
    changed = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        start = archive.getinfo("observations.parquet").header_offset
    changed[start + 200] ^= 0xFF
    packed.write_bytes(changed)
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "inny"))
    with pytest.raises(SnapshotError):
        unpack_snapshot(packed)
    assert current_id() is None
    assert list_snapshots() == []


def test_a_package_with_a_forged_manifest_is_found(tmp_path: Path, monkeypatch):
    packed = pack_snapshot(small_snapshot().id, tmp_path)
    forged = tmp_path / "forged.smup.zip"
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                manifest["id"] = "0123456789abcdef"
                content = json.dumps(manifest).encode()
            new.writestr(name, content)
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "inny"))
    with pytest.raises(SnapshotError, match="uszkodzony"):
        unpack_snapshot(forged)


@pytest.mark.parametrize("forged", [False, True])
def test_a_snapshot_of_the_first_format_is_checked_in_its_way(tmp_path: Path, forged):
    snapshot = small_snapshot()
    whole = content_digest(snapshot.table("observations"), KEY)
    first_id = combined_digest([("observations", whole), ("fictional", "True")])[:16]
    told = snapshot.manifest.model_copy(
        update={"format": 1, "id": snapshot.id if forged else first_id}
    )
    assert first_id != snapshot.id
    if not forged:
        check_content(snapshot.path, told)
        return
    with pytest.raises(SnapshotError, match="uszkodzony"):
        check_content(snapshot.path, told)


def test_a_package_cannot_write_outside_its_folder(tmp_path: Path):
    hostile = tmp_path / "hostile.smup.zip"
    with zipfile.ZipFile(hostile, "w") as archive:
        archive.writestr("../../wlamanie.txt", "x")
    with pytest.raises(SnapshotError, match="obce pliki"):
        unpack_snapshot(hostile)
    assert not list(tmp_path.rglob("wlamanie.txt"))


def test_something_else_than_a_package_is_told(tmp_path: Path):
    (tmp_path / "x.zip").write_text("to nie jest zip")
    with pytest.raises(SnapshotError, match="rozpakować"):
        unpack_snapshot(tmp_path / "x.zip")


def test_a_snapshot_that_nobody_needs_is_removed():
    old = small_snapshot()
    another_snapshot()
    assert remove_snapshot(old.id) == old.id
    assert not old.path.exists()
    with pytest.raises(SnapshotError):
        load_snapshot(old.id)


def test_the_current_snapshot_is_never_removed():
    snapshot = small_snapshot()
    with pytest.raises(SnapshotError, match="Bieżącego"):
        remove_snapshot(snapshot.id)
    assert snapshot.path.exists()


@pytest.mark.parametrize("receipt", ['{"snapshot": "ID"}', "{zepsute"])
def test_a_snapshot_named_by_a_receipt_is_removed_only_on_demand(receipt):
    old = small_snapshot()
    another_snapshot()
    folder = paths.make_dir(paths.receipts_dir())
    (folder / "raport.json").write_text(receipt.replace("ID", old.id))
    with pytest.raises(SnapshotError, match="raporty") as caught:
        remove_snapshot(old.id)
    assert old.path.exists()
    assert "--despite-reports" in str(caught.value.next_step)
    assert remove_snapshot(old.id, despite_reports=True) == old.id
    assert [path.name for path in folder.iterdir()] == ["raport.json"]


def test_a_damaged_snapshot_can_be_removed():
    old = another_snapshot()
    new = small_snapshot()
    (old.path / "manifest.json").chmod(0o644)
    (old.path / "manifest.json").write_text("{")
    forget_opened()
    (error,) = list_damaged()
    assert f"smup data remove {old.id}" in str(error)
    assert remove_snapshot(old.id[:6]) == old.id
    assert not old.path.exists()
    assert list_damaged() == []
    assert load_snapshot().id == new.id


def test_a_damaged_current_snapshot_is_not_removed():
    new = small_snapshot()
    (new.path / "manifest.json").chmod(0o644)
    (new.path / "manifest.json").write_text("{")
    forget_opened()
    with pytest.raises(SnapshotError, match="Bieżącego"):
        remove_snapshot(new.id)
    assert new.path.exists()


def test_a_folder_that_was_set_aside_can_be_removed():
    first = small_snapshot()
    damaged = first.path / "observations.parquet"
    damaged.chmod(0o644)
    damaged.write_bytes(b"x")
    forget_opened()
    again = small_snapshot()
    (aside,) = list_set_aside()
    assert remove_snapshot(aside.name) == aside.name
    assert list_set_aside() == []
    assert load_snapshot().id == again.id


def test_a_damaged_snapshot_is_found_by_checking():
    snapshot = small_snapshot()
    file = snapshot.path / "observations.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.chmod(0o644)
    file.write_bytes(content)
    with pytest.raises(SnapshotError, match="suma kontrolna"):
        check_snapshot(snapshot)


def rewritten(packed: Path, changes: dict[str, bytes], way: int = zipfile.ZIP_STORED) -> Path:
    """Pack again with other content, and with checksums that fit it."""
    target = packed.with_name("inna.smup.zip")
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(target, "w", way) as new:
        files = {name: old.read(name) for name in old.namelist()} | changes
        manifest = json.loads(files["manifest.json"])
        for name, content in changes.items():
            digest = hashlib.sha256(content).hexdigest()
            manifest["files"][name] = {"sha256": digest, "size": len(content)}
        files["manifest.json"] = json.dumps(manifest).encode()
        for name, content in files.items():
            new.writestr(name, content)
    return target


def assert_refused(package: Path, word: str) -> None:
    before = current_id()
    with pytest.raises(SnapshotError, match=word) as caught:
        unpack_snapshot(package)
    assert caught.value.where == str(package)
    assert "smup data unpack" not in str(caught.value)
    assert ".partial" not in str(caught.value)
    assert "smup data pack" in (caught.value.next_step or "")
    assert current_id() == before
    assert not list(paths.snapshots_dir().glob(".partial*"))


def test_a_member_that_is_no_parquet_is_told_though_its_checksum_fits(tmp_path: Path):
    packed = pack_snapshot(small_snapshot().id, tmp_path)
    assert_refused(
        rewritten(packed, {"observations.parquet": b"to nie jest Parquet"}), "uszkodzony"
    )


def test_a_zip_bomb_is_refused(tmp_path: Path):
    packed = pack_snapshot(small_snapshot().id, tmp_path)
    bomb = {"units.parquet": bytes(32 * 1024 * 1024)}
    assert_refused(rewritten(packed, bomb, zipfile.ZIP_DEFLATED), "bomba zip")


@pytest.mark.parametrize("limit", ["LARGEST_MEMBER", "LARGEST_TOTAL"])
def test_a_package_beyond_a_limit_is_refused(tmp_path: Path, monkeypatch, limit):
    packed = pack_snapshot(small_snapshot().id, tmp_path)
    monkeypatch.setattr(f"smup_lib.snapshots.archive.{limit}", 3000)
    assert_refused(packed, "rozrasta się")


def test_a_package_without_manifest_is_told_by_its_own_name(tmp_path: Path):
    empty = tmp_path / "pusta.smup.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("truths.json", "{}")
    assert_refused(empty, "manifestu")


def test_a_table_that_the_manifest_does_not_name_is_refused(tmp_path: Path):
    packed = pack_snapshot(small_snapshot().id, tmp_path)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("units.parquet", b"x")
    assert_refused(packed, "uszkodzony")


@pytest.mark.parametrize("name", ["observations.parquet", "manifest.json"])
def test_unpacking_replaces_a_damaged_folder_of_the_same_id(tmp_path: Path, name):
    snapshot = small_snapshot()
    packed = pack_snapshot(snapshot.id, tmp_path)
    file = snapshot.path / name
    file.chmod(0o644)
    file.write_bytes(b"zepsute")
    arrived = unpack_snapshot(packed)
    check_snapshot(arrived)
    assert arrived.id == snapshot.id
    assert len(arrived.observations()) == 6


INTERRUPTED_REMOVE = """
import os, signal, sys
real = os.unlink
os.unlink = lambda *a, **k: (real(*a, **k), os.kill(os.getpid(), signal.SIGINT))
from smup_lib.snapshots import remove_snapshot
remove_snapshot(sys.argv[1])
"""


def test_interrupting_a_removal_leaves_no_half_snapshot(repo_root: Path):
    old, new = small_snapshot(), another_snapshot()
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_REMOVE, old.id],
        capture_output=True,
        text=True,
        cwd=repo_root,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        env=os.environ | {"PYTHONPATH": str(repo_root)},
    )
    assert "KeyboardInterrupt" in done.stderr
    assert not old.path.exists()
    assert [snapshot.id for snapshot in list_snapshots()] == [new.id]
    third = small_snapshot(fictional=False)
    remove_snapshot(new.id)
    rests = [path.name for path in third.path.parent.iterdir() if path.is_dir()]
    assert rests == [third.id], "the next removal sweeps the rest away"
