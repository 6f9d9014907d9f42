"""``smup`` as a process of its own whose waits cost no time; everything else is the real thing.

The waits are those of the clock and those of SQLite for the disk.
"""

from __future__ import annotations

import sqlite3

from smup_lib import cli
from smup_lib.sources.web import quota
from tests.servers.clocks import SkippingClock
from tests.servers.unflushed import unflushed


def run() -> None:
    """Run the command that ``sys.argv`` tells."""
    quota.SystemClock = SkippingClock  # type: ignore[misc,assignment]
    sqlite3.connect = unflushed(sqlite3.connect)
    cli.main()


if __name__ == "__main__":
    run()
