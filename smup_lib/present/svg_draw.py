"""How is an SVG written? Lines, text and marks, escaped, in token colours, with number keys."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.text_width import text_width, wrap_text
from smup_lib.present.tokens import LIGHT, PAINTS, TEXT, TEXT_SMALL

Anchor = str  # "start", "middle" or "end"


def paint(classes: str) -> str:
    """Return the class attribute and the plain attributes that hold without a style sheet.

    Examples
    --------
    >>> paint("fill-unit")
    ' class="fill-unit" fill="#0b5cad"'
    """
    if not classes:
        return ""
    plain = "".join(
        f' {PAINTS[name][0]}="{LIGHT[PAINTS[name][1]]}"'
        for name in classes.split()
        if name in PAINTS
    )
    return f' class="{classes}"{plain}'


def num(value: float) -> str:
    """Write a coordinate, as short as a tenth of a pixel needs.

    Examples
    --------
    >>> num(12.0), num(3.14159), num(-0.04)
    ('12', '3.1', '0')
    """
    tenths = round(value * 10)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths / 10:g}"


def trace(points: Iterable[tuple[float, float]]) -> str:
    """Write a line through points: where it starts, then each step, so that it stays short.

    Examples
    --------
    >>> trace([(10, 20), (14.5, 19.6), (19, 19.6), (19, 30)])
    'M10 20l4.5-.4h4.5v10.4'
    """
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    parts = [f"M{_tenths(tenths[0][0])} {_tenths(tenths[0][1])}"]
    last = ""
    for (x, y), (to_x, to_y) in pairwise(tenths):
        dx, dy = to_x - x, to_y - y
        letter = "l" if dx and dy else "h" if dx else "v"
        step = f"{_tenths(dx)} {_tenths(dy)}" if letter == "l" else _tenths(dx or dy)
        gap = letter if letter != last else "" if step[0] == "-" else " "
        parts.append(gap + step.replace(" -", "-"))
        last = letter
    return "".join(parts)


def _tenths(count: int) -> str:
    text = f"{count / 10:g}"
    return text.replace("0.", ".", 1) if abs(count) < 10 and count else text


@dataclass(frozen=True)
class Printed:
    """A printed number: its text, exact value and key."""

    text: str
    value: float
    key: NumberKey
    bold: bool = False
    tail: str = ""

    def svg(self) -> str:
        """Return the tspan that carries the key; ``tail`` stands beside it, just as bold."""
        weight = ' font-weight="600"' if self.bold else ""
        tail = f"<tspan{weight}>{escape(self.tail)}</tspan>" if self.tail else ""
        return (
            f'<tspan class="num"{weight} data-value="{self.value!r}" '
            f'data-key="{escape(str(self.key))}">{escape(self.text)}</tspan>{tail}'
        )

    def html(self) -> str:
        """Return the same outside of a drawing."""
        return (
            f'<data class="num" value="{self.value!r}" data-key="{escape(str(self.key))}">'
            f"{escape(self.text)}</data>{escape(self.tail)}"
        )


Words = str | Printed


class Canvas:
    """A growing drawing of a fixed width; the height is set when it is closed."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._parts: list[str] = []

    def add(self, markup: str) -> None:
        """Add ready markup."""
        self._parts.append(markup)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        classes: str = "stroke-line",
        width: float = 1.0,
        dash: str = "",
    ) -> None:
        """Draw a straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<line x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}"'
            f'{paint(classes)} stroke-width="{width:g}"{dashed}/>'
        )

    def rect(
        self, x: float, y: float, width: float, height: float, classes: str, extra: str = ""
    ) -> None:
        """Draw a rectangle."""
        self.add(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(max(width, 0.0))}" '
            f'height="{num(height)}"{paint(classes)}{extra}/>'
        )

    def path(self, d: str, classes: str, extra: str = "") -> None:
        """Draw a path."""
        self.add(f'<path d="{d}"{paint(classes)}{extra}/>')

    def text(
        self,
        x: float,
        y: float,
        content: Words | Sequence[Words],
        classes: str = "fill-ink",
        *,
        size: float = TEXT,
        anchor: Anchor = "start",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """Write one line of text; a :class:`Printed` piece carries its key."""
        pieces = [content] if isinstance(content, (str, Printed)) else content
        body = "".join(p.svg() if isinstance(p, Printed) else escape(p) for p in pieces)
        anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
        weight = ' font-weight="600"' if bold else ""
        sized = f' font-size="{size:g}"' if size != TEXT else ""
        ring = paint(f"{classes} stroke-paper") if halo else paint(classes)
        haloed = ' stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
        self.add(
            f'<text x="{num(x)}" y="{num(y)}"{ring}{haloed}{anchored}{weight}{sized}>{body}</text>'
        )

    def lines(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        classes: str = "fill-muted",
        *,
        size: float = TEXT_SMALL,
        count: int = 4,
        step: float = 17.0,
    ) -> float:
        """Write a text on as many lines as it needs and return the y below it."""
        for line in wrap_text(text, width, size, lines=count):
            self.text(x, y, line, classes, size=size)
            y += step
        return y

    def body(self) -> str:
        """Return what was drawn so far, to be put into another canvas."""
        return "".join(self._parts)

    def close(self, height: float, title: str, description: str, uid: str) -> str:
        """Return the finished SVG with its accessible name and description."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="smup-svg" role="img" '
            f'viewBox="0 0 {num(self.width)} {num(height)}" width="100%" '
            f'style="max-width:{num(self.width)}px" '
            f'aria-labelledby="{uid}t {uid}d" font-size="{TEXT:g}" '
            f"font-family=\"'Smup Sans','Source Sans 3',Arial,sans-serif\">"
            f'<title id="{uid}t">{escape(title)}</title>'
            f'<desc id="{uid}d">{escape(description)}</desc>' + "".join(self._parts) + "</svg>"
        )


def words_width(content: Words | Iterable[Words], size: float = TEXT, bold: bool = False) -> float:
    """Return the width of a line that may hold printed numbers."""
    pieces = [content] if isinstance(content, (str, Printed)) else content
    return sum(
        text_width(p.text + p.tail, size, bold or p.bold)
        if isinstance(p, Printed)
        else text_width(p, size, bold)
        for p in pieces
    )


def clamp_middle(x: float, width: float, low: float, high: float) -> float:
    """Return the middle of a label of a width that is near x but within the ends.

    Examples
    --------
    >>> clamp_middle(5, 40, 0, 100), clamp_middle(50, 40, 0, 100)
    (20.0, 50)
    """
    half = width / 2
    return min(max(x, low + half), max(high - half, low + half))


def mark_path(shape: str, x: float, y: float, r: float) -> str:
    """Return the outline of a mark: circle, triangle, square, diamond or an arrow.

    Examples
    --------
    >>> mark_path("square", 10, 10, 2)
    'M8.2 8.2h3.6v3.6h-3.6z'
    """
    if shape == "triangle":
        return f"M{num(x)} {num(y - r)}l{num(r)} {num(1.8 * r)}h{num(-2 * r)}z"
    if shape == "square":
        s = 0.9 * r
        return f"M{num(x - s)} {num(y - s)}h{num(2 * s)}v{num(2 * s)}h{num(-2 * s)}z"
    if shape == "diamond":
        return f"{trace(((x, y - r), (x + r, y), (x, y + r), (x - r, y)))}z"
    if shape == "right":
        return f"M{num(x - r)} {num(y - r)}L{num(x + r)} {num(y)}L{num(x - r)} {num(y + r)}z"
    if shape == "down":
        return f"M{num(x)} {num(y + r)}l{num(r)} {num(-1.8 * r)}h{num(-2 * r)}z"
    if shape == "left":
        return f"M{num(x + r)} {num(y - r)}L{num(x - r)} {num(y)}L{num(x + r)} {num(y + r)}z"
    # one arc all the way round but a tenth of a dot: half the letters of two arcs
    return f"M{num(x - r)} {num(y)}a{num(r)} {num(r)} 0 1 0 0 -.1z"


#: Shapes of standings, as in the text signs ● ▲ ■ ○; what is not known is a letter, not a shape.
STANDING_SHAPES = {
    "better": "circle",
    "worse": "triangle",
    "similar": "square",
    "not_judged": "circle",
}


def spread_labels(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart along one axis, as little as keeps a gap; order is kept.

    Examples
    --------
    >>> spread_labels([10.0, 12.0], 16, 0, 100)
    [3.0, 19.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    out = list(places)
    for _ in range(60):
        moved = False
        for a, b in pairwise(order):
            short = gap - (out[b] - out[a])
            if short > 0.01:
                out[a] -= short / 2
                out[b] += short / 2
                moved = True
        if order:
            shift = max(0.0, low - out[order[0]]) - max(0.0, out[order[-1]] - high)
            if not math.isclose(shift, 0.0):
                out = [place + shift for place in out]
        if not moved:
            break
    return out
