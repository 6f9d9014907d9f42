"""A report in the formats that were asked for: beside its page, vouched for by its receipt."""

from __future__ import annotations

import json

import pytest

from smup_lib.reports.exports.formats import FORMATS, add_formats
from smup_lib.reports.naming import EXPORTS
from smup_lib.reports.receipt import list_changed_files
from tests.report_home import run_in_fork
from tests.reports.exports.keyed_notebook import GIVEN, keyed_notebook
from tests.smup_here import smup_here

NAMES = ("docx", "xlsx", "pptx", "csv")


@pytest.fixture(scope="module")
def made(report_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("formats")
    words = ("report", "run", str(keyed_notebook(folder)), "--unit", "9002", "--year", "2022")
    done = smup_here(*words, "--out", str(folder), "--formats", ",".join(NAMES), "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_each_format_lies_beside_the_page_and_the_receipt_vouches_for_it(made):
    folder, told = made
    beside = [f"obiekty_9002_2022.{name}" for name in NAMES]
    assert told["others"] == [str(folder / name) for name in beside]
    receipt = folder / "obiekty_9002_2022.receipt.json"
    assert set(beside) < set(json.loads(receipt.read_text(encoding="utf-8"))["outputs"])
    assert list_changed_files(receipt) == []
    (folder / beside[-1]).write_bytes(b"inne")
    (problem,) = list_changed_files(receipt)
    assert problem.startswith(beside[-1])


def test_an_unknown_format_is_refused_before_anything_is_made(tmp_path, report_home):
    path = keyed_notebook(tmp_path)
    words = ("report", "run", str(path), "--unit", "9002", "--year", "2022")
    done = smup_here(*words, "--out", str(tmp_path / "out"), "--formats", "dokx,xlsx")
    assert done.returncode != 0
    assert "„dokx”" in done.stderr
    assert not (tmp_path / "out").exists()


def test_no_document_of_an_earlier_report_lies_beside_a_new_page(report_home, tmp_path):
    """A report on other grounds, asked for in fewer formats, under the name of an earlier one."""
    assert ("html", *EXPORTS) == FORMATS
    path = keyed_notebook(tmp_path)
    first = add_formats(run_in_fork(path, GIVEN, tmp_path / "out"), ["csv", "xlsx", "docx"])
    (tmp_path / "out" / "obiekty_9002_2022.docx").write_bytes(b"praca")
    path.write_text(path.read_text(encoding="utf-8").replace("41.2", "42.2"), encoding="utf-8")
    made = run_in_fork(path, GIVEN, tmp_path / "out")
    assert [file.name for file in made.removed] == [
        f"obiekty_9002_2022.{n}" for n in ("xlsx", "csv")
    ]
    assert not any(file.exists() for file in first.others)
    second = add_formats(made, ["csv"])
    told = " ".join(second.notes)
    assert "obiekty_9002_2022.xlsx. Na nowo" in told
    assert "obiekty_9002_2022.docx → obiekty_9002_2022_zachowany.docx" in told
    assert "obiekty_9002_2022.csv" not in told
    assert b"42,2" in second.others[0].read_bytes()
    vouched = json.loads(second.receipt.read_text(encoding="utf-8"))["outputs"]
    assert {name.rsplit(".")[-1] for name in vouched} == {"html", "ipynb", "csv"}
    assert list_changed_files(second.receipt) == []
