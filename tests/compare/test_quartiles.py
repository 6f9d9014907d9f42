"""Quartiles are those of numpy, to the last digit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.compare.quartiles import find_quartiles, find_quartiles_by_column

NUMBERS = st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), min_size=1, max_size=40)


@given(NUMBERS)
def test_they_are_those_of_numpy(numbers):
    assert find_quartiles(numbers) == tuple(np.quantile(numbers, [0.25, 0.5, 0.75]).tolist())


@given(NUMBERS)
def test_the_order_of_the_numbers_does_not_matter(numbers):
    assert find_quartiles(numbers) == find_quartiles(np.array(numbers[::-1]))


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_many_columns_at_once_have_the_quartiles_of_each(columns):
    longest = max(map(len, columns))
    table = np.full((longest, len(columns) + 1), np.nan)
    for place, numbers in enumerate(columns):
        table[: len(numbers), place] = numbers
    quartiles, n = find_quartiles_by_column(table)
    assert [tuple(found) for found in quartiles.T[:-1].tolist()] == list(
        map(find_quartiles, columns)
    )
    assert n.tolist() == [*map(len, columns), 0]
    assert np.isnan(quartiles[:, -1]).all()
