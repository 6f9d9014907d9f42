"""Who is who: the register by year, names, territorial changes, neighbours and groups."""

from smup_lib.units.changes import (
    TerritorialBreak,
    TerritorialNote,
    list_breaks,
    list_notes,
    list_related_codes,
)
from smup_lib.units.chosen import (
    add_group,
    list_saved_groups,
    load_group,
    remove_group,
    save_group,
)
from smup_lib.units.describe import describe_unit, unit_facts
from smup_lib.units.groups import build_group, build_groups_by_weights, check_rule, list_members
from smup_lib.units.listing import list_units
from smup_lib.units.name_index import Candidate
from smup_lib.units.names import (
    GUESSED,
    NEAR,
    Lookup,
    find_candidates,
    find_unit,
    find_unit_with_context,
)
from smup_lib.units.neighbours import neighbours_of
from smup_lib.units.peer_group import PeerGroup
from smup_lib.units.register import Register, load_register
from smup_lib.units.series_mapping import map_series
from smup_lib.units.unit import Unit

__all__ = [
    "GUESSED",
    "NEAR",
    "Candidate",
    "Lookup",
    "PeerGroup",
    "Register",
    "TerritorialBreak",
    "TerritorialNote",
    "Unit",
    "add_group",
    "build_group",
    "build_groups_by_weights",
    "check_rule",
    "describe_unit",
    "find_candidates",
    "find_unit",
    "find_unit_with_context",
    "list_breaks",
    "list_members",
    "list_notes",
    "list_related_codes",
    "list_saved_groups",
    "list_units",
    "load_group",
    "load_register",
    "map_series",
    "neighbours_of",
    "remove_group",
    "save_group",
    "unit_facts",
]
