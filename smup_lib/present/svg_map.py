"""How is a map drawn? Areas in classes of colour, missing ones hatched, the unit outlined."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2s
from html import escape
from typing import Any

from smup_lib.plurals import plural
from smup_lib.present import words
from smup_lib.present.charts import MapChart
from smup_lib.present.formats import NBSP, format_number
from smup_lib.present.map_classes import MapClasses, classify
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
_HEIGHT = 480.0
#: Borders are drawn to this many pixels, so the page stays small.
_GRAIN = 0.5
_MAX_TITLES = 400
_MAX_MARKS = 90
_SHAPES = {"▲": "triangle", "●": "circle"}


def draw_map(chart: MapChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    canvas = Canvas(min(width, MAP_WIDTH))
    classes = classify(chart)
    view = _View.of(chart, canvas.width)
    areas = _areas(chart, classes, view)
    pattern = "h" + blake2s(f"{chart.title}|{chart.key}".encode(), digest_size=5).hexdigest()
    _draw_pattern(canvas, pattern)
    top = _title_height(chart, canvas.width)
    canvas.add(f'<g transform="translate(0 {num(top)}) scale({_GRAIN:g})">')
    _draw_areas(canvas, areas, classes, pattern)
    _draw_marks(canvas, areas, classes, view)
    _draw_own(canvas, chart, areas)
    canvas.add("</g>")
    _draw_own_label(canvas, chart)
    y = top + view.height + 22
    _draw_scale_bar(canvas, view, y)
    y = _draw_legend(canvas, chart, classes, areas, pattern, y + 26)
    return canvas, draw_notes(canvas, y, list(chart.notes)) - LINE + 10


class _View:
    """From kilometres on a plane to pixels; north is up."""

    def __init__(self, west: float, north: float, scale: float, height: float) -> None:
        self.west, self.north, self.scale, self.height = west, north, scale, height

    @classmethod
    def of(cls, chart: MapChart, width: float) -> _View:
        import shapely

        shapes = shapely.from_wkb(chart.frame["geometry"].to_numpy())
        west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
        scale = min((width - 4) / max(east - west, 1e-9), _HEIGHT / max(north - south, 1e-9))
        west -= ((width - 4) / scale - (east - west)) / 2 + 2 / scale
        return cls(west, north + 2 / scale, scale, (north - south) * scale + 4)


class _Area:
    """One unit on the map: outline, class, name."""

    def __init__(
        self, code: str, name: str, value: float | None, d: str, place: int | None, wkb: bytes
    ) -> None:
        self.code, self.name, self.value, self.d, self.place = code, name, value, d, place
        self.wkb = wkb


def _areas(chart: MapChart, classes: MapClasses, view: _View) -> list[_Area]:
    frame = chart.frame
    out = []
    for code, name, value, wkb in zip(
        frame["unit_code"].tolist(),
        frame["name"].tolist(),
        frame["value"].tolist(),
        frame["geometry"].tolist(),
        strict=True,
    ):
        d = outline_path(
            bytes(wkb), round(view.west, 4), round(view.north, 4), round(view.scale, 5)
        )
        out.append(_Area(str(code), str(name), value, d, classes.place(value), bytes(wkb)))
    return out


@lru_cache(maxsize=8192)
def outline_path(wkb: bytes, west: float, north: float, scale: float) -> str:
    """Return the SVG path of an area in grains of a view; shared borders stay shared.

    Every point is put on the same fine grid, so two neighbours round alike; points that fall
    together are dropped. Cached: all maps of a page share their outlines.
    """
    import shapely

    parts = []
    shape = shapely.from_wkb(wkb)
    for polygon in shapely.get_parts(shape):
        rings = (polygon.exterior, *polygon.interiors)
        parts += [_ring_path(shapely.get_coordinates(r), west, north, scale) for r in rings]
    return "".join(parts)


def _ring_path(points: Any, west: float, north: float, scale: float) -> str:
    import numpy as np

    grid = np.rint(
        np.column_stack(((points[:, 0] - west), (north - points[:, 1]))) * (scale / _GRAIN)
    ).astype(int)
    moved = np.diff(grid, axis=0)
    kept = moved[(moved != 0).any(axis=1)]
    if len(kept) < 3:
        return ""
    text = " ".join(map(str, kept[:-1].ravel().tolist())).replace(" -", "-")
    return f"M{grid[0, 0]} {grid[0, 1]}l{text}z"


def _draw_pattern(canvas: Canvas, name: str) -> None:
    canvas.add(
        f'<defs><pattern id="{name}" width="12" height="12" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="12" height="12"{paint("fill-paper")}/>'
        f'<line x1="0" y1="0" x2="0" y2="12"{paint("stroke-muted")} stroke-width="5"/>'
        "</pattern></defs>"
    )


def _draw_areas(canvas: Canvas, areas: list[_Area], classes: MapClasses, pattern: str) -> None:
    """Draw a class at a time, so that its colour is written once."""
    titled = len(areas) <= _MAX_TITLES
    for place in (*range(len(classes.colours)), None):
        members = [area for area in areas if area.place == place]
        if not members:
            continue
        body = "".join(
            f'<path d="{area.d}">'
            + (f"<title>{escape(area.name)}</title>" if titled else "")
            + "</path>"
            for area in members
        )
        filled = (
            f'{paint("stroke-outline")} fill="url(#{pattern})"'
            if place is None
            else paint(f"fill-{classes.colours[place]} stroke-outline")
        )
        canvas.add(f'<g{filled} stroke-width="1.2" stroke-linejoin="round">{body}</g>')


def _draw_marks(canvas: Canvas, areas: list[_Area], classes: MapClasses, view: _View) -> None:
    """Put the shape of better and worse on the outer classes, for eyes without the colours."""
    if not any(classes.marks) or len(areas) > _MAX_MARKS:
        return
    import shapely

    shapes = shapely.from_wkb([area.wkb for area in areas])
    inner = shapely.point_on_surface(shapes)
    roomy = shapely.area(shapes) * view.scale**2 > 250
    for area, point, room in zip(areas, inner, roomy.tolist(), strict=True):
        mark = classes.marks[area.place] if area.place is not None else ""
        if not mark or not room:
            continue
        x, y = (step * view.scale / _GRAIN for step in (point.x - view.west, view.north - point.y))
        d = mark_path(_SHAPES[mark], x, y, 4 / _GRAIN)
        canvas.path(d, "fill-paper stroke-outline", ' stroke-width="2"')


def _draw_own(canvas: Canvas, chart: MapChart, areas: list[_Area]) -> None:
    own = next((area for area in areas if area.code == chart.key.unit), None)
    if own is None:
        return
    for classes, width in (("stroke-paper", 11.0), ("stroke-ink", 5.5)):
        canvas.path(own.d, classes, f' fill="none" stroke-width="{width}" stroke-linejoin="round"')


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


def _draw_scale_bar(canvas: Canvas, view: _View, y: float) -> None:
    length = tick_step(90 / view.scale, 1)
    if length * view.scale > 140:
        length /= 2
    pixels = length * view.scale
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
    rows: list[tuple[str, str, list[Words], int, str, str]] = [
        (f"fill-{colour} stroke-outline", "", _bounded(chart, classes, i), counts[i], mark, str(i))
        for i, (colour, mark) in enumerate(zip(classes.colours, classes.marks, strict=True))
    ][::-1]
    if absent:
        rows.append(("", pattern, [words.NO_DATA], absent, "", "missing"))
    labels = (*classes.labels, words.NO_DATA) if absent else classes.labels
    widest = max(text_width(label, TEXT_SMALL) for label in labels)
    right = min(canvas.width, 36 + widest + 110)
    for fill, hatch, label, count, mark, place in rows:
        if hatch:
            canvas.add(
                f'<g transform="translate(0.5 {num(y - 12)}) scale({_GRAIN:g})"><rect width="52" '
                f'height="30" fill="url(#{hatch})"{paint("stroke-outline")} stroke-width="2"/></g>'
            )
        else:
            canvas.rect(0.5, y - 12, 26, 15, fill)
        if mark:
            canvas.path(mark_path(_SHAPES[mark], 13.5, y - 4.5, 4), "fill-paper stroke-outline")
        canvas.text(36, y, label, size=TEXT_SMALL)
        digits = format_number(count)
        number = Printed(digits, count, chart.key.of(statistic=f"class_count:{place}"))
        said: list[Words] = [number, f"{NBSP}{plural(count, words.UNIT_NOUN)}"]
        canvas.text(right, y, said, "fill-muted", size=TEXT_SMALL, anchor="end")
        y += LINE + 2
    return y + 2


def _bounded(chart: MapChart, classes: MapClasses, place: int) -> list[Words]:
    """Return the label of a class, its bounds with their keys."""
    rest = classes.labels[place]
    named = {f"class_bound:{i}": bound for i, bound in enumerate(classes.bounds)}
    shown = list(named.items())[max(place - 1, 0) : place + 1]
    if not named:
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
