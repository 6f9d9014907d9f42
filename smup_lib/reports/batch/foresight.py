"""What would a batch make, how long would it take, and what will be odd? Nothing is kept of it."""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.reports.batch.jobs import Job, list_jobs
from smup_lib.reports.batch.making import Conditions, Maker
from smup_lib.reports.batch.manifest import LEDGER, Row, read_rows
from smup_lib.reports.batch.omens import list_omens
from smup_lib.reports.batch.run import find_missing
from smup_lib.reports.loading import Workspace
from smup_lib.scratch import scratch_folder

if TYPE_CHECKING:
    from smup_lib.reports.batch.order import Order


@dataclasses.dataclass(frozen=True)
class _Cost:
    """What reports of a notebook take: seconds of one worker, bytes on the disk."""

    seconds: float
    size: float


def foresee_batch(
    order: Order,
    out: Path,
    *,
    snapshot: str | Path | None = None,
    only: Sequence[str] | None = None,
    conditions: Conditions | None = None,
) -> dict[str, Any]:
    """Say what a batch would make; nothing is written into its folder.

    One report of each notebook that the folder has none of is made on trial, elsewhere.

    Returns
    -------
    dict
        ``reports``, ``whole`` (there already), ``sections`` (title, chapter, reports), ``estimate``
        (None when nothing is left; else ``seconds``, ``megabytes``, on how many reports they rest:
        ``measured`` in the folder and ``tried`` now, and ``unknown``: why for some nobody can
        tell), ``omens`` (see :mod:`smup_lib.reports.batch.omens`), ``notes``.

    Raises
    ------
    ParameterError
        With everything wrong in the order.
    """
    how = conditions or Conditions()
    workspace = Workspace.open(snapshot)
    listed = list_jobs(order, workspace, only)
    rows = read_rows(out / LEDGER)
    prints, missing = find_missing(workspace, listed, out, rows, how)
    counts = Counter((job.section.title, job.section.chapter) for job in listed.jobs)
    omens = list_omens(workspace, listed.jobs)
    return {
        "reports": len(listed.jobs),
        "whole": len(listed.jobs) - len(missing),
        "sections": [
            {"title": title, "chapter": chapter, "reports": count}
            for (title, chapter), count in counts.items()
        ],
        "omens": [omen.row() for omen in omens],
        "estimate": _estimate(workspace, missing, rows.values(), out, how, prints),
        "notes": list(listed.notes),
    }


def _estimate(
    workspace: Workspace,
    missing: Sequence[Job],
    rows: Iterable[Row],
    out: Path,
    how: Conditions,
    prints: Mapping[str, str],
) -> dict[str, Any] | None:
    """Return what the missing reports would take, from those there are or from one of each."""
    if not missing:
        return None
    asked: dict[str, list[Job]] = defaultdict(list)
    for job in missing:
        asked[job.section.name].append(job)
    made: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.status != "failed":
            made[row.report].append(row)
    told: dict[str, Any] = {"seconds": 0.0, "megabytes": 0.0, "measured": 0, "tried": 0}
    unknown: list[str] = []
    for name, jobs in asked.items():
        costs = [cost for row in made[name] if (cost := _cost(out, row)) is not None]
        told["measured"] += len(costs)
        if not costs:
            tried = _try(workspace, jobs[0], how, prints)
            if isinstance(tried, str):
                unknown.append(f"{name}: próbny raport się nie udał: {tried}")
                continue
            told["tried"] += 1
            costs = [tried]
        told["seconds"] += len(jobs) * statistics.fmean(c.seconds for c in costs) / how.workers
        told["megabytes"] += len(jobs) * statistics.fmean(c.size for c in costs) / 1e6
    return {**told, "unknown": unknown}


def _cost(folder: Path, row: Row) -> _Cost | None:
    """Return what a report took; None when its files are gone."""
    paths = [folder / name for name in row.outputs]
    if not paths or not all(path.is_file() for path in paths):
        return None
    return _Cost(row.seconds, sum(path.stat().st_size for path in paths))


def _try(workspace: Workspace, job: Job, how: Conditions, prints: Mapping[str, str]) -> _Cost | str:
    """Make one report where nobody sees it; return what it took, or why it could not be made."""
    alone = dataclasses.replace(how, workers=1)
    with scratch_folder("trial") as folder:
        with closing(Maker(workspace, folder, alone, prints).make([job])) as made:
            row = next(made)
        return _cost(folder, row) or row.error or "raport nie zostawił plików"
