"""Polish texts in the order of the alphabet."""

from __future__ import annotations

import pytest

from smup_lib.polish_text import polish_order


@pytest.mark.parametrize(
    "ordered",
    [
        ["Cyk", "Ćmin", "Dobra"],
        ["Lublin", "Luzino", "Łaba", "Łódź", "Mława"],
        ["Zator", "Zgierz", "Źródła", "Żary", "Żory"],
        ["Biała", "Biała Podlaska", "Białystok", "Bielsk", "Bielsko-Biała"],
        ["Osa", "Ostrów", "Ósemka", "Papowo"],
        ["dobra", "Dobra", "dobro"],
        ["2 lipy", "Érd", "Esy"],
    ],
)
def test_names_stand_as_in_a_dictionary(ordered):
    assert sorted(set(ordered), key=polish_order) == ordered
