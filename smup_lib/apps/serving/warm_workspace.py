"""What do the pages of all visitors read and compute alike? It is done once, and shared by forks.

The zygote of the pages calls it before it forks (:mod:`smup_lib.kernels.readying`). A kernel whose
snapshot is another one opens that itself, so states of the data never mix.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pyarrow as pa

from smup_lib.apps.opening import APPS
from smup_lib.apps.serving.ready_seconds import most_seconds
from smup_lib.catalogue import ServiceArea
from smup_lib.errors import SmupError
from smup_lib.paths import snapshots_dir
from smup_lib.reports.known_years import choose_year
from smup_lib.reports.lending import lend_for_good
from smup_lib.reports.loading import Workspace, levels_of
from smup_lib.reports.many_findings import keep_area_values
from smup_lib.reports.warming import share_groups
from smup_lib.snapshots.manifest import MANIFEST_NAME
from smup_lib.snapshots.store import POINTER
from smup_lib.units.name_index import load_name_index

#: More observations are not held in memory: 0.6 million take 13 MB.
MOST_ROWS = 10_000_000
#: A year at which fewer pages open is read by those.
SHARE_OF_UNITS = 0.03


def warm_workspace() -> list[Path]:
    """Open the current snapshot, keep the values of its areas, open each app once, and lend it all.

    Returns
    -------
    list of Path
        What decides which snapshot is current, and that snapshot: when they change, pages must be
        made ready anew.
    """
    # what Arrow's own allocator once had it keeps, in each fork; the system's gives it back
    pa.set_memory_pool(pa.system_memory_pool())
    pointer = snapshots_dir() / POINTER
    try:
        workspace = Workspace.open()
    except SmupError as error:  # the page says it to the visitor
        sys.stderr.write(f"{error}\n")
        return [pointer]
    lend_for_good(workspace)
    load_name_index(workspace.register)
    last = time.process_time() + most_seconds()
    keep_values(workspace, last)
    for name in APPS:
        _open_once(workspace, name, last)
    return [pointer, workspace.snapshot.path / MANIFEST_NAME]


def keep_values(workspace: Workspace, last: float) -> None:
    """Keep in memory what the pages read of a workspace, and what they compute of it alike.

    Parameters
    ----------
    workspace : Workspace
        Whose observations are held, if they are not too many.
    last : float
        When to stop, on the clock of ``time.process_time``.
    """
    # of more than can be held every question would take long, and what it tells too much memory
    if workspace.snapshot.hold(MOST_ROWS):
        for level in ("powiat", "gmina"):
            _keep_level(workspace, level, last)


def _keep_level(workspace: Workspace, level: str, last: float) -> None:
    """Keep the values of each area in the years at which its pages open, and who resembles whom."""
    for area in workspace.catalogue.areas.values():
        years = _opening_years(workspace, area, level) if level in levels_of(area) else []
        for year in years:
            if time.process_time() > last:
                return
            load_name_index(workspace.register, year)
            keep_area_values(workspace, area, level, year)
            share_groups(workspace, area, year, level)


def _opening_years(workspace: Workspace, area: ServiceArea, level: str) -> list[int]:
    """Return the years at which the pages of many units of an area open."""
    read = {name for entry in area.indicators for name in entry.variables_read}
    rows = workspace.snapshot.observations(sorted(read), level=level)
    known = rows[rows["value"].notna()]
    counts = known.groupby(["unit_code", "year"])["variable"].nunique().reset_index()
    by_unit: dict[str, dict[int, int]] = defaultdict(dict)
    for code, year, n in zip(*(counts[name].tolist() for name in counts), strict=True):
        by_unit[code][year] = n
    opened = Counter(choose_year(years) for years in by_unit.values())
    few = SHARE_OF_UNITS * len(by_unit)
    return sorted(year for year, n in opened.items() if year is not None and n >= few)


def _open_once(workspace: Workspace, name: str, last: float) -> None:
    """Open an app for a unit of each level, for what is imported, drawn and kept on the way."""
    import ipywidgets

    module, kind = APPS[name]
    for query in _usual_queries(workspace):
        if time.process_time() > last + most_seconds():
            return
        try:
            getattr(import_module(module), kind)(workspace, query)
        except Exception as error:  # the page will say it to its visitor
            sys.stderr.write(f"{name}?{query}: {error}\n")
        ipywidgets.Widget.close_all()


def _usual_queries(workspace: Workspace) -> Iterator[str]:
    for level in ("powiat", "gmina"):
        codes = workspace.register.codes(level)
        if codes:
            yield f"unit={next(iter(codes))}"
