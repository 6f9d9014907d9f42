"""Shrinkage to the group (M14): golden values, the cut at 0, esda as oracle, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.compare.shrinkage import compare_shrunk, read_shrunk, shrink_ratios
from smup_lib.present.formats import format_number
from tests.compare.tables import counts_table
from tests.indicators.builders import indicator

RATE = indicator(multiplier=1.0)
NAN = float("nan")


@pytest.mark.parametrize(
    ("x", "n", "spread", "smoothed"),
    [
        (
            [0, 2, 10, 300, 5],
            [50, 80, 400, 10000, 60],
            7.360802368e-06,
            [0.02957033, 0.029838712, 0.029492058, 0.029980891, 0.030710306],
        ),
        (
            [2, 14, 30, 6, 9, 48],
            [120, 400, 1500, 80, 300, 1600],
            3.739583333e-05,
            [0.025753578, 0.029996545, 0.022370454, 0.031973684, 0.02805199, 0.029139474],
        ),
    ],
)
def test_golden_values_and_esda_agree(x, n, spread, smoothed):
    from esda.smoothing import Empirical_Bayes

    found = compare_shrunk(RATE, counts_table(x, n))
    assert found.spread == pytest.approx(spread, rel=1e-6)
    assert found.rows["value"].tolist() == pytest.approx(smoothed, rel=1e-6)
    assert found.n_used == len(x)
    oracle = Empirical_Bayes(np.array(x, dtype=float), np.array(n, dtype=float)).r.ravel()
    assert found.rows["value"].to_numpy() == pytest.approx(oracle, rel=1e-9)


def test_golden_values_of_group_and_weight():
    assert shrink_ratios(
        np.array([0.0, 2, 10, 300, 5]), np.array([50.0, 80, 400, 10000, 60])
    ).group == pytest.approx(0.02993389991, rel=1e-6)
    second = shrink_ratios(
        np.array([2.0, 14, 30, 6, 9, 48]), np.array([120.0, 400, 1500, 80, 300, 1600])
    )
    assert second.kept[0] == pytest.approx(0.14139425, rel=1e-6)


def test_where_chance_explains_all_every_value_is_that_of_the_group():
    found = compare_shrunk(
        RATE, counts_table([2, 14, 40, 6, 9, 48], [120, 400, 1500, 180, 300, 1600])
    )
    assert (found.spread, found.rows["kept"].tolist()) == (0.0, [0.0] * 6)
    assert found.rows["value"].tolist() == pytest.approx([0.02902439024] * 6, rel=1e-9)
    assert found.group_value == pytest.approx(0.02902439024)


def test_nobody_with_a_case_is_no_division_by_zero():
    assert compare_shrunk(RATE, counts_table([0] * 5, [50] * 5)).rows["value"].tolist() == [0.0] * 5


def test_values_are_in_the_measure_unit_and_the_raw_ones_stand_beside():
    entry = indicator()  # per thousand
    found = compare_shrunk(entry, counts_table([0, 2, 10, 300, 5], [50, 80, 400, 10000, 60]))
    assert found.rows["raw"].tolist() == pytest.approx([0, 25, 25, 30, 83.3333333])
    assert found.group_value == pytest.approx(29.93389991)
    between = found.rows[["value", "raw"]].assign(group=found.group_value)
    assert ((between["value"] - between["group"]) * (between["raw"] - between["value"]) >= 0).all()


def test_a_unit_without_counts_keeps_its_row_with_the_reason():
    table = counts_table([0, 2, NAN, 10, 300, 5], [50, 80, 90, 400, 10000, 60])
    found = compare_shrunk(RATE, table)
    assert found.rows["reason"].tolist() == [
        "",
        "",
        "liczebności jednostki nie są znane",
        *[""] * 3,
    ]
    assert (found.n_used, found.n_flags) == (5, {"no_data": 1, "ok": 5})
    others = compare_shrunk(RATE, table.drop(index=2))
    assert others.rows["value"].tolist() == found.rows["value"].dropna().tolist()


def test_order_of_rows_does_not_matter():
    table = counts_table([0, 2, 10, 300, 5], [50, 80, 400, 10000, 60])
    there = compare_shrunk(RATE, table).rows.set_index("unit_code")["value"]
    back = compare_shrunk(RATE, table.iloc[::-1]).rows.set_index("unit_code")["value"]
    assert back.loc[there.index].tolist() == pytest.approx(there.tolist(), rel=1e-12)


@pytest.mark.parametrize(
    ("entry", "x", "n", "said"),
    [
        (indicator(method="published"), [1] * 5, [50] * 5, "bez liczby przypadków"),
        (indicator(data_basis="money_ratio"), [1] * 5, [50] * 5, "kwotą"),
        (indicator(data_basis="index"), [1] * 5, [50] * 5, "gotową wartością"),
        (indicator(method="ratio"), [1] * 5, [50] * 5, "nie jest częścią ani częstością"),
        (RATE, [1] * 4, [50] * 4, "za mało jednostek z liczebnościami (4; potrzeba 5)"),
        (RATE, [11] * 5, [50] * 5, "zbyt częste"),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(entry, x, n, said):
    found = compare_shrunk(entry, counts_table(x, n))
    assert said in found.reason
    assert found.rows["value"].isna().all()
    assert set(found.rows["reason"]) == {found.reason}
    assert read_shrunk(found, "900010") is None


def test_the_sentence():
    found = compare_shrunk(RATE, counts_table([1, 2, 10, 300, 5], [50, 80, 400, 10000, 60]))
    said = [
        read_shrunk(found, code).fill(lambda f: format_number(*f)) for code in ("900010", "900012")
    ]
    assert said[0].endswith("opiera się na 1 przypadku.")
    assert said[1].endswith("opiera się na 10 przypadkach.")
