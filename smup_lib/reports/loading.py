"""Fetch from the snapshot what one assessment needs, and assess."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from smup_lib.catalogue import Catalogue, load_catalogue
from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.conclude import AreaAssessment, assess_area
from smup_lib.conclude.area_values import AreaValues
from smup_lib.errors import GroupError, IndicatorError
from smup_lib.indicators import compute_values
from smup_lib.reports.kept_values import KeptValues
from smup_lib.reports.known_years import check_known_years, list_years
from smup_lib.reports.lacking import name_lacking
from smup_lib.reports.lending import find_lent
from smup_lib.reports.other_groups import list_other_groups
from smup_lib.snapshots import Snapshot, load_snapshot
from smup_lib.teryt import write_levels
from smup_lib.units import (
    PeerGroup,
    Register,
    Unit,
    build_group,
    build_groups_by_weights,
    find_unit,
    list_breaks,
    load_register,
)

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level, SeriesBreak, ServiceArea

#: A page with so many times fewer values than that of the city's other code is not what was meant.
NEXT_TO_EMPTY = 6


@dataclass(frozen=True)
class Workspace:
    """A snapshot with the catalogue and the register that belong to it."""

    snapshot: Snapshot
    catalogue: Catalogue
    register: Register
    kept: KeptValues = field(default_factory=KeptValues, repr=False, compare=False)

    @classmethod
    def open(cls, snapshot: str | Path | Snapshot | None = None) -> Workspace:
        """Open the current snapshot, or the one named; one that was lent is used as it is."""
        opened = snapshot if isinstance(snapshot, Snapshot) else load_snapshot(snapshot)
        return find_lent(opened) or cls(opened, load_catalogue(), load_register(opened))

    def unit(self, text: str, level: str | None = None, year: int | None = None) -> Unit:
        """Find a unit by code or name."""
        return find_unit(self.register, text, level=level, year=year)

    def unit_in(
        self,
        area: ServiceArea | None,
        text: str,
        level: str | None = None,
        year: int | None = None,
        *,
        clearly: int | None = None,
    ) -> Unit:
        """Find a unit whose services an area describes.

        Of the two codes of a city with powiat rights the one of :meth:`place_in`, unless a level
        was asked for. A city that was named by its code keeps it where the area has services at
        that level, unless the other code has ``clearly`` times more values: a notebook, which
        tells none, must reopen what its report was asked for.
        """
        unit = self.unit(text, level=level, year=year)
        if area is None or level is not None:
            return unit
        served = {one for service in area.services for one in service.levels}
        if text.strip() != unit.code or unit.level not in served:
            clearly = 1
        return unit if clearly is None else self.place_in(area, unit, year, clearly=clearly)

    def place_in(
        self, area: ServiceArea, unit: Unit, year: int | None = None, *, clearly: int = 1
    ) -> Unit:
        """Return a unit, or the other code of a city if that has ``clearly`` times more values.

        Values of the year count, without one those of the fullest. Where neither has any, a city
        stands at the level of the services.
        """
        code = other_code_of(unit.code)
        if code is None:
            return unit
        other = self.unit(code, year=year)
        here, there = (self._count_values(area, one, year) for one in (unit, other))
        if here == there == 0:
            served = {one for service in area.services for one in service.levels}
            return other if served and unit.level not in served else unit
        return other if there > here * clearly else unit

    def other_place(self, area: ServiceArea, unit: Unit, year: int) -> tuple[Unit, int] | None:
        """Return the other code of a city, with how many values of the area stand under it."""
        code = other_code_of(unit.code)
        if code is None:
            return None
        other = self.unit(code, year=year)
        count = self._count_values(area, other, year)
        return (other, count) if count else None

    def _count_values(self, area: ServiceArea, unit: Unit, year: int | None) -> int:
        """Count the indicators of an area with a value for a unit, at best if no year is told."""
        if unit.level not in levels_of(area):
            return 0
        kept = None if year is None else self.kept.find(area.id, unit.level, year)
        # of other years than its own it knows what stands on the territory of the year
        counts = list_years(self, area, unit) if kept is None else kept.count_years(unit.code)
        return max(counts.values(), default=0) if year is None else counts.get(year, 0)

    def group(self, rule: str, unit: Unit, year: int, area: ServiceArea) -> PeerGroup:
        """Build a comparison group by its rule."""

        def build() -> PeerGroup:
            return build_group(
                rule, unit, year, self.register, self.snapshot, self.catalogue, area.context
            )

        # the check of a report asks for it, and so do its cells; a saved group is read each time
        asked = (rule, unit, year, tuple(area.context))
        return build() if "@" in rule else self.kept.group_of(asked, build)

    def groups_by_weights(
        self, group: PeerGroup, unit: Unit, area: ServiceArea
    ) -> tuple[tuple[str, ...], ...]:
        """Return groups of similar units by slightly changed weights; none where nobody is."""
        try:
            return build_groups_by_weights(
                group, unit, self.register, self.snapshot, self.catalogue, area.context
            )
        except GroupError:
            return ()


def load_assessment(
    workspace: Workspace,
    area_text: str,
    unit: Unit,
    year: int,
    rule: str | PeerGroup | None = None,
    *,
    usual: str | None = None,
) -> AreaAssessment:
    """Assess a unit in an area from the snapshot.

    ``usual`` is the group where none was asked for; that of the area when omitted.

    Raises
    ------
    IndicatorError
        When the area has no indicator at the unit's level.
    NoDataError
        When the snapshot has nothing for the year; the message names the years there are.
    """
    area = workspace.catalogue.area(area_text)
    indicators = _indicators_at(area, unit)
    group = (
        rule
        if isinstance(rule, PeerGroup)
        else choose_group(workspace, rule, unit, year, area, usual)
    )
    values = workspace.kept.find(area.id, unit.level, year)
    if values is None:
        values = compute_area_values(
            *(workspace, area, unit.level, year), {unit.code, *group.members}
        )
    check_known_years(values.count_years(unit.code), area, unit, year)
    if values.empty:
        check_known_years(values.count_years(None), area, None, year)
    others = list_other_groups(workspace, unit, year, area, group.key)
    assessed = assess_area(
        area,
        unit,
        year,
        group,
        values,
        other_groups=others.by_rule,
        by_weights=workspace.groups_by_weights(group, unit, area),
        neighbours=others.neighbours,
        breaks={
            i.id: _breaks(workspace, i, unit, values[i.id].parted_in(unit.code)) for i in indicators
        },
    )
    return name_lacking(assessed, workspace.catalogue)


def compute_area_values(
    workspace: Workspace,
    area: ServiceArea,
    level: str,
    year: int,
    codes: Collection[str] | None = None,
) -> AreaValues:
    """Compute all years of the codes (None: of all units) and the year of all units.

    Values stand on the territory of the year.
    """
    computed = compute_values(
        [indicator for indicator in area.indicators if level in indicator.levels],
        workspace.snapshot,
        workspace.catalogue,
        cast("Level", level),
        unit_codes=codes,
        years=None if codes is None else [year],
        register=workspace.register,
        as_of=year,
        either=codes is not None,
    )
    return AreaValues(computed, year, set(workspace.register.codes(level, year)))


def _indicators_at(area: ServiceArea, unit: Unit) -> list[Indicator]:
    """Return the indicators of the area at the unit's level; none is an error."""
    indicators = [i for i in area.indicators if unit.level in i.levels]
    if not indicators:
        raise IndicatorError(
            f"Obszar „{area.name}” nie ma wskaźników na szczeblu {write_levels([unit.level])}.",
            expected=f"jednostka ze szczebla {write_levels(levels_of(area), 'albo')}",
            next_step="inny obszar wskaże: smup catalogue list",
        )
    return indicators


def levels_of(area: ServiceArea | None) -> set[str]:
    """Return the levels at which an area (None: any) has indicators."""
    if area is None:
        return {"gmina", "powiat"}
    return {level for indicator in area.indicators for level in indicator.levels}


def choose_group(
    workspace: Workspace,
    rule: str | None,
    unit: Unit,
    year: int,
    area: ServiceArea,
    usual: str | None = None,
) -> PeerGroup:
    """Build the group asked for; when none was asked for and the usual one has no answer, the kind.

    In early years the circumstances of units are not known, so nobody can be called similar.
    """
    if rule is not None:
        return workspace.group(rule, unit, year, area)
    try:
        return workspace.group(usual or area.group, unit, year, area)
    except GroupError:
        return workspace.group("same_kind", unit, year, area)


def _breaks(
    workspace: Workspace, indicator: Indicator, unit: Unit, parted_in: Collection[int] = ()
) -> tuple[SeriesBreak, ...]:
    """Return breaks of the definition, of the inputs, and of the territory, by year."""
    of_inputs = [
        item
        for name in indicator.inputs.variables
        for item in workspace.catalogue.variable(name).breaks
    ]
    events = list_breaks(workspace.register, unit.code) if parted_in else ()
    territorial = [event for event in events if event.year in parted_in]
    by_year = {item.year: item for item in (*territorial, *of_inputs, *indicator.breaks)}
    return tuple(by_year[year] for year in sorted(by_year))


def list_group(
    workspace: Workspace,
    unit_text: str,
    rule: str,
    *,
    year: int | None,
    level: str | None,
    area: str | None = None,
) -> pd.DataFrame:
    """List a comparison group as a frame; see :func:`smup_lib.list_peers`."""
    import pandas as pd

    year = year or workspace.register.current_year
    unit = workspace.unit(unit_text, level=level, year=year)
    group = workspace.group(rule, unit, year, workspace.catalogue.area(area or CONTEXT))
    labels = workspace.register.units(level=unit.level, year=year).set_index("unit_code")["label"]
    frame = pd.DataFrame({"unit_code": list(group.members)})
    frame["label"] = frame["unit_code"].map(labels)
    if group.details is not None and "distance" in group.details:
        frame = frame.merge(group.details[["unit_code", "distance"]], on="unit_code", how="left")
    frame.attrs["rule"] = group.description_pl
    frame.attrs["notes"] = [*group.notes, *group.dropped_variables.values()]
    frame.attrs["key"], frame.attrs["parameters"] = group.key, dict(group.parameters)
    frame.attrs["shares"] = group.shares_of_distance()
    return frame
