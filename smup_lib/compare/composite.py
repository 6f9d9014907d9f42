"""One figure from several indicators, and how little it may mean: zero unitarisation (M20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.methods import METHODS
from smup_lib.compare.reading import Figure, Reading, in_braces
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows
from smup_lib.compare.weight_sets import share_first
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.units.peer_group import MINIMUM_RANKED

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Orders that agree less than this (Kendall's tau-b) are no ranking.
LEAST_TAU = 0.8
#: Share of all weight sets in which the leader must stay first; the editors' choice.
LEADER_HOLDS = 0.8
#: Values closer than this are equal: what floating point alone does.
_HAIR = 1e-12


@dataclass(frozen=True, kw_only=True)
class Composite(UnitResults):
    """The composite of each unit, and whether an order may be made of it.

    ``rows`` has besides the common columns ``rank`` (by the composite), ``rank_z`` (by mean
    z-score) and ``rank_mean`` (by mean rank); all null unless the order may be published. ``value``
    is 0-1.

    Attributes
    ----------
    leaders : tuple of str
        Codes with the largest composite.
    tau : float or None
        The smallest Kendall tau-b between the three orders.
    leader_share : float or None
        Share of all weight sets in which the leader is first; None where several lead.
    without : DataFrame or None
        ``unit_code, leaders``: who leads when this extreme unit is left out.
    unranked : str or None
        Polish reason why no order is published.
    """

    leaders: tuple[str, ...] = ()
    tau: float | None = None
    leader_share: float | None = None
    without: pd.DataFrame | None = None
    unranked: str | None = None


def compare_composite(
    indicators: Sequence[Indicator],
    values: pd.DataFrame,
    weights: Mapping[str, float] | None = None,
) -> Composite:
    """Join several indicators into one figure, and ask whether another sensible way would agree.

    Parameters
    ----------
    indicators : sequence of Indicator
        Two at least, each with a signed direction.
    values : DataFrame
        ``unit_code, indicator, year, value, flag``: one year, the units of one comparison.
    weights : mapping of str to float, optional
        Positive weight by indicator; equal when omitted.

    Returns
    -------
    Composite
        A unit that lacks a value has none: nothing missing is taken for zero.

    References
    ----------
    Kukuła 2000; Hellwig 1968; OECD/JRC Handbook 2008.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> entries = [load_catalogue().indicator(i) for i in ("street_lights_led_share",
    ...     "lit_roads_share")]
    >>> values = [10, 20, 30, 40, 50, 60, 70, 80], [15, 25, 20, 45, 55, 50, 75, 90]
    >>> rows = pd.DataFrame([(f"90{n:02}", entry.id, 2022, float(value), "ok")
    ...     for entry, listed in zip(entries, values) for n, value in enumerate(listed, 1)],
    ...     columns=["unit_code", "indicator", "year", "value", "flag"])
    >>> found = compare_composite(entries, rows)
    >>> found.leaders, found.leader_share, found.rows["rank"].tolist()
    (('9008',), 1.0, [8, 7, 6, 5, 4, 3, 2, 1])
    """
    codes = sorted(set(values["unit_code"]))
    table = _wide(indicators, values, codes)
    whole = np.array(np.isfinite(table).all(axis=1))
    why = _refusal(indicators, values, table[whole], weights)
    if why is not None:
        return Composite(
            method=METHODS["M20"],
            rows=refused_rows(codes, why),
            n_flags=count_flags(values),
            reason=why,
        )
    shares = np.array([(weights or {}).get(i.id, 1.0) for i in indicators])
    orders = _Orders.of(table[whole], indicators, shares / shares.sum())
    named = [code for code, kept in zip(codes, whole, strict=True) if kept]
    without = _without_extremes(table[whole], indicators, orders.weights, named)
    leaders = tuple(named[n] for n in orders.leaders)
    share = share_first(orders.unitarised, orders.leaders[0]) if len(leaders) == 1 else None
    unranked = _why_no_order(orders, leaders, share, without)
    return Composite(
        method=METHODS["M20"],
        rows=_rows(codes, whole, orders, ranked=unranked is None),
        n_used=len(named),
        n_flags=count_flags(values),
        leaders=leaders,
        tau=orders.tau,
        leader_share=share,
        without=without,
        unranked=unranked,
    )


def _wide(indicators: Sequence[Indicator], values: pd.DataFrame, codes: Sequence[str]) -> Array:
    """Return a row per unit and a column per indicator; NaN where there is no number."""
    numbers = values[values["flag"].isin(NUMBER_FLAGS)]
    if numbers.duplicated(["unit_code", "indicator", "year"]).any():
        raise ValueError("one row per unit, indicator and year is needed")
    first = numbers.drop_duplicates(["unit_code", "indicator"])
    wide = first.pivot(index="unit_code", columns="indicator", values="value")
    return wide.reindex(index=list(codes), columns=[i.id for i in indicators]).to_numpy(
        dtype="float64"
    )


def _refusal(
    indicators: Sequence[Indicator],
    values: pd.DataFrame,
    table: Array,
    weights: Mapping[str, float] | None,
) -> str | None:
    if len(indicators) < 2:
        return "złożyć można co najmniej dwa wskaźniki"
    if undirected := [i.short_name for i in indicators if not i.ranked]:
        return f"nie ma uzgodnionego kierunku: {', '.join(undirected)}"
    known = {i.id for i in indicators}
    wrong = [name for name, w in (weights or {}).items() if name not in known or not 0 < w < np.inf]
    if wrong:
        return f"waga musi być liczbą większą od zera i dotyczyć wybranego wskaźnika: {wrong}"
    if values["year"].nunique() > 1:
        return "wartości są z różnych lat, a zakres każdego roku jest inny"
    if len(table) < MINIMUM_RANKED:
        return (
            f"za mało jednostek ze wszystkimi wartościami ({len(table)}; potrzeba {MINIMUM_RANKED})"
        )
    flat = np.ptp(table, axis=0) == 0
    if flat.any():
        names = [i.short_name for i, same in zip(indicators, flat, strict=True) if same]
        return f"wszystkie jednostki mają tę samą wartość: {', '.join(names)}"
    return None


@dataclass(frozen=True, eq=False)
class _Orders:
    """Three ways to the same order: composite, mean z-score, mean rank."""

    unitarised: Array
    weights: Array
    composite: Array
    z_score: Array
    mean_rank: Array

    @classmethod
    def of(cls, table: Array, indicators: Sequence[Indicator], weights: Array) -> _Orders:
        unitarised = np.column_stack(
            [unitarise(column, i) for column, i in zip(table.T, indicators, strict=True)]
        )
        return cls(
            unitarised,
            weights,
            unitarised @ weights,
            mean_z_scores(table, indicators) @ weights,
            mean_ranks(unitarised) @ weights,
        )

    @property
    def leaders(self) -> list[int]:
        return _first(self.composite)

    @property
    def tau(self) -> float:
        from scipy.stats import kendalltau

        pairs = (
            (self.composite, self.z_score),
            (self.composite, self.mean_rank),
            (self.z_score, self.mean_rank),
        )
        return min(float(kendalltau(places(a), places(b)).statistic) for a, b in pairs)


def _first(scores: Array) -> list[int]:
    return np.flatnonzero(scores >= scores.max() - _HAIR).tolist()


def unitarise(column: Array, indicator: Indicator) -> Array:
    """Bring a column to 0-1 by its direction; 1 is the best in it, a target itself is 1."""
    direction = indicator.polarity.judged
    if direction == "target":
        assert indicator.polarity.target is not None  # the model requires it
        return unitarise_nominant(column, indicator.polarity.target, indicator.polarity.target)
    low, high = column.min(), column.max()
    scaled: Array = (column - low) / (high - low)
    return scaled if direction == "higher" else 1 - scaled


def unitarise_nominant(column: Array, low: float, high: float) -> Array:
    """Bring a column to 0-1 where everything between two values is the best.

    Examples
    --------
    >>> unitarise_nominant(np.array([5.0, 7, 11, 15, 20]), 10, 12).tolist()
    [0.0, 0.4, 1.0, 0.625, 0.0]
    """
    least, most = min(float(column.min()), low), max(float(column.max()), high)
    below = (column - least) / (low - least) if low > least else np.ones_like(column)
    above = (most - column) / (most - high) if most > high else np.ones_like(column)
    return np.where(column < low, below, np.where(column > high, above, 1.0))


def mean_z_scores(table: Array, indicators: Sequence[Indicator]) -> Array:
    """Return standard scores, turned so that larger is better; a target by the distance to it."""
    turned = table.copy()
    for place, indicator in enumerate(indicators):
        polarity = indicator.polarity
        if polarity.judged == "target":
            turned[:, place] = -np.abs(table[:, place] - (polarity.target or 0.0))
        elif polarity.judged == "lower":
            turned[:, place] = -table[:, place]
    spread = turned.std(axis=0)
    # all equally far from a target: nobody is better
    standard: Array = (turned - turned.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return standard


def mean_ranks(unitarised: Array) -> Array:
    """Return ranks in each column, the worst 1, ties in the middle of their places."""
    from scipy.stats import rankdata

    ranks: Array = rankdata(unitarised.round(12), axis=0)
    return ranks


def places(scores: Array) -> NDArray[np.int64]:
    """Return the competition rank of each score, the largest first.

    Examples
    --------
    >>> places(np.array([2.0, 3, 1, 3])).tolist()
    [3, 1, 4, 1]
    """
    from scipy.stats import rankdata

    ranks: NDArray[np.int64] = rankdata(-scores.round(12), method="min").astype("int64")
    return ranks


def _without_extremes(
    table: Array, indicators: Sequence[Indicator], weights: Array, named: Sequence[str]
) -> pd.DataFrame:
    """Say who leads without each unit that alone sets the range of an indicator."""
    import pandas as pd

    edges = [
        np.flatnonzero(column == edge)
        for column in table.T
        for edge in (column.min(), column.max())
    ]
    extremes = sorted({int(found[0]) for found in edges if len(found) == 1})
    told: list[tuple[str, tuple[str, ...]]] = []
    for extreme in extremes:
        rest = np.delete(table, extreme, axis=0)
        if (np.ptp(rest, axis=0) == 0).any():
            told.append((named[extreme], ()))
            continue
        kept = [code for n, code in enumerate(named) if n != extreme]
        orders = _Orders.of(rest, indicators, weights)
        told.append((named[extreme], tuple(kept[n] for n in orders.leaders)))
    return pd.DataFrame(told, columns=["unit_code", "leaders"])


def _why_no_order(
    orders: _Orders, leaders: tuple[str, ...], share: float | None, without: pd.DataFrame
) -> str | None:
    """Return why the order depends on how it was made; None when it does not."""
    if not orders.tau >= LEAST_TAU:
        return "inne sposoby liczenia dają inną kolejność"
    if len(leaders) > 1:
        return "pierwsze miejsce dzieli kilka jednostek"
    if any(orders.leaders[0] not in _first(s) for s in (orders.z_score, orders.mean_rank)):
        return "przy innym sposobie liczenia pierwsza jest inna jednostka"
    others = without[without["unit_code"] != leaders[0]]["leaders"]
    if any(leaders[0] not in found for found in others):
        return "bez jednej skrajnej jednostki pierwsza jest inna"
    if share is None or share < LEADER_HOLDS:
        return "przy innych wagach pierwsza jest inna jednostka"
    return None


def _rows(
    codes: Sequence[str], whole: NDArray[np.bool_], orders: _Orders, *, ranked: bool
) -> pd.DataFrame:
    import pandas as pd

    value = np.full(len(codes), np.nan)
    value[whole] = orders.composite
    told = {}
    for name, scores in (
        ("rank", orders.composite),
        ("rank_z", orders.z_score),
        ("rank_mean", orders.mean_rank),
    ):
        column = np.full(len(codes), np.nan)
        if ranked:
            column[whole] = places(scores)
        told[name] = pd.array(column).astype("Int64")
    reason = np.where(whole, "", "brak wartości jednego ze wskaźników")
    return unit_rows(codes, value=value, reason=reason, **told)


def read_composite(found: Composite, labels: Mapping[str, str]) -> Reading | None:
    """Return the sentence beside a composite; None where the method refused.

    Parameters
    ----------
    found : Composite
        The figures.
    labels : mapping of str to str
        Polish name by code.
    """
    if found.reason is not None:
        return None
    withheld = f" Kolejności nie podajemy: {found.unranked}." if found.unranked else ""
    if found.leader_share is None:
        return Reading(f"Pozycja w zestawieniu zależy od przyjętych wag.{withheld}")
    return Reading(
        "Pozycja w zestawieniu zależy od przyjętych wag: przy {share} możliwych wag pierwsza "
        f"byłaby jednostka {in_braces(labels[found.leaders[0]])}.{withheld}",
        {"share": Figure(100 * found.leader_share, 0, "%")},
    )
