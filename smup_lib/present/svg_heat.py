"""How is availability drawn? A row an indicator, a column a year, cells filled from below."""

from __future__ import annotations

from smup_lib.present.heat_chart import HeatChart
from smup_lib.present.svg_axes import LINE, draw_key
from smup_lib.present.svg_draw import Canvas, num
from smup_lib.present.text_width import text_width, wrap_text
from smup_lib.present.tokens import TEXT_SMALL

_CELL = 18.0
_STEP = 16.0
_WIDEST_CELL = 34.0


def draw_heat(chart: HeatChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    drawing = _Grid(chart, width)
    bottom = drawing.draw()
    entries = [
        ("band", "fill-unit", "wszystkie jednostki mają wartość"),
        ("band", "fill-unit-pale", "jednostki bez wartości (puste: nie ma jej żadna)"),
    ]
    return drawing.canvas, draw_key(drawing.canvas, bottom + 22, entries) - LINE + 8


class _Grid:
    """The cells of a chart: their measures and their paths."""

    def __init__(self, chart: HeatChart, width: float) -> None:
        self.chart, self.canvas, self.wide = chart, Canvas(width), width > 500
        self.left, self.names = 0.0, width
        if self.wide:
            longest = max(text_width(name, TEXT_SMALL) for name in chart.rows.values())
            self.names = min(longest + 2, width * 0.44)
            self.left = self.names + 10
        self.step = min((width - self.left) / len(chart.years), _WIDEST_CELL)

    def draw(self) -> float:
        """Draw head and rows; return the y below them."""
        self._head(14)
        y = 22.0
        pale: list[str] = []
        full: list[str] = []
        shares = self.chart.shares
        for row, name in self.chart.rows.items():
            lines = wrap_text(name, self.names, TEXT_SMALL)
            for i, line in enumerate(lines):
                self.canvas.text(0, y + 13 + i * _STEP, line, size=TEXT_SMALL)
            top = y if self.wide else y + 4 + _STEP * len(lines)
            for place, year in enumerate(self.chart.years):
                share = shares.get((row, year))
                self._cell(place, top, 0.0 if share is None else share / 100, pale, full)
            y = max(top + _CELL, y + _STEP * len(lines)) + (4 if self.wide else 8)
        self.canvas.path("".join(pale), "fill-unit-pale")
        self.canvas.path("".join(full), "fill-unit")
        return y

    def _head(self, y: float) -> None:
        """Write as many years as there is room for, always the first and the last."""
        years = self.chart.years
        every = max(1, -(-int(text_width("2000", TEXT_SMALL) + 10) // int(max(self.step, 1))))
        kept = [year for year in years if (years[-1] - year) % every == 0]
        for year in kept:
            x = self.left + (years.index(year) + 0.5) * self.step
            half = text_width(str(year), TEXT_SMALL) / 2
            x = min(max(x, half), self.canvas.width - half)
            self.canvas.text(x, y, str(year), "fill-muted", size=TEXT_SMALL, anchor="middle")

    def _cell(self, place: int, y: float, share: float, pale: list[str], full: list[str]) -> None:
        """Add the paths of one cell: what is there from below, what is not above it."""
        x, across = self.left + place * self.step + 1, max(self.step - 2, 2.0)
        # a share that is not whole never looks whole, one that is not nothing never looks empty
        there = 0.0 if share <= 0 else _CELL if share >= 1 else min(max(share, 0.12), 0.88) * _CELL
        if 0 < there < _CELL:
            pale.append(_box(x, y, across, _CELL - there))
        if there:
            full.append(_box(x, y + _CELL - there, across, there))
        else:
            pale.append(_box(x, y + _CELL - 2, across, 2))


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{num(x)} {num(y)}h{num(width)}v{num(height)}h{num(-width)}z"
