"""Method M11: golden values of methods.md and the rules around them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smup_lib.errors import GroupError
from smup_lib.units.similarity import compute_similarity_space, transform_yeo_johnson

GOLDEN = pd.DataFrame(
    {
        "population": [5200, 4800, 6100, 15300, 5000, 23800],
        "old": [21.4, 20.9, 24, 18.2, 27.5, 17.1],
        "density": [62, 55, 71, 210, 38, 480],
        "road": [3.1, 3.4, 2.8, 1.2, 4.9, 0.7],
    },
    index=list("ABCDEF"),
)
WEIGHTS = {"population": 0.4, "old": 0.3, "density": 0.2, "road": 0.1}


def test_distances_and_contributions_with_fixed_parameters() -> None:
    space = compute_similarity_space(
        GOLDEN, weights=WEIGHTS, lambdas={"old": 1.0, "density": 0.0, "road": 0.0}
    )
    nearest = space.nearest("A", 5)
    assert nearest["unit_code"].tolist() == ["B", "C", "E", "D", "F"]
    assert nearest["distance"].tolist() == pytest.approx(
        [0.10679768, 0.34616758, 0.80458609, 1.0800772, 1.5887085], abs=1e-7
    )
    to_c = nearest[nearest["unit_code"] == "C"].iloc[0]
    assert [to_c[name] for name in GOLDEN.columns] == pytest.approx(
        [0.110158, 0.845102, 0.028146, 0.016594], abs=1e-6
    )


def test_fitted_parameters() -> None:
    space = compute_similarity_space(GOLDEN, weights=WEIGHTS)
    fitted = [space.lambdas[name] for name in ("old", "density", "road")]
    assert fitted == pytest.approx([-0.86140, -0.68430, 0.72491], abs=1e-3)
    assert space.lambdas["population"] is None


@pytest.mark.parametrize(
    ("parameter", "expected"), [(0.5, [2, -4.66666667]), (0.0, [1.38629436, -7.5])]
)
def test_yeo_johnson_of_3_and_minus_3(parameter: float, expected: list[float]) -> None:
    assert transform_yeo_johnson(np.array([3.0, -3.0]), parameter) == pytest.approx(expected)


def test_a_variable_that_tells_nothing_is_dropped_and_said() -> None:
    space = compute_similarity_space(GOLDEN.assign(flat=[0, 0, 0, 0, 0, 9]))
    assert "flat" not in space.variables
    assert "nie różnicuje" in space.dropped["flat"]


def test_nothing_missing_is_filled_in() -> None:
    table = GOLDEN.astype("float64")
    table.loc["C", "road"] = np.nan
    table.loc["D", "population"] = 0
    space = compute_similarity_space(table)
    assert set(space.excluded) == {"C", "D"}
    assert set(space.codes) == set("ABEF")


@pytest.mark.parametrize(
    "table", [GOLDEN[[]], GOLDEN.iloc[:2], GOLDEN.assign(population=1)[["population"]]]
)
def test_too_little_to_go_by_is_an_error(table: pd.DataFrame) -> None:
    with pytest.raises(GroupError, match="Za mało danych"):
        compute_similarity_space(table)


def test_quality_compares_the_farthest_peer_with_all_pairs() -> None:
    space = compute_similarity_space(GOLDEN)
    assert space.quality(0.4 * space.median_distance)[0] == "dobre"
    assert space.quality(0.8 * space.median_distance) == ("umiarkowane", pytest.approx(0.8))
    assert space.quality(1.2 * space.median_distance)[0] == "słabe"


def test_twins_at_distance_zero_are_nearest_and_have_no_contributions() -> None:
    table = pd.concat([GOLDEN, GOLDEN.loc[["A"]].set_axis(["A2"])])
    nearest = compute_similarity_space(table).nearest("A", 1)
    assert nearest["unit_code"].tolist() == ["A2"]
    assert nearest["distance"].tolist() == [0.0]
    assert nearest["old"].isna().all()


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(8, 60))
def test_distances_are_symmetric_and_shares_sum_to_one(seed: int, units: int) -> None:
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "population": np.exp(random.normal(9, 1, units)),
            "share": random.uniform(10, 30, units),
            "wage": random.normal(5000, 800, units),
        },
        index=[f"u{n:02d}" for n in range(units)],
    )
    space = compute_similarity_space(table)
    first, second = space.codes[0], space.codes[1]
    there = space.nearest(first, units).set_index("unit_code")
    back = space.nearest(second, units).set_index("unit_code")
    assert len(there) == units - 1
    assert there["distance"].is_monotonic_increasing
    assert there.loc[second, "distance"] == pytest.approx(back.loc[first, "distance"])
    assert there[list(space.variables)].sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_order_of_rows_does_not_matter() -> None:
    there = compute_similarity_space(GOLDEN).nearest("A", 3)["unit_code"].tolist()
    back = compute_similarity_space(GOLDEN.iloc[::-1]).nearest("A", 3)["unit_code"].tolist()
    assert there == back


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_is_not_a_positive_number_is_refused(weight: float) -> None:
    with pytest.raises(GroupError, match="road: waga") as caught:
        compute_similarity_space(GOLDEN, weights={"road": weight, "wage": 1.0})
    assert "wage: tej cechy nie ma" in str(caught.value)


def test_other_weights_of_the_same_space_are_those_of_a_new_one() -> None:
    weighted = compute_similarity_space(GOLDEN).weighted(WEIGHTS)
    anew = compute_similarity_space(GOLDEN, weights=WEIGHTS)
    assert weighted.nearest("A", 5).equals(anew.nearest("A", 5))
    assert weighted.median_distance == anew.median_distance
    with pytest.raises(GroupError, match="wage"):
        weighted.weighted({"wage": 2.0})


def test_a_weight_decides_who_is_near() -> None:
    # E is like A in population, C in everything else
    space = compute_similarity_space(GOLDEN)
    assert space.weighted({"population": 1000.0}).nearest("A", 1)["unit_code"].tolist() == ["E"]


def test_sets_by_other_weights_hold_k_others_and_come_again() -> None:
    random = np.random.default_rng(3)
    table = pd.DataFrame(
        {"population": np.exp(random.normal(9, 1, 40)), "old": random.uniform(10, 30, 40)},
        index=[f"u{n:02d}" for n in range(40)],
    )
    space = compute_similarity_space(table)
    sets = space.nearest_by_weights("u05", 6, draws=50, seed=7)
    assert len(sets) == 50
    assert all(len(set(found)) == 6 and "u05" not in found for found in sets)
    assert len(set(sets)) > 1  # the weights do matter
    assert sets == space.nearest_by_weights("u05", 6, draws=50, seed=7)
    assert sets != space.nearest_by_weights("u05", 6, draws=50, seed=8)
    turned = compute_similarity_space(table.iloc[::-1])
    assert turned.nearest_by_weights("u05", 6, draws=50, seed=7) == sets


def test_unchanged_weights_give_the_nearest() -> None:
    space = compute_similarity_space(GOLDEN[["population"]])
    # of one variable any weight gives the same order
    nearest = tuple(space.nearest("A", 4)["unit_code"])
    assert set(space.nearest_by_weights("A", 4, draws=20)) == {nearest}


def test_the_transformation_is_that_of_scikit_learn() -> None:
    from sklearn.preprocessing import PowerTransformer, RobustScaler

    space = compute_similarity_space(GOLDEN)
    columns = GOLDEN[["old", "density", "road"]].to_numpy(dtype="float64")
    fitted = PowerTransformer(standardize=False).fit(columns)
    scaled = RobustScaler().fit_transform(fitted.transform(columns))
    assert space.points[:, 1:] == pytest.approx(scaled, abs=1e-3)
