"""What does one more report cost the driver of a batch that has 100, 1 000 or 10 000 of them?

What reports cost themselves is measured by ``bench_batch.py``; here they are rows that are there
already, each with a page of a usual size (one file under many names) and a receipt.

- add: a row written into the ledger and flushed to the disk;
- read: the ledger of a batch that goes on;
- missing: what is still to be made, the checksum of every page included;
- table: the ledger for Excel;
- fork: an empty job in a fork of a driver that holds so many rows, with all that is looked at.

Processor milliseconds a report, of the driver and its forks. The cost of a report must stay the
same from 100 to 10 000 (must: at most 1.3 times, or 1 ms more).

    python benchmarks/bench_many.py [--most 10000]

It makes the sample land.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from measure import free_cores, print_machine

if TYPE_CHECKING:
    from smup_lib.reports.batch.jobs import Job, Jobs
    from smup_lib.reports.batch.manifest import Row
    from smup_lib.reports.loading import Workspace

SIZES = (100, 1_000, 10_000)
PAGE_BYTES = 670_000
#: Rows added, and empty jobs done, at each size.
SOME = 100
CORES = 2
MUST_TIMES, MUST_MORE = 1.3, 0.001


def processor_seconds() -> float:
    """Return the processor time of this process and of its ended children."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    told = [resource.getrusage(one) for one in whose]
    return sum(one.ru_utime + one.ru_stime for one in told)


def cost(work: Callable[[], object], n: int) -> float:
    """Return the processor seconds of a call, for each of so many reports."""
    before = processor_seconds()
    work()
    return (processor_seconds() - before) / n


def list_reports(workspace: Workspace, n: int) -> Jobs:
    """Return jobs of so many reports; units that no register has will do, none is opened."""
    from smup_lib.reports.batch.jobs import Job, Jobs, Section
    from smup_lib.reports.notebook_files import read_notebook
    from smup_lib.reports.receipt import notebook_digest
    from smup_lib.reports.runner import find_notebook

    notebook = find_notebook("kultura")
    area = workspace.catalogue.areas[notebook.stem]
    section = Section(notebook, notebook_digest(read_notebook(notebook)), area, area.name)
    codes = [f"{900000 + i}" for i in range(n)]
    return Jobs(tuple(Job(section, code, 2022, {"unit": code, "year": 2022}) for code in codes))


def row_of(job: Job, folder: Path, page: Path, snapshot: str, fingerprint: str) -> Row:
    """Return the row of a report whose files lie in the folder."""
    from smup_lib.reports.batch.manifest import Row
    from smup_lib.reports.receipt import file_digest

    stem = f"{job.section.name}_{job.unit}_{job.year}"
    (folder / f"{stem}.html").hardlink_to(page)
    (folder / f"{stem}.receipt.json").write_text(f'{{"unit": "{job.unit}"}}', encoding="utf-8")
    names = [f"{stem}.html", f"{stem}.receipt.json"]
    return Row(
        *(job.key, job.section.name, job.unit, f"gmina {job.unit}", job.year, dict(job.parameters)),
        *(snapshot, fingerprint, "made"),
        seconds=0.5,
        megabytes=80.0,
        outputs={name: file_digest(folder / name) for name in names},
    )


def measure_size(n: int, folder: Path) -> dict[str, float]:
    """Return the processor seconds a report of each part of the driver's work."""
    from smup_lib.kernels.supervised import Limits, supervise
    from smup_lib.reports.batch.fingerprint import Fingerprints
    from smup_lib.reports.batch.making import Conditions
    from smup_lib.reports.batch.manifest import LEDGER, Manifest, read_rows
    from smup_lib.reports.batch.packing import write_table
    from smup_lib.reports.batch.run import find_missing
    from smup_lib.reports.loading import Workspace

    folder.mkdir()
    workspace = Workspace.open()
    listed, prints = (
        list_reports(workspace, n),
        Fingerprints(workspace.snapshot, workspace.catalogue),
    )
    page = folder / "page"
    page.write_bytes(os.urandom(PAGE_BYTES))
    prints.of(listed.jobs[0])  # what all share is hashed once
    manifest = Manifest(folder)
    wanted = {job.key: prints.of(job) for job in listed.jobs}
    snapshot = workspace.snapshot.id
    rows = [row_of(job, folder, page, snapshot, wanted[job.key]) for job in listed.jobs]
    for row in rows[:-SOME]:
        manifest.rows[row.key] = row
    _write_ledger(manifest, rows[:-SOME])
    told = {"add": cost(lambda: [manifest.add(row) for row in rows[-SOME:]], SOME)}
    read = read_rows(folder / LEDGER)
    assert len(read) == n
    told["read"] = cost(lambda: read_rows(folder / LEDGER), n)
    left: list[Job] = []
    told["missing"] = cost(
        lambda: left.extend(find_missing(workspace, listed, folder, read, Conditions())[1]), n
    )
    assert left == []
    told["table"] = cost(lambda: write_table(folder, read.values()), n)
    some = list(range(SOME))
    limits = Limits()
    told["fork"] = cost(
        lambda: list(supervise(lambda _: None, some, at_once=CORES, limits=limits)), SOME
    )
    return told


def _write_ledger(manifest: object, rows: list[Row]) -> None:
    import json

    with manifest.path.open("a", encoding="utf-8") as file:  # type: ignore[attr-defined]
        for row in rows:
            file.write(json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    asked = parser.parse_args()
    from smup_lib.kernels.forking import FIT_TO_FORK, fit_environment

    if any(os.environ.get(name) != value for name, value in FIT_TO_FORK.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], fit_environment())
    print_machine()
    with tempfile.TemporaryDirectory() as name:
        os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
        os.environ["SMUP_HOME"] = str(Path(name, "home"))
        subprocess.run([sys.executable, "-m", "smup_lib.cli", "data", "sample"], check=True)
        sizes = [n for n in SIZES if n <= asked.most]
        told = {n: measure_size(n, Path(name, str(n))) for n in sizes}
    print(f"{'ms of processor a report':>24} | " + " | ".join(f"{n:>8}" for n in sizes))
    for part in told[sizes[0]]:
        costs = [told[n][part] for n in sizes]
        grown = costs[-1] > max(costs[0] * MUST_TIMES, costs[0] + MUST_MORE)
        line = " | ".join(f"{1000 * one:8.3f}" for one in costs)
        print(f"{part:>24} | {line}{'  MISSED: it grows' if grown else ''}")
    print(f"cores free at the end: {free_cores(CORES):.1f} of {CORES}")


if __name__ == "__main__":
    main()
