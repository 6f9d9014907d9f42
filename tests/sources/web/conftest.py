"""The sample land behind a loopback SMUP, BDL and BeSTi@, and homes to synchronise with it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from smup_lib.snapshots import as_observations, write_snapshot
from tests.servers.bdl_shape import BdlShape
from tests.servers.bestia_shape import BestiaShape
from tests.servers.forked import Forked
from tests.servers.killing import Start
from tests.servers.misbehaving import MisbehavingServer, running
from tests.servers.smup_shape import SmupShape
from tests.servers.unflushed import unflushed
from tests.sources.sample_tables import open_land

YEARS = range(2016, 2025)
VARIABLES = 10
#: A land powiat with its gminy, and a city with powiat rights.
BUDGET_POWIAT, BUDGET_CITY = "9001", "906101"
BUDGET_YEARS = range(2022, 2025)
BDL_YEARS = range(2018, 2025)


@pytest.fixture(autouse=True)
def _unflushed_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "connect", unflushed(sqlite3.connect))


@pytest.fixture(scope="session")
def no_authorities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without certificates: the servers of the tests speak HTTP.

    Reading those of all the world costs each client as much as its questions.
    """
    return tmp_path_factory.mktemp("no_authorities")


@pytest.fixture(scope="session")
def smup_process_server(sample_home_dir: Path) -> Iterator[MisbehavingServer]:
    land = open_land(sample_home_dir)
    codes = set(land.table("units")["unit_code"])
    budgets = {code for code in codes if code.startswith(BUDGET_POWIAT)} | {BUDGET_CITY}
    shapes = (
        SmupShape(land, YEARS, VARIABLES, largest_page=60),
        BestiaShape(land, BUDGET_YEARS, budgets),
        BdlShape(land, BDL_YEARS),
    )
    with running(*shapes) as server:
        yield server


@pytest.fixture(scope="session")
def register_home_dir(
    sample_home_dir: Path,
    smup_process_server: MisbehavingServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A home with the register of the sample land and the rates that the server publishes."""
    land = open_land(sample_home_dir)
    shape = smup_process_server.shapes["smup"]
    assert isinstance(shape, SmupShape)
    rows = land.observations(variables={one.variable for one in shape.listed}, years=YEARS)
    rows = rows[rows["source"].str.startswith("sample:published")]
    home = tmp_path_factory.mktemp("register_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(home))
        write_snapshot(
            {
                "observations": as_observations(rows),
                "units": land.table("units"),
                "changes": land.table("changes"),
            },
            fictional=True,
            sources=list(land.manifest.sources.values()),
        )
    return home


@pytest.fixture
def smup_server(
    smup_process_server: MisbehavingServer, no_authorities: Path, monkeypatch: pytest.MonkeyPatch
) -> MisbehavingServer:
    """The server without faults, as the SMUP of this test; no proxy, no key."""
    smup_process_server.heal()
    monkeypatch.setenv("SMUP_API_URL", smup_process_server.address_of("smup"))
    monkeypatch.setenv("SMUP_BESTIA_URL", smup_process_server.address_of("bestia"))
    monkeypatch.setenv("SMUP_BDL_URL", smup_process_server.address_of("bdl"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(no_authorities))
    monkeypatch.delenv("SMUP_API_KEY", raising=False)
    monkeypatch.delenv("SMUP_BDL_KEY", raising=False)
    return smup_process_server


@pytest.fixture
def home_of(register_home_dir: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Make homes of one's own that hold the register of the sample land."""

    def make(name: str) -> Path:
        home = tmp_path / name
        shutil.copytree(register_home_dir, home)
        return home

    return make


@pytest.fixture
def land_home(home_of: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the register of the sample land that this test may change; it is SMUP_HOME."""
    home = home_of("land_home")
    monkeypatch.setenv("SMUP_HOME", str(home))
    return home


@pytest.fixture
def start_smup(repo_root: Path, tmp_path: Path) -> Start:
    """Start ``smup`` as a process whose waits cost no time; many of them are best forked."""
    started = count()

    def start(home: Path, *words: str, forked: bool = False) -> subprocess.Popen[str] | Forked:
        environment = {**os.environ, "SMUP_HOME": str(home)}
        if forked:
            return Forked(words, environment, tmp_path / f"said-{next(started)}")
        return subprocess.Popen(
            [sys.executable, "-m", "tests.servers.program", *words],
            cwd=repo_root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
