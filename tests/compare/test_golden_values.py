"""Golden values of the methods, each with its source, as they stand in a table."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from smup_lib.compare import batch, detectability, false_alarms, funnel, intervals

TABLE = Path(__file__).parents[1] / "data" / "methods" / "golden_values.csv"
MODULES = (intervals, funnel, detectability, false_alarms, batch)
FUNCTIONS = {
    name: getattr(module, name)
    for module in MODULES
    for name in dir(module)
    if callable(getattr(module, name))
}


def cases() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['method']}-{case['arguments']}")
def test_a_golden_value_is_met(case):
    found = FUNCTIONS[case["function"]](*json.loads(case["arguments"]))
    parts = found if isinstance(found, tuple) else (found,)
    numbers = np.concatenate([np.ravel(part) for part in parts])
    assert numbers.tolist() == pytest.approx(json.loads(case["expected"]), rel=1e-6, abs=1e-12)


def test_every_golden_value_says_where_it_is_from():
    assert all(case["source"] for case in cases())
    assert {case["method"] for case in cases()} >= {"M2", "M3", "M5", "M15", "M16", "M24"}


def test_the_other_numbers_of_the_fifteen_p_values():
    (case,) = [case for case in cases() if case["method"] == "M15"]
    (p_values,) = json.loads(case["arguments"])
    assert (batch.adjust_p_values(p_values) <= 0.05).sum() == 4
    by = batch.adjust_p_values(p_values, "by")
    assert (by <= 0.05).sum() == 3
    assert by[:3].tolist() == pytest.approx([0.0049773435, 0.009954687, 0.031523175], rel=1e-6)


def test_sums_and_chances_of_m24():
    missing = false_alarms.miss_probabilities("share", [10, 30, 42, 100, 400], 0.2)
    assert missing.sum() == pytest.approx(0.2313638005, rel=1e-6)
    chances = false_alarms.signal_distribution(missing)
    assert chances[0] == pytest.approx(0.78885689, rel=1e-6)
    assert chances.sum() == pytest.approx(1)
    twenty = false_alarms.signal_distribution(np.full(20, 0.05))
    assert 1 - twenty[0] == pytest.approx(0.6415140776, rel=1e-6)


def test_the_interval_of_nobody_and_everybody_ends_exactly():
    low, high = intervals.wilson_interval([0, 50], [50, 50])
    assert (low[0], high[1]) == (0, 1)


def test_power_of_m16():
    found = detectability.power_factor() * detectability.visible_share(0.8, [42, 400])
    assert found.tolist() == pytest.approx([0.2445424062, 0.07924079623], rel=1e-6)
    events = detectability.power_factor() * detectability.visible_events(25)
    assert float(events) == pytest.approx(19.81019906, rel=1e-6)
