"""The land of the size of a country: its units at full size, its data at a fiftieth."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import ParameterError
from smup_lib.snapshots import Snapshot, check_snapshot, current_id
from smup_lib.snapshots.store import find_sample
from smup_lib.sources.sample import LABEL, make_national, plan_national
from smup_lib.sources.sample.filler import is_filler
from smup_lib.sources.sample.national import ROWS
from smup_lib.sources.sample.national_units import COUNTRY, make_units
from smup_lib.teryt import is_fictional_code, level_of, parse_unit_code
from smup_lib.units import load_register
from tests.unit_counts import count_units

SHARE, WANTED = 0.02, 300_000


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """A fiftieth of the country; making it is what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(tmp_path_factory.mktemp("national")))
        yield make_national(SHARE, WANTED)


def test_the_country_has_as_many_units_as_there_are():
    units = make_units(COUNTRY)
    kinds = Counter(unit.kind for unit in units.gminy)
    assert len(units.gminy) == 2479
    assert kinds["city_with_powiat_rights"] == len(units.hosts) == 66
    assert len(units.powiaty) - 66 == 314
    assert kinds["rural"] > kinds["urban_rural"] > kinds["urban"]
    codes = [unit.code for unit in units.register]
    assert len(set(codes)) == len(codes)
    assert all(is_fictional_code(code) and parse_unit_code(code).code == code for code in codes)
    assert {code[:4] for code in codes if len(code) == 6} == {p.code for p in units.powiaty}


def test_names_of_the_country_are_borne_by_several_units():
    units = make_units(COUNTRY)
    names = Counter(unit.name for unit in units.gminy)
    assert 100 < sum(times > 1 for times in names.values()) < 500
    assert len({p.name for p in units.powiaty}) == len(units.powiaty)
    name = {unit.code: unit.name for unit in units.gminy}
    assert all(name[town] == name[around] for town, around in units.rings.items())


def test_no_unit_bears_the_name_of_a_real_one(shared_data: Path):
    real = set()
    for path in sorted((shared_data / "teryt").glob("TERC_*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            real |= {row["NAZWA"].casefold() for row in csv.DictReader(file, delimiter=";")}
    assert not {unit.name.casefold() for unit in make_units(COUNTRY).register} & real


def test_the_plan_of_the_country_tells_fifty_million_rows():
    plan = plan_national()
    assert plan.rows == pytest.approx(ROWS, rel=0.001)
    assert 0 < plan.filler < plan.rows
    assert "2\u00a0479" in plan.render()
    assert "fikcyjne" in plan.render()


def test_the_land_is_what_was_planned(land):
    plan = plan_national(SHARE, WANTED)
    gminy, cities, powiaty = count_units(load_register(land))
    assert (gminy, cities, powiaty) == (plan.gminy, plan.cities, plan.powiaty)
    assert land.manifest.counts["observations"] == pytest.approx(plan.rows, rel=0.01)
    assert current_id() == land.id
    check_snapshot(land)


def test_the_same_land_again_has_the_same_id(land, tmp_path, monkeypatch):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path))
    steps: list[tuple[int, int, str]] = []
    assert make_national(SHARE, WANTED, lambda *told: steps.append(told)).id == land.id
    done, total, _ = steps[-1]
    assert [step[0] for step in steps] == list(range(total + 1))
    assert done == total


def test_it_is_fictional_and_not_the_land_of_the_lessons(land):
    assert land.fictional
    assert all(LABEL in source.title for source in land.manifest.sources.values())
    assert all(map(is_fictional_code, land.table("units")["unit_code"]))
    assert find_sample() is None
    (publisher,) = (p for p in load_catalogue().publishers.values() if p.fictional)
    assert "national:" in publisher.datasets


def test_filler_only_enlarges_the_store(land):
    filler = {name for name in land.observations()["variable"].unique() if is_filler(name)}
    assert filler
    assert not filler & set(load_catalogue().variables)
    (source,) = (s for s in land.manifest.sources.values() if s.dataset == "national:filler")
    assert set(source.variables) == filler


def test_published_rates_are_made_of_the_numbers_beside_them(land):
    rows = land.observations(variables=["population", "area_km2", "population_density"])
    table = rows.pivot(index=["unit_code", "year"], columns="variable", values="value").dropna()
    assert len(table) > 50
    density = table["population"] / table["area_km2"]
    assert np.abs(density - table["population_density"]).max() <= 0.5


def test_every_unit_has_one_piece_of_land_and_a_neighbour(land):
    boundaries = land.table("boundaries")
    register = land.table("units")
    for level in ("gmina", "powiat", "voivodeship"):
        layer = boundaries[boundaries["level"] == level]
        known = register[(register["level"] == level) & (register["unit_code"].str.len() < 7)]
        assert set(layer["unit_code"]) == set(known["unit_code"])
        shapes = shapely.from_wkb(layer["geometry"].to_numpy())
        assert set(shapely.get_type_id(shapes)) == {shapely.GeometryType.POLYGON}
        assert shapely.coverage_is_valid(shapes)
    gminy = {code for code in boundaries["unit_code"] if level_of(code) == "gmina"}
    assert gminy <= set(land.table("borders")["unit_code"])
    assert set(land.table("outlines")["unit_code"]) == set(boundaries["unit_code"])


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5, float("nan")])
def test_a_part_that_is_none_is_refused(share):
    with pytest.raises(ParameterError, match="--scale"):
        plan_national(share)
