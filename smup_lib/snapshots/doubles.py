"""Which cells do two data sets tell, and where do the numbers differ? Joined in the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from smup_lib.flags import NUMBER_FLAGS
from smup_lib.snapshots.store import Snapshot

if TYPE_CHECKING:
    import pandas as pd

_JOIN = """
WITH ranks AS (SELECT unnest($sources) AS source, unnest($ranks) AS rank),
told AS (
  SELECT unit_code, year, variable, value, source, rank
  FROM read_parquet($file) JOIN ranks USING (source)
  WHERE variable IN (SELECT unnest($variables)) AND flag IN (SELECT unnest($numbers))
),
pairs AS (
  SELECT a.unit_code, a.year::INTEGER AS year, a.variable, a.source AS left_source,
         b.source AS right_source, a.value AS left_value, b.value AS right_value
  FROM told a JOIN told b USING (unit_code, year, variable)
  WHERE a.rank < b.rank AND split_part(a.source, '@', 1) <> split_part(b.source, '@', 1)
)
"""
_COUNTS = """
SELECT variable, length(unit_code) AS digits, left_source, right_source, count(*) AS compared,
       count(*) FILTER (left_value = right_value) AS same
FROM pairs GROUP BY ALL ORDER BY ALL
"""
_UNEQUAL = "SELECT * FROM pairs WHERE left_value <> right_value ORDER BY ALL"


def list_doubled(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the variables that more than one data set holds, as the manifest tells."""
    datasets: dict[str, set[str]] = {}
    for record in snapshot.manifest.sources.values():
        for variable in record.variables:
            datasets.setdefault(variable, set()).add(record.dataset)
    return tuple(sorted(name for name, found in datasets.items() if len(found) > 1))


def load_doubles(
    snapshot: Snapshot, variables: Collection[str], order: Mapping[str, int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how many cells two data sets tell alike, and the rows in which they do not.

    Parameters
    ----------
    snapshot : Snapshot
        Joined by DuckDB: equal numbers are counted and never read out.
    variables : collection of str
        Which variables; see :func:`list_doubled`.
    order : mapping of str to int
        Precedence of every source of the snapshot; the smaller stands left.

    Returns
    -------
    tuple of DataFrame
        Counts: ``variable, digits, left_source, right_source, compared, same`` (``digits`` is the
        length of the unit codes). Unequal: ``unit_code, year, variable, left_source,
        right_source, left_value, right_value``.
    """
    ranked = sorted(order, key=lambda source: (order[source], source))
    asked: dict[str, Any] = {
        "variables": sorted(variables),
        "numbers": list(NUMBER_FLAGS),
        "sources": ranked,
        "ranks": list(range(len(ranked))),
    }
    counts, unequal = (snapshot.ask(_JOIN + query, asked) for query in (_COUNTS, _UNEQUAL))
    return counts, unequal
