"""The observations in memory, for a process that many others are forked from.

Each fork shares the pages, and asks without opening DuckDB, which takes 25 MB of its own memory and
ten times as long for a small question. Answers are those of DuckDB, row by row
(``tests/snapshots/test_held.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from smup_lib.snapshots.observations import COLUMNS, TEXT_COLUMNS
from smup_lib.snapshots.tables import SORTED_BY
from smup_lib.teryt import CODE_LENGTH, COUNTRY_CODE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from smup_lib.snapshots.question import Question

    Numbers: TypeAlias = "np.ndarray[Any, Any]"


class HeldObservations:
    """All observations of a snapshot as columns of numbers and the words that they stand for.

    Parameters
    ----------
    file : Path
        Of the observations, ordered by :data:`SORTED_BY`.
    """

    def __init__(self, file: Path) -> None:
        import numpy as np
        import pyarrow.parquet as pq

        # without its pools, whose threads would stay: a process with threads must not be forked
        table = pq.ParquetFile(file, pre_buffer=False).read(use_threads=False)
        table = table.unify_dictionaries().combine_chunks()
        self._columns: dict[str, Numbers] = {}
        self._words: dict[str, list[str]] = {}
        for name in COLUMNS:
            column = table.column(name).combine_chunks()
            if name in TEXT_COLUMNS:
                words = column.dictionary.to_pylist()
                self._words[name] = words
                column = column.indices
                kind: Any = np.min_scalar_type(len(words))
            else:
                kind = {"year": np.int16, "value": np.float64, "decimals": np.float32}[name]
            self._columns[name] = column.to_numpy(zero_copy_only=False).astype(kind)
        self._texts = {name: _texts(words) for name, words in self._words.items()}
        self._sort()

    @property
    def nbytes(self) -> int:
        """Return the bytes of the columns."""
        return sum(column.nbytes for column in self._columns.values())

    def select(self, asked: Question) -> pd.DataFrame:
        """Return the observations that a question asks for."""
        import numpy as np

        rows = self._rows_of(asked.variables)
        tests = []
        if asked.unit_codes is not None:
            tests.append(self._units_among(rows, set(asked.unit_codes).__contains__))
        if asked.years is not None:
            tests.append(np.isin(self._columns["year"][rows], asked.years))
        if asked.either and len(tests) == 2:
            tests = [tests[0] | tests[1]]
        if asked.level is not None:
            tests.append(self._units_among(rows, _at(asked.level, cities=asked.cities)))
        kept = rows[np.logical_and.reduce(tests)] if tests else rows
        return self._frame(kept)

    def _rows_of(self, variables: Sequence[str] | None) -> Numbers:
        import numpy as np

        if variables is None:
            return np.arange(len(self._columns["year"]))
        spans = [self._spans[name] for name in variables if name in self._spans]
        none = np.empty(0, dtype=np.intp)
        return np.concatenate([none, *(np.arange(start, stop) for start, stop in spans)])

    def _units_among(self, rows: Numbers, wanted: Callable[[str], bool]) -> Numbers:
        """Return which of the rows are of units that a test lets through; it is asked once each."""
        import numpy as np

        through = np.fromiter(map(wanted, self._words["unit_code"]), dtype=bool)
        return through[self._columns["unit_code"][rows]]

    def _frame(self, rows: Numbers) -> pd.DataFrame:
        import pandas as pd

        columns: dict[str, Any] = {}
        for name, column in self._columns.items():
            part = column[rows]
            if name in TEXT_COLUMNS:
                columns[name] = self._texts[name].take(part.astype("intp"))
            else:
                columns[name] = pd.array(part, dtype="Int8") if name == "decimals" else part
        return pd.DataFrame(columns)

    def _sort(self) -> None:
        """Bring the rows into the order of DuckDB's answers, and note where each variable lies."""
        import numpy as np

        ranks = []
        for name in SORTED_BY:
            column = self._columns[name]
            if name in TEXT_COLUMNS:
                words = self._words[name]
                places = np.empty(len(words), dtype=np.intp)
                places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
                column = places[column]
            ranks.append(column)
        order = np.lexsort(ranks[::-1])
        if not np.array_equal(order, np.arange(len(order))):
            self._columns = {name: column[order] for name, column in self._columns.items()}
        codes = self._columns["variable"]
        starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]][: len(codes)]).tolist()
        words = self._words["variable"]
        self._spans = {
            words[codes[start]]: (start, stop)
            for start, stop in zip(starts, [*starts[1:], len(codes)], strict=True)
        }


def _texts(words: list[str]) -> Any:
    import pandas as pd

    return pd.array(words, dtype="str")


def _at(level: str, *, cities: bool) -> Callable[[str], bool]:
    """Return a test for codes of a level; with ``cities`` also for other codes of cities."""
    country, digits = level == "country", CODE_LENGTH.get(level, 0)

    def fits(code: str) -> bool:
        is_country = code == COUNTRY_CODE
        at_level = is_country if country else len(code) == digits and not is_country
        return at_level or (cities and code[2:4] > "60")

    return fits
