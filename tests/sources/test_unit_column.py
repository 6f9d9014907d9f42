"""Codes of a column, also after a spreadsheet took their zeros."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smup_lib.sources.unit_column import place_codes, read_unit_cells

VOIVODESHIPS = [f"{number:02d}" for number in range(2, 33, 2)]


@st.composite
def gmina_codes(draw, voivodeships=VOIVODESHIPS):
    """Codes of seven digits of ordinary gminy."""
    voivodeship = draw(st.sampled_from(voivodeships))
    powiat = draw(st.integers(1, 38))
    gmina = draw(st.integers(1, 20))
    return f"{voivodeship}{powiat:02d}{gmina:02d}{draw(st.sampled_from('123'))}"


@pytest.mark.parametrize(
    ("column", "text", "code", "repaired"),
    [
        (["0201011", "1261011"], "0201011", "020101", False),
        (["0201000", "0200000", "0000000"], "0201000", "0201", False),
        (["0201000", "0200000", "0000000"], "0000000", "00", False),
        # a spreadsheet stored the column as numbers
        (["201011", "1261011"], "201011", "020101", True),
        (["0", "200000", "201000", "1000000"], "0", "00", True),
        (["0", "200000", "201000", "1000000"], "201000", "0201", True),
        (["201011.0", "1261011.0"], "201011.0", "020101", True),
        # six digits that were six digits: a zero survived, or no voivodeship 03 exists
        (["020101", "201011"], "201011", "201011", False),
        (["201011", "320101"], "201011", "201011", False),
        # voivodeship 40 does not exist, so all lost a zero
        (["201011", "401011"], "201011", "020101", True),
        # gmina 00 does not exist
        (["201011", "201000"], "201000", "0201", True),
        (["201", "1261"], "201", "0201", True),
        (["20101", "126101"], "20101", "020101", True),
        (["2", "12"], "2", "02", True),
        (["11212001011", "023016121132"], "11212001011", "120101", True),
        (["900101"], "900101", "900101", False),
        (["0201044"], "0201044", "0201044", False),
    ],
)
def test_codes_and_lost_zeros(column, text, code, repaired):
    placement = place_codes(column)[text]
    assert (placement.code, placement.repaired) == (code, repaired)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (["12610", "126101"], "12610"),  # there is no voivodeship 01
        (["20101", "1261011"], "20101"),  # a gmina of seven digits loses one digit, not two
        (["20101", "401011"], "20101"),
        (["260", "1261"], "260"),  # there is no powiat 60
    ],
)
def test_a_code_that_lost_no_zero_waits_as_it_was_written(column, text):
    placement = place_codes(column)[text]
    assert (placement.fate, placement.repaired) == ("unreadable", False)
    assert placement.reason == f"„{text}” nie jest kodem jednostki: liczba cyfr: {len(text)}."


def test_names_settle_what_digits_cannot():
    codes = ["201011", "201022"]
    named = place_codes(codes, {"201011": "Bolesławiec (1)", "201022": "Bolesławiec (2)"})
    assert [named[code].code for code in codes] == ["020101", "020102"]
    plain = place_codes(codes, {"201011": "Bolesławiec", "201022": "Bolesławiec"})
    assert [plain[code].code for code in codes] == codes


@pytest.mark.parametrize(
    ("text", "fate"),
    [
        ("0201011", "unit"),
        ("0201044", "part"),
        ("1465028", "part"),
        ("011212000000", "area"),
        ("010000000000", "area"),
        ("023016121132-0594117", "area"),
        ("razem", "unreadable"),
        ("", "unreadable"),
        ("0301011", "unreadable"),
        ("12345678", "unreadable"),
    ],
)
def test_fates(text, fate):
    placement = place_codes([text])[text]
    assert placement.fate == fate
    assert bool(placement.reason) == (fate == "unreadable")


@settings(deadline=None)
@given(st.lists(gmina_codes(), min_size=1, max_size=30, unique=True))
def test_written_codes_are_never_changed(codes):
    placed = place_codes(codes)
    assert all(placed[code].code == code[:6] and not placed[code].repaired for code in codes)


@settings(deadline=None)
@given(
    st.lists(gmina_codes(VOIVODESHIPS[:4]), min_size=1, max_size=30, unique=True),
    st.lists(gmina_codes(VOIVODESHIPS[4:]), min_size=1, max_size=30, unique=True),
)
def test_a_column_stored_as_numbers_is_read_as_if_it_were_text(early, late):
    """With one code of seven digits beside them, all lost zeros are found again."""
    as_numbers = [str(int(code)) for code in early + late]
    placed = place_codes(as_numbers)
    assert [placed[text].code for text in as_numbers] == [code[:6] for code in early + late]


def test_cells_keep_rows_together():
    units = read_unit_cells(pa.array(["0201011", "0201044", "0201011", "x"]))
    assert units.where("unit").tolist() == [True, False, True, False]
    assert list(units.taken("code")) == ["020101", "0201044", "020101", ""]
    assert units.repaired == ()
