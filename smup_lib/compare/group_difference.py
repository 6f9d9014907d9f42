"""Which of many units differ from their groups by more than chance? (M4a for all at once)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.chance import (
    CONFIDENCE_LEVELS,
    MINIMUM_COUNTED_PEERS,
    difference_p_values,
    differs,
)
from smup_lib.compare.counts import Counts, counts_refusal, lay_out_counts
from smup_lib.compare.intervals import chance_warnings, ratio_interval
from smup_lib.compare.judging import judge_bounds
from smup_lib.compare.methods import METHODS
from smup_lib.compare.peers import Peers
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.indicators.aggregate import MINIMUM_COVERAGE

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]


class GroupSums(NamedTuple):
    """Sums over the peers of each row, without the row itself, and why one may not be used (M1)."""

    numerator: Array
    denominator: Array
    n_used: Array
    reason: NDArray[np.object_]


def compare_differences(
    indicator: Indicator, values: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> UnitResults:
    """Judge many units against the summed value of their peers, at 95 % and 99.8 %.

    One unit at a time is :func:`smup_lib.compare.chance.compare_chance`; the rules are the same.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio`` and method ``share`` or ``rate``.
    values : DataFrame
        ``unit_code, numerator, denominator, flag`` of one indicator and year, one row per unit.
    groups : mapping of str to sequence of str
        Unit to members of its group; the unit itself is left out. Units without a group refuse.

    Returns
    -------
    UnitResults
        Value and its 95 % interval in the measure unit; ``group_value``, ``n_peers``, ``side``
        (``above, below, equal``), ``excluded_at`` (0 when chance explains the difference, else
        the highest of 0.95 and 0.998 at which it does not), ``standing`` (``better, worse,
        similar, not_judged``) and ``p_value`` (two-sided, for :mod:`smup_lib.compare.batch`).

    References
    ----------
    Newcombe 1998; Zou and Donner 2008; M15 or M24 belongs beside a batch.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": list("abcdef"), "flag": "ok",
    ...     "numerator": [12.0, 88, 100, 100, 200, 100],
    ...     "denominator": [80.0, 420, 500, 500, 1000, 500]})
    >>> found = compare_differences(share, rows, {"a": list("abcdef")}).rows
    >>> found.loc[0, ["group_value", "excluded_at"]].round(7).tolist(), found.loc[1, "reason"]
    ([20.1369863, 0.0], 'jednostka nie ma grupy porównawczej')
    """
    flags = count_flags(values)
    if (why := counts_refusal("M4a", indicator)) is not None:
        rows = refused_rows(values["unit_code"], why)
        return UnitResults(method=METHODS["M4a"], rows=rows, n_flags=flags, reason=why)
    counts = lay_out_counts(indicator, values)
    sums = sum_groups(values, Peers(counts.unit_codes, groups))
    reason = np.where(counts.known, sums.reason, counts.reason).astype(object)
    rows = _judged_rows(indicator, counts, sums, reason)
    return UnitResults(
        method=METHODS["M4a"],
        rows=rows,
        n_used=int((reason == "").sum()),
        n_flags=flags,
        warnings=chance_warnings(indicator),
    )


def sum_groups(values: pd.DataFrame, peers: Peers) -> GroupSums:
    """Sum numerators and denominators over the peers of each row (M1, the row left out).

    Parameters
    ----------
    values : DataFrame
        ``numerator, denominator, flag``; rows as :class:`smup_lib.compare.peers.Peers` knows them.
    peers : Peers
        Who is summed.

    Returns
    -------
    GroupSums
        The same sums and refusals as
        :func:`smup_lib.indicators.aggregate.compute_group_value` gives for each group.
    """
    above = values["numerator"].to_numpy(dtype="float64")
    below = values["denominator"].to_numpy(dtype="float64")
    counted = ~np.isnan(above + below) & values["flag"].isin(NUMBER_FLAGS).to_numpy()
    n_used, known = peers.sums(counted.astype("float64")), peers.sums(below)
    numerator, denominator = (peers.sums(np.where(counted, part, 0.0)) for part in (above, below))
    thin = (n_used < MINIMUM_COVERAGE * peers.sizes) | (denominator < MINIMUM_COVERAGE * known)
    reason = np.select(
        [peers.sizes == 0, n_used < MINIMUM_COUNTED_PEERS, thin, denominator == 0],
        [
            "jednostka nie ma grupy porównawczej",
            "za mało jednostek grupy ma znane liczebności",
            "za mało jednostek ma licznik i mianownik",
            "brak mianownika",
        ],
        "",
    )
    return GroupSums(numerator, denominator, n_used, reason.astype(object))


def _judged_rows(
    indicator: Indicator, counts: Counts, sums: GroupSums, reason: NDArray[np.object_]
) -> pd.DataFrame:
    told = reason == ""
    own, group = (
        (counts.count[told], counts.base[told]),
        (sums.numerator[told], sums.denominator[told]),
    )
    excluded = np.zeros(len(own[0]))
    for level in CONFIDENCE_LEVELS:
        excluded[differs(indicator.method, own, group, level)] = level
    low, high = ratio_interval(indicator.method, *own, CONFIDENCE_LEVELS[0])
    rate, group_rate = own[0] / own[1], group[0] / group[1]
    times = indicator.multiplier
    standing = np.where(
        (excluded == 0) & indicator.ranked,
        "similar",
        judge_bounds(indicator, times * low, times * high, times * group_rate),
    )
    columns = {
        "value": times * rate,
        "low": times * low,
        "high": times * high,
        "group_value": times * group_rate,
        "n_peers": sums.n_used[told],
        "side": np.select([rate > group_rate, rate < group_rate], ["above", "below"], "equal"),
        "excluded_at": excluded,
        "standing": standing,
        "p_value": difference_p_values(indicator.method, own, group),
    }
    return unit_rows(
        counts.unit_codes,
        reason=reason,
        **{name: _spread(column, told) for name, column in columns.items()},
    )


def _spread(column: NDArray[np.generic], told: NDArray[np.bool_]) -> NDArray[np.generic]:
    """Put the answers of some rows back among all rows; the others are null, or ``unknown``."""
    words = column.dtype.kind in "OUS"
    full = np.full(len(told), "unknown" if words else np.nan, dtype=object if words else "float64")
    full[told] = column
    return full
