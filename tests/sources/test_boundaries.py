"""Boundaries, borders and outlines."""

from __future__ import annotations

import json
import sys

import numpy as np
import pandas as pd
import pytest
import shapely

from smup_lib.errors import UnreadableFileError
from smup_lib.snapshots import load_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.borders import compute_borders, compute_outlines
from smup_lib.sources.boundaries import layer_year, read_boundaries, transformed
from smup_lib.sources.terc import read_terc
from tests.sources.twins import CTAB, GEOJSON, TERC_2022, TERC_2024, TOPOJSON


def table(layer, year: int = 2024) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_code": layer.codes,
            "level": layer.levels,
            "year": year,
            "geometry": shapely.to_wkb(layer.geometry),
            "source": "boundaries:x@00000000",
        }
    )


def square(code: str, x: float, y: float, side: float = 0.1, **other: str) -> dict[str, object]:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"TERYT": code, **other}, "geometry": geometry}


def collection(*features: dict[str, object]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture(scope="module")
def layer():
    return read_boundaries(GEOJSON.read_bytes(), GEOJSON.name)


def test_twin(layer):
    codes = ["900101", "900102", "906101", "900103", "900201", "900202", "920101"]
    assert list(layer.codes) == codes
    assert set(layer.levels) == {"gmina"}
    assert layer.kinds["900103"] == "3"
    assert layer.left_out == ()


def test_topojson_tells_the_same(layer):
    topo = read_boundaries(TOPOJSON.read_bytes(), TOPOJSON.name)
    assert topo.codes == layer.codes
    assert shapely.equals(topo.geometry, layer.geometry).all()


@pytest.mark.parametrize("name", ["terc", "TERYT", "JPT_KOD_JE", "Terc"])
def test_names_of_the_code(name):
    feature = square("9001011", 18, 52)
    feature["properties"] = {name: "9001011", "inne": 1}
    assert read_boundaries(collection(feature), "x").codes == ("900101",)


@pytest.mark.parametrize(
    ("code", "level"), [("90", "voivodeship"), ("9001", "powiat"), ("900101", "gmina")]
)
def test_levels(code, level):
    assert read_boundaries(collection(square(code, 18, 52)), "x").levels == (level,)


def test_what_is_no_unit_is_left_out_with_a_reason():
    empty = square("9001022", 18, 52)
    empty["geometry"] = None
    layer = read_boundaries(
        collection(
            square("9001011", 18, 52), square("9001034", 19, 52), square("", 18, 53), empty,
            square("9001012", 20, 52),
        ),
        "x",
    )  # fmt: skip
    assert layer.codes == ("900101",)
    assert [code for code, _ in layer.left_out] == ["9001034", "", "9001022", "9001012"]
    assert all(reason for _, reason in layer.left_out)


@pytest.mark.parametrize("swap", [False, True])
def test_the_polish_grid_is_turned_into_degrees(layer, swap):
    plane = transformed(layer.geometry, 4326, 2180)
    if swap:
        north_east = np.array([370_000, 150_000])
        # a layer of the north-east: as easting and northing it would lie outside Poland
        plane = shapely.transform(plane, lambda points: points + north_east)
        plane = shapely.transform(plane, lambda points: points[:, ::-1])
    features = [
        {
            "type": "Feature",
            "properties": {"terc": code},
            "geometry": shapely.geometry.mapping(shape),
        }
        for code, shape in zip(layer.codes, plane, strict=True)
    ]
    turned = read_boundaries(collection(*features), "x")
    assert "EPSG:2180" in turned.warnings[0]
    assert ("osie były w pliku zamienione" in turned.warnings[0]) == swap
    bounds = shapely.total_bounds(turned.geometry)
    assert 14 < bounds[0] < bounds[2] < 25
    assert 49 < bounds[1] < bounds[3] < 55
    if not swap:
        assert shapely.equals_exact(turned.geometry, layer.geometry, 1e-7).all()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"type": "FeatureCollection", "features": [', "ucięty"),
        (b'{"type": "FeatureCollection", "features": []}', "żadnych granic"),
        (b'{"type": "Feature"}', "nie są granice"),
        (b"[" * 100_000, "ucięty"),
        (b'{"type": "Topology", "objects": {"a": {}}, "arcs": []}', "TopoJSON"),
        (collection({"type": "Feature", "properties": {"x": 1}, "geometry": None}), "kodów"),
        (
            collection(
                {"type": "Feature", "properties": {"terc": "90"}, "geometry": {"type": "Po"}}
            ),
            "Kształtu",
        ),
        (collection(square("9001", 5e6, 5e6)), "nie leżą w Polsce"),
    ],
)
def test_damaged_layers(content, said):
    with pytest.raises(UnreadableFileError, match=said):
        read_boundaries(content, "x.json")


def test_neighbours_share_a_border_and_not_a_point(layer):
    borders, notes = compute_borders(table(layer))
    pairs = set(zip(borders["unit_code"], borders["neighbour_code"], strict=True))
    assert notes == ()
    assert ("900101", "900102") in pairs
    assert ("900102", "900101") in pairs
    assert ("900101", "900201") not in pairs  # they meet in a corner
    assert ("906101", "920101") not in pairs
    assert len(pairs) == 16
    between = borders.set_index(["unit_code", "neighbour_code"])["border_km"]
    # a tenth of a degree of latitude is 11.12 km, of longitude at 52.1 degrees 6.85 km
    assert between["900101", "900102"] == pytest.approx(11.12, abs=0.01)
    assert between["900101", "900103"] == pytest.approx(6.85, abs=0.01)


def test_a_layer_drawn_carelessly_has_the_same_neighbours(layer):
    moved = np.array(
        [
            shapely.transform(shape, lambda p, n=n: p + 2e-5 * n)
            for n, shape in enumerate(layer.geometry)
        ]
    )
    careless = table(layer).assign(geometry=shapely.to_wkb(moved))
    borders, notes = compute_borders(careless)
    exact, _ = compute_borders(table(layer))
    assert "tolerancją" in notes[0]
    columns = ["unit_code", "neighbour_code"]
    assert borders[columns].to_numpy().tolist() == exact[columns].to_numpy().tolist()


def test_levels_and_years_do_not_mix(layer):
    older = table(layer, 2020)
    powiat = table(read_boundaries(collection(square("9001", 18, 52, 0.2)), "x"))
    borders, _ = compute_borders(pd.concat([older, table(layer), powiat], ignore_index=True))
    assert len(borders) == 16
    assert "9001" not in set(borders["unit_code"])


def test_outlines_are_kilometres_with_shared_borders(layer):
    outlines = compute_outlines(table(layer))
    shapes = shapely.from_wkb(outlines["geometry"].to_numpy())
    left, bottom, right, top = shapely.total_bounds(shapes)
    assert right - left == pytest.approx(4 * 6.87, abs=0.2)
    assert top - bottom == pytest.approx(2 * 11.12, abs=0.3)  # the grid is turned a little
    assert shapely.coverage_is_valid(shapes)
    assert outlines["unit_code"].tolist() == sorted(layer.codes)


def test_year_of_a_layer(layer):
    units = pd.concat(
        [read_terc(path.read_bytes(), ";", path.name).units for path in (TERC_2022, TERC_2024)]
    )
    assert layer_year("x.json", 2021, layer.kinds, units)[0] == 2021
    assert layer_year("granice_2019.json", None, layer.kinds, units)[0] == 2019
    year, said = layer_year("x.json", None, layer.kinds, units)
    assert year == 2024  # Wierzbno is urban-rural since 2024
    assert "import.yaml" in said
    assert layer_year("x.json", None, layer.kinds | {"900103": "2"}, units)[0] == 2022


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "units", "pairs"),
    [("municipalities", 2477, 7050), ("counties", 380, 1003), ("voivodeships", 16, 34)],
)
def test_real_layers(shared_data, name, units, pairs):
    path = shared_data / "boundaries" / f"poland.{name}.json"
    layer = read_boundaries(path.read_bytes(), path.name)
    assert len(layer.codes) == units
    assert layer.left_out == ()
    borders, notes = compute_borders(table(layer, 2021))
    assert notes == ()
    assert len(borders) == 2 * pairs
    assert borders["unit_code"].nunique() == units  # no islands
    assert not set(layer.codes) & {"120713", "200216"}  # created after 2021


@pytest.mark.real_data
def test_real_outlines_keep_shared_borders(shared_data):
    path = shared_data / "boundaries" / "poland.counties.json"
    outlines = compute_outlines(table(read_boundaries(path.read_bytes(), path.name), 2021))
    shapes = shapely.from_wkb(outlines["geometry"].to_numpy())
    assert shapely.coverage_is_valid(shapes)
    left, bottom, right, top = shapely.total_bounds(shapes)
    assert (round(left), round(bottom), round(right), round(top)) == (172, 133, 862, 775)


@pytest.mark.parametrize(
    ("library", "path"), [("pyproj", GEOJSON), ("pyogrio", TOPOJSON), ("shapely", TOPOJSON)]
)
def test_without_a_library_the_other_files_are_read(smup_home, monkeypatch, library, path):
    monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    report = import_paths([TERC_2022, TERC_2024, path, CTAB])
    assert [file.status for file in report.files] == ["read", "read", "refused", "read"]
    assert not report.complete
    assert report.snapshot_id
    assert load_snapshot().table("boundaries").empty
    text = report.render()
    assert f"{path.name}: odrzucony\n  Do wczytania granic brakuje bibliotek: {library}." in text
    assert "pip install 'smup-workbench[geo]'" in text


def test_a_layer_of_one_kind_needs_no_library_of_the_other(smup_home, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyogrio", None)
    report = import_paths([TERC_2022, TERC_2024, GEOJSON])
    assert [file.status for file in report.files] == ["read"] * 3
