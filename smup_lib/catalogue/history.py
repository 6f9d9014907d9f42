"""Tell which units became which others, and in which year.

A year means its last day: an event of 27 October 2002 holds for the data of 2002.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from smup_lib.teryt import Kind, kind_of_powiat, level_of

if TYPE_CHECKING:
    import pandas as pd

STRUCTURAL = ("split", "merge", "transfer", "code")
_FORMER = re.compile(
    r"^(?P<name>[^(:]+?) \((?P<kind>gmina miejska|gmina wiejska|gmina miejsko-wiejska|powiat"
    r"|miasto na prawach powiatu)\)"
)
_GMINA_KIND: dict[str, Kind] = {
    "gmina miejska": "urban",
    "gmina wiejska": "rural",
    "gmina miejsko-wiejska": "urban_rural",
}


@dataclass(frozen=True)
class ChangeMove:
    """One row of the table ``changes``: a share of ``from_code`` became ``to_code``.

    ``weight`` is None when nobody knows the share; ``basis`` is ``exact``, ``area``,
    ``population`` or empty.
    """

    date: str
    kind: str
    from_code: str
    to_code: str
    weight: float | None
    basis: str
    name: str

    @property
    def year(self) -> int:
        """Return the first year whose data follow the event."""
        return int(self.date[:4])

    @property
    def former(self) -> tuple[str, Kind] | None:
        """Return the old name and kind of ``from_code`` when the event tells them."""
        found = _FORMER.match(self.name)
        if not found:
            return None
        kind = _GMINA_KIND.get(found["kind"]) or kind_of_powiat(self.from_code)
        if found["kind"] == "gmina miejska" and kind_of_powiat(self.from_code) != "land_powiat":
            kind = "city_with_powiat_rights"
        return found["name"], kind


@dataclass(frozen=True)
class ChangeDay:
    """All structural moves of one date, with the pairs that go without saying.

    A transfer leaves both units in being with an unknown share; a gmina that was merged into
    another goes on there whole; a unit that gave one part away goes on.
    """

    date: str
    moves: tuple[ChangeMove, ...]

    @property
    def year(self) -> int:
        """Return the first year whose data follow the events."""
        return int(self.date[:4])

    @cached_property
    def sources(self) -> dict[str, tuple[ChangeMove, ...]]:
        """Moves by the code they lead to."""
        return _grouped(self.moves, "to_code")

    @cached_property
    def targets(self) -> dict[str, tuple[ChangeMove, ...]]:
        """Moves by the code they come from."""
        return _grouped(self.moves, "from_code")

    def can_map_forward(self, code: str) -> bool:
        """Tell whether the value of a new unit follows from the values of the old ones."""
        return code in self.sources and all(
            move.weight is not None
            and all(other.weight is not None for other in self.targets[move.from_code])
            for move in self.sources[code]
        )

    def can_map_backward(self, code: str) -> bool:
        """Tell whether the value of an old unit is the sum of new ones."""
        return code in self.targets and all(
            {source.from_code for source in self.sources[move.to_code]} == {code}
            for move in self.targets[code]
        )


class TerritorialHistory:
    """Events of the table ``changes``, ready to be asked.

    Parameters
    ----------
    changes : DataFrame
        Columns of the snapshot's table ``changes``.
    """

    def __init__(self, changes: pd.DataFrame) -> None:
        self.moves: tuple[ChangeMove, ...] = tuple(sorted(_read_moves(changes), key=_order))
        dates = dict.fromkeys(move.date for move in self.moves if move.kind in STRUCTURAL)
        self.days: tuple[ChangeDay, ...] = tuple(
            ChangeDay(date, tuple(_completed([m for m in self.moves if m.date == date])))
            for date in dates
        )

    def days_between(self, after: int, until: int) -> tuple[ChangeDay, ...]:
        """Return the days of change that lie between the ends of two years, in order."""
        return tuple(day for day in self.days if after < day.year <= until)

    def kept(self, code: str | None = None) -> Iterator[ChangeMove]:
        """Yield changes of kind and name, of one unit or of all."""
        for move in self.moves:
            if move.kind in ("status", "rename") and code in (None, move.from_code):
                yield move

    def codes_of_year(self, codes: Collection[str], known_on: str, year: int) -> set[str]:
        """Return which codes exist at the end of a year, given those of one date.

        Parameters
        ----------
        codes : collection of str
            Codes that existed on ``known_on`` (ISO date, its own events included).
        known_on : str
            Date of the register; may lie before or after the year.
        year : int
            Wanted year.
        """
        existing = set(codes)
        end = f"{year}-12-31"
        for day in self.days:
            if known_on < day.date <= end:
                existing = (existing - day.targets.keys()) | day.sources.keys()
        for day in reversed(self.days):
            if end < day.date <= known_on:
                existing = (existing - day.sources.keys()) | day.targets.keys()
        return existing

    @cached_property
    def first_years(self) -> dict[str, int]:
        """First year of units that an event brought about."""
        return {
            code: day.year for day in self.days for code in day.sources.keys() - day.targets.keys()
        }

    @cached_property
    def last_years(self) -> dict[str, int]:
        """Last year of units that an event ended."""
        return {
            code: day.year - 1
            for day in self.days
            for code in day.targets.keys() - day.sources.keys()
        }

    def successors(self, code: str) -> tuple[str, ...]:
        """Return the units that have the territory of an ended unit, to the present."""
        if code not in self.last_years:
            return ()
        found: list[str] = []
        for day in self.days:
            if day.year == self.last_years[code] + 1 and code in day.targets:
                for move in day.targets[code]:
                    found.extend(self.successors(move.to_code) or (move.to_code,))
        return tuple(dict.fromkeys(found))

    def predecessors(self, code: str) -> tuple[str, ...]:
        """Return the units from which a unit came about, on the day it did."""
        for day in self.days:
            if day.year == self.first_years.get(code) and code in day.sources:
                return tuple(move.from_code for move in day.sources[code])
        return ()


def _read_moves(changes: pd.DataFrame) -> Iterator[ChangeMove]:
    columns = ["date", "kind", "from_code", "to_code", "weight", "weight_basis", "name"]
    for row in changes[columns].itertuples(index=False, name=None):
        date, kind, from_code, to_code, weight, basis, name = row
        known = weight is not None and weight == weight  # NaN is unlike itself
        yield ChangeMove(
            str(date)[:10],
            str(kind),
            str(from_code),
            str(to_code),
            float(weight) if known else None,
            basis if isinstance(basis, str) else "",
            name if isinstance(name, str) else "",
        )


def _completed(moves: list[ChangeMove]) -> Iterator[ChangeMove]:
    """Yield the structural moves of a day and the pairs of units with themselves left unsaid."""
    moves = [move for move in moves if move.kind in STRUCTURAL]
    pairs = {(move.from_code, move.to_code) for move in moves}
    begun = {m.to_code for m in moves if m.kind == "code"}
    for move in moves:
        yield move
        origin, result = move.from_code, move.to_code
        unsaid: list[tuple[str, float | None]] = []
        if move.kind == "transfer":
            unsaid = [(origin, None), *([] if result in begun else [(result, None)])]
        elif move.kind == "merge" and [m.to_code for m in moves].count(result) == 1:
            unsaid = [(result, 1.0)]
        elif move.kind == "split" and [m.from_code for m in moves].count(origin) == 1:
            unsaid = [(origin, None)]
        for code, weight in unsaid:
            if (code, code) not in pairs:
                pairs.add((code, code))
                basis = "exact" if weight else ""
                yield replace(move, from_code=code, to_code=code, weight=weight, basis=basis)


def _grouped(moves: tuple[ChangeMove, ...], key: str) -> dict[str, tuple[ChangeMove, ...]]:
    groups: dict[str, list[ChangeMove]] = {}
    for move in moves:
        groups.setdefault(getattr(move, key), []).append(move)
    return {code: tuple(listed) for code, listed in groups.items()}


def _order(move: ChangeMove) -> tuple[str, int]:
    return move.date, len(move.from_code)


def other_code_of(code: str) -> str | None:
    """Return the other code of a city with powiat rights: its gmina or its powiat.

    Examples
    --------
    >>> other_code_of("1261"), other_code_of("126101"), other_code_of("120102")
    ('126101', '1261', None)
    """
    level = level_of(code)
    if level == "powiat" and kind_of_powiat(code) == "city_with_powiat_rights":
        return code + "01"
    if level == "gmina" and kind_of_powiat(code) == "city_with_powiat_rights":
        return code[:4]
    return None
