"""One unit in one area: every indicator placed, every gap named, nothing yet said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from smup_lib.catalogue.model import DataGap
from smup_lib.compare import (
    Chance,
    Persistence,
    Position,
    Robustness,
    RobustZ,
    Trend,
    YearValues,
    compare_position,
    compare_robustness,
)
from smup_lib.compare.position import MINIMUM_PEERS
from smup_lib.compare.quartiles import find_quartiles
from smup_lib.conclude.doubts import weigh_doubts
from smup_lib.conclude.own_series import FEW_CASES, Cell, OwnSeries, compare_over_years
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Dimension, Indicator, SeriesBreak, ServiceArea
    from smup_lib.conclude.findings import Finding
    from smup_lib.units import PeerGroup, Unit

Status = Literal["shown", "no_data", "not_applicable"]
#: Qualifiers of a value that is not shown although there are data, and why.
_WITHHELD = {
    "impossible_value": "dane za {year} r. przeczą sobie: część nie mieści się w całości",
    "part_missing": "za {year} r. znana jest tylko gminna albo tylko powiatowa część budżetu "
    "miasta, a żadna z nich nie jest całością",
}


@dataclass(frozen=True, eq=False)
class IndicatorAssessment:
    """One indicator of one unit in one year, with everything needed to speak of it.

    Attributes
    ----------
    indicator : Indicator
        The catalogue entry.
    status : str
        ``shown``, ``no_data`` or ``not_applicable``.
    reason : str or None
        Polish reason when it is not shown.
    row : Series or None
        The unit's row of values (columns of ``VALUE_COLUMNS``); None when there is no row.
    position : Position
        Place in the comparison group.
    robustness : Robustness
        Whether other groups agree.
    persistence : Persistence
        Whether earlier years agree, in the group of this year.
    among_years : RobustZ
        How odd the value is beside the unit's own earlier years since the last break.
    chance : Chance
        Whether chance alone explains the difference; asked only where a judgement stands.
    trend : Trend
        Direction over the years since the last break.
    values : DataFrame
        The year's values of all units of the level: ``unit_code, value, flag, qualifiers, source``.
    series : DataFrame
        By year: ``value, flag, qualifiers, source, recalculated_from`` of the unit and
        ``median, q25, q75, n`` of the group.
    breaks : tuple of SeriesBreak
        Years that may not be joined with those before them.
    last_year : int or None
        Newest year with a number for the unit.
    recalculated_from : tuple of str
        Codes that were added up for years before a change of territory, joined by ``+``.
    source_changes : tuple of int
        Years in which the series goes on from another data set.
    sources : tuple of str
        Ids of everything that the values and the series rest on.
    """

    indicator: Indicator
    status: Status
    reason: str | None
    row: pd.Series | None
    position: Position
    robustness: Robustness
    persistence: Persistence
    among_years: RobustZ
    chance: Chance
    trend: Trend
    values: pd.DataFrame
    series: pd.DataFrame
    breaks: tuple[SeriesBreak, ...]
    last_year: int | None
    recalculated_from: tuple[str, ...] = ()
    source_changes: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def estimated_trend(self) -> bool:
        """Whether the tested years hold values carried over by estimated weights."""
        first, last = self.trend.first_year, self.trend.last_year
        if first is None or last is None:
            return False
        tested = self.series[self.series["year"].between(first, last)]
        return any("estimated_weights" in q.split(",") for q in tested["qualifiers"])

    @property
    def odd(self) -> bool:
        """Whether the value asks for a look at its source (M8); few cases jump about anyway."""
        return self.among_years.odd and not self.few_cases

    @property
    def few_cases(self) -> bool:
        """Whether the value rests on a few cases, or on nobody knows how many."""
        return not FEW_CASES.isdisjoint(self.qualifiers.split(","))

    @property
    def value(self) -> float | None:
        """The unit's value, or None."""
        return self.position.value

    @property
    def flag(self) -> str:
        """The flag of the unit's value; ``no_data`` when there is no row."""
        return "no_data" if self.row is None else str(self.row["flag"])

    @property
    def qualifiers(self) -> str:
        """The qualifiers of the unit's value, joined with commas."""
        return "" if self.row is None else str(self.row["qualifiers"])


@dataclass(frozen=True)
class DimensionGap:
    """A dimension about which nothing can be said, and what would fill it."""

    dimension: Dimension | None
    service: str | None
    gap: DataGap


@dataclass(frozen=True, eq=False)
class AreaAssessment:
    """One unit in one service area in one year.

    Attributes
    ----------
    area, unit, year : ServiceArea, Unit, int
        What is assessed.
    group : PeerGroup
        With whom it is compared, and by which rule.
    neighbours : tuple of str
        Codes of units that share a border.
    indicators : tuple of IndicatorAssessment
        In the order of the catalogue.
    gaps : tuple of DimensionGap
        What is missing and who has it.
    findings : tuple of Finding
        What is worth saying, most important first.
    """

    area: ServiceArea
    unit: Unit
    year: int
    group: PeerGroup
    neighbours: tuple[str, ...]
    indicators: tuple[IndicatorAssessment, ...]
    gaps: tuple[DimensionGap, ...]
    findings: tuple[Finding, ...]

    def shown(self, dimension: Dimension | None = None) -> tuple[IndicatorAssessment, ...]:
        """Return the indicators that have a value, of one dimension or of all."""
        return tuple(
            item
            for item in self.indicators
            if item.status == "shown" and dimension in (None, item.indicator.dimension)
        )

    @property
    def judged(self) -> bool:
        """Whether any indicator could be judged, or a cost called typical or not."""
        return any(
            item.position.standing in ("better", "worse", "similar") or item.position.departure
            for item in self.shown()
        )

    def paired(self, item: IndicatorAssessment) -> tuple[IndicatorAssessment, ...]:
        """Return the shown indicators of quality and access that belong beside a cost."""
        shown = {other.indicator.id: other for other in self.shown()}
        return tuple(shown[name] for name in item.indicator.paired_with if name in shown)

    def leading(self, dimension: Dimension | None = None) -> tuple[IndicatorAssessment, ...]:
        """Return the shown indicators without twins of other shown ones: one thing, one card."""
        shown = {item.indicator.id for item in self.shown()}
        return tuple(i for i in self.shown(dimension) if i.indicator.twin_of not in shown)

    def twins(self, item: IndicatorAssessment) -> tuple[IndicatorAssessment, ...]:
        """Return the shown indicators that say the same from another source or in another unit."""
        return tuple(i for i in self.shown() if i.indicator.twin_of == item.indicator.id)


def assess_area(
    area: ServiceArea,
    unit: Unit,
    year: int,
    group: PeerGroup,
    values: pd.DataFrame,
    series: pd.DataFrame,
    *,
    other_groups: Mapping[str, Sequence[str]],
    neighbours: Sequence[str] = (),
    breaks: Mapping[str, Sequence[SeriesBreak]] | None = None,
) -> AreaAssessment:
    """Assess one unit in one area.

    Parameters
    ----------
    area : ServiceArea
        Its indicators that are defined at the unit's level are assessed.
    unit : Unit
        The unit.
    year : int
        The year of the comparison.
    group : PeerGroup
        With whom to compare.
    values : DataFrame
        Columns of ``VALUE_COLUMNS``: all units of the level in the year.
    series : DataFrame
        The same columns: all years of the unit and its group.
    other_groups : mapping of str to sequence of str
        Rule to members, for the robustness of a position.
    neighbours : sequence of str
        Units sharing a border.
    breaks : mapping of str to sequence of SeriesBreak, optional
        Indicator id to breaks of this unit's series.

    Returns
    -------
    AreaAssessment
    """
    from smup_lib.conclude.findings import list_findings

    by_indicator = _by_indicator(values)
    series_of = _by_indicator(series)
    items = tuple(
        assess_indicator(
            indicator,
            unit,
            year,
            group.members,
            by_indicator.get(indicator.id, values.iloc[:0]),
            series_of.get(indicator.id, series.iloc[:0]),
            other_groups=other_groups,
            breaks=tuple((breaks or {}).get(indicator.id, ())),
        )
        for indicator in area.indicators
        if unit.level in indicator.levels
    )
    items = weigh_doubts(items, unit.code, group.members)
    gaps = _gaps(area, unit, items)
    assessed = AreaAssessment(area, unit, year, group, tuple(neighbours), items, gaps, ())
    return AreaAssessment(
        area, unit, year, group, tuple(neighbours), items, gaps, list_findings(assessed)
    )


def assess_indicator(
    indicator: Indicator,
    unit: Unit,
    year: int,
    members: Sequence[str],
    values: pd.DataFrame,
    series: pd.DataFrame,
    *,
    other_groups: Mapping[str, Sequence[str]],
    breaks: tuple[SeriesBreak, ...] = (),
) -> IndicatorAssessment:
    """Assess one indicator of one unit; see :func:`assess_area` for the parameters."""
    year_values = YearValues(values)
    own = OwnSeries.of(series, unit.code)
    row = _own_row(values, unit)
    position = compare_position(indicator, year_values, unit.code, members)
    status, reason = _status(indicator, unit, row, year, own.years)
    breaks = own.with_method_changes(breaks)
    by_year = _series_with_group(own, series, members)
    over_years = compare_over_years(indicator, year, position.side, own, by_year, breaks)
    return IndicatorAssessment(
        indicator=indicator,
        status=status,
        reason=reason,
        row=row,
        position=position,
        robustness=compare_robustness(indicator, year_values, unit.code, position, other_groups),
        chance=Chance(reason="nie pytano"),
        persistence=over_years.persistence,
        among_years=over_years.among_years,
        trend=over_years.trend,
        values=values,
        series=by_year,
        breaks=breaks,
        last_year=max(own.years, default=None),
        recalculated_from=own.recalculated_from,
        source_changes=own.source_changes,
        sources=_sources(values, series),
    )


def _sources(*frames: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of all sources that any value of the frames rests on."""
    joined = {text for frame in frames for text in frame["source"].unique()}
    return tuple(sorted({source for text in joined for source in text.split()}))


def _own_row(values: pd.DataFrame, unit: Unit) -> pd.Series | None:
    here = (values["unit_code"] == unit.code).to_numpy().nonzero()[0]
    return values.iloc[here[0]] if len(here) else None


def _by_indicator(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Cut a frame into one piece an indicator; a slice is much cheaper than a group."""
    import numpy as np

    ordered = frame.sort_values("indicator", kind="stable")
    names = ordered["indicator"].to_numpy(dtype=object)
    if not len(names):
        return {}
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]]).tolist()
    ends = [*starts[1:], len(names)]
    return {
        str(names[start]): ordered.iloc[start:end] for start, end in zip(starts, ends, strict=True)
    }


def _status(
    indicator: Indicator, unit: Unit, row: pd.Series | None, year: int, known: list[int]
) -> tuple[Status, str | None]:
    from smup_lib.indicators.compute import applies_to

    refused = row is not None and row["flag"] == "not_applicable"
    if refused or not applies_to(indicator, unit.code):
        broken = indicator.break_looked_over(year)
        return "not_applicable", broken.reason if broken else indicator.exclusion_at(unit.level)
    if row is not None and row["flag"] in NUMBER_FLAGS:
        return "shown", None
    doubts = [] if row is None else str(row["qualifiers"]).split(",")
    withheld = next((why for doubt, why in _WITHHELD.items() if doubt in doubts), None)
    if withheld is not None:
        return "no_data", withheld.format(year=year)
    if not known:
        return "no_data", "w tym zbiorze danych nie ma ani jednej wartości tej jednostki"
    return "no_data", f"brak wartości za {year} r.; dane są za: {format_years(known)}"


_NO_QUARTILES = (float("nan"),) * 3


def _series_with_group(
    own: OwnSeries, series: pd.DataFrame, members: Sequence[str]
) -> pd.DataFrame:
    """Return the unit's values by year beside median, quartiles and size of its group.

    Of fewer peers than a position needs there is neither median nor quartile, only the size.
    """
    import pandas as pd

    wanted = set(members)
    peers: dict[int, list[float]] = {}
    for code, year, value in zip(*(series[c] for c in ("unit_code", "year", "value")), strict=True):
        if code in wanted and value == value:  # a null is not equal to itself
            peers.setdefault(int(year), []).append(value)
    rows = []
    for year in sorted({*own.cells, *peers}):
        numbers = peers.get(year, [])
        enough = len(numbers) >= MINIMUM_PEERS
        quartiles = find_quartiles(numbers) if enough else _NO_QUARTILES
        rows.append((year, *own.cell(year), *quartiles, len(numbers)))
    columns = ["year", *Cell._fields, "q25", "median", "q75", "n"]
    return pd.DataFrame(rows, columns=columns)


def _gaps(
    area: ServiceArea, unit: Unit, items: Sequence[IndicatorAssessment]
) -> tuple[DimensionGap, ...]:
    """Return the gaps that this unit has and these data leave open, silent dimensions first."""
    told = {item.indicator.dimension for item in items if item.status == "shown"}
    gaps = [
        DimensionGap(gap.dimension, code, gap)
        for code, owned in [(s.code, s.gaps) for s in area.services] + [(None, area.gaps)]
        for gap in owned
        if unit.level in gap.levels
        and (not gap.applies_to or unit.kind in gap.applies_to)
        and not gap.filled(i.status == "shown" for i in items if gap.asks(i.indicator, code))
    ]
    return tuple(sorted(gaps, key=lambda item: item.dimension in told))
