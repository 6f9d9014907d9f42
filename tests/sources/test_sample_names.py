"""Names and units of the fictional land: nobody real, everybody needed, every change told."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from smup_lib.sources.sample.units import (
    VINTAGES,
    YEARS,
    gmina_of,
    list_changes,
    list_powiaty,
    list_tracts,
    register_of,
    units_frame,
)
from smup_lib.teryt import is_fictional_code, level_of, parse_unit_code

COUNTED = ("urban", "rural", "urban_rural", "city_with_powiat_rights")


def gminy_of(year: int) -> dict[str, str]:
    return {u.code: u.name for u in register_of(year) if level_of(u.code) == "gmina"}


def test_no_unit_bears_the_name_of_a_real_one(shared_data):
    real = set()
    for path in sorted((shared_data / "teryt").glob("TERC_*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            real |= {row["NAZWA"].casefold() for row in csv.DictReader(file, delimiter=";")}
    assert "bolesławiec" in real
    used = {unit.name.casefold() for year in VINTAGES for unit in register_of(year)}
    assert not used & real


def test_every_code_is_well_formed_and_fictional():
    for unit in register_of(2025):
        parsed = parse_unit_code(unit.code)
        assert parsed.code == unit.code
        assert is_fictional_code(unit.code)


def test_the_land_is_large_enough():
    units = register_of(2025)
    kinds = Counter((level_of(u.code), u.kind) for u in units)
    assert kinds["voivodeship", "voivodeship"] >= 2
    assert {"90", "92"} <= {u.code for u in units}
    assert kinds["powiat", "land_powiat"] >= 12
    assert kinds["powiat", "city_with_powiat_rights"] >= 3
    assert sum(n for (level, _), n in kinds.items() if level == "gmina") >= 130
    assert all(kinds["gmina", kind] > 0 for kind in COUNTED)


def test_parts_stand_beside_their_gmina_and_repeat_nothing():
    units = register_of(2025)
    whole = {u.code for u in units if u.kind == "urban_rural"}
    towns = {u.code[:6] for u in units if u.kind == "town_part"}
    countryside = {u.code[:6] for u in units if u.kind == "rural_part"}
    assert whole == towns == countryside
    delegations = [u.code for u in units if u.kind == "delegation"]
    assert len(delegations) == 3
    assert {code[:4] for code in delegations} == {"9261"}
    assert len({u.code for u in units}) == len(units)


def test_a_city_with_powiat_rights_stands_at_both_levels():
    cities = {u.code for u in list_powiaty() if u.kind == "city_with_powiat_rights"}
    gminy = gminy_of(2025)
    assert {code for code in gminy if code[2:4] >= "61"} == {city + "01" for city in cities}
    extra = units_frame().drop_duplicates("unit_code").set_index("unit_code")["name_extra"]
    assert extra["9061"] == "miasto na prawach powiatu"
    assert extra["906101"] == "gmina miejska"


def test_names_try_the_pages():
    names = [unit.name for unit in register_of(2025)]
    assert max(len(name) for name in names) >= 30
    assert any(" " in name and len(name) >= 25 for name in names)
    assert set("ąćęłńóśźż") <= set("".join(names).casefold())
    assert {"Brzezica", "brzezicki", "olszyńsko-brzezicki"} <= set(names)
    kinds_of = {}
    for unit in register_of(2025):
        if level_of(unit.code) == "gmina":
            kinds_of.setdefault(unit.name, set()).add(unit.kind)
    assert {"urban", "rural"} in kinds_of.values()
    assert {"city_with_powiat_rights", "rural"} in kinds_of.values()


@pytest.mark.parametrize("year", VINTAGES)
def test_a_vintage_lists_each_unit_once(year):
    frame = units_frame()
    vintage = frame[frame["state_date"] == f"{year}-01-01"]
    assert not vintage["unit_code"].duplicated().any()
    assert set(vintage["unit_code"]) == {u.code for u in register_of(year)}


def test_the_register_follows_the_changes():
    assert "920607" in gminy_of(2014)
    assert "920607" not in gminy_of(2015)
    assert "900207" not in gminy_of(2017)
    assert "900207" in gminy_of(2018)
    assert gminy_of(2021)["920106"] == "Łęgobór Wieś"
    assert gminy_of(2022)["920106"] == "Turzyniec"
    kind = {year: {u.code: u.kind for u in register_of(year)} for year in (2019, 2020)}
    assert kind[2019]["900107"] == "rural"
    assert kind[2020]["900107"] == "urban_rural"
    assert "9001074" not in kind[2019]
    assert "9001074" in kind[2020]


def test_every_kind_of_change_is_there():
    assert {change.kind for change in list_changes()} == {
        "merge", "transfer", "split", "status", "rename"
    }  # fmt: skip


def test_tracts_add_up_to_the_gminy_of_every_year():
    tracts = [tract.code for tract in list_tracts()]
    for year in YEARS:
        assert {gmina_of(tract, year) for tract in tracts} == set(gminy_of(year))
