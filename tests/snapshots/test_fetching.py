"""A snapshot brought from elsewhere is the one that was asked for, or nothing is kept of it."""

from __future__ import annotations

import uuid

import pytest

from smup_lib.errors import SnapshotError
from smup_lib.snapshots import Snapshot, load_snapshot
from smup_lib.snapshots.fetching import check_location, fetch_snapshot
from tests.snapshots.builders import small_snapshot

fsspec = pytest.importorskip("fsspec")
pytestmark = pytest.mark.usefixtures("smup_home")


@pytest.fixture
def snapshot() -> Snapshot:
    return load_snapshot(small_snapshot().id)


@pytest.fixture
def address(snapshot: Snapshot) -> str:
    """The snapshot in an object storage, which here is memory."""
    place = f"memory://{uuid.uuid4().hex}/{snapshot.id}"
    for path in snapshot.path.iterdir():
        with fsspec.open(f"{place}/{path.name}", "wb") as file:
            file.write(path.read_bytes())
    return place


def test_a_snapshot_is_copied_from_an_address_once(snapshot, address, tmp_path):
    check_location(address, snapshot.id)
    left = tmp_path / "cache" / ".partial-fetch-0123abcd"  # by a process that was killed
    left.mkdir(parents=True)
    (left / "observations.parquet").write_bytes(b"half")
    copy = fetch_snapshot(address, snapshot.id, tmp_path / "cache")
    assert load_snapshot(copy).manifest == snapshot.manifest
    assert load_snapshot(copy).observations().equals(snapshot.observations())
    assert [path for path in copy.parent.iterdir() if path.is_dir()] == [copy]
    before = {path: path.stat().st_mtime_ns for path in copy.iterdir()}
    # what lies here is used even when the address is gone
    assert fetch_snapshot("memory://gone", snapshot.id, tmp_path / "cache") == copy
    assert {path: path.stat().st_mtime_ns for path in copy.iterdir()} == before


def test_a_path_is_used_as_it_is_and_a_file_address_is_copied(snapshot, tmp_path):
    assert fetch_snapshot(str(snapshot.path), snapshot.id, tmp_path / "cache") == snapshot.path
    assert not (tmp_path / "cache").exists()
    copy = fetch_snapshot(snapshot.path.as_uri(), snapshot.id, tmp_path / "cache")
    assert copy == tmp_path / "cache" / snapshot.id


def test_a_changed_byte_keeps_nothing(snapshot, address, tmp_path):
    name = f"{address}/observations.parquet"
    content = bytearray(fsspec.open(name).open().read())
    content[-20] ^= 0xFF
    with fsspec.open(name, "wb") as file:
        file.write(bytes(content))
    with pytest.raises(SnapshotError, match="uszkodzony"):
        fetch_snapshot(address, snapshot.id, tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("wrong", ["other", "nothing", "protocol", "path"])
def test_another_place_is_refused_with_its_reason(snapshot, address, tmp_path, wrong):
    place, reason = {
        "other": (address, "potrzebny jest"),
        "nothing": ("memory://nie-ma", "FileNotFoundError"),
        "protocol": ("nieznany://a/b", "nieznany"),
        "path": (str(tmp_path / "nie-ma"), "nie-ma"),
    }[wrong]
    wanted = "0123456789abcdef" if wrong == "other" else snapshot.id
    for check in (check_location, lambda *told: fetch_snapshot(*told, tmp_path / "cache")):
        with pytest.raises(SnapshotError) as refused:
            check(place, wanted)
        assert reason in str(refused.value)
