"""Which cells of which variables hold a number, a zero or the reason of a gap? No value is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.catalogue.history import other_code_of
from smup_lib.flags import FLAGS, NUMBER_FLAGS
from smup_lib.snapshots.coverage import load_coverage, load_year_span

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue
    from smup_lib.snapshots import Snapshot

Flags = NDArray[np.uint8]
Bools = NDArray[np.bool_]

#: Flag of a cell without any row.
NO_ROW = 255
_NUMBERS = len(NUMBER_FLAGS)
_NO_DATA = FLAGS.index("no_data")


class Presence:
    """Flags of every cell of some variables, as ``compute_values`` sees them.

    Of several sources the one with a number and the higher precedence counts; cities with powiat
    rights are whole (see :mod:`smup_lib.indicators.city_codes`).

    Parameters
    ----------
    snapshot : Snapshot
        Where the observations are.
    catalogue : Catalogue
        Knows the precedence of sources and the nature of variables.
    variables : iterable of str
        Those to be asked about.
    unit_codes : sequence of str
        The units of the columns, of any level.

    Attributes
    ----------
    unit_codes : tuple of str
        Columns of every matrix.
    years : tuple of int
        Rows of every matrix: from the first to the last year of the whole snapshot, whatever
        variables are asked about.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        catalogue: Catalogue,
        variables: Iterable[str],
        unit_codes: Sequence[str],
    ) -> None:
        wanted = set(variables)
        parts = {p for name in wanted if (p := catalogue.variables[name].powiat_part) is not None}
        self.unit_codes = tuple(unit_codes)
        rows = load_coverage(snapshot, wanted | parts, self.unit_codes)
        self.years = load_year_span(snapshot)
        self._flags: dict[str, Flags] = {}
        self._zeros: dict[str, Bools] = {}
        order = {source: catalogue.precedence(source) for source in set(rows["source"])}
        for variable, own in rows.groupby("variable", observed=True):
            self._flags[str(variable)], self._zeros[str(variable)] = self._folded(own, order)
        self._join_cities(catalogue, wanted)

    def flags(self, variable: str) -> Flags:
        """Return the flag of each year and unit; :data:`NO_ROW` where nothing is told."""
        if variable not in self._flags:
            return np.full(self._shape, NO_ROW, dtype="uint8")
        return self._flags[variable]

    def numbers(self, variable: str) -> Bools:
        """Return where the variable has a number."""
        return self.flags(variable) < _NUMBERS

    def years_told(self, variable: str) -> Bools:
        """Return in which years any unit has a row, be it only the reason of a gap."""
        told: Bools = (self.flags(variable) != NO_ROW).any(axis=1)
        return told

    def zeros(self, variable: str) -> Bools:
        """Return where the number is 0."""
        if variable not in self._zeros:
            return np.zeros(self._shape, dtype=bool)
        return self._zeros[variable]

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.years), len(self.unit_codes)

    def _folded(self, rows: pd.DataFrame, order: dict[str, int]) -> tuple[Flags, Bools]:
        """Put the sources of a variable over each other, the last word first."""
        flags = np.full(self._shape, NO_ROW, dtype="uint8")
        zeros = np.zeros(self._shape, dtype=bool)
        columns = (rows[name].tolist() for name in ("source", "flag", "year", "zero", "units"))
        told = [
            (FLAGS.index(flag) < _NUMBERS, -order[source], source, flag, year, zero, units)
            for source, flag, year, zero, units in zip(*columns, strict=True)
        ]
        told.sort(key=lambda row: row[2], reverse=True)
        for _, _, _, flag, year, zero, units in sorted(told, key=lambda row: row[:2]):
            place, cells = year - self.years[0], unpack_units(units, len(self.unit_codes))
            flags[place][cells] = FLAGS.index(flag)
            zeros[place][cells] = zero
        return flags, zeros

    def _join_cities(self, catalogue: Catalogue, variables: Collection[str]) -> None:
        """Make cities whole: either code holds what is the same, both parts make the budget."""
        places = {code: place for place, code in enumerate(self.unit_codes)}
        pairs = [
            (places[code], places[other])
            for code in self.unit_codes
            if len(code) == 4 and (other := other_code_of(code)) in places
        ]
        if not pairs:
            return
        powiats, gminy = (np.array(column) for column in zip(*pairs, strict=True))
        whole = {}
        for name in variables & self._flags.keys():
            variable = catalogue.variables[name]
            if variable.same_in_city:
                self._fill(name, powiats, gminy)
                self._fill(name, gminy, powiats)
            elif variable.powiat_part is not None:
                whole[name] = self._summed(name, variable.powiat_part, powiats, gminy)
        for name, (flags, zeros) in whole.items():
            self._flags[name], self._zeros[name] = flags, zeros

    def _fill(self, name: str, own: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        flags, zeros = self._flags[name], self._zeros[name]
        wanted = (flags[:, own] >= _NUMBERS) & (flags[:, other] < _NUMBERS)
        flags[:, own] = np.where(wanted, flags[:, other], flags[:, own])
        zeros[:, own] = np.where(wanted, zeros[:, other], zeros[:, own])

    def _summed(
        self, name: str, part: str, powiats: NDArray[np.int64], gminy: NDArray[np.int64]
    ) -> tuple[Flags, Bools]:
        flags, zeros = self.flags(name).copy(), self.zeros(name).copy()
        first, more, named = flags[:, gminy], flags[:, powiats], self.flags(part)[:, gminy]
        # the powiat code holds the second part once more
        lent = (named == NO_ROW) | ((named >= _NUMBERS) & (more < _NUMBERS))
        second = np.where(lent, more, named)
        both = (first < _NUMBERS) & (second < _NUMBERS)
        told = (first != NO_ROW) | (second != NO_ROW)
        reason = np.minimum(_lacking(first), _lacking(second))
        nothing = zeros[:, gminy] & np.where(lent, zeros[:, powiats], self.zeros(part)[:, gminy])
        for codes in (powiats, gminy):
            flags[:, codes] = np.where(both, 0, np.where(told, reason, NO_ROW))
            zeros[:, codes] = both & nothing
        return flags, zeros


def _lacking(flags: Flags) -> Flags:
    """Return why a part is not known: the less, the graver; :data:`NO_ROW` where it is."""
    reasons: Flags = np.where(flags == NO_ROW, _NO_DATA, flags).astype("uint8")
    reasons[flags < _NUMBERS] = NO_ROW
    return reasons


def unpack_units(units: bytes, count: int) -> Bools:
    """Return which of ``count`` units a column of bits names.

    Examples
    --------
    >>> unpack_units(bytes([0b10100000]), 4).tolist()
    [True, False, True, False]
    """
    bits = np.unpackbits(np.frombuffer(units, dtype="uint8"), count=count)
    return bits.astype(bool)
