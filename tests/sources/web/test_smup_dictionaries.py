"""Units and flags as SMUP writes them.

The rows of units are reconstructed from documented values (sources.md 1.3), the texts of flags are
ours: the dictionary was never seen.
"""

from __future__ import annotations

import pytest

from smup_lib.errors import SnapshotMismatchError
from smup_lib.sources.web.smup_dictionaries import flag_notes, read_flags, tell_fictional
from smup_lib.sources.web.smup_plan import read_years
from smup_lib.sources.web.smup_units import unit_code, unit_fault


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"woj": "10", "pow": "01", "gmn": "01", "rodz": "1", "nazwa": "Bełchatów"}, "100101"),
        ({"woj": "10", "pow": "01", "gmn": "02", "rodz": "2", "nazwa": "Bełchatów"}, "100102"),
        ({"woj": "10", "pow": "01", "nazwa": "Powiat bełchatowski"}, "1001"),
        ({"woj": "12", "nazwa": "MAŁOPOLSKIE"}, "12"),
        ({"woj": "14", "pow": "65", "gmn": "01", "rodz": "1", "nazwa": "Warszawa"}, "146501"),
        ({"woj": "14", "pow": "65", "gmn": "02", "rodz": "8", "nazwa": "Bemowo"}, ""),
        ({"woj": "02", "pow": "01", "gmn": "04", "rodz": "4", "nazwa": "Nowogrodziec"}, ""),
        ({"woj": "02", "pow": "01", "gmn": "04", "rodz": "5", "nazwa": "Nowogrodziec"}, ""),
        ({"woj": "02", "pow": "21", "gmn": "09", "rodz": "1", "nazwa": "Wałbrzych"}, "022109"),
        ({"woj": "02", "pow": None, "gmn": "", "rodz": ""}, "02"),
        ({"woj": "2", "pow": "1"}, "0201"),
        ({"woj": "10", "pow": "01", "gmn": "01", "rodz": "03"}, None),
        ({"woj": "10", "pow": "01", "gmn": "01", "rodz": "7"}, None),
        ({"woj": "10", "pow": "01", "gmn": "01"}, None),
    ],
)
def test_the_code_of_a_unit(row, code):
    assert unit_code(row) == code


@pytest.mark.parametrize(
    "row",
    [
        {"woj": "10", "gmn": "01", "rodz": "1"},
        {"woj": "10", "pow": "01", "rodz": "1"},
        {"woj": "146501"},
        {"woj": "1a"},
        {"woj": " ", "pow": "01"},
    ],
)
def test_a_code_that_lacks_a_part_is_a_fault_of_the_dictionary(row):
    assert unit_fault([{"id-teryt": 7, "woj": "10"}]) == ""
    assert "nie ma kodu TERYT" in unit_fault([{"id-teryt": 1, "woj": "10"}, row | {"id-teryt": 2}])


def test_fictional_units_are_told_by_their_voivodeship():
    assert tell_fictional(["9001", "92", "900101"])
    assert not tell_fictional(["0201", "12"])
    with pytest.raises(SnapshotMismatchError):
        tell_fictional(["0201", "9001"])


def test_the_flag_of_small_values_is_found_by_its_text():
    names = {
        1: "zjawisko wystąpiło",
        2: "nie wystąpiło",
        3: "?",
        6: "mniejsze niż przyjęty format",
    }
    assert read_flags(names) == {1: "ok", 2: "true_zero", 6: "below_format"}


def test_two_flags_that_could_mean_it_mean_nothing():
    names = {3: "mniejsza niż połowa formatu", 4: "mniejsza od formatu prezentacji"}
    assert read_flags(names) == {}


@pytest.mark.parametrize(
    ("number", "text", "flag"),
    [
        (1, "Zjawisko wystąpiło", "ok"),
        (1, "wartość liczbowa", "ok"),
        (1, "zjawisko nie wystąpiło", None),
        (1, "dane wstępne", None),
        (2, "zjawisko nie wystąpiło", "true_zero"),
        (2, "zjawisko wystąpiło", None),
        (2, "zjawisko nie wystąpiło albo brak informacji", None),
        (2, "brak informacji", None),
        (5, "brak informacji albo tajemnica statystyczna", "missing_or_secret"),
        (5, "brak zjawiska", None),
        (5, "", None),
    ],
)
def test_a_known_flag_is_believed_when_its_text_fits(number, text, flag):
    assert read_flags({number: text}).get(number) == flag
    assert any(f"znaczniku {number}:" in note for note in flag_notes({number: text})) != bool(flag)


@pytest.mark.parametrize("text", ["", "dawno", "2020-", "2021-2020", "2020;2021"])
def test_what_is_no_year_is_told(text):
    with pytest.raises(Exception, match="to nie lata"):
        read_years(text)
