"""Write lists of years as people do."""

from __future__ import annotations

from collections.abc import Iterable


def format_years(years: Iterable[int]) -> str:
    """Write years, joining those in a row.

    Examples
    --------
    >>> format_years([2010, 2011, 2012, 2015])
    '2010–2012, 2015'
    """
    spans: list[list[int]] = []
    for year in sorted(set(years)):
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in spans)
