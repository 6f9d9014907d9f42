"""How does a chart stand by itself as a picture? With its title, sources and the state of data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.present.formats import format_date
from smup_lib.present.svg import render_svg
from smup_lib.present.svg_draw import num
from smup_lib.present.text_width import wrap_text
from smup_lib.present.tokens import LIGHT
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.exports.content import Picture
from smup_lib.reports.exports.drawing import draw_png, size_of

if TYPE_CHECKING:
    from smup_lib.present.figure import ChartFigure
    from smup_lib.reports.selection.selection import Selection

_MARGIN, _GAP = 20.0, 8.0
#: Sizes of letters and heights of their lines.
_TITLE, _TITLE_LINE = 18.0, 24.0
_NOTE, _NOTE_LINE = 12.0, 16.0
#: Lines that a title or a note may take.
_MOST_LINES = 6
_OPENING = re.compile(r"<svg [^>]*>")


def write_svg(selection: Selection, figure: ChartFigure) -> bytes:
    """Return a chart as an SVG file that stands by itself.

    Raises
    ------
    ChartError
        When there is nothing to draw.
    """
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_framed(selection, figure)}\n'.encode()


def write_png(selection: Selection, figure: ChartFigure) -> bytes:
    """Return a chart as a picture on white that stands by itself.

    Raises
    ------
    ChartError, ReportError
        When there is nothing to draw, or the extra ``export`` is not installed.
    """
    chart = figure.chart
    return draw_png(Picture(_framed(selection, figure), chart.title, chart.alt_text))


def list_notes(selection: Selection, figure: ChartFigure) -> list[str]:
    """Return the lines under a picture: where the numbers come from and as of which day."""
    snapshot = selection.workspace.snapshot
    day = format_date(snapshot.manifest.created[:10])
    state = f"Stan danych: {snapshot.id} z dnia {day} Skrót danych: {selection.data_hash}."
    land = f"Dane przykładowe: {SAMPLE_LAND}." if snapshot.fictional else ""
    return [line for line in (land, figure.chart.source_line, state) if line]


def _framed(selection: Selection, figure: ChartFigure) -> str:
    """Return the drawing between its title and its sources, on paper.

    The drawing keeps its own accessible name and description: it stands inside as it is.
    """
    drawing = render_svg(figure.chart)
    width, height = size_of(Picture(drawing, "", ""))
    title = wrap_text(figure.chart.title, width, _TITLE, lines=_MOST_LINES, bold=True)
    notes = [
        part
        for line in list_notes(selection, figure)
        for part in wrap_text(line, width, _NOTE, lines=_MOST_LINES)
    ]
    top = _MARGIN + len(title) * _TITLE_LINE + _GAP
    under = top + height + _NOTE_LINE
    whole = under + len(notes) * _NOTE_LINE + _MARGIN / 2
    inner = _OPENING.sub(
        lambda found: (
            found[0]
            .replace("<svg ", f'<svg x="{num(_MARGIN)}" y="{num(top)}" ', 1)
            .replace('width="100%"', f'width="{num(width)}" height="{num(height)}"')
        ),
        drawing,
        count=1,
    )
    across = width + 2 * _MARGIN
    font = re.search(r'font-family="[^"]*"', drawing)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {num(across)} {num(whole)}" '
        f'width="{num(across)}" height="{num(whole)}" {font[0] if font else ""}>'
        f'<rect width="100%" height="100%" fill="{LIGHT["paper"]}"/>'
        + _lines(title, _MARGIN, _TITLE, _TITLE_LINE, f'fill="{LIGHT["ink"]}" font-weight="600"')
        + inner
        + _lines(notes, under, _NOTE, _NOTE_LINE, f'fill="{LIGHT["muted"]}"')
        + "</svg>"
    )


def _lines(texts: Sequence[str], top: float, size: float, step: float, look: str) -> str:
    return "".join(
        f'<text x="{num(_MARGIN)}" y="{num(top + size + at * step)}" font-size="{num(size)}" '
        f"{look}>{escape(text)}</text>"
        for at, text in enumerate(texts)
    )
