"""What the difference of two units may come from."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.compare.two_units import compare_two

SHARE = load_catalogue().indicator("street_lights_led_share")
MONEY = load_catalogue().indicator("debt_per_capita")


def rows(*units: tuple[float, float, float]) -> pd.DataFrame:
    values, numerators, denominators = zip(*units, strict=True)
    return pd.DataFrame(
        {
            "unit_code": [f"u{i}" for i in range(len(units))],
            "value": values,
            "numerator": numerators,
            "denominator": denominators,
            "flag": "ok",
            "decimals": float("nan"),
        }
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((15.0, 12, 80), (20.0, 20, 100), "chance"),
        ((15.0, 120, 800), (19.5, 195, 1000), "apart"),
        ((15.0, 1200, 8000), (20.0, 2000, 10_000), "clearly_apart"),
        ((15.0, 1200, 8000), (15.04, 1504, 10_000), "rounding"),
    ],
)
def test_counts_tell_chance_from_difference(one, other, expected):
    values = rows(one, other)
    assert compare_two(SHARE, values, "u0", "u1") == expected
    assert compare_two(SHARE, values, "u1", "u0") == expected


def test_the_widest_of_many_pairs_must_differ_more():
    values = rows((15.0, 120, 800), (19.5, 195, 1000))
    assert compare_two(SHARE, values, "u0", "u1", pairs=28) == "chance"


def test_amounts_have_no_chance_to_ask_about():
    nothing = float("nan")
    values = rows((100.0, nothing, nothing), (105.0, nothing, nothing), (150.0, nothing, nothing))
    assert compare_two(MONEY, values, "u0", "u1") == "small"
    assert compare_two(MONEY, values, "u0", "u2") == "unknown"


def test_nothing_is_said_of_a_unit_without_a_value():
    values = rows((100.0, 1, 1), (float("nan"), 1, 1))
    assert compare_two(MONEY, values, "u0", "u1") is None
    assert compare_two(MONEY, values, "u0", "u9") is None
