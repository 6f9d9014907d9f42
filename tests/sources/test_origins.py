"""What a table names as the source of its rows goes with each value."""

from __future__ import annotations

from pathlib import Path

import pytest

from smup_lib.plurals import spaced
from smup_lib.snapshots import SourceRecord, load_snapshot
from smup_lib.sources import ImportReport, import_paths
from smup_lib.sources.long_table import MOST_ORIGINS
from tests.sources import twins
from tests.sources.test_importing import real

pytestmark = pytest.mark.usefixtures("smup_home")
HEADER = "unit_code,year,variable,value,source"


def read(folder: Path, *rows: str, header: str = HEADER) -> ImportReport:
    path = folder / "tabela.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return import_paths([*(real(folder / "rejestr", path) for path in twins.REGISTERS), path])


def records(variable: str, *units: str) -> list[SourceRecord]:
    snapshot = load_snapshot()
    rows = snapshot.observations([variable], units)
    return [snapshot.manifest.sources[source] for source in rows["source"]]


def test_each_value_leads_to_its_file_and_to_what_the_file_names():
    import_paths([*twins.REGISTERS, twins.PANEL])
    (museums, *_) = records("museum_visitors_per_10k", "9001")
    (tax,) = records("pit_share_revenue", "9001")
    assert (museums.origin, tax.origin) == ("GUS BDL", "MF")
    assert museums.dataset == tax.dataset == "panel:powiat_panel_fikcyjny_long"
    assert (museums.rows, tax.rows) == (4, 1)
    for record in (museums, tax):
        assert record.file is not None
        assert record.file.name == twins.PANEL.name


def test_the_report_counts_what_the_file_names():
    (panel,) = import_paths([*twins.REGISTERS, twins.PANEL]).files[2:]
    assert "źródła podane w kolumnie source (liczba wartości): GUS BDL (4), MF (1)" in panel.notes


def test_a_table_that_names_nothing_keeps_the_id_of_its_numbers(tmp_path):
    plain = read(tmp_path, "300101,2020,population,1", header=HEADER.removesuffix(",source"))
    blank = read(tmp_path, "300101,2020,population,1,")
    assert plain.files[-1].sources == blank.files[-1].sources
    (record,) = records("population", "300101")
    assert record.origin == ""


def test_the_same_numbers_under_another_name_are_said_by_that_name(tmp_path):
    first = read(tmp_path, "300101,2020,population,1,Urząd Gminy")
    again = read(tmp_path, "300101,2020,population,1,PESEL")
    assert (again.repeated, again.revised, again.unchanged) == (1, 0, False)
    assert again.snapshot_id != first.snapshot_id
    assert [record.origin for record in records("population", "300101")] == ["PESEL"]
    read(tmp_path, "300101,2020,population,1,")
    assert [record.origin for record in records("population", "300101")] == ["PESEL"]


def test_too_many_names_are_told_and_the_file_stays_one_source(tmp_path):
    years = range(1950, 1950 + MOST_ORIGINS // 2 + 1)
    rows = [
        f"{unit},{year},population,1,strona {unit} {year}"
        for unit in ("300101", "300102")
        for year in years
    ]
    report = read(tmp_path, *rows).files[-1]
    assert len(report.sources) == 1
    assert any(f"{spaced(len(rows))} wpis" in note for note in report.notes)
    assert {record.origin for record in records("population", "300101")} == {""}


def test_values_that_take_over_another_origin_are_counted(tmp_path):
    read(tmp_path, "300101,2020,population,1,Urząd Gminy", "300102,2020,population,2,PESEL")
    again = read(tmp_path, "300101,2020,population,1,PESEL", "300102,2020,population,2,PESEL")
    assert (again.repeated, again.renamed) == (2, 1)
    assert "Przejęły nowy wpis o źródle: 1 " in again.render()


@pytest.mark.parametrize("second", [1, 4], ids=["the same value", "another value"])
def test_two_origins_of_one_cell_stand_side_by_side(tmp_path, second):
    rows = ("300101,2020,population,1,PESEL", f"300101,2020,population,{second},Urząd Gminy")
    first = read(tmp_path, *rows)
    assert (first.added, first.quarantined) == (2, 0)
    told = [record.origin for record in records("population", "300101")]
    assert sorted(told) == ["PESEL", "Urząd Gminy"]
    assert ("(tabela.csv, PESEL)" in first.render()) == (second == 4)

    assert read(tmp_path, *rows).unchanged
    changed = read(tmp_path, "300101,2020,population,3,PESEL", rows[1])
    assert (changed.revised, changed.repeated) == (1, 1)
    rows = load_snapshot().observations(["population"], ["300101"])
    assert sorted(rows["value"]) == sorted([3, second])


def test_an_origin_told_twice_with_two_values_is_held_back(tmp_path):
    rows = [f"300101,2020,population,{value},PESEL" for value in (1, 4)]
    report = read(tmp_path, *rows, "300101,2020,population,1,Urząd Gminy")
    assert (report.added, report.quarantined) == (1, 2)


def test_too_many_names_tell_a_cell_once(tmp_path):
    rows = [f"300101,2020,population,1,strona {n}" for n in range(MOST_ORIGINS + 1)]
    assert read(tmp_path, *rows).added == 1
