"""SQLite without its wait for the disk, which is most of the time of a small transaction.

Transactions, journals and locks stay what they are, and a killed program leaves what it would have
left: only a power cut could tell the difference, and no test cuts the power.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

Connect = Callable[..., sqlite3.Connection]


def _connect(connect: Connect, *where: Any, **options: Any) -> sqlite3.Connection:
    store = connect(*where, **options)
    try:
        store.execute("PRAGMA synchronous = OFF")
    except sqlite3.DatabaseError:
        store.close()
        raise
    return store


def unflushed(connect: Connect) -> Connect:
    """Return ``sqlite3.connect`` whose connections leave flushing to the system."""
    return partial(_connect, connect)
