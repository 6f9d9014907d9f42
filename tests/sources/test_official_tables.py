"""Workbooks of offices: shares in PIT, exam results, vital statistics, areas."""

from __future__ import annotations

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import UnreadableFileError
from smup_lib.snapshots import load_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.area_register import read_areas
from smup_lib.sources.cke_exam import read_exam_results
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.mf_pit import read_pit_shares
from smup_lib.sources.official_table import OfficialTable
from smup_lib.sources.recognise import FileKind, recognise
from smup_lib.sources.vital_statistics import read_vital_statistics
from smup_lib.sources.workbook import open_workbook
from tests.sources import workbook_twins as twins
from tests.sources.twins import REGISTERS

GMINY = [
    twins.pit_row("90 01 01 1", "DĘBOWO", 75621, 42635709),
    twins.pit_row("90 01 02 2", "DĘBOWO", 75621, 14040656),
]
CITIES = [
    twins.pit_row("90 61 - -", "Jesionów", 75621, 84411158),
    twins.pit_row("90 61 - -", "Jesionów", 75622, 22720957),
]
POWIATY = [twins.pit_row("90 01 - -", "dębowski", 75622, 21981364)]
PIT, POWIAT_PART = "pit_share_revenue", "pit_share_revenue_powiat_part"
SCHOOLS = [
    twins.school("9001011", 1, (10, 60.0), (10, 50.0), (10, 70.0), ("", "")),
    twins.school("9001011", 2, (30, 40.0), (30, 30.0), (20, 90.0), (10, 55.0)),
    twins.school("9001034", 3, (6, 51.0), (6, 61.0), (6, 71.0), ("", "")),
    twins.school("9001035", 4, (4, ""), (4, ""), (4, ""), ("", "")),
    twins.school("9001022", 5, (3, ""), (3, ""), (3, ""), ("", "")),
]
EXAM_FILE = "E8_2025_szkoly_lipiec.xlsx"


def values(table: OfficialTable) -> dict[tuple[str, str], tuple[float | None, str]]:
    """Return unit and variable -> value and flag."""
    return {
        (row.unit_code, row.variable): (None if row.value != row.value else row.value, row.flag)
        for row in table.rows.itertuples()
    }


def pit(rows: twins.Cells, year: str = "2019", name: str = "x.xlsx") -> OfficialTable:
    return read_pit_shares(open_workbook(twins.pit(rows, year), name), name, name)


def exam(rows: twins.Cells = SCHOOLS, name: str = EXAM_FILE, **options: object) -> OfficialTable:
    return read_exam_results(open_workbook(twins.exam(rows), name), name, name, **options)


def vital(rows: twins.Cells = twins.VITAL) -> OfficialTable:
    book = open_workbook(twins.xls({"Tabl.IV": rows}), "x")
    return read_vital_statistics(book, "x", "x.xls")


def areas(rows: twins.Cells = twins.AREAS, year: int | None = 2024) -> OfficialTable:
    book = open_workbook(twins.xlsx({"Arkusz1": rows}), "x")
    return read_areas(book, "x", "x.xlsx", year)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (twins.pit(GMINY), FileKind.PIT_SHARES),
        (twins.exam(SCHOOLS), FileKind.EXAM_RESULTS),
        (twins.xls({"Tabl.IV": twins.VITAL}), FileKind.VITAL_STATISTICS),
        (twins.xlsx({"Tabl.IV": twins.VITAL}), FileKind.VITAL_STATISTICS),
        (twins.xlsx({"Arkusz1": twins.AREAS}), FileKind.AREA_REGISTER),
    ],
)
def test_the_kind_is_told_by_content(content, kind, tmp_path):
    assert recognise(InputFile(twins.saved(tmp_path, "zdjecie.jpg", content))).kind is kind


def test_shares_in_pit():
    table = pit([*GMINY, *CITIES, *POWIATY])
    assert values(table) == {
        ("900101", PIT): (42635709, "ok"),
        ("900102", PIT): (14040656, "ok"),
        ("906101", PIT): (84411158, "ok"),
        ("906101", POWIAT_PART): (22720957, "ok"),
        ("9001", PIT): (21981364, "ok"),
    }
    assert set(table.rows["year"]) == {2019}
    assert set(table.rows["decimals"]) == {0}
    assert table.rows["row"].min() == 8
    assert "rok 2019 (z tytułu arkusza)" in table.warnings


def test_the_year_is_that_of_the_title_then_of_the_name_and_never_guessed():
    assert set(pit(GMINY, "2020", "Gminy_za_2019.xlsx").rows["year"]) == {2020}
    assert set(pit(GMINY, "", "Gminy_za_2019.xlsx").rows["year"]) == {2019}
    with pytest.raises(UnreadableFileError, match="którego roku") as caught:
        pit(GMINY, "", "Gminy.xlsx")
    assert "import.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (twins.pit_row("90 01 01 1", "D", 75621, 5, paragraph="0020"), "paragraf 0020"),
        (twins.pit_row("90 01 01 1", "D", 75622, 5), "przy kodzie gminy"),
        (twins.pit_row("90 01 - -", "D", 75621, 5), "przy kodzie powiatu"),
        (twins.pit_row("90 01 01 Z", "ZWIĄZEK", 75621, 5), "związek gmin"),
        (twins.pit_row("90 01 01 1", "D", 75618, 5), "rozdział 75618"),
        (twins.pit_row("90 01 01 1", "D", 75621, "dużo"), "jako liczby"),
        (twins.pit_row("Razem - - -", "", 75621, 5), "Razem"),
    ],
)
def test_a_row_that_is_no_share_of_a_unit_waits(row, said):
    table = pit([*POWIATY, row])
    assert len(table.rows) == 1
    assert table.quarantine["row"].tolist() == [9]
    assert said in table.quarantine["reason"][0]


def test_two_amounts_of_one_unit_wait():
    table = pit([*GMINY, twins.pit_row("90 01 01 1", "DĘBOWO", 75621, 1)])
    assert set(values(table)) == {("900102", PIT)}
    assert len(table.quarantine) == 2


def test_voivodeships_and_the_metropolis_are_counted_and_left_out():
    table = pit(
        [
            *POWIATY,
            twins.pit_row("90 - - -", "przykładowe", 75623, 7),
            [90, "-", "-", "-", "Metropolia", "", "", 756, 75634, "0010", 8, 8],
        ]
    )
    assert len(table.rows) == 1
    assert table.quarantine.empty
    said = " ".join(table.warnings)
    assert "1 wiersz województw (rozdział 75623) pominięto" in said
    assert "1 wiersz metropolii" in said


def test_exam_means_of_gminy_are_weighted_by_candidates():
    told = values(exam())
    assert told["900101", "primary_exam_mean_polish"] == (pytest.approx(45), "ok")
    assert told["900101", "primary_exam_mean_mathematics"] == (pytest.approx(35), "ok")
    assert told["900101", "primary_exam_mean_english"] == (pytest.approx(250 / 3), "ok")
    assert told["900101", "primary_exam_mean"][0] == pytest.approx((45 + 35 + 250 / 3) / 3)


def test_town_and_rural_area_are_one_gmina_and_small_schools_make_it_incomplete():
    table = exam()
    assert values(table)["900103", "primary_exam_mean_polish"] == (51, "ok")
    rows = table.rows[table.rows["unit_code"] == "900103"]
    assert set(rows["qualifiers"]) == {"incomplete"}
    assert "język polski: poza średnią 7 z 53 zdających" in " ".join(table.warnings)


def test_a_gmina_with_small_schools_only_is_secret_and_no_zero():
    told = values(exam())
    assert told["900102", "primary_exam_mean"] == (None, "missing_or_secret")
    assert told["900102", "primary_exam_mean_polish"] == (None, "missing_or_secret")


def test_a_gmina_where_nobody_sat_the_exam_has_no_data():
    rows = [twins.school("9002011", 9, ("", ""), ("", ""), ("", ""), ("", ""))]
    assert values(exam(rows)) == {("900201", "primary_exam_mean"): (None, "no_data")}


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (("dużo", 50), "nie da się odczytać"),
        ((10, 150), "spoza 0-100%"),
        (("", 50), "nie ma liczby zdających"),
        ((4.5, ""), "całkowitą"),
    ],
)
def test_a_school_that_cannot_be_counted_waits(results, said):
    table = exam([*SCHOOLS, twins.school("9002011", 9, results, (10, 50), (10, 50), ("", ""))])
    assert [said in reason for reason in table.quarantine["reason"]] == [True]
    assert table.quarantine["row"].tolist() == [8]
    assert ("900201", "primary_exam_mean") not in values(table)


def test_a_school_stands_once():
    table = exam([*SCHOOLS, SCHOOLS[0]])
    assert values(table) == values(exam())
    assert "RSPO 1 stoi w pliku drugi raz" in table.quarantine["reason"][0]


def test_the_year_of_an_exam():
    assert set(exam(name="wyniki.xlsx", year=2024).rows["year"]) == {2024}
    with pytest.raises(UnreadableFileError, match="którego roku"):
        exam(name="wyniki.xlsx")


def test_vital_statistics_with_codes_as_texts_and_numbers():
    table = vital()
    told = values(table)
    assert told["9001", "live_births"] == (80, "ok")
    assert told["900102", "deaths"] == (10, "ok")
    assert told["900101", "marriages"] == (20, "ok")
    assert told["900101", "infant_deaths"] == (0, "true_zero")
    assert len(told) == 4 * 4
    assert set(table.rows["year"]) == {2020}
    assert table.parts == {"town_part": {"ok": 3, "true_zero": 1}}
    said = " ".join(table.warnings)
    assert "1 wiersz bez kodu jednostki pominięto (na przykład: PRZYKŁADOWE)" in said
    assert "przyrost naturalny" in said


def test_a_real_leading_zero_is_given_back_to_a_code_of_six_digits():
    rows = [*twins.VITAL[:8], ["M. Bolesławiec", 201011.0, 1, 2, 3, 0, -1]]
    assert ("020101", "deaths") in values(vital(rows))


def test_areas_are_those_in_hectares():
    table = areas()
    told = values(table)
    assert told["9001", "area_km2"] == (300.5, "ok")
    assert told["900101", "area_km2"] == (23.61, "ok")
    assert told["900103", "area_km2"] == (123.45, "ok")
    assert table.parts == {"town_part": {"ok": 1}}
    assert set(table.rows["decimals"]) == {2}
    (reason,) = table.quarantine["reason"]
    assert "nie zgadzają się" in reason
    with pytest.raises(UnreadableFileError, match="którego roku"):
        areas(year=None)


@pytest.mark.parametrize(
    "content",
    [
        twins.pit([]),
        twins.exam([]),
        twins.xlsx({"Arkusz1": twins.AREAS[:1]}),
        twins.xls({"Tabl.IV": twins.VITAL[:7]}),
    ],
    ids=["pit", "exam", "areas", "vital"],
)
def test_a_header_without_rows_is_refused(content, smup_home, tmp_path):
    path = twins.saved(tmp_path, "dane_2020.xlsx", content)
    (report,) = import_paths([path]).files
    assert report.status == "refused"
    assert "bez danych" in report.problem


def test_every_variable_is_in_the_vocabulary_and_every_dataset_has_its_publisher():
    catalogue = load_catalogue()
    tables = [pit([*CITIES]), exam(), vital(), areas()]
    for table in tables:
        assert set(table.rows["variable"]) <= set(catalogue.variables)
    publishers = [catalogue.publisher_of(table.dataset).id for table in tables]
    assert publishers == ["mf", "cke", "gus", "gugik_area"]


def test_all_of_them_in_one_import(smup_home, tmp_path):
    paths = [
        twins.saved(tmp_path, "20200214_Gminy_za_2019.xlsx", twins.pit(GMINY)),
        twins.saved(tmp_path, "20200214_Miasta_NPP_za_2019.xlsx", twins.pit(CITIES)),
        twins.saved(tmp_path, EXAM_FILE, twins.exam(SCHOOLS)),
        twins.saved(tmp_path, "tabl_iv.xls", twins.xls({"Tabl.IV": twins.VITAL})),
        twins.saved(tmp_path, "powierzchnia.xlsx", twins.xlsx({"Arkusz1": twins.AREAS})),
    ]
    note = "files:\n  powierzchnia.xlsx:\n    year: 2024\n"
    (tmp_path / "import.yaml").write_text(note, encoding="utf-8")
    report = import_paths([*REGISTERS, *paths])
    read = {file.name: file for file in report.files}
    assert {read[path.name].status for path in paths} == {"read"}
    assert read[paths[0].name].retrieved == "2020-02-14"
    assert report.quarantined == 1  # the area that contradicts itself
    snapshot = load_snapshot()
    assert {name.partition("@")[0] for name in snapshot.manifest.sources} >= {
        "mf:pit_share",
        "cke:e8",
        "gus:vital_statistics",
        "gugik:area",
    }
    rows = snapshot.observations(variables=[POWIAT_PART])
    assert rows[["unit_code", "year", "value"]].to_numpy().tolist() == [["906101", 2019, 22720957]]


@pytest.mark.real_data
def test_the_real_shares_in_pit(shared_data):
    """Row counts and single cells of sources 5."""
    tables = {
        path.name: read_pit_shares(
            open_workbook(path.read_bytes(), path.name), path.name, path.name
        )
        for path in sorted((shared_data / "mf").glob("*_2019.xlsx"))
    }
    gminy, cities, powiaty = tables.values()
    assert [len(table.rows) for table in tables.values()] == [2411, 132, 314]
    assert all(table.quarantine.empty for table in tables.values())
    assert values(gminy)["020101", PIT] == (42635709, "ok")  # row 8
    assert values(cities)["026101", PIT] == (84411158, "ok")  # row 8
    assert values(cities)["026101", POWIAT_PART] == (22720957, "ok")  # row 9
    assert values(powiaty)["0201", PIT] == (21981364, "ok")  # row 8


@pytest.mark.real_data
def test_the_real_exam_results(shared_data):
    """Mazowieckie 2025: 1663 schools, 105 with fewer than five candidates (sources 9)."""
    (path,) = (shared_data / "cke").glob("*.xlsx")
    table = read_exam_results(open_workbook(path.read_bytes(), path.name), path.name, path.name)
    assert table.rows["unit_code"].nunique() == 314
    assert set(table.rows["year"]) == {2025}
    assert table.quarantine.empty
    said = " ".join(table.warnings)
    assert "1 663 szkoły" in said.replace("\u00a0", " ")
    assert "poza średnią 300 z 49 918 zdających" in said.replace("\u00a0", " ")
    # rows 3 and 4 are the two schools of Białobrzegi, a rural area and a town
    told = values(table)["140101", "primary_exam_mean_polish"]
    assert told == (pytest.approx((14 * 63.357142857 + 71 * 57.098591549) / 85), "ok")
