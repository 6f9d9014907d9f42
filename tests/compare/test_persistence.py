"""Do earlier years agree: which are asked, which count, and when there is no answer."""

from __future__ import annotations

import pytest

from smup_lib.compare import compare_persistence
from tests.indicators.builders import indicator

NAN = float("nan")


def years(*pairs):
    """Return consecutive years up to 2021 with value and median."""
    return [(2022 - len(pairs) + n, *pair) for n, pair in enumerate(pairs)]


@pytest.mark.parametrize(
    ("side", "earlier", "share"),
    [
        ("above", years((2, 1), (2, 1), (2, 1)), 1.0),
        ("above", years((2, 1), (0, 1), (2, 1), (2, 1)), 0.75),
        ("below", years((2, 1), (2, 1), (2, 1)), 0.0),
        ("above", years((0, 1), (2, 1), (2, 1), (2, 1), (2, 1), (2, 1)), 1.0),  # the last five
        ("above", years((NAN, 1), (2, NAN), (2, 1), (2, 1), (0, 1)), 2 / 3),
        ("equal", years((1.04, 1), (0.96, 1), (2, 1)), 2 / 3),  # as printed: 1,0
        ("above", years((1.04, 1), (1.2, 1), (1.2, 1)), 2 / 3),
        ("above", years((2, 1), (2, 1)), None),
        (None, years((2, 1), (2, 1), (2, 1)), None),
    ],
)
def test_share_of_years(side, earlier, share):
    found = compare_persistence(indicator(decimals=1), 2022, side, earlier)
    assert found.share == (None if share is None else pytest.approx(share))
    assert (found.reason is None) == (share is not None)


def test_order_does_not_matter_and_years_are_named():
    found = compare_persistence(
        indicator(decimals=1), 2022, "above", [*reversed(years((2, 1), (0, 1), (2, 1)))]
    )
    assert (found.years, found.agreeing) == ((2019, 2020, 2021), (2019, 2021))


def test_the_distant_past_bears_no_witness():
    old = [(1998 + n, 2.0, 1.0) for n in range(5)]
    assert compare_persistence(indicator(), 2022, "above", old).share is None
