"""Findings: of one unit in all areas, and of all gminy in one area, on the land of national size.

Warm means: libraries imported, files in the page cache, no finding of the unit computed before.
Values of whole areas, which belong to no unit, may have been read and kept by the workspace while
other units were asked about (``smup_lib.reports.kept_values``); what filling costs is printed, and
so is a unit with nothing kept. All units at once begin with nothing kept.

Beside all units at once stands the way of one unit, ``load_assessment`` as a report calls it, on a
seeded sample before and after, multiplied. How many cores two processes get at that time is
printed, because nothing runs on two cores that others use. Both give the same findings.

Run with ``--home FOLDER`` of ``smup data sample --scale national``; without one it is made. Ends
with status 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable

from bench_national import YEAR, national_home
from measure import free_cores, print_machine, print_row, seconds, spread

UNITS = 20
SEED = 20261122
AREA = "education"
PROCESSES = 2
ONE_UNIT_SECONDS = 1.0
ALL_UNITS_SECONDS = 60.0
TIMES_FASTER = 20.0
_MISSED: list[str] = []


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor time of this process and of the children that have ended."""

    def used() -> float:
        both = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in both)

    before = used()
    work()
    return used() - before


def judge(name: str, met: bool) -> None:
    """Print whether a target is met, and remember it when not."""
    print(f"{'  target ' + name:52} | {'met' if met else 'NOT MET'}")
    if not met:
        _MISSED.append(name)


def chosen_codes(codes: tuple[str, ...]) -> list[str]:
    return random.Random(SEED).sample(list(codes), UNITS)


def bench_one_unit(level: str) -> None:
    """Time all areas for one unit, with values of whole areas kept and without."""
    from smup_lib.reports.loading import Workspace, levels_of
    from smup_lib.reports.many_findings import find_in_areas, keep_area_values

    workspace = Workspace.open()
    codes = workspace.register.codes(level, YEAR)
    chosen = chosen_codes(codes)
    other = next(code for code in codes if code not in chosen)
    units = [workspace.register.unit(code, YEAR) for code in chosen]
    areas = [area for area in workspace.catalogue.areas.values() if level in levels_of(area)]
    find_in_areas(workspace, workspace.register.unit(other, YEAR), YEAR)  # libraries
    bare, _ = spread([lambda u=u: find_in_areas(workspace, u, YEAR) for u in units[:3]])

    def fill() -> None:
        for area in areas:
            keep_area_values(workspace, area, level, YEAR)
        find_in_areas(workspace, workspace.register.unit(other, YEAR), YEAR)

    name = f"one {level}, all {len(areas)} areas"
    print_row(f"{name}: reading and keeping all units", seconds(fill))
    median, worst = spread([lambda u=u: find_in_areas(workspace, u, YEAR) for u in units])
    again = processor_seconds(lambda: [find_in_areas(workspace, u, YEAR) for u in units])
    print_row(f"{name}, beside the same with nothing kept", median, bare, f"{ONE_UNIT_SECONDS} s")
    print_row(f"{name}, worst of {len(units)}", worst, target=f"{ONE_UNIT_SECONDS} s")
    print_row(f"{name}, processor time", again / len(units))
    kept = sum(
        values.nbytes
        for area in areas
        if (values := workspace.kept.find(area.id, level, YEAR)) is not None
    )
    print(f"{'  values kept':52} | {kept / 1e6:8.0f} MB")
    judge(f"one {level}, median", median < ONE_UNIT_SECONDS)
    judge(f"one {level}, worst", worst < ONE_UNIT_SECONDS)


def bench_all_units(level: str) -> None:
    """Time all units of a level in one area beside the way of one unit in a loop."""
    from smup_lib.reports.loading import Workspace, load_assessment
    from smup_lib.reports.many_findings import find_in_area

    alone = Workspace.open()
    codes = alone.register.codes(level, YEAR)
    units = [alone.register.unit(code, YEAR) for code in chosen_codes(codes)]
    times: list[float] = []
    processor: list[float] = []

    def loop(part: list[object]) -> None:
        for unit in part:
            start = time.perf_counter()
            processor.append(
                processor_seconds(lambda u=unit: load_assessment(alone, AREA, u, YEAR))
            )
            times.append(time.perf_counter() - start)

    load_assessment(alone, AREA, alone.register.unit(codes[0], YEAR), YEAR)  # libraries
    loop(units[: UNITS // 2])
    clock: list[float] = []

    def together() -> object:
        start = time.perf_counter()
        found = find_in_area(Workspace.open(), AREA, YEAR, level=level, processes=PROCESSES)
        clock.append(time.perf_counter() - start)
        print(f"# {len(found.rows)} findings of {found.n_units} units")
        return found

    before = free_cores(PROCESSES)
    used = processor_seconds(together)
    print(f"# cores {PROCESSES} processes got before and after: {before:.1f}, ", end="")
    print(f"{free_cores(PROCESSES):.1f}")
    loop(units[UNITS // 2 :])
    looped = sum(times) / len(times) * len(codes)
    looped_used = sum(processor) / len(processor) * len(codes)
    name = f"{AREA}, {len(codes)} units of {level}, {PROCESSES} processes"
    print_row(f"{name}, beside a loop", clock[0], looped, f"{ALL_UNITS_SECONDS} s")
    print_row("  processor time of all of it", used, looped_used)
    judge(f"{ALL_UNITS_SECONDS:.0f} s for all units", clock[0] < ALL_UNITS_SECONDS)
    judge(f"{TIMES_FASTER:.0f} times faster than a loop", looped / clock[0] >= TIMES_FASTER)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home")
    options = parser.parse_args()
    print_machine()
    with national_home(options.home):
        bench_all_units("gmina")
        print_machine()
        for level in ("powiat", "gmina"):
            bench_one_unit(level)
            print_machine()
    return 1 if _MISSED else 0


if __name__ == "__main__":
    sys.exit(main())
