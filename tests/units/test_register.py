"""Which units exist in a year, of what kind, under what name."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.catalogue.changes import changes_frame
from smup_lib.errors import UnitError, UnknownUnitError
from smup_lib.snapshots import load_snapshot
from smup_lib.teryt import PART_KINDS, is_city_code
from smup_lib.units import Register, load_register
from smup_lib.units.unit import UNIT_COLUMNS
from tests.unit_counts import count_units


@pytest.mark.parametrize(
    ("year", "gminy", "cities", "land_powiaty"),
    [
        (2011, 16, 1, 3),  # Olchy still there
        (2012, 15, 1, 3),
        (2016, 15, 1, 3),
        (2017, 14, 1, 3),  # Kłosowo joined the city
        (2018, 14, 2, 3),  # Dębno became a city with powiat rights
        (2019, 13, 2, 3),  # Mokre divided
        (2020, 13, 2, 3),
        (2021, 14, 2, 3),  # Zalesie Dolne split off
        (2024, 14, 2, 3),
        (2030, 14, 2, 3),
    ],
)
def test_counts_follow_the_events(
    land: Register, year: int, gminy: int, cities: int, land_powiaty: int
) -> None:
    assert count_units(land, year) == (gminy, cities, land_powiaty)
    assert len(land.units("gmina", year)) == gminy
    assert len(land.units("powiat", year)) == cities + land_powiaty


def test_a_city_is_one_row_on_each_level_and_its_parts_are_on_none(land: Register) -> None:
    gminy, powiaty = land.units("gmina"), land.units("powiat")
    assert tuple(gminy.columns) == UNIT_COLUMNS
    assert gminy["unit_code"].is_unique
    assert powiaty["unit_code"].is_unique
    assert gminy.loc[gminy["name"].eq("Lipów"), "kind"].tolist() == [
        "rural",
        "city_with_powiat_rights",
    ]
    assert powiaty.loc[powiaty["name"].eq("Lipów"), "unit_code"].tolist() == ["9061"]
    kinds = set(gminy["kind"]) | set(powiaty["kind"])
    assert not kinds & PART_KINDS
    assert [part.code for part in land.parts("9061")] == ["9061029"]
    assert [part.kind for part in land.parts("900203")] == ["town_part", "rural_part"]
    assert land.parts("900201") == ()


def test_kind_and_name_are_dated(land: Register) -> None:
    assert [land.unit("900102", year).kind for year in (2011, 2019, 2020, 2024)] == [
        "rural",
        "rural",
        "urban_rural",
        "urban_rural",
    ]
    assert [land.unit("900104", year).name for year in (2021, 2022)] == [
        "Stare Błota",
        "Nowe Błota",
    ]
    assert land.unit("900102").kind == "urban_rural"
    kinds = land.units("gmina", 2019, kinds=["urban_rural"])["unit_code"].tolist()
    assert kinds == ["900203", "920106"]


def test_two_registers_that_differ_without_an_event_date_the_change_by_the_later_one() -> None:
    rows = [
        {"kind": "rural", "name": "Brzezie", "state_date": "2020-01-01"},
        {"kind": "urban_rural", "name": "Brzezie", "state_date": "2023-01-01"},
    ]
    fixed = {"unit_code": "900101", "level": "gmina", "name_extra": "", "source": "test"}
    register = Register(pd.DataFrame([{**fixed, **row} for row in rows]), changes_frame([]))
    assert [register.unit("900101", year).kind for year in (2022, 2023)] == ["rural", "urban_rural"]


@pytest.mark.parametrize(
    ("code", "label", "short"),
    [
        ("9061", "Lipów – miasto na prawach powiatu (9061)", "Lipów"),
        ("906101", "Lipów – miasto na prawach powiatu (906101)", "Lipów (miasto)"),
        ("900101", "gmina Lipów – wiejska (900101)", "Lipów (gm. wiejska)"),
        ("900202", "gmina Jawor – wiejska (900202)", None),
        ("9002", "powiat brzeski (9002)", "powiat brzeski (lipowskie)"),
        ("9001", "powiat lipowski (9001)", "powiat lipowski"),
        ("90", "województwo lipowskie (90)", "lipowskie"),
        ("900103", "gmina Kłosowo – wiejska (900103), do 2016 r.", None),
        ("900206", "gmina Olchy – wiejska (900206), do 2011 r.", None),
    ],
)
def test_labels(land: Register, code: str, label: str, short: str | None) -> None:
    assert land.label(code) == label
    if short:
        assert land.unit(code).short_label == short


def test_short_labels_are_unique_within_a_level(land: Register) -> None:
    for level in ("gmina", "powiat", "voivodeship"):
        for year in (2011, 2019, 2024):
            frame = land.units(level, year)
            assert frame["short_label"].is_unique
            assert frame["label"].is_unique


def test_a_historical_unit_is_known_in_its_years_only(land: Register) -> None:
    assert land.unit("900205", 2018).name == "Mokre"
    assert land.unit("900205").last_year == 2018
    assert land.years_of("900204") == (2021, None)
    with pytest.raises(UnknownUnitError, match=r"istniała do 2018 r\., od 2019 r\.") as caught:
        land.unit("900205", 2019)
    assert "900201 (Jawor) i 900202 (Jawor)" in caught.value.what
    with pytest.raises(UnknownUnitError, match=r"istnieje od 2021 r\.; wcześniej"):
        land.unit("900204", 2020)
    with pytest.raises(UnknownUnitError, match="nie zna"):
        land.unit("900299")


def test_a_year_before_the_first_register_says_so(land: Register) -> None:
    note = land.vintage(2012)
    assert not note.exact
    assert note.state_date == "2015-01-01"
    assert "cofnięto znane zmiany" in note.text
    assert land.vintage(2019).exact
    assert land.vintage(2019).state_date == "2015-01-01"
    assert land.vintage().state_date == "2024-01-01"


def test_an_unknown_level_is_refused(land: Register) -> None:
    with pytest.raises(UnitError):
        land.units("miasto")


def test_an_empty_register_is_refused(land_changes: pd.DataFrame) -> None:
    columns = ["unit_code", "level", "kind", "name", "name_extra", "state_date", "source"]
    with pytest.raises(UnitError, match="pusty"):
        Register(pd.DataFrame(columns=columns), land_changes)


def test_the_sample_land_counts_its_units_once(sample_home: Path) -> None:
    snapshot = load_snapshot()
    register = load_register(snapshot)
    assert load_register(load_snapshot()) is register
    gminy, cities, land_powiaty = count_units(register)
    assert register.fictional
    assert gminy >= 130
    assert cities >= 3
    assert land_powiaty + cities >= 12
    units = snapshot.table("units")
    newest = units[units["state_date"] == units["state_date"].max()]
    assert gminy == newest["unit_code"].str.len().eq(6).sum()
    assert count_units(register, 2014)[0] == gminy  # one merge and one split since


# -- the country -----------------------------------------------------------------------------------


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("year", "gminy", "cities", "land_powiaty"),
    [
        (2001, 2477, 65, 308),
        (2002, 2478, 66, 314),
        (2009, 2478, 65, 314),
        (2010, 2479, 65, 314),
        (2013, 2479, 66, 314),
        (2015, 2478, 66, 314),
        (2019, 2477, 66, 314),
        (2024, 2477, 66, 314),
        (2025, 2479, 66, 314),
        (2026, 2479, 66, 314),
    ],
)
def test_counts_of_the_country(
    poland: Register, year: int, gminy: int, cities: int, land_powiaty: int
) -> None:
    assert count_units(poland, year) == (gminy, cities, land_powiaty)
    assert len(poland.codes("voivodeship", year)) == 16


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("year", "urban", "rural", "urban_rural"),
    [
        (2010, 306, 1576, 597),
        (2023, 302, 1498, 677),
        (2024, 302, 1464, 711),
        (2026, 302, 1453, 724),
    ],
)
def test_kinds_of_gminy(
    poland: Register, year: int, urban: int, rural: int, urban_rural: int
) -> None:
    kinds = pd.Series(poland.kinds("gmina", year)).value_counts()
    assert kinds["urban"] + kinds["city_with_powiat_rights"] == urban
    assert (kinds["rural"], kinds["urban_rural"]) == (rural, urban_rural)


@pytest.mark.real_data
def test_every_unit_of_the_panels_is_known_in_the_years_of_its_data(
    poland: Register, shared_data: Path
) -> None:
    types = {"unit_code": "str"}
    for level in ("gmina", "powiat"):
        path = shared_data / "panels" / f"{level}_panel_long.csv.gz"
        panel = pd.read_csv(path, dtype=types, usecols=["unit_code", "year"]).drop_duplicates()
        if level == "powiat":
            # before 1999 the figures stand under the division of 1999
            panel = panel[panel["year"] >= 1999]
        absent = [
            (code, year)
            for code, year in panel.itertuples(index=False)
            if not poland.exists(code, year)
        ]
        assert absent == []


@pytest.mark.real_data
def test_kinds_before_the_first_register_agree_with_the_boundary_layer(
    poland: Register, shared_data: Path
) -> None:
    # the seventh digit of the layer is the kind of some year; 2019 is the one that fits everywhere
    layer = json.loads((shared_data / "boundaries" / "poland.municipalities.json").read_bytes())
    codes = {f["properties"]["terc"][:6]: f["properties"]["terc"][6] for f in layer["features"]}
    kinds = poland.kinds("gmina", 2019)
    digit = {"urban": "1", "city_with_powiat_rights": "1", "rural": "2", "urban_rural": "3"}
    assert {code: digit[kind or ""] for code, kind in kinds.items()} == codes


@pytest.mark.real_data
def test_warszawa_and_walbrzych(poland: Register) -> None:
    assert poland.label("146501") == "Warszawa – miasto na prawach powiatu (146501)"
    assert poland.label("1465") == "Warszawa – miasto na prawach powiatu (1465)"
    assert len([p for p in poland.parts("146501") if p.kind == "district"]) == 18
    assert poland.exists("0263", 2002)
    assert not poland.exists("0263", 2003)
    assert poland.exists("022109", 2012)
    assert not poland.exists("0265", 2012)
    assert poland.exists("026501", 2013)
    assert poland.exists("1431", 2001)
    assert not poland.exists("1431", 2002)


@pytest.mark.real_data
def test_no_part_is_ever_counted(poland: Register) -> None:
    codes = poland.codes("gmina", 2026)
    assert all(not is_city_code(code) or code.endswith("01") for code in codes)
    assert len(poland.all_parts()) > 1400
