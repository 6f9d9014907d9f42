"""How do new observations join a snapshot of any size? Some variables at a time.

Whatever is joined, revised or contradicted concerns one variable, so variables are joined in
batches and written at once; what an import does not touch is copied as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.snapshots import Snapshot, as_observations, check_observations, empty_table
from smup_lib.snapshots.content import runs_of
from smup_lib.snapshots.pieces import (
    PIECE_ROWS,
    batches_of,
    count_rows,
    read_variables,
    sorted_observations,
)
from smup_lib.snapshots.writing import Draft
from smup_lib.sources.clashes import SourceClash, find_clashes
from smup_lib.sources.merging import Contradictions, Merged, join_new, merge_observations
from smup_lib.sources.new_rows import NewRows
from smup_lib.sources.untold import Scope, Untold, scopes_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FileOrder:
    """Which file counts when two say different things.

    Attributes
    ----------
    days : mapping
        Source -> day of its file, ISO, for the sources whose day somebody told.
    origins : mapping
        Source -> what its file names as the source of the values.
    override_newer : bool
        Whether values of an older file replace those of a newer one.
    flagless : collection of str
        Sources whose files are bare numbers, without reasons beside them.
    """

    days: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    override_newer: bool = False
    flagless: Collection[str] = ()


@dataclass
class MergeTotals:
    """What became of all new rows; the attributes are those of :class:`Merged`, added up.

    Attributes
    ----------
    clashes : tuple of SourceClash
        Where new sources contradict other data sets.
    untold : Untold
        What was known and the new rows do not tell again.
    """

    added: int = 0
    repeated: int = 0
    renamed: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    undated: Counter[tuple[str, str]] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    clashes: tuple[SourceClash, ...] = ()
    untold: Untold = field(default_factory=Untold)
    _revisions: list[pd.DataFrame] = field(default_factory=list)

    @property
    def revisions(self) -> pd.DataFrame:
        """Return what the import changed: columns of the table ``revisions``."""
        import pandas as pd

        told = [frame for frame in self._revisions if len(frame)]
        return pd.concat(told, ignore_index=True) if told else empty_table("revisions")

    def count(self, merged: Merged, doubled: int, clashes: Iterable[SourceClash]) -> None:
        """Take in one batch."""
        self.added += merged.added
        self.repeated += merged.repeated + doubled
        self.renamed += merged.renamed
        self.refused.update(merged.refused)
        self.undated.update(merged.undated)
        self.met.update(merged.met)
        self.clashes += tuple(clashes)
        self._revisions.append(merged.revisions)


def merge_in_batches(
    parts: Sequence[NewRows],
    base: Snapshot | None,
    order: FileOrder,
    draft: Draft,
    *,
    most: int = PIECE_ROWS,
    scopes: Sequence[Scope] | None = None,
    held: Collection[tuple[str, int]] = (),
) -> MergeTotals:
    """Join new observations with those of the base and add them to the draft.

    Parameters
    ----------
    parts : sequence of NewRows
        Everything that is new.
    base : Snapshot or None
    order : FileOrder
    draft : Draft
        Takes all rows, variable by variable in the order of the alphabet.
    most : int
        Rows to be held at once, old and new together.
    scopes : sequence of Scope, optional
        What was asked for; otherwise what the new rows tell of.
    held : collection of (str, int)
        Units and years of which something new waits in quarantine.

    Raises
    ------
    ContradictionError
        When two files of a family give different values of one cell; all such cells are counted.
    """
    path = base.observation_file if base is not None else None
    known = count_rows(path) if path is not None else {}
    touched = _touched(parts, scopes or (), known)
    sizes = {name: touched[name] + known.get(name, 0) for name in sorted(touched)}
    untouched = {name: rows for name, rows in known.items() if name not in touched}
    totals, contradictions = MergeTotals(), Contradictions()
    for variables in batches_of(sizes, most):
        new, doubled = join_new(
            list(_parts_of(parts, variables)), order.days, contradictions=contradictions
        )
        old = read_variables(path, [v for v in variables if v in known]) if path else new.iloc[:0]
        merged = merge_observations(
            old,
            new,
            order.days,
            origins=order.origins,
            override_newer=order.override_newer,
            flagless=order.flagless,
        )
        told = set(map(str, new["source"].unique()))
        totals.count(merged, doubled, find_clashes(merged.observations, told))
        asked = scopes_of(new) if scopes is None else scopes
        totals.untold.look(merged.unmet, [s for s in asked if s.variable in variables], held)
        _write(merged.observations, path, untouched, draft)
    contradictions.check()
    if path is not None:
        _copy(path, untouched, draft)
    return totals


def _touched(
    parts: Iterable[NewRows], scopes: Iterable[Scope], known: Collection[str]
) -> Counter[str]:
    """Return the variables that are to be joined, with their new rows; an answer may have none."""
    touched = Counter({one.variable: 0 for one in scopes if one.variable in known})
    for part in parts:
        touched.update(part.counts)
    return touched


def _parts_of(parts: Iterable[NewRows], variables: Sequence[str]) -> Iterator[NewRows]:
    """Yield the rows of some variables."""
    wanted = set(variables)
    for part in parts:
        if wanted.isdisjoint(part.counts):
            continue
        rows = part.rows
        if not wanted.issuperset(part.counts):
            rows = rows[rows["variable"].isin(wanted)]
        yield replace(part, held=rows)


def _write(frame: pd.DataFrame, path: Path | None, untouched: dict[str, int], draft: Draft) -> None:
    """Add joined rows, and before each variable what stands before it in the alphabet."""
    rows = sorted_observations(check_observations(as_observations(frame)))
    begun = 0
    for name, place in runs_of(rows["variable"]):
        before = {other: untouched.pop(other) for other in list(untouched) if other < name}
        if path is not None and before:
            draft.add(rows.iloc[begun : place.start], checked=True)
            _copy(path, before, draft)
            begun = place.start
    draft.add(rows.iloc[begun:], checked=True)


def _copy(path: Path, counts: Mapping[str, int], draft: Draft) -> None:
    for variables in batches_of(counts):
        draft.add(read_variables(path, variables), checked=True)
