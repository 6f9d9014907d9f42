"""Cost expected by circumstances (M17): golden values, the rule of refusal, what it never says."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.compare.need_cost import Need, compare_need_cost, fit_needs, read_need_cost
from smup_lib.present.formats import format_number
from tests.compare.tables import values_table
from tests.indicators.builders import indicator

COST = indicator(data_basis="money_ratio", dimension="efficiency", method="ratio", decimals=0)
NEEDS = (Need("dens", "gęstość zaludnienia", -1, logged=True), Need("dist", "odległość", 1))
Y = [9800, 10450, 10100, 11900, 12650, 9500, 10900, 13400, 11200, 10050, 12100, 9900, 11550]
Y += [10700, 12900]
DENS = [120, 95, 110, 40, 28, 160, 70, 20, 60, 125, 35, 130, 48, 82, 25]
DIST = [3.1, 3.9, 3.0, 4.2, 4.8, 2.6, 4.4, 5.1, 3.7, 3.3, 4.9, 2.9, 4.1, 3.5, 4.4]
DESIGN = np.column_stack([np.log(DENS), DIST])


def land(n=60, seed=2, noise=200.0):
    random = np.random.default_rng(seed)
    dens, dist = random.uniform(20, 160, n), random.uniform(2, 6, n)
    own = 15000 - 1500 * np.log(dens) + 400 * dist + random.normal(0, noise, n)
    return values_table(own, dens=dens, dist=dist)


def test_golden_values():
    found = fit_needs(np.array(Y, dtype=float), DESIGN)
    assert found.coefficients == pytest.approx([19021.4522, -1866.79553, -35.5966483], rel=1e-6)
    assert found.errors == pytest.approx([664.28643, 97.456679, 76.254853], rel=1e-6)
    assert (found.explained, found.predicted) == pytest.approx((0.9939731093, 0.9906831175))
    assert found.leverage[7] == pytest.approx(0.2777345863)
    assert found.expected[7] == pytest.approx(13188.84457)
    assert Y[7] - found.expected[7] == pytest.approx(211.1554309)


def test_a_fit_that_looks_usable_and_predicts_nothing():
    y = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]
    found = fit_needs(np.array(y, dtype=float), DESIGN)
    assert (found.explained, found.predicted) == pytest.approx((0.3455615561, 0.07766200096))
    # the same on enough units: refused although R² alone would pass
    table = values_table(y * 2, dens=DENS * 2, dist=[*DIST, *(d + 0.01 for d in DIST)])
    refused = compare_need_cost(COST, table, NEEDS)
    assert refused.explained > 0.30 > refused.predicted
    assert "zbyt słabo przewidują" in refused.reason
    assert set(refused.rows["reason"]) == {refused.reason}


def test_what_is_expected_of_a_unit_comes_from_the_fit_without_it():
    table = land()
    found = compare_need_cost(COST, table, NEEDS)
    rest = table.drop(index=5)
    alone = fit_needs(
        rest["value"].to_numpy(), np.column_stack([np.log(rest["dens"]), rest["dist"]])
    )
    own = alone.coefficients @ [1, np.log(table["dens"][5]), table["dist"][5]]
    assert found.rows["value"][5] == pytest.approx(own)
    assert found.rows["gap"][5] == pytest.approx(table["value"][5] - own)
    assert found.n_used == 60


def test_a_unit_without_a_need_or_far_from_all_has_a_reason_and_the_others_an_answer():
    table = land()
    table.loc[3, "dens"] = np.nan
    table.loc[4, "dens"] = 0.0  # has no logarithm
    table.loc[5, "dist"] = 40.0
    table.loc[5, "value"] += 14000
    found = compare_need_cost(COST, table, NEEDS)
    assert found.reason is None and found.n_used == 58
    reasons = found.rows["reason"]
    assert reasons[3] == reasons[4] == "brak kosztu albo opisu warunków"
    assert "zbyt odległe" in reasons[5]
    assert (reasons.drop(index=[3, 4, 5]) == "").mean() > 0.9
    assert found.rows.loc[[3, 4, 5], ["value", "gap"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("entry", "table", "needs", "said"),
    [
        (indicator(data_basis="index"), land(), NEEDS, "gotową wartością"),
        (indicator(data_basis="mean"), land(), NEEDS, "średnią"),
        (indicator(method="published"), land(), NEEDS, "ogłoszono"),
        (COST, land(), (), "od 1 do 3 cech"),
        (COST, land(), NEEDS * 2, "od 1 do 3 cech"),
        (COST, land(29), NEEDS, "za mało jednostek z kosztem i opisem warunków (29; potrzeba 30)"),
        (COST, land().assign(dist=3.0), NEEDS, "stałe albo mówią to samo"),
        (COST, land(), (NEEDS[0], Need("dist", "odległość", -1)), "znak przeciwny"),
        (COST, land(noise=1e5), NEEDS, "zbyt słabo przewidują"),
        (COST, land().assign(value=100.0), NEEDS, "wszystkie koszty są równe"),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(entry, table, needs, said):
    found = compare_need_cost(entry, table, needs)
    assert said in found.reason
    assert found.rows["value"].isna().all()
    assert read_need_cost(found, "900010", "zł") is None


def test_order_of_rows_does_not_matter():
    table = land(40)
    there = compare_need_cost(COST, table, NEEDS).rows.set_index("unit_code")["value"]
    back = compare_need_cost(COST, table.iloc[::-1], NEEDS).rows.set_index("unit_code")["value"]
    assert back.loc[there.index].tolist() == pytest.approx(there.tolist(), rel=1e-9, nan_ok=True)


def test_the_sentence_speaks_of_no_waste():
    found = compare_need_cost(COST, land(), NEEDS)
    said = read_need_cost(found, "900010", "zł").fill(lambda f: format_number(*f))
    assert said.startswith("Przy takich warunkach należałoby oczekiwać około ")
    assert "zł; jest " in said and "%" in said
    assert not any(word in said for word in ("oszczędn", "strat", "marnotraw"))
