"""``smup report batch`` as a person and as a script use it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from smup_lib.kernels.forking import can_supervise, fit_environment
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
    for words in ("Razem: 3 raporty", "Szacunek: około", "1 raport wykonany teraz na próbę"):
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
    written = batch(home, "--area", notebook, *WORDS, "--write-plan", str(plan))
    assert (written.returncode, written.stdout.strip()) == (0, str(plan))
    text = plan.read_text(encoding="utf-8")
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
