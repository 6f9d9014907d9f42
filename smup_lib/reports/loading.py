"""Fetch from the snapshot what one assessment needs, and assess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from smup_lib.catalogue import Catalogue, load_catalogue
from smup_lib.conclude import AreaAssessment, assess_area
from smup_lib.errors import GroupError, IndicatorError, NoDataError
from smup_lib.indicators import compute_values
from smup_lib.snapshots import Snapshot, load_snapshot
from smup_lib.units import (
    PeerGroup,
    Register,
    Unit,
    build_group,
    find_unit,
    list_breaks,
    load_register,
)

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level, SeriesBreak, ServiceArea

#: Groups that are tried to see whether a position holds (M12), decided before any answer.
ROBUSTNESS_RULES = (
    "similar:10",
    "similar:20",
    "same_kind",
    "same_size_class",
    "voivodeship",
    "neighbours",
)


@dataclass(frozen=True)
class Workspace:
    """A snapshot with the catalogue and the register that belong to it."""

    snapshot: Snapshot
    catalogue: Catalogue
    register: Register

    @classmethod
    def open(cls, snapshot: str | Path | Snapshot | None = None) -> Workspace:
        """Open the current snapshot, or the one named."""
        opened = snapshot if isinstance(snapshot, Snapshot) else load_snapshot(snapshot)
        return cls(opened, load_catalogue(), load_register(opened))

    def unit(self, text: str, level: str | None = None, year: int | None = None) -> Unit:
        """Find a unit by code or name."""
        return find_unit(self.register, text, level=level, year=year)

    def group(self, rule: str, unit: Unit, year: int, area: ServiceArea) -> PeerGroup:
        """Build a comparison group by its rule."""
        return build_group(
            rule, unit, year, self.register, self.snapshot, self.catalogue, area.context
        )


def load_assessment(
    workspace: Workspace,
    area_text: str,
    unit: Unit,
    year: int,
    rule: str | PeerGroup | None = None,
) -> AreaAssessment:
    """Assess a unit in an area from the snapshot.

    Raises
    ------
    IndicatorError
        When the area has no indicator at the unit's level.
    NoDataError
        When the snapshot has nothing for the year; the message names the years there are.
    """
    area = workspace.catalogue.area(area_text)
    indicators = _indicators_at(area, unit)
    group = rule if isinstance(rule, PeerGroup) else choose_group(workspace, rule, unit, year, area)
    groups = _other_groups(workspace, unit, year, area, group.key)
    neighbours = _members(workspace, "neighbours", unit, year, area)
    codes = {unit.code, *group.members}
    computed = compute_values(
        indicators,
        workspace.snapshot,
        workspace.catalogue,
        cast("Level", unit.level),
        unit_codes=codes,
        years=[year],
        register=workspace.register,
        as_of=year,
        either=True,
    )
    existing = set(workspace.register.codes(unit.level, year))
    values = computed[(computed["year"] == year) & computed["unit_code"].isin(existing)]
    series = computed[computed["unit_code"].isin(codes)]
    if values.empty:
        _raise_no_data(area, year, series)
    return assess_area(
        area,
        unit,
        year,
        group,
        values,
        series,
        other_groups=groups,
        neighbours=neighbours,
        breaks={i.id: _breaks(workspace, i, unit) for i in indicators},
    )


def _indicators_at(area: ServiceArea, unit: Unit) -> list[Indicator]:
    """Return the indicators of the area at the unit's level; none is an error."""
    indicators = [i for i in area.indicators if unit.level in i.levels]
    if not indicators:
        raise IndicatorError(
            f"Obszar „{area.name}” nie ma wskaźników na szczeblu {unit.level}.",
            next_step="inny obszar wskaże: smup catalogue list",
        )
    return indicators


def choose_group(
    workspace: Workspace, rule: str | None, unit: Unit, year: int, area: ServiceArea
) -> PeerGroup:
    """Build the group asked for; when none was asked for and the usual one has no answer, the kind.

    In early years the circumstances of units are not known, so nobody can be called similar.
    """
    if rule is not None:
        return workspace.group(rule, unit, year, area)
    try:
        return workspace.group(area.group, unit, year, area)
    except GroupError:
        return workspace.group("same_kind", unit, year, area)


def _raise_no_data(area: ServiceArea, year: int, series: pd.DataFrame) -> None:
    years = sorted(series["year"].unique().tolist())
    told = f"{years[0]}-{years[-1]}" if years else "żaden rok"
    raise NoDataError(
        f"Dla obszaru „{area.name}” nie ma danych za {year} r.",
        where="parametr year",
        expected=told,
        next_step="wybierz rok z danymi albo wczytaj brakujące pliki: smup data import",
    )


def _members(
    workspace: Workspace, rule: str, unit: Unit, year: int, area: ServiceArea
) -> tuple[str, ...]:
    try:
        return workspace.group(rule, unit, year, area).members
    except GroupError:
        # a rule that has no answer for this unit (no boundaries, no class) takes no part
        return ()


def _other_groups(
    workspace: Workspace, unit: Unit, year: int, area: ServiceArea, chosen: str
) -> Mapping[str, tuple[str, ...]]:
    """Return the groups that may bear witness: the chosen one would only repeat itself."""
    found = {
        rule: _members(workspace, rule, unit, year, area)
        for rule in ROBUSTNESS_RULES
        if rule != chosen
    }
    return {rule: members for rule, members in found.items() if members}


def _breaks(workspace: Workspace, indicator: Indicator, unit: Unit) -> tuple[SeriesBreak, ...]:
    """Return breaks of the definition, of the inputs, and of the territory, by year."""
    of_inputs = [
        item
        for name in indicator.inputs.variables
        for item in workspace.catalogue.variable(name).breaks
    ]
    # what may be added up is carried over a change of territory, whatever the formula does with
    # it (the same question as in map_series); ready-made rates are not
    summed = all(workspace.catalogue.variable(name).additive for name in indicator.inputs.variables)
    territorial = [
        item
        for item in list_breaks(workspace.register, unit.code)
        if not (summed and item.can_map_forward)
    ]
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
    group = workspace.group(rule, unit, year, workspace.catalogue.area(area or "context"))
    labels = workspace.register.units(level=unit.level, year=year).set_index("unit_code")["label"]
    frame = pd.DataFrame({"unit_code": list(group.members)})
    frame["label"] = frame["unit_code"].map(labels)
    if group.details is not None and "distance" in group.details:
        frame = frame.merge(group.details[["unit_code", "distance"]], on="unit_code", how="left")
    frame.attrs["rule"] = group.description_pl
    frame.attrs["notes"] = [*group.notes, *group.dropped_variables.values()]
    return frame
