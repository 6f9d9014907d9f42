"""A process that may fork makes the chunks of a batch for one that may not, as it has threads.

``python -m smup_lib.reports.batch.fit_process DESCRIPTOR PARENT`` with the variables of
:data:`smup_lib.kernels.forking.FIT_TO_FORK`; started by :mod:`smup_lib.reports.batch.station`.
Through the descriptor come a :class:`Start` and then chunks; back go rows, and after each chunk
the notes that are new.
"""

from __future__ import annotations

import platform
import sys
from contextlib import closing
from multiprocessing.connection import Connection

from smup_lib.errors import ReportError, SmupError
from smup_lib.kernels.family import die_with
from smup_lib.reports.batch.making import Maker
from smup_lib.reports.batch.setup import Chunk, Done, Start, Taken
from smup_lib.reports.loading import Workspace

#: A process that nobody gave a chunk for so long ends: its batch is over, or its leader is gone.
IDLE_SECONDS = 600.0


def main(descriptor: int, parent: int) -> None:
    """Serve until the parent closes the line, falls silent or dies."""
    die_with(parent)
    line = Connection(descriptor)
    try:
        start: Start = line.recv()
        prints: dict[str, str] = {}
        maker = Maker(Workspace.open(start.snapshot), start.out, start.how, prints)
        while line.poll(IDLE_SECONDS):
            chunk: Chunk = line.recv()
            line.send(Taken())
            prints.update(chunk.prints)
            _make(maker, chunk, line, stop=start.how.stop_on_error)
    except (EOFError, ConnectionError):  # the worker is gone
        return
    except SmupError as error:
        line.send(error)
    except Exception as error:  # of no single report: those end in their own rows
        line.send(_unable(error))


def _unable(error: Exception) -> ReportError:
    return ReportError(
        "Pracownik klastra nie potrafi robić raportów w osobnych procesach.",
        where=platform.node(),
        problems=[f"{type(error).__name__}: {error}"],
        expected="proces z jednym wątkiem, który może się rozgałęziać",
        next_step="sprawdź komputer poleceniem smup doctor albo uruchom partię bez niego",
    )


def _make(maker: Maker, chunk: Chunk, line: Connection, *, stop: bool) -> None:
    known = len(maker.notes)
    with closing(maker.make(chunk.jobs)) as rows:
        for row in rows:
            line.send(row)
            if stop and row.status == "failed":
                break
    line.send(Done(tuple(maker.notes[known:])))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
