"""Tell since when a unit has had its kind and name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from smup_lib.catalogue.history import ChangeMove
from smup_lib.teryt import level_of
from smup_lib.units.labels import Named


@dataclass(frozen=True)
class Timeline:
    """Kinds and names of one unit; ``dates[i]`` is the first day of ``states[i]``."""

    dates: tuple[str, ...]
    states: tuple[Named, ...]

    def as_of(self, date: str) -> Named:
        """Return kind and name on an ISO date (the oldest known before the first)."""
        return self.states[max(bisect_right(self.dates, date) - 1, 0)]

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name the unit has had, oldest first."""
        return tuple(dict.fromkeys(state.name for state in self.states))


def build_timeline(states: Sequence[tuple[str, Named]], events: Sequence[ChangeMove]) -> Timeline:
    """Join what dated registers and dated events say of one unit.

    Walking back from the newest register, each event gives the older kind or name; where two
    registers differ and no event says when it changed, the date is that of the later register.

    Parameters
    ----------
    states : sequence of (ISO date, Named)
        What each register says, oldest first; empty when no register knows the unit.
    events : sequence of ChangeMove
        Changes of status and name, and events that tell a former name; one of both at least.
    """
    state = states[-1][1] if states else _former_unit(max(events, key=lambda event: event.date))
    dates: list[str] = []
    found: list[Named] = []
    newer, pending = "", ""
    steps: list[tuple[str, int, Named | ChangeMove]] = [(d, 1, named) for d, named in states]
    steps += [(event.date, 0, event) for event in events]
    # on the same day the register already knows the event: it is met first on the way back
    for date, _, step in sorted(steps, key=lambda entry: entry[:2], reverse=True):
        if isinstance(step, Named):
            if step != state:
                dates.append(pending or newer)
                found.append(state)
                state = step
            newer, pending = date, ""
            continue
        older = _undone(state, step)
        if older is None:
            pending = date
        elif older != state:
            dates.append(date)
            found.append(state)
            state = older
    dates.append("")
    found.append(state)
    return Timeline(tuple(reversed(dates)), tuple(reversed(found)))


def _undone(state: Named, event: ChangeMove) -> Named | None:
    """Return the state before an event; None when the event does not tell it."""
    if event.former is None:
        return None
    name, kind = event.former
    if event.kind == "status":
        return state._replace(kind=kind)
    if event.kind == "rename":
        return state._replace(name=name)
    return state


def _former_unit(event: ChangeMove) -> Named:
    name, kind = event.former or (event.from_code, None)
    return Named(event.from_code, level_of(event.from_code), kind, name)
