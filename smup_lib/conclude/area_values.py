"""The values of an area laid out by indicator, unit and year, for one unit or for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare import YearValues
from smup_lib.compare.position import MINIMUM_PEERS, verdict_scale
from smup_lib.compare.quartiles import find_quartiles_by_column
from smup_lib.conclude.own_series import Cell, OwnSeries
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.indicators.inputs import combined

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: What stands beside a value; a few dozen different ones describe a whole area.
_BESIDE = (
    "flag",
    "qualifiers",
    "source",
    "recalculated_from",
    "parted_in",
    "decimals",
    "provenance",
    "n_used",
    "n_flags",
)
_NO_ROW = 0


class YearBesideGroup(NamedTuple):
    """The unit's cell of a year beside what its group had; without enough peers no quartile."""

    year: int
    cell: Cell
    q25: float
    median: float
    q75: float
    n: int


class AreaValues:
    """All values that assessments of one area at one level and year may ask about.

    A unit and year is a place in a table, and what stands beside a value (flag, sources, ...) is
    one number: all gminy of a country in all years take ten bytes a value, so one reading serves
    all units.

    Parameters
    ----------
    values : DataFrame
        Columns of ``VALUE_COLUMNS``, one row an indicator, unit and year.
    year : int
        The year of the comparison.
    existing : collection of str, optional
        Units that are compared in that year; all when omitted.

    Examples
    --------
    >>> import pandas as pd
    >>> beside = dict.fromkeys(("qualifiers", "source", "recalculated_from", "parted_in"), "")
    >>> beside |= {"flag": "ok", "decimals": 1, "provenance": "computed", "n_used": 1}
    >>> beside |= {"numerator": 1.0, "denominator": 1.0, "n_flags": "ok=1", "indicator": "roads"}
    >>> rows = pd.DataFrame(
    ...     {"unit_code": ["9001", "9002"], "year": 2022, "value": [1.0, 3.0], **beside})
    >>> AreaValues(rows, 2022)["roads"].year_values.numbers(["9002", "9003"]).tolist()
    [3.0]
    """

    def __init__(
        self, values: pd.DataFrame, year: int, existing: Collection[str] | None = None
    ) -> None:
        import pandas as pd

        unit, units = pd.factorize(values["unit_code"].astype(object), sort=True)
        when, years = pd.factorize(values["year"], sort=True)
        self.year = year
        self.units = tuple(units)
        self.years: tuple[int, ...] = tuple(int(one) for one in years)
        self.place: Mapping[str, int] = {code: place for place, code in enumerate(self.units)}
        self.beside, kind = _read_beside(values)
        told = np.array([code in existing for code in self.units]) if existing is not None else True
        self._compared = np.broadcast_to(told, (len(self.units),))
        cell = unit.astype(np.intp) * max(len(self.years), 1) + when
        columns = [
            values[name].to_numpy(dtype="float64") for name in ("value", "numerator", "denominator")
        ]
        self._tables = {
            name: self._table(name, rows, cell, kind, columns)
            for name, rows in _rows_by_indicator(values["indicator"])
        }

    def __getitem__(self, indicator: str) -> IndicatorValues:
        """Return the values of an indicator; of one without any row an empty table."""
        found = self._tables.get(indicator)
        return IndicatorValues(self, indicator, *self._empty()) if found is None else found

    @property
    def nbytes(self) -> int:
        """Bytes that the tables take."""
        return sum(table.nbytes for table in self._tables.values())

    @property
    def empty(self) -> bool:
        """Whether no unit that is compared has a row in the year."""
        return not any(table.kind_of_year.any() for table in self._tables.values())

    def count_years(self, unit: str | None) -> dict[int, int]:
        """Count the values of a unit (or of all units) by year, newest first."""
        counts: Counter[int] = Counter()
        for table in self._tables.values():
            counts.update(table.years_with_values(unit))
        return {year: counts[year] for year in sorted(counts, reverse=True)}

    def places(self, codes: Sequence[str]) -> NDArray[np.intp]:
        """Return the places of the units that are there; asked of one group again and again."""
        asked, found = self._asked
        if asked is not codes:
            wanted = dict.fromkeys(codes)
            found = np.array([self.place[c] for c in wanted if c in self.place], dtype=np.intp)
            self._asked = codes, found
        return found

    _asked: tuple[Sequence[str], NDArray[np.intp]] = (), np.empty(0, dtype=np.intp)

    def year_column(self, table: NDArray[Any], missing: Any) -> NDArray[Any]:
        """Return the column of the year, ``missing`` for who is not compared."""
        if self.year not in self.years:
            return np.full(len(self.units), missing, dtype=table.dtype)
        return np.where(self._compared, table[:, self.years.index(self.year)], missing)

    def _empty(self) -> tuple[NDArray[Any], ...]:
        shape = len(self.units), len(self.years)
        kinds = np.min_scalar_type(len(self.beside))
        return np.full(shape, np.nan), np.zeros(shape, kinds), np.full((2, shape[0]), np.nan)

    def _table(
        self,
        name: str,
        rows: NDArray[np.intp],
        cell: NDArray[np.intp],
        kind: NDArray[np.int64],
        columns: Sequence[NDArray[np.float64]],
    ) -> IndicatorValues:
        value, kinds, counts = self._empty()
        here = cell[rows]
        if len(np.unique(here)) < len(here):
            raise ValueError("one row per indicator, unit and year is needed")
        value.reshape(-1)[here] = columns[0][rows]
        kinds.reshape(-1)[here] = kind[rows]
        of_year = np.array(self.years, dtype="int64")[here % max(len(self.years), 1)] == self.year
        for line, column in zip(counts, columns[1:], strict=True):
            line[here[of_year] // max(len(self.years), 1)] = column[rows][of_year]
        return IndicatorValues(self, name, value, kinds, counts)


class IndicatorValues:
    """The values of one indicator in an area; see :class:`AreaValues`.

    Parameters
    ----------
    area : AreaValues
        Whose places they stand on.
    name : str
        Id of the indicator.
    value, kind : ndarray
        A row a unit, a column a year; ``kind`` is a place in ``area.beside``.
    counts : ndarray
        Numerators and denominators of the year, one per unit.
    """

    def __init__(
        self,
        area: AreaValues,
        name: str,
        value: NDArray[np.float64],
        kind: NDArray[Any],
        counts: NDArray[np.float64],
    ) -> None:
        self._area, self.name, self._value, self._kind, self._counts = (
            *(area, name, value, kind),
            counts,
        )

    @property
    def nbytes(self) -> int:
        """Bytes that the values take."""
        return self._value.nbytes + self._kind.nbytes + self._counts.nbytes

    @cached_property
    def kind_of_year(self) -> NDArray[Any]:
        """What stands beside each unit's value of the year."""
        return self._area.year_column(self._kind, _NO_ROW)

    @cached_property
    def year_values(self) -> YearValues:
        """Value and flag of the year by unit."""
        flags = np.array([beside["flag"] for beside in self._area.beside], dtype=object)
        values = self._area.year_column(self._value, np.nan)
        return YearValues.laid_out(self._area.place, values, flags[self.kind_of_year])

    def years_with_values(self, unit: str | None) -> list[int]:
        """Return the year of each value of a unit, or of all units."""
        if unit is not None and unit not in self._area.place:
            return []
        rows = self._value if unit is None else self._value[[self._area.place[unit]]]
        return [self._area.years[place] for place in np.nonzero(~np.isnan(rows))[1]]

    def own(self, unit: str) -> OwnSeries:
        """Return the cells of a unit by year."""
        place = self._area.place.get(unit)
        if place is None:
            return OwnSeries({})
        beside = self._area.beside
        told = zip(
            *(self._area.years, self._value[place].tolist(), self._kind[place].tolist()),
            strict=True,
        )
        cells, added = {}, set()
        for year, value, kind in told:
            if kind != _NO_ROW:
                words = beside[kind]
                cells[year] = Cell(value, *(words[name] for name in Cell._fields[1:]))
                added.add(words["recalculated_from"])
        return OwnSeries(cells, tuple(sorted(added - {""})))

    @property
    def told(self) -> bool:
        """Whether any unit has a row in the year, be it without a number."""
        return bool(self.kind_of_year.any())

    def cells(self, codes: Iterable[str]) -> tuple[list[float], list[str]]:
        """Return values and flags of the year in the order asked; without a row ``no_data``."""
        values = self._area.year_column(self._value, np.nan).tolist()
        kinds, beside = self.kind_of_year.tolist(), self._area.beside
        places = [self._area.place.get(code, -1) for code in codes]
        return (
            [values[place] if place >= 0 else float("nan") for place in places],
            [beside[kinds[place] if place >= 0 else _NO_ROW]["flag"] for place in places],
        )

    def parted_in(self, unit: str) -> set[int]:
        """Return the events over which values of a unit could not be carried."""
        place = self._area.place.get(unit)
        kinds = [] if place is None else np.unique(self._kind[place]).tolist()
        return {int(y) for kind in kinds for y in self._area.beside[kind]["parted_in"].split()}

    def beside_group(self, own: OwnSeries, members: Sequence[str]) -> tuple[YearBesideGroup, ...]:
        """Return the unit's cells by year beside quartiles and size of its group.

        Of fewer peers than a position needs there is neither median nor quartile, only the size.
        """
        table = self._value[self._area.places(members)]
        quartiles, n = find_quartiles_by_column(table)
        quartiles[:, n < MINIMUM_PEERS] = np.nan
        columns = zip(self._area.years, quartiles.T.tolist(), n.tolist(), strict=True)
        return tuple(
            YearBesideGroup(year, own.cell(year), q25, median, q75, count)
            for year, (q25, median, q75), count in columns
            if count or year in own.cells
        )

    def beside_distances(
        self, indicator: Indicator, own: OwnSeries, members: Sequence[str]
    ) -> list[tuple[int, float, float]]:
        """Return by year the unit's distance to a target and the median of its group's."""
        table = verdict_scale(indicator, self._value[self._area.places(members)])
        quartiles, n = find_quartiles_by_column(table)
        quartiles[:, n < MINIMUM_PEERS] = np.nan
        return [
            (year, float(verdict_scale(indicator, np.array(own.cell(year).value))), median)
            for year, median in zip(self._area.years, quartiles[1].tolist(), strict=True)
            if year in own.cells
        ]

    def row(self, unit: str) -> dict[str, Any] | None:
        """Return a unit's row of the year, with the columns of ``VALUE_COLUMNS``; or None."""
        place = self._area.place.get(unit)
        if place is None or self.kind_of_year[place] == _NO_ROW:
            return None
        value = self.year_values.value(unit)
        numerator, denominator = self._counts[:, place].tolist()
        return {
            "unit_code": unit,
            "year": self._area.year,
            "indicator": self.name,
            "value": float("nan") if value is None else value,
            "numerator": numerator,
            "denominator": denominator,
            **self._area.beside[int(self.kind_of_year[place])],
        }

    def frame(self, codes: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the rows of the year of some units (None: of all) in the order of their codes."""
        import pandas as pd

        from smup_lib.indicators import VALUE_COLUMNS

        here = np.flatnonzero(self.kind_of_year != _NO_ROW)
        if codes is not None:
            place = self._area.place
            wanted = sorted({place[code] for code in codes if code in place})
            here = np.array([p for p in wanted if self.kind_of_year[p] != _NO_ROW], dtype=np.intp)
        kinds = self.kind_of_year[here]
        columns: dict[str, Any] = {
            "unit_code": np.array(self._area.units, dtype=object)[here],
            "year": np.full(len(here), self._area.year, dtype="int64"),
            "indicator": np.full(len(here), self.name, dtype=object),
            "value": self._area.year_column(self._value, np.nan)[here],
            "numerator": self._counts[0][here],
            "denominator": self._counts[1][here],
        }
        for name in _BESIDE:
            told = [beside[name] for beside in self._area.beside]
            numeric = name in ("decimals", "n_used")
            columns[name] = np.array(told, dtype="float64" if numeric else object)[kinds]
        columns["n_used"] = columns["n_used"].astype("int64")
        return pd.DataFrame(
            {name: pd.Series(columns[name], dtype=columns[name].dtype) for name in VALUE_COLUMNS}
        )

    def over_years(self, codes: Iterable[str], years: Iterable[int]) -> pd.DataFrame:
        """Return ``indicator, unit_code, year, value, flag, qualifiers`` of some units and years.

        Those without a row are left out; values stand on the territory of the area's year.
        """
        import pandas as pd

        area = self._area
        rows = np.array([area.place[code] for code in codes if code in area.place], dtype=np.intp)
        wanted = set(years)
        columns = np.array([i for i, y in enumerate(area.years) if y in wanted], dtype=np.intp)
        kinds = self._kind[np.ix_(rows, columns)]
        row, column = np.nonzero(kinds != _NO_ROW)
        beside = [area.beside[kind] for kind in kinds[row, column].tolist()]
        return pd.DataFrame(
            {
                "indicator": self.name,
                "unit_code": [area.units[place] for place in rows[row].tolist()],
                "year": [area.years[place] for place in columns[column].tolist()],
                "value": self._value[rows[row], columns[column]],
                "flag": [words["flag"] for words in beside],
                "qualifiers": [words["qualifiers"] for words in beside],
            }
        )

    def counts(
        self, codes: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """Return numerators, denominators and whether the flag stands beside a number.

        A unit without a row has neither.
        """
        place = self._area.place
        here = np.array([place.get(code, -1) for code in codes], dtype=np.intp)
        known = here >= 0
        numbers = np.where(known, self._counts[:, here], np.nan)
        sound = np.array([beside["flag"] in NUMBER_FLAGS for beside in self._area.beside])
        return numbers[0], numbers[1], known & sound[self.kind_of_year[here]]

    def sources(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of what the year's values and the series of some units rest on."""
        kinds = {*np.unique(self.kind_of_year).tolist()}
        kinds |= {*np.unique(self._kind[self._area.places(codes)]).tolist()}
        joined = {self._area.beside[kind]["source"] for kind in kinds}
        return tuple(sorted({source for text in joined for source in text.split()}))


def _rows_by_indicator(names: pd.Series) -> list[tuple[str, NDArray[np.intp]]]:
    """Return where the rows of each indicator are."""
    import pandas as pd

    code, known = pd.factorize(names.astype(object))
    order = np.argsort(code, kind="stable")
    ends = np.cumsum(np.bincount(code, minlength=len(known)))
    cut = np.split(order, ends[:-1]) if len(known) else []
    return [(str(name), rows) for name, rows in zip(known, cut, strict=True)]


def _read_beside(values: pd.DataFrame) -> tuple[list[dict[str, Any]], NDArray[np.int64]]:
    """Return what different things stand beside values, first that of no row, and which where."""
    import pandas as pd

    codes, words = [], []
    for name in _BESIDE:
        code, known = pd.factorize(values[name], use_na_sentinel=False)
        codes.append(code.astype("int64"))
        words.append(list(known))
    nothing: dict[str, Any] = dict.fromkeys(_BESIDE, "") | {"flag": "no_data", "n_used": 0}
    nothing["decimals"] = float("nan")
    if not len(values):
        return [nothing], np.empty(0, dtype="int64")
    rows, which = combined(codes)
    told = [
        {
            name: known[place]
            for name, known, place in zip(_BESIDE, words, row.tolist(), strict=True)
        }
        for row in rows
    ]
    return [nothing, *told], which.astype("int64") + 1
