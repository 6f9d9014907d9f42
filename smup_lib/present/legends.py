"""What do the marks and colours of an interactive chart mean, in the words of the static one?"""

from __future__ import annotations

from html import escape

from smup_lib.present import svg_pair, words
from smup_lib.present.charts import DistributionChart, MapChart, PairChart
from smup_lib.present.dots import list_dots
from smup_lib.present.map_classes import classify
from smup_lib.present.svg_axes import KeyEntry, draw_key
from smup_lib.present.svg_distribution import key_entries
from smup_lib.present.svg_draw import Canvas, Printed
from smup_lib.present.tokens import LIGHT, WIDE


def marks_legend(chart: DistributionChart | PairChart) -> str:
    """Return what the marks mean, in the words of the static drawing."""
    items = []
    for shape, classes, label in _entries(chart):
        mark = Canvas(14)
        draw_key(mark, 12, [(shape, classes, "")])
        pieces = [label] if isinstance(label, (str, Printed)) else label
        told = "".join(
            piece.html() if isinstance(piece, Printed) else escape(piece) for piece in pieces
        )
        items.append(
            '<li><svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">'
            f"{mark.body()}</svg><span>{told}</span></li>"
        )
    return f'<ul class="smup-key" aria-label="Legenda">{"".join(items)}</ul>'


def _entries(chart: DistributionChart | PairChart) -> list[KeyEntry]:
    if isinstance(chart, PairChart):
        return svg_pair.key_entries(chart, WIDE)
    return [("circle", "fill-unit", chart.unit_name), *key_entries(chart, list_dots(chart))]


def map_legend(chart: MapChart) -> str:
    """Return the classes of a map with their colours."""
    classes = classify(chart)
    rows = [
        (LIGHT[colour], label)
        for colour, label in zip(classes.colours, classes.labels, strict=True)
    ][::-1]
    if chart.frame["value"].isna().any():
        rows.append((LIGHT["line"], words.NO_DATA))
    items = "".join(
        f'<li><span class="smup-swatch" style="background:{colour}"></span>{escape(label)}</li>'
        for colour, label in rows
    )
    return f'<ul class="smup-map-legend" aria-label="Legenda mapy">{items}</ul>'
