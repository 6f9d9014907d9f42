"""What the pages' kernels share: the current snapshot, and never another one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from smup_lib.apps.serving.ready_seconds import READY
from smup_lib.apps.serving.warm_workspace import warm_workspace
from smup_lib.kernels.native_threads import list_threads
from smup_lib.reports import lending
from smup_lib.reports.loading import Workspace
from smup_lib.snapshots.store import current_id

#: A process as the zygote is: made ready, then asked for a page, with what DuckDB is asked written.
READIES = """
import contextlib, io, json, os, sys
from smup_lib.apps.serving.warm_workspace import warm_workspace
from smup_lib.kernels.readying import make_ready
read = make_ready("smup_lib.apps.serving.warm_workspace:warm_workspace")
from smup_lib.kernels.native_threads import list_threads
threads = list_threads()
from smup_lib.snapshots.engine import Engine
asked, ask = [], Engine.ask
Engine.ask = lambda self, query, parameters: asked.append(query) or ask(self, query, parameters)
from smup_lib.apps.basic.app import BasicApp
from smup_lib.reports.loading import Workspace
import ipywidgets
left = len(ipywidgets.Widget.widgets)
for unit in ("9002", "900102"):
    BasicApp(Workspace.open(), f"unit={unit}")
print(json.dumps([read, threads, asked, left]))
"""


@pytest.fixture(autouse=True)
def _lent_to_nobody_afterwards(monkeypatch):
    monkeypatch.setattr(lending, "_LENT", {})


def test_a_page_of_a_warm_workspace_asks_the_store_nothing(report_home):
    done = subprocess.run(
        [sys.executable, "-c", READIES], capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    read, threads, asked, left = json.loads(done.stdout)
    assert [name.rpartition("/")[2] for name in read] == ["current", "manifest.json"]
    assert threads == []
    assert asked == []
    assert left == 0


def test_a_home_without_data_is_no_failure_and_the_pointer_is_watched(smup_home):
    (pointer,) = warm_workspace()
    assert not pointer.exists()
    assert lending._LENT == {}


def test_a_snapshot_that_is_not_the_warm_one_is_opened_anew(report_home, monkeypatch):
    monkeypatch.setenv(READY, "0")
    warm_workspace()
    mine = Workspace.open()
    assert Workspace.open() is mine
    assert mine.snapshot.id == current_id()
    assert list_threads() is not None
    other = Workspace(mine.snapshot, mine.catalogue, mine.register)
    lending._LENT.clear()
    lending._LENT[mine.snapshot.path / "elsewhere"] = other
    assert Workspace.open() is not other
