"""How does a map lead to the pages of its units? Each area is a link with a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from smup_lib.present.map_shapes import GRAIN, shape_path
from smup_lib.present.svg_draw import num

_WIDTH, _HEIGHT = 640.0, 640.0


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
    region : str
        Name of the larger unit it lies in; the map draws its border and writes the name.
    """

    name: str
    address: str
    wkb: bytes
    region: str = ""


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
    regions = _regions(areas, shapes)
    borders = "".join(
        f'<path class="smup-border" d="{shape_path(one, round(west, 4), round(north, 4), scale)}"/>'
        for one in regions.values()
    )
    names = "".join(
        _name(name, ((one.x - west) * scale, (north - one.y) * scale))
        for name, shape in regions.items()
        if (one := shapely.point_on_surface(shape)) is not None
    )
    paths = (shape_path(shape, round(west, 4), round(north, 4), scale) for shape in shapes)
    body = "".join(map(_area, areas, paths))
    return (
        f'<svg class="smup-unit-map" role="group" aria-label="{escape(label)}" '
        f'viewBox="-4 -4 {num(width + 8)} {num(height + 8)}">'
        f'<g transform="scale({GRAIN:g})">{body}{borders}</g>'
        f'<g class="smup-region-names" aria-hidden="true">{names}</g></svg>'
    )


def _regions(areas: Sequence[LinkedArea], shapes: Any) -> dict[str, Any]:
    """Return the shapes of regions by their names; none where there is only one."""
    import shapely

    found: dict[str, list[Any]] = {}
    for area, shape in zip(areas, shapes, strict=True):
        found.setdefault(area.region, []).append(shape)
    if len(found) < 2:
        return {}
    return {name: shapely.union_all(parts) for name, parts in found.items() if name}


def _name(name: str, at: tuple[float, float]) -> str:
    """Write the name of a region, a word of two parts in two lines."""
    parts = name.replace("-", "-\n").split("\n")
    x = num(at[0])
    lines = "".join(
        f'<tspan x="{x}" dy="{"1.05em" if place else "0"}">{escape(part)}</tspan>'
        for place, part in enumerate(parts)
    )
    return f'<text x="{x}" y="{num(at[1])}">{lines}</text>'


def _area(area: LinkedArea, d: str) -> str:
    name = escape(area.name)
    path = f'<path d="{d}"><title>{name}</title></path>'
    if not area.address:
        return path
    return f'<a href="{escape(area.address)}" aria-label="{name}">{path}</a>'
