"""For how many of the units that exist can an indicator be told, and why not for the others?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smup_lib.catalogue.channels import channels_of
from smup_lib.flags import FLAGS, NULL_FLAGS
from smup_lib.indicators.compute import compute_values
from smup_lib.indicators.presence import NO_ROW, Presence
from smup_lib.teryt import CODE_LENGTH, FIRST_YEAR_OF_LEVEL, is_city_code

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Indicator, Level
    from smup_lib.snapshots import Snapshot
    from smup_lib.units import Register

Bools = NDArray[np.bool_]
Reasons = NDArray[np.uint8]
Rows = list[tuple[Any, ...]]

COUNT_COLUMNS = ("indicator", "level", "year", "units", "values")
GAP_COLUMNS = ("indicator", "level", "year", "gap", "units", "variables")
#: Levels of an audit: those at which indicators are made.
AUDIT_LEVELS: tuple[Level, ...] = ("gmina", "powiat")

#: Why there is no value, by the flag of its input; ``NO_ROW`` is no row in a series that others
#: have.
_GAP_OF_FLAG = {
    "missing_or_secret": "suppressed",
    "suppressed_here": "suppressed",
    "not_available_yet": "not_yet",
    "no_data": "not_told",
    "ambiguous_zero": "ambiguous_zero",
    "zero_denominator": "not_computable",
    "not_applicable": "not_computable",
}
#: Why an input has no row in any year at any level, by the way on which it would come.
_GAP_OF_CHANNEL = {"own_records": "own_records", "unrecognised": "no_source"}
#: No reason: there is a number.
_NONE = len(NULL_FLAGS)
#: Place of each flag among the reasons; of several inputs the first reason is told.
_REASON = np.full(256, _NONE, dtype="uint8")
_REASON[[FLAGS.index(flag) for flag in NULL_FLAGS]] = range(len(NULL_FLAGS))
_REASON[NO_ROW] = NULL_FLAGS.index("no_data")


def compute_availability(
    indicators: Sequence[Indicator],
    snapshot: Snapshot,
    catalogue: Catalogue,
    register: Register,
    levels: Iterable[Level] = AUDIT_LEVELS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count the units with a value, and those without one by reason.

    Parameters
    ----------
    indicators : sequence of Indicator
        What to count.
    snapshot, catalogue, register
        Where the data are, what they mean, and which units existed when.
    levels : iterable of str
        ``gmina``, ``powiat`` or both.

    Returns
    -------
    tuple of DataFrame
        Counts: ``indicator, level, year, units, values``, one row for each level of an indicator
        and each year from the first to the last in which any of its own inputs has a row (all
        years of the snapshot when none has), since the level exists; ``units`` are those that
        existed and to which the indicator applies. Gaps: ``indicator, level, year, gap, units,
        variables``, one row a reason; ``variables`` are the inputs concerned, joined by spaces. A
        level at which an indicator is not defined is one gap ``not_for_level`` without a year.

    Notes
    -----
    A value counts when every input has a number and the denominator is not zero. A part larger
    than its whole is an error of the data and still counts: it was told. A change looks back at
    the same code.
    """
    import pandas as pd

    chosen = tuple(levels)
    variables = {name for i in indicators for name in i.inputs.variables}
    presence = Presence(snapshot, catalogue, variables, _known_codes(register))
    counter = _Counter(presence, register, catalogue, snapshot)
    counts: Rows = []
    gaps: Rows = []
    for indicator in indicators:
        own = [level for level in chosen if level in indicator.levels]
        gaps += [
            (indicator.id, level, None, "not_for_level", 0, "")
            for level in chosen
            if level not in own
        ]
        told, missing = counter.count(indicator, own) if own else ([], [])
        counts += told
        gaps += missing
    frame = pd.DataFrame(gaps, columns=list(GAP_COLUMNS)).astype({"year": "Int16"})
    return pd.DataFrame(counts, columns=list(COUNT_COLUMNS)), frame


def _known_codes(register: Register) -> list[str]:
    """Return every unit of the audited levels that any register or event knows."""
    return sorted(code for code in register.timelines if len(code) in (4, 6))


class _Counter:
    """Counts indicators over the cells of one snapshot."""

    def __init__(
        self, presence: Presence, register: Register, catalogue: Catalogue, snapshot: Snapshot
    ) -> None:
        self._presence = presence
        self._snapshot = snapshot
        self._catalogue = catalogue
        self._kinds = [
            {**register.kinds("gmina", year), **register.kinds("powiat", year)}
            for year in presence.years
        ]
        lengths = np.array([len(code) for code in presence.unit_codes])
        self._of_level = {level: lengths == CODE_LENGTH[level] for level in AUDIT_LEVELS}
        self._cities = np.array([is_city_code(code) for code in presence.unit_codes], dtype=bool)
        self._eligible: dict[tuple[str, tuple[str, ...]], Bools] = {}

    def count(self, indicator: Indicator, levels: Iterable[Level]) -> tuple[Rows, Rows]:
        """Return rows of counts and of gaps at some levels of an indicator."""
        reasons = self._reasons(indicator)
        counts: Rows = []
        gaps: Rows = []
        for level in levels:
            eligible = self._existing(level, indicator.kinds_at(level))
            missing = eligible & (reasons != _NONE)
            units, without = eligible.sum(axis=1), missing.sum(axis=1)
            for place in self._window(indicator, level):
                year = self._presence.years[place]
                told = int(units[place] - without[place])
                counts.append((indicator.id, level, year, int(units[place]), told))
                if without[place]:
                    found = self._gaps(indicator, level, place, missing[place], reasons[place])
                    gaps += [(indicator.id, level, year, *gap) for gap in found]
        return counts, gaps

    def _window(self, indicator: Indicator, level: Level) -> Iterable[int]:
        """Return the places of an indicator's years: it never depends on what else is counted."""
        told = [self._presence.years_told(name) for name in indicator.inputs.variables]
        places = np.flatnonzero(np.any(told, axis=0)).tolist()
        years = self._presence.years
        first, last = (places[0], places[-1]) if places else (0, len(years) - 1)
        return [p for p in range(first, last + 1) if years[p] >= FIRST_YEAR_OF_LEVEL[level]]

    def _existing(self, level: Level, kinds: tuple[str, ...]) -> Bools:
        """Return which units of a level existed, and are of these kinds, in each year."""
        if (level, kinds) not in self._eligible:
            eligible = np.zeros((len(self._kinds), len(self._codes)), dtype=bool)
            for row, known in zip(eligible, self._kinds, strict=True):
                row[:] = [c in known and (not kinds or known[c] in kinds) for c in self._codes]
            self._eligible[level, kinds] = eligible & self._of_level[level]
        return self._eligible[level, kinds]

    @property
    def _codes(self) -> tuple[str, ...]:
        return self._presence.unit_codes

    def _reasons(self, indicator: Indicator) -> Reasons:
        """Return, for each year and unit, the place of the reason in NULL_FLAGS, or none."""
        flags = [self._presence.flags(name) for name in indicator.inputs.variables]
        if indicator.looks_back:
            flags += [self._looked_back(indicator, flag, NO_ROW) for flag in flags]
        reasons: Reasons = np.min([_REASON[flag] for flag in flags], axis=0)
        nothing = (reasons == _NONE) & self._zero_below(indicator)
        reasons[nothing] = NULL_FLAGS.index("zero_denominator")
        for place, year in enumerate(self._presence.years):
            if indicator.break_looked_over(year) is not None:
                reasons[place] = NULL_FLAGS.index("not_applicable")
        return reasons

    def _looked_back(self, indicator: Indicator, cells: NDArray[Any], empty: Any) -> NDArray[Any]:
        """Return the cells of the year with which each year is compared."""
        moved = np.full_like(cells, empty)
        base = indicator.base_year
        if base is None:
            moved[1:] = cells[:-1]
        elif base in self._presence.years:
            moved[:] = cells[self._presence.years.index(base)]
        return moved

    def _zero_below(self, indicator: Indicator) -> Bools:
        """Return where the denominator is zero: every part of it, since parts are not negative."""
        if indicator.inputs.denominator_minus:
            return self._not_positive(indicator)
        if indicator.method in ("published", "amount"):
            return np.zeros((len(self._presence.years), len(self._codes)), dtype=bool)
        zeros: Bools = np.all(
            [self._presence.zeros(name) for name in _divided_by(indicator)], axis=0
        )
        return self._looked_back(indicator, zeros, False) if indicator.looks_back else zeros

    def _not_positive(self, indicator: Indicator) -> Bools:
        """Return where a difference below is not positive: only the numbers themselves tell."""
        found = np.zeros((len(self._presence.years), len(self._codes)), dtype=bool)
        places = {code: place for place, code in enumerate(self._codes)}
        for level in AUDIT_LEVELS:
            if level not in indicator.levels:
                continue
            values = compute_values([indicator], self._snapshot, self._catalogue, level)
            refused = values[values["flag"] == "not_applicable"]
            for code, year in zip(refused["unit_code"], refused["year"], strict=True):
                if code in places:
                    found[year - self._presence.years[0], places[code]] = True
        return found

    def _gaps(
        self, indicator: Indicator, level: Level, place: int, missing: Bools, reasons: Reasons
    ) -> Iterator[tuple[str, int, str]]:
        """Yield reason, units and inputs concerned of one year, the largest first."""
        without = self._without_any(indicator, level, place)
        if without:
            for gap, names in without.items():
                yield gap, int(missing.sum()), " ".join(names)
            return
        told = Counter(_GAP_OF_FLAG[NULL_FLAGS[code]] for code in reasons[missing].tolist())
        for gap, units in told.most_common():
            names = [
                name
                for name in indicator.inputs.variables
                if not self._presence.numbers(name)[place][missing].all()
            ]
            if gap == "not_computable":
                names = list(_divided_by(indicator))
            yield gap, units, " ".join(names)

    def _without_any(self, indicator: Indicator, level: Level, place: int) -> dict[str, list[str]]:
        """Return, by reason, the inputs that have no row at all at this level in this year."""
        found: dict[str, list[str]] = {}
        for name in indicator.inputs.variables:
            variable = self._catalogue.variables[name]
            told = self._presence.flags(name) != NO_ROW
            here = self._of_level[level]
            if variable.same_in_city:  # a city may have borrowed its row from the other level
                here = here & ~self._cities
            if told[place][here].any():
                continue
            if told[:, here].any():
                found.setdefault("other_years", []).append(name)
            elif told.any():
                found.setdefault("other_level", []).append(name)
            else:
                gap = _GAP_OF_CHANNEL.get(channels_of(variable)[0], "not_loaded")
                found.setdefault(gap, []).append(name)
        return found


def _divided_by(indicator: Indicator) -> tuple[str, ...]:
    """Return the inputs whose sum the value is divided by; the one input of a ready-made value."""
    named = indicator.inputs
    if indicator.looks_back:
        return (*named.numerator, *named.minus)
    return named.divided_by or named.variables
