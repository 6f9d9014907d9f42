"""Under which source do rows stand? A data set, and eight digits of what the rows say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.snapshots import as_observations
from smup_lib.snapshots.content import combined_digest, content_digest
from smup_lib.sources.coded_text import repeated
from smup_lib.sources.new_rows import NewRows

if TYPE_CHECKING:
    import pandas as pd

#: What the 8 hex digits of a source stand for: the parsed rows, not bytes and not dates.
_CONTENT = ("unit_code", "year", "variable", "value", "flag", "qualifiers", "decimals")


def as_new_rows(
    file: str, dataset: str, family: str, rows: pd.DataFrame, origin: str = ""
) -> NewRows:
    """Return rows in the columns of the contract (and their line), with their source.

    Parameters
    ----------
    file : str
        What the rows came from, for messages and the quarantine.
    dataset, family : str
        See :class:`smup_lib.sources.new_rows.NewRows`.
    rows : DataFrame
        ``unit_code, year, variable, value, flag, qualifiers, decimals, row``.
    origin : str
        What the file names as the source of the rows.
    """
    import pandas as pd

    digest = content_digest(rows[list(_CONTENT)], ("unit_code", "year", "variable"))
    if origin:  # the same numbers under another name are another source
        digest = combined_digest([("rows", digest), ("origin", origin)])
    source = f"{dataset}@{digest[:8]}"
    observations = as_observations(
        {name: rows[name].array for name in _CONTENT}
        | {"source": repeated(source, len(rows)), "definition_version": repeated("", len(rows))}
    )
    lines = pd.Series(rows["row"].to_numpy(), index=observations.index)
    return NewRows(file, source, family, observations.assign(row=lines), origin)
