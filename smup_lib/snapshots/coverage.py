"""For which units does each variable have a number, a zero or a named gap? Counted in the store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from smup_lib.snapshots.store import Snapshot

if TYPE_CHECKING:
    import pandas as pd

#: Columns of :func:`load_coverage`.
COVERAGE_COLUMNS = ("variable", "year", "source", "flag", "zero", "units")
_BYTE = 8

# one row a variable, year, source and flag, with a bit a unit: millions of values become some
# thousand rows without ever being read out
_COUNT = """
SELECT variable, year::INTEGER AS year, source, flag, coalesce(value = 0, false) AS zero,
       bitstring_agg(places.place, 0, {last})::BLOB AS units
FROM read_parquet(?) AS told
JOIN (SELECT unnest(?) AS unit_code, unnest(?) AS place) AS places USING (unit_code)
WHERE variable IN (SELECT unnest(?))
GROUP BY ALL
ORDER BY ALL
"""


def load_coverage(
    snapshot: Snapshot, variables: Collection[str], unit_codes: Sequence[str]
) -> pd.DataFrame:
    """Return which units have an observation, by variable, year, source and flag.

    Parameters
    ----------
    snapshot : Snapshot
        Counted by DuckDB, so that size costs time and no memory.
    variables : collection of str
        Which variables.
    unit_codes : sequence of str
        Units, in the order of the bits; :func:`unpack_units` reads them.

    Returns
    -------
    DataFrame
        ``variable, year, source, flag, zero, units``: ``zero`` tells rows whose number is 0,
        ``units`` is a bit a unit. Ordered by all columns.
    """
    import pandas as pd

    if not (snapshot.manifest.counts["observations"] and unit_codes and variables):
        return pd.DataFrame(columns=list(COVERAGE_COLUMNS))
    last = -(-len(unit_codes) // _BYTE) * _BYTE - 1
    places = list(range(len(unit_codes)))
    return snapshot.ask(_COUNT.format(last=last), [list(unit_codes), places, sorted(variables)])


def load_year_span(snapshot: Snapshot) -> tuple[int, ...]:
    """Return every year from the first to the last with any observation."""
    if not snapshot.manifest.counts["observations"]:
        return ()
    span = snapshot.ask("SELECT min(year) AS first, max(year) AS last FROM read_parquet(?)")
    return tuple(range(int(span["first"].iloc[0]), int(span["last"].iloc[0]) + 1))


def load_decimals(snapshot: Snapshot, variables: Collection[str]) -> pd.DataFrame:
    """Return with how many decimals each series is written: the most of any of its cells.

    A long table keeps the digits of each cell and loses zeros at the end (3.0 is written 3), so one
    cell says nothing of the precision of its series.

    Returns
    -------
    DataFrame
        ``variable, year, source, decimals``; decimals are null where no cell tells any.
    """
    import pandas as pd

    if not (snapshot.manifest.counts["observations"] and variables):
        return pd.DataFrame(columns=["variable", "year", "source", "decimals"])
    query = """
        SELECT variable, year::INTEGER AS year, source, max(decimals)::DOUBLE AS decimals
        FROM read_parquet(?) WHERE variable IN (SELECT unnest(?)) AND value IS NOT NULL
        GROUP BY ALL ORDER BY ALL
    """
    return snapshot.ask(query, [sorted(variables)])
