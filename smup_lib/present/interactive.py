"""Draw a chart as a widget for apps and JupyterLab: the same specification, the same scales.

bqplot is imported when a widget is made. Its canvas says nothing to a screen reader, so each widget
comes with the finding, the table twin and the source line as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from smup_lib.present import words
from smup_lib.present.bars import Bar, list_bars
from smup_lib.present.charts import (
    Chart,
    DistributionChart,
    MapChart,
    PairAxis,
    PairChart,
    ProfileChart,
    RankingChart,
    SeriesChart,
)
from smup_lib.present.dots import list_dots, stack_dots
from smup_lib.present.figure import ChartFigure, missing_box
from smup_lib.present.formats import format_number
from smup_lib.present.interactive_parts import (
    TICKS,
    filled_area,
    make_axis,
    make_figure,
    make_scale,
    make_value_axis,
    named_points,
)
from smup_lib.present.legends import map_legend, marks_legend
from smup_lib.present.map_classes import classify
from smup_lib.present.scales import Domain, Scale, as_number, widen
from smup_lib.present.text_width import text_width
from smup_lib.present.tokens import LIGHT, TEXT_SMALL

#: A longer name would be cut on a phone: then the value stands beside the dot.
_LONGEST_NAME = 150.0
#: Who is drawn how: roles, colour, shape, size; the reader's unit on top.
_MARKS = (
    (("peer",), "group", "circle", 90),
    (("neighbour", "peer_neighbour"), "neighbour", "diamond", 110),
    (("unit",), "unit", "circle", 220),
)


def render_widget(chart: Chart) -> Any:
    """Return a chart as an ipywidgets box.

    Parameters
    ----------
    chart : Chart
        Any specification of ``present.charts``. A profile is drawn static: its words matter more
        than pointing at marks.

    Returns
    -------
    ipywidgets.VBox
        Title, bqplot figure (where there is data), finding, table twin and source line.

    Raises
    ------
    ImportError
        When bqplot is not installed (extra ``apps``).
    """
    import ipywidgets

    if not chart.has_data:
        box = missing_box(chart.title, chart.missing, source_line=chart.source_line)
        return ipywidgets.VBox([ipywidgets.HTML(box)])
    if isinstance(chart, ProfileChart):
        return ipywidgets.VBox([ipywidgets.HTML(ChartFigure(chart).html())])
    unit = f" [{escape(chart.measure_unit)}]" if chart.measure_unit else ""
    head = f'<p class="smup-figure-title">{escape(chart.title)}{unit}</p>'
    below = ChartFigure(chart).words_html()
    if isinstance(chart, MapChart):
        below = map_legend(chart) + below
    if isinstance(chart, DistributionChart | PairChart):
        below = marks_legend(chart) + below
    children = [ipywidgets.HTML(head), render_figure(chart), ipywidgets.HTML(below)]
    return ipywidgets.VBox(children, layout=ipywidgets.Layout(max_width="720px"))


def render_figure(chart: Chart) -> Any:
    """Return the bqplot figure alone; :func:`render_widget` adds what makes it accessible."""
    if isinstance(chart, DistributionChart):
        return _distribution(chart)
    if isinstance(chart, SeriesChart):
        return _series(chart)
    if isinstance(chart, RankingChart):
        return _ranking(chart)
    if isinstance(chart, MapChart):
        return _map(chart)
    if isinstance(chart, PairChart):
        return _pair(chart)
    raise TypeError(f"no widget for {type(chart).__name__}")


def _upright(at: float, scales: dict[str, Any], colour: str, *, dashed: bool = False) -> Any:
    import bqplot

    top = scales["y"].max
    style = "dashed" if dashed else "solid"
    return bqplot.Lines(x=[at, at], y=[0, top], scales=scales, colors=[colour], line_style=style)


def _distribution(chart: DistributionChart) -> Any:
    import bqplot

    domain = chart.axis()
    dots = list_dots(chart)
    stacks = stack_dots(dots, Scale(domain, 0.0, 640.0))
    tallest = max((level for _, _, level in stacks.placed), default=0) + 1
    scales = {"x": make_scale(domain), "y": make_scale(Domain(0.0, max(tallest + 2.0, 4.0)))}
    marks: list[Any] = []
    if chart.q25 is not None and chart.q75 is not None:
        left, right, top = chart.q25, chart.q75, scales["y"].max
        box = {"x": [left, right, right, left], "y": [0, 0, top, top], "close_path": True}
        marks.append(filled_area(box, scales, LIGHT["band"], LIGHT["group"]))
    if chart.median is not None:
        marks.append(_upright(chart.median, scales, LIGHT["ink"]))
    for roles, colour, marker, size in _MARKS:
        shown = [(dot, level) for dot, _, level in stacks.placed if dot.role in roles]
        if not shown:
            continue
        names = [f"{dot.name}: {chart.number(dot.value)}" for dot, _ in shown]
        marks.append(
            bqplot.Scatter(
                x=[domain.clip(dot.value) for dot, _ in shown],
                y=[level + 0.6 for _, level in shown],
                scales=scales,
                colors=[LIGHT[colour]],
                marker=marker,
                default_size=size,
                **named_points(names),
            )
        )
    marks += _distribution_words(chart, stacks.placed, tallest, scales)
    axis = make_value_axis(scales["x"], domain, grid_lines="none")
    figure = make_figure(marks, [axis], 260, {"top": 10, "bottom": 40, "left": 20, "right": 20})
    figure.padding_x = 0.025  # a dot on the edge of the axis stays whole
    return figure


def _distribution_words(
    chart: DistributionChart, placed: Sequence[Any], tallest: int, scales: dict[str, Any]
) -> list[Any]:
    """Return the names of the median and of the reader's unit, above all dots."""
    import bqplot

    domain = chart.axis()
    out: list[Any] = []
    if chart.median is not None and domain.holds(chart.median):
        said = f"{words.GROUP_MEDIAN} {format_number(chart.median, chart.decimals)}"
        out.append(_beside(said, chart.median, scales["y"].max - 0.4, "ink", scales, domain))
    for dot, _, level in placed:
        if dot.role == "unit":
            at, row = domain.clip(dot.value), tallest + 0.7
            leader = {"x": [at, at], "y": [level + 1.0, row + 0.2], "stroke_width": 1}
            out.append(bqplot.Lines(**leader, scales=scales, colors=[LIGHT["unit"]]))
            short = text_width(dot.name, TEXT_SMALL, bold=True) <= _LONGEST_NAME
            said = dot.name if short else chart.number(dot.value)
            out.append(_beside(said, at, row, "unit", scales, domain))
    return out


def _beside(
    text: str, x: float, y: float, colour: str, scales: dict[str, Any], domain: Domain
) -> Any:
    """Return a word beside a place, on the side where there is room."""
    import bqplot

    right = x > (domain.low + domain.high) / 2
    return bqplot.Label(
        x=[x],
        y=[y],
        text=[text],
        scales=scales,
        align="end" if right else "start",
        x_offset=-6 if right else 6,
        y_offset=5,
        default_size=13,
        font_weight="bold" if colour == "unit" else "normal",
        colors=[LIGHT[colour]],
    )


def _pair(chart: PairChart) -> Any:
    import bqplot

    across, up = widen(chart.across_axis(), TICKS), widen(chart.axis(), TICKS)
    scales = {"x": make_scale(across), "y": make_scale(up)}
    marks: list[Any] = []
    dashed = {"scales": scales, "colors": [LIGHT["ink"]], "line_style": "dashed"}
    if chart.across.median is not None:
        x = chart.across.median
        marks.append(bqplot.Lines(x=[x, x], y=[up.low, up.high], **dashed))
    if chart.median is not None:
        y = chart.median
        marks.append(bqplot.Lines(x=[across.low, across.high], y=[y, y], **dashed))
    for roles, colour, marker, size in _MARKS:
        dots = [dot for dot in chart.dots if dot.role in roles]
        said = [f"{d.name}: {chart.number(d.y)}; {chart.across.number(d.x)}" for d in dots]
        if dots:
            at = {"x": [across.clip(d.x) for d in dots], "y": [up.clip(d.y) for d in dots]}
            look = {"colors": [LIGHT[colour]], "marker": marker, "default_size": size}
            marks.append(bqplot.Scatter(scales=scales, **at, **look, **named_points(said)))
    axes = [
        make_value_axis(scales["x"], across, label=_axis_label(chart.across), grid_lines="none"),
        make_value_axis(scales["y"], up, label=_axis_label(chart), side="left"),
    ]
    for axis, offset in zip(axes, ("38px", "58px"), strict=True):
        axis.label_offset = offset
    return make_figure(marks, axes, 400, {"top": 10, "bottom": 60, "left": 84, "right": 20})


def _axis_label(of: PairAxis | PairChart) -> str:
    return f"{of.name} [{of.measure_unit}]" if of.measure_unit else of.name


def _series(chart: SeriesChart) -> Any:
    import bqplot

    domain = widen(chart.axis(), TICKS)
    years = chart.years
    scales = {"x": make_scale(Domain(years[0] - 0.4, years[-1] + 0.4)), "y": make_scale(domain)}
    marks = _series_band(chart, scales)
    for column, colour, width in (("median", "group", 2), ("value", "unit", 3)):
        for run in chart.runs(column, unit=column == "value"):
            x, y = [year for year, _ in run], [domain.clip(value) for _, value in run]
            line = {"colors": [LIGHT[colour]], "stroke_width": width}
            marks.append(bqplot.Lines(x=x, y=y, scales=scales, **line))
    known = [(year, v) for year, v in chart.by_year("value").items() if v is not None]
    way = [(year, v) for year, v in chart.by_year("planned").items() if v is not None]
    if way:
        plan = {"colors": [LIGHT["ink"]], "line_style": "dashed"}
        ends = {"x": [year for year, _ in way], "y": [domain.clip(v) for _, v in way]}
        marks.append(bqplot.Lines(**ends, scales=scales, **plan))
    marks.append(
        bqplot.Scatter(
            x=[year for year, _ in known],
            y=[domain.clip(value) for _, value in known],
            scales=scales,
            colors=[LIGHT["unit"]],
            default_size=60,
            **named_points([f"{year} r.: {chart.number(value)}" for year, value in known]),
        )
    )
    for mark in chart.breaks:
        ends = {"x": [mark.year - 0.5] * 2, "y": [domain.low, domain.high]}
        dashed = {"colors": [LIGHT["muted"]], "line_style": "dashed"}
        marks.append(bqplot.Lines(**ends, scales=scales, **dashed))
    shown = years[:: -max(1, len(years) // 8)][::-1]
    axes = [
        make_axis(scales["x"], shown, [str(year) for year in shown], grid_lines="none"),
        make_value_axis(scales["y"], domain, side="left"),
    ]
    return make_figure(marks, axes, 320, {"top": 10, "bottom": 40, "left": 60, "right": 20})


def _series_band(chart: SeriesChart, scales: dict[str, Any]) -> list[Any]:
    """Return the middle half of the group, a closed line for each unbroken stretch of years."""
    upper = chart.by_year("q75")
    out = []
    for run in chart.runs("q25", unit=False):
        rows = [(year, low, top) for year, low in run if (top := upper[year]) is not None]
        x = [year for year, _, _ in rows]
        y = [low for _, low, _ in rows] + [top for _, _, top in rows][::-1]
        points = {"x": x + x[::-1], "y": y, "close_path": True}
        out.append(filled_area(points, scales, LIGHT["band"], LIGHT["group"]))
    return out


def _ranking(chart: RankingChart) -> Any:
    import bqplot

    bars = [bar for bar in list_bars(chart)[0] if bar][::-1]
    domain = chart.axis()
    places = list(range(len(bars)))
    scales = {"y": make_scale(domain), "x": make_scale(Domain(-0.6, len(bars) - 0.4))}
    marks: list[Any] = [
        bqplot.Bars(
            x=places,
            y=[domain.clip(bar.value) for bar in bars],
            scales=scales,
            orientation="horizontal",
            colors=[LIGHT["unit"] if bar.own else LIGHT["group"] for bar in bars],
            padding=0.35,
        )
    ]
    turned = {"x": scales["y"], "y": scales["x"]}
    if chart.median is not None and domain.holds(chart.median):
        ends = {"x": [chart.median] * 2, "y": [-0.6, len(bars) - 0.4]}
        dashed = {"colors": [LIGHT["ink"]], "line_style": "dashed"}
        marks.append(bqplot.Lines(**ends, scales=turned, **dashed))
    marks.append(_bar_values(chart, bars, domain, turned))
    names = [f"{bar.rank} {bar.name}".strip() for bar in bars]
    axes = [
        make_axis(scales["x"], places, names, side="left", grid_lines="none"),
        make_value_axis(scales["y"], domain, grid_lines="none"),
    ]
    longest = max(len(name) for name in names)
    margin = {"top": 10, "bottom": 40, "left": min(30 + 7 * longest, 300), "right": 70}
    return make_figure(marks, axes, 60 + 28 * len(bars), margin)


def _bar_values(
    chart: RankingChart, bars: Sequence[Bar], domain: Domain, scales: dict[str, Any]
) -> Any:
    """Return the values as text beside the ends of their bars."""
    import bqplot

    return bqplot.Label(
        x=[domain.clip(max(bar.value, 0.0)) for bar in bars],
        y=list(range(len(bars))),
        scales=scales,
        text=[format_number(bar.value, chart.decimals) for bar in bars],
        x_offset=6,
        y_offset=5,
        default_size=13,
        font_weight="normal",
        colors=[LIGHT["ink"]],
        apply_clip=False,
    )


def _map(chart: MapChart) -> Any:
    """Draw areas as closed lines on a plane; a map projection would bend our kilometres."""
    import bqplot

    classes = classify(chart)
    west, south, east, north = _bounds(chart)
    side = max(east - west, north - south)
    scales = {
        "x": make_scale(Domain(west, west + side)),
        "y": make_scale(Domain(south - (side - (north - south)), north)),
    }
    marks, own = [], []
    for row in chart.records:
        place = classes.place(as_number(row["value"]))
        # bqplot cannot hatch: missing areas take a grey that no class has, and a dotted border
        fill = LIGHT["line"] if place is None else LIGHT[classes.colours[place]]
        said = words.NO_DATA if place is None else chart.number(row["value"])
        tip = bqplot.Tooltip(fields=["name"], show_labels=False)
        for x, y in _rings(bytes(row["geometry"])):
            line = filled_area({"x": x, "y": y, "close_path": True}, scales, fill, LIGHT["outline"])
            line.labels, line.tooltip = [f"{row['name']}: {said}"], tip
            line.line_style = "dotted" if place is None else "solid"
            marks.append(line)
            if row["unit_code"] == chart.key.unit:
                edge = {"colors": [LIGHT["ink"]], "stroke_width": 3, "fill": "none"}
                own.append(bqplot.Lines(x=x, y=y, close_path=True, scales=scales, **edge))
    figure = make_figure(
        [*marks, *own], [], 480, dict.fromkeys(("top", "bottom", "left", "right"), 4)
    )
    figure.min_aspect_ratio = figure.max_aspect_ratio = 1.0
    return figure


def _bounds(chart: MapChart) -> tuple[float, float, float, float]:
    import shapely

    shapes = shapely.from_wkb(chart.frame["geometry"].to_numpy())
    west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
    return west, south, east, north


def _rings(wkb: bytes) -> list[tuple[list[float], list[float]]]:
    """Return the outer rings of an area as plain coordinates."""
    import shapely

    out = []
    for polygon in shapely.get_parts(shapely.from_wkb(wkb)):
        points = shapely.get_coordinates(polygon.exterior).round(2)
        out.append((points[:, 0].tolist(), points[:, 1].tolist()))
    return out
