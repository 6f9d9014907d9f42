"""Which judgements do not hold: values on a few cases, and differences that chance explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from smup_lib.compare import Chance, weigh_chance, withhold
from smup_lib.compare.chance import compare_chance_of_sums
from smup_lib.compare.counts import check_counts, counts_refusal
from smup_lib.indicators.aggregate import sum_group

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import IndicatorAssessment

#: A rate is judged only where the group would expect at least this many events in the unit.
MINIMUM_EXPECTED = 10
#: Qualifiers that forbid a judgement where no counts can be asked, and why, the gravest first.
_FORBIDS = {
    "small_denominator": "wartość opiera się na małej liczbie przypadków, więc jej nie oceniamy",
    "size_unknown": "nie wiadomo, na ilu przypadkach opiera się wartość, więc jej nie oceniamy",
}


def weigh_doubts(
    items: Sequence[IndicatorAssessment], unit_code: str, members: Sequence[str]
) -> tuple[IndicatorAssessment, ...]:
    """Take back the judgements that the number of cases does not bear.

    A published rate has no counts; where a twin computed from counts stands beside it, what holds
    for the twin holds for it.

    Parameters
    ----------
    items : sequence of IndicatorAssessment
        Judged by place only; twins among them.
    unit_code, members
        The unit and its comparison group.

    Returns
    -------
    tuple of IndicatorAssessment
        The same in the same order, with ``chance`` asked of every value that is no context: the
        list of signals needs all that were tested, not only those that stand out.
    """
    return tuple(
        _weighed(item, [i for i in items if _are_twins(i, item)], unit_code, members)
        for item in items
    )


def _are_twins(one: IndicatorAssessment, other: IndicatorAssessment) -> bool:
    return one is not other and (
        one.indicator.twin_of == other.indicator.id or other.indicator.twin_of == one.indicator.id
    )


def _weighed(
    item: IndicatorAssessment,
    twins: Sequence[IndicatorAssessment],
    unit_code: str,
    members: Sequence[str],
) -> IndicatorAssessment:
    if item.status != "shown" or item.indicator.role == "contextual":
        return item
    counted = [one for one in (item, *twins) if one.status == "shown" and _has_counts(one)]
    doubts = {word for one in counted or [item] for word in one.qualifiers.split(",")}
    doubted = [why for doubt, why in _FORBIDS.items() if doubt in doubts]
    asked = [_ask(one, unit_code, members) for one in dict.fromkeys((item, *counted))]
    chance = _first_answer(asked)
    if doubted and (chance.excluded_at is None or _too_rare(chance)):
        return replace(item, chance=chance, position=withhold(item.position, doubted[0]))
    weighed = weigh_chance(item.position, chance, item.indicator)
    return replace(item, chance=chance, position=weighed)


def _ask(item: IndicatorAssessment, unit_code: str, members: Sequence[str]) -> Chance:
    """Ask the counts of an indicator; one without counts is not laid out for it."""
    if (why := counts_refusal("M4a", item.indicator)) is not None:
        return Chance(reason=why)
    own = check_counts(item.indicator, (unit_code,), *item.table.counts((unit_code,)))
    peers = tuple(code for code in dict.fromkeys(members) if code != unit_code)
    group = sum_group(item.indicator, *item.table.counts(peers), len(peers))
    return compare_chance_of_sums(item.indicator, own, group)


def _too_rare(chance: Chance) -> bool:
    """Tell whether clustered events could have made the difference at once; a share has none."""
    return chance.expected is not None and chance.expected < MINIMUM_EXPECTED


def _first_answer(asked: Sequence[Chance]) -> Chance:
    """Return the first that could tell, else what the indicator itself said."""
    return next((chance for chance in asked if chance.excluded_at is not None), asked[0])


def _has_counts(item: IndicatorAssessment) -> bool:
    return item.indicator.data_basis == "count_ratio"
