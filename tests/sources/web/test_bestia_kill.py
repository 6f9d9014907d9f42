"""BeSTi@ killed at random points ends like a synchronisation that nobody disturbed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path

import pytest

from tests.servers import faults
from tests.servers.killing import (
    Start,
    current,
    run_killed_at,
    run_killed_while_writing,
    run_whole,
)
from tests.servers.misbehaving import MisbehavingServer

KILLS_WHILE_ASKING, KILLS_WHILE_WRITING = 6, 2
SEED = 20_261_122
#: One year has every kind of question; another would only make each run longer.
WORDS = ("bestia", "--years", "2024")


@pytest.mark.slow
def test_killed_again_and_again_it_asks_nothing_twice_and_ends_the_same(
    smup_server: MisbehavingServer, home_of: Callable[[str], Path], start_smup: Start
):
    undisturbed, killed = home_of("undisturbed"), home_of("killed")
    run_whole(start_smup, undisturbed, *WORDS)
    calls = len(smup_server.calls)
    smup_server.heal()
    smup_server.faults.append(faults.at_random(SEED, share=0.1))
    draw = random.Random(SEED)
    in_flight: Counter[str] = Counter()
    points = sorted(draw.sample(range(1, calls), KILLS_WHILE_ASKING))
    for before, point in pairwise([0, *points]):
        moment = draw.choice(["arrived", "answered"])
        call = run_killed_at(start_smup, smup_server, killed, point - before, moment, *WORDS)
        in_flight[call] += 1
    assert "" not in in_flight  # every kill met a question
    kills = (
        run_killed_while_writing(start_smup, killed, draw.randint(0, 500), *WORDS)
        for _ in range(4 * KILLS_WHILE_WRITING)  # one that came too late is tried again
    )
    assert len(list(islice(filter(None, kills), KILLS_WHILE_WRITING))) == KILLS_WHILE_WRITING
    run_whole(start_smup, killed, *WORDS)
    assert current(killed) == current(undisturbed)
    assert all(
        served <= 1 + in_flight[call] for call, served in smup_server.served.items() if served > 1
    )
    assert len(smup_server.served) == calls


def test_two_commands_at_once_are_one_sync_and_one_message(
    smup_server: MisbehavingServer, home_of: Callable[[str], Path], start_smup: Start
):
    home = home_of("two")
    second: list[tuple[int, str]] = []

    def meet(call: object, moment: str) -> None:
        if not second:
            second.append((0, ""))
            other = start_smup(home, "data", "sync", "bestia", forked=True)
            _, err = other.communicate(timeout=120)
            second[0] = (other.returncode, err)

    smup_server.watch = meet
    run_whole(start_smup, home, "bestia", "--years", "2024", "--units", "900101")
    ((code, err),) = second
    assert code == 1
    assert "Inny program pobiera teraz dane z serwisu BeSTi@" in err
