"""Boundaries of the fictional land: whole, without holes or overlaps, far from any real land."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from smup_lib.sources.sample.geometry import LAYERS, boundaries_frame, tract_areas_km2
from smup_lib.sources.sample.mesh import to_plane_m
from smup_lib.sources.sample.units import list_tracts, register_of
from smup_lib.teryt import level_of
from tests.sources.sample_tables import open_land

LEVELS = ("gmina", "powiat", "voivodeship")


@pytest.fixture(scope="module")
def boundaries():
    return boundaries_frame()


def layer_of(boundaries, level, year):
    return boundaries[(boundaries["level"] == level) & (boundaries["year"] == year)]


def shapes_of(boundaries, level, year=LAYERS[-1]):
    return shapely.from_wkb(layer_of(boundaries, level, year)["geometry"].to_numpy())


@pytest.mark.parametrize("year", LAYERS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_unit_of_the_year_has_one_piece_of_land(boundaries, level, year):
    codes = layer_of(boundaries, level, year)["unit_code"].tolist()
    assert sorted(codes) == [u.code for u in register_of(year) if level_of(u.code) == level]
    shapes = shapes_of(boundaries, level, year)
    assert set(shapely.get_type_id(shapes)) == {shapely.GeometryType.POLYGON}
    assert shapely.is_valid(shapes).all()


@pytest.mark.parametrize("year", LAYERS)
@pytest.mark.parametrize("level", LEVELS)
def test_units_share_borders_exactly_and_leave_no_gap(boundaries, level, year):
    shapes = shapes_of(boundaries, level, year)
    assert shapely.coverage_is_valid(shapes)
    land = shapely.coverage_union_all(shapes)
    assert land.geom_type == "Polygon"
    assert len(land.interiors) == 0
    assert land.area == pytest.approx(shapely.area(shapes).sum(), rel=1e-9)


@pytest.mark.parametrize("level", ("powiat", "voivodeship"))
def test_higher_levels_are_sums_of_gminy(boundaries, level):
    digits = {"powiat": 4, "voivodeship": 2}[level]
    gminy = layer_of(boundaries, "gmina", LAYERS[-1])
    shapes = shapely.from_wkb(gminy["geometry"].to_numpy())
    owner = gminy["unit_code"].str[:digits].to_numpy()
    for code, whole in zip(
        layer_of(boundaries, level, LAYERS[-1])["unit_code"],
        shapes_of(boundaries, level),
        strict=True,
    ):
        joined = shapely.coverage_union_all(shapes[owner == code])
        assert shapely.area(shapely.symmetric_difference(joined, whole)) < 1e-9


def test_the_land_lies_in_the_ocean_far_from_poland(boundaries):
    west, south, east, north = shapely.total_bounds(shapes_of(boundaries, "voivodeship"))
    # the nearest islands, the Azores, end at 39.8 N and begin at 31.3 W
    assert west > -40
    assert east < -32
    assert south > 43
    assert north < 47


def test_cities_lie_inside_the_land_powiat_they_were_cut_from(boundaries):
    layer = layer_of(boundaries, "powiat", LAYERS[-1]).set_index("unit_code")["geometry"]
    host = shapely.from_wkb(layer["9201"])
    city = shapely.from_wkb(layer["9261"])
    assert len(host.interiors) == 1
    assert shapely.Polygon(host.interiors[0]).equals(city)


def test_areas_are_true_on_the_plane(boundaries):
    gminy = layer_of(boundaries, "gmina", LAYERS[-1])
    on_plane = dict(zip(gminy["unit_code"], shapely.area(to_plane_m(gminy)) / 1e6, strict=True))
    areas = dict(zip([t.code for t in list_tracts()], tract_areas_km2(), strict=True))
    assert on_plane["900101"] == pytest.approx(areas["900101"], rel=1e-3)
    assert on_plane["926301"] == pytest.approx(areas["926301"] + areas["920607"], rel=1e-3)
    assert sum(on_plane.values()) == pytest.approx(sum(areas.values()), rel=1e-4)


def test_borders_are_listed_both_ways_and_join_the_whole_land(sample_home_dir):
    borders = open_land(sample_home_dir).table("borders")
    length = borders.set_index(["unit_code", "neighbour_code"])["border_km"]
    assert (length > 0).all()
    assert all(length[b, a] == km for (a, b), km in length.items())
    gminy = borders[borders["unit_code"].str.len() == 6]
    reached, edge = set(), {"900101"}
    while edge:
        reached |= edge
        edge = set(gminy[gminy["unit_code"].isin(edge)]["neighbour_code"]) - reached
    assert len(reached) == sum(level_of(u.code) == "gmina" for u in register_of(2025))
    assert 4 < gminy.groupby("unit_code").size().mean() < 7


def test_the_border_of_a_city_is_the_outline_it_has_on_the_plane(sample_home_dir, boundaries):
    borders = open_land(sample_home_dir).table("borders")
    powiaty = layer_of(boundaries, "powiat", LAYERS[-1])
    city = to_plane_m(powiaty[powiaty["unit_code"] == "9261"])[0]
    assert set(borders[borders["unit_code"] == "9261"]["neighbour_code"]) == {"9201"}
    km = borders.set_index(["unit_code", "neighbour_code"]).loc[("9261", "9201"), "border_km"]
    assert km == pytest.approx(shapely.length(city) / 1000, abs=0.01)


def test_outlines_are_simple_and_still_share_their_borders(sample_home_dir, boundaries):
    outlines = open_land(sample_home_dir).table("outlines")
    for level in LEVELS:
        simple = shapely.from_wkb(outlines[outlines["level"] == level]["geometry"].to_numpy())
        assert len(simple) == len(shapes_of(boundaries, level))
        points = shapely.get_num_coordinates(shapes_of(boundaries, level)).sum()
        assert shapely.get_num_coordinates(simple).sum() < points
        width = np.ptp(shapely.total_bounds(simple)[[0, 2]])
        assert 150 < width < 350  # kilometres
