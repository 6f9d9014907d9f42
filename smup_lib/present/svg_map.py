"""How is a map drawn? Areas in classes of colour, missing ones hatched, the unit outlined."""

from __future__ import annotations

from hashlib import blake2s
from html import escape

from smup_lib.plurals import plural
from smup_lib.present import words
from smup_lib.present.charts import MapChart
from smup_lib.present.formats import NBSP, format_number
from smup_lib.present.map_classes import BELOW, MapClasses, classify
from smup_lib.present.map_shapes import GRAIN, Land, read_land
from smup_lib.present.scales import finite, tick_step
from smup_lib.present.svg_axes import LINE, draw_notes
from smup_lib.present.svg_draw import (
    Canvas,
    Printed,
    Words,
    clamp_middle,
    mark_path,
    num,
    paint,
)
from smup_lib.present.text_width import text_width, wrap_text
from smup_lib.present.tokens import TEXT, TEXT_SMALL

#: A map is laid out once; it is as legible on a phone as on a screen.
MAP_WIDTH = 460.0
#: A unit of fewer grains is hard to find, so a ring of this radius stands around it.
_SMALL, _RING = 24.0, 26.0


def draw_map(chart: MapChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    canvas = Canvas(min(width, MAP_WIDTH))
    classes = classify(chart)
    land = read_land(tuple(map(bytes, chart.cells["geometry"])), canvas.width)
    areas = _areas(chart, classes)
    pattern = "h" + blake2s(f"{chart.title}|{chart.key}".encode(), digest_size=5).hexdigest()
    _draw_pattern(canvas, pattern)
    top = _title_height(chart, canvas.width)
    fill = ' fill-rule="evenodd"' if chart.merged else ""
    canvas.add(f'<g transform="translate(0 {num(top)}) scale({GRAIN:g})"{fill}>')
    if chart.merged:
        _draw_merged(canvas, chart, areas, classes, land, pattern)
    else:
        _draw_areas(canvas, areas, classes, land, pattern)
    _draw_own(canvas, chart, areas, land)
    canvas.add("</g>")
    _draw_own_label(canvas, chart)
    y = top + land.height + 22
    _draw_scale_bar(canvas, land.scale, y)
    y = _draw_legend(canvas, chart, classes, areas, pattern, y + 26)
    return canvas, draw_notes(canvas, y, list(chart.notes)) - LINE + 10


class _Area:
    """One unit on the map: name, class, and its place among the outlines."""

    def __init__(self, code: str, name: str, place: int | None, order: int) -> None:
        self.code, self.name, self.place, self.order = code, name, place, order


def _areas(chart: MapChart, classes: MapClasses) -> list[_Area]:
    cells = chart.cells
    told = zip(cells["unit_code"], cells["name"], cells["value"], strict=True)
    return [
        _Area(str(code), str(name), classes.place(value), order)
        for order, (code, name, value) in enumerate(told)
    ]


def _draw_pattern(canvas: Canvas, name: str) -> None:
    canvas.add(
        f'<defs><pattern id="{name}" width="12" height="12" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="12" height="12"{paint("fill-paper")}/>'
        f'<line x1="0" y1="0" x2="0" y2="12"{paint("stroke-muted")} stroke-width="5"/>'
        "</pattern></defs>"
    )


def _filled(place: int | None, classes: MapClasses, pattern: str) -> str:
    """Return the paint of a class and of the borders in it."""
    if place is None:
        colours = f'{paint("stroke-outline")} fill="url(#{pattern})"'
    else:
        colours = paint(f"fill-{classes.colours[place]} stroke-outline")
    return f'{colours} stroke-width="1.2" stroke-linejoin="round"'


def _draw_areas(
    canvas: Canvas, areas: list[_Area], classes: MapClasses, land: Land, pattern: str
) -> None:
    """Draw a class at a time, so that its colour is written once."""
    for place in (*range(len(classes.colours)), None):
        body = "".join(
            f'<path d="{land.paths[area.order]}"><title>{escape(area.name)}</title></path>'
            for area in areas
            if area.place == place
        )
        if body:
            canvas.add(f"<g{_filled(place, classes, pattern)}>{body}</g>")


def _draw_merged(
    canvas: Canvas,
    chart: MapChart,
    areas: list[_Area],
    classes: MapClasses,
    land: Land,
    pattern: str,
) -> None:
    """Draw neighbours of one class as one patch; borders of units near the own one only."""
    for place, d in land.merge([area.place for area in areas]):
        canvas.add(f'<g{_filled(place, classes, pattern)}><path d="{d}"/></g>')
    # what is between two classes is drawn already
    near = [
        (len(classes.labels) if area.place is None else area.place)
        if area.code[:2] == chart.key.unit[:2]
        else -1
        for area in areas
    ]
    regions = land.regions([area.code[:2] for area in areas])
    for d, width in ((land.inner(near), 0.8), (regions, 2.6)):
        if d:
            line = f' fill="none" stroke-width="{width}" stroke-linejoin="round"'
            canvas.path(d, "stroke-outline", line)


def _draw_own(canvas: Canvas, chart: MapChart, areas: list[_Area], land: Land) -> None:
    own = next((area for area in areas if area.code == chart.key.unit), None)
    if own is None:
        return
    d, x, y, side = land.outline(own.order)
    if side < _SMALL:
        d += mark_path("circle", x, y, _RING)
    for classes, width in (("stroke-paper", 11.0), ("stroke-ink", 5.5)):
        line = f' fill="none" stroke-width="{width}" stroke-linejoin="round"'
        canvas.path(d, classes, line)


def _own_lines(chart: MapChart, width: float) -> list[str]:
    return wrap_text(chart.unit_name, width - 34, TEXT, bold=True)


def _title_height(chart: MapChart, width: float) -> float:
    return LINE * len(_own_lines(chart, width)) + LINE + 8


def _draw_own_label(canvas: Canvas, chart: MapChart) -> None:
    canvas.rect(1.5, 5, 18, 13, "fill-paper stroke-ink", ' stroke-width="2.75"')
    y = 17.0
    for line in _own_lines(chart, canvas.width):
        canvas.text(28, y, line, bold=True)
        y += LINE
    own = chart.own_value
    content: list[Words] = [words.flag_words(chart.own_flag)]
    if own is not None:
        text = format_number(own, chart.decimals)
        content = [Printed(text, own, chart.key.of(statistic="value"))]
        content.append("%" if chart.measure_unit == "%" else f" {chart.measure_unit}")
    if chart.median is not None:
        key = chart.key.of(statistic="median")
        text = format_number(chart.median, chart.decimals)
        content += [f" · {words.GROUP_MEDIAN} ", Printed(text, chart.median, key)]
    canvas.text(28, y, content, size=TEXT_SMALL)


def _draw_scale_bar(canvas: Canvas, scale: float, y: float) -> None:
    length = tick_step(90 / scale, 1)
    if length * scale > 140:
        length /= 2
    pixels = length * scale
    right = canvas.width - 2
    canvas.path(
        f"M{num(right - pixels)} {num(y - 4)}v4h{num(pixels)}v-4",
        "stroke-muted",
        ' fill="none" stroke-width="1.25"',
    )
    label = f"{format_number(length, 0 if length >= 1 else 1)} km"
    middle = clamp_middle(right - pixels / 2, text_width(label, TEXT_SMALL), 0, canvas.width)
    canvas.text(middle, y - 8, label, "fill-muted", size=TEXT_SMALL, anchor="middle")


def _draw_legend(
    canvas: Canvas,
    chart: MapChart,
    classes: MapClasses,
    areas: list[_Area],
    pattern: str,
    y: float,
) -> float:
    """List the classes, each with the number of its units."""
    counts = [sum(area.place == i for area in areas) for i in range(len(classes.labels))]
    absent = sum(area.place is None for area in areas)
    canvas.text(0, y, chart.measure_unit, size=TEXT_SMALL, bold=True)
    y += LINE + 4
    rows: list[tuple[str, str, list[Words], int, str]] = [
        (f"fill-{colour} stroke-outline", "", bounded(chart, classes, i), counts[i], str(i))
        for i, colour in enumerate(classes.colours)
    ][::-1]
    if absent:
        rows.append(("", pattern, [words.NO_DATA], absent, "missing"))
    labels = (*classes.labels, words.NO_DATA) if absent else classes.labels
    widest = max(text_width(label, TEXT_SMALL) for label in labels)
    right = min(canvas.width, 36 + widest + 110)
    for fill, hatch, label, count, place in rows:
        if hatch:
            canvas.add(
                f'<g transform="translate(0.5 {num(y - 12)}) scale({GRAIN:g})"><rect width="52" '
                f'height="30" fill="url(#{hatch})"{paint("stroke-outline")} stroke-width="2"/></g>'
            )
        else:
            canvas.rect(0.5, y - 12, 26, 15, fill)
        canvas.text(36, y, label, size=TEXT_SMALL)
        digits = format_number(count)
        number = Printed(digits, count, chart.key.of(statistic=f"class_count:{place}"))
        said: list[Words] = [number, f"{NBSP}{plural(count, words.UNIT_NOUN)}"]
        canvas.text(right, y, said, "fill-muted", size=TEXT_SMALL, anchor="end")
        y += LINE + 2
    return y + 2


def bounded(chart: MapChart, classes: MapClasses, place: int) -> list[Words]:
    """Return the label of a class, its bounds with their keys."""
    rest = classes.labels[place]
    named = {f"class_bound:{i}": bound for i, bound in enumerate(classes.bounds)}
    shown = list(named.items())[max(place - 1, 0) : place + 1]
    if not named or (place == 0 and not rest.startswith(BELOW)):
        values = finite(chart.frame["value"].tolist())
        shown = [("smallest", min(values)), ("largest", max(values))]
    pieces: list[Words] = []
    for statistic, bound in shown:
        text = format_number(bound, chart.decimals)
        before, found, after = rest.partition(text)
        if found:
            pieces += [before, Printed(text, bound, chart.key.of(statistic=statistic))]
            rest = after
    return [*pieces, rest]
