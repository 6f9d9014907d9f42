"""What holds for every method over many units, whichever it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.compare.at_median import compare_at_median
from smup_lib.compare.detectability import compare_visible_change
from smup_lib.compare.funnel import compare_funnel
from smup_lib.compare.group_difference import compare_differences
from smup_lib.compare.intervals import compare_intervals
from smup_lib.compare.places import compare_costs, compare_places
from smup_lib.compare.rank_interval import compare_rank_chance, compare_rank_rounding
from smup_lib.compare.recent_trend import compare_recent_trends
from smup_lib.compare.trend import compare_trends
from tests.compare.tables import counts_table
from tests.indicators.builders import signed

ENTRY = signed("higher").model_copy(update={"method": "share", "multiplier": 100.0})
COST = ENTRY.model_copy(
    update={"polarity": ENTRY.polarity.model_copy(update={"judge": "two_sided"})}
)
GONE = "900010"


def groups(table: pd.DataFrame) -> dict[str, list[str]]:
    codes = table["unit_code"].unique().tolist()
    return dict.fromkeys(codes, sorted(codes))


METHODS = {
    "M2": lambda table: compare_intervals(ENTRY, table),
    "M3": lambda table: compare_intervals(ENTRY.model_copy(update={"method": "rate"}), table),
    "M4a": lambda table: compare_differences(ENTRY, table, groups(table)),
    "M4b": lambda table: compare_costs(COST, table, groups(table), table["unit_code"]),
    "M5": lambda table: compare_funnel(ENTRY, table),
    "M9": lambda table: compare_places(ENTRY, table, groups(table)),
    "M10 rounding": lambda table: compare_rank_rounding(ENTRY, table),
    "M16": lambda table: compare_visible_change(ENTRY, table),
    "M22": lambda table: compare_at_median(ENTRY, table, groups(table)),
}
OVER_YEARS = {
    "M6": lambda table: compare_recent_trends(ENTRY, table, 2023),
    "M7": lambda table: compare_trends(table, 2023),
}


@pytest.fixture
def one_year() -> pd.DataFrame:
    draw = np.random.default_rng(8)
    bases = draw.integers(50, 3000, 30).astype(float)
    bases[0] = 50
    counts = draw.binomial(bases.astype(int), draw.uniform(0.2, 0.6, 30)).astype(float)
    table = counts_table(counts, bases, 100.0).assign(year=2023)
    table.loc[0, ["value", "numerator"]] = np.nan
    table.loc[0, "flag"] = "missing_or_secret"
    assert table["unit_code"][0] == GONE
    return table


@pytest.fixture
def years(one_year: pd.DataFrame) -> pd.DataFrame:
    lines = [one_year.assign(year=2019 + step, qualifiers="") for step in range(5)]
    return pd.concat(lines, ignore_index=True)


@pytest.mark.parametrize("method", METHODS)
def test_a_missing_flag_in_is_a_reason_out(method, one_year):
    found = METHODS[method](one_year)
    rows = found.rows.set_index("unit_code")
    assert rows.loc[GONE, "reason"]
    assert np.isnan(rows.loc[GONE, "value"])
    assert found.n_flags == {"missing_or_secret": 1, "ok": 29}
    assert found.n_used == (rows["reason"] == "").sum() > 0


@pytest.mark.parametrize("method", OVER_YEARS)
def test_a_unit_without_values_in_any_year_is_a_reason_out(method, years):
    rows = OVER_YEARS[method](years).rows.set_index("unit_code")
    assert "za mało lat" in rows.loc[GONE, "reason"]
    assert rows["value"].notna().sum() == 29


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_rows_does_not_matter(method, one_year):
    first = METHODS[method](one_year).rows.set_index("unit_code").sort_index()
    mixed = METHODS[method](one_year.sample(frac=1, random_state=4)).rows
    pd.testing.assert_frame_equal(mixed.set_index("unit_code").sort_index(), first)


@pytest.mark.parametrize("method", ["M4a", "M4b", "M9", "M22"])
def test_the_unit_is_no_member_of_its_own_group(method, one_year):
    codes = one_year["unit_code"].tolist()
    without = {code: [other for other in codes if other != code] for code in codes}
    functions = {
        "M4a": lambda: compare_differences(ENTRY, one_year, without),
        "M4b": lambda: compare_costs(COST, one_year, without, codes),
        "M9": lambda: compare_places(ENTRY, one_year, without),
        "M22": lambda: compare_at_median(ENTRY, one_year, without),
    }
    pd.testing.assert_frame_equal(functions[method]().rows, METHODS[method](one_year).rows)


def test_neutral_is_never_judged_or_ranked(one_year):
    neutral = ENTRY.model_copy(
        update={"polarity": ENTRY.polarity.model_copy(update={"signed_by": ()})}
    )
    assert set(compare_differences(neutral, one_year, groups(one_year)).rows["standing"]) <= {
        "not_judged",
        "unknown",
    }
    assert set(compare_funnel(neutral, one_year).rows["standing"]) <= {"not_judged", "unknown"}
    assert compare_places(neutral, one_year, groups(one_year)).rows["rank"].isna().all()
    assert compare_rank_rounding(neutral, one_year).reason
    assert compare_rank_chance(neutral, one_year).reason
    assert compare_at_median(neutral, one_year, groups(one_year)).reason


@pytest.mark.parametrize("method", [name for name in METHODS if name not in ("M4b", "M9")])
def test_all_equal_and_all_missing_are_answered_without_a_fall(method, one_year):
    level = one_year.assign(numerator=50.0, denominator=100.0, value=50.0, flag="ok")
    assert len(METHODS[method](level).rows) == 30
    nothing = one_year.assign(numerator=np.nan, value=np.nan, flag="no_data")
    assert (METHODS[method](nothing).rows["reason"] != "").all()


def test_one_enormous_value_moves_neither_median_nor_place(one_year):
    calm = compare_places(ENTRY, one_year, groups(one_year)).rows
    largest = one_year["value"].idxmax()
    wild = one_year.copy()
    wild.loc[largest, "value"] = 1e12
    found = compare_places(ENTRY, wild, groups(one_year)).rows
    assert found["rank"].equals(calm["rank"])
    assert found["median"].drop(largest).equals(calm["median"].drop(largest))
