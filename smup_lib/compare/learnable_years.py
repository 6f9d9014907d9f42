"""Was a peer better in earlier years too, or did one good year make it look so (M13)?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from smup_lib.compare.methods import basis_of
from smup_lib.compare.persistence import EARLIER_YEARS, MINIMUM_EARLIER
from smup_lib.compare.position import badness, round_for_display
from smup_lib.flags import FEW_CASES, NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: A peer that lasts was better in at least so large a share of the earlier years.
LASTING_SHARE = 0.75
_FLEETING = "we wcześniejszych latach na ogół nie była lepsza"
_TOO_FEW = "za mało wcześniejszych lat, by odróżnić trwałą przewagę od jednego roku"


def weigh_years(
    indicator: Indicator,
    series: pd.DataFrame,
    unit_code: str,
    members: Sequence[str],
    year: int,
    *,
    since: int = 0,
) -> pd.DataFrame:
    """Count in how many of the nearest earlier years each peer was better than a unit.

    A published rate has no counts, so that one year's printed digits are all that speaks for a
    peer: there earlier years must bear it out, and too few of them are a reason against it. With
    counts chance is excluded by :func:`smup_lib.compare.compare_learnable`, and too few years are
    no reason.

    Parameters
    ----------
    indicator : Indicator
        With a signed direction; where its years may not be compared none is asked.
    series : DataFrame
        ``unit_code, year, value, flag, qualifiers`` of the unit and its peers.
    unit_code : str
        Who wants to learn.
    members : sequence of str
        The peers.
    year : int
        The year of the comparison; earlier ones are asked.
    since : int, default 0
        First year that may be joined with it.

    Returns
    -------
    DataFrame
        By ``unit_code``: ``n_years`` (at most five nearest years with both values), ``n_better``
        (in how many of them the peer was better as a reader sees the numbers), ``reason`` (Polish,
        why it may be no peer; empty when the years do not speak against it).

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> rate = load_catalogue().indicator("road_deaths_per_100k")
    >>> values = {"9001": (9.0,) * 4, "9002": (4.0, 5.0, 9.5, 4.0), "9003": (4.0, 9.6, 9.5, 4.0)}
    >>> rows = [
    ...     (code, 2018 + place, value, "ok", "")
    ...     for code, listed in values.items()
    ...     for place, value in enumerate(listed)
    ... ]
    >>> series = pd.DataFrame(rows, columns=["unit_code", "year", "value", "flag", "qualifiers"])
    >>> found = weigh_years(rate, series, "9001", ["9002", "9003"], 2022)
    >>> found[["n_better", "n_years"]].to_numpy().tolist(), found["reason"].tolist()[0]
    ([[3, 4], [2, 4]], '')
    """
    import pandas as pd

    better = _better_by_year(indicator, series, unit_code, range(since, year))
    answers = [_nearest(better, code) for code in members]
    years = np.array([len(one) for one in answers], dtype=int)
    count = np.array([sum(one) for one in answers], dtype=int)
    too_few = years < MINIMUM_EARLIER
    published = basis_of(indicator) != "count_ratio"
    reason = np.select(
        [~too_few & (count < LASTING_SHARE * years), too_few & published], [_FLEETING, _TOO_FEW], ""
    )
    columns = {"n_years": years, "n_better": count, "reason": reason}
    return pd.DataFrame(columns, index=pd.Index(list(members), name="unit_code"))


def _better_by_year(
    indicator: Indicator, series: pd.DataFrame, unit_code: str, years: range
) -> pd.DataFrame:
    """Return, by year and unit, 1 where the unit beats the asking one, 0 where not."""
    import pandas as pd

    if not indicator.across_years:
        return pd.DataFrame()
    usable = series[series["flag"].isin(NUMBER_FLAGS) & series["year"].isin(years)]
    few = [not FEW_CASES.isdisjoint(str(text).split(",")) for text in usable["qualifiers"]]
    usable = usable[~np.array(few, dtype=bool)]
    table = usable.pivot_table(index="year", columns="unit_code", values="value", aggfunc="first")
    if unit_code not in table:
        return pd.DataFrame()
    scale = badness(indicator, round_for_display(table.to_numpy(dtype="float64"), indicator))
    bad = pd.DataFrame(scale, index=table.index, columns=table.columns)
    beats = bad.lt(bad[unit_code], axis=0).astype("float64")
    return beats.mask(bad.isna() | bad[[unit_code]].isna().to_numpy())


def _nearest(better: pd.DataFrame, code: str) -> list[int]:
    """Return whether a peer was better, for the nearest years in which both are known."""
    if code not in better:
        return []
    return [int(one) for one in better[code].dropna().sort_index().tolist()[-EARLIER_YEARS:]]
