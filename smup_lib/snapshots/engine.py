"""DuckDB, opened once for many small questions, and closed before this process is forked.

Opening it takes twice the work of a usual question. It is kept between questions, with no file open
and little memory: a large answer, a failure and a fork close it.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

#: After an answer with more rows DuckDB is closed: it would keep the memory that it used.
MOST_ROWS = 100_000


class Engine:
    """The DuckDB of this process; who asks while another thread does gets one of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: DuckDBPyConnection | None = None
        self._watches = False

    @property
    def is_open(self) -> bool:
        """Return whether a connection is kept."""
        return self._open is not None

    def ask(self, query: str, parameters: Sequence[Any] | Mapping[str, Any]) -> pd.DataFrame:
        """Return what DuckDB answers.

        Parameters
        ----------
        query : str
            One statement in SQL.
        parameters : sequence or mapping
            Values of its marks, by place or by name.

        Examples
        --------
        >>> Engine().ask("SELECT 2 + ? AS sum", [3])["sum"].tolist()
        [5]
        """
        if not self._lock.acquire(blocking=False):
            with _connect() as connection:
                return _answer(connection, query, parameters)
        small = False
        try:
            if self._open is None:
                self._watch()
                self._open = _connect()
            frame = _answer(self._open, query, parameters)
            small = len(frame) <= MOST_ROWS
            return frame
        finally:
            if not small:
                self._close()
            self._lock.release()

    def _close(self) -> None:
        kept, self._open = self._open, None
        if kept is not None:
            kept.close()

    def _watch(self) -> None:
        """See to it, once, that neither a fork nor the end of the process meets what is open."""
        if self._watches:
            return
        # at the end of Python an open DuckDB is complained of on stderr
        atexit.register(self._close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._before_fork, after_in_child=self._in_child)
        self._watches = True

    def _before_fork(self) -> None:
        """End the threads of DuckDB, which no child would have; another thread may be asking."""
        if self._lock.acquire(blocking=False):
            self._close()
            self._lock.release()

    def _in_child(self) -> None:
        """Leave alone what a thread of the parent was asking at the fork: it cannot be closed."""
        if self._open is not None:
            _LOST.append(self._open)
        self._open, self._lock = None, threading.Lock()


#: Connections of threads that are not in this process.
_LOST: list[DuckDBPyConnection] = []


def _connect() -> DuckDBPyConnection:
    import duckdb

    # files are those of immutable snapshots, small and near: no part of them is held
    return duckdb.connect(config={"enable_external_file_cache": False})


def _answer(
    connection: DuckDBPyConnection, query: str, parameters: Sequence[Any] | Mapping[str, Any]
) -> pd.DataFrame:
    relation = connection.sql(query, params=parameters)
    frame: pd.DataFrame = relation.to_arrow_table().to_pandas(use_threads=False)
    return frame


#: What all snapshots ask.
ENGINE = Engine()
