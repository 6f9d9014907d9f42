# ruff: noqa: D401 - the docstring of a rule is the rule
"""Does a variable say what may be done with it, and can its column be mistaken for another?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.problems import Fault
from smup_lib.catalogue.rules.texts import (
    variable_speaks_plainly,
    years_said_incomparable_are_not_compared,
)
from smup_lib.catalogue.variable import Variable
from smup_lib.errors import did_you_mean

_SUMMED = ("count", "money", "length", "area", "mass")
_CENSUS = 2020
_PLANNED = ("pl", "p")
#: What the two codes of a city hold, one of these or none.
_OF_CITIES = ("same_in_city", "powiat_part", "city_as_gmina")
_SAY_NOTHING = ("ogółem", "rok")


def only_amounts_are_additive(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """Counts, money, lengths, areas and masses are summed over units; rates and means are not."""
    expected = variable.kind in _SUMMED
    if variable.additive != expected:
        what = f"zmienną rodzaju {variable.kind} {'można' if expected else 'nie można'} sumować"
        yield Fault("additive", what, str(expected).lower(), str(variable.additive).lower())


def values_a_head_break_at_the_census(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """Since 2020 residents are counted from the census of 2021."""
    per_head = variable.kind == "rate" and re.search(
        r"mieszk\.|1000 os\.|tys\. os\.", variable.measure_unit
    )
    if (per_head or variable.id == "population") and _CENSUS not in {
        b.year for b in variable.breaks
    }:
        what = "wartość na mieszkańca ma przerwę w szeregu po spisie"
        yield Fault("breaks", what, "- *census_2021", next_step="dopisz przerwę")


def a_city_is_one_unit(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """The two codes of a city hold one value or two known parts of it, and at both levels."""
    here = set(variable.levels)
    told = [key for key in _OF_CITIES if getattr(variable, key)]
    if told and not {"gmina", "powiat"} <= here:
        what = "miasto na prawach powiatu ma dwa kody tylko na szczeblu gminy i powiatu"
        yield Fault("levels", what, "gmina, powiat", ", ".join(variable.levels))
    if len(told) > 1:
        what = "wartość jest pod oboma kodami taka sama, stoi w dwóch częściach albo tylko w gminie"
        yield Fault(told[0], what, next_step="usuń jeden z kluczy")
    if variable.powiat_part is None:
        return
    part = draft.variables.get(variable.powiat_part)
    if part is None:
        hint = did_you_mean(variable.powiat_part, draft.variables)
        step = hint or "dopisz ją w folderze variables"
        yield Fault("powiat_part", f"nie ma zmiennej „{variable.powiat_part}”", next_step=step)
    elif not (variable.additive and part.additive and part.measure_unit == variable.measure_unit):
        what = "tych dwóch części nie można dodać"
        yield Fault("powiat_part", what, "dwie kwoty lub liczby w tej samej jednostce miary")


def a_budget_of_both_levels_says_where_cities_stand(
    draft: Draft, variable: Variable
) -> Iterator[Fault]:
    """The one budget of a city is told under its gmina code; what is it at powiat level?"""
    own = variable.budget is not None and variable.budget.powiat == "own"
    if (
        own
        and {"gmina", "powiat"} <= set(variable.levels)
        and not variable.applies_to
        and not any(getattr(variable, key) for key in _OF_CITIES)
    ):
        what = "nie wiadomo, co na szczeblu powiatu znaczy jeden budżet miasta na prawach powiatu"
        yield Fault("city_as_gmina", what, "true albo same_in_city, albo powiat_part", "false")


def what_comes_in_is_collected(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """What a service or a file of an office brings is not only in the records of each unit."""
    brought = bool(variable.bdl or variable.budget or variable.official_table)
    if brought and variable.collected_by == "unit":
        what = "zmienna ma źródło wspólne dla wszystkich jednostek"
        yield Fault("collected_by", what, "office", "unit")


def a_position_fits_its_return(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """A budget position asks only for what its return has, and never adds plan to execution."""
    position = variable.budget
    if position is None:
        return
    if variable.kind != "money":
        yield Fault("kind", "pozycja sprawozdania budżetowego jest kwotą", "money", variable.kind)
    numbered = position.report in ("Rb-NDS", "Rb-Z")
    asked = {
        "symbols": (bool(position.symbols), numbered),
        "divisions": (bool(position.divisions or position.chapters), not numbered),
        "paragraphs": (bool(position.paragraphs or position.financing), not numbered),
        "groups": (bool(position.groups), position.report == "Rb-28S"),
        "scope": (position.scope != "all", position.report == "Rb-28S"),
    }
    for key, (told, has) in asked.items():
        if told and not has:
            what = f"sprawozdanie {position.report} nie ma takiego podziału"
            yield Fault(f"budget.{key}", what, next_step="usuń klucz")
    if numbered and not position.symbols:
        what = f"suma wszystkich wierszy {position.report} nic nie znaczy"
        yield Fault("budget.symbols", what, "symbole wierszy, na przykład [A1]")
    if len({column in _PLANNED for column in position.columns}) > 1:
        what = "planu nie dodaje się do wykonania"
        yield Fault("budget.columns", what, found=", ".join(position.columns))


def an_area_is_the_same_in_a_city(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """All budgets of the area of a city are its one budget, under both codes."""
    if variable.budget is None or variable.budget.powiat != "area":
        return
    if not variable.same_in_city:
        what = "suma budżetów z obszaru miasta na prawach powiatu to jego jeden budżet"
        yield Fault("same_in_city", what, "true", "false")
    if "powiat" not in variable.levels:
        what = "powiat: area jest dla zmiennych, które mają szczebel powiatu"
        yield Fault("budget.powiat", what, next_step="usuń klucz albo dopisz szczebel")


def distinctive_labels_tell_the_column(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """Labels that every table has cannot name a column alone."""
    for column in variable.bdl:
        telling = [label for label in column.labels if label.casefold() not in _SAY_NOTHING]
        if column.distinctive and not telling:
            what = "takie etykiety ma wiele tabel"
            found = "; ".join(column.labels)
            yield Fault("bdl.distinctive", what, "distinctive: false i numer podgrupy", found)


def unknown_labels_have_a_number(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """Where nobody has seen how BDL labels a variable, its number must lead to it."""
    for column in variable.bdl:
        if not column.labels and column.variable_id is None:
            what = "wpis nie ma ani etykiet, ani numeru zmiennej BDL"
            yield Fault("bdl", what, "etykiety z nagłówka pliku albo variable_id")


def columns_are_told_apart(draft: Draft) -> Iterator[tuple[str, Fault]]:
    """No two variables claim the same column of a BDL export; yields variable and fault."""
    owners: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for variable in draft.variables.values():
        for column in variable.bdl:
            labels = tuple(label.casefold() for label in column.labels)
            if labels:
                owners["kolumna", column.subject, labels, column.measure_unit].append(variable.id)
            if column.distinctive:
                owners["etykiety", labels, column.measure_unit].append(variable.id)
            if column.variable_id is not None:
                owners["numer zmiennej BDL", column.variable_id].append(variable.id)
    for (kind, *_), names in owners.items():
        for name in names[1:]:
            yield name, Fault("bdl", f"{kind} należy już do „{names[0]}”")


def aliases_are_told_apart(draft: Draft) -> Iterator[tuple[str, Fault]]:
    """An alias leads to one variable; yields variable and fault."""
    uses = [(alias, v.id) for v in draft.variables.values() for alias in v.aliases]
    yield from alias_faults(uses, draft.variables)


def alias_faults(uses: list[tuple[str, str]], ids: Collection[str]) -> Iterator[tuple[str, Fault]]:
    """Yield second owners of an alias, and aliases that are ids."""
    first: dict[str, str] = {}
    for alias, owner in uses:
        other = alias if alias in ids else first.setdefault(alias, owner)
        if other != owner:
            step = "usuń alias albo zmień go"
            yield (
                owner,
                Fault("aliases", f"alias „{alias}” należy już do „{other}”", next_step=step),
            )


RULES = (
    only_amounts_are_additive,
    values_a_head_break_at_the_census,
    a_city_is_one_unit,
    a_budget_of_both_levels_says_where_cities_stand,
    what_comes_in_is_collected,
    a_position_fits_its_return,
    an_area_is_the_same_in_a_city,
    distinctive_labels_tell_the_column,
    unknown_labels_have_a_number,
    variable_speaks_plainly,
    years_said_incomparable_are_not_compared,
)
