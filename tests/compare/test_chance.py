"""Chance: golden values of M2, M3, M4a and M13, the choice of yardstick, and refusals."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.compare import Position, compare_chance, weigh_chance, withhold
from smup_lib.compare.intervals import poisson_interval, wilson_interval
from tests.indicators.builders import indicator

NAN = float("nan")


def table(own: tuple[float, float], peers: list[tuple[float, float]]) -> pd.DataFrame:
    counts = [own, *peers]
    return pd.DataFrame(
        {
            "unit_code": [f"90{n + 10}" for n in range(len(counts))],
            "year": 2022,
            "numerator": [float(x) for x, _ in counts],
            "denominator": [float(n) for _, n in counts],
            "flag": "ok",
        }
    )


def chance(own, peers, method="share"):
    entry = indicator(method=method, multiplier=1.0)
    frame = table(own, peers)
    return compare_chance(entry, frame, "9010", frame["unit_code"])


@pytest.mark.parametrize(
    ("count", "base", "level", "low", "high"),
    [
        (3, 20, 0.95, 0.0523687459, 0.3604188647),
        (0, 20, 0.95, 0, 0.1611251581),
        (20, 20, 0.95, 0.8388748419, 1),
        (12, 80, 0.95, 0.08794040506, 0.2441322856),
        (12, 80, 0.998, 0.06489173031, 0.3097560603),
        (81, 263, 0.95, 0.2552885199, 0.3662095770),
        (1, 29, 0.95, 0.006113214293, 0.1717552188),
    ],
)
def test_wilson_golden_values_of_m2(count, base, level, low, high):
    assert wilson_interval(count, base, level) == pytest.approx((low, high), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.688879454),
        (1, 0.02531780798, 5.571643391),
        (9, 4.115373097, 17.08480345),
        (10, 4.787449914, 18.39145861),
        (27, 17.78896447, 39.28509867),
        (100, 81.36210549, 121.6279376),
    ],
)
def test_poisson_golden_values_of_m3(count, low, high):
    assert poisson_interval(count) == pytest.approx((low, high), rel=1e-6)


def test_the_golden_case_of_m4a_leaves_the_unit_out():
    found = chance((12, 80), [(88, 420), (100, 500), (100, 500), (200, 1000), (100, 500)])
    assert found.group_value == pytest.approx(588 / 2920)
    assert (found.low, found.high) == pytest.approx((0.08794040506, 0.2441322856))
    assert found.explains


@pytest.mark.parametrize(
    ("own", "excluded_at"), [((20, 100), 0.0), ((29, 100), 0.95), ((40, 100), 0.998)]
)
def test_two_strengths_of_difference(own, excluded_at):
    assert chance(own, [(200, 1000)] * 5).excluded_at == excluded_at


@pytest.mark.parametrize(("own", "differs"), [(45, True), (41, False)])
def test_a_group_hardly_larger_than_the_unit_is_not_taken_as_fixed(own, differs):
    # together as large as the unit (33 of 50), so Newcombe's golden cases of M13 decide
    found = chance((own, 50), [(7, 10), (7, 10), (7, 10), (6, 10), (6, 10)])
    assert (found.excluded_at != 0) == differs
    low, high = wilson_interval(own, 50)
    assert not low <= 33 / 50 <= high  # a fixed group would have said otherwise of the second


def test_events_have_their_own_interval():
    found = chance((27, 18340), [(100, 100_000)] * 5, method="rate")
    assert 10_000 * found.low == pytest.approx(9.699544423)
    assert 10_000 * found.high == pytest.approx(21.42044638)
    assert found.excluded_at == 0.0
    assert chance((30, 18340), [(100, 100_000)] * 5, method="rate").excluded_at == 0.95
    assert chance((3, 18340), [(100, 100_000)] * 5, method="rate").excluded_at == 0.998


@pytest.mark.parametrize(
    ("own", "peers", "reason"),
    [
        ((12.5, 80), [(20, 100)] * 5, "liczebności jednostki"),
        ((NAN, 80), [(20, 100)] * 5, "liczebności jednostki"),
        ((90, 80), [(20, 100)] * 5, "większy od mianownika"),
        ((12, 80), [(20, 100)] * 4, "za mało jednostek"),
        ((12, 80), [(20, 100)] * 8 + [(NAN, 100)], "za mało jednostek"),
    ],
)
def test_a_refusal_says_why(own, peers, reason):
    found = chance(own, peers)
    assert found.excluded_at is None
    assert not found.explains
    assert reason in found.reason


@pytest.mark.parametrize("basis", ["money_ratio", "mean"])
def test_without_counts_there_is_no_interval(basis):
    frame = table((12, 80), [(20, 100)] * 6)
    entry = indicator(method="ratio", data_basis=basis)
    found = compare_chance(entry, frame, "9010", frame["unit_code"])
    assert (found.low, found.high, found.excluded_at) == (None, None, None)


def test_a_judgement_that_chance_explains_is_taken_back():
    judged = Position(12.0, 5, 5, standing="worse", side="above", rank=6, merit=0.1)
    explained = chance((20, 100), [(200, 1000)] * 5)
    assert weigh_chance(judged, explained).standing == "similar"
    assert "wahaniach" in weigh_chance(judged, explained).reason
    assert weigh_chance(judged, chance((40, 100), [(200, 1000)] * 5)) == judged


def test_a_judgement_against_the_median_must_hold_against_the_whole_group():
    # four small peers are low, one large peer is high: above the median, below the group
    peers = [(9, 100)] * 4 + [(5000, 10_000)]
    found = chance((30, 200), peers)
    assert (found.side, found.excluded_at) == ("below", 0.998)
    judged = Position(15.0, 5, 5, standing="better", side="above")
    assert weigh_chance(judged, found).standing == "similar"
    assert "po różnych stronach" in weigh_chance(judged, found).reason


def test_the_expected_number_of_cases_is_that_of_the_group():
    found = chance((3, 1500), [(10, 10_000)] * 5, method="rate")
    assert found.expected == pytest.approx(1.5)


def test_withholding_keeps_the_value_and_takes_the_place():
    judged = Position(12.0, 5, 5, median=10.0, standing="similar", rank=6, merit=0.5)
    held = withhold(judged, "za mało przypadków")
    assert (held.value, held.median, held.rank, held.standing) == (12.0, 10.0, None, "unknown")
    neutral = Position(12.0, 5, 5, standing="not_judged")
    assert withhold(neutral, "za mało przypadków") == neutral
