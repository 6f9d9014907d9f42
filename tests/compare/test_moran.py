"""Moran's I (M19): golden values on a lattice, permutations with a seed, contiguity, refusals."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely

from smup_lib.compare.moran import (
    QUADRANTS,
    Contiguity,
    compare_neighbourhood,
    compute_moran,
    compute_permuted,
    read_neighbourhood,
)
from tests.compare.tables import codes, values_table

GOLDEN = {
    0.3555555556: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    0.2582222222: [9, 8, 2, 8, 7, 1, 2, 1, 1],
    0.08682753165: [1, 2, 9, 3, 2, 8, 2, 1, 3],
}
SIDE = 7


def lattice_outlines(side):
    boxes = [shapely.box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)]
    return pd.DataFrame({"unit_code": codes(side**2), "geometry": shapely.to_wkb(boxes)})


@pytest.fixture(scope="module")
def queen():
    return Contiguity.of_outlines(lattice_outlines(SIDE), codes(SIDE**2))


@pytest.fixture(scope="module")
def lattice3():
    from libpysal.weights import W

    found = Contiguity.of_outlines(lattice_outlines(3), codes(9))
    weights = W(found.among(codes(9)), silence_warnings=True)
    weights.transform = "r"
    return weights


def slope(noise=0.0):
    random = np.random.default_rng(4)
    return [x + y + noise * random.normal() for y in range(SIDE) for x in range(SIDE)]


@pytest.mark.parametrize("expected", GOLDEN)
def test_golden_values(lattice3, expected):
    found, expectation = compute_moran(np.array(GOLDEN[expected], dtype=float), lattice3)
    assert found == pytest.approx(expected, rel=1e-6)
    assert expectation == -0.125


def test_golden_local_values(lattice3):
    from esda.moran import Moran, Moran_Local

    local = Moran_Local(np.arange(1.0, 10), lattice3, permutations=0).Is
    expected = [0.71111111, 0.48, 0.17777778, 0.053333333, 0]
    assert local == pytest.approx([*expected, *expected[3::-1]], abs=1e-7)
    assert Moran_Local(np.array(GOLDEN[0.2582222222], dtype=float), lattice3, permutations=0).Is[
        0
    ] == pytest.approx(1.2444444)
    whole = Moran(np.arange(1.0, 10), lattice3, permutations=0)
    assert (whole.VI_norm, whole.z_norm) == pytest.approx((0.02086265432, 3.327046121))


def test_all_orders_of_nine_give_the_golden_p(lattice3):
    numbers = np.array(GOLDEN[0.2582222222], dtype=float)
    orders = np.array(list(itertools.permutations(numbers))).T
    moran = compute_permuted(numbers[:, None], lattice3)[0]
    as_high = int((compute_permuted(orders, lattice3) >= moran - 1e-12).sum())
    assert (as_high, orders.shape[1]) == (1824, 362880)


def test_queens_meet_in_points_and_borders_do_not(queen):
    table = lattice_outlines(SIDE)
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    pairs = [
        (a, b)
        for a, b in itertools.permutations(range(len(shapes)), 2)
        if shapes[a].intersection(shapes[b]).length > 0
    ]
    named = table["unit_code"].tolist()
    borders = pd.DataFrame(
        [(named[a], named[b]) for a, b in pairs], columns=["unit_code", "neighbour_code"]
    )
    rook = Contiguity.of_borders(borders, named)
    corner = named[0]
    assert len(queen.neighbours[corner]) == 3 and len(rook.neighbours[corner]) == 2
    assert all(set(rook.neighbours[code]) < set(queen.neighbours[code]) for code in named)
    assert (queen.kind, rook.kind) == ("queen", "border")


def test_a_slope_lies_together_and_its_ends_stand_out(queen):
    found = compare_neighbourhood(values_table(slope()), queen, seed=1)
    assert found.moran > 0.7 and found.p_value == 0.001
    rows = found.rows.set_index("unit_code")
    first, last = codes(SIDE**2)[0], codes(SIDE**2)[-1]
    assert rows.loc[first, "quadrant"] == "niska wśród niskich"
    assert rows.loc[last, "quadrant"] == "wysoka wśród wysokich"
    assert rows.loc[[first, last], "stands_out"].all()
    assert not rows["stands_out"].all()
    assert set(rows["quadrant"]) <= set(QUADRANTS)
    assert (rows["p_adjusted"] >= rows["p_value"]).all()
    assert read_neighbourhood(found).template.startswith("Podobne wartości sąsiadują")


def test_too_few_random_orders_say_what_they_cannot_show(queen):
    table = values_table(slope())
    (warning,) = compare_neighbourhood(table, queen, permutations=999).warnings
    assert "dopiero 2 jednostki naraz" in warning
    assert compare_neighbourhood(table, queen, permutations=1999).warnings == ()


def test_noise_lies_nowhere_together(queen):
    numbers = np.random.default_rng(11).normal(size=SIDE**2)
    found = compare_neighbourhood(values_table(numbers), queen, seed=1)
    assert found.p_value > 0.05 and not found.rows["stands_out"].any()
    assert read_neighbourhood(found).template.startswith("Nie widać")


def test_a_unit_at_the_mean_does_not_stand_out(queen):
    # its local I is 0 in every order: the least remarkable of all
    numbers = np.array(slope())
    rows = compare_neighbourhood(values_table(numbers), queen).rows
    middle = numbers == numbers.mean()
    assert middle.any()
    assert (rows.loc[middle, "p_value"] == 1).all()


def test_the_seed_decides_and_the_random_numbers_of_others_do_not_change(queen):
    table = values_table(slope(noise=3))
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    first = compare_neighbourhood(table, queen, seed=3)
    assert np.random.random() == expected
    assert first.rows.equals(compare_neighbourhood(table, queen, seed=3).rows)
    assert not first.rows.equals(compare_neighbourhood(table, queen, seed=4).rows)
    turned = compare_neighbourhood(table.iloc[::-1], queen, seed=3)
    assert turned.moran == pytest.approx(first.moran)
    back = turned.rows.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(back, first.rows)


def test_who_has_no_value_or_no_neighbour_is_left_out_with_a_reason(queen):
    table = values_table([*slope()[:-1], float("nan"), 5.0])
    qualifiers = ["small_denominator", *[""] * (len(table) - 1)]
    found = compare_neighbourhood(table.assign(qualifiers=qualifiers), queen)
    reasons = found.rows["reason"].tolist()
    assert reasons[0] == reasons[-2] == "brak wartości na mapę"
    assert reasons[-1] == "brak sąsiada z wartością"
    assert found.n_used == SIDE**2 - 2
    assert found.n_flags == {"no_data": 1, "ok": SIDE**2}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (values_table([*slope()[3:], *[float("nan")] * 3]), "za dużo jednostek bez wartości"),
        (
            values_table(slope()).assign(qualifiers="small_denominator"),
            "częstości z małych liczb wygładź (M14)",
        ),
        (values_table(slope()[:29]), "za mało jednostek z wartością i sąsiadem (29;"),
        (values_table([5.0] * SIDE**2), "wszystkie wartości są równe"),
        (values_table([]), "za dużo jednostek bez wartości"),
    ],
)
def test_a_refusal_is_a_result_with_a_reason(queen, table, said):
    found = compare_neighbourhood(table, queen)
    assert said in found.reason
    assert found.moran is None and found.rows["value"].isna().all()
    assert read_neighbourhood(found) is None


def test_without_outlines_nobody_has_neighbours():
    empty = Contiguity.of_outlines(lattice_outlines(3), ["999999"])
    assert empty.neighbours == {}
