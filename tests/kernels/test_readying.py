"""A zygote is made ready once by a function that it is given, and renewed when its files change."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from smup_lib.kernels.launching import Wanted, prepare
from tests.kernels.warm_kernels import Kitchen, wait_for_end
from tests.live_zygotes import zygotes

#: Counts its calls in a file, reads another one, and tells of which file it depends.
READIES = """
import os
from pathlib import Path
HERE = Path(__file__).parent
LEFT = None

def ready():
    global LEFT
    with (HERE / "calls").open("a") as calls:
        calls.write("x")
    nothing = os.environ.get("READIED_WITH", "nothing")
    LEFT = (HERE / "read").read_text() if (HERE / "read").exists() else nothing
    return [HERE / "read"]

def fails():
    ready()
    raise RuntimeError("own reason")

def waits():
    (HERE / "begun").write_text("")
    (HERE / "gate").read_text()
    return []

def leaves_a_thread():
    import threading
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    return []

def opens_duckdb():
    from smup_lib.snapshots.engine import ENGINE
    global LEFT
    LEFT = int(ENGINE.ask("SELECT 40 + ? AS n", [2])["n"][0])
    return []
"""


@pytest.fixture
def kitchen(tmp_path: Path) -> Iterator[Kitchen]:
    (tmp_path / "readies.py").write_text(READIES, encoding="utf-8")
    kitchen = Kitchen()
    yield kitchen
    kitchen.close()


@pytest.fixture
def run(kitchen, tmp_path):
    """Start a kernel, say whether it is warm and what the function has left in it."""

    def run_one() -> tuple[bool, str]:
        path = f"{tmp_path}:{Path.cwd()}"
        with kitchen.kernel(start={"env": kitchen.environment(PYTHONPATH=path)}) as kernel:
            return kernel.is_warm, kernel.run("import readies; print(readies.LEFT)")

    return run_one


def test_all_kernels_have_what_one_call_left(kitchen, run, tmp_path):
    kitchen.write([], readying="readies:ready")
    assert [run(), run()] == [(True, "nothing")] * 2
    assert (tmp_path / "calls").read_text() == "x"


def test_a_changed_file_leads_to_a_new_zygote_also_one_that_was_not_there(kitchen, run, tmp_path):
    kitchen.write([], readying="readies:ready")
    seen = [run()]
    for content in ("first", "second one"):
        (tmp_path / "read").write_text(content)
        seen.append(run())
    assert seen == [(True, "nothing"), (True, "first"), (True, "second one")]
    assert (tmp_path / "calls").read_text() == "xxx"


def test_a_zygote_is_renewed_before_anybody_asks_for_a_kernel(kitchen, tmp_path):
    path = f"{tmp_path}:{Path.cwd()}"
    environment = kitchen.environment(PYTHONPATH=path, READIED_WITH="nothing")
    wanted = Wanted((sys.executable,), (), 60.0, kitchen.sockets, "readies:ready")
    calls = []

    def prepared() -> None:
        prepare(wanted, environment)
        calls.append((tmp_path / "calls").read_text())

    prepared()
    prepared()
    environment["READIED_WITH"] = "another value"
    prepared()
    environment["READIED_WITH"] = "nothing"
    for zygote in zygotes(kitchen.sockets):
        os.kill(zygote, signal.SIGKILL)
        assert wait_for_end(zygote)
    prepared()
    assert calls == ["x", "x", "xx", "xxx"]


def test_nobody_waits_for_a_zygote_that_is_being_made_ready(kitchen, tmp_path):
    environment = kitchen.environment(PYTHONPATH=f"{tmp_path}:{Path.cwd()}")
    for pipe in ("begun", "gate"):
        os.mkfifo(tmp_path / pipe)
    slow, quick = (
        Wanted((sys.executable,), (), 60.0, kitchen.sockets, readying)
        for readying in ("readies:waits", "")
    )
    with ThreadPoolExecutor(1) as others:
        preparing = others.submit(prepare, slow, environment)
        (tmp_path / "begun").read_text()
        try:
            prepare(quick, environment)
            assert not preparing.done()
        finally:
            (tmp_path / "gate").write_text("open")
        preparing.result()


def test_another_function_is_another_zygote(kitchen, run):
    kitchen.write([], readying="readies:ready")
    assert run() == (True, "nothing")
    kitchen.write([])
    assert run() == (True, "None")


def test_a_function_that_fails_is_said_in_the_log_and_kernels_start(kitchen, run):
    kitchen.write([], readying="readies:fails")
    assert run() == (True, "nothing")
    (log,) = kitchen.sockets.glob("*.log")
    assert "own reason" in log.read_text()


@pytest.mark.parametrize("name", ["readies:no_such_function", "no_such_module:ready"])
def test_a_name_of_nothing_is_said_in_the_log_and_kernels_start(kitchen, run, name):
    kitchen.write([], readying=name)
    assert run() == (True, "None")
    (log,) = kitchen.sockets.glob("*.log")
    assert name in log.read_text()


def test_duckdb_that_was_opened_is_closed_before_the_forks(kitchen, run):
    kitchen.write([], readying="readies:opens_duckdb")
    assert run() == (True, "42")


def test_a_thread_that_stays_means_an_ordinary_kernel(kitchen, run, caplog):
    kitchen.write([], readying="readies:leaves_a_thread")
    assert run() == (False, "None")
    assert "readies:leaves_a_thread started a thread" in caplog.text
