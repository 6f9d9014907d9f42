"""Robustness to the group (M12): golden values, one vote a rule, sets by changed weights."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from smup_lib.compare import compare_position, compare_robustness
from smup_lib.compare.robustness import compute_sides, read_robustness
from smup_lib.present.formats import format_number
from tests.compare.tables import codes, values_table
from tests.indicators.builders import signed

ENTRY = signed("higher")
PEERS = [71, 73, 78, 72, 76, 70, 75, 69, 77, 68]
NAN = float("nan")


def robustness(groups, by_weights=(), values=(74, *PEERS)):
    table = values_table(values)
    unit = codes(1)[0]
    position = compare_position(ENTRY, table, unit, table["unit_code"])
    return compare_robustness(ENTRY, table, unit, position, groups, by_weights)


def nearest(*sizes):
    named = codes(len(PEERS) + 1)
    return {f"similar:{k}": named[1 : k + 1] for k in sizes}


def test_golden_medians_of_growing_groups():
    found = robustness(nearest(*range(3, 11)))
    assert (found.share, found.n_groups, len(found.agreeing)) == (1.0, 8, 8)
    medians = [np.median(PEERS[:k]) for k in range(3, 11)]
    assert medians == [73, 72.5, 73, 72.5, 73, 72.5, 73, 72.5]


def test_golden_share_of_all_sets_of_five():
    sets = itertools.combinations(codes(11)[1:], 5)
    found = robustness({str(n): members for n, members in enumerate(sets)})
    assert found.n_groups == 252
    assert found.share == pytest.approx(0.7380952381)


def test_identical_units_are_at_one_half():
    same = [5.0] * 11
    found = robustness(nearest(3, 5, 8), [codes(11)[1:6]] * 4, values=same)
    assert (found.share, found.by_weights) == (0.5, 0.5)


def test_sets_by_weights_have_one_vote_together():
    named = codes(11)
    low = [named[n + 1] for n in (0, 1, 3, 5, 7)]  # median 71: the unit is above
    high = [named[n + 1] for n in (2, 4, 6, 8, 1)]  # median 76: below
    found = robustness(nearest(3, 5, 7), [low] * 150 + [high] * 50)
    assert (found.by_weights, found.n_weights) == (0.75, 200)
    assert found.share == pytest.approx((3 + 0.75) / 4)
    assert found.n_groups == 3


def test_a_group_with_the_unit_at_its_median_has_half_a_vote_and_is_named():
    named = codes(11)
    at_median = [named[place] for place in (1, 2, 3, 7)]  # 71, 73, 78, 75: median 74, as the unit
    found = robustness(nearest(3, 5, 7) | {"level": at_median})
    assert (found.level, len(found.agreeing), found.n_groups) == (("level",), 3, 4)
    assert found.share == pytest.approx((3 + 0.5) / 4)
    assert robustness(nearest(3, 5, 8), values=[5.0] * 11).level == ()


def test_with_a_target_groups_are_asked_for_the_distance():
    """The unit lies above one group and below another, and is nearer to the target than both."""
    entry = signed("target", target=50.0)
    table = values_table([50.0, 10, 20, 30, 35, 70, 80, 90, 95, 60, 40])
    names = codes(11)
    position = compare_position(entry, table, names[0], names)
    groups = {"low": names[1:5], "high": names[5:9], "both": names[3:7]}
    found = compare_robustness(entry, table, names[0], position, groups)
    assert (found.share, found.agreeing) == (1.0, ("low", "high", "both"))
    raw = compare_robustness(
        signed("higher"),
        table,
        names[0],
        compare_position(signed("higher"), table, *names[:1], names),
        groups,
    )
    assert raw.share < 1.0


def test_rules_that_cannot_answer_are_named():
    values = [74, *PEERS[:6], NAN, NAN, NAN, NAN]
    groups = nearest(3, 4, 5) | {"neighbours": codes(11)[7:]}
    found = robustness(groups, [codes(11)[7:]], values=values)
    assert (found.silent, found.n_groups, found.by_weights) == (("neighbours",), 3, None)


def test_sides_of_many_units_at_once_are_those_of_each():
    random = np.random.default_rng(8)
    own, peers = random.integers(0, 9, 50) / 10, random.integers(0, 9, (50, 7)) / 10.0
    peers[random.random((50, 7)) < 0.3] = NAN
    sides = compute_sides(ENTRY, own, peers)
    for value, row, side in zip(own, peers, sides, strict=True):
        table = values_table([value, *row])
        told = compare_position(ENTRY, table, codes(1)[0], table["unit_code"]).side
        assert {None: True}.get(told, False) == np.isnan(side)
        if told is not None:
            assert {"above": 1, "equal": 0, "below": -1}[told] == side
    assert {-1.0, 0.0, 1.0} <= set(sides)


@pytest.mark.parametrize(
    ("groups", "values", "said"),
    [
        (nearest(3, 5), (74, *PEERS), "za mało różnych grup"),
        (dict.fromkeys("abc", codes(6)[1:]), (74, *PEERS), "za mało różnych grup"),
        ({}, (74, *PEERS), "za mało różnych grup"),
        (nearest(3, 5, 7), (NAN, *PEERS), "położenie nie jest znane"),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(groups, values, said):
    found = robustness(groups, values=values)
    assert found.share is None and said in found.reason
    assert read_robustness(found) is None


def test_the_sentence():
    found = robustness(nearest(3, 5, 7))
    said = read_robustness(found).fill(lambda f: format_number(*f))
    assert said == "Wniosek utrzymuje się w 100% innych rozsądnych grup porównawczych."
    side = read_robustness(found, concluded=False).fill(lambda f: format_number(*f))
    assert side == (
        "Wartość leży po tej samej stronie mediany w 100% innych rozsądnych grup porównawczych."
    )
