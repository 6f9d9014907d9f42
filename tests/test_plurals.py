"""Plural forms of Polish, as CLDR has them."""

from __future__ import annotations

import pytest

from smup_lib.errors import system_reason
from smup_lib.plurals import counted, plural_form


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("one", (1, -1, 1.0)),
        ("few", (2, 3, 4, 22, 104, 1232, -3, 2.0)),
        ("many", (0, 5, 11, 12, 13, 14, 21, 25, 101, 112, 113, 114, 1_000_000, 100.0)),
        ("other", (0.5, 1.5, 2.25)),
    ],
)
def test_forms_are_those_of_cldr(form, numbers):
    assert {plural_form(number) for number in numbers} == {form}


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 wierszy"), (1, "1 wiersz"), (4, "4 wiersze"), (1234, "1\u00a0234 wiersze")],
)
def test_a_number_with_its_noun(number, said):
    assert counted(number, ("wiersz", "wiersze", "wierszy")) == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileExistsError(17, "File exists"), "plik o tej nazwie już istnieje"),
        (OSError(28, "No space left on device"), "na dysku nie ma miejsca"),
        (OSError(999, "strange"), "błąd systemu nr 999"),
        (OSError("no number"), "nieznany błąd systemu"),
    ],
)
def test_the_operating_system_speaks_polish(error, said):
    assert system_reason(error) == said
