"""Rank intervals (M10): rounding, mixed precision, counts; golden values and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.compare.rank_interval import (
    _posterior,
    compare_rank_chance,
    compare_rank_rounding,
    draw_ranks,
)
from tests.compare.tables import counts_table, values_table
from tests.indicators.builders import indicator, signed

HIGHER = signed("higher").model_copy(update={"method": "share", "multiplier": 100.0})
NAN = float("nan")


def test_golden_values_of_rounding():
    found = compare_rank_rounding(HIGHER, values_table([95, 90, 90, 90, 85, 80, 75, 70]))
    rows = found.rows
    assert found.best == 2
    assert rows["value"].tolist() == [1, 2, 2, 2, 5, 6, 7, 8]
    assert rows["low"].tolist() == [1, 2, 2, 2, 5, 6, 7, 8]
    assert rows["high"].tolist() == [1, 4, 4, 4, 5, 6, 7, 8]
    assert rows["best_quarter"].tolist() == pytest.approx([1, *[1 / 3] * 3, 0, 0, 0, 0])
    assert (found.kind, found.label, found.seed) == ("rounding", "niepewność zaokrąglenia", None)


def test_equal_values_may_have_any_place():
    rows = compare_rank_rounding(HIGHER, values_table([5] * 8)).rows
    assert set(zip(rows["low"], rows["high"], rows["best_quarter"], strict=True)) == {(1, 8, 0.25)}


def test_lower_is_better_turns_the_places_round():
    rows = compare_rank_rounding(signed("lower"), values_table([95, 90, 90, 90, 85, 80, 75, 70]))
    assert rows.rows["value"].tolist() == [8, 5, 5, 5, 4, 3, 2, 1]
    assert rows.rows["high"].tolist() == [8, 7, 7, 7, 4, 3, 2, 1]


def test_mixed_precision_is_drawn_and_its_bounds_are_certain():
    # 80 without a decimal may be more than 80.3: golden probability 0.2
    numbers = [80, 80.3, 90, 91, 70, 60, 50, 40]
    decimals = [0, 1, 0, 0, 0, 0, 0, 0]
    found = compare_rank_rounding(HIGHER, values_table(numbers, decimals=decimals))
    assert found.rows["low"].tolist()[:2] == [3, 3]
    assert found.rows["high"].tolist()[:2] == [4, 4]
    assert found.seed is not None
    # three of twelve: the same pair fights for the third place
    more = values_table([*numbers, 30, 20, 10, 5], decimals=[*decimals, 0, 0, 0, 0])
    chances = compare_rank_rounding(HIGHER, more).rows["best_quarter"]
    assert chances[0] == pytest.approx(0.2, abs=0.01)
    assert chances[1] == pytest.approx(0.8, abs=0.01)


def test_with_a_target_values_on_both_sides_may_swap():
    entry = signed("target", target=10.02)
    rows = compare_rank_rounding(entry, values_table([10.0, 10.1, 11, 12, 13, 14, 15, 16])).rows
    assert (rows["low"][0], rows["high"][0]) == (1, 2)
    assert (rows["low"][2], rows["high"][2]) == (3, 3)


@pytest.mark.parametrize(
    ("counts", "bases", "first"),
    [
        ([45, 40], [50, 50], [0.9200301513, 0.0799698487]),
        ([9, 8], [10, 10], [0.7296639424, 0.2703360576]),
        ([45, 40, 42, 38], [50] * 4, [0.7697088185, 0.05038443681, 0.166988447, 0.01291829769]),
    ],
)
def test_golden_probabilities_of_being_first(counts, bases, first):
    draw = _posterior(HIGHER, np.array(counts, dtype=float), np.array(bases, dtype=float))
    ranks = draw_ranks(draw, seed=1)
    assert (ranks == 1).mean(axis=0).tolist() == pytest.approx(first, abs=0.01)
    assert (np.sort(ranks, axis=1) == np.arange(1, len(counts) + 1)).all()


@pytest.mark.parametrize("method", ["share", "rate"])
def test_chance_leaves_small_units_a_wider_interval(method):
    entry = HIGHER.model_copy(update={"method": method})
    counts = [20, 2000, 30, 3000, 40, 4000, 50, 5000]
    bases = [100, 10_000] * 4
    found = compare_rank_chance(entry, counts_table(counts, bases, 100.0))
    width = (found.rows["high"] - found.rows["low"]).to_numpy()
    assert (width[::2] > width[1::2]).all()
    assert (found.kind, found.label, found.n_draws) == ("chance", "niepewność wyniku", 10_000)
    assert found.rows["best_quarter"].sum() == pytest.approx(2)
    again = compare_rank_chance(entry, counts_table(counts, bases, 100.0))
    assert again.rows.equals(found.rows)


def test_missing_values_are_named_and_few_are_refused():
    rows = compare_rank_rounding(HIGHER, values_table([NAN, *range(8)])).rows
    assert "nie ma wartości" in rows["reason"][0]
    assert rows["value"][1:].notna().all()
    assert "za mało" in compare_rank_rounding(HIGHER, values_table([NAN, *range(7)])).reason
    assert "za mało" in compare_rank_chance(HIGHER, counts_table([1] * 7, [9] * 7)).reason


def test_neutral_is_never_ranked_and_chance_needs_counts():
    assert "kierunku" in compare_rank_rounding(indicator(), values_table(range(9))).reason
    money = HIGHER.model_copy(update={"data_basis": "money_ratio"})
    assert "kwotą" in compare_rank_chance(money, counts_table([1] * 9, [9] * 9)).reason
    assert compare_rank_rounding(money, values_table(range(9))).reason is None
