"""What a command writes: whole files, on a full disk too, and words for any terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.commands.data_tables import write_csv
from smup_lib.paths import write_whole

TABLE = pd.DataFrame({"year": [2020], "unit": ["gmina Łąka"], "value": [1.5]})
#: Begins a file of two lines, then tries to write one that does not fit on a disk of a megabyte.
WRITE_MUCH = """
import sys
from pathlib import Path
import pandas as pd
from smup_lib.commands.audit import write_page
from smup_lib.commands.data_tables import write_csv
from smup_lib.errors import SettingsError, SmupError
folder = Path(sys.argv[1])
write_csv(folder / "a.csv", pd.DataFrame({"year": [2020], "text": ["cały"]}))
write_page(folder / "a.html", "Strona", "<p>cała</p>", fictional=True)
before = {one.name: one.read_bytes() for one in folder.iterdir()}
told = []
much = "x" * 3_000_000
for write in (
    lambda: write_csv(folder / "a.csv", pd.DataFrame({"year": [2020], "text": [much]})),
    lambda: write_page(folder / "a.html", "Strona", f"<p>{much}</p>", fictional=True),
):
    try:
        write()
    except SmupError as error:
        told.append(str(error))
after = {one.name: one.read_bytes() for one in folder.iterdir()}
print(len(told), before == after, sorted(after), *told)
"""


@pytest.fixture
def unshare() -> str:
    """The program that makes a namespace, or a skip where none may be made."""
    found = shutil.which("unshare")
    tried = found and subprocess.run([found, "-rm", "true"], capture_output=True, check=False)
    if not tried or tried.returncode != 0:
        pytest.skip("no mount namespace may be made here (unshare -rm)")
    return str(found)


def test_a_full_disk_leaves_the_table_and_the_page_of_before(unshare, tmp_path, repo_root):
    script = f'mount -t tmpfs -o size=1m tmpfs "{tmp_path}" && exec "$@"'
    done = subprocess.run(
        [unshare, "-rm", "sh", "-c", script, "sh", sys.executable, "-c", WRITE_MUCH, tmp_path],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=repo_root,
        env=os.environ | {"PYTHONPATH": str(repo_root), "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 True ['a.csv', 'a.html']"), done.stdout
    assert done.stdout.count("Nie udało się zapisać") == 2


def test_a_table_is_what_a_spreadsheet_in_poland_expects(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, TABLE)
    assert path.read_bytes() == "\ufeffyear;unit;value\n2020;gmina Łąka;1,5\n".encode()


def test_what_is_no_file_stays_what_it_is(tmp_path):
    """A pipe is written to; a link leads to the file that is written."""
    target, link, pipe = (tmp_path / name for name in ("t.csv", "link.csv", "pipe"))
    target.write_text("dawne", encoding="utf-8")
    link.symlink_to(target)
    write_whole(link, "nowe")
    assert link.is_symlink() and target.read_text(encoding="utf-8") == "nowe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, "tekst")
        assert os.read(reader, 100) == b"tekst"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@pytest.fixture
def elsewhere(repo_root: Path, tmp_path: Path):
    """Run a command whose streams take another alphabet."""

    def elsewhere(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        own = {"PYTHONPATH": str(repo_root), "SMUP_HOME": str(tmp_path)} | environment
        command = [sys.executable, "-m", "smup_lib.cli", *words]
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONIOENCODING"}
        return subprocess.run(command, capture_output=True, env=kept | own, check=False)

    return elsewhere


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LATIN = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}


@pytest.mark.parametrize(
    ("environment", "words"),
    [(ASCII, "wskaźniki, porównania, raporty"), (LATIN, "wskazniki, porównania, raporty")],
)
def test_help_is_shown_on_any_terminal(elsewhere, environment, words):
    done = elsewhere(**environment)
    assert done.returncode in (0, 2)
    alphabet = "utf-8" if environment is ASCII else "latin-1"
    assert words in (done.stdout + done.stderr).decode(alphabet)


def test_a_mistake_is_told_in_letters_that_the_terminal_has(elsewhere):
    done = elsewhere("catalogue", "show", "zażółć", **LATIN)
    assert done.returncode == 1
    told = done.stderr.decode("latin-1")
    assert "Traceback" not in told
    assert "co zrobic: " in told and '"zazólc"' in told


def test_json_loses_no_letter_on_such_a_terminal(elsewhere):
    rows = json.loads(elsewhere("claim", "kinds", "--json", **LATIN).stdout.decode("latin-1"))
    assert "wyższa" in {row["words"] for row in rows}
