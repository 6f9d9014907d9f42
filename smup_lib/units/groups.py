"""Choose with whom a unit is compared, by a rule that is named in the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from smup_lib.errors import GroupError
from smup_lib.group_names import RULE_NAMES, read_rule
from smup_lib.units.context import POPULATION, ContextSource
from smup_lib.units.group_rules import (
    check_chosen_argument,
    check_neighbours_argument,
    group_chosen,
    group_country,
    group_functional_class,
    group_neighbours,
    group_same_kind,
    group_same_size_class,
    group_voivodeship,
)
from smup_lib.units.labels import LEVEL_PLURAL
from smup_lib.units.peer_group import GroupRequest, PeerGroup
from smup_lib.units.register import Register
from smup_lib.units.similar_group import (
    group_similar,
    list_sets_by_weights,
    list_similar,
    read_similar_argument,
)
from smup_lib.units.unit import Unit

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue

_RULES: dict[str, Callable[[GroupRequest], PeerGroup]] = {
    "neighbours": group_neighbours,
    "same_kind": group_same_kind,
    "same_size_class": group_same_size_class,
    "functional_class": group_functional_class,
    "voivodeship": group_voivodeship,
    "similar": group_similar,
    "chosen": group_chosen,
    "country": group_country,
}
#: What a parameter must be, by rule; the other rules take none.
_CHECKS: dict[str, Callable[[GroupRequest], object]] = {
    "neighbours": check_neighbours_argument,
    "similar": read_similar_argument,
    "chosen": check_chosen_argument,
}


def build_group(
    rule: str,
    unit: Unit,
    year: int,
    register: Register,
    snapshot: ContextSource,
    catalogue: Catalogue,
    context: Sequence[str] = (POPULATION,),
) -> PeerGroup:
    """Build the comparison group of a unit by a rule.

    Parameters
    ----------
    rule : str
        Also by its Polish name (:mod:`smup_lib.group_names`).
        ``neighbours`` or ``neighbours:same_powiat``, ``same_kind``, ``same_size_class``,
        ``functional_class``, ``voivodeship``, ``similar`` or ``similar:20``,
        ``chosen:CODE,CODE`` or ``chosen:@NAME`` (a saved group), ``country``.
    unit : Unit
        Who is compared.
    year : int
        Year of kinds, of existence and of the context variables.
    register, snapshot, catalogue
        Units, borders, functional classes and observations, vocabulary.
    context : sequence of str
        Context variables for ``similar``; population is always among them.

    Raises
    ------
    GroupError
        When the rule is unknown, has a wrong parameter or no answer for this unit.
    """
    name, argument = _read_whole(rule)
    if unit.level not in LEVEL_PLURAL:
        raise GroupError(
            f"{unit.label}: na tym szczeblu nie ma z kim porównać.",
            expected="gmina, powiat albo województwo",
            next_step="wybierz mniejszą jednostkę: smup unit find NAZWA",
        )
    if not register.exists(unit.code, year):
        raise GroupError(
            register.explain_absence(unit.code, year),
            expected=f"jednostka, która istniała w {year} r.",
            next_step="podaj inny rok albo jednostkę, która ma ten obszar",
        )
    request = _request(argument, unit, year, register, snapshot, catalogue, context)
    return _RULES[name](request)


def _read_whole(rule: str) -> tuple[str, str]:
    """Return rule and parameter, or raise where the rule takes none."""
    name, argument = read_rule(rule)
    if argument and name not in _CHECKS:
        called = RULE_NAMES[name][0]
        raise GroupError(
            f"Reguła „{called}” nie ma parametru, a podano „{argument}”.",
            expected=f"{called} ({name})",
            next_step="usuń dwukropek i to, co po nim",
        )
    return name, argument


def check_rule(
    rule: str,
    unit: Unit,
    year: int,
    register: Register,
    snapshot: ContextSource,
    catalogue: Catalogue,
    context: Sequence[str] = (POPULATION,),
) -> None:
    """Check that a rule makes sense, whatever data there are; parameters as :func:`build_group`.

    Raises
    ------
    GroupError, ParameterError
        When nobody knows the rule or a group saved under its name, or its parameter can mean
        nothing (a weight of zero, no units at all, a unit that is not there).
    """
    name, argument = _read_whole(rule)
    if name not in _CHECKS or not register.exists(unit.code, year):
        return
    _CHECKS[name](_request(argument, unit, year, register, snapshot, catalogue, context))


def _request(
    argument: str,
    unit: Unit,
    year: int,
    register: Register,
    snapshot: ContextSource,
    catalogue: Catalogue,
    context: Sequence[str],
) -> GroupRequest:
    """Return what a rule needs; the unit has the kind of the year."""
    dated = register.unit(unit.code, year)
    names = tuple(dict.fromkeys((POPULATION, *context)))
    return GroupRequest(argument, dated, year, register, snapshot, catalogue, names)


def list_members(
    rule: str,
    unit: Unit,
    year: int,
    register: Register,
    snapshot: ContextSource,
    catalogue: Catalogue,
    context: Sequence[str] = (POPULATION,),
) -> tuple[str, ...]:
    """Return the members of the group that :func:`build_group` builds, and no more.

    For who asks many rules of many units: what a group says of itself is dear.
    """
    name, argument = read_rule(rule)
    if name == "similar" and register.exists(unit.code, year):
        return list_similar(_request(argument, unit, year, register, snapshot, catalogue, context))
    return build_group(rule, unit, year, register, snapshot, catalogue, context).members


def build_groups_by_weights(
    group: PeerGroup,
    unit: Unit,
    register: Register,
    snapshot: ContextSource,
    catalogue: Catalogue,
    context: Sequence[str] = (POPULATION,),
) -> tuple[tuple[str, ...], ...]:
    """Return the members of similar units again and again, each time by other weights (M12).

    Parameters
    ----------
    group : PeerGroup
        The chosen group: its year, and the user's weights where it is one of similar units.
    unit : Unit
        Who is compared.
    register, snapshot, catalogue, context
        As for :func:`build_group`.

    Raises
    ------
    GroupError
        When nobody can be called similar to this unit in this year.
    """
    argument = group.key.partition(":")[2] if group.rule == "similar" else ""
    return list_sets_by_weights(
        _request(argument, unit, group.year, register, snapshot, catalogue, context)
    )
