"""Codes: every form that is written, every text that is no code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.errors import UnitError
from smup_lib.teryt import (
    FICTIONAL_VOIVODESHIPS,
    KIND_OF_RODZ,
    PART_KINDS,
    REAL_VOIVODESHIPS,
    UnitCode,
    city_gmina_code,
    is_city_code,
    is_fictional_code,
    kind_of_powiat,
    level_of,
    parse_unit_code,
    powiat_of,
    voivodeship_of,
)

voivodeships = st.sampled_from(sorted(REAL_VOIVODESHIPS | FICTIONAL_VOIVODESHIPS))
land_numbers = st.integers(1, 59).map("{:02d}".format)
city_numbers = st.integers(61, 99).map("{:02d}".format)
gmina_numbers = st.integers(1, 99).map("{:02d}".format)
land_powiaty = st.builds(str.__add__, voivodeships, land_numbers)
city_powiaty = st.builds(str.__add__, voivodeships, city_numbers)
land_gminy = st.builds(str.__add__, land_powiaty, gmina_numbers)


@pytest.mark.parametrize(
    ("text", "code", "level", "kind"),
    [
        ("00", "00", "country", "country"),
        ("0000", "00", "country", "country"),
        ("0000000", "00", "country", "country"),
        ("02", "02", "voivodeship", "voivodeship"),
        ("0200", "02", "voivodeship", "voivodeship"),
        ("0200000", "02", "voivodeship", "voivodeship"),
        ("0201", "0201", "powiat", "land_powiat"),
        ("020100", "0201", "powiat", "land_powiat"),
        ("0201000", "0201", "powiat", "land_powiat"),
        ("1465", "1465", "powiat", "city_with_powiat_rights"),
        ("1465000", "1465", "powiat", "city_with_powiat_rights"),
        ("020101", "020101", "gmina", None),
        ("0201011", "020101", "gmina", "urban"),
        ("0201022", "020102", "gmina", "rural"),
        ("0201043", "020104", "gmina", "urban_rural"),
        ("020104_3", "020104", "gmina", "urban_rural"),
        (" 02 01 04 3 ", "020104", "gmina", "urban_rural"),
        ("126101", "126101", "gmina", "city_with_powiat_rights"),
        ("1261011", "126101", "gmina", "city_with_powiat_rights"),
        ("0201044", "0201044", "part", "town_part"),
        ("0201045", "0201045", "part", "rural_part"),
        ("1465028", "1465028", "part", "district"),
        ("1261039", "1261039", "part", "delegation"),
        ("9001022", "900102", "gmina", "rural"),
    ],
)
def test_forms_of_a_code(text: str, code: str, level: str, kind: str | None) -> None:
    assert parse_unit_code(text) == UnitCode(code, level, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "pusty"),
        ("   ", "pusty"),
        ("Kielce", "z samych cyfr"),
        ("12a1", "z samych cyfr"),
        ("١٢", "z samych cyfr"),
        ("1", "liczba cyfr: 1"),
        ("12611", "liczba cyfr: 5"),
        ("12610110", "liczba cyfr: 8"),
        ("071412865011", "Banku Danych Lokalnych"),
        ("03", "nie ma województwa o numerze 03"),
        ("3401", "nie ma województwa o numerze 34"),
        ("99", "nie ma województwa o numerze 99"),
        ("0001", "same zera"),
        ("0200012", "brakuje numeru powiatu"),
        ("0260", "numer powiatu 60 nie istnieje"),
        ("0201001", "brakuje numeru gminy"),
        ("0201010", "nie ma rodzaju 0"),
        ("0201017", "nie ma rodzaju 7"),
        ("146502", "jedną gminę, 146501"),
        ("1465012", "jedyną gminą"),
        ("1465021", "jedyną gminą"),
        ("0201018", "tylko części miast"),
        ("1465019", "tylko części miast"),
    ],
)
def test_a_text_that_is_no_code_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_unit_code(text)
    assert said in caught.value.what
    assert caught.value.expected


@pytest.mark.parametrize("text", ["12610", "126", "26010", "1", "260"])
def test_nothing_is_suggested_where_no_code_can_have_lost_a_zero(text: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_unit_code(text)
    assert "zero" not in str(caught.value)
    assert f"0{text}" not in caught.value.what


@pytest.mark.parametrize(("text", "meant"), [("201", "0201"), ("20101", "020101"), ("2", "02")])
def test_a_lost_leading_zero_is_suggested(text: str, meant: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_unit_code(text)
    assert caught.value.next_step is not None
    assert meant in caught.value.next_step


def test_a_number_is_no_code() -> None:
    with pytest.raises(UnitError, match="liczbą") as caught:
        parse_unit_code(201011)  # type: ignore[arg-type]
    assert "jako tekst" in str(caught.value)


@given(land_gminy, st.sampled_from(sorted(KIND_OF_RODZ)))
def test_every_gmina_code_comes_back_whatever_its_kind(code: str, rodz: str) -> None:
    kind = KIND_OF_RODZ[rodz]
    if kind in ("district", "delegation"):
        with pytest.raises(UnitError):
            parse_unit_code(code + rodz)
        return
    parsed = parse_unit_code(code + rodz)
    assert parsed.kind == kind
    assert parsed.code == (code + rodz if kind in PART_KINDS else code)
    assert level_of(parsed.code) == parsed.level
    assert powiat_of(parsed.code) == code[:4]
    assert voivodeship_of(parsed.code) == code[:2]


@given(st.one_of(voivodeships, land_powiaty, city_powiaty, land_gminy))
def test_parsing_is_idempotent_and_zeros_may_be_filled_in(code: str) -> None:
    parsed = parse_unit_code(code)
    assert parse_unit_code(parsed.code) == parsed
    if len(code) < 6:
        assert parse_unit_code(code.ljust(7, "0")) == parsed


@given(city_powiaty)
def test_a_city_stands_on_two_levels_with_one_kind(code: str) -> None:
    gmina = city_gmina_code(code)
    assert is_city_code(code)
    assert is_city_code(gmina)
    assert powiat_of(gmina) == code
    assert {parse_unit_code(c).kind for c in (code, gmina, gmina + "1")} == {kind_of_powiat(code)}
    assert kind_of_powiat(code) == "city_with_powiat_rights"


@given(land_powiaty)
def test_a_land_powiat_is_no_city(code: str) -> None:
    assert not is_city_code(code)
    assert kind_of_powiat(code) == "land_powiat"
    with pytest.raises(UnitError):
        city_gmina_code(code)


@given(st.text(max_size=14))
def test_any_text_gives_a_canonical_code_or_a_unit_error(text: str) -> None:
    try:
        parsed = parse_unit_code(text)
    except UnitError:
        return
    assert parse_unit_code(parsed.code).code == parsed.code
    assert len(parsed.code) in (2, 4, 6, 7)


@pytest.mark.parametrize("code", ["00", "02"])
def test_units_above_a_powiat_lie_in_none(code: str) -> None:
    with pytest.raises(UnitError):
        powiat_of(code)


def test_the_country_lies_in_no_voivodeship() -> None:
    with pytest.raises(UnitError):
        voivodeship_of("00")
    with pytest.raises(UnitError):
        level_of("12345")


def test_the_fictional_land_is_told_from_the_real_one() -> None:
    assert is_fictional_code("9061")
    assert not is_fictional_code("0201")
    assert not REAL_VOIVODESHIPS & FICTIONAL_VOIVODESHIPS
    assert len(REAL_VOIVODESHIPS) == 16
