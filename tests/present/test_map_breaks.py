"""Classes of a map by other ways: bounds that are values, no empty class, the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.errors import ParameterError
from smup_lib.present.map_breaks import READINGS, USUAL, WORDS, choose_breaks
from smup_lib.present.map_classes import CLASSES

SKEWED = [round(1.08**n, 3) for n in range(120)]
WAYS = [way for way in WORDS if way != USUAL]


def counts(values: list[float], bounds: tuple[float, ...]) -> list[int]:
    places = np.searchsorted(bounds, values, side="right")
    return np.bincount(places, minlength=len(bounds) + 1).tolist()


@pytest.mark.parametrize("way", WAYS)
def test_bounds_rise_and_part_the_values(way):
    bounds = choose_breaks([*SKEWED, None, float("nan")], way)
    assert 1 <= len(bounds) < CLASSES
    assert list(bounds) == sorted(set(bounds))
    assert min(SKEWED) < bounds[0] and bounds[-1] <= max(SKEWED)
    if way == "natural":
        assert set(bounds) <= set(SKEWED)
        assert min(counts(SKEWED, bounds)) > 0


def test_equal_steps_are_equally_wide():
    values = [float(n) for n in range(101)]
    assert choose_breaks(values, "equal_steps") == (21.0, 41.0, 61.0, 81.0)  # 20 is below
    values = [float(n) for n in range(0, 101, 3)]
    assert choose_breaks(values, "equal_steps") == (19.8, 39.6, 59.4, 79.2)


def test_natural_breaks_part_what_lies_apart():
    groups = [[start + step for step in range(5)] for start in (0, 100, 200, 300, 400)]
    values = [float(one) for group in groups for one in group]
    assert choose_breaks(values, "natural") == (100.0, 200.0, 300.0, 400.0)


def test_head_tail_begins_at_the_mean():
    (first, *_) = choose_breaks(SKEWED, "head_tail")
    assert first == pytest.approx(np.mean(SKEWED))


def test_the_same_map_has_the_same_classes_and_the_users_chance_is_left_alone():
    np.random.seed(7)
    before = np.random.random()
    np.random.seed(7)
    first = choose_breaks(SKEWED, "natural")
    assert np.random.random() == before
    assert choose_breaks(SKEWED, "natural") == first


@pytest.mark.parametrize("way", WORDS)
@pytest.mark.parametrize("values", [[], [3.0], [1.0, 1.0, 2.0, 5.0, 5.0]])
def test_few_values_are_left_to_the_map(way, values):
    assert choose_breaks(values, way) == ()


def test_an_unknown_way_is_told_with_those_there_are():
    with pytest.raises(ParameterError, match="natural"):
        choose_breaks([1.0], "naturall")


def test_each_way_says_how_to_read_it():
    assert READINGS.keys() == WORDS.keys()
