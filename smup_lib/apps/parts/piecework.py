"""Do pieces of work one after another, and let the visitor be heard between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from smup_lib.apps.opening import served

#: Long enough for a message that waits at the session to be taken first.
PAUSE_SECONDS = 0.01
#: A page that has not said by then that it is there may have scripts that cannot say it.
LONGEST_WAIT = 60.0
#: Set when the page has drawn what it was told first; a session has one page.
_ARRIVED = asyncio.Event()


def note_arrival() -> None:
    """Let the pieces begin: the page is there and hears of each."""
    _ARRIVED.set()


async def page_arrived() -> None:
    """Wait until the page is there; a widget that comes or goes before may be lost to it."""
    if served():
        with suppress(TimeoutError):
            await asyncio.wait_for(_ARRIVED.wait(), LONGEST_WAIT)


class Piecework:
    """Work of which only the newest is wanted: what was begun before is left.

    Without an event loop, as in a test or a script, all is done at once.

    Examples
    --------
    >>> done = []
    >>> Piecework().run([lambda: done.append("first"), lambda: done.append("second")])
    >>> done
    ['first', 'second']
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def run(self, pieces: Iterable[Callable[[], object]]) -> None:
        """Begin to do the pieces, in place of those that are not done yet."""
        self.stop()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            for piece in pieces:
                piece()
        else:
            self._task = loop.create_task(_walk(pieces))

    def stop(self) -> None:
        """Leave what is not done yet."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


async def _walk(pieces: Iterable[Callable[[], object]]) -> None:
    await page_arrived()
    for piece in pieces:
        await asyncio.sleep(PAUSE_SECONDS)
        piece()
