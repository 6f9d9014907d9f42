"""The money of a city with powiat rights, added up from the two cells that a person read.

What this says of real files, ``tests/indicators/test_city_codes.py`` says of drawn numbers.
"""

from __future__ import annotations

import pytest

import smup_lib as smup
from tests.raw_cells import RawCell

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("real_home")]

GMINY, POWIATY = "gmina_panel_long.csv.gz", "powiat_panel_long.csv.gz"


@pytest.mark.parametrize("unit", ["1261", "126101"])
def test_the_share_in_pit_is_that_of_the_whole_city(real_home, unit):
    gmina_part = RawCell(GMINY, 2691, "126101", 2020).read(real_home)
    powiat_part = RawCell(GMINY, 5751, "126101", 2020).read(real_home)
    residents = RawCell(POWIATY, 291541, "1261", 2020).read(real_home)
    assert (gmina_part, powiat_part, residents) == (1396932042, 375224378, 800531)
    view = smup.open_area("finance", unit, 2020)
    shown = view.frame().set_index("indicator").loc["pit_share_per_capita"]
    assert shown["value"] == pytest.approx((gmina_part + powiat_part) / residents)
    assert {GMINY, POWIATY} <= {source.file for source in view.source_rows()}
    html = view.summary().html + view.table().html
    assert html.count("suma części gminnej i powiatowej budżetu miasta") >= 2
