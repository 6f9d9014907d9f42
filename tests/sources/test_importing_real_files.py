"""The import of issue 2 on the real files, once: what it reads, keeps, and how fast."""

from __future__ import annotations

from pathlib import Path

import pytest

from smup_lib.snapshots import Snapshot, load_snapshot
from smup_lib.sources import ImportReport, import_paths

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

FOLDERS = ("teryt", "boundaries", "panels", "bdl_exports")


@pytest.fixture(scope="module")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory):
    """The report of the whole import, and its SMUP_HOME."""
    home = tmp_path_factory.mktemp("real_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(home))
        yield import_paths([shared_data / name for name in FOLDERS])


@pytest.fixture(scope="module")
def snapshot(imported: ImportReport) -> Snapshot:
    assert imported.snapshot_id
    return load_snapshot(imported.snapshot_id)


def test_every_file_is_read_kept_or_named(imported):
    statuses = [file.status for file in imported.files]
    assert len(statuses) == 33
    assert "refused" not in statuses
    kept = {file.name for file in imported.files if file.status == "kept"}
    assert {name for name in kept if name.endswith(".xlsx") or name.startswith("WMRODZ")} == {
        "dane_gus_powiat.xlsx",
        "WMRODZ_2023-02-12.csv",
        "WMRODZ_2024-05-09.csv",
        "WMRODZ_2026-07-22.csv",
    }
    for file in imported.files:
        assert file.sha256
        if file.unnamed:
            assert file.command.startswith("smup data import ")


def test_every_unit_of_the_real_files_is_known(imported, snapshot):
    """Units abolished before 2023 are in no register, but in the territorial changes."""
    assert imported.quarantined == 0
    assert imported.clashes == ()  # panels and exports tell the same, within rounding
    assert not imported.fictional
    codes = set(snapshot.table("observations")["unit_code"])
    assert {"022109", "060608", "080910", "320304", "0263", "1431"} <= codes


def test_counts(imported, snapshot):
    counts = snapshot.manifest.counts
    assert counts["units"] == (4264 + 4332 + 4360) + 3
    assert counts["boundaries"] == counts["outlines"] == 2477 + 380 + 16
    assert counts["borders"] == 2 * (7050 + 1003 + 34)
    panels = [file for file in imported.files if "panel_long" in file.name]
    assert [file.rows for file in panels] == [75565, 415288]
    assert counts["observations"] == sum(file.rows for file in imported.files)


# file, line of the file, unit, year, variable, value as written there
TRACED = [
    ("RYNE_1944_CTAB_20250616184618.csv", 16, "020203", 2015, "registered_unemployed", 365),
    ("RYNE_1944_CTAB_20250616184618.csv", 17, "020203", 2016, "registered_unemployed", 282),
    ("RYNE_1944_CTAB_20250616184618.csv", 249, "022109", 2012, "registered_unemployed", 8029),
    ("FINA_1535_CTAB_20220930202358.csv", 2, "0201", 2021, "expenditure_education", 50536291.37),
    ("KULT_3881_CTAB_20220211231432.csv", 136, "1261", 2018, "sports_halls", 26),
    ("wypadki-polska.csv", 15138, "1261", 2018, "road_accidents_per_100k", 125.9),
    ("powiat_panel_long.csv.gz", 212196, "1261", 2018, "museum_visitors_per_10k", 65435),
    ("gmina_panel_long.csv.gz", 6975, "120101", 2024, "population", 28340),
]


@pytest.mark.parametrize(("file", "line", "unit", "year", "variable", "value"), TRACED)
def test_a_value_walks_back_to_its_file(snapshot, file, line, unit, year, variable, value):
    rows = snapshot.observations([variable], [unit], [year])
    named = {s.id: s.file.name for s in snapshot.manifest.sources.values() if s.file}
    found = {named[row.source]: row.value for row in rows.itertuples()}
    assert found[file] == value, f"{file}, wiersz {line}"


def test_a_real_export_cut_between_two_rows_is_said(shared_data, smup_home, tmp_path):
    original = shared_data / "bdl_exports" / "ctab" / "WYNA_2497_CTAB_20220211225034.csv"
    lines = original.read_bytes().splitlines(keepends=True)
    (tmp_path / original.name).write_bytes(b"".join(lines[: len(lines) // 2]))
    terc = shared_data / "teryt" / "TERC_Urzedowy_2023-02-12.csv"
    (cut,) = import_paths([terc, tmp_path / original.name]).files[1:]
    (note,) = [note for note in cut.notes if "plik ma" in note]
    assert note.startswith("plik ma 189 z 380 powiatów; brakuje wszystkich po kodzie ")


def test_published_and_collected_values_stand_side_by_side(snapshot):
    """The export and the panel tell the same unemployed of Pieszyce under two sources."""
    rows = snapshot.observations(["registered_unemployed"], ["020203"], [2016])
    assert rows["value"].tolist() == [282, 282]
    assert sorted(source.partition("@")[0] for source in rows["source"]) == [
        "bdl:P1944",
        "panel:gmina_panel_long",
    ]


def test_one_header_two_meanings(imported):
    reports = {file.name: file for file in imported.files}
    education = reports["FINA_1535_CTAB_20220930202358.csv"]
    health = reports["Expenditure_on_health.csv"]
    assert list(education.variables) == ["expenditure_education"]
    assert health.status == "kept"
    assert "expenditure_health" in health.unnamed[0].candidates


def test_the_boundaries_are_of_2021_when_the_sidecar_says_so(shared_data, smup_home, tmp_path):
    import shutil

    shutil.copy(shared_data / "boundaries" / "poland.voivodeships.json", tmp_path)
    (tmp_path / "import.yaml").write_text('files: {"poland.*": {year: 2021}}')
    import_paths([shared_data / "teryt" / "TERC_Urzedowy_2023-02-12.csv", tmp_path])
    assert set(load_snapshot().table("boundaries")["year"]) == {2021}


def test_the_whole_powiat_panel_is_imported(shared_data, smup_home):
    """Raw copy, hash, recognition, contract, Parquet; how fast: benchmarks/bench_import.py."""
    import_paths([shared_data / "teryt" / "TERC_Urzedowy_2024-05-09.csv"])
    report = import_paths([shared_data / "panels" / "powiat_panel_long.csv.gz"])
    assert report.files[0].rows == 415288
