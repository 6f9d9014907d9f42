"""How many calls may we still make? Counted on disk, so that two programs share one limit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smup_lib.paths import make_dir, told_when_unwritable
from smup_lib.sources.web.answers import store_error
from smup_lib.sources.web.clock import Clock, SystemClock


@dataclass(frozen=True)
class Window:
    """At most so many calls in so many seconds."""

    seconds: int
    calls: int


#: Published limits of SMUP, BDL and DBW: per second, 15 minutes, 12 hours, a week.
GUS_ANONYMOUS = (Window(1, 5), Window(900, 100), Window(43_200, 1_000), Window(604_800, 10_000))
GUS_REGISTERED = (Window(1, 10), Window(900, 500), Window(43_200, 5_000), Window(604_800, 50_000))

#: A block longer than this, and than every window, is a clock that was set back.
_LONGEST_BLOCK = 3_600

_TABLES = """
CREATE TABLE IF NOT EXISTS calls (account TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS calls_by_time ON calls (account, at);
CREATE TABLE IF NOT EXISTS blocked (account TEXT PRIMARY KEY, until REAL NOT NULL);
"""


class Quota:
    """The calls of one account (a service and a key), and the windows they must fit in.

    Parameters
    ----------
    path : Path
        SQLite file; several programs may use it at once.
    account : str
        Whose calls are counted; never the key itself.
    windows : sequence of Window
        Every one of them holds.
    clock : Clock
        The wall clock: limits run on between two programs and over a restart.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     quota = Quota(Path(folder) / "quota.sqlite", "demo", [Window(900, 2)])
    ...     [quota.take() > 0 for _ in range(3)]
    [False, False, True]
    """

    def __init__(
        self,
        path: Path,
        account: str,
        windows: Sequence[Window],
        clock: Clock | None = None,
    ) -> None:
        self.path, self.account = path, account
        self.windows = tuple(windows)
        self.clock = clock or SystemClock()
        with told_when_unwritable(path.parent):
            make_dir(path.parent)
            with self._open() as store:
                store.executescript(_TABLES)

    def take(self) -> float:
        """Count one call when all windows have room.

        Returns
        -------
        float
            0 when the call may be made now and has been counted; else how many seconds to wait
            before asking again.
        """
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")
            now = self._now(store)
            wait = max([self._blocked_until(store), *self._free_at(store)], default=now) - now
            if wait > 0:
                return wait
            store.execute("INSERT INTO calls VALUES (?, ?)", (self.account, now))
            oldest = now - max((window.seconds for window in self.windows), default=0)
            store.execute("DELETE FROM calls WHERE account = ? AND at < ?", (self.account, oldest))
        return 0.0

    def block(self, seconds: float) -> None:
        """Make no call for a while, in any program: the service said that it is too much."""
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")
            until = max(self._blocked_until(store), self._now(store) + seconds)
            store.execute("INSERT OR REPLACE INTO blocked VALUES (?, ?)", (self.account, until))

    def estimate_seconds(self, calls: int, seconds_a_call: float = 0.3) -> float:
        """Return how long so many further calls will take, with all the waiting.

        Parameters
        ----------
        calls : int
            Calls still to make.
        seconds_a_call : float
            How long the service thinks, as measured or as published.
        """
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")
            now = start = self._now(store)
            made = self._made(store)
            start = max(start, self._blocked_until(store))
        for _ in range(calls):
            free = (
                made[-window.calls] + window.seconds
                for window in self.windows
                if len(made) >= window.calls
            )
            start = max([start, *free])
            made.append(start)
            start += seconds_a_call
        return start - now

    def _free_at(self, store: sqlite3.Connection) -> Iterator[float]:
        """Yield, of each full window, when its oldest call leaves it."""
        for window in self.windows:
            row = store.execute(
                "SELECT at FROM calls WHERE account = ? ORDER BY at DESC LIMIT 1 OFFSET ?",
                (self.account, window.calls - 1),
            ).fetchone()
            if row is not None:
                yield float(row[0]) + window.seconds

    def _blocked_until(self, store: sqlite3.Connection) -> float:
        row = store.execute(
            "SELECT until FROM blocked WHERE account = ?", (self.account,)
        ).fetchone()
        return float(row[0]) if row else 0.0

    def _made(self, store: sqlite3.Connection) -> list[float]:
        rows = store.execute(
            "SELECT at FROM calls WHERE account = ? ORDER BY at", (self.account,)
        ).fetchall()
        return [float(at) for (at,) in rows]

    def _now(self, store: sqlite3.Connection) -> float:
        """Return the time; calls counted in the future are moved to now.

        A clock that was set back would otherwise stop all work until the old time comes again.
        """
        now = self.clock.now()
        longest = max([_LONGEST_BLOCK, *(window.seconds for window in self.windows)])
        store.execute(
            "UPDATE calls SET at = ? WHERE account = ? AND at > ?", (now, self.account, now)
        )
        store.execute(
            "UPDATE blocked SET until = ? WHERE account = ? AND until > ?",
            (now + longest, self.account, now + longest),
        )
        return now

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # autocommit: transactions are opened by hand where reading and writing must be one step
        try:
            store = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            try:
                yield store
                if store.in_transaction:
                    store.execute("COMMIT")
            finally:
                store.close()
        except sqlite3.DatabaseError as error:
            raise store_error(error, self.path) from error
