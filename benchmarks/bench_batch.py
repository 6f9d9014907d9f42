"""Many reports of one notebook: reports a second on two workers, ours beside four other ways.

Every way runs the identical notebook for the same units and writes the executed notebook and one
HTML page each, from a snapshot that is in the page cache.

- command: ``papermill`` and ``jupyter nbconvert --to html --no-input``, processes, two at once:
  what a user does today;
- pool: papermill in two long-lived processes, the exporter of nbconvert reused, nothing saved
  between cells: the fair baseline;
- ours: a fork for each report from one warm process, cells run in it, all checks, receipt and the
  page of ``smup report run``; its warm-up is counted apart and, for the rate, left out;
- floor: the cells' code by ``exec`` in such a fork, each display drawn, no notebook and no page.

    python benchmarks/bench_batch.py [--area culture_recreation] [--level powiat] [--year 2023]
        [--units 20] [--home DIR]

Without ``--home`` it makes the sample land.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import free_cores, print_machine

if TYPE_CHECKING:
    from smup_lib.kernels.supervised import Outcome

WORKERS = 2
#: A slow way is not asked for more than so many.
SLOW_UNITS = 6


def processor_seconds() -> float:
    """Return the processor time of this process, which drives, and of its ended children."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def print_way(name: str, units: Sequence[str], work: Callable[[], object]) -> float:
    """Time a way of making the reports of units; print and return its processor seconds each."""
    processor, clock = processor_seconds(), time.perf_counter()
    work()
    spent = time.perf_counter() - clock
    each = (processor_seconds() - processor) / len(units)
    rate = len(units) / spent
    print(f"{name:44} | {rate:6.2f} reports/s | {each:6.2f} s of processor each | n {len(units)}")
    return each


def by_command(notebook: Path, given: dict[str, Any], out: Path, codes: Sequence[str]) -> None:
    """Make reports with the commands of papermill and nbconvert, two at once."""

    def started(code: str) -> subprocess.Popen[bytes]:
        made = out / f"{code}.ipynb"
        values = " ".join(f"-p {name} {value}" for name, value in given.items())
        bin_dir = Path(sys.executable).parent
        return subprocess.Popen(
            f"{bin_dir}/papermill {notebook} {made} -r unit {code} {values} --no-progress-bar"
            f" && {bin_dir}/jupyter nbconvert --to html --no-input {made}",
            shell=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    left, running = list(codes), []
    while left or running:
        while left and len(running) < WORKERS:
            running.append(started(left.pop()))
        if running.pop(0).wait() != 0:
            raise RuntimeError("a report of the baseline failed; it must not count as quick")


_EXPORTER: list[Any] = []


def by_pool(notebook: Path, given: dict[str, Any], out: Path, code: str) -> None:
    """Make one report with papermill in this process of a pool."""
    import papermill
    from nbconvert import HTMLExporter

    if not _EXPORTER:
        _EXPORTER.append(HTMLExporter(exclude_input=True))
    executed = papermill.execute_notebook(
        str(notebook),
        str(out / f"{code}.ipynb"),
        parameters={**given, "unit": code},
        progress_bar=False,
        request_save_on_cell_execute=False,
    )
    body, _ = _EXPORTER[0].from_notebook_node(executed)
    (out / f"{code}.html").write_text(body, encoding="utf-8")


def in_pool(notebook: Path, given: dict[str, Any], out: Path, codes: Sequence[str]) -> None:
    """Make reports with papermill in a pool of processes."""
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        for future in [pool.submit(by_pool, notebook, given, out, code) for code in codes]:
            future.result()


def in_forks(work: Callable[[str], object], codes: Sequence[str]) -> list[Outcome[str, object]]:
    """Do something for each unit in a fork of its own; one that fails ends the benchmark."""
    from smup_lib.kernels.supervised import Limits, supervise

    outcomes = list(supervise(work, codes, at_once=WORKERS, limits=Limits()))
    failed = [(o.job, o.ending, o.detail) for o in outcomes if o.ending != "done"]
    if failed:
        raise RuntimeError(f"reports failed: {failed[0]}")
    return outcomes


def compare(notebook: Path, level: str, year: int, n_units: int, folder: Path) -> None:
    """Print one line for each way, then memory and ratios."""
    from smup_lib.reports.lending import lend_workspace
    from smup_lib.reports.loading import Workspace
    from smup_lib.reports.notebook_files import read_notebook
    from smup_lib.reports.runner import run_notebook
    from smup_lib.reports.warming import run_cells, warm_up

    clock, processor = time.perf_counter(), time.process_time()
    workspace = Workspace.open()
    codes = workspace.register.codes(level, year)[:n_units]
    given = {"year": year}
    error = warm_up(workspace, notebook, {"unit": codes[0], **given}, level)
    spent, processor = time.perf_counter() - clock, time.process_time() - processor
    print(f"warm-up, once: {spent:.1f} s, {processor:.1f} s of processor; {error or 'no error'}")

    def ours(code: str) -> str:
        made = run_notebook(notebook, {"unit": code, **given}, folder / "ours", in_process=True)
        return made.html.read_text(encoding="utf-8")

    def floor(code: str) -> None:
        run_cells(read_notebook(notebook), {"unit": code, **given})

    slow, few = folder / "slow", codes[: min(SLOW_UNITS, len(codes))]
    for name in ("command", "pool"):
        (slow / name).mkdir(parents=True)
    done: list[Outcome[str, object]] = []
    with lend_workspace(workspace):
        mine = print_way("ours", codes, lambda: done.extend(in_forks(ours, codes)))
        least = print_way("floor: exec in a fork", codes, lambda: in_forks(floor, codes))
    command = print_way(
        "papermill + nbconvert commands",
        few,
        lambda: by_command(notebook, given, slow / "command", few),
    )
    pool = print_way(
        "papermill in a pool", few, lambda: in_pool(notebook, given, slow / "pool", few)
    )
    charts = sorted(str(o.value).count('role="img"') for o in done)
    size = sorted(len(str(o.value).encode()) for o in done)
    print(f"drawings a report: {charts[0]} to {charts[-1]} (each chart is drawn for two widths);"
          f" page {size[0] // 1000} to {size[-1] // 1000} kB")  # fmt: skip
    print(f"memory of a worker alone (USS): at most {max(o.memory for o in done) / 1e6:.0f} MB")
    print(f"by processor time: {command / mine:.1f} times the commands (must 10, aim 20), "
          f"{pool / mine:.1f} times the pool (must 5, aim 10), {mine / least:.2f} times the floor, "
          f"{mine - least:.2f} s above it (must 1.4 or 0.10 s)")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--area", default="culture_recreation")
    parser.add_argument("--level", default="powiat")
    parser.add_argument("--year", type=int, default=2023)
    parser.add_argument("--units", type=int, default=20)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    from smup_lib.kernels.forking import FIT_TO_FORK, fit_environment

    if any(os.environ.get(name) != value for name, value in FIT_TO_FORK.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], fit_environment())
    print_machine()
    with tempfile.TemporaryDirectory() as name:
        os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
        home = asked.home or Path(name, "home")
        os.environ["SMUP_HOME"] = str(home)
        from smup_lib.reports.runner import find_notebook

        if not asked.home:
            subprocess.run([sys.executable, "-m", "smup_lib.cli", "data", "sample"], check=True)
        else:  # receipts and a cached typeface are written
            shown = Path(name, "home")
            shown.mkdir()
            (shown / "snapshots").symlink_to(asked.home.resolve() / "snapshots")
            os.environ["SMUP_HOME"] = str(shown)
        notebook = find_notebook(asked.area)
        compare(notebook, asked.level, asked.year, asked.units, Path(name))
    print(f"cores free at the end: {free_cores(WORKERS):.1f} of {WORKERS}")


if __name__ == "__main__":
    main()
