"""A report that replaces another one says so, and how they differ."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from smup_lib.reports.naming import ReportFiles
from smup_lib.reports.receipt import file_digest, make_receipt
from smup_lib.reports.replacing import (
    clear_exports,
    explain_replaced,
    find_exports,
    kept_note,
    removed_note,
    set_aside,
)
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


def test_documents_of_an_earlier_report_go_and_a_changed_one_is_kept_aside(files, receipt):
    """Nothing told in other formats lies beside a page that tells other numbers."""
    docx, xlsx, pptx, csv, _ = files.exports
    for path in (docx, xlsx, csv):
        path.write_bytes(path.name.encode())
    outputs = {path.name: file_digest(path) for path in (docx, xlsx)}
    vouched = dataclasses.replace(receipt, outputs={**receipt.outputs, **outputs})
    files.receipt.write_text(vouched.to_json(), encoding="utf-8")
    xlsx.write_bytes(b"praca")
    assert not pptx.exists()
    cleared = clear_exports(find_exports(files))
    assert cleared.removed == (docx,)
    assert [path for path in files.exports if path.exists()] == []
    assert {new.name: new.read_bytes() for new in cleared.kept.values()} == {
        "a_zachowany.xlsx": b"praca",
        "a_zachowany.csv": b"a.csv",
    }
    assert "a.docx" in removed_note(cleared.removed)
    assert "a.xlsx → a_zachowany.xlsx" in kept_note(cleared.kept)
    xlsx.write_bytes(b"praca druga")
    assert set_aside(xlsx).name == "a_zachowany1.xlsx"


def test_files_without_a_page_are_of_no_report(files):
    files.html.unlink()
    files.exports[0].write_bytes(b"cudzy")
    assert find_exports(files) == {}
