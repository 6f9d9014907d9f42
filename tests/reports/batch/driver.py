"""A program that tests start: it runs batches in forks of itself, so that imports are paid once.

``python -m tests.reports.batch.driver FOLDER`` with SMUP_HOME and the variables of a process that
may fork. All scenarios are played in one process, which has read the libraries and the values
before: each in a fork and a folder of its own, so that none sees another. What happened is told
as JSON; :func:`driven` starts it once for a whole test run.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import pickle
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from smup_lib.errors import SmupError
from smup_lib.kernels.forking import fit_environment
from smup_lib.kernels.supervised import Limits
from smup_lib.reports.batch.fingerprint import digest_of_library
from smup_lib.reports.batch.jobs import Job, list_jobs
from smup_lib.reports.batch.making import Conditions, Maker
from smup_lib.reports.batch.manifest import LEDGER, read_rows
from smup_lib.reports.batch.order import Order, simple_order
from smup_lib.reports.batch.run import BatchResult, run_batch
from smup_lib.reports.lending import lend_workspace
from smup_lib.reports.loading import Workspace
from smup_lib.reports.receipt import list_changed_files
from smup_lib.snapshots import load_snapshot
from smup_lib.snapshots.store import use_snapshot
from tests.reports.revised_land import set_value, small_land
from tests.reports.small_notebooks import small_notebook, write_notebook
from tests.sample_home import ensure_sample_home, lend_fonts, made_once
from tests.smup_here import smup_here

YEAR = 2022
UNITS = ("9001", "9002", "9003")
#: A home with two states of a small land, beside that of the sample.
TWO_STATES = "two_states"
PARAMETERS = 'unit: str = "9001"\nyear: int = 2022'
#: Moments at which the world outside changes, or is about to.
_EVENTS = {"open", "os.rename", "os.remove", "os.fork", "os.mkdir", "subprocess.Popen"}
_TIMES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[+]00:00|&#43;00:00| UTC)")
#: Of a page, in which its time stands.
_DIGEST = re.compile(r'(?<=\.html": ")[0-9a-f]{64}')


def in_fork(call: Callable[[], Any]) -> Any:
    """Return what a call gives in a fork, its SmupError, or the signal that ended the fork."""
    with tempfile.TemporaryFile() as told:
        pid = os.fork()
        if pid == 0:
            try:
                try:
                    pickle.dump(call(), told)
                except SmupError as error:
                    pickle.dump(error, told)
                except BaseException:
                    traceback.print_exc()
                    raise
                told.flush()
                os._exit(0)
            finally:
                os._exit(70)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            return signal.Signals(-code)
        assert code == 0, code
        told.seek(0)
        return pickle.load(told)


def run(order: Order, out: Path, rows: int = 0, event: int = 0, workers: int = 1) -> BatchResult:
    """Run a batch that is killed so many events after a row, in whichever process that happens."""
    batch, written, seen = os.getpid(), 0, 0

    def watch(name: str, _: Any) -> None:
        nonlocal seen
        if name not in _EVENTS or written < rows:
            return
        seen += 1
        if seen == event:
            os.kill(batch, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    def count(done: int, *_: Any) -> None:
        nonlocal written
        written = done

    if event:
        sys.addaudithook(watch)
    return run_batch(order, out, conditions=Conditions(workers=workers), on_progress=count)


def folder_content(out: Path) -> dict[str, str]:
    """Return the files of reports without their moments, and the plan."""
    files = [path for path in out.rglob("*") if path.is_file() and "manifest" not in path.name]
    return {
        str(path.relative_to(out)): _DIGEST.sub(
            "<digest>", _TIMES.sub("<time>", path.read_text(encoding="utf-8"))
        )
        for path in files
    }


def lines_of(out: Path) -> list[dict[str, Any]]:
    """Return the lines of the ledger that are whole."""
    path = out / LEDGER
    if not path.exists():
        return []
    whole = path.read_bytes().split(b"\n")
    return [json.loads(line) for line in whole if line.endswith(b"}")]


def own_notebook(path: Path, source: str, more: str = "") -> Path:
    """Write a notebook of one cell; the values of one area are read before the forks."""
    about = {"smup": {"area": "culture_recreation"}}
    return write_notebook(path, small_notebook(source, parameters=PARAMETERS + more, **about))


@contextmanager
def _all_read(folder: Path) -> Iterator[None]:
    """Read here what every fork needs: libraries, the values of the area, digests."""
    order = simple_order([str(own_notebook(folder / "warm.ipynb", "print(unit)"))], UNITS, YEAR)
    workspace = Workspace.open()
    jobs = list_jobs(order, workspace).jobs
    maker = Maker(workspace, folder / "warm", Conditions(), {job.key: "" for job in jobs})
    list(maker.make(jobs[:1]))
    digest_of_library()
    with lend_workspace(workspace):
        yield


def killed(folder: Path, kills: int = 4) -> dict[str, Any]:
    """Kill a batch at random events, each time in a folder of its own, and repeat it there."""
    path = own_notebook(folder / "maly.ipynb", "print(unit)")
    order = simple_order([str(path)], UNITS, YEAR)
    in_fork(lambda: run(order, folder / "calm"))
    calm, lot = folder_content(folder / "calm"), random.Random(5)
    told = [_kill_and_repeat(order, folder / f"{number}", lot) for number in range(kills)]
    same = [one.pop("content") == calm for one in told]
    return {"kills": told, "same": same, "files": sorted(calm)}


def _kill_and_repeat(order: Order, out: Path, lot: random.Random) -> dict[str, Any]:
    rows, event = lot.randrange(len(UNITS)), lot.randint(1, 30)
    event *= 1 if rows else 20  # reading and warming up come first
    workers = 1 if rows else 2  # a report that is being made does not know of a later row
    ended = in_fork(lambda: run(order, out, rows, event, workers))
    before = [line["unit"] for line in lines_of(out)]
    result = in_fork(lambda: run(order, out, workers=2))
    return {
        "point": [rows, event],
        "ended": getattr(ended, "name", "done"),
        "before": before,
        "kept": result.kept,
        "made": [row.unit for row in result.rows],
        "ledger": sorted(line["unit"] for line in lines_of(out)),
        "content": folder_content(out),
    }


BAD = """
import os, signal
def grow():
    kept = []
    while True:
        kept.append(bytearray(20_000_000))
def wait():
    import threading
    threading.Event().wait()
def chat():
    while True:
        print("a" * 2_000_000)
def fail():
    raise ValueError("zły wskaźnik")
ways = {
    "9001": fail,
    "9002": lambda: os._exit(3),
    "9003": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "9004": wait,
    "9005": grow,
    "9006": chat,
}
ways.get(unit, lambda: None)()
"""


def bad(folder: Path) -> dict[str, Any]:
    """Make reports of a notebook that fails in each unit in another way, and in one not."""
    path = own_notebook(folder / "zly.ipynb", BAD)
    told: dict[str, Any] = {}
    for units, seconds in (("9001 9002 9003 9005 9006 9007", 60), ("9004", 2)):
        limits = Limits(seconds=seconds, memory=400_000_000)
        order = simple_order([str(path)], units.split(), YEAR)
        result = run_batch(order, folder / "out", conditions=Conditions(limits=limits))
        told |= _rows(result)
    left = sorted(path.name for path in (folder / "out").rglob("*.ipynb"))
    return {"rows": told, "left": left}


def refused(folder: Path) -> dict[str, Any]:
    """Make reports with a group that another program has removed since the order was checked."""
    path = own_notebook(folder / "grupa.ipynb", "print(1)", "\ngroup: str | None = None")
    workspace = Workspace.open()
    jobs = [
        dataclasses.replace(job, parameters={**job.parameters, "group": "@nie_ma"})
        for job in list_jobs(simple_order([str(path)], UNITS[:2], YEAR), workspace).jobs
    ]

    def made(out: str, *more: Job) -> dict[str, Any]:
        prints = {job.key: "" for job in (*jobs, *more)}
        maker = Maker(workspace, folder / out, Conditions(), prints)
        rows = {row.unit: dataclasses.asdict(row) for row in maker.make([*jobs, *more])}
        return {"rows": rows, "notes": maker.notes}

    told, stop = made("out"), threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    odd: Any = [("unit", UNITS[2]), ("year", YEAR)]  # no mapping: our own code breaks down
    told["beside_a_thread"] = made("other", Job(jobs[0].section, UNITS[2], YEAR, odd))
    stop.set()
    thread.join()
    return told


def alike(folder: Path) -> dict[str, Any]:
    """Make reports that all fail alike, one after another, until a second try is not worth it."""
    path = own_notebook(folder / "wszystkie.ipynb", "1 / 0")
    order = simple_order([str(path)], ("powiaty",), YEAR)
    one_by_one = Conditions(workers=1, limit=4, tries_alike=2)
    ends = own_notebook(folder / "koniec.ipynb", "import os\nos._exit(3)")
    once = Conditions(workers=1, limit=2, tries_alike=1)
    ended = simple_order([str(ends)], ("powiaty",), YEAR)
    return {
        "rows": _rows(run_batch(order, folder / "out", conditions=one_by_one)),
        "ended": _rows(run_batch(ended, folder / "ended", conditions=once)),
    }


def switched(folder: Path) -> dict[str, Any]:
    """Make another snapshot current after the first report, then repeat the batch."""
    os.environ["SMUP_HOME"] = str(folder.parent / TWO_STATES)
    snapshots = folder.parent / TWO_STATES / "snapshots"
    ids = sorted(path.name for path in snapshots.iterdir() if path.is_dir())
    use_snapshot(ids[0])
    source = "from smup_lib.reports.loading import Workspace\nprint(Workspace.open().snapshot.id)"
    path = own_notebook(folder / "stan.ipynb", f"{source}\n")
    order, out = simple_order([str(path)], UNITS, YEAR), folder / "out"

    def make(*formats: str, **told: Any) -> BatchResult:
        how = Conditions(workers=1, notebooks=True, formats=("html", *formats))
        return run_batch(order, out, conditions=how, **told)

    first = in_fork(lambda: make("csv", on_progress=lambda *_: use_snapshot(ids[1])))
    vouched = [list_changed_files(path) for path in sorted(out.rglob("*.receipt.json"))]
    asked = [len(list(out.rglob("*_*.csv")))]
    printed = [page.read_text(encoding="utf-8") for page in sorted(out.rglob("*.ipynb"))]
    again = in_fork(make)
    asked.append(len(list(out.rglob("*_*.csv"))))
    return {
        "ids": ids,
        "csv": asked,
        "vouched": vouched,
        "first": [row.snapshot for row in first.rows],
        "printed": [[one for one in ids if one in text] for text in printed],
        "again": [row.snapshot for row in again.rows],
    }


def _rows(result: BatchResult) -> dict[str, Any]:
    names = ("status", "attempts", "error", "warnings")
    return {row.unit: {name: getattr(row, name) for name in names} for row in result.rows}


def _command(*words: str) -> dict[str, Any]:
    """Run ``smup report batch`` in a fork."""
    done = in_fork(lambda: smup_here("report", "batch", *words))
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


def commands(folder: Path) -> dict[str, Any]:
    """Estimate a batch, stop it at one failure, mend that, and ask what would be left."""
    source = "if unit == '9002' and word == 'a':\n    raise ValueError('zły powiat')"
    notebook = own_notebook(folder / "maly.ipynb", source, "\nword: str = 'a'")
    units = ("--units", "9001,9002,9003,9001", "--year", str(YEAR))
    given = ("--area", str(notebook), *units, "--out", str(folder / "out"))
    other = ("--param", "word=b", "--json", "--zip", "unit")
    return {
        "foreseen": _command(*given, "--dry-run"),
        "untouched": not (folder / "out").exists(),
        "first": _command(*given, "--stop-on-error", "--workers", "1"),
        "second": _command(*given, *other, "--only", "9001,9002"),
        "again": _command(*given, *other, "--only", "9001,9002", "--dry-run"),
        "elsewhere": _command(*given, *other, "--only", "9004"),
        "out": str(folder / "out"),
    }


def full(folder: Path) -> dict[str, Any]:
    """Make a batch on a small disk, give the disk more room and repeat the batch."""
    out = folder / "out"
    out.mkdir()
    notebook = own_notebook(folder / "maly.ipynb", "print(unit * 50_000)")
    units = ("--units", "9001,9002,9003,9004,9005", "--year", str(YEAR))
    told: dict[str, Any] = {}
    for name, how in (("first", "size=1m"), ("second", "remount,size=64m")):
        subprocess.run(["mount", "-t", "tmpfs", "-o", how, "none", str(out)], check=True)
        done = _command("--area", str(notebook), *units, "--out", str(out))
        rows = read_rows(out / LEDGER)
        told[name] = done | {"rows": {key: dataclasses.asdict(rows[key]) for key in rows}}
    return told


def driven() -> tuple[Path, dict[str, Any]]:
    """Return the folder of the scenarios and what they told; they are played once for a run."""
    folder = made_once("batches", _drive)
    return folder, json.loads((folder / "told.json").read_text(encoding="utf-8"))


def _drive(folder: Path) -> None:
    sample = ensure_sample_home() / "snapshots"
    (land,) = (path for path in sample.iterdir() if path.is_dir())
    for name in ("home", TWO_STATES):
        (folder / name).mkdir()
        lend_fonts(folder / name)
    (folder / "home" / "snapshots").symlink_to(sample, target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(folder / TWO_STATES))
        for change in ((), (set_value("9001", YEAR, "library_readers", 2),)):
            small_land(load_snapshot(land), *change)
    alone = (shutil.which("unshare") or "", "-rm")  # where a small disk may be mounted
    tried = alone[0] and subprocess.run([*alone, "true"], capture_output=True, check=False)
    words: tuple[str, ...] = (sys.executable, "-m", "tests.reports.batch.driver", str(folder))
    if tried and tried.returncode == 0:
        words = (*alone, *words, "alone")
    done = subprocess.run(
        words,
        env={**fit_environment(), "SMUP_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    (folder / "told.json").write_text(done.stdout, encoding="utf-8")


SCENARIOS = (killed, bad, refused, alike, switched, commands)


def main(folder: Path, *alone: str) -> None:
    """Play the scenarios, each in a fork and a folder of its own."""
    told = {}
    with _all_read(folder):
        for scenario in (*SCENARIOS, *([full] if alone else ())):
            own = folder / scenario.__name__
            own.mkdir()
            told[scenario.__name__] = in_fork(functools.partial(scenario, own))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
