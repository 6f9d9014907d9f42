"""How does a chart stand on a page? With its title, reading help, table twin and source line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.present import words
from smup_lib.present.charts import Chart, MapChart, MissingData, ProfileChart
from smup_lib.present.formats import NBSP
from smup_lib.present.sources import linked
from smup_lib.present.svg import render_svg
from smup_lib.present.tables import render_table
from smup_lib.present.tokens import LIGHT, NARROW, WIDE

if TYPE_CHECKING:
    import pandas as pd

#: A twin longer than this shows the rows around the reader's unit and both ends, and says so.
MAX_TWIN_ROWS = 60
#: Without our style sheet (a bare notebook, maybe with a dark theme) drawings still stand on paper.
_PAPER = (
    f' style="background:var(--smup-paper,{LIGHT["paper"]});color:var(--smup-ink,{LIGHT["ink"]})"'
)


@dataclass(frozen=True, eq=False)
class ChartFigure:
    """A chart ready for a notebook or a page; showing it returns HTML.

    Attributes
    ----------
    chart : Chart
        What to show.
    compact : bool
        Leave out the reading help and the table twin (they must then stand elsewhere).
    """

    chart: Chart
    compact: bool = False

    def __repr__(self) -> str:
        """Return title and finding, so that a terminal and a log stay readable."""
        chart = self.chart
        absent = chart.missing.word if chart.missing else words.NO_DATA
        return f"{chart.title}: {chart.alt_text if chart.has_data else absent}"

    def _repr_html_(self) -> str:
        return self.html()

    def html(self) -> str:
        """Return the figure; a box with reasons when there is nothing to draw."""
        chart = self.chart
        if not chart.has_data:
            gaps = chart.gaps if isinstance(chart, ProfileChart) else {}
            return missing_box(chart.title, chart.missing, gaps=gaps, source_line=chart.source_line)
        drawings = self._drawings()
        # "2023 r." never leaves its "r." alone on a line
        title = escape(re.sub(r"(?<=\d) (?=r\.)", NBSP, chart.title))
        uid = "f" + blake2s(drawings.encode(), digest_size=6).hexdigest()
        # where the drawing names the measure unit beside its axis, the title does not repeat it
        measure = "" if chart.names_unit else chart.measure_unit
        unit = f' <span class="smup-figure-unit">{escape(measure)}</span>' if measure else ""
        parts = [
            f'<figure class="smup-figure smup-{chart.kind}" aria-labelledby="{uid}"{_PAPER}>',
            f'<figcaption id="{uid}"><span class="smup-figure-title">{title}</span>'
            f"{unit}</figcaption>",
            drawings,
        ]
        if not self.compact:
            parts += [self._reading(), self._twin()]
        parts.append(f"{self._source()}</figure>")
        return "".join(parts)

    def words_html(self) -> str:
        """Return what stands under a drawing that is not ours: finding, help, table, source."""
        return (
            f'<p class="smup-finding-text">{escape(self.chart.alt_text)}</p>'
            f"{self._reading()}{self._twin()}{self._source()}"
        )

    def _source(self) -> str:
        line = linked(self.chart.source_line, self.chart.source_links)
        return f'<p class="smup-source">{line}</p>'

    def _drawings(self) -> str:
        """Return the wide and the narrow drawing; the style sheet shows the one that fits.

        Without a style sheet the wide one is shown. A map is drawn once: it fits both.
        """
        if isinstance(self.chart, MapChart):
            return f'<div class="smup-drawing">{render_svg(self.chart)}</div>'
        return (
            f'<div class="smup-drawing smup-wide">{render_svg(self.chart, WIDE)}</div>'
            f'<div class="smup-drawing smup-narrow" style="display:none">'
            f"{render_svg(self.chart, NARROW)}</div>"
        )

    def _reading(self) -> str:
        return (
            f'<details class="smup-reading"><summary>{words.HOW_TO_READ}</summary>'
            f"<p>{escape(self.chart.how_to_read)}</p></details>"
        )

    def _twin(self) -> str:
        frame, columns = self.chart.twin()
        kept = _shown_rows(frame, self.chart.key.unit)
        note = ""
        if len(kept) < len(frame):
            note = (
                f"Pokazano {len(kept)} z {len(frame)} wierszy: początek, koniec i otoczenie "
                "opisywanej jednostki."
            )
        shown = frame.iloc[kept] if note else frame
        own = []
        if "unit_code" in shown.columns:
            codes = shown["unit_code"].tolist()
            own = [i for i, code in enumerate(codes) if code == self.chart.key.unit]
        table = render_table(
            shown, columns, self.chart.title, note=note, sortable=True, highlight=own
        )
        return f'<details class="smup-twin"><summary>{words.TABLE_TWIN}</summary>{table}</details>'


def missing_box(
    title: str,
    missing: MissingData | None,
    *,
    gaps: Mapping[str, MissingData] | None = None,
    source_line: str = "",
) -> str:
    """Return the box that stands where a chart has nothing to draw.

    Parameters
    ----------
    title : str
        Title of the chart.
    missing : MissingData, optional
        What is missing; only the title is named when None.
    gaps : mapping of str to MissingData, optional
        What is missing in each dimension of a profile.
    source_line : str, optional
        Stands at the bottom.

    Examples
    --------
    >>> box = missing_box("Stan nawierzchni", MissingData(what="Stan nawierzchni dróg",
    ...                   holder="zarządca drogi"))
    >>> "zarządca drogi" in box
    True
    """
    gap = missing or MissingData(what=title)
    told: dict[str, list[str]] = {}  # one thing may be lacking in each dimension
    for dimension, found in (gaps or {}).items():
        told.setdefault(_gap_line(found), []).append(DIMENSION_WORDS.get(dimension, dimension))
    facts = [(", ".join(names).capitalize(), line) for line, names in told.items()]
    facts += [
        (label, text)
        for label, text in (
            ("Dlaczego", gap.reason),
            ("Od kiedy", gap.since),
            (words.WHERE_DATA_ARE, gap.holder),
            ("Co można zrobić", gap.next_step),
        )
        if text
    ]
    listed = "".join(f"<div><dt>{a}</dt><dd>{escape(b)}</dd></div>" for a, b in facts)
    body = f'<dl class="smup-facts">{listed}</dl>' if listed else ""
    said = f"{'Nie porównujemy' if gap.incomparable else 'Brakuje'}: {gap.what.rstrip('.')}."
    if missing is None:
        said = "Żaden wskaźnik nie ma tu wartości." if gaps else "Nie ma ani jednej wartości."
    source = f'<p class="smup-source">{escape(source_line)}</p>' if source_line else ""
    return (
        f'<div class="smup-empty" role="note"><p class="smup-empty-title">'
        f'<span class="smup-mark" aria-hidden="true">?</span> {escape(title)}: {gap.word}</p>'
        f"<p>{escape(said)}</p>{body}{source}</div>"
    )


def _gap_line(gap: MissingData) -> str:
    parts = [gap.what, gap.reason, f"{words.WHERE_DATA_ARE}: {gap.holder}" if gap.holder else ""]
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _shown_rows(frame: pd.DataFrame, unit: str) -> list[int]:
    n = len(frame)
    if n <= MAX_TWIN_ROWS:
        return list(range(n))
    ends = 10
    keep = {*range(ends), *range(n - ends, n)}
    codes = frame["unit_code"].tolist() if "unit_code" in frame.columns else []
    keep |= {i for i, code in enumerate(codes) if code == ""}  # statistics of the group
    if "role" in frame.columns:
        near = ("neighbour", "peer_neighbour")
        keep |= {i for i, role in enumerate(frame["role"].tolist()) if role in near}
    if unit in codes:
        own = codes.index(unit)
        around = MAX_TWIN_ROWS - len(keep)
        keep |= set(range(max(0, own - around // 2), min(n, own + around // 2 + 1)))
    return sorted(keep)
