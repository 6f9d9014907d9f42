"""The table: judges values against a group and over time; never draws, never fetches."""

from smup_lib.compare.at_median import compare_at_median
from smup_lib.compare.batch import Batch, compare_batch
from smup_lib.compare.chance import Chance, compare_chance
from smup_lib.compare.composite import Composite, compare_composite, read_composite
from smup_lib.compare.detectability import compare_visible_change
from smup_lib.compare.false_alarms import FalseAlarms, compare_false_alarms
from smup_lib.compare.frontier import Factor, Frontier, compare_frontier, read_frontier
from smup_lib.compare.funnel import Funnel, compare_funnel
from smup_lib.compare.group_difference import compare_differences
from smup_lib.compare.group_ratio import GroupRatio, compare_group_ratio
from smup_lib.compare.intervals import compare_intervals
from smup_lib.compare.learnable import LearnablePeers, Paired, compare_learnable, read_learnable
from smup_lib.compare.learnable_years import weigh_years
from smup_lib.compare.methods import METHODS, Method, basis_refusal
from smup_lib.compare.moran import (
    Contiguity,
    SpatialPattern,
    compare_neighbourhood,
    read_neighbourhood,
)
from smup_lib.compare.need_cost import Need, NeedCost, compare_need_cost, read_need_cost
from smup_lib.compare.persistence import Persistence, compare_persistence
from smup_lib.compare.places import compare_costs, compare_places
from smup_lib.compare.position import (
    Position,
    compare_position,
    compare_ranks,
    rests_on_few,
    weigh_chance,
    withhold,
)
from smup_lib.compare.rank_interval import RankIntervals, compare_rank_chance, compare_rank_rounding
from smup_lib.compare.readings import (
    read_at_median,
    read_batch,
    read_cost,
    read_difference,
    read_false_alarms,
    read_funnel,
    read_group_ratio,
    read_interval,
    read_place,
    read_rank_interval,
    read_recent_trend,
    read_trend,
    read_visible_change,
)
from smup_lib.compare.recent_trend import compare_recent_trends
from smup_lib.compare.result import Interval, Result, UnitResults
from smup_lib.compare.revision import Revision, compare_revision, read_revision
from smup_lib.compare.robust_z import RobustZ, compare_oddity, compare_robust_z
from smup_lib.compare.robustness import (
    PeerSets,
    Robustness,
    RuleGroups,
    compare_robustness,
    read_robustness,
)
from smup_lib.compare.shrinkage import Shrunk, compare_shrunk, read_shrunk
from smup_lib.compare.trend import Trend, adjust_trends, compare_trend, compare_trends
from smup_lib.compare.year_values import YearValues

__all__ = [
    "METHODS",
    "Batch",
    "Chance",
    "Composite",
    "Contiguity",
    "Factor",
    "FalseAlarms",
    "Frontier",
    "Funnel",
    "GroupRatio",
    "Interval",
    "LearnablePeers",
    "Method",
    "Need",
    "NeedCost",
    "Paired",
    "PeerSets",
    "Persistence",
    "Position",
    "RankIntervals",
    "Result",
    "Revision",
    "RobustZ",
    "Robustness",
    "RuleGroups",
    "Shrunk",
    "SpatialPattern",
    "Trend",
    "UnitResults",
    "YearValues",
    "adjust_trends",
    "basis_refusal",
    "compare_at_median",
    "compare_batch",
    "compare_chance",
    "compare_composite",
    "compare_costs",
    "compare_differences",
    "compare_false_alarms",
    "compare_frontier",
    "compare_funnel",
    "compare_group_ratio",
    "compare_intervals",
    "compare_learnable",
    "compare_need_cost",
    "compare_neighbourhood",
    "compare_oddity",
    "compare_persistence",
    "compare_places",
    "compare_position",
    "compare_rank_chance",
    "compare_rank_rounding",
    "compare_ranks",
    "compare_recent_trends",
    "compare_revision",
    "compare_robust_z",
    "compare_robustness",
    "compare_shrunk",
    "compare_trend",
    "compare_trends",
    "compare_visible_change",
    "read_at_median",
    "read_batch",
    "read_composite",
    "read_cost",
    "read_difference",
    "read_false_alarms",
    "read_frontier",
    "read_funnel",
    "read_group_ratio",
    "read_interval",
    "read_learnable",
    "read_need_cost",
    "read_neighbourhood",
    "read_place",
    "read_rank_interval",
    "read_recent_trend",
    "read_revision",
    "read_robustness",
    "read_shrunk",
    "read_trend",
    "read_visible_change",
    "rests_on_few",
    "weigh_chance",
    "weigh_years",
    "withhold",
]
