"""BDL killed at random points ends like a synchronisation that nobody disturbed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.servers import faults
from tests.servers.killing import Start, current, run_killed_at, run_whole
from tests.servers.misbehaving import MisbehavingServer

KILLS = 4
SEED = 20_261_122
WORDS = ("bdl", "--variable", "population", "--variable", "64428", "--variable", "900001")


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
    points = sorted(draw.sample(range(1, calls), KILLS))
    for before, point in pairwise([0, *points]):
        moment = draw.choice(["arrived", "answered"])
        call = run_killed_at(start_smup, smup_server, killed, point - before, moment, *WORDS)
        in_flight[call] += 1
    assert "" not in in_flight  # every kill met a question
    run_whole(start_smup, killed, *WORDS)
    assert current(killed) == current(undisturbed)
    assert all(
        served <= 1 + in_flight[call] for call, served in smup_server.served.items() if served > 1
    )
    assert len(smup_server.served) == calls
