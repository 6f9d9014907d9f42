"""Recent trend (M6): golden values, real years, stability, breaks and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.compare.recent_trend import compare_recent_trends, share_slopes, weighted_slopes
from tests.indicators.builders import indicator

SHARE = indicator(method="share", multiplier=100.0, measure_unit="%")
RISING = [20.0, 24, 29, 36, 44]
BASES = [200.0, 200, 205, 210, 208]
UNIT = "900101"


def line(*numbers) -> np.ndarray:
    return np.array([numbers], dtype="float64")


def series(counts, bases=BASES, years=range(2019, 2024), unit=UNIT, **columns) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_code": unit,
            "year": list(years),
            "flag": "ok",
            "qualifiers": "",
            "numerator": [float(count) for count in counts],
            "denominator": list(bases),
        }
    ).assign(**columns)


@pytest.mark.parametrize(
    ("years", "y", "half", "slope", "chi2", "stable"),
    [
        ([1, 2, 3, 4, 5], [10, 11, 12.5, 13, 15], 1, 1.2, 55.31700702, True),
        (
            [2019, 2020, 2022, 2023, 2024],
            [10, 11, 12.5, 13, 15],
            [1, 1.2, 0.8, 1, 1],
            0.9103879898,
            52.2492219,
            True,
        ),
        (
            [1, 2, 3, 4, 5],
            [10, 11, 12.5, 13, 15],
            [1, 1.2, 0.8, 1, 1],
            1.195983072,
            53.17075403,
            True,
        ),
        ([1, 2, 3, 4, 5], [12, 11, 11, 10.5, 14], 0.5, 0.35, 18.82314822, False),
    ],
)
def test_golden_values_of_weighted_slopes(years, y, half, slope, chi2, stable):
    found = weighted_slopes(line(*years), line(*y), line(*y) - half, line(*y) + half)
    assert found.slope[0] == pytest.approx(slope, rel=1e-6)
    assert found.chi2[0] == pytest.approx(chi2, rel=1e-6)
    assert found.stable[0] == stable


@pytest.mark.parametrize(
    ("counts", "slope", "chi2"),
    [
        ([20, 24, 28, 33, 40], 0.02219854522, 8.268999245),
        (RISING, 0.02748756159, 12.1262967),
    ],
)
def test_golden_values_of_shares_with_counts(counts, slope, chi2):
    found = share_slopes(line(1, 2, 3, 4, 5), line(*counts), line(*BASES))
    assert found.slope[0] == pytest.approx(slope, rel=1e-6)
    assert found.chi2[0] == pytest.approx(chi2, rel=1e-6)
    assert found.stable[0]


def test_a_direction_is_told_of_many_units_at_once():
    flat, none = series([20, 24, 28, 33, 40], unit="900102"), series([0] * 5, unit="900103")
    table = pd.concat([series(RISING), flat, none, series(RISING[::-1], unit="900104")])
    found = compare_recent_trends(SHARE, table, 2023)
    rows = found.rows.set_index("unit_code")
    assert rows["direction"].tolist() == ["rising", "steady", "steady", "falling"]
    assert rows.loc[UNIT, "value"] == pytest.approx(2.748756159)
    assert rows.loc["900102", "p_value"] == pytest.approx(0.004032772919)
    mixed = compare_recent_trends(SHARE, table.sample(frac=1, random_state=3), 2023).rows
    assert mixed.set_index("unit_code")["value"].to_dict() == rows["value"].to_dict()


def test_only_the_last_five_of_seven_years_count():
    years = [2010, 2017, 2018, 2019, 2020, 2022, 2023]
    table = series([100, 20, 21, *RISING[:2], *RISING[3:]], [200.0] * 7, years)
    row = compare_recent_trends(SHARE, table, 2023).rows.iloc[0]
    assert (row["first_year"], row["last_year"], row["n_years"]) == (2018, 2023, 5)
    earlier = compare_recent_trends(SHARE, table, 2022).rows.iloc[0]
    assert earlier["last_year"] == 2022


@pytest.mark.parametrize(
    ("table", "since", "n"),
    [
        (series(RISING[:4], BASES[:4], range(2020, 2024)), None, 4),
        (series(RISING), {UNIT: 2021}, 3),
        (series(RISING, flag=["ok", "ok", "no_data", "ok", "ok"]), None, 4),
        (series(RISING, qualifiers=["", "incomplete,territorial_break", "", "", ""]), None, 3),
        (series([20, 24.5, 29, 36, 44]), None, 4),
    ],
)
def test_too_few_joinable_years_are_refused(table, since, n):
    row = compare_recent_trends(SHARE, table, 2023, since).rows.iloc[0]
    assert row["direction"] == "unknown"
    assert f"za mało lat z danymi ({n}" in row["reason"]
    assert np.isnan(row["value"])


def test_a_rate_is_tested_by_its_intervals():
    found = compare_recent_trends(indicator(), series([20, 30, 45, 60, 80], [10_000.0] * 5), 2023)
    assert found.rows["direction"].tolist() == ["rising"]
    assert "niezależne" in found.warnings[0]


def test_estimated_weights_and_two_rows_a_year_are_named():
    weighted = series(RISING, qualifiers=["estimated_weights", "", "", "", ""])
    assert "szacunkowymi" in compare_recent_trends(SHARE, weighted, 2023).warnings[0]
    with pytest.raises(ValueError, match="one value a year"):
        compare_recent_trends(SHARE, pd.concat([weighted, weighted]), 2023)


def test_without_counts_the_question_is_that_of_m7():
    found = compare_recent_trends(indicator(data_basis="mean"), series(RISING), 2023)
    assert "średnią" in found.reason
    assert set(found.rows["reason"]) == {found.reason}
