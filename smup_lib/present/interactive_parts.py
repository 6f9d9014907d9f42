"""How are the parts of an interactive drawing made: figure, scales, axes, areas, named points?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from smup_lib.present.formats import format_number
from smup_lib.present.scales import Domain, tick_decimals, ticks
from smup_lib.present.tokens import LIGHT

#: Labels that an axis of values has about.
TICKS = 5


def make_figure(marks: list[Any], axes: list[Any], height: int, margin: dict[str, int]) -> Any:
    """Return a bqplot figure without movement, as wide as its place."""
    import bqplot

    return bqplot.Figure(
        marks=marks,
        axes=axes,
        fig_margin=margin,
        background_style={"fill": LIGHT["paper"]},
        layout={"height": f"{height}px", "width": "100%", "min_width": "300px"},
        padding_x=0.0,
        padding_y=0.0,
        animation_duration=0,
    )


def make_scale(domain: Domain) -> Any:
    """Return a linear scale with the ends of an axis."""
    import bqplot

    return bqplot.LinearScale(min=float(domain.low), max=float(domain.high))


def make_axis(scale: Any, places: Sequence[float], labels: Sequence[str], **options: Any) -> Any:
    """Return an axis whose labels are written in Polish, not by the browser."""
    import bqplot

    return bqplot.Axis(
        scale=scale,
        tick_values=[float(place) for place in places],
        tick_labels={_as_javascript(p): text for p, text in zip(places, labels, strict=True)},
        color=LIGHT["group"],
        grid_color=LIGHT["line"],
        tick_style={"fill": LIGHT["muted"], "font-size": "13px"},
        **options,
    )


def _as_javascript(value: float) -> str:
    """Return the key under which JavaScript looks a number up."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def make_value_axis(scale: Any, domain: Domain, **options: Any) -> Any:
    """Return an axis of values with round labels."""
    places = ticks(domain.low, domain.high, TICKS)
    decimals = tick_decimals(places)
    return make_axis(scale, places, [format_number(p, decimals) for p in places], **options)


def named_points(names: Sequence[str]) -> dict[str, Any]:
    """Return the options that make points say their Polish name when pointed at."""
    import bqplot

    tooltip = bqplot.Tooltip(fields=["name"], show_labels=False)
    return {"names": list(names), "display_names": False, "tooltip": tooltip}


def filled_area(points: dict[str, Any], scales: dict[str, Any], fill: str, edge: str) -> Any:
    """Return a line whose inside is filled."""
    import bqplot

    return bqplot.Lines(
        **points,
        scales=scales,
        fill="inside",
        fill_colors=[fill],
        colors=[edge],
        stroke_width=0.75,
    )
