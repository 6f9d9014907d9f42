"""How are two indicators drawn against each other? Dots over a cross of medians, one unit named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from smup_lib.conclude.evidence import NumberKey
from smup_lib.plurals import plural
from smup_lib.present import words
from smup_lib.present.dots import FEW
from smup_lib.present.formats import format_number
from smup_lib.present.funnel_chart import FunnelChart
from smup_lib.present.pair_chart import PairChart, PairDot
from smup_lib.present.scales import Domain, Scale, tick_decimals, ticks, widen
from smup_lib.present.svg_axes import LINE, KeyEntry, Label, draw_key, draw_notes, draw_value_axis
from smup_lib.present.svg_draw import Canvas, Printed, Words, mark_path, paint, words_width
from smup_lib.present.svg_funnel import LIMITS, draw_limits
from smup_lib.present.text_width import text_width, wrap_text
from smup_lib.present.tokens import TEXT_SMALL

_TICKS = 5
#: Between the edge of the plot and the outermost dots.
_INSET = 14.0
#: Half lines that the unit's name may stand above or below its dot.
_SHIFTS = 5


@dataclass(frozen=True)
class Plot:
    """The two scales and the edges of the rectangle that they span."""

    x: Scale
    y: Scale
    left: float
    right: float
    top: float
    bottom: float


def draw_pair(chart: PairChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    canvas = Canvas(width)
    top = _draw_upward_name(canvas, chart)
    plot = _plot(chart, width, top)
    _draw_grid(canvas, plot)
    if isinstance(chart, FunnelChart):
        draw_limits(canvas, chart, plot)
    _draw_cross(canvas, chart, plot)
    _draw_dots(canvas, chart, plot)
    _draw_medians(canvas, chart, plot)
    _draw_own(canvas, chart, plot)
    y = _draw_across_name(canvas, chart, plot) + 6
    y = draw_key(canvas, y, key_entries(chart, width))
    y = draw_notes(canvas, y, [*_notes(chart, plot), *chart.notes])
    return canvas, y - LINE + 8


def _plot(chart: PairChart, width: float, top: float) -> Plot:
    up, across = widen(chart.axis(), _TICKS), widen(chart.across_axis(), _TICKS)
    marks = _ticks(up)
    decimals = tick_decimals(marks)
    left = 10 + max(text_width(format_number(v, decimals), TEXT_SMALL) for v in marks)
    right, bottom = width - 10, top + (300.0 if width > 500 else 250.0)
    return Plot(
        Scale(across, left + _INSET, right - _INSET),
        Scale(up, bottom - _INSET, top + _INSET),
        left,
        right,
        top,
        bottom,
    )


def _ticks(domain: Domain) -> list[float]:
    return ticks(domain.low, domain.high, _TICKS)


def _axis_name(name: str, measure_unit: str, hint: str) -> str:
    unit = f" [{measure_unit}]" if measure_unit else ""
    return f"{name}{unit}{hint}"


def _draw_upward_name(canvas: Canvas, chart: PairChart) -> float:
    """Name what goes up, and the median that the cross stands on; return the top of the plot."""
    hint = {"higher": f", wyżej {words.BETTER_SIDE}", "lower": f", niżej {words.BETTER_SIDE}"}
    said = _axis_name(f"↑ {chart.name}", chart.measure_unit, hint.get(chart.polarity, ""))
    y = canvas.lines(0, 14, said, canvas.width, "fill-ink", step=LINE)
    return y + (LINE if chart.across.median is not None else 0)


def _draw_across_name(canvas: Canvas, chart: PairChart, plot: Plot) -> float:
    other = chart.across
    hint = {
        "higher": f", w prawo {words.BETTER_SIDE}",
        "lower": f", w lewo {words.BETTER_SIDE}",
    }
    said = _axis_name(f"→ {other.name}", other.measure_unit, hint.get(other.polarity, ""))
    y = plot.bottom + 38
    for line in wrap_text(said, canvas.width, TEXT_SMALL, lines=4):
        canvas.text(plot.right, y, line, "fill-ink", size=TEXT_SMALL, anchor="end")
        y += LINE
    return y


def _draw_grid(canvas: Canvas, plot: Plot) -> None:
    marks = _ticks(plot.y.domain)
    decimals = tick_decimals(marks)
    for value in marks:
        y = plot.y(value)
        canvas.line(plot.left, y, plot.right, y, "stroke-line")
        label = format_number(value, decimals)
        canvas.text(plot.left - 8, y + 4.5, label, "fill-muted", size=TEXT_SMALL, anchor="end")
    canvas.line(plot.left, plot.top, plot.left, plot.bottom, "stroke-group")
    draw_value_axis(canvas, plot.x, plot.bottom)


def _draw_cross(canvas: Canvas, chart: PairChart, plot: Plot) -> None:
    """Draw the medians of the group: one across and one up."""
    if chart.across.median is not None:
        x = plot.x(chart.across.median)
        canvas.line(x, plot.top, x, plot.bottom, "stroke-ink", 1.25, dash="5 3")
    if chart.median is not None:
        y = plot.y(chart.median)
        canvas.line(plot.left, y, plot.right, y, "stroke-ink", 1.25, dash="5 3")


def _draw_medians(canvas: Canvas, chart: PairChart, plot: Plot) -> None:
    """Name the medians over the dots: the one across inside, the other above the plot."""
    other = chart.across
    if other.median is not None:
        key = other.key.of(statistic="median")
        label = _level_label(words.GROUP_MEDIAN, other.median, other.decimals, key)
        half = words_width(label, TEXT_SMALL) / 2
        middle = min(max(plot.x(other.median), half), canvas.width - half)
        canvas.text(middle, plot.top - 6, label, size=TEXT_SMALL, anchor="middle")
    if chart.median is not None:
        x, anchor, base = _upward_median_place(chart, plot)
        label = _upward_label(chart, chart.median)
        canvas.text(x, base, label, size=TEXT_SMALL, anchor=anchor, halo=True)


def _upward_label(chart: PairChart, median: float) -> list[Words]:
    key = chart.key.of(statistic=chart.level_statistic)
    return _level_label(chart.level_words, median, chart.decimals, key)


def _level_label(called: str, level: float, decimals: int, key: NumberKey) -> list[Words]:
    return [f"{called} ", Printed(format_number(level, decimals), level, key)]


def _upward_median_place(chart: PairChart, plot: Plot) -> tuple[float, str, float]:
    """Return where the label of the median across stands: at the end away from the unit.

    It is above its line or below, wherever it covers fewer dots.
    """
    assert chart.median is not None
    y = plot.y(chart.median)
    own = chart.own
    leftward = own is not None and plot.x(own.x) > (plot.left + plot.right) / 2
    x, anchor = (plot.left + 5, "start") if leftward else (plot.right - 4, "end")
    width = words_width(_upward_label(chart, chart.median), TEXT_SMALL)
    start = x if leftward else x - width
    places = [base for base in (y - 5, y + 15) if plot.top + 13 < base < plot.bottom - 4]
    base = min(places or [y - 5], key=lambda b: _covered(chart, plot, start, start + width, b, 1))
    return x, anchor, base


def _covered(
    chart: PairChart, plot: Plot, left: float, right: float, base: float, lines: int
) -> int:
    """Count the dots of other units under a text of some lines, the first with this base."""
    top, bottom = base - 15, base + (lines - 1) * LINE + 6
    return sum(
        left - 5 < plot.x(dot.x) < right + 5 and top < plot.y(dot.y) < bottom
        for dot in chart.dots
        if dot.role != "unit"
    )


def _draw_dots(canvas: Canvas, chart: PairChart, plot: Plot) -> None:
    """Draw group and neighbours; few of them say their name when pointed at."""
    dots = [dot for dot in chart.dots if dot.role != "unit"]
    titled = len(dots) <= FEW and canvas.width > 500
    radius = 5.5 if len(dots) <= FEW else 3.5 if len(dots) <= 400 else 2.0
    marks: dict[str, list[str]] = {"group": [], "neighbour": []}
    for dot in dots:
        near = dot.role != "peer"
        d = _mark(dot, plot, "diamond" if near else "circle", radius * (1.25 if near else 1))
        drawn = f'<path d="{d}">{_title(chart, dot)}</path>' if titled else d
        marks["neighbour" if near else "group"].append(drawn)
    for kind, drawn_marks in marks.items():
        if drawn_marks:
            body = "".join(drawn_marks)
            # without titles all marks of a kind are one path: shorter, and drawn at once
            body = body if titled else f'<path d="{body}"/>'
            edge = 0.75 if radius > 3 else 0.25
            canvas.add(f'<g{paint(f"fill-{kind} stroke-paper")} stroke-width="{edge}">{body}</g>')


def _mark(dot: PairDot, plot: Plot, shape: str, size: float) -> str:
    """Return the outline of a unit's mark; beyond an axis it is an arrow at the edge."""
    x, y = plot.x.domain, plot.y.domain
    if not y.holds(dot.y):
        shape = "triangle" if dot.y > y.high else "down"
    if not x.holds(dot.x):
        shape = "right" if dot.x > x.high else "left"
    return mark_path(shape, plot.x(dot.x), plot.y(dot.y), size)


def _title(chart: PairChart, dot: PairDot) -> str:
    key = chart.key.of(unit=dot.code, statistic="value")
    across = format_number(dot.x, chart.across.decimals)
    return (
        f'<title data-value="{dot.y!r}" data-key="{escape(str(key))}">{escape(dot.name)}: '
        f"{format_number(dot.y, chart.decimals)}; {across}</title>"
    )


def _draw_own(canvas: Canvas, chart: PairChart, plot: Plot) -> None:
    """Draw the reader's unit with its name beside it, clear of the label of the median."""
    own = chart.own
    assert own is not None  # has_data
    x, y = plot.x(own.x), plot.y(own.y)
    canvas.path(_mark(own, plot, "circle", 8), "fill-unit stroke-paper", ' stroke-width="2"')
    # on the side with more room: it never reaches the label of the median, which is on the other
    rightward = x <= (plot.left + plot.right) / 2
    room = (plot.right - x if rightward else x - plot.left) - 16
    lines = wrap_text(chart.unit_name, room, TEXT_SMALL, bold=True, lines=3)
    width = max(text_width(line, TEXT_SMALL, bold=True) for line in lines)
    left = x + 13 if rightward else x - 13 - width
    start = _name_base(chart, plot, (left, left + width), y, len(lines))
    for i, line in enumerate(lines):
        place, anchor = (x + 13, "start") if rightward else (x - 13, "end")
        canvas.text(
            place,
            start + i * LINE,
            line,
            "fill-unit",
            size=TEXT_SMALL,
            anchor=anchor,
            bold=True,
            halo=True,
        )


def _name_base(
    chart: PairChart, plot: Plot, span: tuple[float, float], y: float, lines: int
) -> float:
    """Return the first baseline of the unit's name: near it, clear of dots and the median's label.

    The label must be missed; of the places left the one over the fewest dots, then the nearest.
    """
    height = lines * LINE
    lowest, highest = plot.top + 13, plot.bottom - height + 12
    beside = min(max(y + 5 - height / 2 + LINE / 2, lowest), highest)
    shifts = sorted(range(-_SHIFTS, _SHIFTS + 1), key=abs)
    places = [beside + n * LINE / 2 for n in shifts]
    places = [base for base in places if lowest <= base <= highest]
    if chart.median is not None:
        _, _, label = _upward_median_place(chart, plot)
        clear = [b for b in places if b + height - LINE + 4 < label - 13 or b - 13 > label + 4]
        places = clear or places
    return min(places, key=lambda base: _covered(chart, plot, *span, base, lines))


def key_entries(chart: PairChart, width: float) -> list[KeyEntry]:
    """Return what the marks mean: the unit with its values, the group, neighbours; with keys."""
    entries = _own_entries(chart, width - 20)
    count = len(chart.peers)
    number = Printed(format_number(count), count, _count_key(chart, "n_both"))
    label: list[Words] = ["grupa: ", number, f" {plural(count, words.UNIT_NOUN)}"]
    entries.append(("circle", "fill-group", label))
    if any(dot.role in ("neighbour", "peer_neighbour") for dot in chart.dots):
        entries.append(("diamond", "fill-neighbour", "sąsiedzi"))
    if isinstance(chart, FunnelChart):
        entries += [("line", classes, said) for classes, said in LIMITS]
    return entries


def _own_entries(chart: PairChart, room: float) -> list[KeyEntry]:
    """Return the name and the values of the reader's unit, in one line where they fit."""
    other, own = chart.across, chart.own
    assert own is not None  # has_data
    up = Printed(format_number(own.y, chart.decimals), own.y, chart.key.of(statistic="value"))
    across_key = other.key.of(statistic=other.statistic)
    across = Printed(format_number(own.x, other.decimals), own.x, across_key)
    values: list[Words] = ["↑ ", up, "; → ", across]
    together: list[Words] = [f"{chart.unit_name}: ", *values]
    if words_width(together, TEXT_SMALL) <= room:
        return [("circle", "fill-unit", together)]
    return [("circle", "fill-unit", chart.unit_name), ("circle", "fill-unit", values)]


def _count_key(chart: PairChart, statistic: str) -> NumberKey:
    return chart.key.of(statistic=f"{statistic}:{chart.across.key.indicator}")


def _notes(chart: PairChart, plot: Plot) -> list[Label]:
    """Say who of the group lacks a value, and who lies beyond the axes."""
    notes: list[Label] = []
    if chart.n_without:
        count = chart.n_without
        number = Printed(format_number(count), count, _count_key(chart, "n_without"))
        notes.append(["Bez jednej z wartości: ", number, f" {plural(count, words.UNIT_NOUN)}."])
    outside = _outside(chart.dots, plot)
    if outside:
        count_words = words.unit_count(len(outside))
        notes.append(f"Poza osią, strzałka na brzegu ({count_words}): {', '.join(outside)}.")
    from_zero = [scale.domain.low <= 0 for scale in (plot.x, plot.y)]
    if not all(from_zero):
        which = "Jedna z osi nie zaczyna" if any(from_zero) else "Osie nie zaczynają"
        notes.append(f"{which} się od zera.")
    return notes


def _outside(dots: Sequence[PairDot], plot: Plot) -> list[str]:
    x, y = plot.x.domain, plot.y.domain
    return [dot.name for dot in dots if not (x.holds(dot.x) and y.holds(dot.y))]
