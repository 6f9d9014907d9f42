"""The pages under visitors: our server beside plain ``voila`` with the same notebook and home.

- one: one visitor after another; with Chromium also what a person sees and when;
- arriving: so many visitors evenly over a time, one of them in Chromium;
- burst: all at the same moment;
- full: who comes when there is no room (only ours; plain Voilà knows no limit);
- clicking: all stay and go from view to view; memory and dead processes are watched.

    python benchmarks/bench_apps.py [--visitors 30] [--over 60] [--minutes 10] [--pause 8]
        [--home DIR] [--notebook NAME] [--modes one arriving burst full clicking] [--ours-only]

Without options it is small enough for ``make bench``. Without ``--home`` it makes the sample land.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import print_machine
from page_browser import Seen, look
from page_servers import PageServer, answer_of, running
from page_visitor import Visitor

SAMPLE_SECONDS = 15.0
#: Memory is read so long after the pages stand: what was only needed on the way has gone by then.
SETTLED_SECONDS = 5.0


@dataclass
class Asked:
    """What is measured, of whom."""

    visitors: int
    over: float
    minutes: float
    units: Sequence[str]
    browser: bool
    pause: float = 8.0
    """Seconds between two clicks of a visitor, about."""

    def query(self, number: int) -> str:
        """Return the link that a visitor follows."""
        return f"unit={self.units[number % len(self.units)]}"


@dataclass
class Told:
    """What a server did in one mode."""

    paints: list[float]
    failed: int
    private: list[float]
    total: float
    seen: Seen | None = None


async def open_over(server: PageServer, asked: Asked, over: float) -> tuple[Told, list[Visitor]]:
    """Let all come evenly over a time; one of them looks with a browser."""
    visitors = [Visitor(f"{server.page}?{asked.query(n)}") for n in range(asked.visitors)]
    inside = visitors[:-1] if asked.browser and len(visitors) > 1 else visitors

    async def come(number: int, visitor: Visitor) -> None:
        await asyncio.sleep(over * number / max(1, len(visitors)))
        await visitor.open()

    coming = [asyncio.create_task(come(n, v)) for n, v in enumerate(inside)]
    seen = None
    if asked.browser:
        # in the middle, when others are being served too
        await asyncio.sleep(over / 2)
        seen = await asyncio.to_thread(look, visitors[-1].address)
    await asyncio.gather(*coming)
    paints = [v.states for v in inside if v.states is not None]
    failed = sum(bool(v.failure) or v.status != 200 for v in inside)
    await asyncio.sleep(SETTLED_SECONDS)
    told = Told(paints, failed, server.private_megabytes(), server.total_megabytes(), seen)
    return told, inside


def print_told(what: str, told: dict[str, Told]) -> None:
    """Print a line for each server, and how many times ours is quicker and smaller."""
    for name, one in told.items():
        times = sorted(one.paints) or [float("nan")]
        late = times[min(len(times) - 1, int(0.95 * len(times)))]
        private = one.private or [float("nan")]
        print(
            f"{what:26} | {name:5} | states after {statistics.median(times):6.2f} s (95 %"
            f" {late:.2f}, worst {times[-1]:.2f}) | failed {one.failed} of"
            f" {one.failed + len(one.paints)} | own memory {statistics.median(private):.0f} MB"
            f" (worst {max(private):.0f}) | all {one.total:.0f} MB"
        )
        if one.seen is not None:
            print(f"{'':26} | {name:5} | Chromium: {one.seen}")
    if len(told) == 2 and all(one.paints for one in told.values()):
        ours, plain = told["ours"], told["plain"]
        quicker = statistics.median(plain.paints) / statistics.median(ours.paints)
        smaller = statistics.median(plain.private) / statistics.median(ours.private)
        print(f"{what:26} | plain / ours: {quicker:.1f} times the time, {smaller:.1f} the memory")


async def leave_all(server: PageServer, visitors: Sequence[Visitor], seconds: float = 60) -> None:
    """Let all leave and wait for their kernels to end; plain Voilà refuses to end any."""
    await asyncio.gather(*(visitor.leave() for visitor in visitors))
    last = time.monotonic() + (seconds if server.name == "ours" else 0)
    while server.kernels() and time.monotonic() < last:
        await asyncio.sleep(0.5)
    left = len(server.kernels())
    if left and server.name == "ours":
        print(f"{'':26} | ours  | {left} kernels did not end within {seconds:.0f} s")


async def one_after_another(server: PageServer, asked: Asked, times: int) -> Told:
    """Let one visitor come after another, each alone; return what they saw and took."""
    paints, failed, private = [], 0, []
    for number in range(times):
        visitor = await Visitor(f"{server.page}?{asked.query(number)}").open()
        failed += bool(visitor.failure) or visitor.status != 200
        paints += [visitor.states] if visitor.states is not None else []
        await asyncio.sleep(SETTLED_SECONDS)
        private += server.private_megabytes()[-1:]
        await leave_all(server, [visitor])
    seen = (
        await asyncio.to_thread(look, f"{server.page}?{asked.query(0)}") if asked.browser else None
    )
    total = server.total_megabytes()
    await leave_all(server, [])
    return Told(paints, failed, private, total, seen)


async def full(server: PageServer, asked: Asked) -> None:
    """Fill the server, then knock as the next one and as the hundredth."""
    _, visitors = await open_over(server, Asked(*_without_browser(asked)), asked.visitors)
    for name in ("the next", "the hundredth"):
        start = time.perf_counter()
        status, text = await asyncio.to_thread(answer_of, f"{server.page}?{asked.query(0)}")
        spent = time.perf_counter() - start
        polite = "smup" in text and "<h1" in text
        print(f"{f'full: {name}':26} | ours  | {status} after {spent:.2f} s, a page: {polite}")
        if name == "the next":
            knocks = [asyncio.to_thread(answer_of, server.page) for _ in range(69)]
            codes = [code for code, _ in await asyncio.gather(*knocks)]
            print(f"{'full: 69 more at once':26} | ours  | answers {sorted(set(codes))}")
    still = [v for v in visitors if not v.failure]
    await asyncio.gather(*(v.click(asked.query(7)) for v in still))
    served = sum(bool(v.clicks) and not v.failure for v in still)
    print(f"{'full: those inside':26} | ours  | {served} of {len(visitors)} still answered")
    await leave_all(server, visitors)


def _without_browser(asked: Asked) -> tuple[int, float, float, Sequence[str], bool, float]:
    return asked.visitors, asked.over, asked.minutes, asked.units, False, asked.pause


async def clicking(server: PageServer, asked: Asked) -> None:
    """Let all click for a while; print memory on the way, and the growth after a warm-up."""
    _, visitors = await open_over(server, Asked(*_without_browser(asked)), asked.visitors)
    end = time.monotonic() + 60 * asked.minutes
    stay = [asyncio.create_task(_click_until(end, v, n, asked)) for n, v in enumerate(visitors)]
    samples: list[tuple[float, float, float]] = []
    start = time.monotonic()
    while time.monotonic() < end:
        await asyncio.sleep(min(SAMPLE_SECONDS, max(0.1, end - time.monotonic())))
        private = server.private_megabytes() or [0.0]
        spent = (time.monotonic() - start) / 60
        samples.append((spent, statistics.median(private), max(private)))
        print(
            f"{f'clicking, minute {spent:.1f}':26} | {server.name:5} | own memory"
            f" {samples[-1][1]:.0f} MB (worst {samples[-1][2]:.0f}) | all"
            f" {server.total_megabytes():.0f} MB | kernels {len(server.kernels())} | zombies"
            f" {server.zombies()}",
            flush=True,
        )
    await asyncio.gather(*stay)
    clicks = sorted(spent for visitor in visitors for spent in visitor.clicks) or [float("nan")]
    failed = [visitor.failure for visitor in visitors if visitor.failure]
    # the first third fills what is kept for a visitor; what grows later would never stop
    steady = samples[len(samples) // 3 :] or samples
    growth = steady[-1][1] / steady[0][1] - 1 if steady else float("nan")
    print(
        f"{'clicking':26} | {server.name:5} | {len(clicks)} clicks, median"
        f" {statistics.median(clicks):.2f} s, 95 % {clicks[int(0.95 * (len(clicks) - 1))]:.2f} s |"
        f" failed {len(failed)} {failed[:2]} | growth after the first third {growth:+.1%}"
    )
    await leave_all(server, visitors)
    print(f"{'all have left':26} | {server.name:5} | kernels {len(server.kernels())}, zombies"
          f" {server.zombies()}")  # fmt: skip


async def _click_until(end: float, visitor: Visitor, number: int, asked: Asked) -> None:
    chance = random.Random(number)
    while time.monotonic() < end and not visitor.failure:
        await asyncio.sleep(chance.uniform(0.5, 1.5) * asked.pause)
        await visitor.click(asked.query(chance.randrange(len(asked.units))))


async def measure(
    home: Path, notebook: str, modes: Sequence[str], names: Sequence[str], asked: Asked
) -> None:
    """Run the modes, each server fresh for all of its modes."""
    told: dict[str, dict[str, Told]] = {mode: {} for mode in modes}
    for mode in modes:
        for name in names if mode != "full" else ["ours"]:
            # a fresh server each time: plain Voilà keeps the kernels of those who have left
            start = time.perf_counter()
            with running(name, home, notebook) as server:
                ready = time.perf_counter() - start
                print(f"{f'{mode}: server ready':26} | {name:5} | after {ready:.1f} s")
                if mode == "one":
                    told[mode][name] = await one_after_another(server, asked, 5)
                elif mode in ("arriving", "burst"):
                    over = asked.over if mode == "arriving" else 0.0
                    told[mode][name], visitors = await open_over(server, asked, over)
                    await leave_all(server, visitors)
                elif mode == "full":
                    await full(server, asked)
                else:
                    await clicking(server, asked)
    for mode, by_name in told.items():
        print_told(f"{mode}, {asked.visitors}" if mode != "one" else mode, by_name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=6)
    parser.add_argument("--over", type=float, default=12.0)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--pause", type=float, default=Asked.pause)
    parser.add_argument("--notebook", default="basic.ipynb")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--modes", nargs="*", default=["one", "arriving", "clicking"])
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--no-browser", action="store_true")
    given = parser.parse_args()
    print_machine()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = given.home or Path(folder)
        os.environ["SMUP_HOME"] = str(home)
        if not given.home:
            subprocess.run([sys.executable, "-m", "smup_lib.cli", "data", "sample"], check=True)
        from smup_lib.reports.loading import Workspace

        register = Workspace.open().register
        mixed = [*register.codes("powiat")[:40], *register.codes("gmina")[:40]]
        random.Random(1).shuffle(mixed)
        browser = not given.no_browser
        asked = Asked(given.visitors, given.over, given.minutes, mixed, browser, given.pause)
        names = ["ours"] if given.ours_only else ["plain", "ours"]
        asyncio.run(measure(home, given.notebook, given.modes, names, asked))
    print_machine()


if __name__ == "__main__":
    main()
