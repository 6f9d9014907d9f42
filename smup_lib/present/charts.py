"""What does a chart say? Frozen specifications that know their data, words and table, no renderer.

``svg.render_svg`` draws them for a page, ``interactive.render_widget`` for an app,
``figure.ChartFigure`` sets them with title, reading help, table twin and source line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.polish_text import polish_order
from smup_lib.present import words
from smup_lib.present.chart_base import (
    ROLES,
    BreakMark,
    Chart,
    ChartError,
    GroupChart,
    MissingData,
    check_roles,
)
from smup_lib.present.pair_chart import PairAxis, PairChart
from smup_lib.present.scales import Domain, as_number, axis_domain, finite, last_digit
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ROLES",
    "BreakMark",
    "Chart",
    "ChartError",
    "DistributionChart",
    "GroupChart",
    "MapChart",
    "MissingData",
    "PairAxis",
    "PairChart",
    "ProfileChart",
    "RankingChart",
    "SeriesChart",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class DistributionChart(GroupChart):
    """All units of a group on one axis, the reader's unit marked.

    ``frame`` has ``unit_code, name, value, role`` and may have ``flag``; ``role`` is one of
    :data:`ROLES` (a neighbour outside the group is shown but is no part of it).
    """

    kind: ClassVar[str] = "distribution"
    columns: ClassVar[tuple[str, ...]] = ("unit_code", "name", "value", "role")
    #: Above this many units dots become bars.
    max_dots: ClassVar[int] = 400

    @property
    def how_to_read(self) -> str:
        """The text under "Jak to czytać?"; bars are read otherwise than dots."""
        many = len(self.frame) > self.max_dots
        return self.reading or words.READINGS["histogram" if many else "distribution"]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_roles(self.frame)

    def _described(self) -> str:
        own = self.own_value
        if own is None:
            return self._own_sentence() + self._median_sentence()
        peers = finite(
            value
            for value, role in zip(self.frame["value"], self.frame["role"], strict=True)
            if role in ("peer", "peer_neighbour")
        )
        if not peers:
            return self._own_sentence() + " Nie ma grupy do porównania."
        below, same, above = self._counts(own, peers)
        text = (
            f"{self._own_sentence()} W grupie {len(peers)} jednostek mniej mają {below}, "
            f"tyle samo {same}, więcej {above}."
        )
        return text + self._median_sentence()

    def _counts(self, own: float, peers: list[float]) -> tuple[int, int, int]:
        """Count peers with less, the same and more, as ``compare.position`` counts them."""
        shown = last_digit(own, self.decimals)
        below = sum(last_digit(value, self.decimals) < shown for value in peers)
        same = sum(last_digit(value, self.decimals) == shown for value in peers)
        return below, same, len(peers) - below - same


@dataclass(frozen=True, kw_only=True, eq=False)
class RankingChart(GroupChart):
    """The reader's unit and others as bars in order of value.

    ``frame`` has ``unit_code, name, value`` and may have ``flag`` and ``rank`` (competition rank
    from ``compare``). Ranks are printed only when ``polarity`` is not neutral. ``rank_group`` names
    among whom the places are, when that is not the group of the chart's median.
    """

    limit: int = 25
    rank_group: str = ""

    kind: ClassVar[str] = "ranking"
    names_unit: ClassVar[bool] = False
    columns: ClassVar[tuple[str, ...]] = ("unit_code", "name", "value")

    @property
    def ranked(self) -> bool:
        """Whether places are printed."""
        return self.polarity != "neutral" and "rank" in self.frame.columns

    def rank_key(self, unit_code: str) -> NumberKey:
        """Return the key of a unit's place."""
        group = self.rank_group or self.key.group
        return self.key.of(unit=unit_code, statistic="rank", group=group)

    def ordered(self) -> pd.DataFrame:
        """Return the rows with a value, best first; neutral ones from the largest."""
        frame = self.frame.assign(flag=self.flags())
        shown = frame[frame["value"].notna()]
        sign = 1.0 if self.polarity == "lower" else -1.0
        by = [sign * float(value) for value in shown["value"].tolist()]
        if self.ranked and self.polarity == "target":
            by = [float(rank) for rank in shown["rank"].tolist()]
        names = [polish_order(str(name)) for name in shown["name"].tolist()]
        order = sorted(range(len(shown)), key=lambda i: (by[i], names[i]))
        return shown.iloc[order]

    def _described(self) -> str:
        shown = self.ordered()
        names = shown["name"].tolist()
        values = shown["value"].tolist()
        largest, smallest = (-1, 0) if self.polarity == "lower" else (0, -1)
        text = self._own_sentence()
        if len(names) > 1:
            text += (
                f" Najwięcej: {names[largest]}, {self.number(values[largest])}; "
                f"najmniej: {names[smallest]}, {self.number(values[smallest])}."
            )
        return text + self._median_sentence()


@dataclass(frozen=True, kw_only=True, eq=False)
class MapChart(GroupChart):
    """Units as areas coloured by class of value.

    ``frame`` has ``unit_code, name, value, geometry`` (WKB on a plane, km) and may have ``flag``.
    The classes are five with about as many units each and say nothing of better or worse; the
    smallest value is a class of its own where a fifth or more of the units have it. ``breaks``
    (inner bounds) overrides them. With ``sorts`` the table tells of each unit (by code) what
    the map shows in place of a class of values, such as its cluster.
    """

    breaks: tuple[float, ...] = ()
    sorts: Mapping[str, str] | None = None

    kind: ClassVar[str] = "map"
    columns: ClassVar[tuple[str, ...]] = ("unit_code", "name", "value", "geometry")
    #: Of more units each is too small to be pointed at, so a patch of one colour is drawn as one.
    max_areas: ClassVar[int] = 400

    @property
    def merged(self) -> bool:
        """Whether neighbours of one class are drawn as one patch."""
        return len(self.frame) > self.max_areas

    @property
    def how_to_read(self) -> str:
        """The text under "Jak to czytać?"; a map of patches is read otherwise."""
        return self.reading or words.READINGS["patches" if self.merged else "map"]

    def _described(self) -> str:
        values = finite(self.frame["value"].tolist())
        span = f" Na mapie wartości od {self.number(min(values))} do {self.number(max(values))}"
        absent = len(self.frame) - len(values)
        gaps = f", bez danych {words.unit_count(absent)}" if absent else ""
        return self._own_sentence() + span + gaps + "." + self._median_sentence()


@dataclass(frozen=True, kw_only=True, eq=False)
class SeriesChart(Chart):
    """A unit over real years against its group.

    ``frame`` has ``year, value`` and may have ``flag, qualifiers, median, q25, q75, low, high``
    (``low`` and ``high`` bound the uncertainty of the unit's value) and ``recalculated_from``
    (codes whose values were added up to the territory of today). Years without a row are gaps.
    ``planned`` is the straight way from the start of a plan to its target, by year.
    ``joined`` is False where no year may be compared with another: points without a line.
    """

    breaks: tuple[BreakMark, ...] = ()
    joined: bool = True
    from_zero: bool = True
    domain: tuple[float, float] | None = None

    kind: ClassVar[str] = "series"
    columns: ClassVar[tuple[str, ...]] = ("year", "value")

    @property
    def years(self) -> list[int]:
        """All years from the first to the last row, with those that have none."""
        known = [int(year) for year in self.cells["year"]]
        return list(range(min(known), max(known) + 1)) if known else []

    def by_year(self, column: str) -> dict[int, float | None]:
        """Return a column as values by year, None where there is none."""
        out: dict[int, float | None] = dict.fromkeys(self.years)
        if column in self.frame.columns:
            rows = zip(self.cells["year"], self.cells[column], strict=True)
            out.update({int(year): as_number(value) for year, value in rows})
        return out

    @cached_property
    def recalculated(self) -> dict[int, str]:
        """Years whose value was carried over to another territory, and from which codes."""
        if "recalculated_from" not in self.frame.columns:
            return {}
        rows = zip(self.cells["year"], self.cells["recalculated_from"], strict=True)
        return {int(year): str(codes) for year, codes in rows if codes}

    def value_key(self, year: int) -> NumberKey:
        """Return the key of the unit's value; one that was carried over is another number."""
        statistic = "value_recalculated" if year in self.recalculated else "value"
        return self.key.of(year=year, statistic=statistic)

    def runs(self, column: str, *, unit: bool) -> list[list[tuple[int, float]]]:
        """Return the stretches of years that may be joined by a line.

        Parameters
        ----------
        column : str
            Column of values.
        unit : bool
            Whether breaks that concern the unit alone count.
        """
        stops = {mark.year for mark in self.breaks if unit or not mark.unit_only}
        runs: list[list[tuple[int, float]]] = [[]]
        for year, value in self.by_year(column).items():
            if value is None or year in stops or not self.joined:
                runs.append([])
            if value is not None:
                runs[-1].append((year, value))
        return [run for run in runs if run]

    def axis(self) -> Domain:
        """Return what the value axis shows."""
        if self.domain is not None:
            return Domain(*self.domain)
        others = [
            value
            for name in ("median", "q25", "q75", "planned")
            if name in self.frame.columns
            for value in self.cells[name]
        ]
        values = self.cells["value"]
        return axis_domain([*values, *others], from_zero=self.from_zero)

    def _described(self) -> str:
        known = {y: v for y, v in self.by_year("value").items() if v is not None}
        first, last = min(known), max(known)
        text = f"{self.unit_name}: {self.number(known[first])} w {first} r."
        if last > first:
            text += f", {self.number(known[last])} w {last} r."
        medians = {y: v for y, v in self.by_year("median").items() if v is not None}
        if last in medians:
            text += f" Mediana grupy w {last} r.: {self.number(medians[last])}."
        way = [(y, v) for y, v in self.by_year("planned").items() if v is not None]
        if way:
            (start, before), (end, after) = way[0], way[-1]
            text += f" Plan: od {self.number(before)} w {start} r."
            text += f" do {self.number(after)} w {end} r."
        gaps = [year for year in self.years if year not in known]
        if gaps:
            text += f" Brak danych: {format_years(gaps)}."
        for mark in self.breaks:
            # a break stands between a year and the one before: both must be drawn
            if not self.years[0] < mark.year <= self.years[-1]:
                continue
            text += f" Przerwa w szeregu od {mark.year} r.: {mark.note}."
        return text


@dataclass(frozen=True, kw_only=True, eq=False)
class ProfileChart(Chart):
    """An area's indicators in four dimensions, each as a position in its group.

    ``frame`` has ``indicator, name, dimension, value, percentile, standing`` and may have ``flag,
    measure_unit, decimals, median, n_used, reason``. ``percentile`` is 0-1 of the raw value (0.5
    is the median), null where it is not known; ``n_used`` counts the peers with a value and
    ``reason`` says why a row has no position. ``gaps`` says why a dimension has no indicator at
    all. ``summary`` draws one line a dimension, for the first screen.
    """

    gaps: Mapping[str, MissingData] = field(default_factory=dict)
    summary: bool = False

    kind: ClassVar[str] = "profile"
    columns: ClassVar[tuple[str, ...]] = (
        "indicator",
        "name",
        "dimension",
        "value",
        "percentile",
        "standing",
    )

    @property
    def has_data(self) -> bool:
        """Whether at least one indicator has a value; gaps alone are told in a box."""
        return bool(finite(self.frame["value"].tolist()))

    def _described(self) -> str:
        parts = []
        for dimension, label in DIMENSION_WORDS.items():
            counts = Counter(
                str(row["standing"])
                for row in self.records
                if row["dimension"] == dimension and as_number(row["percentile"]) is not None
            )
            said = [
                f"{mark.word} {counts[name]}"
                for name, mark in words.STANDINGS.items()
                if counts[name]
            ]
            unplaced = sum(
                row["dimension"] == dimension
                and as_number(row["value"]) is not None
                and as_number(row["percentile"]) is None
                for row in self.records
            )
            if unplaced:
                said.append(f"{words.NO_PLACE} {unplaced}")
            parts.append(f"{label}: {', '.join(said) or words.NO_DATA}")
        return f"{self.unit_name}. " + "; ".join(parts) + "."
