"""What lines is a map drawn with? Borders as fine as they are seen, shared ones told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any

#: Borders are drawn to this many pixels, so the page stays small.
GRAIN = 0.5
#: Bends smaller than a triangle of this many pixels' square are not drawn.
_SEEN = 1.25
#: No map is higher than this, unless it is asked for.
HEIGHT = 480.0


@lru_cache(maxsize=16)
def read_land(wkbs: tuple[bytes, ...], width: float, height: float = HEIGHT) -> Land:
    """Return the outlines of a map of a width; kept, since all maps of a level share them."""
    return Land(wkbs, width, height)


class Land:
    """The units of a map on the grid that it is drawn on: kilometres to pixels, north up.

    Attributes
    ----------
    shapes : array of shapely geometries
        In kilometres, without the bends that nobody would see; shared borders stay shared.
    west, north : float
        Kilometres of the upper left corner.
    scale : float
        Pixels of a kilometre.
    height : float
        Pixels of the map.
    """

    def __init__(self, wkbs: tuple[bytes, ...], width: float, height: float = HEIGHT) -> None:
        import shapely

        self._exact = exact = shapely.from_wkb(wkbs)
        west, south, east, north = (float(v) for v in shapely.total_bounds(exact))
        scale = min((width - 4) / max(east - west, 1e-9), height / max(north - south, 1e-9))
        west -= ((width - 4) / scale - (east - west)) / 2 + 2 / scale
        self.west, self.north, self.scale = round(west, 4), round(north + 2 / scale, 4), scale
        self.height = (north - south) * scale + 4
        self.shapes = shapely.coverage_simplify(exact, _SEEN / scale)
        vanished = shapely.is_empty(self.shapes)
        self.shapes[vanished] = exact[vanished]
        self._merged: dict[tuple[int | None, ...], tuple[tuple[int | None, str], ...]] = {}
        self._regions: dict[tuple[str, ...], str] = {}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The outline of each unit, in grains."""
        return tuple(self._path(shape) for shape in self.shapes)

    def outline(self, unit: int) -> tuple[str, float, float, float]:
        """Return the whole outline of a unit, its middle and its longer side, in grains."""
        import shapely

        shape, grains = self._exact[unit], self.scale / GRAIN
        west, south, east, north = (float(v) for v in shapely.bounds(shape))
        x, y = (west + east) / 2 - self.west, self.north - (south + north) / 2
        side = max(east - west, north - south)
        return self._path(shape), x * grains, y * grains, side * grains

    def merge(self, places: Sequence[int | None]) -> tuple[tuple[int | None, str], ...]:
        """Return one outline for all units of a class, in the order of painting.

        The class with the longest outline is painted first, as the whole land: the others leave
        it free. Where borders do not fit each other, a class is the outlines of its units.
        """
        key = tuple(places)
        if key not in self._merged:
            classes = sorted(set(key), key=lambda place: (place is None, place))
            members = {one: [i for i, place in enumerate(key) if place == one] for one in classes}
            drawn = {one: self._outline_of(units) for one, units in members.items()}
            if self._fits:
                ground = max(classes, key=lambda one: len(drawn[one]))
                del drawn[ground]
                drawn = {ground: self._outline_of(range(len(key))), **drawn}
            self._merged[key] = tuple(drawn.items())
        return self._merged[key]

    def regions(self, of: Sequence[str]) -> str:
        """Return the borders between regions, each told once; empty where there is one.

        Parameters
        ----------
        of : sequence of str
            The region of each unit.
        """
        import numpy as np

        key = tuple(of)
        if key not in self._regions:
            sides, left, right = self._sides
            regions = np.array(key)
            self._regions[key] = self._lines(sides[regions[left] != regions[right]])
        return self._regions[key]

    def inner(self, groups: Sequence[int]) -> str:
        """Return the borders within groups, each told once.

        Parameters
        ----------
        groups : sequence of int
            The group of each unit; borders of a negative one are not told.
        """
        import numpy as np

        sides, left, right = self._sides
        of = np.array(groups)
        return self._lines(sides[(of[left] == of[right]) & (of[left] >= 0)])

    @cached_property
    def _fits(self) -> bool:
        import shapely

        return bool(shapely.coverage_is_valid(self.shapes))

    def _outline_of(self, units: Sequence[int]) -> str:
        import shapely

        if not self._fits:
            return "".join(self.paths[unit] for unit in units)
        return self._path(shapely.coverage_union_all(self.shapes[list(units)]))

    @cached_property
    def _sides(self) -> tuple[Any, Any, Any]:
        """Each side that two units have in common, and both: their corners are the same."""
        import numpy as np
        import shapely

        if not self._fits:
            return np.empty((0, 4)), np.empty(0, int), np.empty(0, int)
        rings, of = shapely.get_rings(self.shapes, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        here = ring[:-1] == ring[1:]
        sides, units = np.hstack((points[:-1], points[1:]))[here], of[ring[:-1]][here]
        (x, y, to_x, to_y) = sides.T
        backward = (x > to_x) | ((x == to_x) & (y > to_y))
        sides[backward] = sides[backward][:, [2, 3, 0, 1]]
        order = np.lexsort(sides.T)
        sides, units = sides[order], units[order]
        twice = (sides[1:] == sides[:-1]).all(axis=1)
        return sides[1:][twice], units[:-1][twice], units[1:][twice]

    def _lines(self, sides: Any) -> str:
        import shapely

        if not len(sides):
            return ""
        lines = shapely.line_merge(
            shapely.multilinestrings(shapely.linestrings(sides.reshape(-1, 2, 2)))
        )
        return "".join(self._line(line) for line in shapely.get_parts(lines))

    def _path(self, shape: Any) -> str:
        return shape_path(shape, self.west, self.north, self.scale)

    def _line(self, line: Any) -> str:
        import shapely

        return _line_path(shapely.get_coordinates(line), self.west, self.north, self.scale, "")


def shape_path(shape: Any, west: float, north: float, scale: float) -> str:
    """Return the SVG path of an area in grains of a view; shared borders stay shared.

    Every point is put on the same fine grid, so two neighbours round alike; points that fall
    together, or on the straight line between others, are dropped.

    Examples
    --------
    >>> import shapely
    >>> shape_path(shapely.box(0, 0, 10, 5), 0.0, 10.0, 1.0)
    'M20 20v-10h-20v10z'
    """
    import shapely

    polygons = shapely.get_parts(shape)
    rings = (ring for one in polygons for ring in (one.exterior, *one.interiors))
    return "".join(
        _line_path(shapely.get_coordinates(ring), west, north, scale, "z") for ring in rings
    )


def _line_path(points: Any, west: float, north: float, scale: float, end: str) -> str:
    import numpy as np

    grid = np.rint((points - (west, north)) * (scale / GRAIN, -scale / GRAIN)).astype(int)
    steps = _straightened(np.diff(grid, axis=0).tolist())
    if end:
        if len(steps) < 3:
            return ""
        steps = steps[:-1]
    return f"M{grid[0, 0]} {grid[0, 1]}{_steps_text(steps)}{end}"


def _straightened(steps: Iterable[list[int]]) -> list[tuple[int, int]]:
    """Join steps that go on in the same direction, and leave out those that go nowhere."""
    kept: list[tuple[int, int]] = []
    for x, y in steps:
        if kept and (x or y):
            a, b = kept[-1]
            if a * y == b * x and a * x + b * y > 0:
                kept[-1] = (a + x, b + y)
                continue
        if x or y:
            kept.append((x, y))
    return kept


def _steps_text(steps: Iterable[tuple[int, int]]) -> str:
    """Write steps one after another, each as short as it can be."""
    parts: list[str] = []
    last = ""
    for x, y in steps:
        letter = "l" if x and y else "h" if x else "v"
        numbers = f"{x} {y}" if letter == "l" else str(x or y)
        gap = letter if letter != last else "" if numbers[0] == "-" else " "
        parts.append(gap + numbers.replace(" -", "-"))
        last = letter
    return "".join(parts)
