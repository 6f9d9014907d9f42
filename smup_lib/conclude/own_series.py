"""The years of one unit: which values there are, from where, and whether they have a direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from smup_lib.catalogue.variable import SeriesBreak
from smup_lib.compare import (
    Persistence,
    RobustZ,
    Trend,
    compare_oddity,
    compare_persistence,
    compare_trend,
)
from smup_lib.flags import FEW_CASES, NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: From so many other years on they can vouch for a value.
MINIMUM_YEARS = 3
#: So many times larger or smaller than usual asks whether a digit slipped.
MANIFOLD = 3.0
#: Said of a value that is no surprise after earlier years.
LIKE_BEFORE = "podobna jak we wcześniejszych latach"
#: So many years in a row before it with a value like it are a new level, and no slip of a digit.
_NEW_LEVEL = 2
NOT_COMPARED = "lat tego wskaźnika nie należy porównywać"


def last_break(breaks: Sequence[SeriesBreak], year: int) -> int:
    """Return the first year that may be joined with this one; 0 when nothing parts them."""
    return max((item.year for item in breaks if item.year <= year), default=0)


class Cell(NamedTuple):
    """One value of a series as it stands in the table of values."""

    value: float = float("nan")
    flag: str = "no_data"
    qualifiers: str = ""
    source: str = ""
    recalculated_from: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.flag in NUMBER_FLAGS

    def has(self, *qualifiers: str) -> bool:
        """Whether any of the qualifiers stands beside the value."""
        return not set(qualifiers).isdisjoint(self.qualifiers.split(","))

    @property
    def datasets(self) -> frozenset[str]:
        """Data sets without the mark of their file: a new edition is not another source."""
        return frozenset(source.partition("@")[0] for source in self.source.split())


@dataclass(frozen=True)
class OwnSeries:
    """The values of one indicator of one unit by year.

    Attributes
    ----------
    cells : mapping of int to Cell
        Year to value, flag, qualifiers and source.
    recalculated_from : tuple of str
        Codes that were added up for years before a change of territory, joined by ``+``.
    """

    cells: Mapping[int, Cell]
    recalculated_from: tuple[str, ...] = ()

    @classmethod
    def of(cls, series: pd.DataFrame, unit_code: str) -> OwnSeries:
        """Take the rows of one unit out of a table of values."""
        own = series[(series["unit_code"] == unit_code).to_numpy()]
        columns = (own[name].tolist() for name in ("year", *Cell._fields))
        cells = {int(year): Cell(*cell) for year, *cell in zip(*columns, strict=True)}
        return cls(cells, tuple(sorted({added for added in own["recalculated_from"] if added})))

    def cell(self, year: int) -> Cell:
        """Return the cell of a year; a year without a row is ``no_data``."""
        return self.cells.get(year, Cell())

    @cached_property
    def years(self) -> list[int]:
        """Years with a number, oldest first."""
        return sorted(year for year, cell in self.cells.items() if cell.known)

    @property
    def source_changes(self) -> tuple[int, ...]:
        """Years in which the series goes on from another data set."""
        years = self.years
        return tuple(
            later
            for earlier, later in pairwise(years)
            if self.cells[earlier].datasets != self.cells[later].datasets
        )

    def with_method_changes(self, breaks: Sequence[SeriesBreak]) -> tuple[SeriesBreak, ...]:
        """Add the years whose values the publisher marks as made by another method."""
        marked = {year: self.cells[year].has("method_change") for year in self.years}
        known = {known.year for known in breaks}
        # the mark often stays for years; the change is where it begins
        begins = [
            year
            for before, year in pairwise([None, *marked])
            if year is not None and marked[year] and not (before and marked[before])
        ]
        added = [
            SeriesBreak(year=year, reason="zmiana metody oznaczona w danych źródłowych")
            for year in begins
            if year not in known
        ]
        return tuple(sorted((*breaks, *added), key=lambda item: item.year))

    def trend_until(self, year: int, breaks: Sequence[SeriesBreak]) -> Trend:
        """Test the years up to the one of the comparison; what came later is not its business.

        No direction is told when most of the tested values rest on a few cases.
        """
        until = [known for known in self.years if known <= year]
        trend = compare_trend(until, [self.cells[y].value for y in until], [b.year for b in breaks])
        if trend.first_year is None:
            return trend
        tested = [self.cells[known] for known in until if known >= trend.first_year]
        few = sum(cell.has(*FEW_CASES) for cell in tested)
        if 2 * few > len(tested):
            return Trend(
                "unknown",
                trend.n,
                reason="w większości lat wartość opiera się na kilku przypadkach",
            )
        return trend

    def compare_with_earlier(self, year: int, breaks: Sequence[SeriesBreak]) -> RobustZ:
        """Measure the value of a year against the earlier ones since the last break (M8).

        Series move and grow, so only a value several times (:data:`MANIFOLD`) larger or smaller
        than the middle one is measured at all; and one that the last years had too is no slip.

        Examples
        --------
        >>> shown = [1.2, 1.4, 1.1, 1.3, 1.2, 1.5, 1.0, 1.3, 11.2, 11.1, 11.3]
        >>> series = OwnSeries({2008 + n: Cell(value, "ok") for n, value in enumerate(shown)})
        >>> [series.compare_with_earlier(year, ()).odd for year in (2016, 2017, 2018)]
        [True, True, False]
        """
        own = self.cell(year).value
        since = last_break(breaks, year)
        others = [self.cells[other].value for other in self.years if since <= other < year]
        usual = median(others) if others else 0.0
        latest = others[-_NEW_LEVEL:]
        new_level = len(latest) == _NEW_LEVEL and all(_alike(own, other) for other in latest)
        if own != own or new_level or _alike(own, usual):
            return RobustZ(None, len(others), reason=LIKE_BEFORE)
        return compare_oddity(own, others)

    def is_usual(self, year: int) -> bool:
        """Tell whether most other years, later ones too, have a value of the same magnitude."""
        own = abs(self.cell(year).value)
        others = [abs(self.cells[other].value) for other in self.years if other != year]
        near = sum(_alike(own, other) for other in others)
        return len(others) >= MINIMUM_YEARS and 2 * near > len(others)


def _alike(one: float, other: float) -> bool:
    """Tell whether two values are of the same magnitude."""
    low, high = sorted((abs(one), abs(other)))
    return low == high or low * MANIFOLD > high


class OverYears(NamedTuple):
    """What earlier years say of the value of one."""

    persistence: Persistence
    among_years: RobustZ
    trend: Trend


def compare_over_years(
    indicator: Indicator,
    year: int,
    side: str | None,
    own: OwnSeries,
    measured: Sequence[tuple[int, float, float]],
    breaks: tuple[SeriesBreak, ...],
) -> OverYears:
    """Ask the years up to the one of the comparison, unless the indicator's may not be compared.

    Parameters
    ----------
    indicator : Indicator
    year : int
        The year of the comparison.
    side : str or None
        Side in that year that a verdict speaks of.
    own : OwnSeries
        The unit's values.
    measured : sequence of (year, own, median)
        What lies on that side of what: values and medians of the group, or distances to a target.
    breaks : tuple of SeriesBreak
        Years that may not be joined with those before them.

    Returns
    -------
    OverYears
    """
    if not indicator.across_years:
        return OverYears(
            Persistence(None, reason=NOT_COMPARED),
            RobustZ(None, 0, reason=NOT_COMPARED),
            Trend("unknown", 0, reason=NOT_COMPARED),
        )
    since = last_break(breaks, year)
    earlier = [one for one in measured if since <= one[0] < year]
    return OverYears(
        compare_persistence(indicator, year, side, earlier),
        own.compare_with_earlier(year, breaks),
        own.trend_until(year, breaks),
    )


def compare_with_peers(own: OwnSeries, year: int, peers: Sequence[float]) -> RobustZ:
    """Measure a value against its peers, where no other years vouch for it (M8).

    Units differ, so only a value several times (:data:`MANIFOLD`) as large as that of every peer
    is measured at all.

    Examples
    --------
    >>> peers = [3.0, 4, 5, 5, 6, 6, 7, 9]
    >>> alone = OwnSeries({2022: Cell(1e12, "ok")})
    >>> compare_with_peers(alone, 2022, peers).odd
    True
    >>> always = OwnSeries({year: Cell(1e12, "ok") for year in range(2019, 2023)})
    >>> compare_with_peers(always, 2022, peers).odd
    False
    """
    value = own.cell(year).value
    largest = max(map(abs, peers), default=float("inf"))
    if not abs(value) >= MANIFOLD * largest or own.is_usual(year):
        return RobustZ(None, len(peers), reason="nie pytano")
    return compare_oddity(value, peers)
