"""The second count agrees with the first where a city has gaps under a code, and at breaks."""

from __future__ import annotations

import numpy as np
import pytest

import smup_lib as smup
from smup_lib.snapshots import as_observations, load_snapshot, write_snapshot
from tests.notebooks.recount import Recount

CITY = "9061"
PIT, OTHER_PART = "pit_share_revenue", "pit_share_revenue_powiat_part"


@pytest.fixture(scope="module")
def gappy_home(report_home, tmp_path_factory):
    """Return the sample land where each code of a city lacks what the other code has."""
    base = load_snapshot()
    rows = base.observations()
    tables = {name: base.table(name) for name in ("units", "changes", "borders")}
    rows = rows.astype({"unit_code": str, "variable": str})
    part = (rows["unit_code"] == f"{CITY}01") & (rows["variable"] == OTHER_PART)
    rows.loc[part, ["unit_code", "variable"]] = [CITY, PIT]
    residents = (rows["unit_code"] == f"{CITY}01") & (rows["variable"] == "population")
    tables["observations"] = as_observations(rows[~residents])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(tmp_path_factory.mktemp("dom")))
        write_snapshot(tables, fictional=True, sources=list(base.manifest.sources.values()))
        yield


@pytest.mark.parametrize("level", ["gmina", "powiat"])
@pytest.mark.parametrize("indicator", ["population", "population_change", "pit_share_per_capita"])
def test_the_values_of_a_city_are_counted_again(gappy_home, level, indicator):
    code = CITY if level == "powiat" else f"{CITY}01"
    entry = smup.compute_indicators([indicator], level, unit_codes=[code])
    computed = entry.set_index("year")["value"].dropna()
    area = "finance" if indicator == "pit_share_per_capita" else "context"
    counted = Recount(area, code, 2023).values(indicator)[code].dropna()
    assert len(computed) > 3
    assert list(counted.index) == list(computed.index)
    assert np.allclose(counted, computed, rtol=1e-12)
    if indicator == "population_change":
        assert 2020 not in computed.index
