"""Zero unitarisation (M20): golden values, exact shares of weights, when no order is published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smup_lib.compare.composite import (
    compare_composite,
    mean_ranks,
    places,
    read_composite,
    unitarise,
    unitarise_nominant,
)
from smup_lib.compare.weight_sets import share_first
from smup_lib.present.formats import format_number
from tests.compare.tables import codes
from tests.indicators.builders import indicator, signed

GOLDEN = np.array(
    [(62, 120, 8.1), (71, 95, 6.4), (55, 210, 12), (80, 88, 5.2), (68, 640, 7.7)], dtype=float
)
ENTRIES = [
    signed(direction).model_copy(update={"id": name, "short_name": name})
    for name, direction in (("one", "higher"), ("two", "higher"), ("three", "lower"))
]


def unitarised(table=GOLDEN):
    return np.column_stack([unitarise(c, i) for c, i in zip(table.T, ENTRIES, strict=True)])


def long(table, entries=ENTRIES, year=2022):
    rows = [
        (code, entry.id, year, value, "no_data" if value != value else "ok")
        for code, row in zip(codes(len(table)), table, strict=True)
        for entry, value in zip(entries, row, strict=True)
    ]
    return pd.DataFrame(rows, columns=["unit_code", "indicator", "year", "value", "flag"])


def clear_leader():
    steps = np.linspace(0, 1, 12)
    return np.column_stack([10 + 5 * steps, 100 + 30 * steps, 9 - 4 * steps])


def test_golden_composite_and_mean_ranks():
    composite = unitarised().mean(axis=1)
    expected = [0.30383348, 0.49207019, 0.073671498, 0.66666667, 0.71745098]
    assert composite == pytest.approx(expected, rel=1e-6)
    assert places(composite).tolist() == [4, 3, 5, 2, 1]
    by_rank = mean_ranks(unitarised()).mean(axis=1)
    assert by_rank == pytest.approx([2.33333333, 3.33333333, 2, 3.66666667, 3.66666667])
    assert places(by_rank).tolist() == [4, 3, 5, 1, 1]


def test_golden_tau():
    from scipy.stats import kendalltau

    tau = kendalltau([4, 3, 5, 2, 1], [4, 3, 5, 1, 1]).statistic
    assert tau == pytest.approx(0.9486832981)


def test_golden_without_the_extreme_unit():
    rest = unitarised(GOLDEN[:4]).mean(axis=1)
    assert rest == pytest.approx([0.3719415, 0.50696882, 0.33333333, 0.66666667], rel=1e-6)


def test_golden_nominant():
    column = np.array([5.0, 7, 11, 15, 20])
    assert unitarise_nominant(column, 10, 12).tolist() == [0, 0.4, 1, 0.625, 0]


def test_golden_share_of_weights():
    shares = [share_first(unitarised(), unit) for unit in range(5)]
    assert shares == pytest.approx([0, 0, 0, 0.5059575705, 0.4940424295], abs=1e-9)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(2, 30))
def test_shares_of_weights_are_exact_and_sum_to_one(seed, k, n):
    random = np.random.default_rng(seed)
    scores = random.random((n, k))
    shares = [share_first(scores, unit) for unit in range(n)]
    assert sum(shares) == pytest.approx(1.0, abs=1e-4)
    drawn = random.dirichlet(np.ones(k), 2000) @ scores.T
    first = np.bincount(drawn.argmax(axis=1), minlength=n) / 2000
    assert np.abs(np.array(shares) - first).max() < 0.06


def test_of_many_indicators_the_share_is_drawn_with_a_seed():
    scores = np.random.default_rng(1).random((20, 8))
    shares = [share_first(scores, unit) for unit in range(20)]
    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] == share_first(scores, 0)


def test_a_clear_order_is_published():
    found = compare_composite(ENTRIES, long(clear_leader()))
    assert found.unranked is None
    assert found.leaders == (codes(12)[-1],)
    assert (found.tau, found.leader_share) == (pytest.approx(1), 1.0)
    assert found.rows["rank"].tolist() == list(range(12, 0, -1))
    assert found.rows["rank"].equals(found.rows["rank_z"])
    assert found.rows["value"].tolist()[-1] == 1.0
    assert found.without["unit_code"].tolist() == [codes(12)[0], codes(12)[-1]]


def test_the_golden_units_have_no_leader_and_no_order():
    # three more in the middle make the group large enough and change neither range nor leader
    table = np.vstack([GOLDEN, [(60, 130, 9.0), (61, 140, 9.5), (59, 150, 10.0)]])
    found = compare_composite(ENTRIES, long(table))
    assert found.leaders == (codes(8)[4],)
    assert found.leader_share == pytest.approx(0.4940424295)
    assert found.unranked is not None
    assert found.rows[["rank", "rank_z", "rank_mean"]].isna().all(axis=None)
    assert found.rows["value"].notna().all()
    said = read_composite(found, {codes(8)[4]: "gmina Próbna"}).fill(lambda f: format_number(*f))
    assert "przy 49% możliwych wag pierwsza byłaby jednostka gmina Próbna." in said
    assert f"Kolejności nie podajemy: {found.unranked}." in said


@pytest.mark.parametrize(
    ("table", "said"),
    [
        # two units, each the best by many of the weights
        (np.vstack([clear_leader(), [(14, 160, 6)]]), "pierwsza jest in"),
        (np.vstack([clear_leader(), clear_leader()[-1:]]), "dzieli kilka jednostek"),
        (np.random.default_rng(5).lognormal(0, 2, (20, 3)), "inną kolejność"),
    ],
)
def test_an_order_that_depends_on_how_it_was_made_is_not_published(table, said):
    found = compare_composite(ENTRIES, long(table))
    assert said in found.unranked
    assert found.rows["rank"].isna().all()


def test_weights_of_the_user_change_the_composite():
    table = clear_leader()[:, [0, 1, 2]].copy()
    table[:, 1] = table[::-1, 1]
    plain = compare_composite(ENTRIES, long(table)).rows["value"]
    heavy = compare_composite(ENTRIES, long(table), {"two": 1e6}).rows["value"]
    assert plain.iloc[-1] > plain.iloc[0]
    assert heavy.iloc[0] == pytest.approx(1.0, abs=1e-5)


def test_a_target_is_the_best_value():
    entries = [signed("target", target=12).model_copy(update={"id": "one"}), *ENTRIES[1:]]
    found = compare_composite(entries, long(clear_leader(), entries))
    assert found.reason is None
    near = unitarise(np.array([10.0, 12, 15]), entries[0])
    assert near.tolist() == [0, 1, 0]


def test_a_missing_value_is_no_zero():
    table = clear_leader()
    table[3, 1] = np.nan
    found = compare_composite(ENTRIES, long(table))
    assert found.rows["reason"].tolist()[3] == "brak wartości jednego ze wskaźników"
    assert (found.n_used, found.n_flags["no_data"]) == (11, 1)
    rest = compare_composite(ENTRIES, long(np.delete(clear_leader(), 3, axis=0)))
    assert found.rows["value"].dropna().tolist() == pytest.approx(rest.rows["value"].tolist())


def test_order_of_rows_does_not_matter():
    table = long(clear_leader())
    there, back = (compare_composite(ENTRIES, t) for t in (table, table.iloc[::-1]))
    pd.testing.assert_frame_equal(there.rows, back.rows)


@pytest.mark.parametrize(
    ("entries", "table", "weights", "said"),
    [
        (ENTRIES[:1], long(clear_leader()[:, :1], ENTRIES[:1]), None, "co najmniej dwa"),
        ([*ENTRIES[:2], indicator(id="three")], long(clear_leader()), None, "kierunku: Wypadki"),
        (ENTRIES, long(clear_leader()), {"one": 0.0}, "większą od zera"),
        (ENTRIES, long(clear_leader()), {"one": -1.0}, "większą od zera"),
        (ENTRIES, long(clear_leader()), {"one": float("nan")}, "większą od zera"),
        (ENTRIES, long(clear_leader()), {"four": 1.0}, "wybranego wskaźnika"),
        (ENTRIES, long(clear_leader()[:7]), None, "za mało jednostek ze wszystkimi wartościami (7"),
        (
            ENTRIES,
            pd.concat([long(clear_leader()), long(clear_leader(), year=2021)]),
            None,
            "z różnych lat",
        ),
        (
            ENTRIES,
            long(np.column_stack([clear_leader()[:, :2], np.full(12, 5.0)])),
            None,
            "tę samą wartość: three",
        ),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(entries, table, weights, said):
    found = compare_composite(entries, table, weights)
    assert said in found.reason
    assert found.rows["value"].isna().all()
    assert read_composite(found, {}) is None
