"""How long must somebody wait who typed a wrong password again and again?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: Wrong answers that cost nothing: people mistype, and a room may share one address.
FREE = 10
#: The longest wait, and how long somebody is remembered who has stopped trying.
LONGEST_WAIT, MEMORY = 300.0, 1800.0
#: Wrong answers of the whole world in a minute, whichever addresses they come from.
MOST_PER_MINUTE = 60
#: Who is remembered; a flood from many addresses must not fill the memory.
_MOST_KNOWN = 10_000
_MINUTE = 60.0
#: More doublings than these lead to the longest wait anyway, and in the end to no number at all.
_MOST_DOUBLINGS = 10


@dataclass
class Attempts:
    """Counts wrong passwords by the address that they came from; nothing is written anywhere.

    Examples
    --------
    >>> attempts = Attempts(clock=lambda: 0.0)
    >>> for _ in range(FREE + 3):
    ...     attempts.note_wrong("192.0.2.1")
    >>> attempts.seconds_to_wait("192.0.2.1"), attempts.seconds_to_wait("192.0.2.2")
    (8.0, 0.0)
    """

    clock: Callable[[], float] = time.monotonic
    _wrong: dict[str, tuple[int, float]] = field(default_factory=dict)
    _recent: list[float] = field(default_factory=list)

    def seconds_to_wait(self, address: str) -> float:
        """Return how long an address must wait until it may try again; 0 when it may now."""
        now = self.clock()
        self._recent = [then for then in self._recent if now - then < _MINUTE]
        everybody = self._recent[0] + _MINUTE - now if len(self._recent) >= MOST_PER_MINUTE else 0.0
        count, last = self._wrong.get(address, (0, now))
        own = 0.0
        if count > FREE:
            doubled = 2.0 ** min(count - FREE, _MOST_DOUBLINGS)
            own = max(0.0, last + min(LONGEST_WAIT, doubled) - now)
        return max(own, everybody)

    def note_wrong(self, address: str) -> None:
        """Count a wrong password."""
        now = self.clock()
        if len(self._wrong) >= _MOST_KNOWN:
            self._wrong = {
                known: seen for known, seen in self._wrong.items() if now - seen[1] < MEMORY
            }
        count, last = self._wrong.get(address, (0, now))
        self._wrong[address] = (1 if now - last > MEMORY else count + 1, now)
        self._recent.append(now)
