"""Clocks that go without anybody waiting."""

from __future__ import annotations

import time


class HandClock:
    """A clock that goes only when somebody sleeps, or when it is set."""

    def __init__(self, at: float = 1_800_000_000.0) -> None:
        self.time = at
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class SkippingClock:
    """The clock of the computer, which jumps over every wait."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> float:
        return time.time() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds
