"""Arithmetic of indicators against worked values."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.indicators.methods import METHODS

NAN = float("nan")


@pytest.mark.parametrize(
    ("method", "numerator", "denominator", "multiplier", "expected"),
    [
        ("ratio", 7, 4321, 1000, 1000 * 7 / 4321),
        ("ratio", 7, 0, 1, NAN),
        ("ratio", NAN, 5, 1, NAN),
        ("ratio", 5, NAN, 1, NAN),
        ("ratio", 0, 5, 1, 0),
        ("share", 3, 20, 100, 15),
        ("share", 20, 20, 100, 100),
        ("share", 21, 20, 100, NAN),
        ("rate", 27, 18_340, 10_000, 14.7219193),
        ("change", 110, 100, 100, 10),
        ("change", 90, 100, 100, -10),
        ("change", 5, 0, 100, NAN),
        ("index", 110, 100, 100, 110),
        ("amount", 12, NAN, 1, 12),
    ],
)
def test_worked_values(method, numerator, denominator, multiplier, expected):
    found = METHODS[method](
        np.array([float(numerator)]), np.array([float(denominator)]), float(multiplier)
    )[0]
    assert found == pytest.approx(expected, rel=1e-8, nan_ok=True)


def test_every_method_of_the_model_is_there():
    from typing import get_args

    from smup_lib.catalogue.vocabulary import Method

    assert set(METHODS) == set(get_args(Method)) - {"published"}
