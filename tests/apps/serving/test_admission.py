"""A few pages at a time, in the order of arrival; whoever finds no room is told so politely."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Iterator

import psutil
import pytest

from smup_lib.apps.serving.admission import Admission
from smup_lib.apps.serving.limits import Visits, usual_visitors
from smup_lib.apps.serving.preparing import MOST_READING
from tests.apps.app_server import AppServer
from tests.apps.serving.streaming import VIEW, readers, state_of, wait_until

FULL = "Teraz nie ma wolnego miejsca"


@pytest.fixture(scope="module")
def narrow(report_home_dir, repo_root) -> Iterator[AppServer]:
    """A server for three, which prepares one page at a time."""
    with AppServer.running(
        report_home_dir, repo_root, "--visitors", "3", "--workers", "1"
    ) as server:
        wait_until(lambda: state_of(server)["warm"])
        server.get(VIEW)
        for kernel in server.kernels():
            kernel.kill()
        wait_until(lambda: state_of(server)["visitors"] == 0)
        yield server


def test_one_is_prepared_two_see_their_place_and_the_fourth_is_asked_to_come_later(narrow):
    with readers(narrow) as begin:
        first = begin()
        first.wait_for("jupyter-config-data")
        kernel = narrow.kernels()[-1]
        kernel.send_signal(signal.SIGSTOP)
        try:
            second = begin()
            second.wait_for("Następna będzie Państwa strona.")
            third = begin()
            third.wait_for("Przed Państwem w kolejce: 1.")
            assert "smup-skeleton" in third.text
            assert "jupyter-config-data" not in second.text + third.text
            assert state_of(narrow)["queue"] == 2 and state_of(narrow)["visitors"] == 3
            refused = narrow.get(VIEW)
        finally:
            kernel.send_signal(signal.SIGCONT)
        for page in (first, second, third):
            page.wait_until_whole()
            assert "smup-complete" in page.text and "data-smup-failed" not in page.text
        assert "Następna będzie Państwa strona." in third.text
    assert refused.status == 503
    assert refused.headers["Retry-After"] == "60"
    assert FULL in refused.text and 'lang="pl"' in refused.text
    assert "Spróbuj ponownie" in refused.text
    assert state_of(narrow)["queue"] == 0


def test_whoever_leaves_the_queue_makes_room(narrow):
    for kernel in narrow.kernels():
        kernel.kill()
    wait_until(lambda: state_of(narrow)["visitors"] == 0)
    import http.client

    with readers(narrow) as begin:
        first = begin()
        first.wait_for("jupyter-config-data")
        kernel = narrow.kernels()[-1]
        kernel.send_signal(signal.SIGSTOP)
        waiting = http.client.HTTPConnection(narrow.root.removeprefix("http://"))
        waiting.request("GET", VIEW)
        wait_until(lambda: state_of(narrow)["queue"] == 1)
        waiting.close()
        assert waiting.sock is None
        wait_until(lambda: state_of(narrow)["queue"] == 0)
        assert state_of(narrow)["visitors"] == 1
        kernel.send_signal(signal.SIGCONT)
        first.wait_until_whole()


def test_the_state_tells_nothing_of_anybody(narrow):
    assert set(state_of(narrow)) == {"visitors", "limit", "queue", "warm", "ready", "snapshot"}
    assert re.fullmatch(r"[0-9a-f]{16}", state_of(narrow)["snapshot"])


def test_a_place_in_the_middle_that_is_given_up_moves_the_others_on():
    async def told() -> list[list[int]]:
        door = Admission(1)
        turns = [door.arrive() for _ in range(4)]
        places: list[list[int]] = [[], [], [], []]

        async def follow(number: int) -> None:
            async for place in turns[number].places():
                places[number].append(place)

        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(follow(number))
            await asyncio.sleep(0)
            turns[1].leave()
            await asyncio.sleep(0)
            turns[0].leave()
            await asyncio.sleep(0)
            turns[2].leave()
            turns[2].leave()
        assert (door.waiting, turns[3].before) == (0, None)
        return places

    assert asyncio.run(told()) == [[], [0], [1, 0], [2, 1, 0]]


def test_nobody_enters_beyond_the_limit_however_many_kernels_live():
    kernels = [1, 2]
    visits = Visits(3, Admission(1), lambda: len(kernels))
    visit = visits.enter()
    assert visit is not None and visits.enter() is None
    visit.end()
    assert visits.visitors == 2 and visits.enter() is not None


@pytest.mark.parametrize(("memory", "cores", "expected"), [(2**40, 2, 30), (2**28, 64, 2)])
def test_the_usual_number_fits_the_computer(memory, cores, expected):
    assert usual_visitors(memory, cores) == expected


def test_while_the_data_are_read_for_all_only_a_few_pages_read_them_themselves(
    report_home_dir, repo_root
):
    server = AppServer.start(report_home_dir, repo_root, ready_seconds=1.0)
    try:
        wait_until(lambda: readers_for_all(server))
        reader = max(readers_for_all(server), key=lambda process: process.create_time())
        reader.send_signal(signal.SIGSTOP)
        with readers(server) as begin:
            for early in [begin() for _ in range(MOST_READING)]:
                early.wait_until_whole()
                assert "data-smup-failed" not in early.text
            late = begin()
            late.wait_for("smup-skeleton")
            assert "jupyter-config-data" not in late.text
            assert state_of(server)["visitors"] == MOST_READING + 1
            reader.send_signal(signal.SIGCONT)
            late.wait_until_whole()
        assert "smup-complete" in late.text and "data-smup-failed" not in late.text
        kernel = server.kernels()[-1]
        assert "warm_workspace" in " ".join(kernel.cmdline()), "it reads the data itself"
    finally:
        server.stop()


def readers_for_all(server: AppServer) -> list[psutil.Process]:
    """Return the process that reads the data before kernels are forked from it."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if str(server.run_folder) in words and "warm_workspace" in words:
            found.append(process)
    return found
