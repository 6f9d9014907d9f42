"""How is a profile drawn? One strip an indicator, by dimension; gaps are said, not hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.polish_text import in_sentence
from smup_lib.present import words
from smup_lib.present.charts import MissingData, ProfileChart
from smup_lib.present.formats import NBSP, format_number
from smup_lib.present.scales import as_number
from smup_lib.present.svg_axes import LINE, KeyEntry, Label, draw_key, draw_notes
from smup_lib.present.svg_draw import (
    STANDING_SHAPES,
    Canvas,
    Printed,
    Words,
    mark_path,
    num,
    paint,
    spread_labels,
    words_width,
)
from smup_lib.present.tables import is_null
from smup_lib.present.text_width import wrap_text
from smup_lib.present.tokens import TEXT, TEXT_SMALL
from smup_lib.units.peer_group import MINIMUM_RANKED

#: Standings in the words of a narrow line.
_SHORT_STANDINGS = {
    "better": "korzystnie",
    "worse": "mniej korzystnie",
    "similar": "podobnie",
    "not_judged": "bez oceny",
    "unknown": "nie wiadomo",
}


@dataclass(frozen=True)
class _Row:
    indicator: str
    name: str
    value: float | None
    decimals: int
    measure_unit: str
    percentile: float | None
    standing: str
    reason: str
    median: float | None
    n_used: int | None
    flag: str


@dataclass(frozen=True)
class _Strip:
    """Where the strips of a chart run, from the smallest to the largest position."""

    start: float
    end: float

    def __call__(self, percentile: float) -> float:
        return self.start + percentile * (self.end - self.start)


def draw_profile(chart: ProfileChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    canvas = Canvas(width)
    if chart.summary:
        y = _draw_summary(canvas, chart)
    elif width > 500:
        y = _draw_wide(canvas, chart)
    else:
        y = _draw_narrow(canvas, chart)
    y = draw_key(canvas, y + 6, _key_entries(chart))
    notes = list(chart.notes)
    if not _placed(chart):
        notes.insert(0, "Pozycji w grupie nie da się podać.")
    y = draw_notes(canvas, y, notes)
    return canvas, y - LINE + 8


def _rows(chart: ProfileChart, dimension: str) -> list[_Row]:
    rows = zip(chart.records, chart.flags(), strict=True)
    return [_row(chart, r, flag) for r, flag in rows if r["dimension"] == dimension]


def _row(chart: ProfileChart, record: dict[str, Any], flag: str) -> _Row:
    decimals = record.get("decimals")
    value = as_number(record["value"])
    reason = _text(record.get("reason"))
    if value is None and not reason:
        reason = words.flag_words(flag)
    return _Row(
        indicator=str(record["indicator"]),
        name=str(record["name"]),
        value=value,
        decimals=chart.decimals if is_null(decimals) else int(decimals or 0),
        measure_unit=_text(record.get("measure_unit")),
        percentile=as_number(record["percentile"]),
        standing=str(record["standing"]),
        reason=reason,
        median=as_number(record.get("median")),
        n_used=None if is_null(record.get("n_used")) else int(record["n_used"]),
        flag=flag,
    )


def _placed(chart: ProfileChart) -> bool:
    return any(as_number(row["percentile"]) is not None for row in chart.records)


def _text(value: Any) -> str:
    return "" if is_null(value) else str(value)


def _gap_text(gap: MissingData | None) -> str:
    return f"{words.NO_DATA}: {in_sentence(gap.what)}" if gap else words.NO_DATA


def _draw_strip(canvas: Canvas, strip: _Strip, y: float) -> None:
    canvas.rect(strip(0.25), y - 7, strip(0.75) - strip(0.25), 14, "fill-band")
    canvas.line(strip.start, y, strip.end, y, "stroke-group", 1.25)
    canvas.line(strip(0.5), y - 9, strip(0.5), y + 9, "stroke-ink", 1.5)


def _draw_mark(canvas: Canvas, standing: str, x: float, y: float, title: str = "") -> None:
    named = f"<title>{escape(title)}</title>" if title else ""
    if standing == "unknown":
        # a question mark is no shape of svg_draw: it is a letter, as in the words of the page
        canvas.add(
            f'<text x="{num(x)}" y="{num(y + 6)}"{paint("fill-ink stroke-paper")} '
            'stroke-width="4" stroke-linejoin="round" paint-order="stroke" text-anchor="middle" '
            f'font-weight="600">{words.STANDINGS[standing].shape}{named}</text>'
        )
        return
    width = 2.25 if standing == "not_judged" else 1.5
    canvas.add(
        f'<path d="{mark_path(STANDING_SHAPES[standing], x, y, 6.5)}"'
        f'{paint(_mark_classes(standing))} stroke-width="{width}">{named}</path>'
    )


def _mark_classes(standing: str) -> str:
    if standing == "not_judged":
        return "fill-paper stroke-unit"
    colour = words.STANDINGS[standing].colour
    return f"fill-{'muted' if colour == 'group' else colour} stroke-paper"


def _head(canvas: Canvas, chart: ProfileChart, strip: _Strip, y: float) -> None:
    """Name the ends of the strips once, above the first."""
    if not _placed(chart):
        return
    canvas.text(strip.start, y, "mniej", "fill-muted", size=TEXT_SMALL)
    canvas.text(
        strip(0.5),
        y,
        words.GROUP_MEDIAN if strip.end - strip.start > 190 else "mediana",
        "fill-muted",
        size=TEXT_SMALL,
        anchor="middle",
    )
    canvas.text(strip.end, y, "więcej", "fill-muted", size=TEXT_SMALL, anchor="end")


def _draw_wide(canvas: Canvas, chart: ProfileChart) -> float:
    names, values = 250.0, 190.0
    strip = _Strip(names + 26, canvas.width - values - 26)
    _head(canvas, chart, strip, 14)
    y = 18.0
    for dimension, label in DIMENSION_WORDS.items():
        y = _draw_heading(canvas, dimension, label, y)
        rows = _rows(chart, dimension)
        if not rows:
            y = _draw_gap(canvas, chart.gaps.get(dimension), y)
        for row in rows:
            y = _draw_wide_row(canvas, chart, row, strip, y)
        y += 10
    return y + 10


def _draw_wide_row(
    canvas: Canvas, chart: ProfileChart, row: _Row, strip: _Strip, y: float
) -> float:
    """Draw name, strip and value side by side; a reason stands in place of the last two."""
    side = strip.end + 26
    said = strip.start if row.percentile is None else side
    lines = wrap_text(row.name, strip.start - 26, TEXT, lines=3)
    values = _value_lines(chart, row, canvas.width - said)
    height = max(len(lines) * 17, len(values) * 17, 17) + 14
    middle = y + height / 2
    for i, line in enumerate(lines):
        canvas.text(0, middle + 5 + (i - (len(lines) - 1) / 2) * 17, line)
    for i, content in enumerate(values):
        place = middle + 5 + (i - (len(values) - 1) / 2) * 17
        canvas.text(said, place, content, "fill-muted", size=TEXT_SMALL)
    _draw_position(canvas, row, strip, middle)
    canvas.line(0, y + height, canvas.width, y + height)
    return y + height


def _draw_narrow(canvas: Canvas, chart: ProfileChart) -> float:
    strip = _Strip(8, canvas.width - 8)
    _head(canvas, chart, strip, 14)
    y = 18.0
    for dimension, label in DIMENSION_WORDS.items():
        y = _draw_heading(canvas, dimension, label, y)
        rows = _rows(chart, dimension)
        if not rows:
            y = _draw_gap(canvas, chart.gaps.get(dimension), y)
        for row in rows:
            y += 4
            for line in wrap_text(row.name, canvas.width, TEXT, lines=3):
                y += 18
                canvas.text(0, y, line)
            for content in _value_lines(chart, row, canvas.width):
                y += 18
                canvas.text(0, y, content, "fill-muted", size=TEXT_SMALL)
            if row.percentile is not None:
                y += 19
                _draw_position(canvas, row, strip, y)
            y += 15
            canvas.line(0, y, canvas.width, y)
        y += 10
    return y + 10


def _draw_gap(canvas: Canvas, gap: MissingData | None, y: float) -> float:
    return canvas.lines(0, y + 20, _gap_text(gap), canvas.width, step=LINE) - 4


def _draw_heading(canvas: Canvas, dimension: str, label: str, y: float) -> float:
    heading = label.capitalize()
    canvas.text(0, y + 18, heading, bold=True)
    question = words.DIMENSION_QUESTIONS[dimension]
    x = words_width(heading, TEXT, True) + 10
    canvas.text(x, y + 18, question, "fill-muted", size=TEXT_SMALL)
    canvas.line(0, y + 26, canvas.width, y + 26, "stroke-group")
    return y + 26


def _value_lines(chart: ProfileChart, row: _Row, width: float) -> list[Label]:
    """Return value with its unit of measure, then the median; a reason when there is none."""
    if row.value is None:
        return list(wrap_text(row.reason, width, TEXT_SMALL, lines=4))
    key = chart.key.of(indicator=row.indicator, statistic="value")
    percent = "%" if row.measure_unit == "%" else ""
    digits = format_number(row.value, row.decimals)
    number = Printed(digits, row.value, key, bold=True, tail=percent)
    unit = "" if percent else f" {row.measure_unit}"
    out: list[Label] = [[number, unit]]
    if words_width([number, unit], TEXT_SMALL) > width:
        out = [[number], *wrap_text(row.measure_unit, width, TEXT_SMALL)]
    if row.median is not None:
        key = chart.key.of(indicator=row.indicator, statistic="median")
        median = Printed(format_number(row.median, row.decimals), row.median, key, tail=percent)
        out.append([f"{words.GROUP_MEDIAN} ", median])
    if row.percentile is None:
        out += _too_few(chart, row, width) if _is_too_small(row) else []
        if not _is_too_small(row) and row.reason:
            out += wrap_text(row.reason, width, TEXT_SMALL, lines=3)
    return out


def _is_too_small(row: _Row) -> bool:
    """Tell whether only the size of the group is in the way of a position."""
    return row.value is not None and row.n_used is not None and row.n_used < MINIMUM_RANKED


def _too_few(chart: ProfileChart, row: _Row, width: float) -> list[Label]:
    """Say that a group is too small for a position, and how small."""
    key = chart.key.of(indicator=row.indicator, statistic="n_used")
    n = row.n_used or 0
    size: list[Words] = ["(n = ", Printed(format_number(n), n, key), ")"]
    *lines, last = wrap_text(words.GROUP_TOO_SMALL, width, TEXT_SMALL)
    together: list[Words] = [f"{last} ", *size]
    fits = words_width(together, TEXT_SMALL) <= width
    return [*lines, together] if fits else [*lines, last, size]


def _draw_position(canvas: Canvas, row: _Row, strip: _Strip, y: float) -> None:
    if row.percentile is None:
        return
    _draw_strip(canvas, strip, y)
    _draw_mark(canvas, row.standing, strip(row.percentile), y)


def _draw_summary(canvas: Canvas, chart: ProfileChart) -> float:
    """Draw one line a dimension with the marks of all its indicators."""
    wide = canvas.width > 500
    strip = _Strip(118, canvas.width - (190 if wide else 10))
    _head(canvas, chart, strip, 14)
    y = 18.0
    for dimension, label in DIMENSION_WORDS.items():
        rows = _rows(chart, dimension)
        placed = [row for row in rows if row.percentile is not None]
        middle = y + 20
        canvas.text(0, middle + 5, label.capitalize(), bold=True)
        if not placed:
            y = max(y + 40, _draw_unplaced(canvas, chart, dimension, strip.start, middle + 5) + 4)
            continue
        _draw_strip(canvas, strip, middle)
        for x, row in zip(_apart(placed, strip), placed, strict=True):
            _draw_mark(canvas, row.standing, x, middle, row.name if wide else "")
        room = 172.0 if wide else canvas.width - strip.start
        lines = _wrapped(_summary_words(chart, dimension, rows), room)
        if wide:
            first = middle + 5 - (len(lines) - 1) / 2 * 15
            _write(canvas, strip.end + 18, first, lines, 15)
            y += max(42, 15 * len(lines) + 5)
        else:
            y = _write(canvas, strip.start, middle + 24, lines, LINE)
    return y + 10


def _draw_unplaced(
    canvas: Canvas, chart: ProfileChart, dimension: str, x: float, y: float
) -> float:
    """Say why a dimension has no mark: no value at all, or values that have no position."""
    rows = [row for row in _rows(chart, dimension) if row.value is not None]
    room = canvas.width - x
    if not rows:
        return canvas.lines(x, y, _gap_text(chart.gaps.get(dimension)), room, count=3)
    for row in rows:
        first, *more = _value_lines(chart, replace(row, median=None), room)
        number = [first] if isinstance(first, (str, Printed)) else list(first)
        lines: list[Label] = [[f"{row.name}: ", *number]]
        if words_width(lines[0], TEXT_SMALL) > room:
            lines = [*wrap_text(row.name, room, TEXT_SMALL), number]
        y = _write(canvas, x, y, [*lines, *more], LINE) + 2
    return y


def _write(canvas: Canvas, x: float, y: float, lines: Sequence[Label], step: float) -> float:
    for line in lines:
        canvas.text(x, y, line, "fill-muted", size=TEXT_SMALL)
        y += step
    return y


def _wrapped(parts: Sequence[Sequence[Words]], width: float) -> list[list[Words]]:
    """Set parts with commas between them on as many lines as they need."""
    lines: list[list[Words]] = [[]]
    for i, part in enumerate(parts):
        piece: list[Words] = [*part, "," if i < len(parts) - 1 else ""]
        if lines[-1] and words_width([*lines[-1], " ", *piece], TEXT_SMALL) > width:
            lines.append([])
        lines[-1] += [" ", *piece] if lines[-1] else piece
    return lines


def _apart(rows: Sequence[_Row], strip: _Strip) -> list[float]:
    """Return places of marks, moved apart where they would cover each other."""
    places = [strip(row.percentile or 0.0) for row in rows]
    room = (strip.end - strip.start) / max(len(rows), 1)
    return spread_labels(places, min(14.5, room), strip.start, strip.end)


def _summary_words(
    chart: ProfileChart, dimension: str, rows: Sequence[_Row]
) -> list[Sequence[Words]]:
    """Count the indicators of a dimension by what is known of them, each count with its key."""
    placed = [row for row in rows if row.percentile is not None]
    counts = {
        label: (standing, sum(row.standing == standing for row in placed))
        for standing, label in _SHORT_STANDINGS.items()
    }
    absent = [row for row in rows if row.percentile is None]
    unplaced = sum(row.value is not None for row in absent)
    strange = sum(row.value is None and row.flag == "not_applicable" for row in absent)
    counts[words.NO_PLACE] = ("no_place", unplaced)
    counts[words.NOT_COMPARABLE] = ("not_applicable", strange)
    counts[words.NO_DATA] = ("no_data", len(absent) - unplaced - strange)
    parts: list[Sequence[Words]] = []
    for label, (name, count) in counts.items():
        if count:
            key = chart.key.of(statistic=f"count:{dimension}:{name}")
            parts.append([f"{label}{NBSP}", Printed(format_number(count), count, key)])
    return parts


def _key_entries(chart: ProfileChart) -> list[KeyEntry]:
    placed = [row for row in chart.records if as_number(row["percentile"]) is not None]
    present = {str(row["standing"]) for row in placed}
    entries: list[KeyEntry] = []
    for standing, mark in words.STANDINGS.items():
        if standing == "unknown" and standing in present:
            entries.append((mark.shape, "fill-ink", mark.word))
        elif standing in present:
            entries.append((STANDING_SHAPES[standing], _mark_classes(standing), mark.word))
    if present:
        entries.append(("band", "fill-band stroke-group", words.MIDDLE_HALF))
    return entries
