"""How much does a slide hold? Lines that fit a place at a size, shared out between slides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smup_lib.present.text_width import text_width

WIDTH_MM = 338.7
MARGIN_MM = 15.0
_MM_PER_POINT = 25.4 / 72
#: A line and the space below a paragraph are so high for each point of size.
_LINE, GAP = 1.2, 0.45
#: What the dot before a line and the edges of a shape take of its width.
_INDENT_MM = 16.0


@dataclass(frozen=True)
class Box:
    """A place on a slide, in millimetres."""

    top: float
    height: float
    left: float = MARGIN_MM
    width: float = WIDTH_MM - 2 * MARGIN_MM

    def holds(self, texts: Sequence[str], size: float) -> bool:
        """Tell whether texts of a size fit, each a paragraph."""
        width = (self.width - _INDENT_MM) / _MM_PER_POINT
        lines = sum(_lines_in(text, size, width) for text in texts)
        height = (lines * _LINE + len(texts) * GAP) * size * _MM_PER_POINT
        return height <= self.height


def _lines_in(text: str, size: float, width: float) -> int:
    """Return how many lines a text takes; all lengths in points."""
    lines, used = 1, 0.0
    for word in text.split(" "):
        needed = text_width(f"{word} ", size, bold=True)
        if used and used + needed > width:
            lines, used = lines + 1, 0.0
        used += needed
        lines, used = lines + int(used // width), used % width
    return lines


def parts_of(lines: Sequence[str], box: Box, size: float) -> Iterator[list[str]]:
    """Yield lines by slides; what belongs to the line above, after a tab, stays with it.

    Parameters
    ----------
    lines : sequence of str
        Paragraphs in their order.
    box : Box
        The place on each slide.
    size : float
        Of the letters, in points.

    Examples
    --------
    >>> list(parts_of(["Jedno.", "Drugie."], Box(0, 10), 18))
    [['Jedno.'], ['Drugie.']]
    """
    part: list[str] = []
    for line in (piece for one in lines for piece in _pieces(one, box, size)):
        group = [line]
        while part and group[0].startswith("\t"):
            group.insert(0, part.pop())
        if not box.holds(group, size):  # more than a slide: they part
            part, group = [*part, *group[:-1]], group[-1:]
        if part and not box.holds([*part, *group], size):
            yield part
            part = []
        part += group
    if part:
        yield part


def _pieces(line: str, box: Box, size: float) -> Iterator[str]:
    """Yield a line, or as much of it as a place of its own holds, again and again."""
    piece = ""
    for word in () if box.holds([line], size) else line.split(" "):
        if piece and not box.holds([f"{piece} {word}"], size):
            yield piece
            piece = ""
        piece = f"{piece} {word}" if piece else word
    yield piece or line
