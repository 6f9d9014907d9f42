"""PRG killed in the middle ends like a synchronisation that nobody disturbed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.killing import (
    Start,
    current,
    run_killed_at,
    run_killed_while_writing,
    run_whole,
)
from tests.servers.misbehaving import MisbehavingServer, running
from tests.servers.prg_shape import PrgShape
from tests.sources.sample_tables import open_land


@pytest.fixture
def server(sample_home_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MisbehavingServer]:
    with running(PrgShape(open_land(sample_home_dir))) as one:
        monkeypatch.setenv("SMUP_PRG_URL", one.address_of("prg"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield one


@pytest.mark.slow
def test_killed_between_pages_and_while_writing_it_asks_nothing_twice(
    server: MisbehavingServer, home_of: Callable[[str], Path], start_smup: Start
):
    """Slow for its five processes, each of which loads what draws borders."""
    undisturbed, killed = home_of("undisturbed"), home_of("killed")
    run_whole(start_smup, undisturbed, "prg")
    calls = len(server.calls)
    server.heal()
    first = run_killed_at(start_smup, server, killed, 4, "answered", "prg")
    second = run_killed_at(start_smup, server, killed, 1, "arrived", "prg")
    assert "A03" in first and "A03" in second  # between pages of one layer
    assert run_killed_while_writing(start_smup, killed, 0, "prg")
    run_whole(start_smup, killed, "prg")
    assert current(killed) == current(undisturbed)
    twice = {call for call, times in server.served.items() if times > 1}
    assert twice <= {first, second}
    assert len(server.served) == calls
