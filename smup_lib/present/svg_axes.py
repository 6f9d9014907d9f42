"""How are axes, keys and notes drawn, the same in every static chart?"""

from __future__ import annotations

from collections.abc import Sequence

from smup_lib.present import words
from smup_lib.present.formats import format_number
from smup_lib.present.scales import Scale, tick_decimals, ticks
from smup_lib.present.svg_draw import Canvas, Words, mark_path, num, words_width
from smup_lib.present.text_width import text_width, wrap_text
from smup_lib.present.tokens import TEXT_SMALL

LINE = 18.0

Label = Words | Sequence[Words]
#: Shape as in :func:`svg_draw.mark_path`, ``line``, ``band`` or a letter; its classes; its words.
KeyEntry = tuple[str, str, Label]


def draw_value_axis(canvas: Canvas, scale: Scale, y: float) -> None:
    """Draw a horizontal axis at y with labelled ticks below it."""
    d = scale.domain
    marks = value_ticks(scale)
    decimals = tick_decimals(marks)
    notches = "".join(f"M{num(scale(v))} {num(y)}v5" for v in marks)
    canvas.path(notches, "stroke-group", ' fill="none" stroke-width="1"')
    canvas.line(scale.start - 8, y, scale.end + 8, y, "stroke-group")
    if d.low < 0 < d.high:
        canvas.line(scale(0), y - 40, scale(0), y, "stroke-muted", 1, dash="2 3")
    for value in marks:
        label = format_number(value, decimals)
        half = text_width(label, TEXT_SMALL) / 2
        x = min(max(scale(value), half), canvas.width - half)
        canvas.text(x, y + 19, label, "fill-muted", size=TEXT_SMALL, anchor="middle")


def value_ticks(scale: Scale) -> list[float]:
    """Return as many round ticks as their labels leave room for."""
    d = scale.domain
    room = abs(scale.end - scale.start)
    marks: list[float] = []
    for count in (8, 6, 5, 4, 3, 2, 1):
        marks = ticks(d.low, d.high, count)
        decimals = tick_decimals(marks)
        widest = max(
            (text_width(format_number(v, decimals), TEXT_SMALL) for v in marks), default=0.0
        )
        if marks and (widest + 14) * len(marks) <= room:
            break
    return marks


def draw_axis_words(
    canvas: Canvas, scale: Scale, y: float, measure_unit: str, polarity: str
) -> float:
    """Write measure unit and direction under an axis; return the y below them."""
    hint = words.side_hint(polarity)
    left, right = (hint, measure_unit) if polarity == "lower" else (measure_unit, hint)
    both = text_width(left, TEXT_SMALL) + text_width(right, TEXT_SMALL) + 16
    canvas.text(scale.start, y, left, "fill-muted", size=TEXT_SMALL)
    if both > scale.end - scale.start:
        y += LINE
    canvas.text(scale.end, y, right, "fill-muted", size=TEXT_SMALL, anchor="end")
    return y + LINE


def draw_key(canvas: Canvas, y: float, entries: Sequence[KeyEntry]) -> float:
    """Draw a key of marks in as many rows as needed; return the y below it."""
    if not entries:
        return y
    x = 0.0
    for shape, classes, label in entries:
        width = 20 + words_width(label, TEXT_SMALL)
        if x > 0 and x + width > canvas.width:
            x, y = 0.0, y + LINE
        if shape == "line":
            canvas.line(x, y - 4.5, x + 14, y - 4.5, classes, 2)
        elif shape == "band":
            canvas.rect(x, y - 10, 14, 11, classes)
        elif len(shape) == 1:
            canvas.text(x + 7, y, shape, classes, size=TEXT_SMALL, anchor="middle", bold=True)
        else:
            canvas.path(mark_path(shape, x + 7, y - 4.5, 4.5), classes, ' stroke-width="1.5"')
        lines = [label]
        if isinstance(label, str):
            lines = list(wrap_text(label, canvas.width - x - 20, TEXT_SMALL))
        for i, line in enumerate(lines):
            y += LINE if i else 0
            canvas.text(x + 20, y, line, "fill-muted", size=TEXT_SMALL)
        x += width + 18
    return y + LINE


def draw_notes(canvas: Canvas, y: float, notes: Sequence[Label]) -> float:
    """Write notes under a drawing, each from a new line; return the y below them.

    Plain text is broken into lines; a note with printed numbers must fit on one.
    """
    for note in notes:
        if isinstance(note, str):
            y = canvas.lines(0, y, note, canvas.width, count=6, step=LINE)
        else:
            canvas.text(0, y, note, "fill-muted", size=TEXT_SMALL)
            y += LINE
    return y
