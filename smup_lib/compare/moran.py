"""Do similar values lie together on the map? Moran's I and its local parts (M19)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.methods import METHODS
from smup_lib.compare.reading import Reading
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows
from smup_lib.flags import FEW_CASES, NUMBER_FLAGS
from smup_lib.plurals import counted, spaced

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

#: Fewer units with values and neighbours than this show no pattern.
MINIMUM_UNITS = 30
#: With more values missing, or resting on a few cases, the map has too many holes.
LARGEST_MISSING = 0.05
PERMUTATIONS = 999
SIGNIFICANCE = 0.05
#: A unit's own value and the mean of its neighbours, each against the mean of all.
QUADRANTS = (
    "wysoka wśród wysokich",
    "niska wśród wysokich",
    "niska wśród niskich",
    "wysoka wśród niskich",
)


@dataclass(frozen=True)
class Contiguity:
    """Which units touch.

    Attributes
    ----------
    kind : str
        ``queen``: also in a point; ``border``: along a line only.
    neighbours : dict of str to tuple of str
        By unit, both directions.
    """

    kind: Literal["queen", "border"]
    neighbours: dict[str, tuple[str, ...]]

    @classmethod
    def of_outlines(cls, outlines: pd.DataFrame, unit_codes: Iterable[str]) -> Contiguity:
        """Return queen contiguity of the named units.

        Parameters
        ----------
        outlines : DataFrame
            The snapshot's table ``outlines``: ``unit_code, geometry`` (WKB with shared corners).
        unit_codes : iterable of str
            Units of one level; those without an outline are left out.
        """
        import shapely
        from libpysal.weights import Queen

        wanted = outlines[outlines["unit_code"].isin(list(unit_codes))].sort_values("unit_code")
        codes = wanted["unit_code"].tolist()
        if not codes:
            return cls("queen", {})
        shapes = shapely.from_wkb(wanted["geometry"].to_numpy())
        found = Queen(list(shapes), ids=codes, silence_warnings=True)
        return cls("queen", {code: tuple(sorted(found.neighbors[code])) for code in codes})

    @classmethod
    def of_borders(cls, borders: pd.DataFrame, unit_codes: Iterable[str]) -> Contiguity:
        """Return contiguity along lines, for snapshots that hold no outlines.

        Parameters
        ----------
        borders : DataFrame
            The snapshot's table ``borders``: ``unit_code, neighbour_code``, both directions.
        unit_codes : iterable of str
            Units of one level.

        Examples
        --------
        >>> import pandas as pd
        >>> borders = pd.DataFrame({"unit_code": ["a", "b"], "neighbour_code": ["b", "a"]})
        >>> Contiguity.of_borders(borders, ["a", "b"]).neighbours
        {'a': ('b',), 'b': ('a',)}
        """
        wanted = set(unit_codes)
        inside = borders[borders["unit_code"].isin(wanted) & borders["neighbour_code"].isin(wanted)]
        grouped = inside.groupby("unit_code", observed=True)["neighbour_code"]
        return cls("border", {str(code): tuple(sorted(found)) for code, found in grouped})

    def among(self, unit_codes: Iterable[str]) -> dict[str, list[str]]:
        """Return the neighbours within a set of units; who has none there is left out."""
        kept = set(unit_codes)
        inside = {
            code: [other for other in self.neighbours.get(code, ()) if other in kept]
            for code in sorted(kept)
        }
        return {code: found for code, found in inside.items() if found}


@dataclass(frozen=True, kw_only=True)
class SpatialPattern(UnitResults):
    """Whether neighbours resemble each other, and where; no cause and no judgement.

    ``rows`` has besides the common columns ``quadrant`` (one of :data:`QUADRANTS`), ``p_value``
    (two-sided), ``p_adjusted`` (Benjamini and Hochberg) and ``stands_out``; ``value`` is the
    local I.

    Attributes
    ----------
    moran, expected : float or None
        I, and its expectation when values are strewn at random.
    p_value : float or None
        Of values lying together more than that, from permutations; one-sided.
    permutations, seed : int
        How many, and where the random numbers began.
    contiguity : str
        ``queen`` or ``border``.
    """

    moran: float | None = None
    expected: float | None = None
    p_value: float | None = None
    permutations: int = PERMUTATIONS
    seed: int = 0
    contiguity: Literal["queen", "border"] = "queen"


def compare_neighbourhood(
    values: pd.DataFrame,
    contiguity: Contiguity,
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> SpatialPattern:
    """Measure whether the values of units that touch resemble each other.

    Parameters
    ----------
    values : DataFrame
        ``unit_code, value, flag`` and, where known, ``qualifiers``, of one indicator and year, one
        row per unit; all units of the map.
    contiguity : Contiguity
        Which of them touch. Neighbours are not for that comparable units.
    permutations, seed : int
        Random orders tried, and where the random numbers begin.

    Returns
    -------
    SpatialPattern
        A unit with no value, a value from a few cases, or no neighbour with a value is left out,
        with its reason.

    References
    ----------
    Moran 1950; Anselin 1995; arithmetic of libpysal and esda.
    """
    codes = values["unit_code"].tolist()
    sound = _is_sound(values)
    near = contiguity.among(values.loc[sound, "unit_code"])
    why = _refusal(values, sound, near)
    if why is not None:
        return SpatialPattern(
            method=METHODS["M19"],
            rows=refused_rows(codes, why),
            n_flags=count_flags(values),
            reason=why,
            permutations=permutations,
            seed=seed,
            contiguity=contiguity.kind,
        )
    numbers = values.set_index("unit_code")["value"].loc[list(near)].to_numpy(dtype="float64")
    weights = _weights(near)
    moran, expected = compute_moran(numbers, weights)
    return SpatialPattern(
        method=METHODS["M19"],
        rows=_rows(values, sound, near, _local(numbers, weights, permutations, seed)),
        n_used=len(near),
        n_flags=count_flags(values),
        moran=moran,
        expected=expected,
        p_value=_p_together(numbers, weights, moran, permutations, seed),
        warnings=_resolution(len(near), permutations),
        permutations=permutations,
        seed=seed,
        contiguity=contiguity.kind,
    )


def _is_sound(values: pd.DataFrame) -> pd.Series[bool]:
    """Tell which values may be mapped: a number, and not from a few cases."""
    sound: pd.Series[bool] = values["flag"].isin(NUMBER_FLAGS) & values["value"].notna()
    if "qualifiers" in values:
        few = [not FEW_CASES.isdisjoint(text.split(",")) for text in values["qualifiers"]]
        sound &= ~np.array(few, dtype=bool)
    return sound


def _refusal(
    values: pd.DataFrame, sound: pd.Series[bool], near: dict[str, list[str]]
) -> str | None:
    if not len(values) or sound.mean() < 1 - LARGEST_MISSING:
        return (
            f"za dużo jednostek bez wartości albo z wartością z kilku przypadków "
            f"({int((~sound).sum())} z {len(values)}); częstości z małych liczb wygładź (M14)"
        )
    if len(near) < MINIMUM_UNITS:
        return f"za mało jednostek z wartością i sąsiadem ({len(near)}; potrzeba {MINIMUM_UNITS})"
    if values.loc[sound & values["unit_code"].isin(list(near)), "value"].nunique() == 1:
        return "wszystkie wartości są równe"
    return None


def _rows(
    values: pd.DataFrame,
    sound: pd.Series[bool],
    near: dict[str, list[str]],
    local: pd.DataFrame,
) -> pd.DataFrame:
    codes = values["unit_code"].tolist()
    told = local.set_axis(list(near)).reindex(codes)
    reason = [
        "" if code in near else ("brak sąsiada z wartością" if good else "brak wartości na mapę")
        for code, good in zip(codes, sound, strict=True)
    ]
    return unit_rows(
        codes,
        value=told["local"],
        reason=reason,
        quadrant=told["quadrant"].fillna(""),
        p_value=told["p_value"],
        p_adjusted=told["p_adjusted"],
        stands_out=(told["p_adjusted"] <= SIGNIFICANCE),
    )


def _resolution(n: int, permutations: int) -> tuple[str, ...]:
    """Say when so few orders cannot let a single unit stand out among so many."""
    together = math.ceil(n * 2 / (permutations + 1) / SIGNIFICANCE)
    if together <= 1:
        return ()
    units = counted(together, ("jednostka", "jednostki", "jednostek"))
    return (
        f"Losowań jest {spaced(permutations)}: wyróżnić się może dopiero {units} naraz, "
        "pojedynczych ta mapa nie wskaże.",
    )


def _weights(near: dict[str, list[str]]) -> Any:
    """Return row-standardised weights of libpysal, in the order of the codes."""
    from libpysal.weights import W

    weights = W(near, id_order=list(near), silence_warnings=True)
    weights.transform = "r"
    return weights


def compute_moran(numbers: Array, weights: Any) -> tuple[float, float]:
    """Return Moran's I of numbers and its expectation; ``weights`` are of libpysal.

    Examples
    --------
    >>> from libpysal.weights import lat2W
    >>> i, expected = compute_moran(np.arange(1.0, 10), lat2W(3, 3, rook=False))
    >>> round(i, 10), expected
    (0.3555555556, -0.125)
    """
    from esda.moran import Moran

    # permutations=0: esda draws from the global generator, we from one with a stated seed
    found = Moran(numbers, weights, transformation="r", permutations=0)
    return float(found.I), float(found.EI)


def compute_permuted(orders: Array, weights: Any) -> Array:
    """Return Moran's I of many orders of the same numbers at once.

    Parameters
    ----------
    orders : array
        A column per order.
    weights : W
        Row-standardised weights of libpysal.
    """
    centred = orders - orders.mean(axis=0)
    lagged = weights.sparse @ centred
    found: Array = (centred * lagged).sum(axis=0) / (centred**2).sum(axis=0)
    return found


def _p_together(numbers: Array, weights: Any, moran: float, permutations: int, seed: int) -> float:
    random = np.random.default_rng(seed)
    orders = random.permuted(np.tile(numbers[:, None], permutations), axis=0)
    # an order that gives the same I must not be lost to the last binary digit
    as_high = int((compute_permuted(orders, weights) >= moran - 1e-12).sum())
    return (as_high + 1) / (permutations + 1)


def _local(numbers: Array, weights: Any, permutations: int, seed: int) -> pd.DataFrame:
    """Return local I, quadrant and p-values in the order of the numbers."""
    import pandas as pd
    from esda.moran import Moran_Local
    from scipy.stats import false_discovery_control

    users = np.random.get_state()  # esda seeds the generator that everybody shares
    try:
        with warnings.catch_warnings(), np.errstate(invalid="ignore"):
            warnings.filterwarnings("ignore", message="The alternative hypothesis")
            found = Moran_Local(
                numbers, weights, transformation="r", permutations=permutations, seed=seed
            )
    finally:
        np.random.set_state(users)
    p_value = _two_sided(found.Is, found.sim)
    return pd.DataFrame(
        {
            "local": found.Is,
            "quadrant": [QUADRANTS[q - 1] for q in found.q],
            "p_value": p_value,
            "p_adjusted": false_discovery_control(p_value, method="bh"),
        }
    )


def _two_sided(own: Array, permuted: Array) -> Array:
    """Return two-sided p-values, a row of ``permuted`` an order.

    esda's own are of the side where the value happens to lie, and call a unit at the very mean,
    whose local I is 0 in every order, the rarest of all.
    """
    hair = 1e-12
    high, low = (permuted >= own - hair).sum(axis=0), (permuted <= own + hair).sum(axis=0)
    p_value: Array = np.minimum(1.0, 2 * (np.minimum(high, low) + 1) / (len(permuted) + 1))
    return p_value


def read_neighbourhood(found: SpatialPattern) -> Reading | None:
    """Return the sentence beside a map; None where the method refused."""
    if found.p_value is None:
        return None
    if found.p_value <= SIGNIFICANCE:
        return Reading(
            "Podobne wartości sąsiadują ze sobą częściej, niż wynikałoby z przypadku; "
            "to opis mapy, nie przyczyny."
        )
    return Reading("Nie widać, żeby podobne wartości sąsiadowały częściej niż przypadkiem.")
