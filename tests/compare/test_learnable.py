"""Learnable peers (M13): golden values, certainty with and without counts, dominance, refusals."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.compare.intervals import newcombe_interval
from smup_lib.compare.learnable import Paired, compare_learnable, read_learnable
from smup_lib.present.formats import format_number
from tests.compare.tables import codes, counts_table, values_table
from tests.indicators.builders import indicator, signed

NAN = float("nan")


def counted(direction="higher", method="share"):
    return signed(direction).model_copy(
        update={"method": method, "multiplier": 100.0, "measure_unit": "%"}
    )


def published(direction="higher", gap=2.0, **polarity):
    return signed(direction, **polarity).model_copy(
        update={"method": "published", "minimum_gap": gap, "measure_unit": "%"}
    )


COST = indicator(
    id="cost", data_basis="money_ratio", dimension="efficiency", method="ratio", decimals=0
).model_copy(update={"measure_unit": "zł/os."})
ACCESS = signed("higher").model_copy(update={"id": "access"})


def find(entry, table, paired=()):
    named = table["unit_code"].tolist()
    return compare_learnable(entry, table, named[0], named[1:], paired)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524314724, 0.333872654),
        ((45, 50), (33, 50), 0.07790157262, 0.3895548142),
        ((150, 180), (33, 50), 0.04246588135, 0.3196690322),
        ((41, 50), (33, 50), -0.0124653974, 0.3210733565),
        ((45, 50), (40, 50), -0.0434317859, 0.2420971578),
    ],
)
def test_golden_intervals(one, other, low, high):
    found = newcombe_interval(*one, *other)
    assert [float(bound) for bound in found] == pytest.approx([low, high], rel=1e-6)
    rows = find(counted(), counts_table([other[0], one[0]], [other[1], one[1]], 100)).rows
    if low > 0:
        assert rows[["low", "high"]].iloc[0].tolist() == pytest.approx([100 * low, 100 * high])
    else:
        assert rows["reason"].tolist() == ["różnica może być przypadkiem"]


def test_golden_peers_and_the_sentence():
    table = counts_table([33, 45, 150, 41, 20], [50, 50, 180, 50, 50], 100)
    found = find(counted(), table)
    assert found.rows["reason"].tolist() == [
        "",
        "",
        "różnica może być przypadkiem",
        "wynik nie jest lepszy",
    ]
    assert (found.kind, found.level, found.n_used) == ("chance", 0.95, 4)
    assert found.warnings == ("Nie sprawdzono kosztu ani innych wymiarów tej usługi.",)
    peer = codes(2)[1]
    said = read_learnable(found, counted(), peer, {peer: "gmina Próbna"})
    assert said.fill(lambda f: format_number(*f)).replace("\xa0", " ") == (
        "Warto zapytać: gmina Próbna. To jednostka podobna, wynik wyższy o co najmniej 7,8 p.proc."
    )
    assert read_learnable(found, counted(), codes(4)[3], {}) is None


def test_where_less_is_better_the_sides_are_turned():
    there = find(counted(), counts_table([33, 45], [50, 50], 100)).rows
    turned = find(counted("lower"), counts_table([17, 5], [50, 50], 100)).rows
    for name in ("value", "low", "high"):
        assert turned[name].tolist() == pytest.approx(there[name].tolist())


def test_rates_go_by_their_own_intervals():
    table = counts_table([40, 10, 38], [10_000, 10_000, 10_000], 1000)
    found = find(signed("lower"), table)
    assert found.rows["reason"].tolist() == ["", "różnica może być przypadkiem"]
    assert 0 < found.rows["low"][0] < 3 < found.rows["high"][0]


@pytest.mark.parametrize(
    ("values", "decimals", "reason"),
    [
        ([80.0, 83.0], 0, ""),
        ([80.0, 81.0], 0, "różnica mieści się w zaokrągleniu"),  # 80.5 is in both ranges
        ([80.0, 81.1], 1, "różnica jest mniejsza od najmniejszej, która ma znaczenie"),
        ([80.0, 79.0], 0, "wynik nie jest lepszy"),
        ([80.0, NAN], 0, "brak wartości albo wartość z kilku przypadków"),
    ],
)
def test_without_counts_digits_and_the_smallest_gap_decide(values, decimals, reason):
    found = find(published(), values_table(values, decimals=decimals))
    assert found.rows["reason"].tolist() == [reason]
    assert (found.kind, found.level) == ("rounding", 1.0)


def test_a_published_value_from_a_few_cases_is_nobodys_lesson():
    table = values_table([80.0, 95.0], decimals=1, qualifiers=["", "small_denominator"])
    assert find(published(), table).rows["reason"].tolist() == [
        "brak wartości albo wartość z kilku przypadków"
    ]


def test_a_target_is_judged_by_the_distance_to_it():
    entry = published("target", target=50.0)
    found = find(entry, values_table([60.0, 52.0, 41.0, 30.0, 59.0], decimals=0))
    assert found.rows["reason"].tolist() == [
        "",
        "różnica mieści się w zaokrągleniu",
        "wynik nie jest lepszy",
        "różnica mieści się w zaokrągleniu",
    ]
    assert found.rows.iloc[0][["value", "low", "high"]].tolist() == [8, 7, 9]
    reading = read_learnable(found, entry, codes(2)[1], {codes(2)[1]: "X"})
    assert "wynik bliższy celu" in reading.template


def test_a_peer_that_another_beats_in_everything_is_left_out():
    table = values_table([60.0, 80, 90, 85, 95], decimals=0)
    cost = Paired(COST, values_table([500.0, 450, 400, 300, NAN]))
    access = Paired(ACCESS, values_table([5.0, 6, 7, 2, 9]))
    found = find(published(), table, [cost, access])
    second = codes(3)[2]
    assert found.rows["reason"].tolist() == [
        f"we wszystkim nie gorsza jest jednostka {second}",
        "",
        "",
        "brak kosztu albo innego wymiaru tej usługi",
    ]
    assert found.rows["gain:cost"].tolist()[:3] == [50, 100, 200]
    assert found.rows["gain:access"].tolist()[:3] == [1, 2, -3]


def test_a_unit_without_answer_dominates_nobody():
    # the best of all lacks its cost: it cannot push the other out
    table = values_table([60.0, 80, 90], decimals=0)
    found = find(published(), table, [Paired(COST, values_table([500.0, 450, NAN]))])
    assert found.rows["reason"].tolist()[0] == ""


@pytest.mark.parametrize(
    ("cost", "said"),
    [(450.0, "koszt (wypadki) nie wyższy."), (620.0, "koszt (wypadki) wyższy o 120 zł/os.")],
)
def test_the_sentence_says_whether_the_cost_is_higher(cost, said):
    paired = [Paired(COST, values_table([500.0, cost]))]
    found = find(published(), values_table([60.0, 80.0], decimals=0), paired)
    peer = codes(2)[1]
    reading = read_learnable(found, published(), peer, {peer: "gmina {Próbna}"}, paired)
    text = reading.fill(lambda f: format_number(*f)).replace("\xa0", " ")
    assert text.endswith(said) and not text.endswith("..")
    assert "gmina {Próbna}" in text


def test_order_of_rows_does_not_matter_and_the_unit_is_nobodys_peer():
    table = counts_table([33, 45, 150, 41], [50, 50, 180, 50], 100)
    named = table["unit_code"].tolist()
    there = compare_learnable(counted(), table, named[0], named)
    back = compare_learnable(counted(), table.iloc[::-1], named[0], named)
    pd.testing.assert_frame_equal(there.rows, back.rows)
    assert there.rows["unit_code"].tolist() == named[1:]


def test_two_rows_of_one_unit_are_a_mistake_of_the_caller():
    table = counts_table([33, 45], [50, 50], 100)
    with pytest.raises(ValueError, match="one row per unit"):
        find(counted(), pd.concat([table, table]))


@pytest.mark.parametrize(
    ("entry", "table", "paired", "said"),
    [
        (indicator(), counts_table([33, 45], [50, 50]), (), "nie ma uzgodnionego kierunku"),
        (COST, values_table([500.0, 400.0]), (), "nie ma uzgodnionego kierunku"),
        (published(gap=None), values_table([60.0, 80.0]), (), "jaka różnica ma tu znaczenie"),
        (published(), values_table([NAN, 80.0]), (), "jednostka nie ma wartości: Wypadki"),
        (
            published(),
            values_table([60.0, 80.0]),
            [Paired(COST, values_table([NAN, 5.0]))],
            "jednostka nie ma wartości",
        ),
        (
            published(),
            values_table([60.0, 80.0]),
            [Paired(indicator(id="x"), values_table([1.0, 5.0]))],
            "nie ma uzgodnionego kierunku",
        ),
        (counted(method="ratio"), counts_table([33, 45], [50, 50]), (), "nie jest częścią"),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(entry, table, paired, said):
    found = find(entry, table, paired)
    assert said in found.reason
    assert found.rows["value"].isna().all()
    assert read_learnable(found, entry, codes(2)[1], {}, paired) is None
