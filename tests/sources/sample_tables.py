"""The fictional land as the tests of its parts look at it: read once, laid out as tables."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from smup_lib.snapshots import Snapshot, load_snapshot

LEVELS = {"gmina": 6, "powiat": 4}


@lru_cache(maxsize=1)
def open_land(home: Path) -> Snapshot:
    """Open the snapshot that ``smup data sample`` left in a SMUP_HOME."""
    current = (home / "snapshots" / "current").read_text(encoding="ascii").strip()
    return load_snapshot(home / "snapshots" / current)


@lru_cache(maxsize=1)
def all_observations(home: Path) -> pd.DataFrame:
    """Return every observation."""
    return open_land(home).observations()


@lru_cache(maxsize=1)
def rows_by_variable(home: Path) -> dict[str, pd.DataFrame]:
    """Return the observations of each variable."""
    return {str(name): rows for name, rows in all_observations(home).groupby("variable")}


@lru_cache(maxsize=64)
def table_of(home: Path, variable: str, level: str) -> pd.DataFrame:
    """Return the values of a variable: a row a unit, a column a year."""
    rows = rows_by_variable(home)[variable]
    rows = rows[rows["unit_code"].str.len() == LEVELS[level]]
    return rows.pivot(index="unit_code", columns="year", values="value")


def rate_of(home: Path, above: str, below: str, level: str = "powiat") -> pd.DataFrame:
    """Return one variable divided by another: a row a unit, a column a year."""
    return table_of(home, above, level) / table_of(home, below, level)
