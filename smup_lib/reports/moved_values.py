"""Which values differ between two snapshots? Equal parts are found by a hash and not joined.

One pass over each file tells, by variable, whether anything differs at all; only the variables
that do are read a second time, a few million rows at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.compare.revision import has_moved
from smup_lib.errors import SnapshotMismatchError
from smup_lib.snapshots import TABLES, Snapshot, load_snapshot
from smup_lib.snapshots.pieces import batches_of
from smup_lib.snapshots.tables import OBSERVATIONS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue

#: Of the sorts ``refined`` lies within the rounding of both, ``qualified`` has the same number
#: under another qualifier, ``redefined`` is another thing under the old name.
COLUMNS = (
    *("variable", "unit_code", "year", "dataset", "sort"),
    *("old_value", "new_value", "old_flag", "new_flag", "old_decimals", "new_decimals"),
    *("old_qualifiers", "new_qualifiers", "old_source", "new_source"),
)
#: Of a value that several data sets tell differently: the one that reports show now.
SHOWN_COLUMNS = ("shown_value", "shown_decimals", "shown_dataset")
#: Rows of both files that are joined at once.
_JOINED_ROWS = 4_000_000
_ROW = "unit_code, year, source, value, flag, qualifiers, decimals, definition_version"
_FINGERPRINTS = (
    # a sum: under XOR what an even number of rows share would vanish
    f"SELECT variable, count(*) AS n, sum(hash({_ROW})::HUGEINT)::VARCHAR AS digest "
    "FROM read_parquet(?) {where} GROUP BY variable"
)
_TOLD = ("value", "flag", "qualifiers", "decimals", "definition_version", "source")
# a snapshot of registers alone has columns without a type
_SIDE = (
    "SELECT variable::VARCHAR AS variable, unit_code::VARCHAR AS unit_code, year::INTEGER AS year,"
    " split_part(source::VARCHAR, '@', 1) AS dataset,"
    " value::DOUBLE AS value, decimals::INTEGER AS decimals, "
    + ", ".join(f"{name}::VARCHAR AS {name}" for name in _TOLD if name not in ("value", "decimals"))
    + " FROM read_parquet(?) WHERE variable IN ({marks})"
)
_JOIN = (
    "SELECT coalesce(o.variable, n.variable) AS variable,"
    " coalesce(o.unit_code, n.unit_code) AS unit_code, coalesce(o.year, n.year) AS year,"
    " coalesce(o.dataset, n.dataset) AS dataset, "
    + ", ".join(f"o.{name} AS {name}_old, n.{name} AS {name}_new" for name in _TOLD)
    + " FROM ({old}) o FULL JOIN ({new}) n USING (variable, unit_code, year, dataset)"
    " WHERE "
    + " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in _TOLD if name != "source")
    + " ORDER BY 1, 2, 3, 4"
)
_CELL = ["variable", "unit_code", "year"]
_DOUBLED = (
    "SELECT variable::VARCHAR AS variable, unit_code::VARCHAR AS unit_code, year::INTEGER AS year,"
    " value::DOUBLE AS value, flag::VARCHAR AS flag, decimals::INTEGER AS decimals,"
    " source::VARCHAR AS source, split_part(source::VARCHAR, '@', 1) AS dataset"
    " FROM read_parquet(?) WHERE variable IN ({marks}) AND value IS NOT NULL"
    " WINDOW cell AS (PARTITION BY variable, unit_code, year)"
    " QUALIFY min(value) OVER cell <> max(value) OVER cell"
)


@dataclass(frozen=True)
class SnapshotPair:
    """Two states of the data, the older one first.

    Attributes
    ----------
    old, new : Snapshot
        Both real or both fictional.
    """

    old: Snapshot
    new: Snapshot

    @classmethod
    def open(
        cls, old: str | Path | Snapshot, new: str | Path | Snapshot | None = None
    ) -> SnapshotPair:
        """Open two snapshots by what :func:`smup_lib.snapshots.load_snapshot` understands.

        Raises
        ------
        SnapshotMismatchError
            When one is fictional and the other real.
        """
        pair = cls(
            *(one if isinstance(one, Snapshot) else load_snapshot(one) for one in (old, new))
        )
        if pair.old.fictional != pair.new.fictional:
            raise SnapshotMismatchError(
                "Danych rzeczywistych nie można porównać z przykładowymi.",
                where=f"stany danych {pair.old.id} i {pair.new.id}",
                expected="dwa stany danych tego samego rodzaju",
                next_step="rodzaj każdego stanu danych pokaże: smup data list",
            )
        return pair

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables besides the observations whose content differs."""
        return tuple(
            name
            for name, spec in TABLES.items()
            if spec.identity and name != OBSERVATIONS and self._differs(name)
        )

    def _differs(self, name: str) -> bool:
        file = f"{name}.parquet"
        records = [one.manifest.files.get(file) for one in (self.old, self.new)]
        if None in records or records[0] == records[1]:
            # no file is the same as an empty one
            return len({record and (record.rows or None) for record in records}) > 1
        return _content(self.old, name) != _content(self.new, name)

    def changed_variables(self, among: Collection[str] | None = None) -> dict[str, int]:
        """Return the variables in which anything differs, with the rows of both sides."""
        files = [one.manifest.files[f"{OBSERVATIONS}.parquet"] for one in (self.old, self.new)]
        if self.old.id == self.new.id or files[0].sha256 == files[1].sha256:
            return {}
        old, new = (_fingerprints(one, among) for one in (self.old, self.new))
        return {
            name: old.get(name, _NONE)[0] + new.get(name, _NONE)[0]
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        }


_NONE = (0, "")


def _content(snapshot: Snapshot, name: str) -> str:
    from smup_lib.snapshots.content import content_digest

    return content_digest(snapshot.table(name), TABLES[name].key)


def _fingerprints(snapshot: Snapshot, among: Collection[str] | None) -> dict[str, tuple[int, str]]:
    """Return rows and digest of each variable; the order of rows does not matter to a sum."""
    if not snapshot.manifest.counts[OBSERVATIONS]:
        return {}
    names = [] if among is None else sorted(among)
    where = "" if among is None else f"WHERE variable IN ({_marks(names)})"
    found = snapshot.ask(_FINGERPRINTS.format(where=where), names)
    columns = (found[name].tolist() for name in ("variable", "n", "digest"))
    return {str(name): (int(n), str(digest)) for name, n, digest in zip(*columns, strict=True)}


def _marks(names: Sequence[str]) -> str:
    return ", ".join("?" * len(names)) or "NULL"


def list_moved_values(pair: SnapshotPair, among: Collection[str] | None = None) -> pd.DataFrame:
    """List the values that differ between two snapshots, and how.

    Parameters
    ----------
    pair : SnapshotPair
        The two.
    among : collection of str, optional
        Only these variables.

    Returns
    -------
    DataFrame
        :data:`COLUMNS`; ordered by variable, unit and year. A value that only stands in a newer
        edition of its file is no difference.
    """
    import pandas as pd

    parts = list(iterate_moved_values(pair, among))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)


def iterate_moved_values(
    pair: SnapshotPair, among: Collection[str] | None = None
) -> Iterator[pd.DataFrame]:
    """Yield the rows of :func:`list_moved_values` in pieces of whole variables."""
    counts = pair.changed_variables(among)
    for names in batches_of(counts, _JOINED_ROWS):
        side = _SIDE.format(marks=_marks(names))
        query = _JOIN.format(old=side, new=side)
        both = pair.old.ask(query, [*names, str(pair.new.observation_file), *names])
        if len(both):
            yield _with_sorts(both)


def _with_sorts(both: pd.DataFrame) -> pd.DataFrame:
    """Say of each row what became of the value."""
    import numpy as np

    texts = both.columns.difference(
        ["year", "value_old", "value_new", "decimals_old", "decimals_new"]
    )
    both = both.astype(
        {**dict.fromkeys(texts, "object"), "decimals_old": "Int8", "decimals_new": "Int8"}
    )
    gone, came = both["flag_new"].isna(), both["flag_old"].isna()
    redefined = both["definition_version_old"] != both["definition_version_new"]
    moved = has_moved(both)
    flags = both["flag_old"] != both["flag_new"]
    numbers = both["value_old"].to_numpy(), both["value_new"].to_numpy()
    sort = np.select(
        [gone, came, redefined, flags, moved, numbers[0] == numbers[1]],
        ["vanished", "appeared", "redefined", "flag", "moved", "qualified"],
        "refined",
    )
    # two nulls with the same flag are not equal as numbers
    null = np.isnan(numbers[0]) & np.isnan(numbers[1]) & (sort == "refined")
    sort[null] = "qualified"
    renamed = {f"{name}_{age}": f"{age}_{name}" for name in _TOLD for age in ("old", "new")}
    return both.assign(sort=sort).rename(columns=renamed)[list(COLUMNS)]


def with_shown(moved: pd.DataFrame, snapshot: Snapshot, catalogue: Catalogue) -> pd.DataFrame:
    """Say of each difference what reports show, where data sets tell the value differently.

    Parameters
    ----------
    moved : DataFrame
        :data:`COLUMNS`.
    snapshot : Snapshot
        The newer state.
    catalogue : Catalogue
        Knows the precedence of sources.

    Returns
    -------
    DataFrame
        With :data:`SHOWN_COLUMNS`; null where all data sets that have the value agree.
    """
    from smup_lib.indicators.selection import pick_shown

    names = sorted(set(moved["variable"]))
    if not names:
        return moved.assign(**dict.fromkeys(SHOWN_COLUMNS))
    doubled = snapshot.ask(_DOUBLED.format(marks=_marks(names)), names)
    shown = pick_shown(doubled, catalogue).rename(
        columns={name: f"shown_{name}" for name in ("value", "decimals", "dataset")}
    )[[*_CELL, *SHOWN_COLUMNS]]
    cells = {"variable": "object", "unit_code": "object", "year": "int64"}
    return moved.astype(cells).merge(shown.astype(cells), on=_CELL, how="left")
