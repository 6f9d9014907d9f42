"""A disk that is full during a synchronisation: told, nothing lost, and the rest goes on.

The answers rest on a small memory disk in a mount namespace of our own; when there is room
again, the same command finishes and asks nothing twice.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers.faults import Call, Fault, Reply
from tests.servers.misbehaving import MisbehavingServer, running
from tests.servers.teryt_shape import TerytShape
from tests.sources.sample_tables import open_land


@pytest.fixture
def unshare() -> str:
    """The program that makes a namespace, or a skip where none may be made."""
    found = shutil.which("unshare")
    tried = found and subprocess.run([found, "-rm", "true"], capture_output=True, check=False)
    if not tried or tried.returncode != 0:
        pytest.skip("no mount namespace may be made here (unshare -rm)")
    return str(found)


@pytest.fixture(scope="module")
def teryt_server(sample_home_dir: Path) -> Iterator[MisbehavingServer]:
    """A register whose archive is larger than the small disk."""
    shape = TerytShape(open_land(sample_home_dir))
    packed = io.BytesIO(shape.archive)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.comment = random.Random(1).randbytes(60_000)
    shape.archive = packed.getvalue()
    with running(shape) as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("1m", "smup"),
        ("40k", "bdl --variable registered_unemployed"),
        ("40k", "bestia --units 900101 --years 2024 --area local_taxes"),
        ("40k", "teryt"),
    ],
)
def test_a_full_disk_is_told_and_the_rest_goes_on(
    smup_server: MisbehavingServer,
    teryt_server: MisbehavingServer,
    home_of: Callable[[str], Path],
    unshare: str,
    repo_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: str,
    words: str,
):
    home, out = home_of("full"), tmp_path / "out"
    out.mkdir()
    teryt_server.heal()
    monkeypatch.setenv("SMUP_HOME", str(home))
    monkeypatch.setenv("SMUP_TERYT_URL", teryt_server.address_of("teryt"))
    before = (home / "snapshots" / "current").read_text(encoding="ascii")
    if words == "smup":  # cards as large as the real ones may be
        pad_cards(smup_server)
    done = subprocess.run(
        [
            *(unshare, "-rm", sys.executable, "-m", "tests.servers.small_disk"),
            *(size, str(out), *words.split()),
        ],
        cwd=repo_root,
        stdout=subprocess.PIPE,
        check=True,
    )
    codes = json.loads(done.stdout)
    told = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    assert codes["first"] == 1, told["first.out"]
    assert "nie ma miejsca" in told["first.err"] and "co zrobić" in told["first.err"]
    assert "Traceback" not in told["first.err"]
    assert codes["second"] == 0, told["second.err"]
    assert (home / "snapshots" / "current").read_text(encoding="ascii") != before
    server = teryt_server if words == "teryt" else smup_server
    again = {call: times - 1 for call, times in server.served.items() if times > 1}
    # only the answer that found no room; that of eTERYT takes two calls
    assert sum(again.values()) <= (2 if words == "teryt" else 1), again


def pad_cards(server: MisbehavingServer) -> None:
    """Make cards hard to compress, so that a megabyte is soon full."""

    def padded(reply: Reply, call: Call) -> Reply:
        noise = random.Random(call.told("id")).randbytes(60_000).hex()
        return replace(reply, content={**reply.content, "noise": noise})

    class Padding(Fault):
        def apply(self, reply: Reply, call: Call) -> Reply:
            wanted = call.path.endswith("flashcard") and reply.status == 200
            return padded(reply, call) if wanted else reply

    server.faults.append(Padding(padded))
