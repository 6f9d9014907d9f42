"""How much is a place worth? Rank intervals and the probability of the best quarter (M10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.counts import counts_refusal, lay_out_counts
from smup_lib.compare.intervals import chance_warnings
from smup_lib.compare.methods import METHODS
from smup_lib.compare.position import badness
from smup_lib.compare.reconciliation import half_digit
from smup_lib.compare.result import UnitResults, check_one_row, count_flags, refused_rows, unit_rows
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.units.peer_group import MINIMUM_RANKED

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Array]

DRAWS = 10_000
SEED = 20_260_101
#: What the two kinds of interval are called; one must never stand for the other.
LABELS = {"rounding": "niepewność zaokrąglenia", "chance": "niepewność wyniku"}
_NO_RANK = "wskaźnik nie ma uzgodnionego kierunku, więc nie ma miejsc"
#: So many numbers are drawn at a time.
_AT_ONCE = 2_000_000


@dataclass(frozen=True, kw_only=True)
class RankIntervals(UnitResults):
    """Places of units that are ranked together, with what the place is worth.

    ``value`` is the competition rank (1 is best), ``low`` and ``high`` the interval of the place,
    ``best_quarter`` the probability of a place among the best :attr:`best`, ``ties`` how many
    others share the printed value.

    Attributes
    ----------
    best : int
        Places of the best quarter.
    label : str
        Polish name of the uncertainty: of rounding or of the result.
    seed, n_draws : int or None
        Of the random draws; None where there were none.
    """

    best: int = 0
    label: str = ""
    seed: int | None = None
    n_draws: int | None = None


def compare_rank_rounding(
    indicator: Indicator, values: pd.DataFrame, seed: int = SEED, draws: int = DRAWS
) -> RankIntervals:
    """Say between which places the printed digits leave a unit.

    The bounds are certain: no true value behind the digits gives another place. They are not the
    whole uncertainty, only that of rounding.

    Parameters
    ----------
    indicator : Indicator
        With a signed direction; ``decimals`` are used where the rows have none.
    values : DataFrame
        ``unit_code, value, flag`` and, where it is there, ``decimals``: all who are ranked
        together.
    seed, draws : int
        Of random draws, needed only where precision is mixed or a target is the yardstick.

    Returns
    -------
    RankIntervals
        With ``kind="rounding"``.

    References
    ----------
    Goldstein and Spiegelhalter 1996, JRSS A 159:385.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> signed = {"direction": "higher", "reason": "x", "signed_by": ("a", "b")}
    >>> higher = share.model_copy(update={"polarity": type(share.polarity)(**signed)})
    >>> rows = pd.DataFrame({"unit_code": list("abcdefgh"), "flag": "ok",
    ...                      "value": [95.0, 90, 90, 90, 85, 80, 75, 70]})
    >>> found = compare_rank_rounding(higher, rows).rows
    >>> found[["value", "low", "high", "best_quarter"]].round(3).values.tolist()[:2]
    [[1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 4.0, 0.333]]
    """
    known = _known(values)
    if (why := _refusal(indicator, known)) is not None:
        return _refused(values, why)
    places = np.where(
        np.isnan(_decimals(indicator, values)), indicator.decimals, _decimals(indicator, values)
    )[known]
    half = half_digit(places)
    numbers = _as_printed(values["value"].to_numpy(dtype="float64")[known], 2 * half)
    best = len(numbers) // 4
    low, high = badness_range(indicator, numbers - half, numbers + half)
    first, last = rank_bounds(low, high)
    mixed = len(set(places.tolist())) > 1 or indicator.polarity.judged == "target"
    if mixed:
        ranks = draw_ranks(_uniform(indicator, numbers, half), seed, draws)
        probability = (ranks <= best).mean(axis=0)
    else:
        probability = np.clip((best - first + 1) / (last - first + 1), 0, 1)
    shared = badness(indicator, numbers)
    columns = _columns(shared, first, last, probability)
    return RankIntervals(
        method=METHODS["M10"],
        rows=_ranked_rows(values, known, columns),
        level=1.0,
        kind="rounding",
        n_used=len(numbers),
        n_flags=count_flags(values),
        best=best,
        label=LABELS["rounding"],
        seed=seed if mixed else None,
        n_draws=draws if mixed else None,
    )


def compare_rank_chance(
    indicator: Indicator, values: pd.DataFrame, seed: int = SEED, draws: int = DRAWS
) -> RankIntervals:
    """Say between which places chance could leave a unit, from its counts.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio``, method ``share`` or ``rate`` and a signed direction.
    values : DataFrame
        ``unit_code, value, flag, numerator, denominator``: all who are ranked together.
    seed, draws : int
        Of the random draws: Beta of a share, Gamma of a rate (Jeffreys).

    Returns
    -------
    RankIntervals
        With ``kind="chance"``; bounds hold the middle 95 % of the drawn places.

    References
    ----------
    Goldstein and Spiegelhalter 1996, JRSS A 159:385.
    """
    why = counts_refusal("M3", indicator)
    counts = lay_out_counts(indicator, values) if why is None else None
    known = np.zeros(len(values), dtype=bool) if counts is None else counts.known
    why = why or _refusal(indicator, known)
    if why is not None or counts is None:
        return _refused(values, why or "", "chance")
    count, base = counts.count[known], counts.base[known]
    ratio = indicator.multiplier * count / base
    ranks = draw_ranks(_posterior(indicator, count, base), seed, draws)
    best = len(count) // 4
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="closest_observation")
    columns = _columns(badness(indicator, ratio), low, high, (ranks <= best).mean(axis=0))
    return RankIntervals(
        method=METHODS["M10"],
        rows=_ranked_rows(values, known, columns),
        n_used=len(count),
        n_flags=count_flags(values),
        best=best,
        label=LABELS["chance"],
        seed=seed,
        n_draws=draws,
        warnings=chance_warnings(indicator),
    )


def badness_range(indicator: Indicator, least: Array, most: Array) -> tuple[Array, Array]:
    """Return between which bounds the badness of values lies, when the values lie between two."""
    ends = np.stack([badness(indicator, least), badness(indicator, most)])
    low, high = ends.min(axis=0), ends.max(axis=0)
    target = indicator.polarity.target
    if indicator.polarity.judged == "target" and target is not None:
        low = np.where((least <= target) & (target <= most), 0.0, low)
    return low, high


def rank_bounds(low: Array, high: Array) -> tuple[Array, Array]:
    """Return the best and the worst place of each unit whose badness lies between bounds.

    Examples
    --------
    >>> first, last = rank_bounds(np.array([1.0, 1, 3]), np.array([2.0, 2, 4]))
    >>> first.tolist(), last.tolist()
    ([1.0, 1.0, 3.0], [2.0, 2.0, 3.0])
    """
    # bounds that touch do not overlap; floating point must not make them
    hair = 1e-9 * max(1.0, float(np.abs(high).max(initial=0.0)))
    better = np.searchsorted(np.sort(high), low + hair, side="right")
    not_worse = np.searchsorted(np.sort(low), high - hair, side="left")
    return 1.0 + np.asarray(better, dtype="float64"), np.asarray(not_worse, dtype="float64")


def draw_ranks(draw: Draw, seed: int, draws: int = DRAWS) -> NDArray[np.int16]:
    """Return the places of units in random draws, one line per draw; 1 is best.

    Parameters
    ----------
    draw : callable
        Takes a generator and a number of draws, returns badness: one line per draw.
    seed, draws : int
        Of ``numpy.random.default_rng``.
    """
    generator = np.random.default_rng(seed)
    width = draw(np.random.default_rng(seed), 1).shape[1]
    ranks = np.empty((draws, width), dtype=np.int16)
    step = max(1, _AT_ONCE // width)
    for start in range(0, draws, step):
        part = ranks[start : start + step]
        order = draw(generator, len(part)).argsort(axis=1)
        places = np.broadcast_to(np.arange(1, width + 1, dtype=np.int16), order.shape)
        np.put_along_axis(part, order, places, axis=1)
    return ranks


def _uniform(indicator: Indicator, numbers: Array, half: Array) -> Draw:
    def draw(generator: np.random.Generator, size: int) -> Array:
        return badness(
            indicator, generator.uniform(numbers - half, numbers + half, (size, len(numbers)))
        )

    return draw


def _posterior(indicator: Indicator, count: Array, base: Array) -> Draw:
    def draw(generator: np.random.Generator, size: int) -> Array:
        shape = (size, len(count))
        if indicator.method == "share":
            ratios = generator.beta(count + 0.5, np.rint(base) - count + 0.5, shape)
        else:
            ratios = generator.gamma(count + 0.5, 1.0, shape) / base
        return badness(indicator, indicator.multiplier * ratios)

    return draw


def _as_printed(numbers: Array, step: Array) -> Array:
    """Return numbers as their digits say; halves away from zero."""
    return np.asarray(np.sign(numbers) * np.floor(np.abs(numbers) / step + 0.5 + 1e-9) * step)


def _known(values: pd.DataFrame) -> NDArray[np.bool_]:
    check_one_row(values)
    return (values["value"].notna() & values["flag"].isin(NUMBER_FLAGS)).to_numpy(dtype=bool)


def _decimals(indicator: Indicator, values: pd.DataFrame) -> Array:
    if "decimals" not in values:
        return np.full(len(values), float(indicator.decimals))
    return values["decimals"].to_numpy(dtype="float64", na_value=np.nan)


def _refusal(indicator: Indicator, known: NDArray[np.bool_]) -> str | None:
    if not indicator.ranked:
        return _NO_RANK
    n = int(known.sum())
    if n < MINIMUM_RANKED:
        return f"za mało jednostek z wartością ({n}; potrzeba {MINIMUM_RANKED})"
    return None


def _refused(values: pd.DataFrame, why: str, kind: str = "rounding") -> RankIntervals:
    return RankIntervals(
        method=METHODS["M10"],
        rows=refused_rows(values["unit_code"], why),
        kind="chance" if kind == "chance" else "rounding",
        n_flags=count_flags(values),
        reason=why,
        label=LABELS[kind],
    )


def _columns(shared: Array, low: Array, high: Array, best_quarter: Array) -> dict[str, Array]:
    from scipy.stats import rankdata

    # what the digits say is equal must not differ by a hair of floating point
    told_apart = np.round(shared, 9)
    rank = rankdata(told_apart, method="min")
    ties = rankdata(told_apart, method="max") - rank
    return {"value": rank, "low": low, "high": high, "best_quarter": best_quarter, "ties": ties}


def _ranked_rows(
    values: pd.DataFrame, known: NDArray[np.bool_], columns: dict[str, Array]
) -> pd.DataFrame:
    full = {}
    for name, column in columns.items():
        full[name] = np.full(len(known), np.nan)
        full[name][known] = column
    reason = np.where(known, "", "jednostka nie ma wartości w tym roku")
    return unit_rows(values["unit_code"], reason=reason, **full)
