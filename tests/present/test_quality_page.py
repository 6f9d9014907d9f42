"""Every year between the first and the last of an indicator stands in one of the columns."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from smup_lib.catalogue import load_catalogue
from smup_lib.present.quality_page import render_years


def test_a_year_of_which_no_source_says_anything_is_not_left_out() -> None:
    series = pd.DataFrame(
        {
            "year": [2020, 2021, 2024],
            "value": [1.0, float("nan"), 3.0],
            "flag": ["ok", "no_data", "ok"],
            "qualifiers": ["", "", ""],
        }
    )
    indicator = load_catalogue().indicator("population")
    item = SimpleNamespace(indicator=indicator, series=series, breaks=())
    page = render_years(SimpleNamespace(indicators=[item]))
    assert "brak danych: 2021; nie ma w danych: 2022–2023" in page
