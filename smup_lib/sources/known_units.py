"""Which units may stand in a snapshot, and until which year may they have values?

Known are the units of every vintage of the register and those that a territorial change names. A
unit ends on the day of the change that ended it, or before the vintage that no longer has it; a
vintage that is not whole ends no unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.catalogue.history import TerritorialHistory
from smup_lib.plurals import spaced
from smup_lib.sources.completeness import LEVEL_NAMES, Vintage, vintages_of, whole_days
from smup_lib.teryt import level_of, parse_unit_code, with_lost_zero

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class KnownUnits:
    """The units of a register.

    Attributes
    ----------
    codes : frozenset of str
        Codes of all vintages and of territorial changes.
    days : tuple of str
        State dates of the vintages, oldest first.
    first_years, last_years : mapping
        First and last year of the units that a change or a vintage brought about or ended.
    successors : mapping
        Ended unit -> the units that have its territory, where a change tells them.
    vintages : mapping
        State date -> level -> codes, without parts.
    history : TerritorialHistory or None
        What happened between the vintages.
    """

    codes: frozenset[str]
    days: tuple[str, ...]
    first_years: Mapping[str, int] = field(default_factory=dict)
    last_years: Mapping[str, int] = field(default_factory=dict)
    successors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vintages: Mapping[str, Vintage] = field(default_factory=dict)
    history: TerritorialHistory | None = None

    @property
    def unknown_reason(self) -> str:
        """Return why a row of an unknown unit waits, naming the vintages that were asked."""
        return (
            f"takiej jednostki nie ma w rejestrze TERC (stan na: {', '.join(self.days)})"
            " ani wśród zmian terytorialnych"
        )

    def ended_reason(self, code: str) -> str:
        """Return why a value of a year after the end of a unit waits."""
        heirs = " i ".join(self.successors.get(code, ()))
        where = f" (jej obszar ma odtąd {heirs})" if heirs else ""
        return f"jednostka istniała do {self.last_years[code]} r.{where}"

    def lost_zero_note(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return a note on unknown gminy that would be known with a zero in front; else none."""
        meant = {code: with_lost_zero(code) for code in sorted(codes) if len(code) == 6}
        known = [(c, m) for c, m in meant.items() if m and parse_unit_code(m).code in self.codes]
        if not known:
            return ()
        code, full = known[0]
        more = f" (takich kodów: {spaced(len(known))})" if len(known) > 1 else ""
        return (
            f"arkusz mógł usunąć zero z przodu kodu: {code} to może {full}{more}; zapisz kolumnę"
            " kodów jako tekst i wczytaj plik ponownie",
        )

    def missing_notes(self, codes: Iterable[str], years: Iterable[int]) -> tuple[str, ...]:
        """Return notes on levels of which a file has only some units; none when it is whole.

        A selection is as good as a whole file, so this is a remark. Where every unit after the
        last one of the file is missing, the file may have been cut between two rows.
        """
        present = set(codes)
        vintage = self._units_of(max(years, default=0))
        notes = []
        for level, name in LEVEL_NAMES.items():
            registered = vintage.get(level, frozenset())
            here = registered & present
            if not here or len(here) == len(registered):
                continue
            note = f"plik ma {spaced(len(here))} z {spaced(len(registered))} {name}"
            if all(code > max(here) for code in registered - here):
                note += f"; brakuje wszystkich po kodzie {max(here)}: plik może być ucięty"
            notes.append(note)
        return tuple(notes)

    def _units_of(self, year: int) -> Vintage:
        """Return the units of a year: the last vintage, and what has changed since."""
        if not self.days:
            return {}
        earlier = [day for day in self.days if day <= f"{year}-12-31"]
        day = (earlier or list(self.days[:1]))[-1]
        vintage = self.vintages[day]
        if self.history is None:
            return vintage
        codes = self.history.codes_of_year(_all_codes(vintage), day, year)
        return {name: frozenset(c for c in codes if level_of(c) == name) for name in vintage}


def known_units(units: pd.DataFrame, changes: pd.DataFrame) -> KnownUnits:
    """Return the units that the register and the territorial changes know.

    Parameters
    ----------
    units, changes : DataFrame
        The tables ``units`` and ``changes`` of the snapshot to be.
    """
    vintages = vintages_of(units)
    history = TerritorialHistory(changes) if len(changes) else None
    named = (
        {code for move in history.moves for code in (move.from_code, move.to_code)}
        if history
        else set()
    )
    last = _last_years(history, vintages)
    return KnownUnits(
        codes=frozenset(units["unit_code"]) | named,
        days=tuple(vintages),
        first_years=dict(history.first_years) if history else {},
        last_years=last,
        successors={code: history.successors(code) for code in last} if history else {},
        vintages=vintages,
        history=history,
    )


def _all_codes(levels: Vintage) -> frozenset[str]:
    return frozenset().union(*levels.values())


def _last_years(
    history: TerritorialHistory | None, registers: Mapping[str, Vintage]
) -> dict[str, int]:
    """Return the last year of every unit that ended; a unit that came back has none."""
    vintages = {day: _all_codes(levels) for day, levels in registers.items()}
    whole = whole_days(registers)
    ended: dict[str, tuple[str, int]] = {}
    earlier: frozenset[str] = frozenset()
    for day, codes in vintages.items():
        if day not in whole:
            continue
        for code in earlier - codes:
            ended[code] = (day, int(day[:4]) - 1)
        earlier = codes
    for change in history.days if history else ():
        for code in change.targets.keys() - change.sources.keys():
            ended[code] = (change.date, change.year - 1)
        for code in change.sources.keys() - change.targets.keys():
            if code in ended and ended[code][0] < change.date:
                del ended[code]
    return {
        code: year
        for code, (date, year) in ended.items()
        if not any(code in codes for day, codes in vintages.items() if day >= date)
    }
