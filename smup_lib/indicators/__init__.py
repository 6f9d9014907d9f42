"""The kitchen: from observations to values of indicators, numerator and denominator kept."""

from smup_lib.indicators.aggregate import GroupValue, compute_group_value
from smup_lib.indicators.compute import VALUE_COLUMNS, compute_values
from smup_lib.indicators.selection import pick_shown

__all__ = [
    "VALUE_COLUMNS",
    "GroupValue",
    "compute_group_value",
    "compute_values",
    "pick_shown",
]
