"""A batch on a cluster: the same reports as on one computer, whatever happens to its workers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from smup_lib.errors import ParameterError, ReportError
from smup_lib.kernels.forking import can_supervise, fit_environment
from smup_lib.reports.batch.cluster import read_place
from smup_lib.snapshots import Snapshot
from smup_lib.snapshots.store import use_snapshot
from tests.reports.batch.spread_driver import GUILTY, UNITS
from tests.reports.revised_land import small_land

FORKS = pytest.mark.skipif(not can_supervise(), reason="no supervised forks on this system")


@pytest.fixture(scope="module")
def spread(whole_land: Snapshot, own_home: Path, tmp_path_factory) -> dict[str, Any]:
    """What became of batches on a cluster of two workers; a process of its own has its threads."""
    folder = tmp_path_factory.mktemp("spread")
    use_snapshot(small_land(whole_land).id)
    done = subprocess.run(
        [sys.executable, "-m", "tests.reports.batch.spread_driver", str(folder)],
        env=fit_environment() | {"SMUP_HOME": str(own_home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@FORKS
@pytest.mark.slow
def test_a_cluster_makes_the_reports_of_a_local_batch(spread):
    rows = [spread[name]["rows"] for name in ("here", "there")]
    assert [set(one) for one in rows] == [set(UNITS)] * 2
    files = [spread[name]["files"] for name in ("here", "there")]
    killer = {name for name in files[0] if GUILTY in name}
    assert len(killer) == 2
    for name in files[0].keys() - killer:
        assert files[1][name] == files[0][name]
    assert files[1].keys() == files[0].keys() - killer
    for unit in set(UNITS) - {GUILTY}:
        assert rows[1][unit] == rows[0][unit]


@FORKS
@pytest.mark.slow
def test_a_report_that_kills_its_workers_is_the_only_one_to_fail(spread):
    (failed,) = spread["first"]["failed"]
    assert failed["unit"] == GUILTY
    assert "razem z pracownikiem" in failed["error"]
    assert (spread["first"]["made"], spread["first"]["left"]) == (len(UNITS) - 1, 0)
    assert spread["beside"] == []


@FORKS
@pytest.mark.slow
def test_reports_of_a_worker_that_does_not_see_the_folder_come_back_as_files(spread):
    (row,) = spread["away_rows"]
    assert row["unit"] == UNITS[0]
    assert row["outputs"]
    assert row["outputs"].items() <= spread["away"].items()


@FORKS
@pytest.mark.slow
def test_a_report_that_kills_the_process_beside_a_worker_is_named(spread):
    # one that had ended before its chunk came is nobody's fault
    assert spread["away_lost"] == [GUILTY]


@FORKS
@pytest.mark.slow
def test_a_client_without_the_key_of_the_batch_is_refused(spread):
    assert "TLS certificate does not match" in spread["foreign"]


@FORKS
@pytest.mark.slow
def test_a_worker_with_another_program_is_refused(spread):
    assert "ma inny program" in spread["refused"]
    assert "zamiast 3.99.0" in spread["refused"]
    assert "inne pliki programu" in spread["refused"]


def test_a_wrong_address_is_told_before_anything_is_made():
    for wrong in ("lokalnie", "local:0", "local:x", "10.0.0.5", "http://a:1"):
        with pytest.raises(ParameterError, match="nie jest adresem klastra"):
            read_place(wrong)


def test_a_missing_extra_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ReportError) as refused:
        read_place("local:2")
    assert "smup-workbench[scale]" in str(refused.value)


def test_nobody_at_the_address_is_told():
    with pytest.raises(ReportError, match="nie odpowiada żaden planista"):
        read_place("tcp://127.0.0.1:1")
