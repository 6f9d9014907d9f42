"""Would another sensible group change the verdict? (M12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.position import (
    MINIMUM_PEERS,
    Position,
    round_for_display,
    verdict_scale,
)
from smup_lib.compare.reading import Figure, Reading
from smup_lib.compare.year_values import YearValues

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Fewer distinct groups than this say nothing about robustness.
MINIMUM_GROUPS = 3
_SIDES = {"below": -1.0, "equal": 0.0, "above": 1.0}


@dataclass(frozen=True, eq=False)
class PeerSets:
    """Many groups of one unit, laid out once for all the indicators that are asked about.

    Attributes
    ----------
    codes : tuple of str
        Everybody who is in any set.
    places : array of int
        A row a set: places in ``codes``; the place behind the last code where a set has fewer
        members than the largest one.
    """

    codes: tuple[str, ...]
    places: NDArray[np.intp]
    _laid: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, sets: PeerSets | Sequence[Sequence[str]], unit_code: str) -> PeerSets:
        """Lay sets out, without the unit itself and with nobody twice."""
        if isinstance(sets, PeerSets):
            return sets
        members = [[c for c in dict.fromkeys(each) if c != unit_code] for each in sets]
        codes = tuple(dict.fromkeys(code for each in members for code in each))
        place_of = {code: place for place, code in enumerate(codes)}
        shape = len(members), max(map(len, members), default=0)
        places = np.full(shape, len(codes), dtype=np.intp)
        for row, each in zip(places, members, strict=True):
            row[: len(each)] = [place_of[code] for code in each]
        return cls(codes, places)

    def values(self, values: YearValues) -> Array:
        """Return the values of the members, a row a set; NaN where there is none."""
        # all indicators of an area share their places, so these are asked for once
        if self._laid.get("place") is not values.place:
            places = np.array([values.place.get(code, -1) for code in self.codes], dtype=np.intp)
            self._laid.update(place=values.place, places=np.append(places, -1)[self.places])
        return values.at(self._laid["places"])


@dataclass(frozen=True, eq=False)
class RuleGroups:
    """The groups of one unit by several rules, laid out once for all indicators.

    Attributes
    ----------
    rules : tuple of str
    sets : PeerSets
        A set a rule.
    alike : tuple of int
        Two rules with the same number have the same members.
    """

    rules: tuple[str, ...]
    sets: PeerSets
    alike: tuple[int, ...]

    @classmethod
    def of(cls, groups: RuleGroups | Mapping[str, Sequence[str]], unit_code: str) -> RuleGroups:
        """Lay groups out, unless they already are."""
        if isinstance(groups, RuleGroups):
            return groups
        known: dict[frozenset[str], int] = {}
        alike = tuple(known.setdefault(frozenset(each), len(known)) for each in groups.values())
        return cls(tuple(groups), PeerSets.of(tuple(groups.values()), unit_code), alike)


@dataclass(frozen=True)
class Robustness:
    """In how many comparison groups the unit lies on the same side of the median.

    Attributes
    ----------
    share : float or None
        0-1; a value equal to the median counts one half. Each rule has one vote; all sets by
        changed weights have one together, or they would outvote every other rule.
    n_groups : int
        Rules whose group could answer.
    agreeing : tuple of str
        Rules whose group puts the unit on the same side.
    level : tuple of str
        Rules whose group puts the unit at its median, where the verdict lies beside it: half a
        vote each.
    silent : tuple of str
        Rules that were asked and whose group has too few values.
    by_weights : float or None
        The same share over the sets of similar units by changed weights alone.
    n_weights : int
        How many such sets could answer.
    reason : str or None
        Polish reason when ``share`` is None.
    """

    share: float | None
    n_groups: int
    agreeing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    by_weights: float | None = None
    n_weights: int = 0
    reason: str | None = None
    level: tuple[str, ...] = ()


def compare_robustness(
    indicator: Indicator,
    values: pd.DataFrame | YearValues,
    unit_code: str,
    position: Position,
    groups: RuleGroups | Mapping[str, Sequence[str]],
    by_weights: PeerSets | Sequence[Sequence[str]] = (),
) -> Robustness:
    """Repeat a comparison in other groups.

    Parameters
    ----------
    indicator, values, unit_code
        As for :func:`smup_lib.compare.position.compare_position`.
    position : Position
        The verdict to test.
    groups : RuleGroups or mapping of str to sequence of str
        Rule to members; all groups that were decided on before the answer was seen.
    by_weights : PeerSets or sequence of sequence of str, optional
        Similar units by slightly changed weights
        (:meth:`smup_lib.units.similarity.SimilaritySpace.nearest_by_weights`); laid out where many
        indicators are asked about.

    Returns
    -------
    Robustness

    References
    ----------
    OECD/JRC Handbook 2008 (sensitivity to assumptions).
    """
    side = position.verdict_side
    if side is None or position.value is None:
        return Robustness(None, 0, reason="położenie nie jest znane")
    laid_out, wanted = YearValues.of(values), _SIDES[side]
    asked = RuleGroups.of(groups, unit_code)
    found = _sides_in(indicator, laid_out, unit_code, position.value, asked.sets)
    sides = dict(zip(asked.rules, found.tolist(), strict=True))
    told = {rule: side for rule, side in sides.items() if side == side}
    silent = tuple(rule for rule in sides if rule not in told)
    if len({n for n, rule in zip(asked.alike, sides, strict=True) if rule in told}) < (
        MINIMUM_GROUPS
    ):
        return Robustness(
            None, len(told), silent=silent, reason="za mało różnych grup porównawczych"
        )
    votes = [0.5 if 0 in (side, wanted) else float(side == wanted) for side in told.values()]
    jittered = _sides_in(indicator, laid_out, unit_code, position.value, by_weights)
    known = jittered[~np.isnan(jittered)]
    if len(known):
        votes.append(_agreement(known, wanted))
    return Robustness(
        share=float(np.mean(votes)),
        n_groups=len(told),
        agreeing=tuple(rule for rule, side in told.items() if side == wanted),
        silent=silent,
        by_weights=votes[-1] if len(known) else None,
        n_weights=len(known),
        level=tuple(rule for rule, side in told.items() if side == 0 != wanted),
    )


def _sides_in(
    indicator: Indicator,
    values: YearValues,
    unit_code: str,
    own: float,
    groups: PeerSets | Sequence[Sequence[str]],
) -> Array:
    """Return on which side of the median of each group a unit lies."""
    peers = PeerSets.of(groups, unit_code).values(values)
    return compute_sides(indicator, np.full(len(peers), own), peers)


def compute_sides(indicator: Indicator, own: Array, peers: Array) -> Array:
    """Tell for many values at once on which side of the median of their peers they lie.

    With a target the distances to it take the place of the values: above is farther away.

    Parameters
    ----------
    indicator : Indicator
        Gives the rounding: what a reader cannot see apart is equal.
    own : array
        One value a row.
    peers : array
        The values of its peers, a row for each; NaN where there is none.

    Returns
    -------
    array
        1 above, 0 equal, -1 below; NaN with fewer than three peers or no own value.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> peers = np.array([[1.0, 2, 3], [7, 8, 9], [1, np.nan, np.nan]])
    >>> compute_sides(share, np.array([5.0, 5, 5]), peers).tolist()
    [1.0, -1.0, nan]
    """
    if not peers.size:
        return np.full(len(own), np.nan)
    own, peers = verdict_scale(indicator, own), verdict_scale(indicator, peers)
    ordered, n = np.sort(peers, axis=-1), (~np.isnan(peers)).sum(axis=-1)  # NaN go last
    rows = np.arange(len(peers))
    middle = (ordered[rows, np.maximum(n - 1, 0) // 2] + ordered[rows, n // 2]) / 2
    sides = np.sign(round_for_display(own, indicator) - round_for_display(middle, indicator))
    return np.where(n < MINIMUM_PEERS, np.nan, sides)


def _agreement(sides: Array, wanted: float) -> float:
    """Return the share of sides that are the wanted one; equal counts one half, with itself too."""
    return float(np.where((sides == 0) | (wanted == 0), 0.5, sides == wanted).mean())


def read_robustness(found: Robustness, *, concluded: bool = True) -> Reading | None:
    """Return the sentence beside a verdict; None where nothing was found out.

    Parameters
    ----------
    found : Robustness
    concluded : bool, default True
        Whether there is a verdict; else the sentence speaks of the side of the median alone.

    Examples
    --------
    >>> read_robustness(Robustness(0.875, 8)).figures["share"].value
    87.5
    """
    if found.share is None:
        return None
    what = "Wniosek utrzymuje się" if concluded else "Wartość leży po tej samej stronie mediany"
    return Reading(
        f"{what} w {{share}} innych rozsądnych grup porównawczych.",
        {"share": Figure(100 * found.share, 0, "%")},
    )
