"""One unit in one area: every indicator placed, every gap named, nothing yet said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from smup_lib.catalogue.model import DataGap
from smup_lib.compare import (
    Chance,
    PeerSets,
    Persistence,
    Position,
    Robustness,
    RobustZ,
    RuleGroups,
    Trend,
    YearValues,
    compare_position,
    compare_robustness,
    withhold,
)
from smup_lib.conclude.area_values import AreaValues, IndicatorValues, YearBesideGroup
from smup_lib.conclude.doubts import weigh_doubts
from smup_lib.conclude.own_series import (
    Cell,
    OwnSeries,
    compare_over_years,
    compare_with_peers,
)
from smup_lib.conclude.signals import Signals, list_signals
from smup_lib.flags import FEW_CASES, NUMBER_FLAGS
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Dimension, Indicator, SeriesBreak, ServiceArea
    from smup_lib.conclude.finding import Finding
    from smup_lib.units import PeerGroup, Unit

#: Why a value far beyond every peer is not judged.
BEYOND_ALL = (
    "wartość jest wielokrotnie większa niż w każdej porównywanej jednostce, "
    "więc najpierw trzeba ją sprawdzić"
)
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
    unit_code, members : str, tuple of str
        Whose it is, and who is in the comparison group.
    own_row : mapping or None
        The unit's row of values (columns of ``VALUE_COLUMNS``); None when there is no row.
    position : Position
        Place in the comparison group.
    robustness : Robustness
        Whether other groups agree.
    persistence : Persistence
        Whether earlier years agree, in the group of this year.
    among_years : RobustZ
        How odd the value is beside the unit's own earlier years since the last break.
    among_peers : RobustZ
        How odd it is beside its peers; asked only where no other years vouch for it.
    chance : Chance
        Whether chance alone explains the difference; asked of every value that is no context.
    trend : Trend
        Direction over the years since the last break.
    table : IndicatorValues
        The values of all units; as frames see :attr:`values` and :attr:`series`.
    by_year : tuple of YearBesideGroup
        The unit's values by year beside its group.
    breaks : tuple of SeriesBreak
        Years that may not be joined with those before them.
    last_year : int or None
        Newest year with a number for the unit.
    recalculated_from : tuple of str
        Codes that were added up for years before a change of territory, joined by ``+``.
    source_changes : tuple of int
        Years in which the series goes on from another data set.
    """

    indicator: Indicator
    status: Status
    reason: str | None
    unit_code: str
    members: tuple[str, ...]
    own_row: Mapping[str, Any] | None
    position: Position
    robustness: Robustness
    persistence: Persistence
    among_years: RobustZ
    among_peers: RobustZ
    chance: Chance
    trend: Trend
    table: IndicatorValues
    by_year: tuple[YearBesideGroup, ...]
    breaks: tuple[SeriesBreak, ...]
    last_year: int | None
    recalculated_from: tuple[str, ...] = ()
    source_changes: tuple[int, ...] = ()

    @cached_property
    def row(self) -> pd.Series | None:
        """The unit's row of values as a series; None when there is no row."""
        import pandas as pd

        return None if self.own_row is None else pd.Series(dict(self.own_row), dtype=object)

    @cached_property
    def values(self) -> pd.DataFrame:
        """The year's values of all units of the level (columns of ``VALUE_COLUMNS``)."""
        return self.table.frame()

    @cached_property
    def series(self) -> pd.DataFrame:
        """By year the unit's ``value, flag, ...`` and ``q25, median, q75, n`` of the group."""
        import pandas as pd

        rows = [(one.year, *one.cell, one.q25, one.median, one.q75, one.n) for one in self.by_year]
        columns = ["year", *Cell._fields, "q25", "median", "q75", "n"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Ids of everything that the values and the series rest on."""
        return self.table.sources((self.unit_code, *self.members))

    @property
    def estimated_trend(self) -> bool:
        """Whether the tested years hold values carried over by estimated weights."""
        first, last = self.trend.first_year, self.trend.last_year
        if first is None or last is None:
            return False
        tested = (one.cell for one in self.by_year if first <= one.year <= last)
        return any(cell.has("estimated_weights") for cell in tested)

    @property
    def odd(self) -> bool:
        """Whether the value asks for a look at its source (M8); few cases jump about anyway."""
        return (self.among_years.odd or self.among_peers.odd) and not self.few_cases

    @property
    def few_cases(self) -> bool:
        """Whether the value rests on a few cases, or on nobody knows how many."""
        return not FEW_CASES.isdisjoint(self.qualifiers.split(","))

    @property
    def concluded(self) -> bool:
        """Whether anything is concluded of the place, or only told on which side it lies."""
        judged = self.position.standing in ("better", "worse", "similar")
        return judged or self.position.departure is not None

    @property
    def value(self) -> float | None:
        """The unit's value, or None."""
        return self.position.value

    @property
    def flag(self) -> str:
        """The flag of the unit's value; ``no_data`` when there is no row for no other reason."""
        if self.status == "not_applicable":
            return "not_applicable"
        return "no_data" if self.own_row is None else str(self.own_row["flag"])

    @property
    def qualifiers(self) -> str:
        """The qualifiers of the unit's value, joined with commas."""
        return "" if self.own_row is None else str(self.own_row["qualifiers"])


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

    @cached_property
    def signals(self) -> Signals:
        """What was tested for chance, how much of it stands, and how much luck alone would give."""
        return list_signals(self.leading())

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
    values: AreaValues,
    *,
    other_groups: Mapping[str, Sequence[str]],
    by_weights: PeerSets | Sequence[Sequence[str]] = (),
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
    values : AreaValues
        At least the year of all units of the level, and all years of the unit and its group.
    other_groups : mapping of str to sequence of str
        Rule to members, for the robustness of a position.
    by_weights : PeerSets or sequence of sequence of str, optional
        Similar units by slightly changed weights, for the same question.
    neighbours : sequence of str
        Units sharing a border.
    breaks : mapping of str to sequence of SeriesBreak, optional
        Indicator id to breaks of this unit's series.

    Returns
    -------
    AreaAssessment
    """
    from smup_lib.conclude.findings import list_findings

    groups = RuleGroups.of(other_groups, unit.code)
    sets = PeerSets.of(by_weights, unit.code)
    items = tuple(
        assess_indicator(
            indicator,
            unit,
            year,
            group.members,
            values[indicator.id],
            other_groups=groups,
            by_weights=sets,
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
    members: tuple[str, ...],
    table: IndicatorValues,
    *,
    other_groups: RuleGroups | Mapping[str, Sequence[str]],
    by_weights: PeerSets | Sequence[Sequence[str]] = (),
    breaks: tuple[SeriesBreak, ...] = (),
) -> IndicatorAssessment:
    """Assess one indicator of one unit; see :func:`assess_area` for the parameters."""
    year_values, own, row = table.year_values, table.own(unit.code), table.row(unit.code)
    asked = (indicator, year_values, unit.code)
    position = _with_incomparable(*asked, compare_position(*asked, members), members)
    status, reason = _status(indicator, unit, row, year, own.years)
    breaks, by_year = own.with_method_changes(breaks), table.beside_group(own, members)
    measured = _measured(indicator, table, own, members, by_year)
    over_years = compare_over_years(indicator, year, position.verdict_side, own, measured, breaks)
    peers = year_values.numbers(code for code in members if code != unit.code)
    item = IndicatorAssessment(
        indicator=indicator,
        status=status,
        reason=reason,
        unit_code=unit.code,
        members=members,
        own_row=row,
        position=position,
        robustness=compare_robustness(*asked, position, other_groups, by_weights),
        chance=Chance(reason="nie pytano"),
        **over_years._asdict(),
        among_peers=compare_with_peers(own, year, peers.tolist()),
        table=table,
        by_year=by_year,
        breaks=breaks,
        last_year=max(own.years, default=None),
        recalculated_from=own.recalculated_from,
        source_changes=own.source_changes,
    )
    return _withheld(item) if item.among_peers.odd and item.odd else item


def _measured(
    indicator: Indicator,
    table: IndicatorValues,
    own: OwnSeries,
    members: tuple[str, ...],
    by_year: Sequence[YearBesideGroup],
) -> list[tuple[int, float, float]]:
    """Return by year what a verdict compares: value and median, or distances to a target."""
    if indicator.ranked and indicator.polarity.judged == "target":
        return table.beside_distances(indicator, own, members)
    return [(one.year, one.cell.value, one.median) for one in by_year]


def _withheld(item: IndicatorAssessment) -> IndicatorAssessment:
    return replace(item, position=withhold(item.position, BEYOND_ALL))


def _with_incomparable(
    indicator: Indicator,
    values: YearValues,
    unit_code: str,
    position: Position,
    members: Sequence[str],
) -> Position:
    """Count the peers whose kind has no such value as what they are, and not as missing."""
    from smup_lib.indicators.compute import applies_to

    if not position.n_flags.get("no_data"):
        return position
    strangers = [m for m in members if m != unit_code and not applies_to(indicator, m)]
    missing = values.flags(strangers).get("no_data", 0)
    if not missing:
        return position
    flags = dict(position.n_flags)
    flags["no_data"] -= missing
    flags["not_applicable"] = flags.get("not_applicable", 0) + missing
    return replace(position, n_flags={flag: n for flag, n in sorted(flags.items()) if n})


def _status(
    indicator: Indicator, unit: Unit, row: Mapping[str, Any] | None, year: int, known: list[int]
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
