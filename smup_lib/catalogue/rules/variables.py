# ruff: noqa: D401 - the docstring of a rule is the rule
"""Does a variable say what may be done with it, and can its column be mistaken for another?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.model import Variable
from smup_lib.catalogue.problems import Fault
from smup_lib.catalogue.rules.texts import variable_speaks_plainly
from smup_lib.errors import did_you_mean

_SUMMED = ("count", "money", "length", "area", "mass")
_CENSUS = 2020
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
    if (variable.same_in_city or variable.powiat_part) and not {"gmina", "powiat"} <= here:
        what = "miasto na prawach powiatu ma dwa kody tylko na szczeblu gminy i powiatu"
        yield Fault("levels", what, "gmina, powiat", ", ".join(variable.levels))
    if variable.same_in_city and variable.powiat_part:
        what = "wartość jest pod oboma kodami taka sama albo stoi w dwóch częściach"
        yield Fault("same_in_city", what, next_step="usuń jeden z kluczy")
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


def distinctive_labels_tell_the_column(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """Labels that every table has cannot name a column alone."""
    for column in variable.bdl:
        telling = [label for label in column.labels if label.casefold() not in _SAY_NOTHING]
        if column.distinctive and not telling:
            what = "takie etykiety ma wiele tabel"
            found = "; ".join(column.labels)
            yield Fault("bdl.distinctive", what, "distinctive: false i numer podgrupy", found)


def columns_are_told_apart(draft: Draft) -> Iterator[tuple[str, Fault]]:
    """No two variables claim the same column of a BDL export; yields variable and fault."""
    owners: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for variable in draft.variables.values():
        for column in variable.bdl:
            labels = tuple(label.casefold() for label in column.labels)
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
    distinctive_labels_tell_the_column,
    variable_speaks_plainly,
)
