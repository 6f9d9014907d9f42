"""A disk that is full during a synchronisation: told, nothing lost, and the rest goes on.

The answers rest on a memory disk of 1 MB in a mount namespace of our own; when there is room
again, the same command finishes and asks nothing twice.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.misbehaving import MisbehavingServer

SCRIPT = """
set -u
mkdir -p "$HOME_DIR/answers"
mount -t tmpfs -o size=$SMALL none "$HOME_DIR/answers" || exit 90
"$PYTHON" -m tests.servers.program data sync smup >"$OUT/first.out" 2>"$OUT/first.err"
echo $? >"$OUT/first.rc"
mount -o remount,size=64m "$HOME_DIR/answers" || exit 90
"$PYTHON" -m tests.servers.program data sync smup >"$OUT/second.out" 2>"$OUT/second.err"
echo $? >"$OUT/second.rc"
"""


@pytest.fixture
def unshare() -> str:
    """The program that makes a namespace, or a skip where none may be made."""
    found = shutil.which("unshare")
    tried = found and subprocess.run([found, "-rm", "true"], capture_output=True, check=False)
    if not tried or tried.returncode != 0:
        pytest.skip("no mount namespace may be made here (unshare -rm)")
    return str(found)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["1m", "40k"])
def test_a_full_disk_is_told_and_the_rest_goes_on(
    smup_server: MisbehavingServer,
    home_of: Callable[[str], Path],
    unshare: str,
    repo_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: str,
):
    home, out = home_of("full"), tmp_path / "out"
    out.mkdir()
    for name, value in {
        "HOME_DIR": str(home),
        "SMUP_HOME": str(home),
        "PYTHON": sys.executable,
        "OUT": str(out),
        "SMALL": size,
    }.items():
        monkeypatch.setenv(name, value)
    before = (home / "snapshots" / "current").read_text(encoding="ascii")
    if size == "1m":  # cards as large as the real ones may be
        pad_cards(smup_server)
    done = subprocess.run([unshare, "-rm", "sh", "-c", SCRIPT], cwd=repo_root, check=False)
    assert done.returncode == 0
    told = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    assert told["first.rc"].strip() == "1", told
    assert "nie ma miejsca" in told["first.err"] and "co zrobić" in told["first.err"]
    assert "Traceback" not in told["first.err"]
    assert told["second.rc"].strip() == "0", told
    assert (home / "snapshots" / "current").read_text(encoding="ascii") != before
    twice = {call: times for call, times in smup_server.served.items() if times > 1}
    assert sum(twice.values()) <= 2, twice  # only the answer that found no room


def pad_cards(server: MisbehavingServer) -> None:
    """Make cards hard to compress, so that a megabyte is soon full."""
    import random
    from dataclasses import replace

    from tests.servers.faults import Call, Fault, Reply

    def padded(reply: Reply, call: Call) -> Reply:
        noise = random.Random(call.told("id")).randbytes(60_000).hex()
        return replace(reply, content={**reply.content, "noise": noise})

    class Padding(Fault):
        def apply(self, reply: Reply, call: Call) -> Reply:
            wanted = call.path.endswith("flashcard") and reply.status == 200
            return padded(reply, call) if wanted else reply

    server.faults.append(Padding(padded))
