"""Who borders on whom, and why somebody's neighbours may not be known."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely

from smup_lib.errors import GroupError
from smup_lib.snapshots import load_snapshot
from smup_lib.sources.borders import compute_borders
from smup_lib.sources.boundaries import read_boundaries
from smup_lib.units import Register, load_register, neighbours_of

# a small map; 900204 (of 2021) has no polygon, nor has anything on voivodeship level
PAIRS = [
    ("900201", "900202", 12.5),
    ("900201", "900203", 3.0),
    ("900202", "900203", 3.0),
    ("900203", "920101", 7.25),
    ("906101", "900101", 20.0),
    ("9001", "9061", 31.0),
    ("9001", "9002", 40.0),
]


@pytest.fixture(scope="module")
def borders() -> pd.DataFrame:
    both = [*PAIRS, *((b, a, km) for a, b, km in PAIRS)]
    return pd.DataFrame(both, columns=["unit_code", "neighbour_code", "border_km"])


def test_the_longest_border_comes_first(land: Register, borders: pd.DataFrame) -> None:
    frame = neighbours_of(land, borders, land.unit("900201"))
    assert frame["unit_code"].tolist() == ["900202", "900203"]
    assert frame["border_km"].tolist() == [12.5, 3.0]
    assert frame["label"].tolist()[0] == "gmina Jawor – wiejska (900202)"


def test_levels_do_not_mix(land: Register, borders: pd.DataFrame) -> None:
    assert neighbours_of(land, borders, land.unit("9001"))["unit_code"].tolist() == ["9002", "9061"]
    assert neighbours_of(land, borders, land.unit("906101"))["unit_code"].tolist() == ["900101"]


def test_same_powiat_only(land: Register, borders: pd.DataFrame) -> None:
    unit = land.unit("900203")
    assert neighbours_of(land, borders, unit)["unit_code"].tolist() == [
        "920101",
        "900201",
        "900202",
    ]
    near = neighbours_of(land, borders, unit, same_powiat=True)
    assert near["unit_code"].tolist() == ["900201", "900202"]
    with pytest.raises(GroupError, match="w tym samym powiecie"):
        neighbours_of(land, borders, land.unit("906101"), same_powiat=True)


def test_units_that_the_layer_lacks_are_told(land: Register, borders: pd.DataFrame) -> None:
    note = neighbours_of(land, borders, land.unit("900203")).attrs["note"]
    assert "Zalesie Dolne" in note
    assert "niepełna" in note
    assert neighbours_of(land, borders, land.unit("906101")).attrs["note"] == ""
    older = neighbours_of(land, borders, land.unit("900201"), year=2018).attrs["note"]
    assert "Mokre" in older


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("900204", "powstała w 2021 r., a granice są starsze; jej obszar jest w: gmina Zalesie"),
        ("900205", "istniała do 2018 r., a granice są nowsze"),
        ("920103", "warstwa granic jej nie zawiera"),
    ],
)
def test_why_neighbours_are_not_known(
    land: Register, borders: pd.DataFrame, code: str, said: str
) -> None:
    with pytest.raises(GroupError) as caught:
        neighbours_of(land, borders, land.unit(code))
    assert said in caught.value.what
    assert caught.value.next_step


def test_without_boundaries_the_next_step_is_an_import(land: Register) -> None:
    none = pd.DataFrame(columns=["unit_code", "neighbour_code", "border_km"])
    with pytest.raises(GroupError, match="nie ma granic") as caught:
        neighbours_of(land, none, land.unit("900201"))
    assert "smup data import" in str(caught.value)


def test_neighbourhood_in_the_sample_land_is_mutual(sample_home: Path) -> None:
    snapshot = load_snapshot()
    register = load_register(snapshot)
    borders = snapshot.table("borders")
    for level in ("gmina", "powiat"):
        found = {
            code: set(neighbours_of(register, borders, register.unit(code))["unit_code"])
            for code in register.codes(level)
        }
        assert all(code in found[other] for code, others in found.items() for other in others)
        assert all(code not in others for code, others in found.items())


@pytest.fixture(scope="module")
def real_borders(shared_data: Path) -> pd.DataFrame:
    """Borders of małopolskie and podlaskie, computed from the official layer."""
    path = shared_data / "boundaries" / "poland.municipalities.json"
    layer = read_boundaries(path.read_bytes(), path.name)
    frame = pd.DataFrame(
        {
            "unit_code": layer.codes,
            "level": layer.levels,
            "year": 2021,
            "geometry": shapely.to_wkb(layer.geometry),
            "source": path.name,
        }
    )
    return compute_borders(frame[frame["unit_code"].str[:2].isin(["12", "20"])])[0]


@pytest.mark.real_data
def test_gminy_without_a_polygon(poland: Register, real_borders: pd.DataFrame) -> None:
    for code, mother in (("120713", "Kamienica"), ("200216", "Supraśl")):
        with pytest.raises(GroupError, match=mother) as caught:
            neighbours_of(poland, real_borders, poland.unit(code))
        assert "powstała w 2025 r." in caught.value.what


@pytest.mark.real_data
def test_neighbours_of_krakow(poland: Register, real_borders: pd.DataFrame) -> None:
    frame = neighbours_of(poland, real_borders, poland.unit("126101"))
    names = {poland.unit(code).name for code in frame["unit_code"]}
    assert {"Skawina", "Wieliczka", "Zielonki", "Niepołomice"} <= names
    assert (frame["border_km"] > 0).all()
    kamienica = neighbours_of(poland, real_borders, poland.unit("120705"), year=2026)
    assert "Szczawa" in kamienica.attrs["note"]
    before = neighbours_of(poland, real_borders, poland.unit("120705"), year=2024)
    assert before.attrs["note"] == ""
