"""A synchronisation that was killed again and again ends like one that nobody disturbed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path

import pytest

from smup_lib.snapshots import load_snapshot
from tests.servers import faults
from tests.servers.faults import Call
from tests.servers.killing import (
    Start,
    current,
    run_killed_at,
    run_killed_while_writing,
    run_whole,
)
from tests.servers.misbehaving import MisbehavingServer

#: Asking has three stages (lists, cards, values) and two moments of a question, and each is met.
KILLS_WHILE_ASKING, KILLS_WHILE_WRITING = 9, 3
SEED = 20_261_122
#: Few years: what is killed at every stage need not be large.
WORDS = ("smup", "--years", "2023-2024")


def stage_of(call: str) -> str:
    """Return what a question asks for."""
    if "indicator-date-data" in call:
        return "values"
    return "cards" if "flashcard" in call else "lists"


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
    assert {"values", "cards", "lists"} <= {stage_of(call) for call in in_flight}
    kills = (
        run_killed_while_writing(start_smup, killed, draw.randint(0, 1_000), *WORDS)
        for _ in range(4 * KILLS_WHILE_WRITING)  # one that came too late is tried again
    )
    assert len(list(islice(filter(None, kills), KILLS_WHILE_WRITING))) == KILLS_WHILE_WRITING
    run_whole(start_smup, killed, *WORDS)
    assert current(killed) == current(undisturbed)
    twice = {call: served for call, served in smup_server.served.items() if served > 1}
    assert all(served <= 1 + in_flight[call] for call, served in twice.items()), twice
    assert len(smup_server.served) == calls
    assert load_snapshot(killed / "snapshots" / current(killed)).fictional
    assert not list((killed / "snapshots").glob(".partial-*"))


def test_two_commands_at_once_are_one_sync_and_one_message(
    smup_server: MisbehavingServer, home_of: Callable[[str], Path], start_smup: Start
):
    home = home_of("two")
    first: list[str] = []
    second: list[tuple[int, str]] = []

    def meet(call: Call, moment: str) -> None:
        if not first and call.path == "teryt-dictionary":  # the first program is at work
            first.append(moment)
            other = start_smup(home, "data", "sync", "smup")
            _, err = other.communicate(timeout=120)
            second.append((other.returncode, err))

    smup_server.watch = meet
    run_whole(start_smup, home, "smup")
    ((code, err),) = second
    assert code == 1
    assert "Inny program pobiera teraz dane z serwisu SMUP" in err
    assert max(smup_server.served.values()) == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--plan"], 0, "Limit (bez klucza): 5 w 1 s"),
        (["--plan", "--json"], 0, '"key": false'),
        (["--indicator", "4068", "--years", "2024"], 0, "zmienne w komplecie: 1"),
        (["--indicator", "4068", "--limit", "3"], 75, "--limit"),
        (["--years", "dawno"], 1, "to nie lata"),
        (["--level", "wieś"], 1, "szczebla"),
    ],
)
def test_the_command_line(
    smup_server: MisbehavingServer,
    home_of: Callable[[str], Path],
    start_smup: Start,
    words: list[str],
    code: int,
    says: str,
):
    process = start_smup(home_of("line"), "data", "sync", "smup", *words, forked=True)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, out + err
    assert says in out + err


def test_a_used_up_limit_is_told_to_scripts(
    smup_server: MisbehavingServer, home_of: Callable[[str], Path], start_smup: Start
):
    smup_server.room = 40
    process = start_smup(home_of("limit"), "data", "sync", "smup", forked=True)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 75, out + err
    assert "limit zapytań jest wyczerpany" in out and "15 min" in out
