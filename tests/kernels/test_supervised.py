"""A job in a fork that goes wrong costs only itself, and it is told how it went wrong."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from smup_lib.kernels.forking import (
    UnsafeForkError,
    can_supervise,
    fit_command,
    fit_environment,
)
from smup_lib.kernels.supervised import Limits, supervise
from tests.kernels.bad_jobs import JOBS, LIMITS

pytestmark = pytest.mark.skipif(not can_supervise(), reason="no supervised forks on this system")
REPO_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def told():
    done = subprocess.run(
        [sys.executable, "-m", "tests.kernels.bad_jobs", *JOBS],
        cwd=REPO_ROOT,
        env=fit_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("job", "ending", "said"),
    [
        ("fine", "done", ""),
        ("large", "done", ""),
        ("raises", "raised", "ValueError: zły rok"),
        ("raises_what_cannot_travel", "raised", "only here"),
        ("raises_what_cannot_be_read", "raised", "TwoPartError: two parts"),
        ("returns_what_cannot_be_read", "raised", "ValueError: invalid literal"),
        ("exits_quietly", "exited", "exit code 0"),
        ("exits", "exited", "exit code 3"),
        ("breaks_down", "crashed", "SIGSEGV"),
        ("is_killed", "killed", "SIGKILL"),
        ("hangs", "time", ""),
        ("hangs_at_its_end", "done", ""),
        ("grows", "memory", ""),
        ("asks_for_too_much", "memory", "MemoryError"),
        ("a_child_grows", "memory", ""),
        ("prints_for_ever", "output", "File too large"),
        ("a_child_prints_for_ever", "output", ""),
    ],
)
def test_every_ending_is_told_apart(told, job, ending, said):
    found = told["told"][job]
    assert found["ending"] == ending
    assert said in found["detail"]


def test_every_job_is_told_once_and_nothing_is_left(told):
    assert told["told"].keys() == JOBS.keys()
    assert told["left"] == []


def test_a_result_larger_than_a_pipe_comes_back_whole(told):
    assert told["told"]["large"]["length"] == 30_000_000
    assert LIMITS.output < 30_000_000


def test_errors_travel_with_their_class(told):
    assert told["told"]["raises"]["error"] == "ValueError"
    assert told["told"]["raises_what_cannot_travel"]["error"] == "NoneType"


def test_memory_of_the_job_alone_is_counted(told):
    assert told["told"]["fine"]["memory"] < 20_000_000
    assert told["told"]["grows"]["memory"] > LIMITS.memory


def test_a_fork_that_the_system_refuses_waits_for_one_that_runs(told):
    # with room for no job at all the error is told, with room for one they take turns
    assert told["starved"] == [["OSError"]] * 3 + [["done", "done"]] * 3


def test_a_thread_that_comes_between_two_jobs_costs_no_result(told):
    assert told["threaded"] == ["done", "UnsafeForkError"]


def test_a_process_with_a_thread_is_not_forked():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with pytest.raises(UnsafeForkError) as raised:
            next(supervise(str, [1], at_once=1, limits=Limits()))
    finally:
        stop.set()
        thread.join()
    assert raised.value.threads


PARENT = """
import os, subprocess, sys, threading
from pathlib import Path
from smup_lib.kernels.supervised import Limits, supervise

def work(folder):
    daemon = "import os, sys, threading; os.setsid(); print(os.getpid(), flush=True);"
    daemon += "threading.Event().wait()"
    lines = subprocess.Popen([sys.executable, "-c", daemon], stdout=subprocess.PIPE, text=True)
    Path(folder, "pids").write_text(f"{os.getpid()} {lines.stdout.readline().strip()}")
    Path(folder, "pids").rename(Path(folder, "ready"))
    if folder.endswith("ends"):
        return "done"
    threading.Event().wait()

print([o.ending.value for o in supervise(work, [sys.argv[1]], at_once=1, limits=Limits())])
"""


def start_parent(folder: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder)],
        cwd=REPO_ROOT,
        env=fit_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return parent, [psutil.Process(pid) for pid in _pids_in(folder / "ready", parent)]


def _pids_in(file: Path, parent: subprocess.Popen[str]) -> list[int]:
    while not file.exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            parent.wait(0.02)
    return [int(word) for word in file.read_text().split()]


def test_a_daemon_does_not_outlive_its_job(tmp_path):
    folder = tmp_path / "ends"
    folder.mkdir()
    parent = subprocess.run(
        [sys.executable, "-c", PARENT, str(folder)],
        cwd=REPO_ROOT,
        env=fit_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert parent.stdout == "['done']\n"
    assert not any(psutil.pid_exists(int(pid)) for pid in (folder / "ready").read_text().split())


def test_an_interrupt_ends_jobs_and_their_daemons(tmp_path):
    parent, family = start_parent(tmp_path)
    parent.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in parent.communicate(timeout=30)[1]
    assert not any(process.is_running() for process in family)


def test_jobs_and_their_daemons_die_with_a_killed_parent(tmp_path):
    parent, family = start_parent(tmp_path)
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate(timeout=30)
    _, left = psutil.wait_procs(family, timeout=10)
    assert not [process.kill() or process for process in left]


def test_a_file_of_the_folder_it_is_started_in_is_no_library(tmp_path):
    for name in ("random.py", "numpy.py", "smup_lib.py"):
        (tmp_path / name).write_text("raise SystemExit('foreign code')", encoding="utf-8")
    words, environment = fit_command("smup_lib.kernels.supervised")
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
