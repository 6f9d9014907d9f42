"""``import.yaml`` beside the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from smup_lib.errors import ParameterError
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.sidecar import FileNote, load_file_note, unmatched_notes


def write(folder: Path, text: str) -> None:
    (folder / "import.yaml").write_text(text, encoding="utf-8")


def test_an_exact_name_goes_before_a_pattern(tmp_path):
    write(tmp_path, 'files:\n  "*.csv": {subject: P1539}\n  a.csv: {variable: population}\n')
    assert load_file_note(InputFile(tmp_path / "a.csv")) == FileNote(variable="population")
    assert load_file_note(InputFile(tmp_path / "b.csv")) == FileNote(subject="P1539")
    assert load_file_note(InputFile(tmp_path / "b.json")) == FileNote()


def test_a_member_of_an_archive_is_known_by_its_own_name(tmp_path):
    write(tmp_path, "files: {a.csv: {year: 2021}}\n")
    assert load_file_note(InputFile(tmp_path / "x.zip", "folder/a.csv")).year == 2021


def test_no_sidecar_says_nothing(tmp_path):
    assert load_file_note(InputFile(tmp_path / "a.csv")) == FileNote()


def test_an_edited_sidecar_is_read_anew(tmp_path):
    write(tmp_path, "files: {a.csv: {year: 2021}}\n")
    assert load_file_note(InputFile(tmp_path / "a.csv")).year == 2021
    write(tmp_path, "files: {a.csv: {year: 1999}}\n")
    import os

    os.utime(tmp_path / "import.yaml", ns=(1, 1))
    assert load_file_note(InputFile(tmp_path / "a.csv")).year == 1999


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("files: {a.csv: {variabel: x}}", "variabel"),
        ("files: {a.csv: {subject: 1539}}", "subject"),
        ("files: {a.csv: {year: 21}}", "year"),
        ("a.csv: {}", "a.csv"),
        ("files: [", "YAML"),
    ],
)
def test_every_mistake_is_told(tmp_path, text, said):
    write(tmp_path, text)
    with pytest.raises(ParameterError) as caught:
        load_file_note(InputFile(tmp_path / "a.csv"))
    assert said in str(caught.value)


def test_an_entry_that_fits_no_file_is_said(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    write(tmp_path, "files: {a.csv: {year: 2021}, b.csv: {year: 2021}}\n")
    (note,) = unmatched_notes([InputFile(tmp_path / "a.csv")])
    assert "b.csv" in note
