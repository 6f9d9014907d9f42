"""Units and flags as SMUP writes them.

The rows of units are reconstructed from documented values (sources.md 1.3), the texts of flags are
ours: the dictionary was never seen.
"""

from __future__ import annotations

import pytest

from smup_lib.errors import SnapshotMismatchError
from smup_lib.sources.web.smup_dictionaries import read_flags, tell_fictional, unit_code
from smup_lib.sources.web.smup_plan import read_years


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
    ],
)
def test_the_code_of_a_unit(row, code):
    assert unit_code(row) == code


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
    assert read_flags(names) == {1: "ok", 2: "true_zero", 5: "missing_or_secret", 6: "below_format"}


def test_two_flags_that_could_mean_it_mean_nothing():
    names = {3: "mniejsza niż połowa formatu", 4: "mniejsza od formatu prezentacji"}
    assert set(read_flags(names)) == {1, 2, 5}


@pytest.mark.parametrize("text", ["", "dawno", "2020-", "2021-2020", "2020;2021"])
def test_what_is_no_year_is_told(text):
    with pytest.raises(Exception, match="to nie lata"):
        read_years(text)
