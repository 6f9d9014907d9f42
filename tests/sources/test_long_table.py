"""The plain long table."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.long_table import read_long_table
from tests.sources.twins import LIBRARY, PANEL


def read(*rows: str, header: str = "unit_code,year,variable,value"):
    return read_long_table("\n".join([header, *rows, ""]).encode(), ",", "plik.csv")


def test_panel_twin():
    table = read_long_table(PANEL.read_bytes(), ",", PANEL.name)
    assert len(table.rows) == 5
    assert table.official
    assert set(table.rows["origin"]) == {"GUS BDL", "MF"}
    zero = table.rows[table.rows["unit_code"] == "9002"]
    assert zero[["value", "flag"]].to_numpy().tolist() == [[0.0, "ok"]]
    assert table.rows["decimals"].tolist() == [1, 0, 0, 2, 1]


def test_own_table_with_flags():
    table = read_long_table(LIBRARY.read_bytes(), ";", LIBRARY.name)
    assert not table.official
    assert table.rows["flag"].tolist() == ["ok", "missing_or_secret", "ok", "ok"]
    assert table.rows["qualifiers"].tolist() == ["", "", "preliminary", ""]
    assert table.rows["value"].tolist()[2] == 7250
    assert any("uwagi" in warning for warning in table.warnings)


def test_a_publisher_that_is_not_official_makes_a_table_ones_own():
    header = "unit_code,year,variable,value,source"
    assert not read("9001,2020,x,1,Urząd Gminy", header=header).official
    assert read("9001,2020,x,1,GUS BDL", header=header).official


@pytest.mark.parametrize(
    ("value", "flag", "expected"),
    [
        ("5", "", "ok"),
        ("", "", "no_data"),
        ("0", "true_zero", "true_zero"),
        ("", "missing_or_secret", "missing_or_secret"),
        ("5", "missing_or_secret", None),
        ("", "ok", None),
        ("3", "true_zero", None),
        ("5", "dobra", None),
    ],
)
def test_flags(value, flag, expected):
    table = read(
        f"9001,2020,population,{value},{flag}", header="unit_code,year,variable,value,flag"
    )
    assert table.rows["flag"].tolist() == ([expected] if expected else [])
    assert len(table.quarantine) == (expected is None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("razem,2020,population,1", "kod"),
        ("9001,dwa,population,1", "rok"),
        ("9001,1800,population,1", "rok"),
        ("9001,2020,,1", "zmiennej"),
        ("9001,2020,population,brak", "liczby"),
    ],
)
def test_rows_that_cannot_be_read_wait_with_a_reason(row, said):
    table = read(row, "9001,2021,population,5")
    assert len(table.rows) == 1
    (reason,) = table.quarantine["reason"]
    assert said in reason
    assert table.quarantine["row"].tolist() == [2]


def test_repeated_and_contradicting_rows():
    table = read("9001,2020,a,1", "9001,2020,a,1", "9001,2021,a,1", "9001,2021,a,2")
    assert table.rows["year"].tolist() == [2020]
    assert table.quarantine["year"].tolist() == [2021, 2021]
    assert any("powtórzone" in warning for warning in table.warnings)


def test_parts_are_counted_and_left_out():
    table = read("9001034,2020,a,1", "900103,2020,a,3")
    assert table.rows["unit_code"].tolist() == ["900103"]
    assert table.parts == {"town_part": {"ok": 1}}


def test_lost_zeros():
    table = read("201,2020,a,1", "1261,2020,a,2")
    assert table.rows["unit_code"].tolist() == ["0201", "1261"]
    assert any("201 → 0201" in warning for warning in table.warnings)


@pytest.mark.parametrize(
    "header", ["unit_code,year,variable", "unit_code,year,variable,value,value"]
)
def test_wrong_headers(header):
    with pytest.raises(UnreadableFileError):
        read(",".join("1" * (header.count(",") + 1)), header=header)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "rows", "units", "variables", "origins"),
    [
        ("powiat", 415288, 382, 113, {"GUS", "GUS BDL", "MF"}),
        ("gmina", 75565, 2481, 10, {"GUS BDL", "MF"}),
    ],
)
def test_real_panels(shared_data, name, rows, units, variables, origins):
    file = InputFile(shared_data / "panels" / f"{name}_panel_long.csv.gz")
    table = read_long_table(file.read(), ",", file.name)
    assert len(table.rows) == rows
    assert table.quarantine.empty
    assert table.rows["unit_code"].nunique() == units
    assert table.rows["variable"].nunique() == variables
    assert set(table.rows["origin"]) == origins
    assert table.official
    assert table.rows["value"].notna().all()
