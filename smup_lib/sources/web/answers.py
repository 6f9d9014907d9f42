"""What has a service answered so far? Raw bytes as they came, one row an answer, never changed."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from smup_lib.errors import SettingsError
from smup_lib.paths import make_dir, told_when_unwritable

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    request TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL, sha256 TEXT NOT NULL,
    retrieved REAL NOT NULL, confirmed REAL NOT NULL, PRIMARY KEY (request, retrieved)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS complete (question TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS begun (
    question TEXT NOT NULL, request TEXT NOT NULL, PRIMARY KEY (question, request)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meanings (
    number TEXT PRIMARY KEY, meaning TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Request:
    """One question to a service: a path below its base address, and parameters.

    Examples
    --------
    >>> str(Request.of("indicator-date-data", {"id": 16, "page": 1}))
    'indicator-date-data?id=16&page=1'
    """

    path: str
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, path: str, parameters: Mapping[str, object] | None = None) -> Request:
        """Return a request; a parameter with several values is repeated."""
        pairs: list[tuple[str, str]] = []
        for name, value in (parameters or {}).items():
            values = value if isinstance(value, list | tuple) else [value]
            pairs.extend((name, str(one)) for one in values)
        return cls(path, tuple(pairs))

    def __str__(self) -> str:
        """Return what identifies the question in the store; the key is never part of it."""
        return self.path + (f"?{urlencode(self.parameters)}" if self.parameters else "")


@dataclass(frozen=True)
class Answer:
    """What came back: status, bytes, and when (seconds since 1970).

    ``confirmed`` is the last time the same bytes came again.
    """

    request: Request
    status: int
    body: bytes
    retrieved: float
    confirmed: float

    @property
    def sha256(self) -> str:
        """Check sum of the bytes."""
        return hashlib.sha256(self.body).hexdigest()


class AnswerStore:
    """All answers of one service, in one SQLite file.

    An answer is in the store whole or not at all, so a program may be killed at any moment and
    the next one asks only what is missing. A question of several pages bears the name of its
    first one: it is **begun** with that page and **complete** once all pages are there and fit
    together. Which pages belong to the same asking is kept, never guessed from times: a clock may
    be set back between two pages.

    Parameters
    ----------
    path : Path
        SQLite file; made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged: list[str] = []
        with told_when_unwritable(path.parent):
            make_dir(path.parent)
        with self._open() as store:
            # no write-ahead log: each answer is a transaction of its own, and a log that is as
            # large as the answers would fill a small disk first
            store.execute("PRAGMA journal_mode = DELETE")
            store.executescript(_TABLES)

    def keep(self, answer: Answer, *, of: Request | None = None, whole: bool = True) -> None:
        """Keep an answer; the same bytes as last time only confirm it.

        Parameters
        ----------
        answer : Answer
        of : Request, optional
            The first page of its question; the answer itself when omitted. Keeping that one
            again begins the question anew.
        whole : bool
            Whether the question has all its pages with this one.
        """
        request, question = str(answer.request), str(of or answer.request)
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")
            last = store.execute(
                "SELECT sha256, status, retrieved FROM answers WHERE request = ? "
                "ORDER BY retrieved DESC LIMIT 1",
                (request,),
            ).fetchone()
            if last and (last[0], last[1]) == (answer.sha256, answer.status):
                # written again, because the bytes that lay there may have been damaged
                store.execute(
                    "UPDATE answers SET confirmed = ?, body = ? WHERE request = ? "
                    "AND retrieved = ?",
                    (answer.confirmed, zlib.compress(answer.body, 6), request, last[2]),
                )
            else:
                _insert(store, answer, last[2] if last else None)
            store.execute("DELETE FROM complete WHERE question = ?", (question,))
            if whole or request == question:
                store.execute("DELETE FROM begun WHERE question = ?", (question,))
            if whole:
                store.execute("INSERT INTO complete VALUES (?)", (question,))
            else:
                store.execute("INSERT OR IGNORE INTO begun VALUES (?, ?)", (question, request))

    def find(self, request: Request) -> Answer | None:
        """Return the newest answer, or None.

        One whose bytes no longer have their check sum is named in ``damaged`` and counts as not
        there: it will be asked again.
        """
        with self._open() as store:
            rows = store.execute(
                "SELECT status, body, sha256, retrieved, confirmed FROM answers "
                "WHERE request = ? ORDER BY retrieved DESC",
                (str(request),),
            )
            for status, packed, sha256, retrieved, confirmed in rows:
                body = _unpack(packed)
                if body is not None and hashlib.sha256(body).hexdigest() == sha256:
                    return Answer(request, int(status), body, float(retrieved), float(confirmed))
                self.damaged.append(str(request))
        return None

    def confirmed(self) -> dict[str, float]:
        """Return, by request, when it was last answered; without reading the bytes."""
        with self._open() as store:
            # SQLite takes the other columns from the row that has the maximum: the newest answer
            rows = store.execute(
                "SELECT request, confirmed, max(retrieved) FROM answers GROUP BY request"
            )
            return {str(request): float(at) for request, at, _ in rows}

    def complete(self) -> set[str]:
        """Return the questions that have all their pages."""
        with self._open() as store:
            return {str(question) for (question,) in store.execute("SELECT * FROM complete")}

    def begun(self) -> set[tuple[str, str]]:
        """Return, of the questions that lack pages, each with the pages it has."""
        with self._open() as store:
            pairs = store.execute("SELECT question, request FROM begun")
            return {(str(question), str(request)) for question, request in pairs}

    def distrust(self, requests: Iterable[Request]) -> None:
        """Count answers as not there until they are asked again; their bytes stay."""
        names = [(str(request),) for request in requests]
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")
            store.executemany("UPDATE answers SET confirmed = 0 WHERE request = ?", names)
            store.executemany("DELETE FROM complete WHERE question = ?", names)
            store.executemany("DELETE FROM begun WHERE question = ?", names)

    def accept_meanings(self, meanings: Mapping[str, str], path: str) -> dict[str, str]:
        """Keep what the numbers of a service mean, and distrust answers when a known one changed.

        Both happen in one step, so that no kill comes between. Times would not do: a clock may
        be set back between a dictionary and an answer. A number that is not told any more keeps
        its meaning, for it may come back with another.

        Parameters
        ----------
        meanings : mapping
            Number -> meaning.
        path : str
            Of the requests whose answers hold such numbers.

        Returns
        -------
        dict
            Number that has changed -> its meaning before.
        """
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")
            known = dict(store.execute("SELECT number, meaning FROM meanings"))
            changed = {n: known[n] for n, told in meanings.items() if known.get(n, told) != told}
            if changed:
                like = (f"{path}?%",)
                store.execute("UPDATE answers SET confirmed = 0 WHERE request LIKE ?", like)
                store.execute("DELETE FROM complete WHERE question LIKE ?", like)
                store.execute("DELETE FROM begun WHERE question LIKE ?", like)
            news = [(n, told) for n, told in meanings.items() if known.get(n) != told]
            store.executemany("INSERT OR REPLACE INTO meanings VALUES (?, ?)", news)
        return changed

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
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


def _insert(store: sqlite3.Connection, answer: Answer, last: float | None) -> None:
    """Add an answer; its time is after the last one even when the clock was set back."""
    at = answer.retrieved if last is None or answer.retrieved > last else last + 0.001
    store.execute(
        "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)",
        (
            str(answer.request),
            answer.status,
            zlib.compress(answer.body, 6),
            answer.sha256,
            at,
            answer.confirmed,
        ),
    )


def _unpack(packed: bytes) -> bytes | None:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return None


def store_error(error: sqlite3.DatabaseError, path: Path) -> SettingsError:
    """Say what is wrong with a file of answers or calls: a full disk, a lock, damage."""
    code = getattr(error, "sqlite_errorname", "") or ""
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        what, step = (
            "Nie udało się zapisać odpowiedzi serwisu: na dysku nie ma miejsca albo dysk zgłasza"
            " błąd.",
            "zwolnij miejsce i uruchom polecenie jeszcze raz: to, co już pobrano, zostało",
        )
    elif code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        what = "Inny program zapisuje teraz ten plik."
        step = "poczekaj, aż skończy, i uruchom polecenie jeszcze raz"
    elif code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        what, step = "Do tego pliku nie można pisać.", "sprawdź uprawnienia folderu"
    else:
        what = "Plik z odpowiedziami serwisu albo z licznikiem zapytań jest uszkodzony."
        step = (
            "przenieś ten plik gdzie indziej i uruchom polecenie jeszcze raz: brakujące odpowiedzi"
            " zostaną pobrane od nowa, a zapytania policzone od zera"
        )
    return SettingsError(
        what, where=str(path), expected="plik SQLite, do którego można pisać", next_step=step
    )
