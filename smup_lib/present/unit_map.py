"""How does a map lead to the pages of its units? Each area is a link with a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from smup_lib.present.svg_draw import num
from smup_lib.present.svg_map import outline_path

_WIDTH, _HEIGHT = 640.0, 640.0
_GRAIN = 0.5


@dataclass(frozen=True)
class LinkedArea:
    """A unit on the map.

    Attributes
    ----------
    name : str
        Of the unit, with what its page holds.
    address : str
        Of its page; empty when it has none.
    wkb : bytes
        Its area on a plane, in kilometres.
    """

    name: str
    address: str
    wkb: bytes


def render_unit_map(areas: Sequence[LinkedArea], label: str) -> str:
    """Return a map whose areas are links; empty without areas.

    Parameters
    ----------
    areas : sequence of LinkedArea
        In the order in which the keyboard goes through them.
    label : str
        Of the whole map, for who does not see it.

    Examples
    --------
    >>> import shapely
    >>> box = shapely.to_wkb(shapely.box(0, 0, 10, 10))
    >>> drawn = render_unit_map([LinkedArea("powiat brzezicki", "9001.html", box)], "Mapa")
    >>> '<a href="9001.html" aria-label="powiat brzezicki">' in drawn
    True
    """
    if not areas:
        return ""
    import shapely

    shapes = shapely.from_wkb([area.wkb for area in areas])
    west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
    scale = min(_WIDTH / max(east - west, 1e-9), _HEIGHT / max(north - south, 1e-9))
    width, height = ((east - west) * scale, (north - south) * scale)
    body = "".join(_area(area, round(west, 4), round(north, 4), round(scale, 5)) for area in areas)
    return (
        f'<svg class="smup-unit-map" role="group" aria-label="{escape(label)}" '
        f'viewBox="-4 -4 {num(width + 8)} {num(height + 8)}">'
        f'<g transform="scale({_GRAIN:g})">{body}</g></svg>'
    )


def _area(area: LinkedArea, west: float, north: float, scale: float) -> str:
    name = escape(area.name)
    path = f'<path d="{outline_path(area.wkb, west, north, scale)}"><title>{name}</title></path>'
    if not area.address:
        return path
    return f'<a href="{escape(area.address)}" aria-label="{name}">{path}</a>'
