"""How a benchmark measures: warm, one process, medians and worst cases, ratios to the plain way."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

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


def shared_data() -> Path | None:
    """Return the folder of real files, or None: benchmarks then use the sample land."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SMUP_SHARED_DATA", default))
    return folder if folder.is_dir() else None


def print_row(name: str, ours: float, plain: float | None = None, target: str = "") -> None:
    """Print one line: what, ours, the plain way, how many times faster, the target."""
    beside = f" | plain {plain:8.3f} s | {plain / ours:5.1f}x" if plain is not None else ""
    goal = f" | target {target}" if target else ""
    print(f"{name:52} | {ours:8.3f} s{beside}{goal}")
