"""How is a distribution drawn? Dots stacked over an axis, the reader's unit labelled in blue."""

from __future__ import annotations

from html import escape

from smup_lib.plurals import plural
from smup_lib.present import words
from smup_lib.present.charts import DistributionChart
from smup_lib.present.dots import FEW, HIGHEST, Dot, Stacks, list_dots, stack_dots
from smup_lib.present.formats import format_number
from smup_lib.present.scales import Scale
from smup_lib.present.svg_axes import (
    LINE,
    KeyEntry,
    Label,
    draw_axis_words,
    draw_key,
    draw_notes,
    draw_value_axis,
)
from smup_lib.present.svg_draw import (
    Canvas,
    Printed,
    Words,
    clamp_middle,
    mark_path,
    num,
    paint,
    words_width,
)
from smup_lib.present.text_width import shorten_text, text_width, wrap_text
from smup_lib.present.tokens import TEXT, TEXT_SMALL


def draw_distribution(chart: DistributionChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    canvas = Canvas(width)
    scale = Scale(chart.axis(), 12.0, width - 12.0)
    dots = list_dots(chart)
    stacks = None if len(dots) > chart.max_dots else stack_dots(dots, scale)
    label = _own_label_height(chart, width)
    top = label + (LINE + 4 if chart.median is not None else 4)
    bottom = top + (stacks.height if stacks else HIGHEST)
    _draw_band(canvas, chart, scale, top, bottom)
    draw_value_axis(canvas, scale, bottom)
    if stacks is None:
        _draw_bars(canvas, dots, scale, bottom)
    _draw_leader(canvas, chart, scale, label, bottom)
    _draw_median(canvas, chart, scale, label, bottom)
    if stacks is not None:
        _draw_dots(canvas, chart, stacks, scale, bottom)
    _draw_own(canvas, chart, scale, bottom)
    y = draw_axis_words(canvas, scale, bottom + 36, chart.measure_unit, chart.polarity) + 6
    y = draw_key(canvas, y, key_entries(chart, dots))
    y = draw_notes(canvas, y, [*_outside_notes(chart, dots, scale), *chart.notes])
    return canvas, y - LINE + 8


def _draw_band(
    canvas: Canvas, chart: DistributionChart, scale: Scale, top: float, bottom: float
) -> None:
    if chart.q25 is None or chart.q75 is None:
        return
    left, right = scale(chart.q25), scale(chart.q75)
    canvas.rect(left, top, right - left, bottom - top, "fill-band")
    edges = f"M{num(left)} {num(top)}V{num(bottom)}M{num(right)} {num(top)}V{num(bottom)}"
    canvas.path(edges, "stroke-group", ' stroke-width="1" fill="none"')


def _draw_median(
    canvas: Canvas, chart: DistributionChart, scale: Scale, top: float, bottom: float
) -> None:
    """Draw the median with its label on the side away from the reader's unit."""
    if chart.median is None:
        return
    x = scale(chart.median)
    canvas.line(x, top + 2, x, bottom, "stroke-ink", 1.5)
    number = Printed(
        format_number(chart.median, chart.decimals), chart.median, chart.key.of(statistic="median")
    )
    label: list[Words] = [f"{words.GROUP_MEDIAN} ", number]
    room = words_width(label) + 6
    own = chart.own_value
    rightward = own is None or own <= chart.median
    if (rightward and x + room > canvas.width) or (not rightward and x - room < 0):
        rightward = not rightward
    place, anchor = (x + 6, "start") if rightward else (x - 6, "end")
    canvas.text(place, top + 14, label, anchor=anchor, halo=True)


def _draw_dots(
    canvas: Canvas, chart: DistributionChart, stacks: Stacks, scale: Scale, bottom: float
) -> None:
    radius = stacks.radius
    titled = len(stacks.placed) <= FEW and canvas.width > 500
    marks: dict[str, list[str]] = {"group": [], "neighbour": []}
    for dot, column, level in stacks.placed:
        if dot.role == "unit":
            continue
        x, y = column * stacks.step, bottom - 3 - radius - level * stacks.rise
        shape = "circle" if dot.role == "peer" else "diamond"
        if not scale.domain.holds(dot.value):
            shape = "right" if dot.value > scale.domain.high else "left"
        size = radius if dot.role == "peer" else radius * 1.2
        d = mark_path(shape, min(max(x, radius), canvas.width - radius), y, size)
        kind = "group" if dot.role == "peer" else "neighbour"
        marks[kind].append(f'<path d="{d}">{_title(chart, dot)}</path>' if titled else d)
    for kind, drawn in marks.items():
        # without titles all marks of a kind are one path: shorter, and drawn at once
        parts = drawn if titled or not drawn else [f'<path d="{"".join(drawn)}"/>']
        if parts:
            canvas.add(_group(f"fill-{kind} stroke-paper", 'stroke-width="0.75"', parts))


def _group(classes: str, extra: str, parts: list[str]) -> str:
    return f"<g{paint(classes)} {extra}>" + "".join(parts) + "</g>"


def _title(chart: DistributionChart, dot: Dot) -> str:
    key = chart.key.of(unit=dot.code, statistic="value")
    return (
        f'<title data-value="{dot.value!r}" data-key="{escape(str(key))}">{escape(dot.name)}: '
        f"{format_number(dot.value, chart.decimals)}</title>"
    )


def _draw_bars(canvas: Canvas, dots: list[Dot], scale: Scale, bottom: float) -> None:
    """Count many units in intervals of eight pixels."""
    import numpy as np

    step = 8.0
    low, high = scale.domain.low, scale.domain.high
    values = np.array([dot.value for dot in dots])
    inside = values[(values >= low) & (values <= high)]
    places = (inside - low) / (high - low) * (scale.end - scale.start) / step
    counts = dict(enumerate(np.bincount(places.astype(int)).tolist()))
    unit = (HIGHEST - 6) / max(counts.values(), default=1)
    d = "".join(
        f"M{num(scale.start + column * step + 0.5)} {num(bottom)}v{num(-count * unit)}"
        f"h{num(step - 1)}V{num(bottom)}z"
        for column, count in counts.items()
        if count
    )
    canvas.path(d, "fill-group")
    beside = [dot for dot in dots if dot.role in ("neighbour", "peer_neighbour")]
    marks = [
        f'<path d="{mark_path("diamond", scale(dot.value), bottom - 6, 5)}"/>' for dot in beside
    ]
    if marks:
        canvas.add(_group("fill-neighbour stroke-paper", 'stroke-width="1.5"', marks))


def _own_label(chart: DistributionChart, width: float) -> tuple[list[str], Words, bool]:
    """Return name lines, the value or the reason, and whether both share one line."""
    own = chart.own_value
    if own is None:
        value: Words = words.flag_words(chart.own_flag)
    else:
        digits = format_number(own, chart.decimals)
        value = Printed(digits, own, chart.key.of(statistic="value"))
    together = text_width(f"{chart.unit_name}: ", TEXT, True) + words_width(value, TEXT, True)
    if together <= width - 4:
        return [chart.unit_name], value, True
    return wrap_text(chart.unit_name, width - 4, TEXT, bold=True), value, False


def _own_label_height(chart: DistributionChart, width: float) -> float:
    names, _, together = _own_label(chart, width)
    return LINE * (1 if together else len(names) + 1) + 4


def _draw_leader(
    canvas: Canvas, chart: DistributionChart, scale: Scale, top: float, bottom: float
) -> None:
    """Lead from the unit's label to its dot; the halo of the median's label may cut it."""
    own = chart.own_value
    if own is not None:
        canvas.line(scale(own), top + 1, scale(own), bottom - 10, "stroke-unit", 1.5)


def _draw_own(canvas: Canvas, chart: DistributionChart, scale: Scale, bottom: float) -> None:
    names, value, together = _own_label(chart, canvas.width)
    rows: list[list[Words]] = [[f"{names[0]}: ", value]]
    if not together:
        rows = [[name] for name in names]
        rows.append([value])
    own = chart.own_value
    anchor_x = canvas.width / 2 if own is None else scale(own)
    y = 15.0
    widest = max(words_width(row, TEXT, True) for row in rows)
    middle = clamp_middle(anchor_x, widest, 0, canvas.width)
    for row in rows:
        canvas.text(middle, y, row, "fill-unit", anchor="middle", bold=True)
        y += LINE
    if own is None:
        return
    shape = "circle"
    if not scale.domain.holds(own):
        shape = "right" if own > scale.domain.high else "left"
    d = mark_path(shape, anchor_x, bottom - 10, 8)
    canvas.path(d, "fill-unit stroke-paper", ' stroke-width="2"')


def key_entries(chart: DistributionChart, dots: list[Dot]) -> list[KeyEntry]:
    """Return what the marks mean: group, neighbours, middle half; with their keys."""
    roles = {dot.role for dot in dots}
    entries: list[KeyEntry] = []
    count = sum(dot.role in ("peer", "peer_neighbour") for dot in dots)
    if count:
        number = Printed(format_number(count), count, chart.key.of(statistic="n"))
        noun = plural(count, words.UNIT_NOUN)
        shape = "circle" if len(dots) <= chart.max_dots else "square"
        entries.append((shape, "fill-group", ["grupa: ", number, f" {noun}"]))
    if roles & {"neighbour", "peer_neighbour"}:
        entries.append(("diamond", "fill-neighbour", "sąsiedzi"))
    if chart.q25 is not None and chart.q75 is not None:
        low, high = (
            Printed(format_number(value, chart.decimals), value, chart.key.of(statistic=name))
            for name, value in (("q25", chart.q25), ("q75", chart.q75))
        )
        label: list[Words] = [f"{words.MIDDLE_HALF}: ", low, " – ", high]
        entries.append(("band", "fill-band stroke-group", label))
    return entries


def _outside_notes(chart: DistributionChart, dots: list[Dot], scale: Scale) -> list[Label]:
    """Say which values lie beyond the axis, and which units have none."""
    notes: list[Label] = []
    outside = [dot for dot in dots if not scale.domain.holds(dot.value)]
    if outside:
        notes.append(f"Poza osią, zaznaczono strzałką na końcu ({words.unit_count(len(outside))}):")
    for dot in sorted(outside, key=lambda d: -abs(d.value))[:3]:
        key = chart.key.of(unit=dot.code, statistic="value")
        number = Printed(format_number(dot.value, chart.decimals), dot.value, key)
        name = shorten_text(dot.name, scale.end - 90, TEXT_SMALL)
        notes.append([f"{name}: ", number])
    rows = zip(chart.frame["value"].isna().tolist(), chart.frame["role"].tolist(), strict=True)
    nulls = sum(null and role in ("peer", "peer_neighbour") for null, role in rows)
    if nulls:
        number = Printed(format_number(nulls), nulls, chart.key.of(statistic="n_missing"))
        noun = plural(nulls, words.UNIT_NOUN)
        notes.append(["Bez danych: ", number, f" {noun}."])
    if not any(dot.role in ("peer", "peer_neighbour") for dot in dots):
        notes.append("Nie ma grupy do porównania.")
    return notes
