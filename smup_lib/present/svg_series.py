"""How is a series drawn? One blue line against the group's median and quartiles, gaps left open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from smup_lib.present import words
from smup_lib.present.charts import BreakMark, SeriesChart
from smup_lib.present.formats import format_number
from smup_lib.present.scales import Domain, Scale, finite, tick_decimals, ticks, widen, year_ticks
from smup_lib.present.svg_axes import LINE, KeyEntry, draw_key, draw_notes
from smup_lib.present.svg_draw import Canvas, Printed, Words, mark_path, num, spread_labels, trace
from smup_lib.present.text_width import text_width, wrap_text
from smup_lib.present.tokens import TEXT, TEXT_SMALL
from smup_lib.years import format_years

_TICKS = 5
_LETTERS = "abcdefghijkl"
#: Years that hold a value, in order, without a gap or a break between them.
Run = list[tuple[int, float]]


def draw_series(chart: SeriesChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    canvas = Canvas(width)
    wide = width > 500
    domain = widen(chart.axis(), _TICKS)
    labels = ticks(domain.low, domain.high, _TICKS)
    decimals = tick_decimals(labels)
    left = 10 + max(text_width(format_number(v, decimals), TEXT_SMALL) for v in labels)
    right = width - (170 if wide else 62)
    top = 50.0 if _shown_breaks(chart) else 28.0
    bottom = top + (220.0 if wide else 180.0)
    first, last = chart.years[0], chart.years[-1]
    x = _YearScale(first, last, left + 8, right - 8)
    y = Scale(domain, bottom, top)
    canvas.text(0, 14, chart.measure_unit, "fill-muted", size=TEXT_SMALL)
    _draw_axes(canvas, chart, x, y, labels, (left, right))
    _draw_band(canvas, chart, x, y, ("q25", "q75"), ("fill-band", "stroke-group"))
    _draw_band(canvas, chart, x, y, ("low", "high"), ("fill-unit-pale", "stroke-unit"))
    for run in chart.runs("median", unit=False):
        _draw_run(canvas, run, x, y, "stroke-group", 1.75)
    _draw_plan(canvas, chart, x, y)
    _draw_breaks(canvas, chart, x, top, bottom)
    for run in chart.runs("value", unit=True):
        _draw_run(canvas, run, x, y, "stroke-unit", 2.5)
    _draw_points(canvas, chart, x, y)
    _draw_end_labels(canvas, chart, x, y, (right, width), wide)
    bottom = draw_key(canvas, bottom + 44, _key_entries(chart, wide))
    bottom = draw_notes(canvas, bottom, [*_notes(chart, domain), *chart.notes])
    return canvas, bottom - LINE + 8


#: How a value is marked, and how a preliminary one.
_POINTS = {False: ("fill-unit stroke-paper", 1), True: ("fill-paper stroke-unit", 2)}


class _YearScale:
    """Places of years between two pixels; a single year stands in the middle."""

    def __init__(self, first: int, last: int, start: float, end: float) -> None:
        self.first, self.last, self.start, self.end = first, last, start, end

    def __call__(self, year: float) -> float:
        if self.first == self.last:
            return (self.start + self.end) / 2
        return self.start + (year - self.first) / (self.last - self.first) * (self.end - self.start)


def _draw_axes(
    canvas: Canvas,
    chart: SeriesChart,
    x: _YearScale,
    y: Scale,
    labels: Sequence[float],
    ends: tuple[float, float],
) -> None:
    left, right = ends
    decimals = tick_decimals(labels)
    for value in labels:
        classes = "stroke-group" if value in (0, y.domain.low) else "stroke-line"
        canvas.line(left, y(value), right, y(value), classes)
        canvas.text(
            left - 8,
            y(value) + 4.5,
            format_number(value, decimals),
            "fill-muted",
            size=TEXT_SMALL,
            anchor="end",
        )
    room = int((right - left) // 44)
    years = year_ticks(x.first, x.last, max(room, 2))
    base = y.start
    d = "".join(f"M{num(x(year))} {num(base)}v5" for year in years)
    canvas.path(d, "stroke-group", ' fill="none"')
    for year in years:
        canvas.text(x(year), base + 19, str(year), "fill-muted", size=TEXT_SMALL, anchor="middle")


def _draw_band(
    canvas: Canvas,
    chart: SeriesChart,
    x: _YearScale,
    y: Scale,
    columns: tuple[str, str],
    paints: tuple[str, str],
) -> None:
    """Fill between two columns wherever both have values."""
    low, high = columns
    upper = chart.by_year(high)
    unit = low == "low"
    for run in chart.runs(low, unit=unit):
        rows = [(year, v, top) for year, v in run if (top := upper[year]) is not None]
        if rows:
            _draw_area(canvas, rows, x, y, paints)


def _draw_area(
    canvas: Canvas,
    rows: Sequence[tuple[int, float, float]],
    x: _YearScale,
    y: Scale,
    paints: tuple[str, str],
) -> None:
    """Fill between two lines and draw its edge, so that the pale fill is seen."""
    if len(rows) == 1:
        year, low, high = rows[0]
        canvas.rect(x(year) - 5, y(high), 10, y(low) - y(high), " ".join(paints))
        return
    upper = [(x(year), y(high)) for year, _, high in rows]
    lower = [(x(year), y(low)) for year, low, _ in reversed(rows)]
    canvas.path(f"{trace(upper + lower)}z", " ".join(paints), ' stroke-width="0.75"')


def _draw_run(
    canvas: Canvas, run: Run, x: _YearScale, y: Scale, classes: str, width: float
) -> None:
    if len(run) == 1:
        year, value = run[0]
        if classes == "stroke-group":
            canvas.line(x(year) - 5, y(value), x(year) + 5, y(value), classes, width)
        return
    d = trace((x(year), y(value)) for year, value in run)
    canvas.path(d, classes, f' stroke-width="{width:g}" fill="none" stroke-linejoin="round"')


def _draw_plan(canvas: Canvas, chart: SeriesChart, x: _YearScale, y: Scale) -> None:
    """Draw the way from the start of a plan to its target: dashes, and a diamond at the end."""
    way = [(year, v) for year, v in chart.by_year("planned").items() if v is not None]
    for (year, value), (after, reached) in pairwise(way):
        canvas.line(x(year), y(value), x(after), y(reached), "stroke-ink", 1.5, dash="6 4")
    if way:
        year, value = way[-1]
        d = mark_path("diamond", x(year), y(value), 5.5)
        canvas.path(d, "fill-paper stroke-ink", ' stroke-width="1.5"')


def _draw_points(canvas: Canvas, chart: SeriesChart, x: _YearScale, y: Scale) -> None:
    """Mark every value, so that single years beside gaps are seen; preliminary ones hollow."""
    hollow = _years_with(chart, "preliminary")
    marks: dict[bool, str] = {}
    for year, value in chart.by_year("value").items():
        if value is None:
            continue
        shape = "circle"
        if not y.domain.holds(value):
            shape = "triangle"
        d = mark_path(shape, x(year), y(value), 3.5 if shape == "circle" else 6)
        marks[year in hollow] = marks.get(year in hollow, "") + d
    for preliminary, d in marks.items():
        classes, width = _POINTS[preliminary]
        canvas.path(d, classes, f' stroke-width="{width}"')


def _years_with(chart: SeriesChart, qualifier: str) -> set[int]:
    if "qualifiers" not in chart.frame.columns:
        return set()
    rows = zip(chart.frame["year"].tolist(), chart.frame["qualifiers"].tolist(), strict=True)
    return {int(year) for year, text in rows if qualifier in str(text).split(",")}


def _draw_breaks(
    canvas: Canvas, chart: SeriesChart, x: _YearScale, top: float, bottom: float
) -> None:
    for letter, mark in zip(_LETTERS, _shown_breaks(chart), strict=False):
        place = (x(mark.year - 1) + x(mark.year)) / 2
        canvas.line(place, top - 4, place, bottom, "stroke-muted", 1.25, dash="4 3")
        canvas.text(
            place, top - 8, letter, "fill-muted", size=TEXT_SMALL, anchor="middle", bold=True
        )


def _shown_breaks(chart: SeriesChart) -> list[BreakMark]:
    years = chart.years
    inside = [mark for mark in chart.breaks if years[0] < mark.year <= years[-1]]
    return sorted(inside, key=lambda mark: mark.year)


def _last(values: dict[int, float | None]) -> tuple[int, float] | None:
    known = [(year, value) for year, value in values.items() if value is not None]
    return known[-1] if known else None


def _draw_end_labels(
    canvas: Canvas,
    chart: SeriesChart,
    x: _YearScale,
    y: Scale,
    ends: tuple[float, float],
    wide: bool,
) -> None:
    """Print the last values beside the right end; name the lines where there is room."""
    left, right = ends[0] + 6, ends[1]
    rows: list[tuple[float, list[tuple[Words | Sequence[Words], str, bool]]]] = []
    for statistic, column, classes, name in (
        ("value", "value", "fill-unit", chart.unit_name),
        ("median", "median", "fill-muted", words.GROUP_MEDIAN),
        ("planned", "planned", "fill-ink", "cel planu"),
    ):
        end = _last(chart.by_year(column))
        if end is None:
            continue
        year, value = end
        bold = statistic == "value"
        number = Printed(
            format_number(value, chart.decimals),
            value,
            chart.value_key(year) if bold else chart.key.of(year=year, statistic=statistic),
        )
        label: list[tuple[Words | Sequence[Words], str, bool]] = [([number], classes, bold)]
        if year != chart.years[-1]:
            label.append((f"w {year} r.", classes, False))
        if wide:
            label += [(line, classes, False) for line in wrap_text(name, right - left, TEXT_SMALL)]
        rows.append((y(value), label))
    gap = LINE * max((len(label) for _, label in rows), default=1) + 2
    places = spread_labels([place for place, _ in rows], gap, y.end + 6, y.start - gap / 2)
    for place, (_, label) in zip(places, rows, strict=True):
        for i, (content, classes, bold) in enumerate(label):
            size = TEXT if i == 0 else TEXT_SMALL
            canvas.text(left, place + 5 + i * 16, content, classes, bold=bold, size=size)


def _key_entries(chart: SeriesChart, wide: bool) -> list[KeyEntry]:
    entries: list[KeyEntry] = []
    if not wide:
        entries.append(("line", "stroke-unit", chart.unit_name))
        if any(v is not None for v in chart.by_year("median").values()):
            entries.append(("line", "stroke-group", words.GROUP_MEDIAN))
    if any(v is not None for v in chart.by_year("q25").values()):
        entries.append(("band", "fill-band stroke-group", words.MIDDLE_HALF))
    if any(v is not None for v in chart.by_year("low").values()):
        entries.append(("band", "fill-unit-pale stroke-unit", "przedział niepewności"))
    if any(v is not None for v in chart.by_year("planned").values()):
        entries.append(("diamond", "fill-paper stroke-ink", "cel planu i droga do niego"))
    if _years_with(chart, "preliminary"):
        entries.append(("circle", "fill-paper stroke-unit", words.QUALIFIERS["preliminary"]))
    return entries


def _notes(chart: SeriesChart, shown: Domain) -> list[str]:
    notes = []
    for letter, mark in zip(_LETTERS, _shown_breaks(chart), strict=False):
        # a reason may name its year itself
        since = "" if str(mark.year) in mark.note else f"od {mark.year} r.: "
        notes.append(f"{letter} – {since}{mark.note}")
    reasons: dict[str, list[int]] = {}
    flags = dict(zip(map(int, chart.frame["year"].tolist()), chart.flags(), strict=True))
    for year, value in chart.by_year("value").items():
        if value is None:
            reasons.setdefault(words.flag_words(flags.get(year, "no_data")), []).append(year)
    notes += [f"{format_years(years)}: {reason}" for reason, years in reasons.items()]
    outside = finite(v for v in chart.by_year("value").values() if v and not shown.holds(v))
    if outside:
        notes.append("Trójkąt oznacza wartość poza osią; dokładna jest w tabeli.")
    if shown.low > 0:
        notes.append("Oś nie zaczyna się od zera.")
    return notes
