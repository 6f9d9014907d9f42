"""What is on the table when a claim is judged: the assessment, the rows of all years, the twins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.counts import counts_refusal
from smup_lib.compare.reading import difference_unit
from smup_lib.compare.reconciliation import half_digit
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.conclude.own_series import OwnSeries
from smup_lib.flags import FEW_CASES, NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, SeriesBreak
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.claims import Claim
    from smup_lib.units import Unit

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClaimData:
    """A claim with everything that may decide it.

    Attributes
    ----------
    claim : Claim
        Its unit, indicator and other unit are codes and ids.
    assessment : AreaAssessment
        The unit beside the group of the claim in the year of the claim; it holds the indicator.
    rows : DataFrame
        Columns of ``VALUE_COLUMNS``: the indicator and its twins in all years, of the unit, of its
        group and of the other unit, on the territory of the year. Where it is there, ``half`` is
        half of the last digit that is known of a value.
    other : Unit or None
        The unit that the claim compares with.
    """

    claim: Claim
    assessment: AreaAssessment
    rows: pd.DataFrame
    other: Unit | None = None

    @cached_property
    def item(self) -> IndicatorAssessment:
        """The indicator of the claim."""
        wanted = self.claim.indicator
        return next(i for i in self.assessment.indicators if i.indicator.id == wanted)

    @property
    def indicator(self) -> Indicator:
        """The catalogue entry of the indicator."""
        return self.item.indicator

    @cached_property
    def twins(self) -> tuple[IndicatorAssessment, ...]:
        """What says the same from another source: shown, and not the indicator itself."""
        own = self.indicator
        names = {own.id, own.twin_of} - {None}
        return tuple(
            item
            for item in self.assessment.shown()
            if item.indicator.id != own.id
            and (item.indicator.id in names or item.indicator.twin_of in names)
        )

    @cached_property
    def counted(self) -> IndicatorAssessment | None:
        """The indicator or a twin of the same measure unit whose counts are known; None without."""
        for item in (self.item, *self.twins):
            same = item.indicator.measure_unit == self.indicator.measure_unit
            if same and item.status == "shown" and counts_refusal("M4a", item.indicator) is None:
                return item
        return None

    @property
    def since(self) -> int:
        """The earlier year of the claim."""
        assert self.claim.since is not None  # the claim's kind requires it
        return self.claim.since

    @property
    def breaks(self) -> tuple[SeriesBreak, ...]:
        """The breaks that part the years of the claim."""
        return tuple(b for b in self.item.breaks if self.since < b.year <= self.claim.year)

    @cached_property
    def own(self) -> OwnSeries:
        """The unit's values of all years."""
        return OwnSeries.of(self.rows_of(self.indicator), self.assessment.unit.code)

    @cached_property
    def own_years_in_period(self) -> list[int]:
        """The years of the claim's period that have a number."""
        return [year for year in self.own.years if self.since <= year <= self.claim.year]

    def rows_of(self, indicator: Indicator, year: int | None = None) -> pd.DataFrame:
        """Return the rows of one indicator, of one year or of all."""
        here = self.rows["indicator"] == indicator.id
        return self.rows[here if year is None else here & (self.rows["year"] == year)]

    def row(self, code: str, year: int, indicator: Indicator | None = None) -> pd.DataFrame:
        """Return the one row of a unit and year that has a number, or no row."""
        rows = self.rows_of(indicator or self.indicator, year)
        return rows[(rows["unit_code"] == code) & rows["flag"].isin(NUMBER_FLAGS)]

    def few_cases(self, *rows: pd.DataFrame) -> bool:
        """Tell whether a value rests on a few cases, or on nobody knows how many."""
        texts = [text for frame in rows for text in frame["qualifiers"]]
        return any(not FEW_CASES.isdisjoint(str(text).split(",")) for text in texts)

    @property
    def untested(self) -> bool:
        """Whether nobody can test for chance: a ready-made rate of rare events."""
        return self.counted is None and self.indicator.rare_events is not None

    def odd_in(self, year: int) -> bool:
        """Tell whether the unit's value of a year asks for a look at its source (M8)."""
        if year == self.claim.year:
            return self.item.odd
        few = self.own.cell(year).has(*FEW_CASES)
        return not few and self.own.compare_with_earlier(year, self.item.breaks).odd

    def cite(
        self,
        value: float,
        statistic: str = "value",
        *,
        of: IndicatorAssessment | None = None,
        unit: str | None = None,
        year: int | None = None,
        in_group: bool = False,
    ) -> CitedNumber:
        """Return a value of an indicator, printed as its values are."""
        indicator = (of or self.item).indicator
        key = NumberKey(
            unit or self.assessment.unit.code,
            indicator.id,
            year or self.claim.year,
            statistic,
            self.assessment.group.key if in_group else "",
        )
        return CitedNumber(key, float(value), indicator.decimals, indicator.measure_unit)

    def cite_change(self, value: float, statistic: str, *, in_group: bool = False) -> CitedNumber:
        """Return a change or a gap: signed, percentages in points, one digit more."""
        one = self.cite(value, statistic, in_group=in_group)
        digits = min(one.decimals + 1, 6)
        unit = difference_unit(one.measure_unit)
        return CitedNumber(one.key, float(value), digits, unit, signed=True)

    def cite_count(self, value: float, statistic: str, *, in_group: bool = True) -> CitedNumber:
        """Return a number of units or years, or a place."""
        return CitedNumber(self.cite(0, statistic, in_group=in_group).key, float(value))

    def cite_claimed(self, value: float, name: str, measure_unit: str) -> CitedNumber:
        """Return a number that the claim itself gives, with as many digits as it has."""
        written = np.format_float_positional(float(value), trim="-")
        digits = len(written.partition(".")[2])
        key = self.cite(0, f"claimed:{name}").key
        return CitedNumber(key, float(value), digits, measure_unit)


def values_of(rows: pd.DataFrame) -> Array:
    """Return the values of rows."""
    return np.asarray(rows["value"].to_numpy(dtype="float64"))


def halves_of(rows: pd.DataFrame) -> Array:
    """Return by how much each value may be off because few of its digits are known.

    A ready-made value hides half of its last digit. A computed one hides what its inputs do
    (``half``); where nobody says that, it is taken as it stands.
    """
    published = (rows["provenance"] == "published").to_numpy()
    told = np.where(published, half_digit(rows["decimals"]), 0.0)
    if "half" in rows:
        carried = rows["half"].to_numpy(dtype="float64")
        told = np.where(np.isnan(carried), told, carried)
    return np.asarray(np.nan_to_num(told), dtype="float64")


def with_number(rows: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the named units that hold a number."""
    return rows[rows["unit_code"].isin(set(codes)) & rows["flag"].isin(NUMBER_FLAGS)]
