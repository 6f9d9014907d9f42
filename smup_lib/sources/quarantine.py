"""Which rows could not be placed, and why?

The quarantine is a table of the snapshot that the user can open: nothing that a file says is
dropped without a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.text import BrokenRow

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = TABLES["quarantine"].columns


def empty_quarantine() -> pd.DataFrame:
    """Return the table with its columns, types and no rows."""
    # asked for at every answer of a synchronisation, and a copy costs far less
    return _typed_columns().copy()


@cache
def _typed_columns() -> pd.DataFrame:
    import pandas as pd

    types = dict.fromkeys(COLUMNS, "object") | {"row": "int32", "year": "Int16"}
    return pd.DataFrame(columns=list(COLUMNS)).astype(types)


def quarantine_rows(file: str, rows: pd.DataFrame, reason: str | Iterable[str]) -> pd.DataFrame:
    """Return rows of a file as quarantine, each with its reason.

    Parameters
    ----------
    file : str
        Name of the file the rows stand in.
    rows : DataFrame
        ``row`` (line number), ``code_text``, ``year`` (0 where unknown), ``label`` and ``text``.
    reason : str or iterable of str
        Why, in Polish; one for all rows or one each.
    """
    import pandas as pd

    year = pd.array(rows["year"].to_numpy(), dtype="Int16")
    year[rows["year"].to_numpy() == 0] = pd.NA
    return pd.DataFrame(
        {
            "file": file,
            "row": rows["row"].to_numpy().astype("int32"),
            "unit_code": rows["code_text"].astype(object).to_numpy(),
            "year": year,
            "variable": rows["label"].astype(object).to_numpy(),
            "value": rows["text"].astype(object).to_numpy(),
            "reason": reason if isinstance(reason, str) else list(reason),
        },
        columns=list(COLUMNS),
    )


def broken_rows(file: str, broken: Iterable[BrokenRow]) -> pd.DataFrame:
    """Return rows that cannot be trusted as quarantine; ``value`` holds the whole row."""
    import pandas as pd

    rows = list(broken)
    if not rows:
        return empty_quarantine()
    return pd.DataFrame(
        {
            "file": file,
            "row": pd.array([row.line for row in rows], dtype="int32"),
            "unit_code": "",
            "year": pd.array([pd.NA] * len(rows), dtype="Int16"),
            "variable": "",
            "value": [row.text for row in rows],
            "reason": [row.reason for row in rows],
        },
        columns=list(COLUMNS),
    )


def joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return several quarantines as one table, in order, without repeating a row."""
    import pandas as pd

    filled = [part for part in parts if len(part)]
    if not filled:
        return empty_quarantine()
    return pd.concat(filled, ignore_index=True).drop_duplicates(ignore_index=True)
