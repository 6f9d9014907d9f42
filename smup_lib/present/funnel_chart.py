"""What does a funnel chart know? Units by size, the group's value, and what chance alone allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from smup_lib.present.pair_chart import PairChart
from smup_lib.present.scales import Domain, as_number, axis_domain

if TYPE_CHECKING:
    import pandas as pd

#: Bounds of a curve: usual fluctuation within the inner pair, nearly all of it within the outer.
INNER, OUTER = ("low", "high"), ("low_strong", "high_strong")


@dataclass(frozen=True, kw_only=True, eq=False)
class FunnelChart(PairChart):
    """Units by the size that their value rests on, between the limits that chance allows (M5).

    ``frame`` is that of a pair with ``across`` the denominator, and may have ``low`` and ``high``,
    the limits of each unit; ``median`` is the value of the whole group, from sums. ``curves`` has
    ``across`` and the bounds :data:`INNER` and :data:`OUTER`, by growing size. ``outside`` counts
    the units beyond the inner limits.
    """

    curves: pd.DataFrame
    outside: int = 0

    kind: ClassVar[str] = "funnel"
    level_words: ClassVar[str] = "cała grupa"
    level_statistic: ClassVar[str] = "M5:centre"

    def axis(self) -> Domain:
        """Return what the vertical axis shows: the units and the limits of usual fluctuation."""
        if self.domain is not None:
            return Domain(*self.domain)
        limits = [value for name in INNER for value in self.curves[name].tolist()]
        return axis_domain([*(dot.y for dot in self.dots), *limits], from_zero=False)

    def _described(self) -> str:
        own = self.own
        if own is None:
            return f"{self.unit_name}: brak wartości albo liczebności."
        text = f"{self.unit_name}: {self.number(own.y)}. Cała grupa: {self.number(self.median)}."
        low, high = (self._own_limit(name) for name in INNER)
        if low is not None and high is not None:
            where = "w granicach" if low <= own.y <= high else "poza granicami"
            text += (
                f" Wynik leży {where} zwykłego wahania dla tej wielkości: od "
                f"{self.number(low)} do {self.number(high)}."
            )
        return f"{text} Poza granicami jednostek: {self.outside} z {len(self.peers) + 1}."

    def _own_limit(self, name: str) -> float | None:
        own = self.frame.loc[self.frame["role"] == "unit"]
        return as_number(own[name].iloc[0]) if name in own and len(own) else None
