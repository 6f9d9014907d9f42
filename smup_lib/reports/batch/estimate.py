"""How long would the missing reports take, and on what does that rest?

Two bounds are told. The lower one is the processor's time: nothing else works on the computer and
nobody waits. The upper one is the clock of the reports that were made, with some room. Both count
what the reports of a notebook, year and level share, once for each of these.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.kernels.forking import can_supervise
from smup_lib.reports.batch.making import Conditions, Maker, group_alike
from smup_lib.reports.batch.manifest import Manifest, Row
from smup_lib.scratch import scratch_folder
from smup_lib.teryt import level_of

if TYPE_CHECKING:
    from smup_lib.reports.batch.jobs import Job
    from smup_lib.reports.loading import Workspace

#: Rounds of a trial: in the first one something is still cold.
_ROUNDS = 2
#: How much longer than what was seen the upper bound is: few reports stand for thousands.
_ROOM = 1.25
#: The ledger knows whole seconds, so that the pace of a few rows is not told by it.
_FEWEST_TIMED = 20


@dataclasses.dataclass(frozen=True)
class Cost:
    """What reports of one sort take.

    Attributes
    ----------
    shared : tuple of float
        Seconds of what they share, by the processor and by the clock; zero when not known.
    each : tuple of float
        Seconds until the next one is done: by the processor alone, and by the clock.
    size : float
        Bytes of the files of one.
    """

    shared: tuple[float, float]
    each: tuple[float, float]
    size: float


class Stopwatch:
    """Clock and processor since its beginning: of this process, and of those that it has reaped."""

    def __init__(self) -> None:
        self._clock, self._times = time.perf_counter(), os.times()

    @property
    def clock(self) -> float:
        """Seconds by the clock."""
        return time.perf_counter() - self._clock

    @property
    def own(self) -> float:
        """Seconds of the processor in this process."""
        now, then = os.times(), self._times
        return now.user - then.user + now.system - then.system

    @property
    def below(self) -> float:
        """Seconds of the processor in processes that have ended."""
        now, then = os.times(), self._times
        user = now.children_user - then.children_user
        return user + now.children_system - then.children_system


def estimate(
    workspace: Workspace,
    missing: Sequence[Job],
    rows: Iterable[Row],
    out: Path,
    how: Conditions,
    prints: Mapping[str, str],
    begun: tuple[float, float],
) -> dict[str, Any] | None:
    """Return what the missing reports would take, from those there are or from a few made now.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register.
    missing : sequence of Job
        The reports.
    rows : iterable of Row
        Of the batch so far.
    out : Path
        Folder of the batch.
    how : Conditions
        How it would work.
    prints : mapping of str to str
        The fingerprint of each report by its key.
    begun : tuple of float
        Seconds of the list of reports, by the processor and by the clock: a batch makes it too.

    Returns
    -------
    dict or None
        See :func:`smup_lib.reports.batch.foresight.foresee_batch`; None when nothing is missing.
    """
    if not missing:
        return None
    made: dict[tuple[str, int, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.status != "failed" and size_of(out, row) is not None:
            made[row.report, row.year, level_of(row.unit)].append(row)
    least, most = begun
    told: dict[str, Any] = {"shared_seconds": 0.0, "megabytes": 0.0, "measured": 0, "tried": 0}
    unknown: list[str] = []
    for level, jobs in group_alike(missing):
        known = made[jobs[0].section.name, jobs[0].year, level]
        tried = [] if known else pick(jobs, _ROUNDS * how.workers)
        cost = cost_of(known, out, how) if known else _try(workspace, tried, how, prints)
        if isinstance(cost, str):
            unknown.append(f"{jobs[0].section.name}: próbny raport się nie udał: {cost}")
            continue
        told["measured"] += len(known)
        told["tried"] += len(tried)
        told["shared_seconds"] += cost.shared[1]
        told["megabytes"] += len(jobs) * cost.size / 1e6
        least += cost.shared[0] + len(jobs) * cost.each[0]
        most += cost.shared[1] + len(jobs) * cost.each[1]
    return {
        "seconds_from": min(least, most),
        "seconds_to": _ROOM * most,
        **told,
        "unknown": unknown,
    }


def pick(jobs: Sequence[Job], count: int) -> list[Job]:
    """Return some jobs from all parts of a list.

    Examples
    --------
    >>> pick("abcdefgh", 3)
    ['a', 'c', 'f']
    """
    some = min(count, len(jobs))
    return [jobs[place * len(jobs) // some] for place in range(some)]


def size_of(folder: Path, row: Row) -> int | None:
    """Return the bytes of a report; None when its files are gone."""
    paths = [folder / name for name in row.outputs]
    if not paths or not all(path.is_file() for path in paths):
        return None
    return sum(path.stat().st_size for path in paths)


def cost_of(rows: Sequence[Row], folder: Path, how: Conditions) -> Cost:
    """Return what reports took that a batch has made; of its workers and sharing it says nothing.

    The clock between two rows counts no more than the report itself took: the batch may have been
    interrupted there.
    """
    alone = statistics.fmean(row.seconds for row in rows) / how.workers
    ended = sorted((datetime.fromisoformat(row.finished), row.seconds) for row in rows)
    pace = alone
    if len(ended) >= _FEWEST_TIMED:
        waits = [
            min((now - before).total_seconds(), seconds + 1)
            for (before, _), (now, seconds) in itertools.pairwise(ended)
        ]
        pace = max(alone, statistics.fmean(waits))
    sizes = [size for row in rows if (size := size_of(folder, row)) is not None]
    return Cost((0.0, 0.0), (alone, pace), statistics.fmean(sizes))


def _try(
    workspace: Workspace, jobs: Sequence[Job], how: Conditions, prints: Mapping[str, str]
) -> Cost | str:
    """Make reports as the batch would, where nobody sees them; what they take, or why they fail."""
    trial = dataclasses.replace(how, stop_on_error=False, tries_alike=0)
    with scratch_folder("trial") as folder:
        ledger, watch = Manifest(folder), Stopwatch()
        shared: tuple[float, float] | None = None
        rows = []
        with closing(Maker(workspace, folder, trial, prints).make(jobs)) as made:
            for row in made:
                if shared is None:  # all before the first report began
                    shared = watch.own, max(0.0, watch.clock - row.seconds)
                ledger.add(row)
                rows.append(row)
        own, below, clock = watch.own, watch.below, watch.clock
        sizes = [size for row in rows if (size := size_of(folder, row)) is not None]
    if shared is None or not sizes:
        return rows[0].error or "raport nie zostawił plików"
    cores = min(how.workers, os.cpu_count() or 1) if can_supervise() else 1
    each = (own - shared[0] + below) / len(rows) / cores, (clock - shared[1]) / len(rows)
    return Cost(shared, each, statistics.fmean(sizes))
