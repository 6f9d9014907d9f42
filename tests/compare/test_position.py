"""Place in a group: golden values of M4b and M9, polarity, ties, refusals."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.compare import compare_position, compare_ranks, compare_robustness
from tests.indicators.builders import indicator, signed

NAN = float("nan")
SCORES = [70, 80, 80, 80, 90, 65, 90, 75]


def frame(values) -> pd.DataFrame:
    codes = [f"90{n + 10}" for n in range(len(values))]
    flags = ["no_data" if v != v else "ok" for v in values]
    return pd.DataFrame({"unit_code": codes, "value": values, "flag": flags}).astype(
        {"value": float}
    )


def position(entry, values, unit=0):
    table = frame(values)
    return compare_position(entry, table, table["unit_code"][unit], table["unit_code"])


@pytest.mark.parametrize(("unit", "rank"), list(enumerate([7, 3, 3, 3, 1, 8, 1, 6])))
def test_competition_ranks_of_m9(unit, rank):
    # eight units: seven peers are one short of the rule, so an eighth peer is far below
    found = position(signed("higher"), [*SCORES, -1000], unit)
    assert (found.rank, found.n_ranked) == (rank, 9)


@pytest.mark.parametrize(
    ("unit", "percentile"),
    list(enumerate([0.142857, 0.571429, 0.571429, 0.571429, 0.928571, 0.0, 0.928571, 0.285714])),
)
def test_mid_rank_percentiles_of_m9(unit, percentile):
    table = frame(SCORES)
    peers = [code for code in table["unit_code"] if code != table["unit_code"][unit]]
    # the size rule is separable from the formula: an eighth peer equal to the unit adds one half
    twin = pd.DataFrame({"unit_code": ["9099"], "value": [SCORES[unit]], "flag": ["ok"]})
    table8 = pd.concat([table, twin.astype({"value": float})], ignore_index=True)
    found = compare_position(signed("higher"), table8, table["unit_code"][unit], [*peers, "9099"])
    assert found.percentile == pytest.approx((7 * percentile + 0.5) / 8, abs=1e-6)


def test_the_cost_example_of_m4b():
    peers = [9890, 10120, 10310, 10400, 10560, 10720, 10900, 10950, 11130, 11300, 11610, 12240]
    cost = indicator(
        data_basis="money_ratio",
        dimension="efficiency",
        decimals=0,
        polarity={"judge": "two_sided"},
    )
    found = position(cost, [11482, *peers])
    assert found.percentile == pytest.approx(0.833333, abs=1e-6)
    assert found.median == 10810
    assert (found.gap, found.gap_percent) == (672, pytest.approx(6.21646623))
    assert (found.q25, found.q75) == (10377.5, 11172.5)
    # outside the middle half, and yet by less than 10 % of the median: nothing to ask about
    assert found.departure == "typical"
    assert (found.standing, found.rank) == ("not_judged", None)
    apart = [10_810 + 3 * (value - 10_810) for value in (11_482, *peers)]
    assert position(cost, apart).departure == "departs"
    assert position(cost, [13_000, *peers]).departure == "strongly_departs"
    assert position(cost, [9_000, *peers]).departure == "strongly_departs"


def test_the_last_place_in_a_group_of_nearly_equal_costs_is_no_question():
    cost = indicator(data_basis="money_ratio", decimals=1, polarity={"judge": "two_sided"})
    peers = [100 + n / 10 for n in range(12)]
    assert position(cost, [109.9, *peers]).departure == "typical"
    assert position(cost, [112.0, *peers]).departure == "strongly_departs"
    assert position(cost, [5.0, *([0.0] * 12)]).departure == "strongly_departs"


def test_ranks_of_many_agree_with_the_rank_of_each():
    values = [*SCORES, -1000, NAN]
    table = frame(values)
    ranks = compare_ranks(signed("higher"), table, table["unit_code"])
    assert list(ranks.values()) == [7, 3, 3, 3, 1, 8, 1, 6, 9]
    for n, code in enumerate(table["unit_code"][:9]):
        assert position(signed("higher"), values, n).rank == ranks[code]
    assert compare_ranks(indicator(), table, table["unit_code"]) == {}
    assert compare_ranks(signed("higher"), table, table["unit_code"][:8]) == {}


def test_ties_are_shared_and_counted():
    found = position(signed("higher"), [*SCORES, 10], 1)
    assert (found.rank, found.ties) == (3, 2)


def test_a_difference_that_nobody_can_see_is_a_tie():
    found = position(signed("higher"), [80.04, 79.96, 80.0, 1, 2, 3, 4, 5, 6])
    assert (found.rank, found.ties) == (1, 2)


@pytest.mark.parametrize(
    ("direction", "value", "standing"),
    [
        ("higher", 99, "better"),
        ("lower", 99, "worse"),
        ("higher", 1, "worse"),
        ("lower", 1, "better"),
        ("higher", 55, "similar"),
        ("neutral", 99, "not_judged"),
    ],
)
def test_polarity_turns_a_side_into_a_standing(direction, value, standing):
    entry = signed(direction) if direction != "neutral" else indicator()
    assert position(entry, [value, 10, 20, 30, 40, 60, 70, 80, 90]).standing == standing


@pytest.mark.parametrize(
    ("value", "standing", "rank"), [(50, "better", 1), (99, "worse", 9), (1, "worse", 9)]
)
def test_a_target_is_judged_by_distance(value, standing, rank):
    found = position(signed("target", target=50), [value, 10, 20, 30, 40, 60, 70, 80, 90])
    assert (found.standing, found.rank) == (standing, rank)


def test_an_unsigned_direction_is_neither_judged_nor_ranked():
    entry = indicator(polarity={"direction": "higher", "reason": "Tak.", "signed_by": ("a",)})
    found = position(entry, [99, 10, 20, 30, 40, 60, 70, 80, 90])
    assert (found.standing, found.rank) == ("not_judged", None)


def test_the_unit_is_not_in_its_own_group():
    found = position(signed("higher"), [1000, 1, 2, 3, 4, 5, 6, 7, 8])
    assert (found.n_group, found.median) == (8, 4.5)


def test_a_gap_smaller_than_the_smallest_that_matters_is_similar():
    entry = signed("higher").model_copy(update={"minimum_gap": 5.0})
    assert position(entry, [50.9, 50, 50, 50, 50, 50, 50, 50, 50]).standing == "similar"
    assert position(entry, [56, 50, 50, 50, 50, 50, 50, 50, 50]).standing == "better"


def test_missing_peers_are_counted_and_never_zero():
    found = position(signed("higher"), [50, NAN, NAN, 1, 2, 3, 4, 5, 6, 7, 8])
    assert (found.n_group, found.n_used, found.n_flags) == (10, 8, {"no_data": 2, "ok": 8})
    assert found.median == 4.5


def test_a_peer_without_a_row_counts_as_no_data():
    table = frame([50, 1, 2, 3])
    found = compare_position(signed("higher"), table, "9010", [*table["unit_code"], "9999"])
    assert found.n_flags == {"no_data": 1, "ok": 3}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([50], "wartości w grupie: 0, potrzeba co najmniej 3"),
        ([50, NAN, NAN], "wartości w grupie: 0, potrzeba"),
        ([NAN, 1, 2, 3, 4], "jednostka nie ma wartości"),
        ([50, 1, 2, 3], "wartości w grupie: 3; położenie podajemy, gdy jest ich co najmniej 8"),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(values, reason):
    found = position(signed("higher"), values)
    assert found.standing == "unknown"
    assert reason in (found.reason or "")
    assert found.rank is None


def test_equal_values_are_similar_and_share_the_first_place():
    found = position(signed("higher"), [5] * 9)
    assert (found.standing, found.rank, found.ties, found.percentile) == ("similar", 1, 8, 0.5)


def test_one_enormous_outlier_moves_neither_median_nor_standing():
    calm = position(signed("higher"), [50, 10, 20, 30, 40, 60, 70, 80, 90])
    wild = position(signed("higher"), [50, 10, 20, 30, 40, 60, 70, 80, 9e12])
    assert (calm.median, calm.standing) == (wild.median, wild.standing)


def test_the_order_of_rows_does_not_matter():
    table = frame([50, 10, 20, 30, 40, 60, 70, 80, NAN])
    turned = table.iloc[::-1]
    entry = signed("higher")
    codes = list(table["unit_code"])
    assert compare_position(entry, table, "9010", codes) == compare_position(
        entry, turned, "9010", codes[::-1]
    )


def test_two_rows_of_one_unit_are_a_mistake_of_the_caller():
    table = pd.concat([frame([1, 2]), frame([1])])
    with pytest.raises(ValueError, match="one row per unit"):
        compare_position(signed("higher"), table, "9010", ["9011"])


def test_robustness_of_identical_units_is_one_half():
    table = frame([5] * 9)
    codes = list(table["unit_code"])
    entry = signed("higher")
    found = compare_position(entry, table, "9010", codes)
    groups = {"a": codes[1:5], "b": codes[2:7], "c": codes[3:]}
    robustness = compare_robustness(entry, table, "9010", found, groups)
    assert robustness.share == 0.5


def test_robustness_counts_groups_that_agree():
    # peers nearest first, M12: medians of k = 3..10 all lie below the unit's 74
    table = frame([74, 71, 73, 78, 72, 76, 70, 75, 69, 77, 68])
    codes = list(table["unit_code"])
    entry = signed("higher")
    found = compare_position(entry, table, "9010", codes)
    groups = {f"k{k}": codes[1 : k + 1] for k in range(3, 11)}
    robustness = compare_robustness(entry, table, "9010", found, groups)
    assert (robustness.share, robustness.n_groups) == (1.0, 8)


def test_too_few_groups_say_nothing():
    table = frame([74, 71, 73, 78, 72])
    codes = list(table["unit_code"])
    found = compare_position(signed("higher"), table, "9010", codes)
    groups = {"a": codes[1:], "b": codes[1:], "c": codes[1:][::-1]}
    robustness = compare_robustness(signed("higher"), table, "9010", found, groups)
    assert robustness.share is None
    assert robustness.reason == "za mało różnych grup porównawczych"
