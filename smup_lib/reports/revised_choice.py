"""Of which reports is it asked whether a correction changed them? One unit's, or all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from smup_lib.errors import GroupError, IndicatorError, NoDataError
from smup_lib.present.formats import format_date
from smup_lib.present.page_shell import render_page
from smup_lib.reports.known_years import choose_year, count_variables, list_years
from smup_lib.reports.revisions import (
    Progress,
    ReportRevision,
    RevisedData,
    compare_report,
    tell_revised_reports,
)
from smup_lib.teryt import CODE_LENGTH, LEVELS, read_level

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.revised_tables import ToldRevision
    from smup_lib.snapshots import Snapshot

Told = TypeVar("Told")
#: Of all units so many years are looked at, the newest of those that a correction touched.
MOST_YEARS = 3


@dataclass(frozen=True)
class AskedReports:
    """Reports of all units of a level in an area and year."""

    area: ServiceArea
    level: str
    year: int


def find_revised(
    old: str | Path | Snapshot,
    new: str | Path | Snapshot | None = None,
    **chosen: Any,
) -> tuple[RevisedData, Iterator[ReportRevision]]:
    """Find the reports that may say something else on newer data.

    Parameters
    ----------
    old, new : str, Path or Snapshot
        Two states of the data; the current one is the newer when it is not told.
    **chosen
        Which reports: as :func:`tell_revised` takes them.

    Returns
    -------
    RevisedData, iterator of ReportRevision
        Of one unit every report that the older data bore; of all units those that say something
        else now.
    """
    data, found, _ = tell_revised(old, new, _as_it_is, **chosen)
    return data, found


def tell_revised(
    old: str | Path | Snapshot,
    new: str | Path | Snapshot | None,
    told: Callable[[ReportRevision], Told],
    *,
    unit: str | None = None,
    area: str | None = None,
    year: int | None = None,
    group: str | None = None,
    level: str | None = None,
    processes: int = 1,
    on_progress: Progress | None = None,
) -> tuple[RevisedData, Iterator[Told], tuple[AskedReports, ...]]:
    """Tell of the reports that may say something else on newer data.

    Parameters
    ----------
    old, new : str, Path, Snapshot or None
        Two states of the data; the current one is the newer when it is not told.
    told : callable
        Makes of a report what is wanted of it. Of all units the answer must be small: it comes
        from another process.
    unit : str, optional
        Code or name; all units when omitted.
    area, year, group, level
        Of the reports. Without an area all are looked at. Without a year: of a unit its newest
        full one in the older data; of all units that of the area and level, and the corrected
        years, the newest :data:`MOST_YEARS` of them. A group is chosen for one unit only.
    processes : int
        How many look at all units at once.
    on_progress : callable, optional
        Told how far the search of all units is.

    Returns
    -------
    RevisedData, iterator, tuple of AskedReports
        What is told of one unit's reports that the older data bore; of all units, of those that
        say something else now, and which were looked at.
    """
    level = None if level is None else read_level(level)
    data = RevisedData.open(old, new)
    catalogue = data.old.catalogue
    areas = [catalogue.area(area)] if area else list(catalogue.areas.values())
    if unit is not None:
        return data, map(told, _reports_of(data, areas, unit, year, group, level)), ()
    tell = partial(tell_revised_reports, told=told, processes=processes, on_progress=on_progress)
    asked = _ask_all(data, areas, year, level)
    found = (tell(data, one.area, one.year, one.level) for one in asked)
    return data, chain.from_iterable(found), asked


def _as_it_is(one: ReportRevision) -> ReportRevision:
    return one


def _reports_of(
    data: RevisedData,
    areas: Sequence[ServiceArea],
    text: str,
    year: int | None,
    group: str | None,
    level: str | None,
) -> Iterator[ReportRevision]:
    borne = 0
    problem: NoDataError | IndicatorError | GroupError | None = None
    for area in areas:
        unit = data.old.unit_in(area, text, level, year)
        asked = year or choose_year(list_years(data.old, area, unit))
        if asked is None or not any(unit.level in entry.levels for entry in area.indicators):
            continue
        try:
            found = compare_report(data, area, unit, asked, group)
        except (NoDataError, IndicatorError, GroupError) as error:
            problem = error
            continue
        borne += 1
        yield found
    if not borne:
        raise problem or NoDataError(
            "Starszy stan danych nie ma wartości, z których powstałby raport tej jednostki.",
            where=f"stan danych {data.pair.old.id}",
            expected="jednostka, obszar i rok z danymi",
            next_step="podaj inny obszar albo rok; lata pokaże: smup data show",
        )


def _ask_all(
    data: RevisedData, areas: Sequence[ServiceArea], year: int | None, level: str | None
) -> tuple[AskedReports, ...]:
    """Return which reports of all units are looked at, newest year first."""
    asked = tuple(
        AskedReports(area, one, when)
        for area in areas
        for one in (LEVELS if level is None else (level,))
        if any(one in entry.levels for entry in area.indicators)
        for when in _years_to_ask(data, area, one, year)
    )
    if not asked:
        raise NoDataError(
            "Starszy stan danych nie ma wartości, z których powstałby jakikolwiek taki raport.",
            where=f"stan danych {data.pair.old.id}",
            expected="obszar, szczebel i rok z danymi",
            next_step="podaj inny obszar, szczebel albo rok; lata pokaże: smup data show",
        )
    return asked


def _years_to_ask(
    data: RevisedData, area: ServiceArea, level: str, year: int | None
) -> tuple[int, ...]:
    """Return the year asked for; without one the newest full year and those that were corrected."""
    known = count_variables(data.old, area.indicators, level)
    if year is not None:
        return (year,) if year in known else ()
    moved = data.moved_values(area)
    here = moved["unit_code"].astype(str).str.len() == CODE_LENGTH[level]
    corrected = known.keys() & set(moved.loc[here, "year"].astype(int))
    newest = choose_year(known)
    wanted = {*corrected} if newest is None else {newest, *corrected}
    return tuple(sorted(wanted, reverse=True)[:MOST_YEARS])


def render_revised(data: RevisedData, reports: Sequence[ToldRevision]) -> str:
    """Return a whole page on what became of reports; each brings its section."""
    old, new = data.pair.old, data.pair.new
    title = "Co zmieniła korekta danych"
    body = [
        f"<h1>{title}</h1>",
        f"<p>Przedtem stan danych {escape(old.id)} z dnia {format_date(old.manifest.created)}, "
        f"teraz {escape(new.id)} z dnia {format_date(new.manifest.created)}.</p>",
    ]
    if not reports:
        body.append("<p>Żaden raport nie mówi co innego niż przedtem.</p>")
    told: set[tuple[str, int]] = set()
    for one in reports:
        if (one.unit.code, one.year) not in told:
            told.add((one.unit.code, one.year))
            body.append(f"<p><strong>{escape(one.unit.label)}, {one.year} r.</strong></p>")
        body.append(one.section)
    return render_page(title, "".join(body), fictional=new.fictional)
