"""From whom can we learn? Similar, certainly better, and not beaten by another such unit (M13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.counts import NO_SHARE_NO_RATE, lay_out_counts
from smup_lib.compare.intervals import Bounds, difference_interval, ratio_interval
from smup_lib.compare.methods import METHODS, basis_of
from smup_lib.compare.reading import Figure, Reading, difference_unit, in_braces
from smup_lib.compare.reconciliation import half_digit
from smup_lib.compare.result import (
    IntervalKind,
    UnitResults,
    check_one_row,
    count_flags,
    refused_rows,
    unit_rows,
)
from smup_lib.flags import FEW_CASES, NUMBER_FLAGS
from smup_lib.polish_text import in_sentence

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Why a peer is no lesson: its result is no better, or not by enough to matter.
NOT_BETTER = "wynik nie jest lepszy"
TOO_NEAR = "różnica jest mniejsza od najmniejszej, która ma znaczenie"


@dataclass(frozen=True, eq=False)
class Paired:
    """What stands beside the outcome: quality, access or cost of the same service, same year.

    Attributes
    ----------
    indicator : Indicator
        A cost, or an indicator with a signed direction.
    values : DataFrame
        ``unit_code, value, flag``; one row per unit.
    """

    indicator: Indicator
    values: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class LearnablePeers(UnitResults):
    """Whom to ask. ``value`` is by how much a peer is better, in the measure unit; always above 0.

    ``rows`` holds the peers in their order (the most similar first) and besides the common columns
    ``own`` (the peer's value) and, for each paired indicator, ``gain:<id>``: by how much the peer
    is better in it, negative when worse. ``low`` is the least the peer is better by.
    """


def compare_learnable(
    indicator: Indicator,
    values: pd.DataFrame,
    unit_code: str,
    members: Sequence[str],
    paired: Sequence[Paired] = (),
    unfit: Mapping[str, str] | None = None,
) -> LearnablePeers:
    """Find the peers from whom a unit can learn, with the reason why the others are not.

    Parameters
    ----------
    indicator : Indicator
        With a signed direction; never a cost alone.
    values : DataFrame
        ``unit_code, value, flag`` of one indicator and year, and, as far as known, ``qualifiers``,
        ``decimals``, ``numerator``, ``denominator``; one row per unit.
    unit_code : str
        Who wants to learn.
    members : sequence of str
        The most similar units, the nearest first (M11).
    paired : sequence of Paired
        Quality, access and cost of the same service. A peer must have all of them.
    unfit : mapping of str to str, optional
        Polish reason why a unit may be no peer, by code, such as earlier years that do not bear it
        out (:func:`smup_lib.compare.weigh_years`); it cannot stand in the way of another either.

    Returns
    -------
    LearnablePeers
        Certainly better means: with counts, the 95 % interval of the difference excludes 0
        (Newcombe); without, the printed digits leave no doubt and the difference is at least the
        catalogue's ``minimum_gap``.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17:873; the rule itself is the project's.
    """
    peers = [code for code in dict.fromkeys(members) if code != unit_code]
    counted = basis_of(indicator) == "count_ratio"
    check_one_row(values)
    shown = values.set_index("unit_code").reindex([unit_code, *peers])
    why = _refusal(indicator, shown.iloc[0], paired, counted=counted)
    kind: IntervalKind = "chance" if counted else "rounding"
    flags = count_flags(values[values["unit_code"].isin(peers)])
    if why is not None:
        rows = refused_rows(peers, why)
        return LearnablePeers(
            method=METHODS["M13"], rows=rows, kind=kind, n_flags=flags, reason=why
        )
    gain, low, high, known = _gains(indicator, shown, counted=counted)
    beside = {f"gain:{p.indicator.id}": _paired_gain(p, unit_code, peers) for p in paired}
    reason = _reasons(indicator, (gain, low, known), beside, counted=counted)
    told = np.array([(unfit or {}).get(code, "") for code in peers], dtype=object)
    reason = np.where(reason == "", told, reason)
    _mark_dominated(reason, np.column_stack([gain, *beside.values()]), peers)
    own = shown["value"].to_numpy(dtype="float64")[1:]
    rows = unit_rows(peers, value=gain, low=low, high=high, reason=reason, own=own, **beside)
    return LearnablePeers(
        method=METHODS["M13"],
        rows=rows,
        level=0.95 if counted else 1.0,
        kind=kind,
        n_used=int(known.sum()),
        n_flags=flags,
        warnings=_unasked(paired),
    )


def _unasked(paired: Sequence[Paired]) -> tuple[str, ...]:
    """Warn of what stood beside nobody: without its cost a peer may be better and far dearer."""
    if not paired:
        return ("Nie sprawdzono kosztu ani innych wymiarów tej usługi.",)
    costs = any(p.indicator.cost for p in paired)
    return () if costs else ("Nie sprawdzono kosztu tej usługi.",)


def _refusal(
    indicator: Indicator, own: pd.Series, paired: Sequence[Paired], *, counted: bool
) -> str | None:
    if not indicator.ranked:
        return "nie ma uzgodnionego kierunku, więc nikt nie jest tu lepszy"
    if counted and indicator.method not in ("share", "rate"):
        return NO_SHARE_NO_RATE
    if not counted and indicator.minimum_gap is None:
        return "katalog nie mówi, jaka różnica ma tu znaczenie"
    undirected = [
        p.indicator.short_name for p in paired if not (p.indicator.ranked or p.indicator.cost)
    ]
    if undirected:
        return f"nie ma uzgodnionego kierunku: {', '.join(undirected)}"
    lacking = [] if own["flag"] in NUMBER_FLAGS else [indicator.short_name]
    lacking += [p.indicator.short_name for p in paired if np.isnan(_value(p, own.name))]
    if lacking:
        return f"jednostka nie ma wartości: {', '.join(lacking)}"
    return None


def _value(paired: Paired, code: object) -> float:
    return float(_numbers(paired.values, [str(code)])[0])


def _numbers(values: pd.DataFrame, codes: Sequence[str]) -> Array:
    numbers = values[values["flag"].isin(NUMBER_FLAGS)]
    found: Array = numbers.set_index("unit_code")["value"].reindex(list(codes)).to_numpy("float64")
    return found


def _gains(
    indicator: Indicator, shown: pd.DataFrame, *, counted: bool
) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Return by how much each peer is better, the bounds of that, and who could be asked."""
    value = shown["value"].to_numpy(dtype="float64")
    if counted:
        counts = lay_out_counts(indicator, shown.reset_index())
        known = counts.known
        low, high = np.full((2, len(value)), np.nan)
        low[known], high[known] = (
            indicator.multiplier * bound
            for bound in ratio_interval(indicator.method, counts.count[known], counts.base[known])
        )
    else:
        half = half_digit(shown["decimals"]) if "decimals" in shown else np.zeros(len(value))
        known = shown["flag"].isin(NUMBER_FLAGS).to_numpy() & ~_rests_on_few(shown)
        low, high = value - half, value + half
    gain, least, most = _better_by(indicator, value, (low, high), independent=counted)
    return gain, least, most, known[1:] & known[0]


def _rests_on_few(shown: pd.DataFrame) -> NDArray[np.bool_]:
    if "qualifiers" not in shown:
        return np.zeros(len(shown), dtype=bool)
    texts = shown["qualifiers"].fillna("")
    return np.array([not FEW_CASES.isdisjoint(text.split(",")) for text in texts], dtype=bool)


def _better_by(
    indicator: Indicator, value: Array, bounds: Bounds, *, independent: bool
) -> tuple[Array, Array, Array]:
    """Return the gain of all but the first over the first, with its bounds.

    Bounds of independent counts are joined by square and add, those of rounding end to end, and
    those of distances to a target end to end too: a distance is no difference of two counts.
    """
    polarity = indicator.polarity
    if polarity.judged == "target":
        assert polarity.target is not None  # the model requires it
        distance = np.abs(value - polarity.target)
        ends = np.abs(np.vstack(bounds) - polarity.target)
        inside = (bounds[0] <= polarity.target) & (polarity.target <= bounds[1])
        near, far = np.where(inside, 0.0, ends.min(axis=0)), ends.max(axis=0)
        return distance[0] - distance[1:], near[0] - far[1:], far[0] - near[1:]
    sign = 1.0 if polarity.judged == "higher" else -1.0
    low, high = bounds
    if independent:
        least, most = difference_interval(
            value[1:], (low[1:], high[1:]), value[:1], (low[:1], high[:1])
        )
    else:
        least, most = low[1:] - high[0], high[1:] - low[0]
    if sign < 0:
        least, most = -most, -least
    return sign * (value[1:] - value[0]), least, most


def _paired_gain(paired: Paired, unit_code: str, peers: Sequence[str]) -> Array:
    """Return by how much each peer is better than the unit in a paired indicator; cheaper is."""
    numbers = _numbers(paired.values, [unit_code, *peers])
    polarity = paired.indicator.polarity
    if polarity.judged == "target" and not paired.indicator.cost:
        assert polarity.target is not None  # the model requires it
        numbers = -np.abs(numbers - polarity.target)
    turned = paired.indicator.cost or polarity.judged == "lower"
    gain: Array = (-1.0 if turned else 1.0) * (numbers[1:] - numbers[0])
    return gain


def _reasons(
    indicator: Indicator,
    gains: tuple[Array, Array, NDArray[np.bool_]],
    beside: Mapping[str, Array],
    *,
    counted: bool,
) -> NDArray[np.object_]:
    gain, low, known = gains
    whole = np.all([~np.isnan(column) for column in beside.values()] or [known], axis=0)
    near = np.zeros(len(gain), dtype=bool)
    if not counted:
        # a difference of printed decimals is a hair beside its decimal digits
        near = gain < (indicator.minimum_gap or 0.0) - 1e-9
    return np.select(
        [~known, ~(gain > 0), ~(low > 0), near, ~whole],
        [
            "liczebności nie są znane"
            if counted
            else "brak wartości albo wartość z kilku przypadków",
            NOT_BETTER,
            "różnica może być przypadkiem" if counted else "różnica mieści się w zaokrągleniu",
            TOO_NEAR,
            "brak kosztu albo innego wymiaru tej usługi",
        ],
        "",
    ).astype(object)


def _mark_dominated(reason: NDArray[np.object_], gains: Array, peers: Sequence[str]) -> None:
    """Write beside each candidate who is no worse in anything and better in something."""
    if gains.shape[1] < 2:
        return  # with the outcome alone every candidate but the best would fall
    candidates = np.flatnonzero(reason == "")
    for place in candidates:
        no_worse = (gains[candidates] >= gains[place]).all(axis=1)
        better = (gains[candidates] > gains[place]).any(axis=1)
        beating = candidates[no_worse & better]
        if len(beating):
            reason[place] = f"we wszystkim nie gorsza jest jednostka {peers[beating[0]]}"


def read_learnable(
    found: LearnablePeers,
    indicator: Indicator,
    peer: str,
    labels: Mapping[str, str],
    paired: Sequence[Paired] = (),
) -> Reading | None:
    """Return the sentence that sends a unit to a peer; None where there is nothing to learn.

    Parameters
    ----------
    found : LearnablePeers
        Who was found.
    indicator : Indicator
        The outcome.
    peer : str
        Code of the peer.
    labels : mapping of str to str
        Polish name by code.
    paired : sequence of Paired
        As for :func:`compare_learnable`; of a cost the sentence says whether it is higher, of
        quality and access only what is worse.
    """
    row = found.rows[found.rows["unit_code"] == peer].iloc[0]
    if row["reason"]:
        return None
    how = {"higher": "wyższy", "lower": "niższy"}.get(indicator.polarity.judged, "bliższy celu")
    figures = {
        "least": Figure(
            float(row["low"]), indicator.decimals, difference_unit(indicator.measure_unit)
        )
    }
    costs = ""
    for place, beside in enumerate(p.indicator for p in paired if not p.indicator.cost):
        if (gain := float(row[f"gain:{beside.id}"])) < 0:
            name = in_braces(in_sentence(beside.short_name))
            costs += f", za to gorzej ({name}) o {{beside{place}}}"
            unit = difference_unit(beside.measure_unit)
            figures[f"beside{place}"] = Figure(-gain, beside.decimals, unit)
    for place, cost in enumerate(p.indicator for p in paired if p.indicator.cost):
        gain = float(row[f"gain:{cost.id}"])
        costs += f", koszt ({in_braces(in_sentence(cost.short_name))}) "
        if gain >= 0:
            costs += "nie wyższy"
            continue
        costs += f"wyższy o {{cost{place}}}"
        figures[f"cost{place}"] = Figure(-gain, cost.decimals, cost.measure_unit)
    return Reading(
        f"Warto zapytać: {in_braces(labels[peer])}. To jednostka podobna, "
        f"wynik {how} o co najmniej {{least}}{costs}.",
        figures,
    )
