"""FDH and DEA (M18): golden values, the dual programme as oracle, order of scores, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from smup_lib.compare.frontier import (
    Factor,
    compare_frontier,
    read_frontier,
    score_dea,
    score_fdh,
)
from smup_lib.present.formats import format_number
from tests.compare.tables import codes

X, Y = np.array([[2.0, 3, 4, 6, 5, 8]]).T, np.array([[1.0, 3, 4, 6, 2, 6]]).T
X2 = np.array([[20.0, 5], [25, 4], [30, 8], [40, 6], [35, 9]])
Y2 = np.array([[100.0, 110, 120, 130, 115]]).T
STAFF = Factor("staff", "input", "relative")
RESULT = Factor("result", "output", "relative", quality=True)


def table(x=X, y=Y, kind="rural"):
    return pd.DataFrame(
        {"unit_code": codes(len(x)), "kind": kind, "staff": x[:, 0], "result": y[:, 0]}
    )


def test_golden_values_of_one_input():
    scores, peers = score_fdh(X, Y)
    assert scores.tolist() == [1, 1, 1, 1, 0.6, 0.75]
    assert [list(found) for found in peers[4:]] == [[1], [3]]
    variable, mixed = score_dea(X, Y)
    assert variable == pytest.approx([1, 1, 1, 1, 0.5, 0.75])
    assert mixed[4] == pytest.approx({0: 0.5, 1: 0.5})
    assert score_dea(X, Y, returns="constant")[0] == pytest.approx([0.5, 1, 1, 1, 0.4, 0.75])


def test_golden_values_of_two_inputs():
    scores, peers = score_fdh(X2, Y2)
    assert scores[4] == pytest.approx(0.8888888889)
    assert list(peers[4]) == [2]
    variable, mixed = score_dea(X2, Y2)
    assert variable[4] == pytest.approx(0.7857142857)
    assert mixed[4] == pytest.approx({1: 0.5, 2: 0.5})


def dual(x, y, unit):
    """max u y_o + u0, subject to v x_o = 1, u y_j - v x_j + u0 <= 0: the other route."""
    m, s = x.shape[1], y.shape[1]
    found = linprog(
        np.concatenate([np.zeros(m), -y[unit], [-1.0]]),
        A_ub=np.hstack([-x, y, np.ones((len(x), 1))]),
        b_ub=np.zeros(len(x)),
        A_eq=[np.concatenate([x[unit], np.zeros(s + 1)])],
        b_eq=[1.0],
        bounds=[(0, None)] * (m + s) + [(None, None)],
    )
    return -found.fun


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(6, 25), st.integers(1, 3), st.integers(1, 2))
def test_the_dual_agrees_and_dea_is_never_above_fdh(seed, n, m, s):
    random = np.random.default_rng(seed)
    x, y = random.uniform(1, 10, (n, m)), random.uniform(0, 10, (n, s))
    fdh, dea = score_fdh(x, y)[0], score_dea(x, y)[0]
    assert (dea <= fdh + 1e-9).all() and (fdh <= 1).all() and (dea > 0).all()
    unit = int(random.integers(n))
    assert dea[unit] == pytest.approx(dual(x, y, unit), rel=1e-6)
    constant = score_dea(x, y, [unit], returns="constant")[0][0]
    assert constant <= dea[unit] + 1e-9


def test_scores_do_not_depend_on_what_things_are_counted_in():
    counted = score_dea(1e6 * X2, 1e-3 * Y2)[0]
    assert counted == pytest.approx(score_dea(X2, Y2)[0])


def test_peers_are_named_and_the_order_of_rows_does_not_matter():
    found = compare_frontier(table(), [STAFF, RESULT])
    assert found.rows["value"].tolist() == [1, 1, 1, 1, 0.6, 0.75]
    assert found.rows["peers"].tolist()[3:] == ["900013", "900011", "900013"]
    back = compare_frontier(table().iloc[::-1], [STAFF, RESULT])
    assert back.rows.iloc[::-1].reset_index(drop=True).equals(found.rows)
    mixed = compare_frontier(table(), [STAFF, RESULT], way="dea")
    assert mixed.rows.loc[4, ["peers", "shares"]].tolist() == ["900010+900011", "0.5000+0.5000"]


def test_only_some_are_scored_and_all_are_compared_with():
    found = compare_frontier(table(), [STAFF, RESULT], only=["900014"], way="dea")
    assert found.rows["value"].tolist() == pytest.approx([0.5])
    assert found.n_used == 6


def test_a_missing_or_zero_input_has_a_reason_and_is_nobodys_peer():
    x = np.append(X, [[0.0], [np.nan]], axis=0)
    y = np.append(Y, [[9.0], [9.0]], axis=0)
    found = compare_frontier(table(x, y), [STAFF, RESULT])
    assert found.rows["reason"].tolist()[6:] == ["nakład wynosi zero", "brak nakładu albo efektu"]
    assert found.rows["value"].tolist()[:6] == [1, 1, 1, 1, 0.6, 0.75]


@pytest.mark.parametrize(
    ("rows", "factors", "said"),
    [
        (table(), [STAFF], "choć jednego efektu"),
        (table(), [RESULT], "choć jednego nakładu"),
        (table(), [STAFF, Factor("result", "output", "relative")], "nie ma miary jakości"),
        (
            table(),
            [Factor("staff", "input", "total"), RESULT],
            "nie wolno mieszać sum z udziałami",
        ),
        (table(kind=["rural", "urban"] * 3), [STAFF, RESULT], "rodzajów jednostek"),
        (table().iloc[:5], [STAFF, RESULT], "za mało jednostek (5;"),
        (
            table(),
            [STAFF, Factor("result", "output", "relative", basis="index", quality=True)],
            "result: wskaźnik jest gotową wartością",
        ),
        (
            table(),
            [Factor("staff", "input", "relative", basis="mean"), RESULT],
            "staff: wskaźnik jest średnią",
        ),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(rows, factors, said):
    found = compare_frontier(rows, factors)
    assert said in found.reason
    assert found.rows["value"].isna().all()
    assert read_frontier(found, "900010", {}) is None


def test_the_sentences():
    labels = {code: f"gmina {code}" for code in codes(6)}

    def said(found, code):
        return read_frontier(found, code, labels).fill(lambda f: format_number(*f))

    fdh = compare_frontier(table(), [STAFF, RESULT])
    assert said(fdh, "900014").startswith("gmina 900011: efekt nie mniejszy przy 60% naszych")
    assert said(fdh, "900011").startswith("Żadna z porównanych")
    dea = compare_frontier(table(), [STAFF, RESULT], way="dea")
    assert said(dea, "900014").startswith("Połączenie jednostek: gmina 900010, gmina 900011:")
