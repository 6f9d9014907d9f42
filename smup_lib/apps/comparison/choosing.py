"""Which units, area and year does a link mean, and what of it cannot stand side by side?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.apps.parts.choices import find_area, list_area_options
from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import GroupError, SmupError
from smup_lib.reports.area import AreaView
from smup_lib.reports.known_years import (
    choose_year,
    compute_own,
    count_years,
    list_snapshot_years,
    list_years,
)
from smup_lib.reports.loading import Workspace, levels_of, load_assessment
from smup_lib.reports.units import MOST_UNITS, UnitsView
from smup_lib.teryt import LEVEL_NAME
from smup_lib.units import neighbours_of
from smup_lib.units.labels import write_unit_count

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.catalogue import ServiceArea
    from smup_lib.units import Unit

#: So many of the most similar units are added at once.
SIMILAR_AT_ONCE = 3
_FULL = f"Najwięcej, co mieści się obok siebie: {write_unit_count(MOST_UNITS)}."


@dataclass(frozen=True)
class Compared:
    """Units that can be shown side by side.

    Attributes
    ----------
    view : UnitsView
        The displays.
    years : tuple of int
        Years that can be chosen, newest first.
    rule : str or None
        The rule of the groups that was asked for and used; None for the area's own.
    notes : tuple of str
        Polish sentences about what was asked for and could not be had.
    """

    view: UnitsView
    years: tuple[int, ...]
    rule: str | None
    notes: tuple[str, ...]


def find_units(workspace: Workspace, own: Unit, wanted: Link) -> tuple[list[Unit], list[str]]:
    """Find the other units of a link; those of another level are told and left out."""
    notes: list[str] = []
    units = [own]
    for code in filter(None, wanted.get("others", "").split(",")):
        try:
            found = workspace.unit(code)
        except SmupError as error:
            notes.append(f"{error.what} Pominięto.")
            continue
        units, told = add_unit(workspace, units, found)
        notes += told
    return units, notes


def add_unit(
    workspace: Workspace, units: Sequence[Unit], found: Unit
) -> tuple[list[Unit], list[str]]:
    """Add a unit at the level of the others; a city may stand at either.

    Returns
    -------
    list of Unit
        With the unit, or the same as before.
    list of str
        Why it was not added.
    """
    if not units:
        return [found], []
    level = units[0].level
    if found.level != level and (code := other_code_of(found.code)) is not None:
        found = workspace.unit(code)
    turned = other_code_of(units[0].code)
    if found.level != level and len(units) == 1 and turned is not None:
        units, level = [workspace.unit(turned)], found.level
    if found.level != level:
        names = LEVEL_NAME[found.level], LEVEL_NAME[level]
        return [*units], [
            f"{found.label}: to {names[0]}, a pozostałe jednostki to szczebel: {names[1]}. Mają "
            "różne zadania i różne wskaźniki, więc nie stoją obok siebie."
        ]
    if found.code in {unit.code for unit in units}:
        return [*units], [f"{found.label} już jest w zestawieniu."]
    if len(units) >= MOST_UNITS:
        told = f"{_FULL} Usuń którąś, żeby dodać inną."
        return [*units], [told]
    return [*units, found], []


def list_neighbours(workspace: Workspace, unit: Unit) -> list[Unit]:
    """List the units that border on one, the longest border first."""
    borders = workspace.snapshot.table("borders")
    found = neighbours_of(workspace.register, borders, unit)
    return [workspace.unit(code) for code in found["unit_code"]]


def list_similar(workspace: Workspace, area: str, unit: Unit, year: int) -> list[Unit]:
    """List the units most like one by the circumstances that an area names, the nearest first."""
    group = workspace.group("similar", unit, year, workspace.catalogue.area(area))
    codes = list(group.members)
    if group.details is not None and "distance" in group.details:
        codes = group.details.sort_values("distance")["unit_code"].tolist()
    return [workspace.unit(code, year=year) for code in codes]


def choose_comparison(workspace: Workspace, units: Sequence[Unit], wanted: Link) -> Compared:
    """Assess the area for each unit; what is not possible is said and replaced by the usual.

    Raises
    ------
    NoDataError, IndicatorError, GroupError
        When even the usual choice has no answer for the first unit.
    """
    notes: list[str] = []
    area = _choose_area(workspace, units[0], wanted, notes)
    counts = list_years(workspace, area, units[0])
    known = list_snapshot_years(workspace, area)
    usual = choose_year(counts) or max(known, default=0)
    year = int(wanted.get("year", usual))
    if year not in (counts or known) and year != usual:
        notes.append(f"Za {year} r. nie ma tu danych. Pokazujemy {usual} r.")
        year = usual
    rule = wanted.get("group")
    views: list[AreaView] = []
    for unit in units:
        try:
            views.append(_assess(workspace, area, unit, year, rule, notes))
        except SmupError as error:
            if unit is units[0]:
                raise
            notes.append(f"{error.what} Pominięto tę jednostkę.")
    view = UnitsView(workspace, views)
    return Compared(view, tuple(counts) or (usual,), rule, tuple(dict.fromkeys(notes)))


def _assess(
    workspace: Workspace,
    area: ServiceArea,
    unit: Unit,
    year: int,
    rule: str | None,
    notes: list[str],
) -> AreaView:
    try:
        return AreaView(workspace, load_assessment(workspace, area.id, unit, year, rule))
    except GroupError as error:
        if rule is None:
            raise
        notes.append(f"{unit.short_label}: {error.what} Pokazujemy grupę zwykłą dla obszaru.")
        return AreaView(workspace, load_assessment(workspace, area.id, unit, year))


def _choose_area(workspace: Workspace, unit: Unit, wanted: Link, notes: list[str]) -> ServiceArea:
    areas = [
        area
        for _, name in list_area_options(workspace, unit)
        if unit.level in levels_of(area := workspace.catalogue.area(name))
    ]
    usual = _fullest_area(workspace, areas, unit)
    if "area" not in wanted:
        return usual
    found, why = find_area(workspace, wanted["area"], areas)
    if found is None:
        notes.append(f"{why} Pokazujemy: {usual.name}.")
    return found or usual


def _fullest_area(workspace: Workspace, areas: Sequence[ServiceArea], unit: Unit) -> ServiceArea:
    """Return the area that tells most of a unit in the year it opens at; background is no area."""
    own = compute_own(workspace, None, unit)
    known = own[own["value"].notna()]

    def count(area: ServiceArea, *, background: bool) -> int:
        told = {one.id for one in area.indicators if background or one.role != "contextual"}
        counts = count_years(known[known["indicator"].isin(told)], unit)
        year = choose_year(counts)
        return counts[year] if year is not None else 0

    return max(areas, key=lambda a: (count(a, background=False), count(a, background=True)))
