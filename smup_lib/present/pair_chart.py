"""What does a chart of two indicators against each other know? Each unit once, with both values.

It shows what occurs together and never says what follows from what: no line is fitted, no colour
judges.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from smup_lib.compare.position import MINIMUM_PEERS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.polish_text import in_sentence
from smup_lib.present.chart_base import GroupChart, check_roles
from smup_lib.present.formats import format_number
from smup_lib.present.scales import Domain, as_number, axis_domain, last_digit
from smup_lib.present.words import GROUP_MEDIAN

#: Of the group, by side of both medians: higher, lower or equal, across then up.
_CORNERS = (
    ((1, 1), "obie wartości wyższe od mediany"),
    ((-1, -1), "obie niższe"),
    ((1, -1), "wyższą tylko pierwszą"),
    ((-1, 1), "wyższą tylko drugą"),
)


@dataclass(frozen=True, kw_only=True)
class PairAxis:
    """The indicator that goes across; that which goes up is the chart's own.

    Attributes
    ----------
    name, measure_unit : str
        What it is called, and in what it is measured.
    key : NumberKey
        Unit, indicator, year and group; each printed number gets its own from it.
    decimals : int
        Digits after the comma.
    median : float or None
        Of the group.
    polarity : str
        As of the catalogue.
    statistic : str
        What its numbers are in their keys.
    """

    name: str
    measure_unit: str
    key: NumberKey
    decimals: int = 1
    median: float | None = None
    polarity: str = "neutral"
    statistic: str = "value"

    def number(self, value: float | None) -> str:
        """Write a value with its measure unit."""
        return format_number(value, self.decimals, self.measure_unit)


@dataclass(frozen=True)
class PairDot:
    """One unit that has both values."""

    code: str
    name: str
    role: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PairChart(GroupChart):
    """Two indicators against each other: a dot is a unit, the medians of its group are a cross.

    ``frame`` has ``unit_code, name, value, across, role`` and may have ``flag, across_flag``;
    ``value`` goes up and ``across`` to the right; ``role`` as of a distribution. ``name`` is that
    of the indicator which goes up. Nothing is drawn unless the reader's unit and at least
    :data:`~smup_lib.compare.position.MINIMUM_PEERS` of its group have both values.
    """

    name: str
    across: PairAxis

    kind: ClassVar[str] = "against"
    #: What the level line is called, and what its number is in its key.
    level_words: ClassVar[str] = GROUP_MEDIAN
    level_statistic: ClassVar[str] = "median"
    columns: ClassVar[tuple[str, ...]] = ("unit_code", "name", "value", "across", "role")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_roles(self.frame)

    @cached_property
    def dots(self) -> list[PairDot]:
        """The units with both values: the group first, then neighbours, the reader's unit last."""
        found = [
            PairDot(str(row["unit_code"]), str(row["name"]), str(row["role"]), x, y)
            for row in self.records
            if (x := as_number(row["across"])) is not None
            and (y := as_number(row["value"])) is not None
        ]
        order = {"peer": 0, "unit": 2}
        return sorted(found, key=lambda dot: order.get(dot.role, 1))

    @property
    def own(self) -> PairDot | None:
        """The reader's unit; None when it lacks a value."""
        return next((dot for dot in self.dots if dot.role == "unit"), None)

    @property
    def peers(self) -> list[PairDot]:
        """The units of the group with both values."""
        return [dot for dot in self.dots if dot.role in ("peer", "peer_neighbour")]

    @property
    def n_without(self) -> int:
        """How many of the group lack one of the values."""
        roles = self.frame["role"].isin(("peer", "peer_neighbour"))
        return int(roles.sum()) - len(self.peers)

    @property
    def has_data(self) -> bool:
        """Whether the unit and enough of its group have both values."""
        return self.own is not None and len(self.peers) >= MINIMUM_PEERS

    def across_axis(self) -> Domain:
        """Return what the horizontal axis shows."""
        values = [dot.x for dot in self.dots]
        return axis_domain(values, from_zero=False, also=(self.across.median,))

    def axis(self) -> Domain:
        """Return what the vertical axis shows."""
        if self.domain is not None:
            return Domain(*self.domain)
        return axis_domain([dot.y for dot in self.dots], from_zero=False, also=(self.median,))

    def corners(self) -> Counter[tuple[int, int]]:
        """Count the group by side of both medians, as a reader sees the rounded values."""
        return Counter(
            (
                _side(dot.x, self.across.median, self.across.decimals),
                _side(dot.y, self.median, self.decimals),
            )
            for dot in self.peers
        )

    def _described(self) -> str:
        own, other = self.own, self.across
        if own is None:
            return f"{self.unit_name}: brak jednej z wartości."
        first, second = in_sentence(other.name), in_sentence(self.name)
        text = (
            f"{self.unit_name}: {first} {other.number(own.x)}, {second} {self.number(own.y)}. "
            f"Mediany grupy: {other.number(other.median)} i {self.number(self.median)}."
        )
        counts = self.corners()
        said = [f"{words} ma {counts[corner]}" for corner, words in _CORNERS]
        on_median = len(self.peers) - sum(counts[corner] for corner, _ in _CORNERS)
        if on_median:
            said.append(f"na medianie leży {on_median}")
        return f"{text} Jednostek grupy z obiema wartościami: {len(self.peers)}; {', '.join(said)}."


def _side(value: float, median: float | None, decimals: int) -> int:
    """Tell on which side of the median a value lies: 1 above, -1 below, 0 on it."""
    if median is None:
        return 0
    own, middle = last_digit(value, decimals), last_digit(median, decimals)
    return (own > middle) - (own < middle)
