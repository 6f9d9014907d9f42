"""Of which reports is it asked whether a correction changed them? One unit's, or all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import GroupError, IndicatorError, NoDataError
from smup_lib.present.page_shell import render_page
from smup_lib.present.revision_page import render_revision
from smup_lib.reports.loading import choose_year, list_snapshot_years, list_years
from smup_lib.reports.revisions import (
    Progress,
    ReportRevision,
    RevisedData,
    compare_report,
    list_revised_reports,
)
from smup_lib.teryt import LEVELS, read_level

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.snapshots import Snapshot


def find_revised(
    old: str | Path | Snapshot,
    new: str | Path | Snapshot | None = None,
    *,
    unit: str | None = None,
    area: str | None = None,
    year: int | None = None,
    group: str | None = None,
    level: str | None = None,
    on_progress: Progress | None = None,
) -> tuple[RevisedData, Iterator[ReportRevision]]:
    """Find the reports that may say something else on newer data.

    Parameters
    ----------
    old, new : str, Path or Snapshot
        Two states of the data; the current one is the newer when it is not told.
    unit : str, optional
        Code or name; all units when omitted.
    area, year, group, level
        Of the reports. Without an area all are looked at, without a year the fullest late one of
        the unit in the older data, or the last one there. A group is chosen for one unit only.
    on_progress : callable, optional
        Told how far the search of all units is.

    Returns
    -------
    RevisedData, iterator of ReportRevision
        Of one unit every report that the older data bore; of all units those that say something
        else now.
    """
    level = None if level is None else read_level(level)
    data = RevisedData.open(old, new)
    catalogue = data.old.catalogue
    areas = [catalogue.area(area)] if area else list(catalogue.areas.values())
    if unit is not None:
        return data, _reports_of(data, areas, unit, year, group, level)
    return data, _all_reports(data, areas, year, level, on_progress)


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


def _all_reports(
    data: RevisedData,
    areas: Sequence[ServiceArea],
    year: int | None,
    level: str | None,
    on_progress: Progress | None,
) -> Iterator[ReportRevision]:
    looked_at = False
    for area in areas:
        years = list_snapshot_years(data.old, area)
        if not years or (year is not None and year not in years):
            continue
        for one in LEVELS if level is None else (level,):
            if any(one in entry.levels for entry in area.indicators):
                looked_at = True
                yield from list_revised_reports(
                    data, area, year or years[-1], one, on_progress=on_progress
                )
    if not looked_at:
        raise NoDataError(
            "Starszy stan danych nie ma wartości, z których powstałby jakikolwiek taki raport.",
            where=f"stan danych {data.pair.old.id}",
            expected="obszar, szczebel i rok z danymi",
            next_step="podaj inny obszar, szczebel albo rok; lata pokaże: smup data show",
        )


def render_revised(data: RevisedData, reports: Sequence[ReportRevision]) -> str:
    """Return a whole page on what became of reports."""
    old, new = data.pair.old, data.pair.new
    title = "Co zmieniła korekta danych"
    body = [
        f"<h1>{title}</h1>",
        f"<p>Przedtem stan danych {escape(old.id)} ({escape(old.manifest.created[:10])}), "
        f"teraz {escape(new.id)} ({escape(new.manifest.created[:10])}).</p>",
    ]
    if not reports:
        body.append("<p>Żaden raport nie mówi co innego niż przedtem.</p>")
    told: set[tuple[str, int]] = set()
    for one in reports:
        if (one.unit.code, one.year) not in told:
            told.add((one.unit.code, one.year))
            body.append(f"<p><strong>{escape(one.unit.label)}, {one.year} r.</strong></p>")
        if one.revision is None:
            why = one.lost.what if one.lost else ""
            body.append(f"<section><h2>{escape(one.area.name)}</h2><p>{escape(why)}</p></section>")
        else:
            body.append(render_revision(one.revision, old.id))
    return render_page(title, "".join(body), fictional=new.fictional)
