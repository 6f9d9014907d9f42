"""Where do many units stand in their groups, and is their cost typical? (M9 and M4b at once)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.methods import METHODS, basis_of, basis_refusal
from smup_lib.compare.peers import Peers
from smup_lib.compare.position import (
    MINIMUM_COST,
    SMALLEST_GAP_PERCENT,
    badness,
    find_departures,
    round_for_display,
)
from smup_lib.compare.result import UnitResults, check_one_row, count_flags, refused_rows, unit_rows
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.units.peer_group import MINIMUM_RANKED

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Said of a unit without a value in the year.
NO_VALUE = "jednostka nie ma wartości w tym roku"


def compare_places(
    indicator: Indicator, values: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> UnitResults:
    """Give many units their place in their own groups: percentile, competition rank, gap.

    One unit at a time is :func:`smup_lib.compare.position.compare_position`; the numbers are the
    same.

    Parameters
    ----------
    indicator : Indicator
        Gives polarity and rounding; without a signed direction there is no rank.
    values : DataFrame
        ``unit_code, value, flag`` of one indicator and year, one row per unit.
    groups : mapping of str to sequence of str
        Unit to members of its group; the unit itself is left out of the percentile and counted in
        the rank.

    Returns
    -------
    UnitResults
        ``value`` is the mid-rank percentile among the peers, 0-1. Own columns: ``shown`` (the
        unit's value), ``median``, ``gap``, ``n_peers``, ``below``, ``equal``, and by polarity
        ``merit`` (share of peers that are worse, ties halved), ``rank``, ``n_ranked``, ``ties``;
        the last four are null where nobody may rank.

    References
    ----------
    Mid-rank percentile and competition rank are standard; quantiles are type 7 of Hyndman and
    Fan (1996).

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": list("abcdefghi"), "flag": "ok",
    ...                      "value": [1.0, 2, 3, 4, 5, 6, 7, 8, 9]})
    >>> found = compare_places(share, rows, dict.fromkeys("abcdefghi", tuple("abcdefghi")))
    >>> found.rows["value"].tolist()
    [0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0]
    """
    numbers = _numbers(values)
    peers = Peers(values["unit_code"].tolist(), groups)
    columns = _placed(indicator, numbers, peers)
    reason = np.select(
        [np.isnan(numbers), columns["n_peers"] < MINIMUM_RANKED],
        [NO_VALUE, f"wartości w grupie jest mniej niż {MINIMUM_RANKED}"],
        "",
    )
    return UnitResults(
        method=METHODS["M9"],
        rows=unit_rows(values["unit_code"], reason=reason, **columns),
        n_used=int((reason == "").sum()),
        n_flags=count_flags(values),
    )


def compare_costs(
    indicator: Indicator,
    values: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    paired: Sequence[str],
) -> UnitResults:
    """Say which unit costs are typical of their groups and which depart, on both sides (M4b).

    Parameters
    ----------
    indicator : Indicator
        A unit cost (``polarity.judge: two_sided``).
    values, groups
        As for :func:`compare_places`.
    paired : sequence of str
        Units that have a value of quality or access of the same service beside their cost; a cost
        alone is never told.

    Returns
    -------
    UnitResults
        Columns of :func:`compare_places` and ``departure``: ``typical``, ``departs`` or
        ``strongly_departs``; ``side`` of the median.

    References
    ----------
    A rule of this project: always two-sided, the unit itself left out.
    """
    flags = count_flags(values)
    why = basis_refusal("M4b", basis_of(indicator))
    if why is None and indicator.polarity.judge != "two_sided":
        why = "wskaźnik nie jest kosztem ocenianym z obu stron"
    if why is not None:
        rows = refused_rows(values["unit_code"], why)
        return UnitResults(method=METHODS["M4b"], rows=rows, n_flags=flags, reason=why)
    numbers = _numbers(values)
    columns = _placed(indicator, numbers, Peers(values["unit_code"].tolist(), groups))
    reason = np.select(
        [
            np.isnan(numbers),
            columns["n_peers"] < MINIMUM_COST,
            ~values["unit_code"].isin(paired).to_numpy(),
        ],
        [
            NO_VALUE,
            f"wartości w grupie jest mniej niż {MINIMUM_COST}",
            "obok kosztu nie ma wskaźnika jakości ani dostępności tej usługi",
        ],
        "",
    ).astype(object)
    rows = unit_rows(values["unit_code"], reason=reason, **columns)
    smallest = SMALLEST_GAP_PERCENT / 100 * np.abs(columns["median"])
    departures = find_departures(columns["value"], np.abs(columns["gap"]) >= smallest)
    rows["departure"] = np.where(reason == "", departures, "unknown")
    rows["side"] = np.select([columns["gap"] > 0, columns["gap"] < 0], ["above", "below"], "equal")
    return UnitResults(
        method=METHODS["M4b"], rows=rows, n_used=int((reason == "").sum()), n_flags=flags
    )


def _numbers(values: pd.DataFrame) -> Array:
    check_one_row(values)
    numbers = values["value"].to_numpy(dtype="float64", copy=True)
    numbers[~values["flag"].isin(NUMBER_FLAGS).to_numpy()] = np.nan
    return numbers


def _placed(indicator: Indicator, numbers: Array, peers: Peers) -> dict[str, Array]:
    """Return place and gap of every row beside its peers; null where there is none."""
    shown = round_for_display(numbers, indicator)
    n = peers.sums((~np.isnan(numbers)).astype("float64"))
    below, equal = peers.places(shown)
    (median,) = peers.quantiles(numbers, [0.5])
    columns = {"shown": numbers, "median": median, "gap": numbers - median, "n_peers": n}
    columns |= {"value": _part(below + equal / 2, n), "below": below, "equal": equal}
    if not indicator.ranked:
        nobody = np.full(len(n), np.nan)
        return columns | dict.fromkeys(("merit", "rank", "n_ranked", "ties"), nobody)
    better, ties = peers.places(badness(indicator, shown))
    ranked = ~np.isnan(numbers) & (n >= MINIMUM_RANKED)
    columns |= {
        "merit": _part(n - better - ties / 2, n),
        "rank": 1 + better,
        "n_ranked": n + 1,
        "ties": ties,
    }
    for name in ("merit", "rank", "n_ranked", "ties"):
        columns[name] = np.where(ranked, columns[name], np.nan)
    return columns


def _part(numbers: Array, of: Array) -> Array:
    """Return parts of a whole; null where the whole is nothing."""
    return np.asarray(np.divide(numbers, of, out=np.full(len(of), np.nan), where=of > 0))
