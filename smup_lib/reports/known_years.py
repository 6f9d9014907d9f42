"""For which years has a unit, an area or the whole snapshot any values?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from smup_lib.errors import NoDataError
from smup_lib.indicators import compute_values
from smup_lib.indicators.city_codes import with_other_parts
from smup_lib.teryt import CODE_LENGTH
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level, ServiceArea
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit


def list_years(workspace: Workspace, area: ServiceArea | None, unit: Unit) -> dict[int, int]:
    """Count the indicators of an area with a value for a unit, by year, newest first.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register.
    area : ServiceArea or None
        None means all areas together.
    unit : Unit
        Whose values.

    Returns
    -------
    dict of int to int
        Only years with a value; empty for a unit of which the area knows nothing at all.
    """
    return count_years(compute_own(workspace, area, unit), unit)


def compute_own(workspace: Workspace, area: ServiceArea | None, unit: Unit) -> pd.DataFrame:
    """Compute all years of a unit in an area (None: in all areas together).

    The frame is kept and shared: copy it before changing it.
    """

    def compute() -> pd.DataFrame:
        areas = workspace.catalogue.areas.values() if area is None else [area]
        indicators = [i for one in areas for i in one.indicators if unit.level in i.levels]
        level = cast("Level", unit.level)
        return compute_values(
            indicators, workspace.snapshot, workspace.catalogue, level, unit_codes=[unit.code]
        )

    return workspace.kept.own_of((area and area.id, unit.code), compute)


def choose_year(counts: Mapping[int, int]) -> int | None:
    """Return the newest year with at least half of what the fullest year has.

    Examples
    --------
    >>> choose_year({2024: 1, 2023: 9, 2022: 10})
    2023
    """
    enough = max(counts.values(), default=0) / 2
    return next((year for year, n in sorted(counts.items(), reverse=True) if n >= enough), None)


def list_snapshot_years(workspace: Workspace, area: ServiceArea | None = None) -> list[int]:
    """List the years for which the snapshot has anything of an area, or anything at all."""
    records = workspace.snapshot.manifest.sources.values()
    wanted = {v for i in (area.indicators if area else ()) for v in i.inputs.variables}
    own = {year for r in records if wanted & set(r.variables) for year in r.years}
    # a register of units has years too, but no values
    return sorted(own or {year for r in records if r.variables for year in r.years})


def count_variables(
    workspace: Workspace, indicators: Iterable[Indicator], level: str
) -> dict[int, int]:
    """Count the variables of some indicators that any unit of a level has a value of, by year.

    One question to the store, where :func:`list_years` computes indicators of one unit.
    """
    read = {name for entry in indicators for name in entry.variables_read}
    wanted = sorted(with_other_parts(read, workspace.catalogue))
    if not wanted or not workspace.snapshot.manifest.counts["observations"]:
        return {}
    found = workspace.snapshot.ask(
        "SELECT year, count(DISTINCT variable) AS n FROM read_parquet($file) WHERE value IS NOT"
        " NULL AND length(unit_code) = $digits AND list_contains($wanted, variable)"
        " GROUP BY year ORDER BY year DESC",
        {"digits": CODE_LENGTH[level], "wanted": wanted},
    )
    years = found["year"].astype(int).tolist()
    return dict(zip(years, found["n"].astype(int).tolist(), strict=True))


def check_year(workspace: Workspace, area: ServiceArea | None, unit: Unit, year: int) -> bool:
    """Check that a unit has at least one value in a year, and tell whether it has.

    A unit of which an area knows nothing in any year passes when others have data: its report says
    what is missing and who has it.

    Returns
    -------
    bool
        False for a unit without a value in any year.

    Raises
    ------
    NoDataError
        Naming the years that have values.
    """
    areas = [*workspace.catalogue.areas.values()] if area is None else [area]
    for one in areas:
        kept = workspace.kept.find(one.id, unit.level, year)
        if kept is not None and year in kept.count_years(unit.code):
            return True
    years: set[int] = set()
    for one in areas:  # one value is enough: of the whole unit the first area mostly has it
        years.update(list_years(workspace, one, unit))
        if year in years:
            return True
    check_known_years(years, area, unit, year)
    if not years:
        check_snapshot_year(workspace, area, year)
    return bool(years)


def check_snapshot_year(workspace: Workspace, area: ServiceArea | None, year: int) -> None:
    """Check that the snapshot has something of an area (None: anything) in a year.

    Raises
    ------
    NoDataError
        Naming the years there are.
    """
    check_known_years(list_snapshot_years(workspace, area), area, None, year)


def count_years(values: pd.DataFrame, unit: Unit | None) -> dict[int, int]:
    """Count the values of a unit (or of all units) by year, newest first."""
    known = values[values["value"].notna()]
    if unit is not None:
        known = known[known["unit_code"] == unit.code]
    counts = known["year"].value_counts().sort_index(ascending=False)
    return dict(zip(counts.index.astype(int).tolist(), counts.tolist(), strict=True))


def check_known_years(
    years: Collection[int], area: ServiceArea | None, unit: Unit | None, year: int
) -> None:
    """Raise when a year is not among the known ones; a unit without any year passes."""
    if year in years or (unit is not None and not years):
        return
    about = f" w obszarze „{area.name}”" if area else ""
    whose = f"{unit.label}: nie ma żadnej wartości" if unit else "Nie ma danych"
    raise NoDataError(
        f"{whose}{about} za {year} r.",
        where="parametr year",
        expected=f"rok z danymi: {format_years(years) or 'żaden'}",
        next_step="wybierz rok z danymi" if years else "wczytaj dane: smup data import PLIK",
    )
