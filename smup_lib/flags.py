"""The words for how a value is to be read: flags and qualifiers of observations."""

from __future__ import annotations

#: Flags beside which the value is a number.
NUMBER_FLAGS = ("ok", "true_zero", "below_format")
#: Flags beside which there is no value; each is a reason.
NULL_FLAGS = (
    "missing_or_secret",
    "not_available_yet",
    "no_data",
    "ambiguous_zero",
    "zero_denominator",
    "not_applicable",
    "suppressed_here",
)
FLAGS = NUMBER_FLAGS + NULL_FLAGS
#: May accompany a number; several are joined with commas in this order.
QUALIFIERS = (
    "across_break",
    "both_parts",
    "estimated_weights",
    "impossible_value",
    "incomplete",
    "joint_with_city",
    "low_precision",
    "method_change",
    "other_code",
    "part_missing",
    "preliminary",
    "size_unknown",
    "small_denominator",
    "territorial_break",
)
#: Qualifiers of a value whose size is the work of a few cases, or of nobody knows how many.
FEW_CASES = frozenset({"small_denominator", "size_unknown"})
