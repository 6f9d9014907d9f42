"""Files are written whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from smup_lib.errors import ReportError
from smup_lib.reports.notebook_files import read_notebook, write_text, write_together

REPO_ROOT = Path(__file__).resolve().parents[2]


def test_a_text_replaces_the_old_one(tmp_path):
    path = tmp_path / "a.html"
    path.write_text("stary")
    write_text(path, "nowy, z ąęł")
    assert path.read_text(encoding="utf-8") == "nowy, z ąęł"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path):
    """The operating system refuses the write half way, as a full disk does."""
    path = tmp_path / "a.html"
    path.write_text("stary")
    code = f"""
import resource
from pathlib import Path
from smup_lib.reports.notebook_files import write_text, write_together
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
write_text(Path({str(path)!r}), "x" * 50_000)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO_ROOT, capture_output=True, text=True, check=False
    )
    assert "ReportError: Nie udało się zapisać pliku" in run.stderr
    assert path.read_text() == "stary"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(ReportError, match="Nie udało się zapisać pliku"):
        write_text(tmp_path / "nie" / "ma" / "a.html", "x")


def test_files_that_belong_together_are_put_back_when_the_second_cannot_be_replaced(tmp_path):
    page, fresh, notebook = (tmp_path / name for name in ("a.html", "c.html", "a.ipynb"))
    page.write_text("stary")
    (notebook / "w środku").mkdir(parents=True)
    with pytest.raises(ReportError, match="to jest folder, a nie plik") as caught:
        write_together({page: "nowy", fresh: "nowy", notebook: "nowy"})
    assert "poprzedni stan pozostał bez zmian" in str(caught.value)
    assert str(notebook) in str(caught.value)
    assert page.read_text() == "stary"
    assert sorted(tmp_path.iterdir()) == sorted([notebook, page])


STUCK = """
import errno, sys
from pathlib import Path
from smup_lib.reports.notebook_files import write_together
left = [1]
def refuse(event, arguments):
    if event == "os.rename":
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.EIO, "refused")
sys.addaudithook(refuse)
folder = Path(sys.argv[1])
write_together({folder / "a.html": "nowy", folder / "a.ipynb": "nowy"})
"""


def test_a_file_that_cannot_be_put_back_is_named_with_its_copy(tmp_path):
    for name in ("a.html", "a.ipynb"):
        (tmp_path / name).write_text("stary")
    run = subprocess.run(
        [sys.executable, "-c", STUCK, str(tmp_path)],
        cwd=REPO_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (copy,) = [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert copy.read_text() == "stary"
    assert f"{tmp_path / 'a.html'}: jest już nowy; poprzedni leży w {copy}" in run.stderr
    assert "bez zmian" not in run.stderr
    assert (tmp_path / "a.ipynb").read_text() == "stary"


INTERRUPTED = """
import sys
from pathlib import Path
from smup_lib.reports.notebook_files import write_together
left = [int(sys.argv[2])]
def interrupt(event, arguments):
    if event == "os.rename" and not str(arguments[0]).endswith(".old"):
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
sys.addaudithook(interrupt)
folder = Path(sys.argv[1])
write_together({folder / f"mine.{end}": "nowy" for end in ("html", "ipynb", "receipt.json")})
"""


@pytest.mark.parametrize("at", [1, 2, 3])
def test_ctrl_c_between_two_files_puts_the_old_ones_back(tmp_path, at):
    (tmp_path / "mine.html").write_text("stary")
    (tmp_path / "mine.receipt.json").write_text("stary")
    words = [sys.executable, "-c", INTERRUPTED, str(tmp_path), str(at)]
    done = subprocess.run(words, cwd=REPO_ROOT, capture_output=True, text=True, check=False)
    assert "KeyboardInterrupt" in done.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "mine.html": "stary",
        "mine.receipt.json": "stary",
    }


def test_a_library_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbformat", None)
    with pytest.raises(ReportError, match="brakuje biblioteki nbformat") as raised:
        read_notebook(tmp_path / "a.ipynb")
    assert "smup-workbench[report]" in raised.value.next_step
