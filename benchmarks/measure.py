"""How a benchmark measures: warm, median and worst, private memory, ratio to the plain way."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import psutil

T = TypeVar("T")


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def spread(works: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """Time each call once; return the median and the worst."""
    times = [seconds(work) for work in works]
    return statistics.median(times), max(times)


def peak_memory(work: Callable[[], object]) -> tuple[float, float]:
    """Run one call in a fork of this process; return MB above it at the peak, and MB of it.

    The first number is the private memory (USS) of the child and of what it starts, which is what
    one more worker costs; the second the resident memory (RSS) of the parent with all libraries.
    """
    import psutil

    parent = psutil.Process()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    worker, peak = psutil.Process(child), 0.0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        with suppress(psutil.NoSuchProcess):
            family = [worker, *worker.children(recursive=True)]
            peak = max(peak, sum(_private(process) for process in family))
    return peak / 1e6, parent.memory_info().rss / 1e6


def _private(process: psutil.Process) -> float:
    import psutil

    try:
        return float(process.memory_full_info().uss)
    except psutil.Error:  # it has just ended
        return 0.0


def free_cores(wanted: int, seconds_each: float = 1.0) -> float:
    """Return how many cores processes that only count get now, where others work too."""

    def count() -> None:
        start = time.process_time()
        while time.process_time() - start < seconds_each:
            sum(range(10_000))

    def all_count() -> None:
        children = []
        for _ in range(wanted):
            child = os.fork()
            if child == 0:
                count()
                os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)

    return wanted * seconds_each / seconds(all_count)


def shared_data() -> Path | None:
    """Return the folder of real files, or None: benchmarks then use the sample land."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SMUP_SHARED_DATA", default))
    return folder if folder.is_dir() else None


def print_machine() -> None:
    """Print day, cores and how busy the machine is: beside a load above the cores, trust ratios."""
    day = time.strftime("%Y-%m-%d %H:%M")
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"# {day}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}")


def print_memory(
    name: str, work: Callable[[], object], plain: Callable[[], object], target: str
) -> None:
    """Print private memory at the peak of both ways, and the parent's RSS beside it."""
    (ours, parent), (beside, _) = peak_memory(work), peak_memory(plain)
    print(
        f"{name:52} | {ours:8.0f} MB | plain {beside:7.0f} MB | {beside / ours:5.1f}x"
        f" | parent {parent:.0f} MB | target {target}"
    )


def print_row(name: str, ours: float, plain: float | None = None, target: str = "") -> None:
    """Print one line: what, ours, the plain way, how many times faster, the target."""
    beside = f" | plain {plain:8.3f} s | {plain / ours:5.1f}x" if plain is not None else ""
    goal = f" | target {target}" if target else ""
    print(f"{name:52} | {ours:8.3f} s{beside}{goal}")
