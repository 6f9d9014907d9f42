"""What became of one report, as plain rows and words: small, and the same in any process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.present.revision_page import render_revision
from smup_lib.present.revision_words import told_before_and_after

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.reports.revisions import ReportRevision
    from smup_lib.units import Unit

LINE_COLUMNS = ("unit_code", "area", "year", "indicator", "what", "outcome", "before", "after")


@dataclass(frozen=True)
class ToldRevision:
    """What became of one report, without the values that it was worked out from.

    Attributes
    ----------
    unit, year : Unit, int
        Whose report, of which year.
    row : dict
        One line for a person: unit, area, how many findings and figures are others.
    facts : dict
        The same for a program.
    lines : tuple of tuple
        Rows of :data:`LINE_COLUMNS`: each finding and each printed number that is another now.
    section : str
        The part of a page about it; empty unless it was asked for.
    dependent : bool
        Whether the report says something else now.
    """

    unit: Unit
    year: int
    row: dict[str, Any]
    facts: dict[str, Any]
    lines: tuple[tuple[Any, ...], ...]
    section: str
    dependent: bool


def tell_revision(one: ReportRevision, page_of: str | None = None) -> ToldRevision:
    """Tell what became of a report; ``page_of`` is the older state where a page is wanted."""
    section = "" if page_of is None else _section(one, page_of)
    lines = tuple(_lines(one))
    return ToldRevision(one.unit, one.year, _row(one), _facts(one), lines, section, one.dependent)


def list_lines(told: Iterable[ToldRevision]) -> pd.DataFrame:
    """Return one row for each finding and each printed number that is another now."""
    import pandas as pd

    rows = [line for one in told for line in one.lines]
    return pd.DataFrame(rows, columns=list(LINE_COLUMNS))


def _why_lost(one: ReportRevision) -> str:
    return one.lost.what if one.lost else ""


def _row(one: ReportRevision) -> dict[str, Any]:
    told = {"unit": one.unit.label, "area": one.area.name}
    if one.revision is None:
        lacking = dict.fromkeys(("outdated", "other", "figures"))
        return told | lacking | {"indicators": [_why_lost(one)]}
    return told | {
        "outdated": len(one.revision.outdated),
        "other": sum(f.outcome in ("moved", "new") for f in one.revision.findings),
        "figures": len(one.revision.figures),
        "indicators": list(one.revision.indicators),
    }


def _facts(one: ReportRevision) -> dict[str, Any]:
    return {
        "unit": one.unit.code,
        "area": one.area.id,
        "year": one.year,
        "indicators": list(one.revision.indicators) if one.revision else [],
        "outdated": len(one.revision.outdated) if one.revision else None,
        "lost": _why_lost(one) or None,
    }


def _lines(one: ReportRevision) -> Iterator[tuple[Any, ...]]:
    key = (one.unit.code, one.area.id)
    if one.revision is None:
        yield (*key, one.year, "", "report", "lost", "", _why_lost(one))
        return
    for change in one.revision.findings:
        if change.outcome != "unchanged":
            told = told_before_and_after(change)
            yield (*key, one.year, change.indicator, change.claim, change.outcome, *told)
    for f in one.revision.figures:
        yield (*key, f.year, f.indicator, f.statistic, "figure", f.before, f.after)


def _section(one: ReportRevision, old_id: str) -> str:
    if one.revision is not None:
        return render_revision(one.revision, old_id)
    name, why = escape(one.area.name), escape(_why_lost(one))
    return f"<section><h2>{name}</h2><p>{why}</p></section>"
