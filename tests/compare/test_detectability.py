"""The smallest visible change (M16): golden values, whole persons, edges and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.compare.detectability import compare_visible_change, first_visible, visible_share
from tests.compare.tables import counts_table
from tests.indicators.builders import indicator

SHARE = indicator(method="share", multiplier=100.0)
NAN = float("nan")


def test_golden_numbers_of_whole_persons():
    assert first_visible(34, 42) == (40, 25)
    row = compare_visible_change(SHARE, counts_table([34], [42])).rows.iloc[0]
    assert (row["first_rise"], row["first_fall"]) == (40, 25)
    assert row["value"] == pytest.approx(100 * float(visible_share(34 / 42, 42)))


def test_the_golden_simulation_is_met():
    draw = np.random.default_rng(2)
    first, second = draw.binomial(42, 0.8, (2, 200_000)) / 42
    assert (np.abs(first - second) > 0.1710796823).mean() == pytest.approx(0.0397, abs=0.002)


def test_large_units_have_no_answer_in_persons_and_events_are_rates():
    row = compare_visible_change(SHARE, counts_table([320], [400])).rows.iloc[0]
    assert row["value"] == pytest.approx(5.543615297)
    assert row["with_power"] == pytest.approx(7.924079623)
    assert np.isnan(row["first_rise"])
    found = compare_visible_change(indicator(), counts_table([25], [10_000]))
    assert found.rows["value"][0] == pytest.approx(1.385903824)
    assert "niezależne" in found.warnings[0]


def test_nobody_and_everybody_are_answered_in_whole_persons():
    rows = compare_visible_change(SHARE, counts_table([0, 500, 0], [42, 500, 3])).rows
    assert rows["first_rise"][0] == first_visible(0, 42)[0]
    assert rows["value"][0] == pytest.approx(100 * rows["first_rise"][0] / 42)
    assert rows["first_fall"][1] == first_visible(500, 500)[1]
    assert np.isnan(rows["with_power"][:2]).all()
    assert (
        "zdarzenia" in compare_visible_change(indicator(), counts_table([0], [9])).rows["reason"][0]
    )


def test_a_unit_too_small_to_show_anything_says_so():
    row = compare_visible_change(SHARE, counts_table([0], [1])).rows.iloc[0]
    assert "skrajnym udziale" in row["reason"]


@pytest.mark.parametrize(
    ("entry", "paired", "reason"),
    [
        (indicator(data_basis="money_ratio"), False, "kwotą"),
        (SHARE, True, "te same osoby"),
    ],
)
def test_refusals(entry, paired, reason):
    assert reason in compare_visible_change(entry, counts_table([3], [9]), paired=paired).reason


def test_missing_counts_are_named():
    rows = compare_visible_change(SHARE, counts_table([3, NAN], [9, 9])).rows
    assert rows["reason"].tolist() == ["", "liczebności jednostki nie są znane"]
