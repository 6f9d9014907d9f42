"""``smup report batch`` as a person and as a script use it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from smup_lib.commands.batch import _conditions
from smup_lib.commands.batch_result import show_result
from smup_lib.commands.progress import _moving_bar, show_bar
from smup_lib.kernels.forking import can_supervise, fit_environment
from smup_lib.reports.batch.manifest import Row
from smup_lib.reports.batch.order import simple_order
from smup_lib.reports.batch.run import BatchResult
from tests.reports.batch.driver import YEAR, driven, own_notebook
from tests.sample_home import lend_sample
from tests.smup_here import smup_here

WORDS = ("--units", "9001,9002,9001", "--year", str(YEAR))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch_home")
    lend_sample(folder)
    (sample,) = (path for path in (folder / "snapshots").iterdir() if path.is_dir())
    (folder / "snapshots" / "current").write_text(sample.name, encoding="ascii")
    return folder


def batch(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return smup_here("report", "batch", *words, SMUP_HOME=str(home))


@pytest.mark.slow  # one process that imports and forks, shared with the tests of batches
@pytest.mark.skipif(not can_supervise(), reason="no supervised forks on this system")
def test_a_batch_from_its_estimate_to_its_archives():
    told = driven()[1]["commands"]
    foreseen, first, second = (told[name] for name in ("foreseen", "first", "second"))
    assert foreseen["code"] == 0, foreseen["err"]
    for words in (
        "Razem: 3 raporty",
        "przy 2 naraz",
        "raporty wykonane teraz na próbę",
        "wliczone",
    ):
        assert words in foreseen["out"]
    assert "9001" in foreseen["out"]  # a unit that was told twice
    assert told["untouched"]

    assert first["code"] == 1
    assert "Powstało: 1 raport " in first["out"]
    assert "zostało: 1" in first["out"]
    assert "Nie udało się: 1 raport" in first["err"]
    assert "ValueError: zły powiat" in first["err"]
    assert "Traceback" not in first["err"]

    assert second["code"] == 0, second["err"]
    facts = json.loads(second["out"])
    assert (facts["made"], facts["kept"], facts["left"], facts["failed"]) == (2, 0, 0, [])
    assert sorted(Path(path).name for path in facts["archives"]) == ["9001.zip", "9002.zip"]
    manifest = Path(told["out"]) / "manifest.csv"
    assert manifest.read_bytes().startswith(b"\xef\xbb\xbfraport;")

    again = json.loads(told["again"]["out"])
    assert (again["reports"], again["whole"], again["estimate"]) == (2, 2, None)

    assert told["elsewhere"]["code"] == 2
    assert "9004: tej jednostki nie ma w zleceniu" in told["elsewhere"]["err"]


def test_a_written_order_is_read_back(home, tmp_path):
    plan, notebook = tmp_path / "zlecenie.yaml", str(own_notebook(tmp_path / "maly.ipynb", "1"))
    way = ("--formats", "docx,csv", "--zip", "unit", "--snapshot", "sample", "--only", "9001")
    written = batch(home, "--area", notebook, *WORDS, *way, "--write-plan", str(plan))
    assert (written.returncode, written.stdout.strip()) == (0, str(plan))
    assert "nie obejmuje: --only" in written.stderr
    text = plan.read_text(encoding="utf-8")
    for line in ("- docx", "- csv", "zip: unit", "snapshot: sample"):
        assert line in text.splitlines()
    assert "9001" in text
    assert notebook in text
    plan.write_text(text.replace("units:", "jednostki:"), encoding="utf-8")
    refused = batch(home, "--plan", str(plan), "--out", str(tmp_path / "out"))
    assert refused.returncode == 2
    assert "jednostki" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--area", "kultura", "--units", "powiaty"), ("brak --year", "--plan")),
        (("--area", "kultura", *WORDS), ("--out",)),
        (("--area", "kultura", *WORDS, "--out", "x", "--zip", "gmina"), ("unit albo powiat",)),
        (("--area", "kultura", *WORDS, "--out", "x", "--formats", "dox"), ("dox", "docx")),
        (("--plan", "x.yaml", *WORDS, "--out", "x"), ("--units", "--year")),
        (("--area", "kultura", *WORDS, "--out", "x", "--param", "a"), ("nazwa=wartość",)),
        (("--area", "kultura", *WORDS[:3], "1900", "--out", "x"), ("year", "1990")),
    ],
)
def test_a_wrong_command_line_is_refused_before_anything(home, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    refused = smup_here("report", "batch", *words, SMUP_HOME=str(home))
    assert refused.returncode == 2
    for word in told:
        assert word in refused.stderr
    assert not list(tmp_path.iterdir())


def test_unknown_units_and_years_are_told_at_once(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("--area", "kultura", "--units", "9001,9777,Xyzowo", "--year", str(YEAR))
    refused = smup_here(
        *("report", "batch", *words, "--out", "x"), SMUP_HOME=str(home), **fit_environment({})
    )
    assert refused.returncode == 2
    for word in ("9777", "Xyzowo"):
        assert word in refused.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("told", "longest"), [(None, 120), (600, 480), (60, 48)])
def test_seconds_that_are_told_are_shared_by_the_cells(told, longest):
    order = simple_order(["kultura"], ["9001"], YEAR)
    how = _conditions(order, 1, None, told, 2000, stop=False)
    assert (how.limits.seconds, how.longest_cell) == (told or 600, longest)


def test_a_run_that_made_what_it_was_limited_to_has_succeeded(tmp_path, capsys):
    made = Row("k", "a", "9001", "powiat", YEAR, {}, "0", "f", "made")
    some = BatchResult(tmp_path, (made,), kept=0, left=4, seconds=1.0)
    assert not some.sound and some.as_many_as(1)
    assert not some.as_many_as(None) and not some.as_many_as(2)
    failed = BatchResult(tmp_path, (replace(made, status="failed"),), kept=0, left=4, seconds=1.0)
    assert not failed.as_many_as(1)
    show_result(some, as_json=False)
    show_result(BatchResult(tmp_path, (), kept=5, left=0, seconds=1.0), as_json=False)
    told = capsys.readouterr().out
    assert "zostało: 4 (zrobi je to samo polecenie)" in told
    assert "Wszystko gotowe: 5 raportów" in told


def test_a_file_gets_a_line_for_each_tenth_and_a_narrow_screen_the_time_left(capsys):
    with show_bar() as tell:
        for done in range(37):
            tell(done, 36, f"{done} z 36")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert (lines[0], lines[-1]) == ("0%: 0 z 36", "100%: 36 z 36")
    screen = Console(file=StringIO(), width=80, force_terminal=True, color_system=None)
    with _moving_bar(screen, threads=False) as tell:
        tell(3, 36, "3 z 36, 0,3 na sekundę, powiat o nazwie dłuższej niż to, co się mieści")
    shown = screen.file.getvalue()
    assert re.search(r"3 z 36, 0,3 na sekundę, .*…\s.*8% zostało [-\d:]+", shown), shown
