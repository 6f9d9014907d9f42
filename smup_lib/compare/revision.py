"""The data were corrected: which stored conclusions are still true? (M23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from smup_lib.compare.methods import METHODS, Method
from smup_lib.compare.reading import Figure, Reading, in_braces
from smup_lib.compare.reconciliation import half_digit
from smup_lib.plurals import plural

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: What identifies a conclusion.
CONCLUSION_KEY = ("unit_code", "indicator", "year", "method", "group")
#: Columns of a stored or recomputed conclusion: ``result`` is the word that was concluded (a
#: standing, a direction, a departure), empty when the method refused; then ``reason`` says why.
CONCLUSION_COLUMNS = (
    *CONCLUSION_KEY,
    "definition_version",
    "value",
    "decimals",
    "flag",
    "result",
    "reason",
)
#: What became of a conclusion, the worst last. ``answered`` had no answer and has one now.
OUTCOMES = ("unchanged", "moved", "answered", "unanswered", "flipped", "redefined")
#: What floating point does to a difference of printed decimals.
_HAIR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Revision:
    """Stored conclusions beside those that the new data give.

    Attributes
    ----------
    method : Method
        M23.
    rows : DataFrame
        :data:`CONCLUSION_KEY`, ``old_value, new_value, old_flag, new_flag, old_result,
        new_result``, ``value_moved``, ``outcome`` (:data:`OUTCOMES`) and ``reason``: why there is
        no answer now, empty where there is one.
    """

    method: Method
    rows: pd.DataFrame

    @property
    def moved(self) -> int:
        """How many values changed by more than their rounding, or changed their flag."""
        moved = self.rows[self.rows["value_moved"]]
        return len(moved.drop_duplicates(["unit_code", "indicator", "year"]))

    @property
    def outdated(self) -> pd.DataFrame:
        """The conclusions that no longer hold: flipped, or without an answer now."""
        return self.rows[self.rows["outcome"].isin(["flipped", "unanswered"])]


def compare_revision(stored: pd.DataFrame, recomputed: pd.DataFrame) -> Revision:
    """Compare stored conclusions with those recomputed from corrected data.

    The correction of one unit can turn the conclusion about another in its group: recompute whole
    groups, not only what moved.

    Parameters
    ----------
    stored, recomputed : DataFrame
        :data:`CONCLUSION_COLUMNS`; one row per conclusion. ``value`` is the unit's, ``decimals``
        its written digits (null for exact ones). Of the recomputed only those that were stored
        are looked at; a stored one that is not among them is no longer answerable.

    Returns
    -------
    Revision
        Where the definition of the indicator changed, nothing is compared: ``redefined``.

    Raises
    ------
    ValueError
        When a conclusion stands twice in a frame.

    Examples
    --------
    >>> import pandas as pd
    >>> old = pd.DataFrame([("9001", "share", 2022, "M4a", "similar:15", "1", 80.0, 0, "ok",
    ...                      "better", "")], columns=CONCLUSION_COLUMNS)
    >>> new = old.assign(value=78.0, result="similar")
    >>> compare_revision(old, new).rows["outcome"].tolist()
    ['flipped']
    """
    key = list(CONCLUSION_KEY)
    for frame in (stored, recomputed):
        if frame.duplicated(key).any():
            raise ValueError("one row per unit, indicator, year, method and group is needed")
    both = stored.merge(recomputed, on=key, how="left", suffixes=("_old", "_new"))
    for name in ("flag_new", "result_new", "reason_new"):
        both[name] = both[name].astype("object").where(both[name].notna(), "")
    lost = (both["flag_new"] == "").to_numpy()
    versions = both["definition_version_old"] != both["definition_version_new"]
    redefined = versions.to_numpy() & ~lost
    moved = has_moved(both) & ~redefined & ~lost
    reason = both["reason_new"].mask(lost, "w nowych danych tego wniosku nie da się policzyć")
    reason = reason.mask(redefined, "definicja wskaźnika się zmieniła")
    rows = both[key].assign(
        **{
            f"{age}_{name}": both[f"{name}_{age}"]
            for name in ("value", "flag", "result")
            for age in ("old", "new")
        },
        value_moved=moved,
        outcome=_outcomes(both, moved, redefined),
        reason=reason,
    )
    return Revision(method=METHODS["M23"], rows=rows)


def has_moved(both: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which values differ by more than the written digits allow, or have another flag.

    Parameters
    ----------
    both : DataFrame
        ``value``, ``decimals`` and ``flag``, each with ``_old`` and ``_new``; ``decimals`` is null
        for exact numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> both = pd.DataFrame({"value_old": [81.0, 81.0], "value_new": [81.4, 81.6], "flag_old": "ok",
    ...                      "flag_new": "ok", "decimals_old": [0, 0], "decimals_new": [1, 1]})
    >>> has_moved(both).tolist()
    [False, True]
    """
    allowed = sum(np.nan_to_num(half_digit(both[f"decimals_{age}"])) for age in ("old", "new"))
    old, new = (both[name].to_numpy(dtype="float64") for name in ("value_old", "value_new"))
    with np.errstate(invalid="ignore"):
        far = np.abs(new - old) > allowed + _HAIR * np.maximum(np.abs(old), np.abs(new))
    flags = both["flag_old"].to_numpy(dtype=object) != both["flag_new"].to_numpy(dtype=object)
    moved: NDArray[np.bool_] = far | flags
    return moved


def _outcomes(
    both: pd.DataFrame, moved: NDArray[np.bool_], redefined: NDArray[np.bool_]
) -> NDArray[np.str_]:
    old, new = both["result_old"].to_numpy(dtype=object), both["result_new"].to_numpy(dtype=object)
    return np.select(
        [redefined, (old != "") & (new == ""), (old == "") & (new != ""), old != new, moved],
        ["redefined", "unanswered", "answered", "flipped", "moved"],
        "unchanged",
    )


def read_revision(
    found: Revision, labels: Mapping[str, str], printed: int | None = None
) -> Reading:
    """Return the sentence that tells what a correction of the data did to a report.

    Parameters
    ----------
    found : Revision
        What became of the conclusions.
    labels : mapping of str to str
        Polish name by code of a unit and by id of an indicator.
    printed : int, optional
        How many numbers of a whole report are others now; of the conclusions alone the values that
        they rest on are counted.
    """
    outdated = found.outdated
    moved = found.moved if printed is None else printed
    values = plural(moved, ("wartość", "wartości", "wartości"))
    if printed is not None:
        values = f"{plural(moved, ('liczba', 'liczby', 'liczb'))} w raporcie"
    conclusions = plural(len(outdated), ("wniosek", "wnioski", "wniosków"))
    listed = [
        in_braces(
            f"{labels.get(str(row.unit_code), row.unit_code)}"
            f" – {labels.get(str(row.indicator), row.indicator)} ({row.year})"
        )
        for row in outdated.itertuples()
    ]
    ending = f"; nieaktualne wnioski: {'; '.join(listed)}." if listed else "."
    return Reading(
        f"Po korekcie danych: {{moved}} {values} po zmianie, {{outdated}} {conclusions} do "
        f"poprawy{ending}",
        {"moved": Figure(moved), "outdated": Figure(len(outdated))},
    )
