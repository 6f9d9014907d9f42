"""One program changes the store at a time; halves left by a crash go with the next one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from smup_lib.errors import SettingsError, SnapshotError
from smup_lib.paths import raw_dir, snapshots_dir
from smup_lib.snapshots import locking, store_lock
from tests.snapshots.builders import small_snapshot

REPO = Path(__file__).resolve().parents[2]
HOLDS = """
import sys
from smup_lib.snapshots import store_lock
with store_lock("wczytywanie plików"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other_program(smup_home):
    """Another process that holds the lock until it is told to let go."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        yield program
        if program.poll() is None:
            program.communicate("\n", timeout=60)


def test_who_waits_too_long_is_told_for_whom(other_program, monkeypatch, caplog):
    monkeypatch.setattr(locking, "LONGEST_WAIT_S", 0.05)
    with pytest.raises(SnapshotError) as caught, store_lock("zapis"):
        pytest.fail("two programs hold the lock")
    said = str(caught.value)
    assert f"wczytywanie plików, proces {other_program.pid}, od " in said
    assert re.search(r"od \d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d", said)
    assert "co zrobić" in said
    assert "Czekam, aż skończy" in caplog.text  # and was told at once that it waits


def test_who_waits_goes_on_when_the_other_program_ends(other_program):
    asked = threading.Event()

    def let_go() -> None:
        asked.set()
        other_program.stdin.write("\n")
        other_program.stdin.flush()

    released = threading.Timer(0.05, let_go)
    released.start()
    with store_lock("zapis"):
        assert asked.is_set()  # the lock came after the other program let go
    released.join(timeout=60)
    assert other_program.wait(timeout=60) == 0


def test_a_program_that_was_killed_blocks_nobody(other_program):
    other_program.kill()
    other_program.wait(timeout=60)
    with store_lock("zapis"):
        pass


def test_the_lock_may_be_asked_for_again_inside(smup_home):
    with store_lock("wczytywanie"):
        with store_lock("zapis"):
            pass
        assert (smup_home / locking.HOLDER_NAME).is_file()
    assert not (smup_home / locking.HOLDER_NAME).exists()


def test_the_next_writer_sweeps_what_a_crash_left(smup_home):
    kept = small_snapshot()
    for folder, names in (
        (snapshots_dir(), (".partial-1", ".removing-2", ".damaged-3")),
        (raw_dir(), (".partial-4",)),
    ):
        for name in names:
            (folder / name).mkdir(parents=True)
            (folder / name / "half.parquet").write_bytes(b"x")
    (snapshots_dir() / ".current-5").write_text("x")
    with store_lock("zapis"):
        pass
    left = {path.name for path in snapshots_dir().iterdir()}
    assert left == {kept.id, "current", ".damaged-3"}  # what was whole once is kept until removed
    assert list(raw_dir().iterdir()) == []


def test_a_home_that_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "home").write_text("x")
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "home"))
    with pytest.raises(SettingsError, match="plik o tej nazwie już istnieje"), store_lock("zapis"):
        pass
