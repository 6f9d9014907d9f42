"""What ground does the fictional land stand on: a mesh of small cells within a wobbly coast.

Cells are hexagons whose corners were shaken, so every border made of their edges looks natural
and is shared exactly by both sides. The plane is in kilometres; its middle lies in the Atlantic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

#: Length and latitude of the middle of the land: open ocean, 700 km from the nearest island.
CENTRE = (-36.0, 45.0)
EARTH_RADIUS_KM = 6371.0088

_SIDE_KM = 1.1
_SHAKE_KM = 0.36
#: Half the length and half the width of the land of ``smup data sample``.
HALF_AXES_KM = (112.0, 80.0)
# Corner offsets of a hexagon on a lattice of half sides and half heights: integers meet exactly.
_CORNERS = ((2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1), (1, -1))


@dataclass(frozen=True)
class Mesh:
    """Cells of the land.

    Attributes
    ----------
    points : array (p, 2)
        Corners of cells, km.
    cells : array (n, 6) of int
        Corners of each cell, counter-clockwise.
    centres : array (n, 2)
        Middle of each cell, km.
    links : array (m, 2) of int
        Pairs of cells that share an edge, each pair once.
    """

    points: Array
    cells: Array
    centres: Array
    links: Array

    def areas_km2(self) -> Array:
        """Return the area of each cell (shoelace formula)."""
        import numpy as np

        x, y = np.moveaxis(self.points[self.cells], 2, 0)
        return np.asarray((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1) / 2)


def make_mesh(rng: np.random.Generator, half_axes: tuple[float, float] = HALF_AXES_KM) -> Mesh:
    """Make the cells of a land: one connected piece, without lakes.

    Parameters
    ----------
    rng : Generator
        Source of the shaking and of the coast; the same state gives the same land.
    half_axes : tuple of float
        Half the length and half the width, km.

    Returns
    -------
    Mesh
        Cells of about 3 km2; about 9 000 of them within the usual axes.
    """
    import numpy as np

    middles = _lattice(half_axes)
    corners = middles[:, None, :] + np.array(_CORNERS)
    lattice_points, flat = np.unique(corners.reshape(-1, 2), axis=0, return_inverse=True)
    cells = flat.reshape(-1, 6)
    scale = np.array([_SIDE_KM / 2, _SIDE_KM * np.sqrt(3) / 2])
    shake = rng.uniform(-_SHAKE_KM, _SHAKE_KM, lattice_points.shape)
    points = np.round(lattice_points * scale + shake, 2)
    links = _links(cells)
    land = _one_piece(_within_coast(middles * scale, half_axes, rng), links)
    return _only_land(points, cells, links, land)


def _lattice(half_axes: tuple[float, float]) -> Array:
    """Return the middles of the hexagons that cover the box of the land, in lattice steps."""
    import numpy as np

    columns = int(half_axes[0] * 1.35 / (1.5 * _SIDE_KM))
    rows = int(half_axes[1] * 1.35 / (np.sqrt(3) * _SIDE_KM))
    column, row = np.meshgrid(np.arange(-columns, columns + 1), np.arange(-rows, rows + 1))
    return np.column_stack([3 * column.ravel(), (2 * row + column % 2).ravel()])


def _within_coast(
    middles: Array, half_axes: tuple[float, float], rng: np.random.Generator
) -> Array:
    """Tell which cells lie within an ellipse whose radius wobbles."""
    import numpy as np

    x, y = (middles / np.array(half_axes)).T
    angle = np.arctan2(y, x)
    radius = np.ones(len(middles))
    for wave in range(2, 48):
        amplitude = 0.16 / wave * rng.normal()
        radius += amplitude * np.cos(wave * angle + rng.uniform(0, 2 * np.pi))
    return np.asarray(np.hypot(x, y) < radius)


def _links(cells: Array) -> Array:
    """Return the pairs of cells that share an edge."""
    import numpy as np

    edges = np.sort(np.stack([cells, np.roll(cells, -1, axis=1)], axis=2), axis=2).reshape(-1, 2)
    owners = np.repeat(np.arange(len(cells)), 6)
    order = np.lexsort((owners, edges[:, 1], edges[:, 0]))
    same = (edges[order[1:]] == edges[order[:-1]]).all(axis=1)
    return np.column_stack([owners[order[:-1]][same], owners[order[1:]][same]])


def _one_piece(inside: Array, links: Array) -> Array:
    """Keep the largest piece of land and turn lakes into land."""
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    same = inside[links[:, 0]] == inside[links[:, 1]]
    ends = links[same].T
    graph = coo_matrix((np.ones(len(ends[0])), (ends[0], ends[1])), shape=(len(inside),) * 2)
    _, piece = connected_components(graph, directed=False)
    sizes = np.bincount(piece)
    largest_of_land = np.argmax(np.where(np.bincount(piece, inside) > 0, sizes, 0))
    sea = piece[0]  # a corner of the box
    return np.asarray((piece == largest_of_land) | (~inside & (piece != sea)))


def _only_land(points: Array, cells: Array, links: Array, land: Array) -> Mesh:
    """Drop everything that is sea and number the rest anew."""
    import numpy as np

    number = np.cumsum(land) - 1
    kept_links = number[links[land[links].all(axis=1)]]
    used, renumbered = np.unique(cells[land], return_inverse=True)
    kept_cells = renumbered.reshape(-1, 6)
    kept_points = points[used]
    return Mesh(kept_points, kept_cells, kept_points[kept_cells].mean(axis=1), kept_links)


def dissolve(mesh: Mesh, owners: Array) -> Mapping[str, Any]:
    """Join cells of one owner into polygons on the plane.

    Parameters
    ----------
    mesh : Mesh
        The cells.
    owners : array (n,) of str
        Code of the unit that owns each cell.

    Returns
    -------
    mapping of str to shapely polygon
        By code, sorted; km. Neighbours have the same points along their border.
    """
    import numpy as np
    import shapely

    hexagons = shapely.polygons(mesh.points[mesh.cells])
    order = np.argsort(owners, kind="stable")
    codes, starts = np.unique(owners[order], return_index=True)
    groups = np.split(hexagons[order], starts[1:])
    return {
        str(code): shapely.normalize(shapely.coverage_union_all(group))
        for code, group in zip(codes, groups, strict=True)
    }


def to_degrees(shapes: Any) -> Any:
    """Lay shapes of the plane on the globe: longitude and latitude, 6 decimals (0.1 m).

    Inverse Lambert azimuthal equal-area projection of the sphere, so areas stay true
    (Snyder 1987, Map Projections, p. 185).
    """
    import numpy as np
    import shapely

    def inverse(points: Array) -> Array:
        x, y = points.T
        distance = np.hypot(x, y)
        angle = 2 * np.arcsin(distance / (2 * EARTH_RADIUS_KM))
        latitude = np.radians(CENTRE[1])
        share = np.divide(np.sin(angle), distance, out=np.zeros_like(x), where=distance > 0)
        phi = np.arcsin(np.cos(angle) * np.sin(latitude) + y * share * np.cos(latitude))
        away = np.arctan2(
            x * share, np.cos(latitude) * np.cos(angle) - y * share * np.sin(latitude)
        )
        return np.round(np.column_stack([CENTRE[0] + np.degrees(away), np.degrees(phi)]), 6)

    return shapely.transform(shapes, inverse)


def to_plane_m(layer: pd.DataFrame) -> Array:
    """Lay the boundaries of a layer back on the plane, in metres (see :func:`to_degrees`)."""
    import numpy as np
    import shapely

    def forward(points: Array) -> Array:
        away, phi = np.radians(points[:, 0] - CENTRE[0]), np.radians(points[:, 1])
        sin, cos = np.sin(np.radians(CENTRE[1])), np.cos(np.radians(CENTRE[1]))
        east = np.cos(phi) * np.sin(away)
        north = cos * np.sin(phi) - sin * np.cos(phi) * np.cos(away)
        depth = 1 + sin * np.sin(phi) + cos * np.cos(phi) * np.cos(away)
        scale = 1000 * EARTH_RADIUS_KM * np.sqrt(2 / depth)
        return np.round(np.column_stack([scale * east, scale * north]), 2)

    shapes = shapely.from_wkb(layer["geometry"].to_numpy())
    return np.asarray(shapely.transform(shapes, forward))
