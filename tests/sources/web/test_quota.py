"""The quota: every window holds, two programs share it, a clock set back stops nobody."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from smup_lib.sources.web import GUS_ANONYMOUS, GUS_REGISTERED, Quota, Window


class HandClock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def quota(tmp_path: Path, clock: HandClock, *windows: Window, account: str = "a") -> Quota:
    return Quota(tmp_path / "quota.sqlite", account, windows or (Window(10, 2),), clock)


def test_a_full_window_tells_when_it_will_have_room(tmp_path, clock):
    q = quota(tmp_path, clock)
    assert q.take() == 0
    clock.time += 4
    assert q.take() == 0
    assert q.take() == 6  # the first call leaves the window ten seconds after it was made
    clock.time += 6
    assert q.take() == 0


def test_the_tightest_window_decides(tmp_path, clock):
    q = quota(tmp_path, clock, Window(1, 2), Window(100, 3))
    assert [q.take(), q.take(), q.take()] == [0, 0, 1]
    clock.time += 1
    assert [q.take(), q.take()] == [0, 99]


def test_a_refused_call_is_not_counted(tmp_path, clock):
    q = quota(tmp_path, clock)
    assert [q.take() for _ in range(5)] == [0, 0, 10, 10, 10]
    clock.time += 10
    assert [q.take(), q.take()] == [0, 0]


def test_accounts_have_limits_of_their_own(tmp_path, clock):
    assert [quota(tmp_path, clock).take() for _ in range(3)] == [0, 0, 10]
    assert quota(tmp_path, clock, account="b").take() == 0


def test_the_limit_outlives_the_program(tmp_path, clock):
    for _ in range(2):
        assert quota(tmp_path, clock).take() == 0
    assert quota(tmp_path, clock).take() == 10


def test_a_clock_set_back_does_not_stop_work_until_the_old_time_comes(tmp_path, clock):
    q = quota(tmp_path, clock)
    q.take(), q.take()
    clock.time -= 365 * 24 * 3600
    assert q.take() == 10


def test_what_the_service_forbids_holds_for_every_program(tmp_path, clock):
    quota(tmp_path, clock).block(7)
    assert quota(tmp_path, clock).take() == 7
    assert quota(tmp_path, clock, account="b").take() == 0
    clock.time += 7
    assert quota(tmp_path, clock).take() == 0


def _take_many(path: str, taken: multiprocessing.Queue) -> None:
    q = Quota(Path(path), "a", [Window(100_000, 50)])
    taken.put(sum(q.take() == 0 for _ in range(40)))


def test_two_programs_together_never_take_more_than_there_is(tmp_path):
    context = multiprocessing.get_context("spawn")
    taken = context.Queue()
    path = str(tmp_path / "quota.sqlite")
    programs = [context.Process(target=_take_many, args=(path, taken)) for _ in range(2)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert sum(taken.get(timeout=5) for _ in programs) == 50


@pytest.mark.parametrize(
    ("windows", "calls", "seconds"),
    [
        ((Window(10, 2),), 2, 0.6),
        ((Window(10, 2),), 3, 10.3),
        ((Window(10, 2),), 6, 20.6),
        (GUS_REGISTERED, 500, 150.0),
        (GUS_REGISTERED, 501, 900.3),
    ],
)
def test_the_estimate_walks_through_the_windows(tmp_path, clock, windows, calls, seconds):
    found = quota(tmp_path, clock, *windows).estimate_seconds(calls, seconds_a_call=0.3)
    assert found == pytest.approx(seconds)


def test_everything_takes_days_without_a_key_and_hours_with_one(tmp_path, clock):
    with_key = quota(tmp_path, clock, *GUS_REGISTERED).estimate_seconds(19_000)
    without = quota(tmp_path, clock, *GUS_ANONYMOUS, account="b").estimate_seconds(19_000)
    assert with_key / 3600 == pytest.approx(38, abs=2)  # four windows of 12 hours
    assert without / 86_400 > 7
