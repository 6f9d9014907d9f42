"""Read and write the observations of a snapshot in pieces of whole variables.

A synchronisation of everything has some sixty million rows, so nobody holds them all at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.snapshots.content import PiecewiseDigest
from smup_lib.snapshots.observations import (
    COLUMNS,
    TEXT_COLUMNS,
    as_observations,
    empty_observations,
    join_observations,
)
from smup_lib.snapshots.tables import SORTED_BY

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

#: Rows held at once, unless a single variable has more.
PIECE_ROWS = 1_000_000
_GROUP_ROWS = 131_072


class ObservationFile:
    """The Parquet file of observations while it is written, with the digest of its content.

    Parameters
    ----------
    path : Path
        Made when the first rows come, or at the end without any.
    group_rows : int
        Rows that lie together in the file; who asks for one variable reads no less.

    Attributes
    ----------
    rows : int
        Rows so far.
    sources : set of str
        Sources that they name.
    """

    def __init__(self, path: Path, group_rows: int = _GROUP_ROWS) -> None:
        self.path = path
        self._group_rows = group_rows
        self.rows = 0
        self.sources: set[str] = set()
        self._digest = PiecewiseDigest("variable")
        self._waiting: list[pd.DataFrame] = []
        self._writer: Any = None

    @property
    def variables(self) -> int:
        """Return how many variables there are so far."""
        return self._digest.groups

    def add(self, frame: pd.DataFrame) -> None:
        """Take in rows of the observation contract with whole variables, none told before.

        Raises
        ------
        OSError
            When the place cannot be written.
        """
        if frame.empty:
            return
        rows = sorted_observations(frame)
        self._digest.add(rows)
        self.sources |= set(map(str, rows["source"].cat.remove_unused_categories().cat.categories))
        self.rows += len(rows)
        self._waiting.append(rows)
        if sum(map(len, self._waiting)) >= self._group_rows:
            self._write()

    def close(self) -> None:
        """Write what is left; a file without rows still has its columns."""
        try:
            if self._waiting or self._writer is None:
                self._write()
        finally:
            self.release()

    def release(self) -> None:
        """Let go of the file without another row."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def digest(self) -> str:
        """Return the digest of all rows; see :class:`PiecewiseDigest`."""
        return self._digest.hexdigest()

    def _write(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        frame, self._waiting = join_observations(self._waiting), []
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        # codes of any width, so that later pieces with more words fit the same columns
        wide = [
            pa.field(f.name, pa.dictionary(pa.int32(), pa.string()))
            if f.name in TEXT_COLUMNS
            else f
            for f in table.schema
        ]
        table = table.cast(pa.schema(wide))
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self._writer.write_table(table, row_group_size=self._group_rows)


def sorted_observations(frame: pd.DataFrame) -> pd.DataFrame:
    """Return observations in the order of :data:`SORTED_BY`; texts must be categoricals."""
    import numpy as np

    keys = [_rank(frame[name]) for name in SORTED_BY]
    packed = keys[0].astype("int64")
    for key in keys[1:]:
        packed = packed * (int(key.max(initial=0)) + 1) + key
    if (packed[1:] >= packed[:-1]).all():
        return frame
    return frame.iloc[np.argsort(packed, kind="stable")]


def _rank(series: pd.Series) -> np.ndarray[Any, Any]:
    """Return the place of each value in the order of all values."""
    import numpy as np

    if series.name not in TEXT_COLUMNS:
        return series.to_numpy()
    ranks = np.argsort(np.argsort(np.asarray(series.cat.categories, dtype=str)))
    found: np.ndarray[Any, Any] = ranks[series.cat.codes.to_numpy()] if len(ranks) else ranks
    return found


def count_rows(path: Path) -> dict[str, int]:
    """Return the rows of each variable in a file of observations, in the order of the alphabet."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    counts: Counter[str] = Counter()
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(PIECE_ROWS, columns=["variable"]):
            for found in pc.value_counts(batch.column(0)).to_pylist():
                counts[str(found["values"])] += int(found["counts"])
    return dict(sorted(counts.items()))


def batches_of(counts: Mapping[str, int], most: int = PIECE_ROWS) -> Iterator[list[str]]:
    """Yield variables, in their order, that together have at most so many rows.

    Examples
    --------
    >>> list(batches_of({"a": 5, "b": 3, "c": 9, "d": 1}, most=8))
    [['a', 'b'], ['c'], ['d']]
    """
    batch: list[str] = []
    total = 0
    for name, rows in counts.items():
        if batch and total + rows > most:
            yield batch
            batch, total = [], 0
        batch.append(name)
        total += rows
    if batch:
        yield batch


def read_variables(path: Path, variables: Collection[str]) -> pd.DataFrame:
    """Return all rows of some variables from a file of observations; texts are categoricals."""
    import pyarrow.parquet as pq

    if not variables:
        return empty_observations()
    with pq.ParquetFile(path) as file:
        groups = _groups_with(file.metadata, variables)
        if not groups:
            return empty_observations()
        frame = as_observations(file.read_row_groups(groups, columns=list(COLUMNS)).to_pandas())
    wanted = frame["variable"].isin(list(variables)).to_numpy()
    return frame if wanted.all() else frame[wanted].reset_index(drop=True)


def _groups_with(metadata: Any, variables: Collection[str]) -> list[int]:
    """Return the row groups that may hold one of the variables."""
    ordered = sorted(variables)
    column = next(
        i for i in range(metadata.num_columns) if metadata.schema.column(i).name == "variable"
    )
    found = []
    for group in range(metadata.num_row_groups):
        told = metadata.row_group(group).column(column).statistics
        low, high = (told.min, told.max) if told is not None else (ordered[0], ordered[-1])
        if _any_between(ordered, low, high):
            found.append(group)
    return found


def _any_between(ordered: list[str], low: str, high: str) -> bool:
    from bisect import bisect_left

    place = bisect_left(ordered, low)
    return place < len(ordered) and ordered[place] <= high


def digest_of_file(path: Path) -> str:
    """Return the digest of a file of observations, which an :class:`ObservationFile` had of it."""
    digest = PiecewiseDigest("variable")
    for batch in batches_of(count_rows(path)):
        digest.add(sorted_observations(read_variables(path, batch)))
    return digest.hexdigest()
