"""An older export never silently replaces a newer one."""

from __future__ import annotations

from pathlib import Path

import pytest

import smup_lib as smup
from smup_lib.snapshots import load_snapshot
from smup_lib.sources import import_paths
from tests.sources import twins
from tests.sources.test_importing import real, values

pytestmark = pytest.mark.usefixtures("smup_home")

VARIABLE = "registered_unemployed"


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The export of 1 January 2025, imported; unit 300101 has 110 in 2024."""
    folder = tmp_path / "dane"
    path = real(folder, twins.CTAB)
    import_paths([*(real(folder, register) for register in twins.REGISTERS), path])
    return path


def export(folder: Path, newer: Path, stamp: str, value: int) -> Path:
    """Return an export with another value, downloaded on the day of the stamp."""
    folder.mkdir(exist_ok=True)
    path = folder / f"RYNE_1944_CTAB_{stamp}120000.csv"
    text = newer.read_text(encoding="utf-8").replace(";112;110;", f";112;{value};")
    path.write_text(text, encoding="utf-8")
    return path


def test_an_older_export_changes_no_value_of_a_newer_one(newer, tmp_path):
    before = load_snapshot()
    older = export(tmp_path / "a", newer, "20240301", 99)
    report = import_paths([older])
    assert (report.refused, report.revised) == (1, 0)
    assert values(VARIABLE, "300101")[2024] == 110
    assert load_snapshot().id == before.id
    (note,) = report.notes
    assert f"{older.name} (plik z 2024-03-01) jest starszy niż {newer.name}" in note
    assert "1 wartość" in note
    assert "--override-newer" in note
    assert "stan danych pozostał bez zmian" in report.render()


@pytest.mark.parametrize("same_file", [True, False])
def test_a_repeat_in_the_middle_counts(newer, tmp_path, same_file):
    """A (January) says 110, B (June) says it again, C (March) says 99: B is newer, so 110 stays."""
    repeat = export(tmp_path / "a", newer, "20250601", 110)
    if not same_file:  # other rows too, so that it is another source
        text = repeat.read_text(encoding="utf-8").replace("2021;[osoba]", "2020;[osoba]")
        repeat.write_text(text, encoding="utf-8")
    before = load_snapshot()
    assert (import_paths([repeat]).revised, load_snapshot().id == before.id) == (0, same_file)
    report = import_paths([export(tmp_path / "b", newer, "20250301", 99)])
    assert (report.refused, report.revised) == (1, 0)
    assert values(VARIABLE, "300101")[2024] == 110
    assert f"jest starszy niż {repeat.name} (plik z 2025-06-01)" in report.notes[0]


def test_of_two_files_of_one_import_that_agree_the_newer_counts(newer, tmp_path):
    """The confirmation may come in the same import, too, whatever the order of the files."""
    one = export(tmp_path / "a", newer, "20250601", 120)
    text = one.read_text(encoding="utf-8").replace("2021;[osoba]", "2020;[osoba]")
    other = tmp_path / "a" / one.name.replace("20250601", "20260301")
    other.write_text(text, encoding="utf-8")
    assert import_paths([one, other]).revised == 1
    report = import_paths([export(tmp_path / "b", newer, "20251001", 99)])
    assert (report.refused, report.revised) == (1, 0)
    assert values(VARIABLE, "300101")[2024] == 120


def test_an_older_file_that_says_the_same_takes_no_day_away(newer, tmp_path):
    other = real(tmp_path / "c", twins.CREL)  # so that a new manifest is written
    import_paths([export(tmp_path / "a", newer, "20240301", 110), other])
    report = import_paths([export(tmp_path / "b", newer, "20240601", 99)])
    assert (report.refused, report.revised) == (1, 0)


def test_what_only_the_older_export_has_is_added(newer, tmp_path):
    older = export(tmp_path / "a", newer, "20240301", 99)
    text = older.read_text(encoding="utf-8").replace("2021;[osoba]", "2020;[osoba]")
    older.write_text(text, encoding="utf-8")
    report = import_paths([older])
    assert report.refused == 1
    assert values(VARIABLE, "300101")[2020] == 120
    assert values(VARIABLE, "300101")[2024] == 110


def test_the_user_may_insist(newer, tmp_path):
    older = export(tmp_path / "a", newer, "20240301", 99)
    report = import_paths([older], override_newer=True)
    assert (report.refused, report.revised, report.undated) == (0, 1, 0)
    assert values(VARIABLE, "300101")[2024] == 99


def test_a_newer_export_is_a_revision(newer, tmp_path):
    report = import_paths([export(tmp_path / "a", newer, "20250301", 99)])
    assert (report.refused, report.revised, report.undated) == (0, 1, 0)
    assert values(VARIABLE, "300101")[2024] == 99
    assert report.notes == ()


def test_where_the_order_is_not_known_the_newest_import_counts_and_that_is_said(tmp_path):
    registers = [real(tmp_path / "dane", register) for register in twins.REGISTERS]
    for folder, value in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "moje.csv"
        path.write_text(f"unit_code,year,variable,value\n300101,2020,population,{value}\n")
        report = import_paths([*registers, path])
    assert (report.revised, report.undated) == (1, 1)
    assert values("population", "300101") == {2020: 2}
    assert any("Nie wiadomo, który plik jest nowszy" in note for note in report.notes)


def test_a_sidecar_tells_the_day(tmp_path):
    registers = [real(tmp_path / "dane", register) for register in twins.REGISTERS]
    for folder, day, value in (("a", "2025-05-01", 1), ("b", "2023-05-01", 2)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "moje.csv"
        path.write_text(f"unit_code,year,variable,value\n300101,2020,population,{value}\n")
        (path.parent / "import.yaml").write_text(f"files: {{moje.csv: {{retrieved: {day}}}}}")
        report = import_paths([*registers, path])
    assert report.refused == 1
    assert values("population", "300101") == {2020: 1}
    assert report.files[-1].dated == "note"
    assert "plik z dnia: 2023-05-01 (z import.yaml)" in report.render()


def test_the_manifest_tells_the_day_of_the_file_and_of_the_import(newer):
    for record in load_snapshot().manifest.sources.values():
        assert record.file is not None
        assert record.file.imported[:2] == "20"
        assert record.file.name
        assert record.file.sha256
        assert record.publisher
        assert record.title
    (export,) = [r for r in load_snapshot().manifest.sources.values() if r.dataset == "bdl:P1944"]
    assert (export.file.retrieved, export.file.dated) == ("2025-01-01", "name")


def test_the_name_of_a_member_of_an_archive_tells_its_day(newer, tmp_path):
    older = export(tmp_path / "a", newer, "20240301", 99)
    archive = twins.write_zip(tmp_path / "dane.zip", {older.name: older.read_bytes()})
    report = import_paths([archive])
    assert report.refused == 1
    assert report.files[0].retrieved == "2024-03-01"


def test_the_verb_insists_like_the_command(newer, tmp_path):
    older = export(tmp_path / "a", newer, "20240301", 99)
    assert smup.import_files([older]).refused == 1
    assert smup.import_files([older], override_newer=True).revised == 1
    assert values(VARIABLE, "300101")[2024] == 99
