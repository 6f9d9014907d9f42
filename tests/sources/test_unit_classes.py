"""Functional classes: a plain table becomes the group rule ``functional_class``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import ContradictionError, UnreadableFileError
from smup_lib.snapshots import load_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.unit_classes import read_classes
from smup_lib.units import build_group, load_register
from tests.sources import twins
from tests.sources.test_importing import real, report_of

pytestmark = pytest.mark.usefixtures("smup_home")

ROWS = "9001011;H\n900102;C2\n900202;C2\n920101;H\n"


def classes(folder: Path, rows: str = ROWS, header: str = "unit_code;functional_class") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "klasy.csv"
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    return path


def test_classes_are_taken_as_found_and_the_rule_works(tmp_path):
    path = classes(tmp_path)
    report = import_paths([*twins.REGISTERS, twins.GEOJSON, path])
    assert report_of(report, path).status == "read"
    snapshot = load_snapshot()
    table = snapshot.table("functional_classes")
    assert dict(zip(table["unit_code"], table["functional_class"], strict=True)) == {
        "900101": "H",
        "900102": "C2",
        "900202": "C2",
        "920101": "H",
    }
    (source,) = set(table["source"])
    record = snapshot.manifest.sources[source]
    assert (record.publisher, record.file.name) == ("own", "klasy.csv")
    register = load_register(snapshot)
    unit = register.unit("900102", 2024)
    group = build_group("functional_class", unit, 2024, register, snapshot, load_catalogue())
    assert group.members == ("900202",)
    assert "Klasa funkcjonalna C2 (klasy.csv)" in group.description_pl


def test_the_edition_is_the_column_else_the_title_else_the_file(tmp_path):
    header = "unit_code;functional_class;edition"
    for number, (path, edition) in enumerate(
        [
            (classes(tmp_path / "a", "900101;H;2016\n", header), "2016"),
            (classes(tmp_path / "b", "900102;H\n"), "Klasyfikacja próbna"),
            (classes(tmp_path / "c", "900103;H\n"), "klasy.csv"),
        ]
    ):
        if number == 1:
            note = "files: {klasy.csv: {title: Klasyfikacja próbna}}"
            (path.parent / "import.yaml").write_text(note, encoding="utf-8")
        import_paths([*twins.REGISTERS, path])
        assert load_snapshot().table("functional_classes")["edition"].tolist() == [edition]
        shutil.rmtree(load_snapshot().path.parent)


def test_rows_without_a_place_wait(tmp_path):
    rows = "900101;H\n900101;I\n900102;\n999999;H\n900901;H\n9001034;H\n900202;C\n"
    report = import_paths([*twins.REGISTERS, classes(tmp_path, rows)])
    assert load_snapshot().table("functional_classes")["unit_code"].tolist() == ["900202"]
    held = load_snapshot().table("quarantine").sort_values("row")
    assert held["row"].tolist() == [2, 3, 4, 5, 6, 7]
    reasons = held["reason"].tolist()
    assert reasons[0] == reasons[1] == "dwa wiersze podają różne klasy tej jednostki"
    assert reasons[2] == "brak klasy"
    assert "nie ma województwa" in reasons[3]
    assert "nie ma w rejestrze" in reasons[4]
    assert reasons[5] == "to nie jest jednostka samorządu"
    assert report.quarantined == 6


def test_a_new_classification_replaces_the_old_one_as_a_whole(tmp_path):
    registers = [real(tmp_path / "dane", path) for path in twins.REGISTERS]
    import_paths([*registers, classes(tmp_path / "a", "300101;H\n300102;H\n")])
    report = import_paths([classes(tmp_path / "b", "300101;I\n")])
    assert load_snapshot().table("functional_classes")["functional_class"].tolist() == ["I"]
    assert any("zastąpiła poprzednią (klasy.csv)" in note for note in report.notes)
    # an import of other files keeps it
    import_paths([real(tmp_path / "dane", twins.CTAB)])
    assert len(load_snapshot().table("functional_classes")) == 1


def test_one_classification_in_one_import(tmp_path):
    paths = [classes(tmp_path / "a"), classes(tmp_path / "b", "900101;Z\n")]
    with pytest.raises(ContradictionError, match="Klasy funkcjonalne są w kilku plikach"):
        import_paths([*twins.REGISTERS, *paths])


def test_several_editions_in_a_file_are_not_guessed():
    content = b"unit_code;functional_class;edition\n900101;H;2016\n900102;H;2024\n"
    with pytest.raises(UnreadableFileError, match="kilka wydań: 2016, 2024"):
        read_classes(content, ";", "klasy.csv")
