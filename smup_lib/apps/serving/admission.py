"""Who may have a page prepared now, and who waits? A few at a time, in the order of arrival.

Pages prepared at once share the processors, so all of them would be finished last. A few at a time,
the first is soon finished and nobody waits longer than he would anyway.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator


class Admission:
    """Lets a few in at once, first come, first served; each who waits knows his place.

    Parameters
    ----------
    at_once : int
        How many may be inside.

    Examples
    --------
    >>> door = Admission(1)
    >>> first, second = door.arrive(), door.arrive()
    >>> first.before, second.before, door.waiting
    (None, 0, 1)
    >>> first.leave()
    >>> second.before, door.waiting
    (None, 0)
    """

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._inside: set[Turn] = set()
        self._queue: deque[Turn] = deque()

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._queue)

    def arrive(self) -> Turn:
        """Return a turn; who has it must leave, however it ends."""
        turn = Turn(self)
        self._queue.append(turn)
        self._let_in()
        return turn

    def _place(self, turn: Turn) -> int | None:
        return None if turn not in self._queue else self._queue.index(turn)

    def _remove(self, turn: Turn) -> None:
        self._inside.discard(turn)
        if turn in self._queue:
            self._queue.remove(turn)
        self._let_in()

    def _let_in(self) -> None:
        while self._queue and len(self._inside) < self.at_once:
            self._inside.add(self._queue.popleft())
        for turn in (*self._inside, *self._queue):
            turn._moved.set()


class Turn:
    """Somebody's place, from :meth:`Admission.arrive`."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._moved = asyncio.Event()

    @property
    def before(self) -> int | None:
        """Return how many wait before this one; None when it waits no more."""
        return self._admission._place(self)

    async def places(self, say_again: float = 15.0) -> AsyncIterator[int]:
        """Tell how many wait before, each time it changes, until it is this one's turn.

        Parameters
        ----------
        say_again : float, default 15.0
            Seconds after which the same is told again, so that no proxy takes silence for an end.
        """
        while (before := self.before) is not None:
            self._moved.clear()
            yield before
            try:
                async with asyncio.timeout(say_again):
                    while self.before == before:
                        await self._moved.wait()
                        self._moved.clear()
            except TimeoutError:
                continue

    def leave(self) -> None:
        """Make room for the next; leaving twice does nothing."""
        self._admission._remove(self)
