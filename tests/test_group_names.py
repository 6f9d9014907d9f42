"""Rules of groups by their Polish names."""

from __future__ import annotations

import pytest

from smup_lib.errors import GroupError
from smup_lib.group_names import RULE_NAMES, RULES_HELP, read_rule


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("similar", ("similar", "")),
        ("similar:20", ("similar", "20")),
        ("podobne", ("similar", "")),
        ("Podobne: 20", ("similar", "20")),
        ("sąsiedzi", ("neighbours", "")),
        ("SASIEDZI", ("neighbours", "")),
        ("sąsiedzi:ten sam powiat", ("neighbours", "same_powiat")),
        ("neighbours:same_powiat", ("neighbours", "same_powiat")),
        ("ten sam rodzaj", ("same_kind", "")),
        ("ten_sam_rodzaj", ("same_kind", "")),
        ("klasa wielkości", ("same_size_class", "")),
        ("województwo", ("voivodeship", "")),
        ("woj", ("voivodeship", "")),
        ("kraj", ("country", "")),
        ("wybrane:1261,1262", ("chosen", "1261,1262")),
        ("wybrane:@Moja grupa", ("chosen", "@Moja grupa")),
    ],
)
def test_a_polish_name_means_a_rule(text, meant):
    assert read_rule(text) == meant


@pytest.mark.parametrize("text", ["", "sąsiadki", "klasa", "xyz", ":20"])
def test_what_means_no_rule_or_several_lists_them(text):
    with pytest.raises(GroupError) as raised:
        read_rule(text)
    assert raised.value.expected == RULES_HELP
    assert raised.value.next_step
    assert all(rule in RULES_HELP and names[0] in RULES_HELP for rule, names in RULE_NAMES.items())


def test_a_typo_is_asked_about():
    with pytest.raises(GroupError, match=r"czy chodziło o: sąsiedzi.*\?\n"):
        read_rule("sąsiadzi")


def test_the_names_are_those_of_the_catalogue():
    from typing import get_args

    from smup_lib.catalogue.vocabulary import GroupRule

    assert set(RULE_NAMES) == set(get_args(GroupRule))
