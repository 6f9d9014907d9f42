"""Which known values did a newer file change, and by how much?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import Catalogue
from smup_lib.snapshots import SourceRecord
from smup_lib.sources.merge_notes import said_file

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LARGEST_SHOWN = 5
COLUMNS = (
    "variable",
    "label",
    "unit_code",
    "name",
    "year",
    "old_value",
    "old_flag",
    "new_value",
    "new_flag",
    "change",
    "old_file",
    "new_file",
)


@dataclass(frozen=True)
class Revision:
    """One changed cell.

    Attributes
    ----------
    variable, label : str
        Id and Polish name of the variable.
    unit_code, name : str
        The unit, with its newest name.
    year : int
    old_value, new_value : float or None
        None where there is no number; the flag then says why.
    old_flag, new_flag : str
    change : float or None
        Change as a part of the old value; None without two numbers and after a zero.
    old_file, new_file : str
        Names of the files that say so.
    """

    variable: str
    label: str
    unit_code: str
    name: str
    year: int
    old_value: float | None
    old_flag: str
    new_value: float | None
    new_flag: str
    change: float | None
    old_file: str
    new_file: str


def list_revisions(
    revisions: pd.DataFrame,
    units: pd.DataFrame,
    records: Mapping[str, SourceRecord],
    catalogue: Catalogue,
) -> pd.DataFrame:
    """Return changed values with names, the largest change first.

    The measure is the larger of the two numbers over the smaller one, so that a tenth and ten
    times as much weigh the same. A number that was lost, that was zero or that changed its sign
    stands before all others; a number where there was none, and a changed flag, stand last.

    Parameters
    ----------
    revisions, units : DataFrame
        The tables ``revisions`` and ``units`` of a snapshot.
    records : mapping
        Source -> what the manifest says of it.
    catalogue : Catalogue
        Labels of variables.

    Returns
    -------
    DataFrame
        Columns of :data:`COLUMNS`; ``change`` as in :class:`Revision`, NaN for None.
    """
    import numpy as np

    names = units.sort_values("state_date").drop_duplicates("unit_code", keep="last")
    labels = {name: variable.label for name, variable in catalogue.variables.items()}
    old = revisions["old_value"].to_numpy(dtype="float64")
    new = revisions["new_value"].to_numpy(dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(old != 0, (new - old) / abs(old), np.nan)
    told = revisions.assign(
        label=revisions["variable"].map(labels).fillna(revisions["variable"]),
        name=revisions["unit_code"].map(names.set_index("unit_code")["name"]).fillna(""),
        change=change,
        old_file=[said_file(source, records) for source in revisions["old_source"]],
        new_file=[said_file(source, records) for source in revisions["new_source"]],
    )
    difference = abs(np.nan_to_num(new) - np.nan_to_num(old))
    order = np.lexsort([-difference, -_ratios(old, new)])
    return told.iloc[order][list(COLUMNS)].reset_index(drop=True)


def _ratios(old: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the larger number over the smaller; 1 without a change, 0 where none was known."""
    import numpy as np

    low, high = np.minimum(abs(old), abs(new)), np.maximum(abs(old), abs(new))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((low > 0) & (old * new > 0), high / low, np.inf)
    ratio = np.where(old == new, 1.0, ratio)
    ratios: np.ndarray[Any, Any] = np.where(np.isnan(old), 0.0, ratio)
    return ratios


def largest_revisions(listed: pd.DataFrame, number: int = LARGEST_SHOWN) -> tuple[Revision, ...]:
    """Return the first rows of :func:`list_revisions`, nulls as None."""
    shown = listed.head(number)
    plain = shown.astype(object).where(shown.notna(), None)
    rows = plain.itertuples(index=False, name=None)
    return tuple(Revision(*row) for row in rows)
