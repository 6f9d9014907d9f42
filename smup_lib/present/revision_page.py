"""What does a page say of a report whose data were corrected?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.evidence import NumberKey
from smup_lib.conclude.revisions import OUTCOMES
from smup_lib.present.numbers import tagged
from smup_lib.present.revision_words import (
    OUTCOME_WORDS,
    figure_name,
    revision_sentence,
    told_before_and_after,
    write_figure,
)
from smup_lib.present.tables import Column, render_table

if TYPE_CHECKING:
    from smup_lib.conclude.revisions import AreaRevision, FigureChange

NOTHING_CHANGED = "Strona mówi to samo: ani jeden wniosek i ani jedna liczba nie są inne."


def render_revision(revision: AreaRevision, older: str) -> str:
    """Return a section on one report: which findings hold, which numbers are others now.

    Parameters
    ----------
    revision : AreaRevision
        The report on both states of the data.
    older : str
        Id of the older state, for the keys of its numbers.
    """
    area = revision.before.area.name
    head = f"<section><h2>{escape(area)}</h2>"
    if not revision.dependent:
        return f"{head}<p>{NOTHING_CHANGED}</p></section>"
    return (
        f"{head}<p>{escape(revision_sentence(revision))}</p>{_group(revision)}"
        f"{_findings(revision)}{_figures(revision, older)}</section>"
    )


def _group(revision: AreaRevision) -> str:
    if not (revision.joined or revision.left):
        return ""
    parts = [
        f"{words}: {', '.join(codes)}"
        for words, codes in (("doszły", revision.joined), ("odeszły", revision.left))
        if codes
    ]
    told = f"Zmieniła się grupa porównawcza ({'; '.join(parts)})."
    return f'<p class="smup-note">{escape(told)}</p>'


def _findings(revision: AreaRevision) -> str:
    import pandas as pd

    told = [change for change in revision.findings if change.outcome != "unchanged"]
    kept = len(revision.findings) - len(told)
    note = f"Wnioski bez żadnej zmiany: {kept}."
    if not told:
        return f"<p>{note}</p>"
    # what no longer holds comes first
    told.sort(key=lambda change: -OUTCOMES.index(change.outcome))
    rows = [(OUTCOME_WORDS[change.outcome], *told_before_and_after(change)) for change in told]
    frame = pd.DataFrame(rows, columns=["outcome", "before", "after"])
    columns = [
        Column("outcome", "Wniosek"),
        Column("before", "Przedtem"),
        Column("after", "Teraz"),
    ]
    return render_table(frame, columns, "Wnioski przedtem i teraz", note=note, stacked=True)


def _figures(revision: AreaRevision, older: str) -> str:
    import pandas as pd

    if not revision.figures:
        return ""
    entries = {item.indicator.id: item.indicator for item in revision.before.indicators}
    rows: list[dict[str, Any]] = [
        {
            "name": entries[change.indicator].name,
            "year": change.year,
            "what": figure_name(change),
            "before": _figure(revision, change, older),
            "after": _figure(revision, change),
        }
        for change in revision.figures
    ]
    columns = [
        Column("name", "Wskaźnik"),
        Column("year", "Rok", "year"),
        Column("what", "Liczba"),
        Column("before", "Przedtem", "html"),
        Column("after", "Teraz", "html"),
    ]
    return render_table(pd.DataFrame(rows), columns, "Liczby strony, które są inne")


def _figure(revision: AreaRevision, change: FigureChange, older: str = "") -> str:
    """Return a number with its key; a number of the older state bears the id of that state."""
    assessment = revision.before if older else revision.after
    items = {item.indicator.id: item.indicator for item in assessment.indicators}
    entry, value = items[change.indicator], change.before if older else change.after
    text = write_figure(change, value, entry.decimals, entry.measure_unit)
    if not isinstance(value, int | float):
        return escape(text)
    statistic = f"{change.statistic}_before:{older}" if older else change.statistic
    key = NumberKey(
        assessment.unit.code, entry.id, change.year, statistic, assessment.group.key
    ).of()
    digits = {"rank": 0, "n_ranked": 0, "n_used": 0, "slope": min(entry.decimals + 1, 6)}
    unit = "" if digits.get(change.statistic) == 0 else entry.measure_unit
    slope = change.statistic == "slope"
    return tagged(
        float(value),
        key,
        digits.get(change.statistic, entry.decimals),
        measure_unit="p.proc." if slope and unit == "%" else unit,
        signed=slope,
    )
