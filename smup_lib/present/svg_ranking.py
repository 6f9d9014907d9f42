"""How is a ranking drawn? Bars in order of value, the reader's unit in blue, missing ones named."""

from __future__ import annotations

from smup_lib.polish_text import polish_order
from smup_lib.present import words
from smup_lib.present.bars import Bar, list_bars
from smup_lib.present.charts import RankingChart
from smup_lib.present.formats import format_number
from smup_lib.present.scales import Domain, Scale
from smup_lib.present.svg_axes import LINE, draw_notes
from smup_lib.present.svg_draw import Canvas, Printed, Words, clamp_middle, num, words_width
from smup_lib.present.text_width import text_width, wrap_text
from smup_lib.present.tokens import TEXT, TEXT_SMALL

_BAR = 12.0


def draw_ranking(chart: RankingChart, width: float) -> tuple[Canvas, float]:
    """Draw the chart and return the canvas with its height."""
    bars, left_out = list_bars(chart)
    drawing = _Rows(chart, bars, width)
    bottom = drawing.draw(bars)
    notes = _notes(chart, left_out)
    return drawing.canvas, draw_notes(drawing.canvas, bottom + 20, notes) - LINE + 8


class _Rows:
    """The rows of a ranking: their measures, and where the median may pass between texts."""

    def __init__(self, chart: RankingChart, bars: list[Bar | None], width: float) -> None:
        self.chart, self.canvas, self.wide = chart, Canvas(width), width > 500
        shown = [bar for bar in bars if bar]
        self.left = 12 + max(text_width(b.rank, TEXT) for b in shown) if chart.ranked else 0.0
        self.names = width - self.left
        start = self.left
        if self.wide:
            longest = max(text_width(bar.name, TEXT, bar.own) for bar in shown)
            self.names = min(longest + 2, width * 0.38)
            start = self.left + self.names + 12
        self.scale = _bar_scale(chart, [bar.value for bar in shown], start, width)
        median = chart.median
        has_line = median is not None and self.scale.domain.holds(median)
        self.line = self.scale(median) if has_line and median is not None else None
        self._covered: list[tuple[float, float]] = []

    def draw(self, bars: list[Bar | None]) -> float:
        """Draw all rows and the median; return the y below them."""
        top = 26.0 if self.line is not None else 6.0
        y = top
        for bar in bars:
            y = self._row(bar, y)
        if self.line is not None:
            self._median(self.line, top, y)
        return y

    def _row(self, bar: Bar | None, y: float) -> float:
        if bar is None:
            self.canvas.text(self.left, y + 12, "⋯", "fill-muted")
            return y + 20
        classes = "fill-unit" if bar.own else "fill-ink"
        lines = wrap_text(bar.name, self.names, TEXT, bold=bar.own)
        first = y + 14
        if bar.rank:
            place = Printed(bar.rank, bar.place, self.chart.rank_key(bar.code))
            self.canvas.text(0, first, place, classes, bold=bar.own)
        for i, line in enumerate(lines):
            self._text(self.left, first + i * 16, [line], classes, bold=bar.own)
        if self.wide:
            self._bar(bar, y + 4)
            return y + max(24.0, 16.0 * len(lines) + 8)
        below = first + 16 * (len(lines) - 1) + 6
        self._bar(bar, below)
        return below + _BAR + 9

    def _bar(self, bar: Bar, y: float) -> None:
        scale, negative = self.scale, bar.value < 0
        zero, end = scale(max(0.0, scale.domain.low)), scale(bar.value)
        outside = not scale.domain.holds(bar.value)
        length = max(abs(end - zero), 1.5)
        fill = "fill-unit" if bar.own else "fill-group"
        self.canvas.rect(zero - length if negative else zero, y, length, _BAR, fill)
        if outside:
            # a bar cut short says so by a torn end and an arrow before its value
            tear = end + 8 if negative else end - 14
            d = f"M{num(tear)} {num(y - 2)}l4 {num(_BAR + 4)}h3l-4 {num(-_BAR - 4)}z"
            self.canvas.path(d, "fill-paper")
        self.canvas.line(zero, y - 3, zero, y + _BAR + 3, "stroke-muted")
        self._covered.append((y - 1, y + _BAR + 1) if self._passes(zero, end) else (y, y))
        key = self.chart.key.of(unit=bar.code, statistic="value")
        number = Printed(format_number(bar.value, self.chart.decimals), bar.value, key)
        arrow = "← " if negative else "→ "
        label: list[Words] = [arrow, number] if outside else [number]
        x, anchor = (end - 6, "end") if negative else (end + 6, "start")
        classes = "fill-unit" if bar.own else "fill-ink"
        self._text(x, y + 10.5, label, classes, bold=bar.own, anchor=anchor)

    def _text(
        self,
        x: float,
        y: float,
        content: list[Words],
        classes: str,
        *,
        bold: bool,
        anchor: str = "start",
    ) -> None:
        """Write a text and keep the median line out of it."""
        width = words_width(content, TEXT, bold)
        start = x - width if anchor == "end" else x
        if self._passes(start - 3, start + width + 3):
            self._covered.append((y - 13, y + 5))
        self.canvas.text(x, y, content, classes, bold=bold, anchor=anchor)

    def _passes(self, x1: float, x2: float) -> bool:
        return self.line is not None and min(x1, x2) <= self.line <= max(x1, x2)

    def _median(self, x: float, top: float, bottom: float) -> None:
        """Draw the median where neither a bar nor a text lies, and label it above."""
        y, parts = top - 4, []
        for start, end in sorted(self._covered):
            if start > y + 1:
                parts.append(f"M{num(x)} {num(y)}V{num(start)}")
            y = max(y, end)
        if bottom - 4 > y + 1:
            parts.append(f"M{num(x)} {num(y)}V{num(bottom - 4)}")
        extra = ' fill="none" stroke-width="1.25"'
        self.canvas.path("".join(parts), "stroke-ink", extra)
        value = self.chart.median or 0.0
        digits = format_number(value, self.chart.decimals)
        number = Printed(digits, value, self.chart.key.of(statistic="median"))
        label: list[Words] = [f"{words.GROUP_MEDIAN} ", number]
        middle = clamp_middle(x, words_width(label, TEXT_SMALL), 0, self.canvas.width)
        self.canvas.text(middle, top - 10, label, "fill-muted", size=TEXT_SMALL, anchor="middle")


def _bar_scale(chart: RankingChart, values: list[float], start: float, width: float) -> Scale:
    """Leave room beside the bars for their values, on the left too when some are negative."""
    domain = chart.axis()
    arrows = 18 if any(not domain.holds(v) for v in values) else 0
    texts = [text_width(format_number(v, chart.decimals), TEXT, True) for v in values]
    widest = max(texts) + 8 + arrows
    low = min(domain.low, 0.0) if chart.from_zero or domain.low < 0 else domain.low
    left = start + (widest if any(v < 0 for v in values) else 0.0)
    return Scale(Domain(low, max(domain.high, low + 1e-12)), left, width - widest)


def _notes(chart: RankingChart, left_out: int) -> list[str]:
    notes = []
    if chart.ranked and chart.polarity in ("higher", "lower"):
        more = "większa" if chart.polarity == "higher" else "mniejsza"
        notes.append(f"Kolejność od najkorzystniejszej: {more} wartość jest korzystniejsza.")
    elif not chart.ranked:
        notes.append("Kolejność według wartości, to nie jest ocena.")
    if left_out:
        notes.append(f"Pominięto na wykresie: {words.unit_count(left_out)}; są w tabeli.")
    missing: dict[str, list[str]] = {}
    nulls = chart.frame["value"].isna().tolist()
    names = chart.frame["name"].tolist()
    for name, flag, null in zip(names, chart.flags(), nulls, strict=True):
        if null:
            missing.setdefault(words.flag_words(flag), []).append(str(name))
    for reason, units in missing.items():
        listed = ", ".join(sorted(units, key=polish_order)[:8])
        further = f" i {words.unit_count(len(units) - 8)}" if len(units) > 8 else ""
        notes.append(f"{reason.capitalize()}: {listed}{further}.")
    return [*notes, *chart.notes]
