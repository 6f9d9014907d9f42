"""The table: judges values against a group and over time; never draws, never fetches."""

from smup_lib.compare.chance import Chance, compare_chance
from smup_lib.compare.persistence import Persistence, compare_persistence
from smup_lib.compare.position import (
    Position,
    compare_position,
    compare_ranks,
    weigh_chance,
    withhold,
)
from smup_lib.compare.robust_z import RobustZ, compare_oddity, compare_robust_z
from smup_lib.compare.robustness import Robustness, compare_robustness
from smup_lib.compare.trend import Trend, adjust_trends, compare_trend
from smup_lib.compare.year_values import YearValues

__all__ = [
    "Chance",
    "Persistence",
    "Position",
    "RobustZ",
    "Robustness",
    "Trend",
    "YearValues",
    "adjust_trends",
    "compare_chance",
    "compare_oddity",
    "compare_persistence",
    "compare_position",
    "compare_ranks",
    "compare_robust_z",
    "compare_robustness",
    "compare_trend",
    "weigh_chance",
    "withhold",
]
