"""Small indicators for tests."""

from __future__ import annotations

from typing import Any

from smup_lib.catalogue import Indicator

TEXT = "Tekst próbny."


def indicator(**changes: Any) -> Indicator:
    """Return a rate of accidents per 1000 persons, changed as told."""
    fields: dict[str, Any] = {
        "id": "accident_rate",
        "area": "roads_transport",
        "service": "DRO-07",
        "dimension": "quality",
        "name": "Wypadki na tysiąc mieszkańców",
        "short_name": "Wypadki",
        "definition": TEXT,
        "interpretation": TEXT,
        "limits": TEXT,
        "measure_unit": "na 1000 mieszk.",
        "decimals": 1,
        "data_basis": "count_ratio",
        "provenance": "computed",
        "method": "rate",
        "inputs": {"numerator": ("accidents",), "denominator": ("population",)},
        "multiplier": 1000.0,
        "levels": ("gmina", "powiat"),
    }
    return Indicator.model_validate(fields | changes)


def signed(direction: str, **changes: Any) -> Indicator:
    """Return an indicator whose direction two people signed."""
    polarity = {"direction": direction, "reason": TEXT, "signed_by": ("a", "b"), **changes}
    return indicator(polarity=polarity)
