"""Many signals at once (M15, M24): families, false alarms against a simulation, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.compare.batch import compare_batch
from smup_lib.compare.false_alarms import compare_false_alarms, miss_probabilities
from smup_lib.compare.intervals import ratio_interval
from tests.compare.tables import counts_table
from tests.indicators.builders import indicator

NAN = float("nan")
SHARE = indicator(method="share", multiplier=100.0)


def signals(*p_values: float, **columns) -> pd.DataFrame:
    return pd.DataFrame({"indicator": range(len(p_values)), "p_value": p_values}).assign(**columns)


def test_the_kept_are_marked_and_the_untested_stay():
    found = compare_batch(signals(0.04, 0.001, NAN, 0.9), q=0.1)
    assert (found.value, found.n_used, found.q) == (2, 3, 0.1)
    assert found.rows["kept"].tolist() == [True, True, False, False]
    assert found.rows["adjusted"].tolist()[:2] == pytest.approx([0.06, 0.003])
    assert np.isnan(found.rows["adjusted"][2])


def test_the_order_of_signals_does_not_matter():
    table = signals(0.04, 0.001, 0.03, 0.9, 0.2)
    mixed = compare_batch(table.sample(frac=1, random_state=1)).rows.sort_index()
    pd.testing.assert_frame_equal(mixed, compare_batch(table).rows)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (signals(0.001), "to nie jest zestaw"),
        (signals(NAN, NAN), "to nie jest zestaw"),
        (signals(0.1, 0.2, area=["culture", "sport"]), "nie ocenia się razem"),
        (signals(0.1, 0.2, year=[2021, 2022]), "nie ocenia się razem"),
    ],
)
def test_one_signal_and_mixed_families_are_refused(table, reason):
    found = compare_batch(table)
    assert reason in found.reason
    assert (found.value, found.rows) == (None, None)


def test_a_share_of_false_signals_is_between_0_and_1():
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare_batch(signals(0.1, 0.2), q=5)


@pytest.mark.parametrize(("method", "centre"), [("share", 0.2), ("rate", 0.02)])
@pytest.mark.parametrize("level", [0.95, 0.998])
def test_expected_alarms_are_those_of_a_simulation(method, centre, level):
    bases = np.tile([30.0, 42, 100, 400, 1500], 20)
    draw = np.random.default_rng(7)
    shape = (2000, len(bases))
    counts = (
        draw.binomial(bases.astype(int), centre, shape)
        if method == "share"
        else draw.poisson(centre * bases, shape)
    ).astype(float)
    low, high = ratio_interval(method, counts, np.broadcast_to(bases, shape), level)
    alarms = ((low > centre) | (high < centre)).sum(axis=1)
    expected = miss_probabilities(method, bases, centre, level).sum()
    error = alarms.std() / np.sqrt(len(alarms))
    assert abs(alarms.mean() - expected) < 4 * error


def test_observed_stand_beside_expected():
    table = counts_table([20] * 30 + [60, NAN], [100] * 32, 100.0)
    found = compare_false_alarms(SHARE, table)
    assert (found.observed, found.n_used) == (1, 31)
    assert found.centre == pytest.approx(100 * 660 / 3100)
    assert 1 < found.value < 2.2
    assert 0 < found.p_none < found.p_as_many < 1
    stricter = compare_false_alarms(SHARE, table, 0.998)
    assert stricter.value < found.value / 10


def test_where_nobody_has_a_case_there_is_no_alarm():
    found = compare_false_alarms(SHARE, counts_table([0] * 5, [50] * 5))
    assert (found.value, found.observed, found.p_none) == (0, 0, 1)


@pytest.mark.parametrize(
    ("changes", "n", "reason"),
    [
        ({"data_basis": "mean"}, 5, "średnią"),
        ({}, 1, "za mało"),
        ({"method": "ratio"}, 5, "nie jest"),
    ],
)
def test_alarms_are_refused_without_counts(changes, n, reason):
    found = compare_false_alarms(indicator(**changes), counts_table([1] * n, [50] * n))
    assert reason in found.reason
