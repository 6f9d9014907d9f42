"""Imports of the fictional twins, from files to a snapshot."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.errors import ParameterError
from smup_lib.flags import NULL_FLAGS
from smup_lib.paths import raw_dir
from smup_lib.snapshots import (
    as_observations,
    check_observations,
    current_id,
    list_snapshots,
    load_snapshot,
)
from smup_lib.sources import ImportReport, import_paths
from smup_lib.sources.import_report import FileReport, said_years
from tests.sources import twins
from tests.sources.twins import real

pytestmark = pytest.mark.usefixtures("smup_home")


def report_of(report: ImportReport, path: Path) -> FileReport:
    (one,) = [file for file in report.files if file.name == path.name]
    return one


def values(variable: str, unit: str) -> dict[int, object]:
    rows = load_snapshot().observations([variable], [unit])
    return {
        int(row.year): row.flag if row.flag in NULL_FLAGS else row.value
        for row in rows.itertuples()
    }


def test_a_whole_folder():
    report = import_paths([twins.TWINS])
    snapshot = load_snapshot()
    assert report.snapshot_id == snapshot.id == current_id()
    assert snapshot.fictional
    assert report.base_id is None
    assert report.added == snapshot.manifest.counts["observations"] == 110
    assert snapshot.manifest.counts["borders"] == 16
    statuses = {file.name: file.status for file in report.files}
    assert statuses["WMRODZ_fikcyjny.csv"] == "kept"
    assert statuses["Wydatki_na_zdrowie.csv"] == "kept"
    assert statuses["KULT_3881_CTAB_20220211231432.csv"] == "partly_read"
    assert statuses["RYNE_1944_CTAB_20250101120000.csv"] == "read"
    assert not report.complete


def test_every_observation_keeps_the_contract_and_names_its_file():
    import_paths([twins.TWINS])
    snapshot = load_snapshot()
    rows = as_observations(snapshot.observations())
    check_observations(rows)
    for source in rows["source"].unique():
        record = snapshot.manifest.sources[source]
        assert record.file is not None
        assert (raw_dir() / record.file.sha256).is_dir()
        assert record.variables
        assert record.publisher


def test_a_series_across_a_change_of_kind_and_a_merger():
    import_paths([*twins.REGISTERS, twins.CTAB])
    assert values("registered_unemployed", "900103") == {2021: 100, 2022: 97, 2023: 96, 2024: 94}
    assert values("registered_unemployed", "900203") == {
        2021: 50,
        2022: 47,
        2023: "no_data",
        2024: "no_data",
    }


def test_what_the_report_says_of_a_file():
    report = import_paths([*twins.REGISTERS, twins.CTAB])
    one = report_of(report, twins.CTAB)
    assert one.levels == {"country": 1, "voivodeship": 2, "powiat": 4, "gmina": 8}
    assert one.years == (2021, 2022, 2023, 2024)
    assert one.variables == {"registered_unemployed": "Bezrobotni zarejestrowani"}
    assert one.flags == {"ok": 58, "no_data": 2}
    assert one.parts["town_part"] == {"ambiguous_zero": 2, "ok": 2}
    assert one.retrieved == "2025-01-01"
    text = report.render()
    assert "szczeble: kraj 1, województwa 2, powiaty 4, gminy 8" in text
    assert "obserwacje: 60; w tym brak danych 2" in text
    assert "zero albo brak danych 2" in text
    assert "jednostki fikcyjne" in text
    assert report.snapshot_id in text


def test_the_report_is_json():
    report = import_paths([twins.TWINS])
    again = json.loads(json.dumps(report.as_dict(), ensure_ascii=False))
    assert again["snapshot_id"] == report.snapshot_id
    assert again["complete"] is False
    assert len(again["files"]) == len(report.files)
    ctab = next(file for file in again["files"] if file["name"] == twins.CTAB.name)
    assert ctab["flags"] == {"ok": 58, "no_data": 2}


def test_the_order_on_the_command_line_does_not_matter():
    first = import_paths([twins.CTAB, twins.GEOJSON, twins.TERC_2024, twins.TERC_2022])
    shutil.rmtree(raw_dir().parent / "snapshots")
    second = import_paths([twins.TERC_2022, twins.TERC_2024, twins.GEOJSON, twins.CTAB])
    assert first.snapshot_id == second.snapshot_id


def test_progress_names_every_file():
    told: list[tuple[int, int, str]] = []
    import_paths([*twins.REGISTERS, twins.CTAB], on_progress=lambda *step: told.append(step))
    assert told == [
        (0, 3, twins.TERC_2022.name),
        (1, 3, twins.TERC_2024.name),
        (2, 3, twins.CTAB.name),
    ]


# --- naming ------------------------------------------------------------------------------------


def test_an_unnamed_file_is_kept_raw_and_the_command_names_it():
    report = import_paths([*twins.REGISTERS, twins.HEALTH])
    one = report_of(report, twins.HEALTH)
    assert one.status == "kept"
    assert one.rows == 0
    assert one.command == f"smup data import {twins.HEALTH} --variable ID_ZMIENNEJ"
    assert (raw_dir() / one.sha256 / twins.HEALTH.name).read_bytes() == twins.HEALTH.read_bytes()
    assert "expenditure_health" not in load_snapshot().table("observations")["variable"].tolist()


def test_the_option_names_it():
    report = import_paths([*twins.REGISTERS, twins.HEALTH], variable="expenditure_health")
    assert report_of(report, twins.HEALTH).sources[0].startswith("bdl:P1539@")
    assert values("expenditure_health", "9002") == {2021: 820424.02}  # 16408480,30 x 0,05


def test_one_option_for_each_of_several_columns():
    report = import_paths([*twins.REGISTERS, twins.AGES])
    command = report_of(report, twins.AGES).command
    assert "--variable 'w wieku produkcyjnym=share_working_age'" in command
    report = import_paths(
        [*twins.REGISTERS, twins.AGES],
        variable=[
            "w wieku przedprodukcyjnym=share_pre_working_age",
            "w wieku produkcyjnym=share_working_age",
        ],
    )
    assert report_of(report, twins.AGES).status == "read"
    assert values("share_working_age", "9001") == {2021: 59.2}


@pytest.mark.parametrize(
    ("paths", "variable", "said"),
    [
        ([twins.HEALTH, twins.EDUCATION], "expenditure_health", "jednego pliku"),
        ([], "expenditure_health", "jednego pliku"),
        ([twins.AGES], "share_working_age", "plik ma ich 2"),
        ([twins.AGES], "w wieku x=share_working_age", "w wieku"),
        ([twins.HEALTH], "expenditure_helth", "expenditure_health"),
    ],
)
def test_wrong_options_stop_the_import(paths, variable, said):
    with pytest.raises(ParameterError) as caught:
        import_paths([*twins.REGISTERS, *paths], variable=variable)
    assert said in str(caught.value)
    assert list_snapshots() == []
    assert not any(raw_dir().glob("*"))


def test_a_sidecar_names_it(tmp_path):
    shutil.copy(twins.HEALTH, tmp_path)
    (tmp_path / "import.yaml").write_text(
        "files: {Wydatki_na_zdrowie.csv: {subject: P1539, title: Zdrowie}, x.csv: {year: 2000}}"
    )
    report = import_paths([*twins.REGISTERS, tmp_path])
    source = report_of(report, twins.HEALTH).sources[0]
    assert load_snapshot().manifest.sources[source].title == "Zdrowie"
    assert any("x.csv" in note for note in report.notes)


def test_known_columns_of_a_file_go_on_without_the_unknown_ones():
    report = import_paths([*twins.REGISTERS, twins.SPORT])
    one = report_of(report, twins.SPORT)
    assert sorted(one.variables) == ["sports_halls", "sports_stadiums"]
    assert [column.labels for column in one.unnamed] == ["lodowiska; ogółem [ob.]"]
    assert "lodowiska; ogółem=ID_ZMIENNEJ" in one.command


def test_an_own_table():
    report = import_paths(
        [*twins.REGISTERS, twins.LIBRARY], variable="czytelnicy=registered_unemployed", name="nasze"
    )
    assert report_of(report, twins.LIBRARY).sources[0].startswith("own:nasze@")
    assert values("population", "900102") == {2023: "missing_or_secret"}
    assert values("registered_unemployed", "900201") == {2023: 310}


# --- the next import -----------------------------------------------------------------------------


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A folder with real-looking twins whose import is already done."""
    folder = tmp_path / "pierwsze"
    registers = [real(folder, path) for path in twins.REGISTERS]
    import_paths([*registers, real(folder, twins.CTAB)])
    return folder


def test_the_same_files_again_change_nothing(first):
    before = load_snapshot()
    report = import_paths([first])
    assert report.unchanged
    assert report.snapshot_id == before.id
    assert (report.added, report.repeated, report.revised) == (0, 60, 0)
    assert len(list_snapshots()) == 1
    assert "Nic nowego" in report.render()


def test_a_newer_file_adds_and_revises(first, tmp_path):
    before = load_snapshot()
    newer = real(tmp_path / "drugie", twins.CTAB, {";110;": ";111;"})
    report = import_paths([newer])
    after = load_snapshot()
    assert report.base_id == before.id
    assert not after.fictional
    assert report.revised > 0
    revisions = after.table("revisions")
    assert len(revisions) == report.revised
    assert set(revisions["new_value"]) == {111.0}
    assert set(revisions["old_value"]) == {110.0}
    assert values("registered_unemployed", "300101")[2024] == 111
    assert values("registered_unemployed", "300101")[2021] == 120
    assert load_snapshot(before.id).table("revisions").empty  # the old state is as it was


def test_other_files_add_to_the_newest_real_snapshot(first, tmp_path):
    before = load_snapshot()
    report = import_paths([real(tmp_path / "drugie", twins.CREL)])
    after = load_snapshot()
    assert after.manifest.base == before.id
    assert report.added == 28
    assert len(after.table("observations")) == 60 + 28
    assert len(after.table("units")) == len(before.table("units"))
    assert set(before.manifest.sources) < set(after.manifest.sources)


def test_a_register_read_again_replaces_its_vintage(first, tmp_path):
    units = load_snapshot().table("units")
    other = real(tmp_path / "drugie", twins.TERC_2024, {"Lipowo": "Lipowiec"})
    report = import_paths([other])
    after = load_snapshot().table("units")
    assert len(after) == len(units)
    assert after.loc[after["unit_code"] == "300201", "name"].tolist() == ["Lipowo", "Lipowiec"]
    assert any("zastąpiony" in note for note in report.notes)


def test_boundaries_come_later(first, tmp_path):
    text = twins.GEOJSON.read_text(encoding="utf-8").replace('"90', '"30').replace('"92', '"32')
    path = tmp_path / "granice.geojson"
    path.write_text(text, encoding="utf-8")
    report = import_paths([path])
    after = load_snapshot()
    assert len(after.table("boundaries")) == len(after.table("outlines")) == 7
    assert len(after.table("borders")) == 16
    assert len(after.table("observations")) == 60
    assert set(after.table("boundaries")["year"]) == {2024}  # by the register that fits best
    assert any("TERC" in note for note in report.files[0].notes)


def test_the_manifest_names_every_source_of_a_table_and_no_other(first, tmp_path):
    """A newer register replaces an older one of the same day: its source goes, too."""
    other = {"Lipowo": "Lipowiec"}
    import_paths([real(tmp_path / "drugie", path, other) for path in twins.REGISTERS])
    snapshot = load_snapshot()
    named = set(snapshot.table("observations")["source"]) | set(snapshot.table("units")["source"])
    assert set(snapshot.manifest.sources) == named
    assert len(named) == 3


# --- quarantine ----------------------------------------------------------------------------------


def test_a_code_from_before_a_merger_waits_until_its_register_comes(tmp_path):
    """Łąkowo (900203) was merged in 2023: the register of 2024 alone does not know it."""
    folder = tmp_path / "dane"
    report = import_paths([real(folder, twins.TERC_2024), real(folder, twins.CTAB)])
    one = report_of(report, twins.CTAB)
    (reason,) = one.quarantined
    assert one.quarantined[reason] == 4
    assert "2024-01-01" in reason
    assert any("300203" in note for note in one.notes)
    held = load_snapshot().table("quarantine")
    assert held["unit_code"].tolist() == ["300203"] * 4
    assert held["value"].tolist() == ["50", "47", "(no_data)", "(no_data)"]
    assert held["row"].tolist() == [14] * 4
    assert not report.complete
    # the older register knows the unit: the rows find their place when the file is read again
    report = import_paths([real(folder, twins.TERC_2022)])
    assert any(twins.CTAB.name in note for note in report.notes)
    assert len(load_snapshot().table("quarantine")) == 4
    report = import_paths([folder / twins.CTAB.name])
    assert load_snapshot().table("quarantine").empty
    assert values("registered_unemployed", "300203")[2021] == 50
    assert report.complete


def test_a_number_of_things_has_no_minus(tmp_path):
    """A rate or a sum of money may fall below zero, a population may not."""
    path = tmp_path / "moje.csv"
    cells = [("population", -600), ("natural_increase_per_1k", -2.5), ("public_roads_km", -1)]
    rows = "".join(f"900101,2020,{name},{value}\n" for name, value in cells)
    path.write_text(f"unit_code,year,variable,value\n{rows}900102,2020,population,0\n")
    report = import_paths([*twins.REGISTERS, path])
    held = load_snapshot().table("quarantine")
    assert held["variable"].tolist() == ["population", "public_roads_km"]
    assert held["value"].tolist() == ["-600", "-1"]
    assert held["reason"].unique().item().startswith("wartość jest ujemna")
    assert values("natural_increase_per_1k", "900101") == {2020: -2.5}
    assert values("population", "900102") == {2020: 0}
    assert report_of(report, path).rows == 2


def test_an_export_may_not_have_it_either(tmp_path):
    text = twins.CTAB.read_text(encoding="utf-8").replace(";110;", ";-110;")
    path = tmp_path / twins.CTAB.name
    path.write_text(text, encoding="utf-8")
    report = import_paths([*twins.REGISTERS, path])
    held = load_snapshot().table("quarantine")
    assert report.quarantined == len(held) > 0
    assert held["value"].unique().tolist() == ["-110"]


def test_a_code_that_only_a_territorial_change_names_is_known(tmp_path):
    """022109 (Wałbrzych 2003-2012) is in no register of 2024, but in the territorial changes."""
    path = tmp_path / "RYNE_1944_CTAB_20250101120000.csv"
    path.write_bytes(
        twins.csv_bytes(
            '"Kod";"Nazwa";"ogółem;2012;[osoba]";\n0221091;"Wałbrzych od 2003 do 2012 (1)";7;\n'
        )
    )
    import_paths([real(tmp_path / "dane", twins.TERC_2024), path])
    assert values("registered_unemployed", "022109") == {2012: 7}


def test_rows_that_only_wait_are_kept_too(first, tmp_path):
    """An import that brings nothing but quarantine still makes a state that holds it."""
    path = tmp_path / "RYNE_1944_CTAB_20250102120000.csv"
    path.write_bytes(
        twins.csv_bytes('"Kod";"Nazwa";"ogółem;2021;[osoba]";\n3009011;"Nikt (1)";7;\n')
    )
    before = current_id()
    report = import_paths([path])
    assert report.snapshot_id != before
    assert load_snapshot().table("quarantine")["unit_code"].tolist() == ["300901"]
    assert "W kwarantannie, poza danymi: 1 wiersz" in report.render()


def test_boundaries_of_unknown_units_wait(first, tmp_path):
    path = tmp_path / "granice.geojson"
    path.write_text(
        twins.GEOJSON.read_text(encoding="utf-8").replace('"90', '"28').replace('"92', '"32')
    )
    report = import_paths([path])
    assert report.files[0].levels == {"gmina": 1}
    assert len(load_snapshot().table("quarantine")) == 6


# --- packed files --------------------------------------------------------------------------------


def test_archives_and_gzip(tmp_path):
    archive = twins.write_zip(
        tmp_path / "dane.zip",
        {f"folder/{path.name}": path.read_bytes() for path in (*twins.REGISTERS, twins.CTAB)},
    )
    panel = twins.write_gzip(tmp_path / "powiat_panel.csv.gz", twins.PANEL.read_bytes())
    report = import_paths([archive, panel])
    assert [file.status for file in report.files] == ["read"] * 4
    snapshot = load_snapshot()
    (source,) = [s for s in snapshot.manifest.sources.values() if s.dataset == "bdl:P1944"]
    assert source.file is not None
    assert source.file.name == f"dane.zip/folder/{twins.CTAB.name}"
    assert (raw_dir() / source.file.sha256 / "dane.zip").read_bytes() == archive.read_bytes()
    panels = [s for s in snapshot.manifest.sources.values() if s.dataset.startswith("panel:")]
    assert {(one.dataset, one.origin) for one in panels} == {
        ("panel:powiat_panel", "GUS BDL"),
        ("panel:powiat_panel", "MF"),
    }
    (kept,) = {one.file.sha256 for one in panels if one.file is not None}
    assert (raw_dir() / kept / panel.name).read_bytes() == panel.read_bytes()


def test_files_of_one_name_in_two_folders(tmp_path):
    for folder, variable in (("a", "population"), ("b", "registered_unemployed")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "dane.csv").write_text(
            f"unit_code,year,variable,value\n900101,2020,{variable},1\n"
        )
    report = import_paths([*twins.REGISTERS, tmp_path])
    assert [file.name for file in report.files[2:]] == ["a/dane.csv", "b/dane.csv"]


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "said"),
    [((), ""), ((2020,), "2020"), ((2002, 2003, 2005, 2007, 2008), "2002–2003, 2005, 2007–2008")],
)
def test_years_are_said_in_runs(years, said):
    assert said_years(years) == said


def test_thousands_are_kept_together(first, tmp_path):
    rows = pd.DataFrame(
        {"unit_code": "300101", "year": range(1950, 1990), "variable": "population", "value": 1}
    )
    big = pd.concat([rows.assign(unit_code=code) for code in ("300101", "300102", "300201")])
    many = pd.concat([big.assign(variable=name) for name in _many_variables()])
    many.to_csv(tmp_path / "duza.csv", index=False)
    text = import_paths([tmp_path / "duza.csv"]).render()
    assert f"obserwacje: {len(many):,}".replace(",", "\u00a0") in text


def _many_variables() -> list[str]:
    from smup_lib.catalogue import load_catalogue

    return list(load_catalogue().variables)[:12]
