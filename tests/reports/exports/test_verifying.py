"""A file that says something else than its data is found out, and told where and what."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import nbformat
import pytest

from smup_lib.errors import ReportError, SnapshotError
from smup_lib.paths import receipts_dir
from smup_lib.reports.exports.formats import write_format
from smup_lib.reports.exports.statements import Statement, read_statements
from smup_lib.reports.verifying import compare, list_differences, verify_report
from tests.report_home import run_in_fork
from tests.reports.exports.keyed_notebook import GIVEN, keyed_notebook
from tests.smup_here import smup_here


@pytest.fixture(scope="module")
def made(report_home, tmp_path_factory):
    """Return the notebook and the files of its report; tests change copies of them."""
    folder = tmp_path_factory.mktemp("verify")
    notebook = keyed_notebook(folder)
    html = run_in_fork(notebook, GIVEN, folder).html
    files = {name: write_format(html, name) for name in ("docx", "xlsx")}
    return notebook, {"html": html, **files}


@pytest.fixture(scope="module")
def again(made, tmp_path_factory):
    """Return what a file of the report says otherwise than the report made again."""
    notebook, _ = made
    html = run_in_fork(notebook, GIVEN, tmp_path_factory.mktemp("again")).html

    def differences(path: Path):
        return list(compare(read_statements(path), read_statements(right[path.suffix])))

    right = {f".{name}": write_format(html, name) for name in ("html", "docx", "xlsx")}
    return differences


def page_with(made, tmp_path, *changes: tuple[str, str]) -> Path:
    """Return a copy of the page in which texts, each there, are replaced."""
    text = made[1]["html"].read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "zmieniony.html"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["html", "docx", "xlsx"])
def test_an_untouched_file_is_sound(made, again, name):
    assert again(made[1][name]) == []


def test_verifying_makes_the_report_again_and_leaves_nothing(made, report_home):
    notebook, files = made
    before = sorted(path.name for path in receipts_dir().iterdir())
    found = verify_report(files["html"], notebook)
    assert sorted(path.name for path in receipts_dir().iterdir()) == before
    assert found.sound
    assert (found.numbers, found.notes) == (5, ())
    assert found.statements >= 15


def test_a_changed_digit_that_is_read_is_named(made, again, tmp_path):
    (one,) = again(page_with(made, tmp_path, (">41,2<", ">47,2<")))
    assert one.place == "Drogi"
    assert (one.stated, one.recomputed) == ("Stan: 47,2 na sto.", "Stan: 41,2 na sto.")


def test_a_changed_value_that_only_a_machine_reads_is_named(made, again, tmp_path):
    (one,) = again(page_with(made, tmp_path, ('value="12.5"', 'value="13.5"')))
    assert one.place == "Obiekty › Obiekty według rodzaju › mosty › liczba"
    assert "=13.5" in one.stated
    assert "=12.5" in one.recomputed


def test_a_changed_text_of_a_drawing_is_named(made, again, tmp_path):
    (one,) = again(page_with(made, tmp_path, (">5,5<", ">9,5<")))
    assert one.place == "Wykres"
    assert "9,5" in one.stated
    assert "5,5" in one.recomputed


def test_a_removed_row_is_named_and_the_rest_stays_sound(made, again, tmp_path):
    text = made[1]["html"].read_text(encoding="utf-8")
    row = re.search(r"<tr><th[^>]*>wiadukty.*?</tr>", text, re.S)
    assert row is not None
    found = again(page_with(made, tmp_path, (row[0], "")))
    assert [(one.stated, one.recomputed) for one in found] == [("", "wiadukty"), ("", "3,0")]


def test_what_is_neither_word_nor_number_is_compared_too(made, again, tmp_path):
    path = page_with(made, tmp_path, ("</head>", "<style>p{opacity:0}</style></head>"))
    (one,) = again(path)
    assert "opacity" in one.stated
    assert "opacity" not in one.recomputed


def test_a_receipt_that_is_shown_otherwise_is_named(made, again, tmp_path):
    number = json.loads(made[1]["html"].with_suffix(".receipt.json").read_text())["id"]
    (one,) = again(page_with(made, tmp_path, (f">{number}<", ">000000000000<")))
    assert (one.place, one.stated) == ("Metryka raportu › Numer", "000000000000")
    changed = page_with(made, tmp_path, (f'"id": "{number}"', '"id": "000000000000"'))
    assert [one.recomputed for one in again(changed)] == [number]


def archive_with(source: Path, folder: Path, part: str, old: bytes, new: bytes) -> Path:
    """Return a copy of a document or workbook in whose parts a text, there once, is replaced."""
    path = folder / f"zmieniony{source.suffix}"
    seen = 0
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(path, "w") as copy:
        for name in whole.namelist():
            data = whole.read(name)
            if name.startswith(part):
                seen += data.count(old)
                data = data.replace(old, new)
            copy.writestr(name, data)
    assert seen == 1
    return path


def test_a_changed_cell_of_a_document_is_named(made, again, tmp_path):
    path = archive_with(made[1]["docx"], tmp_path, "word/document", b">12,5<", b">19,5<")
    (one,) = again(path)
    assert (one.place, one.stated, one.recomputed) == ("Obiekty › mosty › liczba", "19,5", "12,5")


def test_a_changed_drawing_of_a_document_is_named(made, again, tmp_path):
    path = archive_with(made[1]["docx"], tmp_path, "word/media", b"IEND", b"IEND ")
    (one,) = again(path)
    assert one.place == "Wykres"
    assert "punkty rysunku" in one.stated != one.recomputed


def test_a_changed_cell_of_a_workbook_is_named(made, again, tmp_path):
    part = "xl/worksheets/sheet3"
    path = archive_with(made[1]["xlsx"], tmp_path, part, b"<v>12.5</v>", b"<v>19.5</v>")
    (one,) = again(path)
    assert one.place == "arkusz 1 Obiekty według rodzaju, komórka B4"
    assert (one.stated, one.recomputed) == ("19.5", "12.5")


def test_a_file_without_a_receipt_is_refused(made, tmp_path):
    path = tmp_path / "bez.html"
    text = made[1]["html"].read_text(encoding="utf-8")
    path.write_text(re.sub(r"<script[^>]*smup-receipt.*?</script>", "", text, flags=re.S))
    with pytest.raises(ReportError, match="nie ma metryki"):
        read_statements(path)
    (tmp_path / "a.docx").write_bytes(io.BytesIO(b"PK").getvalue())
    with pytest.raises(ReportError, match="nie jest plik raportu"):
        read_statements(tmp_path / "a.docx")


def test_a_notebook_changed_since_is_noted(made, again, tmp_path):
    notebook, files = made
    other = nbformat.read(notebook, as_version=4)
    other.cells[0].source = "# Inny tytuł"
    path = tmp_path / "obiekty.ipynb"
    nbformat.write(other, path)
    assert verify_report(files["html"], path).notes == (
        "notatnik zmienił się od utworzenia raportu",
    )


def test_a_file_never_decides_which_program_runs(made):
    with pytest.raises(ReportError) as caught:
        verify_report(made[1]["html"])
    assert f"--notebook {made[0]}" in caught.value.next_step


def test_a_snapshot_that_is_not_here_is_told(made, tmp_path):
    snapshot = json.loads(made[1]["html"].with_suffix(".receipt.json").read_text())["snapshot"]
    path = page_with(
        made, tmp_path, (f'"snapshot": "{snapshot}"', '"snapshot": "0123456789abcdef"')
    )
    with pytest.raises(SnapshotError):
        verify_report(path, made[0])


def test_moved_statements_are_told_as_moved_when_many_differ():
    old = [Statement("Drogi", str(number)) for number in range(60)]
    new = [Statement("Drogi", "nowe"), *old[:-1]]
    found = list(list_differences(new, old))
    assert [(one.stated, one.recomputed) for one in found] == [("nowe", ""), ("", "59")]


def test_the_command_tells_every_file_and_ends_with_one_when_any_is_wrong(made, tmp_path):
    notebook, files = made
    wrong = page_with(made, tmp_path, (">41,2<", ">47,2<"))
    words = ("report", "verify", str(files["html"]), str(wrong), "brak.html")
    done = smup_here(*words, "--notebook", str(notebook))
    assert done.returncode == 1
    assert f"{files['html']}: zgodny z danymi" in done.stdout
    assert "Stan: 47,2 na sto." in done.stdout
    assert "brak.html: nie udało się sprawdzić" in done.stderr
    told = json.loads(
        smup_here(*words[:2], str(wrong), "--notebook", str(notebook), "--json").stdout
    )
    assert not told["ok"]
    (problem,) = told["problems"]
    assert (problem["where"], problem["expected"]) == ("Drogi", "Stan: 41,2 na sto.")
