"""A report that replaces another one says so, and how they differ."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from smup_lib.reports.naming import ReportFiles
from smup_lib.reports.receipt import make_receipt
from smup_lib.reports.replacing import explain_replaced
from smup_lib.snapshots import load_snapshot

TEXTS = {"html": "strona", "ipynb": "notatnik"}


@pytest.fixture
def receipt(report_home):
    digests = {f"a.{end}": hashlib.sha256(text.encode()).hexdigest() for end, text in TEXTS.items()}
    given = {"unit": "9002", "year": 2023, "group": "similar:15"}
    made = make_receipt(load_snapshot(), given, notebook="a.ipynb", notebook_sha256="1")
    return dataclasses.replace(made, outputs=digests)


@pytest.fixture
def files(tmp_path, receipt) -> ReportFiles:
    files = ReportFiles.called(tmp_path, "a")
    files.html.write_text(TEXTS["html"])
    files.notebook.write_text(TEXTS["ipynb"])
    files.receipt.write_text(receipt.to_json(), encoding="utf-8")
    return files


def test_the_first_report_and_the_same_one_again_lose_nothing(tmp_path, files, receipt):
    assert explain_replaced(ReportFiles.called(tmp_path, "b"), receipt) == ""
    later = dataclasses.replace(receipt, created="2027-01-01", outputs={})
    assert explain_replaced(files, later) == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"snapshot": "ffff"}, "→ ffff"),
        ({"notebook_sha256": "2"}, "treść notatnika"),
        ({"library_version": "9.9"}, "→ 9.9"),
        ({"parameters": {"unit": "9002", "group": "country"}}, "group similar:15 → country"),
    ],
)
def test_what_differs_is_told(files, receipt, change, told):
    said = explain_replaced(files, dataclasses.replace(receipt, **change))
    assert "Zastąpiono raport o tej samej nazwie" in said
    assert told in said
    assert "--out" in said


def test_a_page_with_changes_of_ones_own_is_named(files, receipt):
    files.html.write_text("strona z dopiskiem")
    said = explain_replaced(files, receipt)
    assert "zmienione po utworzeniu raportu: a.html" in said


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"id": "1", "parameters": []}'])
def test_files_without_a_sound_receipt_are_named(files, receipt, content):
    files.receipt.unlink() if content is None else files.receipt.write_text(content)
    said = explain_replaced(files, receipt)
    assert "nie miały metryki raportu: a.html, a.ipynb" in said
