"""A clock that is set back between two runs: told, and nothing is asked for ever or never again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smup_lib.sources.web import AnswerStore, PoliteClient, Quota, Request, Window
from smup_lib.sources.web.asking import DAY_S, Desk, Question
from tests.servers.clocks import HandClock
from tests.servers.faults import Call, Reply
from tests.servers.misbehaving import running

QUESTION = Question(Request("things"), "rzeczy", fresh_days=7.0)


class Things:
    """A service that says something new whenever it is told to."""

    prefix = "things"
    told = 0

    def reply(self, call: Call) -> Reply:
        return Reply(content={"told": self.told})


@pytest.fixture
def things() -> Things:
    return Things()


class Runs:
    """Programs that run one after another by the same clock."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder, self.base, self.clock = folder, base, HandClock()
        self.calls = 0

    def run(self, *, refresh: bool = False) -> tuple[str, ...]:
        """Ask the question when it is due, in a program of its own; return its notes."""
        quota = Quota(self.folder / "quota.sqlite", "things", (Window(1, 1_000),), self.clock)
        with PoliteClient("Serwis", self.base, quota) as client:
            desk = Desk(client, AnswerStore(self.folder / "things.sqlite"), refresh=refresh)
            desk.answers(QUESTION)
            self.calls += client.calls
            return desk.notes()


@pytest.fixture
def runs(tmp_path: Path, things: Things, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running(things) as server:
        yield Runs(tmp_path, server.address_of("things"))


def test_answers_from_the_future_are_told_and_count_as_fresh(runs):
    assert runs.run() == ()
    runs.clock.time -= 30 * DAY_S
    (note,) = runs.run()
    assert "z przyszłości: 1" in note and "--refresh" in note
    assert runs.calls == 1


@pytest.mark.parametrize("changes", [False, True])
def test_a_refresh_asks_them_once_more_and_then_no_more(runs, things, changes):
    runs.run()
    runs.clock.time -= 30 * DAY_S
    things.told += changes
    assert runs.run(refresh=True) == ()
    assert runs.run(refresh=True) == ()
    assert runs.calls == 2


def test_an_hour_back_is_no_change_that_anybody_notices(runs):
    runs.run()
    runs.clock.time -= 3_600
    assert runs.run(refresh=True) == ()
    assert runs.calls == 1
