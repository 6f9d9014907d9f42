"""Plural forms of Polish, as CLDR has them."""

from __future__ import annotations

import pytest
from babel import Locale

from smup_lib.errors import system_reason
from smup_lib.plurals import counted, plural_form

POLISH = Locale.parse("pl")


def test_forms_are_those_of_cldr():
    for number in (*range(-125, 1125), 0.5, 1.5, 2.0, 1e6):
        known = POLISH.plural_form(int(number) if float(number).is_integer() else number)
        assert plural_form(number) == known, number


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
