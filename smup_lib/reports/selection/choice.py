"""What is picked, in words that a link, a plan and a notebook share, and which units that means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.errors import GroupError, SmupError
from smup_lib.polish_text import polish_order
from smup_lib.reports.batch.units import choose_units
from smup_lib.reports.known_years import count_variables, list_snapshot_years
from smup_lib.teryt import is_city_code, level_of
from smup_lib.years import format_years

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator
    from smup_lib.reports.loading import Workspace

#: Of so many wrong entries each is told; the rest is counted.
MOST_TOLD = 6


@dataclass(frozen=True)
class Choice:
    """What is picked.

    Attributes
    ----------
    indicators : tuple of str
        Ids.
    units : tuple of str
        Terms as a batch knows them (a code, a name, ``gminy``, ``powiaty:14``, ``@saved group``),
        and ``RULE@CODE``: a unit with its comparison group.
    years : tuple of int or None
        The first and the last; None means the newest.
    unit : str or None
        Code or name of the unit that is compared; the first of the units when None.
    group : str or None
        Rule of its comparison group; that of the area when None.
    """

    indicators: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    unit: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Understood:
    """What of a choice can be had.

    Attributes
    ----------
    indicators : tuple of Indicator
        Those of the level.
    level : str
        Of all units; empty where no unit is left.
    units : dict of str to str
        Short names by code, in the order of the Polish alphabet.
    years : tuple of int
        Years of the data within those asked for.
    own : str
        Code of the compared unit.
    group : str or None
        Rule of its group.
    notes : tuple of str
        Polish sentences about what cannot be had.
    """

    indicators: tuple[Indicator, ...]
    level: str
    units: dict[str, str]
    years: tuple[int, ...]
    own: str
    group: str | None
    notes: tuple[str, ...] = ()


def understand(workspace: Workspace, choice: Choice) -> Understood:
    """Return what of a choice can be had; what cannot is said, never silently left out.

    Parameters
    ----------
    workspace : Workspace
        Catalogue, register and data.
    choice : Choice
        What was picked.
    """
    notes: list[str] = []
    indicators = _indicators(workspace, choice, notes)
    years = _years(workspace, choice, indicators, notes)
    codes = _codes(workspace, choice, years[-1] if years else None, notes)
    level = level_of(codes[0]) if codes else ""
    other = sum(level_of(code) != level for code in codes)
    if other:
        notes.append(
            f"Wybrano jednostki dwóch szczebli. Pokazujemy szczebel pierwszej z nich, "
            f"pominięto jednostek: {other}."
        )
    here = [one for one in indicators if not level or level in one.levels]
    notes += [f"{i.name}: na tym szczeblu nie ma." for i in indicators if i not in here]
    kept = [code for code in codes if level_of(code) == level]
    units = _names(workspace, level, years, kept)
    notes += _mixed_tasks(kept)
    own = _own(workspace, choice, level, kept, years, notes)
    group = _group(workspace, choice, own, years, notes)
    return Understood(tuple(here), level, units, years, own, group, tuple(dict.fromkeys(notes)))


def _indicators(workspace: Workspace, choice: Choice, notes: list[str]) -> list[Indicator]:
    found = []
    for name in dict.fromkeys(choice.indicators):
        try:
            found.append(workspace.catalogue.indicator(name))
        except SmupError as error:
            notes.append(f"{error.what} Pominięto go.")
    return list(dict.fromkeys(found))


def _years(
    workspace: Workspace, choice: Choice, indicators: Sequence[Indicator], notes: list[str]
) -> tuple[int, ...]:
    known = list_snapshot_years(workspace)
    if not known or choice.years is None:
        return (_last_year(workspace, choice, indicators) or known[-1],) if known else ()
    first, last = sorted(choice.years)
    found = tuple(year for year in known if first <= year <= last)
    if found:
        return found
    asked = format_years(range(first, last + 1))
    notes.append(f"Za {asked} r. nie ma danych. Pokazujemy {known[-1]} r.")
    return (known[-1],)


def _last_year(workspace: Workspace, choice: Choice, indicators: Sequence[Indicator]) -> int | None:
    """Return the last year for which all indicators may have values, else any of them."""
    codes = _codes(workspace, choice, None, [])
    if not codes:
        return None
    level = level_of(codes[0])
    counted = [count_variables(workspace, [one], level) for one in indicators]
    # a rate whose denominator alone is known has no value
    own = [{year for year, n in c.items() if n == max(c.values())} for c in counted if c]
    return max(set.intersection(*own) or set.union(*own)) if own else None


def _codes(workspace: Workspace, choice: Choice, year: int | None, notes: list[str]) -> list[str]:
    """Return the codes of the terms, each once, in the order asked for."""
    year = workspace.register.current_year if year is None else year
    found: list[str] = []
    wrong: list[str] = []
    for term in dict.fromkeys(choice.units):
        try:
            found += list_units_of(workspace, term, year)
        except SmupError as error:
            wrong += error.problems or (f"{term}: {error.what}",)
    notes += [f"{line.rstrip('.')}. Pominięto." for line in wrong[:MOST_TOLD]]
    if len(wrong) > MOST_TOLD:
        notes.append(f"Nie rozpoznano też innych jednostek: {len(wrong) - MOST_TOLD}.")
    return list(dict.fromkeys(found))


def list_units_of(workspace: Workspace, term: str, year: int) -> Sequence[str]:
    """Return the codes that a term means.

    Raises
    ------
    SmupError
        When it means nothing.
    """
    rule, at, text = term.rpartition("@")
    if not at or not rule:
        return choose_units(workspace.register, [term], year).codes
    unit = workspace.unit(text, year=year)
    group = workspace.group(rule, unit, year, workspace.catalogue.area(CONTEXT))
    return (unit.code, *group.members)


def _names(
    workspace: Workspace, level: str, years: Sequence[int], codes: Sequence[str]
) -> dict[str, str]:
    if not codes:
        return {}
    frame = workspace.register.units(level, years[-1] if years else None)
    names = dict(zip(frame["unit_code"], frame["short_label"], strict=True))
    told = {code: names.get(code) or workspace.register.label(code) for code in codes}
    return dict(sorted(told.items(), key=lambda pair: (polish_order(pair[1]), pair[0])))


def _mixed_tasks(codes: Sequence[str]) -> list[str]:
    """Say where units of different tasks stand in one table, on one map."""
    cities = sum(map(is_city_code, codes))
    if not 0 < cities < len(codes):
        return []
    return [
        f"Wśród wybranych są miasta na prawach powiatu: {cities}. Wykonują zadania gminy i powiatu "
        "razem, więc ich wartości, zwłaszcza kwot, nie należy wprost zestawiać z pozostałymi."
    ]


def _own(
    workspace: Workspace,
    choice: Choice,
    level: str,
    codes: Sequence[str],
    years: Sequence[int],
    notes: list[str],
) -> str:
    """Return the compared unit: at the level of the others, a city by its other code if need be."""
    usual = codes[0] if codes else ""
    if choice.unit is None or not codes:
        return usual
    try:
        unit = workspace.unit(choice.unit, year=years[-1] if years else None)
    except SmupError as error:
        notes.append(f"{error.what} Porównujemy pierwszą z wybranych jednostek.")
        return usual
    for code in filter(None, (unit.code, other_code_of(unit.code))):
        if level_of(code) == level:
            return code
    notes.append(f"{unit.label}: inny szczebel. Porównujemy pierwszą z wybranych jednostek.")
    return usual


def _group(
    workspace: Workspace, choice: Choice, own: str, years: Sequence[int], notes: list[str]
) -> str | None:
    """Return the rule of the group where it has an answer for the compared unit."""
    if choice.group is None or not own or not years:
        return None
    context = workspace.catalogue.area(CONTEXT)
    try:
        unit = workspace.unit(own, year=years[-1])
        return workspace.group(choice.group, unit, years[-1], context).key
    except GroupError as error:
        notes.append(f"{error.what} Pokazujemy grupę zwykłą dla obszaru.")
        return None
    except SmupError:  # the unit is of another year; the charts say so
        return choice.group
