"""How does ground become regions in one piece? They grow over the mesh from spread-out seats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smup_lib.sources.sample.mesh import Mesh

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

#: Spread of the cost of a step: the larger, the more winding the borders.
_ROUGHNESS = 0.9


class Growth:
    """Growing of regions over the links of the mesh, each link with a random cost."""

    def __init__(self, mesh: Mesh, rng: np.random.Generator) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix

        n = len(mesh.cells)
        self.mesh, self.rng = mesh, rng
        a, b = mesh.links.T
        cost = np.exp(_ROUGHNESS * rng.normal(size=len(a)))
        ends = np.concatenate([a, b]), np.concatenate([b, a])
        self.costs = csr_matrix((np.concatenate([cost, cost]), ends), shape=(n, n))

    def share_out(self, cells: Array, codes: Sequence[str]) -> dict[str, Array]:
        """Share a region among codes, whose seats are spread and then moved to the middle."""
        import numpy as np

        costs, middles = self.costs[cells][:, cells], self.mesh.centres[cells]
        seats = self._far_apart(costs, len(codes))
        for _ in range(4):
            owner = self._nearest(costs, seats)
            seats = [_most_central(middles, np.flatnonzero(owner == seat)) for seat in seats]
        owner = self._nearest(costs, seats)
        return {code: cells[owner == seat] for code, seat in zip(codes, seats, strict=True)}

    def cut_out(self, cells: Array, size: int) -> Array:
        """Return cells from the middle of a region, nearest first; none when it is all rim."""
        import numpy as np
        from scipy.sparse.csgraph import dijkstra

        costs = self.costs[cells][:, cells]
        rim = np.diff(costs.indptr) < 6  # beside the sea or another region
        depth = dijkstra(costs, indices=np.flatnonzero(rim), min_only=True, unweighted=True)
        inner = np.flatnonzero(~rim)
        if not len(inner):
            return cells[:0]
        gentle = costs[inner][:, inner].power(0.3)  # steep costs would leave holes
        away = dijkstra(gentle, indices=int(np.argmax(depth[inner])))
        nearest = np.argsort(away, kind="stable")[:size]
        return np.asarray(cells[inner][nearest[np.isfinite(away[nearest])]])  # one piece

    def _far_apart(self, costs: Any, count: int) -> list[int]:
        """Choose seats one by one, each as far as can be from those before it."""
        import numpy as np
        from scipy.sparse.csgraph import dijkstra

        start = int(self.rng.integers(costs.shape[0]))
        seats = [int(np.argmax(dijkstra(costs, indices=start)))]
        while len(seats) < count:
            seats.append(int(np.argmax(dijkstra(costs, indices=seats, min_only=True))))
        return seats

    @staticmethod
    def _nearest(costs: Any, seats: list[int]) -> Array:
        """Return for each cell the seat from which it is reached at the least cost."""
        import numpy as np
        from scipy.sparse.csgraph import dijkstra

        _, _, seat = dijkstra(costs, indices=seats, min_only=True, return_predecessors=True)
        return np.asarray(seat)


def _most_central(middles: Array, cells: Array) -> int:
    import numpy as np

    away = np.hypot(*(middles[cells] - middles[cells].mean(axis=0)).T)
    return int(cells[np.argmin(away)])
