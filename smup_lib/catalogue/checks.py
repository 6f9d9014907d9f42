"""Which rules does a catalogue break? All of them at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.problems import Fault, Problem
from smup_lib.catalogue.rules import (
    areas,
    circumstances,
    formula,
    judgement,
    links,
    publishers,
    texts,
    variables,
)

INDICATOR_RULES = (
    *judgement.RULES,
    *formula.RULES,
    *links.RULES,
    *circumstances.INDICATOR_RULES,
    texts.indicator_speaks_in_sentences,
    texts.published_names_its_publisher,
    texts.nothing_claims_to_be_of_smup,
    texts.years_said_incomparable_are_not_compared,
)


def list_problems(draft: Draft) -> Iterator[Problem]:
    """Yield every broken rule, in the order of files and entries.

    Parameters
    ----------
    draft : Draft
        Entries of the right shape.
    """
    for variable in draft.variables.values():
        for variable_rule in variables.RULES:
            file = draft.variable_files[variable.id]
            yield from _placed(file, variable.id, variable_rule(draft, variable))
    for pair_rule in (variables.columns_are_told_apart, variables.aliases_are_told_apart):
        for name, fault in pair_rule(draft):
            yield Problem(draft.variable_files[name], name, *fault)
    for publisher in draft.publishers.values():
        for publisher_rule in publishers.RULES:
            yield from _placed("sources.yaml", publisher.id, publisher_rule(draft, publisher))
    yield from _of_pairs("sources.yaml", publishers.datasets_have_one_publisher(draft))
    for area in draft.areas.values():
        file = f"{area.id}.yaml"
        for area_rule in (*areas.RULES, *circumstances.RULES):
            yield from _placed(file, area.id, area_rule(draft, area))
        for indicator in area.indicators:
            for rule in INDICATOR_RULES:
                yield from _placed(file, indicator.id, rule(draft, indicator))
    uses = [(alias, i.id) for i in draft.indicators.values() for alias in i.aliases]
    for name, fault in variables.alias_faults(uses, draft.indicators):
        yield Problem(f"{draft.indicators[name].area}.yaml", name, *fault)


def _placed(file: str, entry: str, faults: Iterable[Fault]) -> Iterator[Problem]:
    return (Problem(file, entry, *fault) for fault in faults)


def _of_pairs(file: str, faults: Iterable[tuple[str, Fault]]) -> Iterator[Problem]:
    return (Problem(file, entry, *fault) for entry, fault in faults)
