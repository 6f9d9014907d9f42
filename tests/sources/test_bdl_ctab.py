"""The wide export: headers, flags, parts, kinds that changed."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.bdl_ctab import read_ctab, read_ctab_header
from smup_lib.sources.bdl_table import Series
from tests.sources.twins import CTAB, SPORT, csv_bytes

HEADER = '"Kod";"Nazwa";"ogółem;2021;[zł]";\n'


def read(body: str, header: str = HEADER, separator: str = ";"):
    return read_ctab(csv_bytes(header + body), separator, "plik.csv")


def cells(table) -> dict[tuple[str, int], tuple[object, str]]:
    return {
        (row.unit_code, row.year): (None if row.value != row.value else row.value, row.flag)
        for row in table.rows.itertuples()
    }


@pytest.mark.parametrize(
    ("cells", "separator", "labels", "years"),
    [
        (["ogółem;2021;[zł]"], ";", ("ogółem",), [2021]),
        (["stadiony;ogółem;2018;[ob.]"], ";", ("stadiony", "ogółem"), [2018]),
        (["ludność na 1 km2,2024,[osoba]"], ",", ("ludność na 1 km2",), [2024]),
        (["ogółem;2003;[osoba]", "ogółem;2004;[osoba]"], ";", ("ogółem",), [2003, 2004]),
        (
            ["ogółem", "2003", "[osoba]", "ogółem", "2004", "[osoba]"],
            ";",
            ("ogółem",),
            [2003, 2004],
        ),
        (["ogółem;2021;[zł]"], ",", ("ogółem",), [2021]),
        (["powyżej 36,5 m;2021;[ob.]"], ";", ("powyżej 36,5 m",), [2021]),
    ],
)
def test_headers(cells, separator, labels, years):
    columns = read_ctab_header(["Kod", "Nazwa", *cells], separator)
    assert {column.series.labels for column in columns} == {labels}
    assert [column.year for column in columns] == years


@pytest.mark.parametrize(
    "cells", [[], ["ogółem"], ["ogółem;2021"], ["ogółem;rok;[zł]"], ["2021;[zł]"]]
)
def test_headers_of_something_else(cells):
    assert read_ctab_header(["Kod", "Nazwa", *cells]) == ()


def test_a_dash_is_no_measure_unit():
    (column,) = read_ctab_header(["Kod", "Nazwa", "wskaźnik;2021;[-]"])
    assert column.series == Series(("wskaźnik",), "")


def test_twin():
    """Counted by hand in tests/data/sources/RYNE_1944_CTAB_20250101120000.csv."""
    table = read_ctab(CTAB.read_bytes(), ";", CTAB.name)
    assert len(table.rows) == 15 * 4  # 20 rows: 4 parts left out, two kinds of Wierzbno are one
    assert table.rows["flag"].value_counts()["no_data"] == 2  # Łąkowo, merged in 2023
    values = cells(table)
    assert [values["900103", year][0] for year in range(2021, 2025)] == [100, 97, 96, 94]
    assert values["900203", 2024] == (None, "no_data")
    assert values["00", 2021] == (910, "ok")
    assert table.parts["town_part"] == {"ambiguous_zero": 2, "ok": 2}
    assert table.parts["delegation"] == table.parts["district"] == {"ok": 4}
    (warning,) = table.warnings
    assert warning.startswith("gminy, które zmieniły rodzaj")
    assert warning.endswith("połączono w jeden szereg: 1")


def test_several_series():
    table = read_ctab(SPORT.read_bytes(), ";", SPORT.name)
    assert [str(series) for series in table.series] == [
        "stadiony; ogółem [ob.]",
        "hale sportowe o wymiarach od 36x19 m; ogółem [ob.]",
        "lodowiska; ogółem [ob.]",
    ]
    zero = table.rows[(table.rows["unit_code"] == "9002") & (table.rows["series"] == 0)]
    assert zero["flag"].tolist() == ["ok"]  # a zero of a unit is a number


def test_absence_and_zero():
    table = read('9001011;"A (1)";;\n9001022;"B (2)";-;\n9001032;"C (2)";0;\n9001044;"D (4)";0;\n')
    assert cells(table) == {
        ("900101", 2021): (None, "no_data"),
        ("900102", 2021): (None, "no_data"),
        ("900103", 2021): (0, "ok"),
    }
    assert table.parts == {"town_part": {"ambiguous_zero": 1}}


def test_two_kinds_with_a_value_in_one_year_go_to_quarantine():
    table = read('9001032;"W (2)";7;\n9001033;"W (3)";8;\n9001011;"A (1)";1;\n')
    assert list(cells(table)) == [("900101", 2021)]
    assert table.quarantine["value"].tolist() == ["7", "8"]
    assert table.quarantine["unit_code"].tolist() == ["9001032", "9001033"]
    assert table.quarantine["row"].tolist() == [2, 3]


def test_a_row_repeated_with_the_same_value_is_said():
    table = read('9001011;"A (1)";7;\n9001011;"A (1)";7;\n')
    assert len(table.rows) == 1
    assert "powtórzone" in table.warnings[0]


def test_nothing_unreadable_is_lost():
    table = read('razem;"Razem";7;\n9001011;"A (1)";bd.;\n9001022;"B (2)";3;\n9001044;"C (4)";?;\n')
    held = table.quarantine
    assert list(zip(held["row"], held["unit_code"], held["value"], strict=True)) == [
        (2, "razem", "7"),
        (3, "9001011", "bd."),
    ]
    assert held["year"].tolist() == [2021, 2021]
    assert held["variable"].tolist() == ["ogółem [zł]"] * 2
    assert all(held["reason"])
    assert table.parts["town_part"] == {"unreadable": 1}
    assert len(table.rows) == 1


def test_lost_zeros_are_repaired_with_a_warning():
    table = read('201011;"Bolesławiec (1)";7;\n1261011;"Kraków (1)";8;\n')
    assert [code for code, _ in cells(table)] == ["020101", "126101"]
    assert any("przywrócono zera" in warning for warning in table.warnings)


def test_a_broken_row_is_in_quarantine():
    good = "".join(f'9001{n}1;"x (1)";{n};\n' for n in range(10, 40))
    table = read('9001011;"A (1)";7;8;\n' + good)
    assert table.quarantine["row"].tolist() == [2]
    assert "5 kolumn" in table.quarantine["reason"][0]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ('"Kod";"Nazwa";"ogółem";\n', "Nagłówek"),
        ('"Kod";"Nazwa";"ogółem;2021;[zł]";"ogółem;2021;[zł]";\n', "powtarzają się"),
    ],
)
def test_wrong_headers(header, said):
    body = '9001011;"A (1)";7;\n' if header.count("2021") < 2 else '9001011;"A (1)";7;8;\n'
    with pytest.raises(UnreadableFileError, match=said):
        read(body, header)


# --- real files: counts measured on the bytes of shared/data/bdl_exports ---------------------

REAL = [
    # file, rows of observations, levels, parts
    ("FINA_1535_CTAB_20220930202358.csv", 314, {"powiat": 314}, {}),
    ("Doctors.csv", 397, {"country": 1, "voivodeship": 16, "powiat": 380}, {}),
    ("KULT_3881_CTAB_20220211231432.csv", 5 * 380, {"powiat": 380}, {}),
    ("TRAN_3164_CTAB_20220211231704.csv", 378, {"powiat": 378}, {}),
    ("TURY_3186_CTAB_20220211230207.csv", 379, {"powiat": 379}, {}),
    ("Employed_persons_by_level_of_education.csv", 4 * 34, {"voivodeship": 16, "powiat": 18}, {}),
    (
        "Density_of_population.csv",
        1 + 16 + 380 + 2477,
        {"country": 1, "voivodeship": 16, "powiat": 380, "gmina": 2477},
        {"town_part": 652, "rural_part": 652, "district": 18},
    ),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "rows", "levels", "parts"), REAL)
def test_real_exports(shared_data, name, rows, levels, parts):
    path = shared_data / "bdl_exports" / "ctab" / name
    table = read_ctab(path.read_bytes(), ";", name)
    assert len(table.rows) == rows
    found = table.rows.drop_duplicates(["level", "unit_code"])["level"].value_counts()
    assert found[found > 0].to_dict() == levels
    assert {kind: sum(flags.values()) for kind, flags in table.parts.items()} == parts
    assert table.quarantine.empty


@pytest.mark.real_data
def test_real_unemployed_across_a_change_of_kind(shared_data):
    """RYNE_1944: 4 434 rows by 22 years; 0202031 to 2015, 0202033 from 2016 are one gmina."""
    name = "RYNE_1944_CTAB_20250616184618.csv"
    path = shared_data / "bdl_exports" / "ctab" / name
    table = read_ctab(path.read_bytes(), ";", name)
    assert len(table.rows) == (1 + 16 + 380 + 2481) * 22
    assert table.rows["flag"].value_counts()[["ok", "no_data"]].tolist() == [63239, 77]
    (warning,) = table.warnings
    assert warning.startswith("gminy, które zmieniły rodzaj")
    assert warning.endswith("połączono w jeden szereg: 134")
    for part in ("town_part", "rural_part"):
        assert table.parts[part] == {"ambiguous_zero": 9566, "no_data": 2094, "ok": 3982}
    changed = table.rows[table.rows["unit_code"] == "020203"]
    assert changed["year"].is_unique
    assert changed["value"].notna().all()
    assert len(changed) == 22


@pytest.mark.real_data
def test_real_gminy_add_up_to_their_powiaty(shared_data):
    name = "RYNE_1944_CTAB_20250616184618.csv"
    path = shared_data / "bdl_exports" / "ctab" / name
    rows = read_ctab(path.read_bytes(), ";", name).rows
    gminy = rows[rows["level"] == "gmina"]
    sums = gminy.groupby([gminy["unit_code"].astype(str).str[:4], "year"])["value"].sum()
    powiaty = rows[rows["level"] == "powiat"].dropna(subset="value")
    told = powiaty.set_index([powiaty["unit_code"].astype(str), "year"])["value"]
    assert len(told) == 8350
    assert (sums.loc[told.index].to_numpy() == told.to_numpy()).all()
