"""Ids of the Local Data Bank, as tables and as a property."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smup_lib.errors import UnitError
from smup_lib.sources.bdl_codes import parse_bdl_id
from smup_lib.teryt import FICTIONAL_VOIVODESHIPS, REAL_VOIVODESHIPS

# Checked on all TERC codes of 2024 (sources.md 2.5).
KNOWN = [
    ("011212001011", "gmina", "120101", "urban"),
    ("011212001042", "gmina", "120104", "rural"),
    ("011212161011", "gmina", "126101", "city_with_powiat_rights"),
    ("071412865011", "gmina", "146501", "city_with_powiat_rights"),
    ("023016121132", "gmina", "302113", "rural"),
    ("011212001000", "powiat", "1201", "land_powiat"),
    ("042815403000", "powiat", "2803", "land_powiat"),
    ("011200000000", "voivodeship", "12", "voivodeship"),
    ("023000000000", "voivodeship", "30", "voivodeship"),
    ("011210000000", "region", None, None),
    ("011212000000", "subregion", None, None),
    ("010000000000", "macroregion", None, None),
    ("000000000000", "country", "00", "country"),
    ("023016121132-0594117", "locality", "302113", None),
    ("011212001044", "part", "1201044", "town_part"),
    ("071412865028", "part", "1465028", "district"),
]


@pytest.mark.parametrize(("bdl_id", "level", "code", "kind"), KNOWN)
def test_known_ids(bdl_id, level, code, kind):
    unit = parse_bdl_id(bdl_id)
    assert (unit.level, unit.unit_code, unit.kind) == (level, code, kind)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "11212001011",  # a zero is missing: repaired per column, never here
        "0112120010110",
        "01121200101x",
        "010012001011",  # a powiat without a voivodeship
        "011200001011",  # digits after an empty region
        "011212210001",  # gmina 00 with a kind
        "011212001017",  # no such kind
        "011312001011",  # no such voivodeship
        "011212001000-0594117",  # a locality of a powiat
    ],
)
def test_ids_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(UnitError):
        parse_bdl_id(wrong)


@settings(deadline=None)
@given(
    macroregion=st.integers(1, 7),
    voivodeship=st.sampled_from(sorted(REAL_VOIVODESHIPS | FICTIONAL_VOIVODESHIPS)),
    region=st.integers(1, 9),
    subregion=st.integers(1, 99),
    powiat=st.integers(1, 59),
    gmina=st.integers(1, 99),
    kind=st.sampled_from("123"),
)
def test_every_id_leads_to_the_teryt_code_inside_it(
    macroregion, voivodeship, region, subregion, powiat, gmina, kind
):
    head = f"{macroregion:02d}{voivodeship}{region}{subregion:02d}"
    whole = parse_bdl_id(f"{head}{powiat:02d}{gmina:02d}{kind}")
    assert whole.unit_code == f"{voivodeship}{powiat:02d}{gmina:02d}"
    assert parse_bdl_id(f"{head}{powiat:02d}000").unit_code == f"{voivodeship}{powiat:02d}"
    assert parse_bdl_id(f"{head}00000").level == "subregion"
    assert parse_bdl_id(f"{macroregion:02d}{voivodeship}{region}0000000").level == "region"
    assert parse_bdl_id(f"{macroregion:02d}{voivodeship}00000000").unit_code == voivodeship


@settings(deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12))
def test_any_twelve_digits_are_read_or_refused_in_words(digits):
    try:
        unit = parse_bdl_id(digits)
    except UnitError as error:
        assert error.what
    else:
        areas = ("macroregion", "region", "subregion")
        assert (unit.unit_code is None) == (unit.level in areas)


@pytest.mark.real_data
def test_real_list_of_gmina_ids(shared_data):
    """bdl_api/gmina_teryt_codes.txt: 4 180 ids, of which four name gmina 00 (historical)."""
    ids = (shared_data / "bdl_api" / "gmina_teryt_codes.txt").read_text().split()
    read, refused = [], []
    for bdl_id in ids:
        try:
            read.append(parse_bdl_id(bdl_id))
        except UnitError:
            refused.append(bdl_id)
    assert len(ids) == 4180
    assert refused == ["011212210001", "030210216001", "040416710001", "071412831001"]
    kinds = [unit.kind for unit in read]
    assert kinds.count("rural") == 1638
    assert (
        kinds.count("urban_rural") == kinds.count("town_part") == kinds.count("rural_part") == 731
    )
    assert kinds.count("urban") + kinds.count("city_with_powiat_rights") == 330 - 4
    assert kinds.count("district") == 19
