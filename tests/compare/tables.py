"""Small tables of values for tests of methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd


def codes(n: int) -> list[str]:
    """Return codes of units of the fictional land."""
    return [f"90{place + 10:04d}" for place in range(n)]


def values_table(values: Iterable[float], **columns: Any) -> pd.DataFrame:
    """Return ``unit_code, value, flag`` with other columns; a null has no data."""
    numbers = [float(value) for value in values]
    flags = ["no_data" if number != number else "ok" for number in numbers]
    table = pd.DataFrame({"unit_code": codes(len(numbers)), "value": numbers, "flag": flags})
    return table.assign(**columns)


def counts_table(
    counts: Sequence[float], bases: Sequence[float], multiplier: float = 1.0
) -> pd.DataFrame:
    """Return ``unit_code, value, flag, numerator, denominator``."""
    numerator, denominator = (pd.Series(part, dtype="float64") for part in (counts, bases))
    return pd.DataFrame(
        {
            "unit_code": codes(len(counts)),
            "value": multiplier * numerator / denominator,
            "flag": ["ok" if n == n else "no_data" for n in numerator],
            "numerator": numerator,
            "denominator": denominator,
        }
    )
