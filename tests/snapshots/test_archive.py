"""Packing, unpacking, removing: nothing foreign gets in, nothing needed gets lost."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from smup_lib import paths
from smup_lib.errors import SnapshotError
from smup_lib.snapshots import (
    check_snapshot,
    current_id,
    list_snapshots,
    load_snapshot,
    pack_snapshot,
    remove_snapshot,
    unpack_snapshot,
    write_snapshot,
)
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
def test_a_snapshot_named_by_a_receipt_is_never_removed(receipt):
    old = small_snapshot()
    another_snapshot()
    folder = paths.make_dir(paths.receipts_dir())
    (folder / "raport.json").write_text(receipt.replace("ID", old.id))
    with pytest.raises(SnapshotError, match="raporty"):
        remove_snapshot(old.id)
    assert old.path.exists()


def test_a_damaged_snapshot_is_found_by_checking():
    snapshot = small_snapshot()
    file = snapshot.path / "observations.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.chmod(0o644)
    file.write_bytes(content)
    with pytest.raises(SnapshotError, match="suma kontrolna"):
        check_snapshot(snapshot)
