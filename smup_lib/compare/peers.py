"""The peers of many units, laid out for sums, counts and quantiles without a loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Positions = NDArray[np.intp]


class Peers:
    """Who is compared with whom, as positions in a table of values.

    A unit is never its own peer. Peers without a row in the table have no position; they count in
    ``sizes``. A group that many units share is laid out once when they share the object itself.

    Parameters
    ----------
    unit_codes : sequence of str
        Rows of the table, one per unit.
    groups : mapping of str to sequence of str
        Unit to members of its group; a unit without one has no peers.

    Attributes
    ----------
    sizes : ndarray of int
        Peers of each row, with those that have no row themselves.

    Examples
    --------
    >>> everyone = ["9001", "9002", "9003"]
    >>> peers = Peers(everyone, dict.fromkeys(everyone, everyone))
    >>> peers.sums(np.array([1.0, 10.0, 100.0])).tolist(), peers.sizes.tolist()
    ([110.0, 101.0, 11.0], [2, 2, 2])
    """

    def __init__(self, unit_codes: Sequence[str], groups: Mapping[str, Sequence[str]]) -> None:
        place = {code: position for position, code in enumerate(unit_codes)}
        laid: dict[int, int] = {}
        blocks: list[list[int]] = []
        lengths: list[int] = []
        self._block: Positions = np.empty(len(unit_codes), dtype=np.intp)
        for position, code in enumerate(unit_codes):
            members = groups.get(code, ())
            if id(members) not in laid:
                laid[id(members)] = len(blocks)
                distinct = dict.fromkeys(members)
                blocks.append([place[member] for member in distinct if member in place])
                lengths.append(len(distinct))
            self._block[position] = laid[id(members)]
        self._member: Positions = np.array([p for block in blocks for p in block], dtype=np.intp)
        self._of: Positions = np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])
        own = np.isin(
            self._block * len(unit_codes) + np.arange(len(unit_codes)),
            self._of * len(unit_codes) + self._member,
        )
        #: Whether the group of a row holds the row itself, which is then left out.
        self._within: NDArray[np.bool_] = own
        self.sizes = np.array(lengths, dtype=np.int64)[self._block] - own

    def sums(self, numbers: Array) -> Array:
        """Return for each row the sum over its peers; nulls are left out."""
        known = np.nan_to_num(numbers)
        groups = int(self._block.max(initial=-1)) + 1
        whole = np.bincount(self._of, weights=known[self._member], minlength=groups)
        return np.asarray(whole[self._block] - np.where(self._within, known, 0.0))

    def places(self, numbers: Array) -> tuple[Array, Array]:
        """Return for each row how many of its peers have less, and how many the same.

        Examples
        --------
        >>> everyone = ["9001", "9002", "9003"]
        >>> peers = Peers(everyone, dict.fromkeys(everyone, everyone))
        >>> [found.tolist() for found in peers.places(np.array([5.0, 5.0, 1.0]))]
        [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]]
        """
        below, upto, _ = self._ordered(numbers)
        known = ~np.isnan(numbers)
        equal = upto - below - (self._within & known)
        return np.where(known, below, 0).astype("float64"), np.where(known, equal, 0).astype(
            "float64"
        )

    def quantiles(self, numbers: Array, parts: Sequence[float]) -> NDArray[np.float64]:
        """Return for each row quantiles (type 7) of its peers that have a number.

        Parameters
        ----------
        numbers : ndarray
            One per row; nulls are left out.
        parts : sequence of float
            Each 0-1.

        Returns
        -------
        ndarray
            One line per part, one column per row; null where no peer has a number.

        Examples
        --------
        >>> everyone = ["9001", "9002", "9003"]
        >>> peers = Peers(everyone, dict.fromkeys(everyone, everyone))
        >>> peers.quantiles(np.array([1.0, 10.0, 100.0]), [0.5]).tolist()
        [[55.0, 50.5, 5.5]]
        """
        below, _, (ordered, first, n) = self._ordered(numbers)
        inside = self._within & ~np.isnan(numbers)
        # without itself a row's group has one number less; from its own place on all move down
        own = np.where(inside, below, len(ordered))
        others = n - inside
        has = others > 0
        found = np.full((len(parts), len(numbers)), np.nan)
        for line, part in enumerate(parts):
            at = (others[has] - 1) * part
            low = np.floor(at).astype(np.intp)
            next_one = np.minimum(low + 1, others[has] - 1)
            start, end = (
                ordered[first[has] + step + (step >= own[has])] for step in (low, next_one)
            )
            found[line, has] = start + (end - start) * (at - low)
        return found

    def _ordered(
        self, numbers: Array
    ) -> tuple[Positions, Positions, tuple[Array, Positions, Positions]]:
        """Order the known numbers of each group.

        Returns how many of its group lie below each row and up to it, and the ordered numbers of
        all groups with the start and the length of each row's group in them.
        """
        member = self._member[~np.isnan(numbers[self._member])]
        group = self._of[~np.isnan(numbers[self._member])]
        _, level = np.unique(numbers, return_inverse=True)
        levels = len(numbers) + 1
        order = np.argsort(group * levels + level[member], kind="stable")
        keys = (group * levels + level[member])[order]
        first = np.searchsorted(keys, self._block * levels, side="left")
        n = np.searchsorted(keys, (self._block + 1) * levels, side="left") - first
        own = self._block * levels + level
        below = np.searchsorted(keys, own, side="left") - first
        upto = np.searchsorted(keys, own, side="right") - first
        return below, upto, (numbers[member][order], first, n)
