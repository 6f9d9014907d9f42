"""DuckDB is opened once, and neither a fork nor a failure nor a large answer finds it open."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from smup_lib.kernels.native_threads import list_threads
from smup_lib.snapshots import engine
from smup_lib.snapshots.engine import Engine

FORKS = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no fork, no /proc")


def ask(one: Engine, number: int) -> int:
    return int(one.ask("SELECT 2 * ? AS twice", [number])["twice"][0])


@pytest.fixture
def opened(monkeypatch):
    """How often DuckDB was opened."""
    times: list[int] = []
    connect = engine._connect

    def counted():
        times.append(1)
        return connect()

    monkeypatch.setattr(engine, "_connect", counted)
    return times


def test_many_questions_open_it_once_and_see_no_other_question(opened):
    one = Engine()
    assert [ask(one, number) for number in range(5)] == [0, 2, 4, 6, 8]
    assert one.ask("SELECT $a - $b AS left_over", {"b": 1, "a": 3})["left_over"].tolist() == [2]
    assert len(opened) == 1
    assert one.is_open


def test_a_large_answer_closes_it(opened):
    one = Engine()
    rows = engine.MOST_ROWS
    assert len(one.ask("SELECT * FROM range(?)", [rows])) == rows
    assert one.is_open
    assert len(one.ask("SELECT * FROM range(?)", [rows + 1])) == rows + 1
    assert not one.is_open
    assert ask(one, 4) == 8
    assert len(opened) == 2


def test_a_failure_is_told_and_the_next_question_answered():
    one = Engine()
    with pytest.raises(Exception, match="nothing_there"):
        one.ask("SELECT * FROM nothing_there", [])
    assert not one.is_open
    assert ask(one, 2) == 4


def test_a_file_asked_about_is_not_kept_open(sample_home_dir):
    one = Engine()
    (file,) = sample_home_dir.glob("snapshots/*/observations.parquet")
    assert one.ask("SELECT count(*) AS n FROM read_parquet(?)", [str(file)])["n"][0] > 1000
    assert one.is_open
    links = [link for link in Path("/proc/self/fd").glob("*") if link.exists()]
    assert str(file.resolve()) not in {str(link.resolve()) for link in links}


@FORKS
def test_before_a_fork_its_threads_end_and_both_sides_go_on():
    one = Engine()
    before = len(list_threads())
    assert ask(one, 1) == 2
    assert len(list_threads()) > before
    child = os.fork()
    if child == 0:
        os._exit(0 if ask(one, 3) == 6 and ask(one, 4) == 8 else 1)
    assert len(list_threads()) <= before
    assert not one.is_open
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ask(one, 5) == 10


@FORKS
def test_who_asks_while_another_thread_does_gets_one_of_their_own(monkeypatch):
    """A fork in the midst of it neither waits nor hands the child what the other thread holds."""
    one, asking, go_on = Engine(), threading.Event(), threading.Event()
    answer, answers = engine._answer, []

    def slow(connection, query, parameters):
        if parameters == [100]:
            asking.set()
            assert go_on.wait(60)
        return answer(connection, query, parameters)

    monkeypatch.setattr(engine, "_answer", slow)
    other = threading.Thread(target=lambda: answers.append(ask(one, 100)))
    other.start()
    assert asking.wait(60)
    assert ask(one, 7) == 14
    child = os.fork()
    if child == 0:
        os._exit(0 if ask(one, 3) == 6 and one.is_open else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    go_on.set()
    other.join()
    assert answers == [200]
    assert ask(one, 8) == 16
