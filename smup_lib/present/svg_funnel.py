"""How are the limits of a funnel drawn? Two pairs of curves behind the dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smup_lib.present.funnel_chart import INNER, OUTER, FunnelChart
from smup_lib.present.svg_draw import Canvas, num

if TYPE_CHECKING:
    from smup_lib.present.svg_pair import Plot

#: What the two pairs of curves mean, in the key.
LIMITS = (
    ("stroke-group", "w tych granicach mieści się zwykłe wahanie"),
    ("stroke-line", "za tymi granicami przypadek jest bardzo mało prawdopodobny"),
)


def draw_limits(canvas: Canvas, chart: FunnelChart, plot: Plot) -> None:
    """Draw the curves; what lies beyond the edges of the plot is left out."""
    sizes = chart.curves["across"].tolist()
    for (classes, _), names in zip(LIMITS, (INNER, OUTER), strict=True):
        for name in names:
            d = _curve(sizes, chart.curves[name].tolist(), plot)
            if d:
                canvas.path(d, classes, ' fill="none" stroke-width="1.75"')


def _curve(sizes: Sequence[float], values: Sequence[float], plot: Plot) -> str:
    drawn, pen_down = [], False
    for size, value in zip(sizes, values, strict=True):
        y = plot.y(value)
        inside = plot.y.domain.holds(value)
        if inside:
            drawn.append(f"{'L' if pen_down else 'M'}{num(plot.x(size))} {num(y)}")
        pen_down = inside
    return "".join(drawn)
