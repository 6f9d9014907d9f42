"""The official register."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.completeness import find_gaps, vintages_of
from smup_lib.sources.terc import read_terc
from tests.sources.test_importing import real
from tests.sources.twins import TERC_2022, TERC_2024, csv_bytes

HEADER = "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\n"


def read(*rows: str):
    return read_terc(csv_bytes(HEADER + "".join(f"{row}\n" for row in rows)), ";", "TERC.csv")


def test_twin():
    register = read_terc(TERC_2024.read_bytes(), ";", TERC_2024.name)
    units = register.units.set_index("unit_code")
    assert register.state_date == "2024-01-01"
    assert register.counts["land_powiat"] == 3
    assert register.counts["city_with_powiat_rights"] == 2  # one city, two levels
    assert units.loc["9061", ["level", "kind"]].tolist() == ["powiat", "city_with_powiat_rights"]
    assert units.loc["906101", ["level", "kind"]].tolist() == ["gmina", "city_with_powiat_rights"]
    assert units.loc["900103", "kind"] == "urban_rural"
    assert units.loc["9001034", ["level", "kind"]].tolist() == ["part", "town_part"]
    assert units.loc["9061029", "kind"] == "delegation"
    assert units.loc["9061038", "kind"] == "district"
    assert units.loc["00", ["level", "name"]].tolist() == ["country", "POLSKA"]
    assert len(units) == 17 + 1


def test_an_older_vintage_has_another_kind_and_another_unit():
    units = read_terc(TERC_2022.read_bytes(), ";", TERC_2022.name).units.set_index("unit_code")
    assert units.loc["900103", "kind"] == "rural"
    assert units.loc["900203", "name"] == "Łąkowo"


def test_numbers_lose_no_zeros():
    register = read("2;;;;DOLNOŚLĄSKIE;województwo;2024-01-01", "2;1;4;3;X;gmina;2024-01-01")
    assert register.units["unit_code"].tolist() == ["00", "02", "020104"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["90;;;;A;województwo;2024-01-01", "90;01;;;B;powiat;2023-01-01"], "STAN_NA"),
        (["90;;;;A;województwo;wczoraj"], "STAN_NA"),
        (["91;XX;;;A;powiat;2024-01-01"], "błędne wiersze"),
        (["90;;;;A;województwo;2024-01-01", "90;;;;B;województwo;2024-01-01"], "więcej niż raz"),
    ],
)
def test_a_register_is_taken_whole_or_not_at_all(rows, said):
    with pytest.raises(UnreadableFileError) as caught:
        read(*rows)
    assert said in str(caught.value)


def cuts(content: bytes, every: int) -> list[bytes]:
    """Return a file cut at ends of rows, more densely near its end."""
    lines = content.rstrip().splitlines(keepends=True)
    ends = {*range(2, len(lines), every), *range(max(2, len(lines) - 10), len(lines))}
    return [b"".join(lines[:end]) for end in sorted(ends)]


def test_a_register_cut_between_two_rows_is_not_whole():
    """Each row is sound, so only what is missing tells: the older register names it."""
    older = vintages_of(read_terc(TERC_2022.read_bytes(), ";", "x").units)
    for content in cuts(TERC_2024.read_bytes(), 1):
        register = read_terc(content, ";", TERC_2024.name)
        (here,) = vintages_of(register.units).values()
        assert find_gaps(register.state_date, here, list(older.items())), content[-60:]


def test_a_first_register_of_the_country_cut_between_two_rows_is_not_whole(tmp_path):
    content = real(tmp_path, TERC_2024).read_bytes()
    whole = read_terc(content, ";", TERC_2024.name)
    (here,) = vintages_of(whole.units).values()
    assert find_gaps("2024-01-01", here, []) == ()
    for cut in cuts(content, 40):
        (here,) = vintages_of(read_terc(cut, ";", TERC_2024.name).units).values()
        assert find_gaps("2024-01-01", here, []), cut[-60:]


REAL = [
    ("2023-02-12", "2023-01-01", 4264, (302, 1498, 677)),
    ("2024-05-09", "2024-01-01", 4332, (302, 1464, 711)),
    ("2026-07-22", "2026-01-01", 4360, (302, 1453, 724)),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("day", "state", "records", "kinds"), REAL)
def test_real_registers(shared_data, day, state, records, kinds):
    path = shared_data / "teryt" / f"TERC_Urzedowy_{day}.csv"
    register = read_terc(path.read_bytes(), ";", path.name)
    counts = register.counts
    assert register.state_date == state
    assert len(register.units) == records + 1  # and the country
    cities = counts["city_with_powiat_rights"] // 2
    assert cities == 66
    assert (counts["urban"] + cities, counts["rural"], counts["urban_rural"]) == kinds
    assert (counts["voivodeship"], counts["land_powiat"]) == (16, 314)
    assert (counts["district"], counts["delegation"]) == (18, 19)
    (here,) = vintages_of(register.units).values()
    assert find_gaps(state, here, []) == ()
    for cut in cuts(path.read_bytes(), 500):
        (here,) = vintages_of(read_terc(cut, ";", path.name).units).values()
        last_is_a_part = cut.rstrip().splitlines()[-1].split(b";")[3] in (b"4", b"5", b"8", b"9")
        assert find_gaps(state, here, []) or last_is_a_part
