"""What a killed process leaves among the temporary files is removed; what is somebody's stays."""

from __future__ import annotations

import os
import signal
import tempfile

import pytest

from smup_lib.scratch import remove_left_behind, scratch_folder, scratch_prefix


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def killed_prefix() -> str:
    """Return how a process that was killed called its folders."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(write, scratch_prefix("run").encode())
        signal.pause()
    name = os.read(read, 200).decode()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(read)
    os.close(write)
    return name


def test_only_the_folder_of_who_is_gone_is_removed(place, killed_prefix):
    left = place / f"{killed_prefix}abc_1"
    (left / "ipython").mkdir(parents=True)
    with scratch_folder("run") as mine:
        assert remove_left_behind() == (left.name,)
        assert mine.is_dir()
    assert list(place.iterdir()) == []


def test_a_number_that_another_process_has_now_protects_nothing(place):
    system, pid, began = scratch_prefix("run").split("-")[2:5]
    earlier = place / f"smup-run-{system}-{pid}-{int(began) - 1}-abcd"
    earlier.mkdir()
    assert remove_left_behind() == (earlier.name,)


def test_what_may_be_of_somebody_else_stays(place, killed_prefix):
    there = place / "real"
    there.mkdir()
    (place / f"{killed_prefix}link").symlink_to(there)
    (place / f"{killed_prefix}file").touch()
    parts = killed_prefix.split("-")
    (place / "-".join([*parts[:2], "00000000", *parts[3:]])).joinpath("x").mkdir(parents=True)
    for name in ("smup-run-abcdefgh", "smup-1", "inne"):
        (place / name).mkdir()
    before = sorted(path.name for path in place.iterdir())
    assert remove_left_behind() == ()
    assert sorted(path.name for path in place.iterdir()) == before
