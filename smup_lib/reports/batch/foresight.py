"""What would a batch make, how long would it take, and what will be odd? Nothing is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.reports.batch.estimate import Stopwatch, estimate
from smup_lib.reports.batch.jobs import list_jobs
from smup_lib.reports.batch.making import Conditions
from smup_lib.reports.batch.manifest import LEDGER, read_rows
from smup_lib.reports.batch.omens import list_empty_sections, list_omens
from smup_lib.reports.batch.run import find_missing
from smup_lib.reports.loading import Workspace

if TYPE_CHECKING:
    from smup_lib.reports.batch.order import Order


def foresee_batch(
    order: Order,
    out: Path,
    *,
    snapshot: str | Path | None = None,
    only: Sequence[str] | None = None,
    conditions: Conditions | None = None,
) -> dict[str, Any]:
    """Say what a batch would make; nothing is written into its folder.

    Two reports for each worker are made on trial, elsewhere, of each notebook, year and level of
    which the folder has none.

    Returns
    -------
    dict
        ``reports``, ``whole`` (there already), ``sections`` (title, chapter, reports), ``estimate``
        (None when nothing is left; else ``seconds_from``, ``seconds_to``, of these
        ``shared_seconds`` for what reports share, ``megabytes``, on how many reports they rest:
        ``measured`` in the folder, of which it is not known what they share, and ``tried`` now, and
        ``unknown``: why for some nobody can tell), ``omens`` (see
        :mod:`smup_lib.reports.batch.omens`), ``notes``.

    Raises
    ------
    ParameterError
        With everything wrong in the order.
    """
    how, watch = conditions or Conditions(), Stopwatch()
    workspace = Workspace.open(snapshot)
    listed = list_jobs(order, workspace, only)
    rows = read_rows(out / LEDGER)
    prints, missing = find_missing(workspace, listed, out, rows, how)
    begun = watch.own, watch.clock
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
        "estimate": estimate(workspace, missing, rows.values(), out, how, prints, begun),
        "notes": [*list_empty_sections(workspace, listed.jobs), *listed.notes],
    }
