"""The table of a selection as it is seen: its layout, order, filters and pins, the same in a file.

static/table.js of the apps does the same in the browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from smup_lib.polish_text import plain_text
from smup_lib.present.words import flag_words, qualifier_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smup_lib.catalogue import Indicator
    from smup_lib.reports.selection.selection import Selection


@dataclass(frozen=True)
class TableLook:
    """How a table is looked at.

    Attributes
    ----------
    sort : str
        Id of a column, with a minus for the largest first; empty for the Polish alphabet.
    text : str
        Words that name and code must begin with or hold.
    ranges : tuple of (str, float or None, float or None)
        Column, least and largest value; a missing value is in no range.
    pins : tuple of str
        Codes of units that stand first.
    layout : str
        ``wide``: years in columns; ``long``: a row a unit and year.
    """

    sort: str = ""
    text: str = ""
    ranges: tuple[tuple[str, float | None, float | None], ...] = ()
    pins: tuple[str, ...] = ()
    layout: Literal["wide", "long"] = "wide"


@dataclass(frozen=True)
class SeenColumn:
    """A column of values: of an indicator, in a year where years stand in columns."""

    indicator: Indicator
    year: int | None

    @property
    def id(self) -> str:
        """Return the id by which a look names it."""
        return self.indicator.id if self.year is None else f"{self.indicator.id}@{self.year}"


@dataclass(frozen=True)
class SeenTable:
    """The rows that are seen, in order.

    Attributes
    ----------
    columns : tuple of SeenColumn
        Columns in which anybody has a value.
    rows : tuple of (str, int or None)
        Code of the unit and, where years stand in rows, the year.
    values : array
        A row a row, a column a column; NaN where there is none.
    flags : array
        Why there is none.
    qualifiers : array
        Under which reservation there is one.
    """

    columns: tuple[SeenColumn, ...]
    rows: tuple[tuple[str, int | None], ...]
    values: NDArray[np.float64]
    flags: NDArray[np.object_]
    qualifiers: NDArray[np.object_]

    def remark(self, at: int) -> str:
        """Return what must be said of a row: why values are lacking, which ones need care.

        Parameters
        ----------
        at : int
            Place of the row.
        """
        cells = zip(self.values[at], self.flags[at], self.qualifiers[at], strict=True)
        told = [
            ", ".join(filter(None, (flag_words(flag), qualifier_words(qualifiers))))
            if value == value
            else flag_words(flag)  # what is not there needs no care
            for value, flag, qualifiers in cells
        ]
        return "; ".join(f"{said}: {told.count(said)}" for said in dict.fromkeys(told) if said)


def see_table(selection: Selection, look: TableLook | None = None) -> SeenTable:
    """Return the table as it is looked at.

    Parameters
    ----------
    selection : Selection
        Whose values.
    look : TableLook, optional
        All units in the order of the Polish alphabet when omitted.
    """
    look = look or TableLook()
    found = selection.found
    long = look.layout == "long"
    in_rows = found.years if long else (None,)
    rows = [(code, year) for code in found.units for year in in_rows]
    columns = [
        SeenColumn(indicator, year)
        for indicator in found.indicators
        for year in ((None,) if long else found.years)
    ]
    values, flags, qualifiers = _cells(selection, rows, columns)
    told = [place for place in range(len(columns)) if long or not np.isnan(values[:, place]).all()]
    columns = [columns[place] for place in told]
    values = values[:, told]
    kept = [place for place, row in enumerate(rows) if _named(selection, row[0], look.text)]
    kept = [place for place in kept if _in_ranges(values[place], columns, look)]
    kept = _ordered(kept, rows, values, columns, look.sort)
    place_of = {row: place for place, row in enumerate(rows)}
    pins = [(code, found.years[-1] if long else None) for code in look.pins]
    pinned = [place_of[row] for row in pins if row in place_of]
    order = list(dict.fromkeys((*pinned, *kept)))
    seen = tuple(rows[place] for place in order)
    words = (flags[order][:, told], qualifiers[order][:, told])
    return SeenTable(tuple(columns), seen, values[order], *words)


def _cells(
    selection: Selection, rows: list[tuple[str, int | None]], columns: list[SeenColumn]
) -> tuple[NDArray[np.float64], NDArray[np.object_], NDArray[np.object_]]:
    """Return values, flags and qualifiers; a cell without a row in the data has no value."""
    places = {row: place for place, row in enumerate(rows)}
    across = {column.id: place for place, column in enumerate(columns)}
    values = np.full((len(rows), len(columns)), np.nan)
    flags = np.full((len(rows), len(columns)), "no_data", dtype=object)
    qualifiers = np.full((len(rows), len(columns)), "", dtype=object)
    long = bool(rows) and rows[0][1] is not None
    frame = selection.frame
    told = zip(*(frame[name].tolist() for name in _READ), strict=True)
    for code, indicator, year, value, flag, under in told:
        row = places.get((code, year if long else None))
        column = across.get(indicator if long else f"{indicator}@{year}")
        if row is not None and column is not None:
            values[row, column], flags[row, column] = value, flag
            qualifiers[row, column] = under or ""
    return values, flags, qualifiers


_READ = ("unit_code", "indicator", "year", "value", "flag", "qualifiers")


def _named(selection: Selection, code: str, text: str) -> bool:
    name = plain_text(selection.found.units[code].replace("–", " ").replace("-", " "))
    words = plain_text(text.replace("–", " ").replace("-", " ")).split()
    return all(word in name or code.startswith(word) for word in words)


def _in_ranges(values: NDArray[np.float64], columns: list[SeenColumn], look: TableLook) -> bool:
    for name, low, high in look.ranges:
        for place in _places_of(columns, name):
            value = values[place]
            inside = (low is None or value >= low) and (high is None or value <= high)
            if np.isnan(value) or not inside:
                return False
    return True


def _places_of(columns: list[SeenColumn], name: str) -> Iterator[int]:
    yield from (place for place, column in enumerate(columns) if column.id == name)


def _ordered(
    kept: list[int],
    rows: list[tuple[str, int | None]],
    values: NDArray[np.float64],
    columns: list[SeenColumn],
    sort: str,
) -> list[int]:
    """Return places in order: missing last both ways, equal ones as in the alphabet."""
    descending, name = sort.startswith("-"), sort.removeprefix("-")
    column = next(_places_of(columns, name), None)
    if column is not None:
        sign = -1.0 if descending else 1.0
        known = [place for place in kept if not np.isnan(values[place, column])]
        missing = [place for place in kept if np.isnan(values[place, column])]
        return sorted(known, key=lambda place: sign * values[place, column]) + missing
    if name == "year":
        return sorted(kept, key=lambda place: rows[place][1] or 0, reverse=descending)
    return kept[::-1] if name == "name" and descending else kept
