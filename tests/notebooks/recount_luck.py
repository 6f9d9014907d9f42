"""What is luck (M15, M24), counted a second time: every test of an area made anew."""

from __future__ import annotations

from collections import Counter
from functools import cached_property, lru_cache
from math import hypot, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binom, kendalltau, norm, poisson
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from tests.notebooks.recount_advice import FEW_CASES, told_of


class Sums(NamedTuple):
    """Cases and persons of a unit, and of its group together."""

    x: float
    n: float
    group_x: float
    group_n: float


class LuckCounts:
    """How many tests an area holds, how many stand, and how many chance alone would give."""

    def count_tests_made(self, key: Any) -> int:
        return len(self._places_tested(key)) + len(self._directions(key))

    def count_tests_kept(self, key: Any) -> int:
        families = (
            [self._p_of_difference(*one) for one in self._places_tested(key)],
            self._directions(key),
        )
        kept = (multipletests(p_values, 0.05, "fdr_bh")[0] for p_values in families if p_values)
        return sum(int(found.sum()) for found in kept)

    def count_tests_unnamed(self, key: Any) -> int:
        """Return how many tests a page does not name: it names three."""
        return self.count_tests_made(key) - 3

    def count_tests_kept_unnamed(self, key: Any) -> int:
        return self.count_tests_kept(key) - 3

    def count_false_share(self, key: Any) -> float:
        return 5

    def count_places_tested(self, key: Any) -> int:
        return len(self._places_tested(key))

    def count_alarms_expected(self, key: Any) -> float:
        return sum(self._error_rate(*one) for one in self._places_tested(key))

    def count_alarms_observed(self, key: Any) -> int:
        return sum(self._differs(*one) for one in self._places_tested(key))

    def count_trends_tested(self, key: Any) -> int:
        return len(self._directions(key))

    # -- differences from the group -----------------------------------------------------------

    @cached_property
    def _told(self) -> list[str]:
        """Return the indicators that have a value, without those whose twin speaks for them."""
        return self._shown_once()["indicator"].tolist()

    def _places_tested(self, key: Any) -> list[tuple[str, Sums]]:
        found = []
        for name in self._told:
            voices = [name, *self._voices_of(name)]
            told = [(self.catalogue.indicator(one), self._sums(key, one)) for one in voices]
            answers = [(entry.method, sums) for entry, sums in told if sums is not None]
            if self.catalogue.indicator(name).role != "contextual":
                found += answers[:1]
        return found

    def _voices_of(self, name: str) -> list[str]:
        """Return the indicators with a value that say the same."""
        main = self.catalogue.indicator(name).twin_of
        return [
            one
            for one in self._with_a_value
            if one == main or self.catalogue.indicator(one).twin_of == name
        ]

    def _sums(self, key: Any, name: str) -> Sums | None:
        """Return the counts of a unit and of its peers together; None where nothing is asked."""
        entry = self.catalogue.indicator(name)
        counted = entry.data_basis == "count_ratio" and entry.method in ("share", "rate")
        if not counted or np.isnan(self.values(name).loc[key.year].get(key.unit, np.nan)):
            return None
        year = self.land.inputs.xs(key.year, level="year")
        sides = (
            (entry.inputs.numerator, entry.inputs.minus),
            (entry.inputs.denominator, entry.inputs.denominator_minus),
        )
        x, n = (sum(year[p] for p in plus) - sum(year[m] for m in minus) for plus, minus in sides)
        own, peers = (x[key.unit], n[key.unit]), self.members(key.group)
        known = x.index[x.notna() & n.notna() & (n != 0)].intersection(peers)
        if own[1] <= 0 or own[0] % 1 or len(known) < max(5, 0.95 * len(peers)):
            return None
        if n[known].sum() < 0.95 * n.reindex(peers).sum():
            return None
        return Sums(*own, x[known].sum(), n[known].sum())

    def _p_of_difference(self, method: str, one: Sums) -> float:
        """Return two-sided p: the pooled score test of shares, the binomial one of rates."""
        if method == "share":
            cases, persons = [one.x, one.group_x], [one.n, one.group_n]
            return float(proportions_ztest(cases, persons)[1]) if sum(cases) else 1.0
        every, part = binom(round(one.x + one.group_x), one.n / (one.n + one.group_n)), one.x
        return float(min(1.0, 2 * min(every.cdf(part), 1 - every.cdf(part - 1))))

    def _error_rate(self, method: str, one: Sums) -> float:
        """Return how likely the interval of a unit misses a value that is truly the group's."""
        centre = one.group_x / one.group_n
        n = round(one.n) if method == "share" else one.n
        true = binom(n, centre) if method == "share" else poisson(centre * n)
        last = int(true.ppf(1 - 1e-13)) + 2
        near = np.arange(int(true.ppf(1e-13)), min(last, n + 1) if method == "share" else last)
        bounds = [self._interval(method, int(x), n) for x in near]
        inside = np.array([low <= centre <= high for low, high in bounds])
        # what lies farther than the examined counts is missed as they are at the ends
        return float(1 - true.pmf(near[inside]).sum()) if inside.any() else 1.0

    def _differs(self, method: str, one: Sums) -> bool:
        centre = one.group_x / one.group_n
        low, high = self._interval(method, one.x, one.n)
        if one.group_n >= 10 * one.n:
            return not low <= centre <= high
        if method == "share":
            low, high = confint_proportions_2indep(*one, method="newcomb")
            return not low <= 0 <= high
        group_low, group_high = self._interval(method, one.group_x, one.group_n)
        gap = one.x / one.n - centre
        down, up = (
            hypot(gap + centre - low, group_high - centre),
            hypot(high - gap - centre, centre - group_low),
        )
        return gap - down > 0 or gap + up < 0

    # -- directions over time -----------------------------------------------------------------

    def _directions(self, key: Any) -> list[float]:
        """Return p of each series whose direction would be good or bad."""
        entries = [self.catalogue.indicator(name) for name in self._told]
        asked = [e for e in entries if e.ranked and e.polarity.judged != "target"]
        series = [
            self._points(key.__class__(key.unit, e.id, key.year)) for e in asked if e.across_years
        ]
        names = [e.id for e in asked if e.across_years]
        return [
            p_of_direction(points)
            for name, points in zip(names, series, strict=True)
            if len(points) >= 5 and not self._mostly_few(name, points, key.unit)
        ]

    def _mostly_few(self, name: str, points: pd.Series, unit: str) -> bool:
        told = told_of(str(self.folder), name, self.level)["qualifiers"]
        marks = [str(told[year, unit]).split(",") for year in points.index]
        return 2 * sum(not FEW_CASES.isdisjoint(one) for one in marks) > len(points)


def p_of_direction(points: pd.Series) -> float:
    """Return p of Kendall's S, the larger of those with and without a memory of the years."""
    years, values = points.index.to_numpy(float), points.to_numpy(float)
    n, ties = len(values), tuple(Counter(sorted(values)).values())
    first, second = np.triu_indices(n, 1)
    score = int(np.sign(values[second] - values[first]).sum())
    if max(ties) == 1:
        p_value = float(kendalltau(years, values, method="exact").pvalue)
    else:
        orders = orders_by_score(ties)
        far = sum(count for found, count in orders.items() if abs(found) >= abs(score))
        p_value = far / sum(orders.values())
    if n < 8:
        return p_value
    spread = n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)
    if spread == 0:
        return 1.0
    slope = np.median((values[second] - values[first]) / (years[second] - years[first]))
    rest = pd.Series(values - slope * years)
    rest -= rest.mean()
    square = float((rest * rest).sum())
    like = float((rest * rest.shift()).sum()) / square if square else 0.0
    like = float(np.clip(like + (1 + 4 * like) / n, 0, 0.95))
    wider = 1 + 2 * sum((1 - lag / n) * like**lag for lag in range(1, n))
    z = max(abs(score) - 1, 0) / sqrt(wider * spread / 18)
    return max(p_value, float(2 * norm.sf(z)))


@lru_cache(maxsize=512)
def orders_by_score(left: tuple[int, ...]) -> Counter[int]:
    """Count the orders of values, so many of each size, by Kendall's S: year after year."""
    if not sum(left):
        return Counter({0: 1})
    found: Counter[int] = Counter()
    for place, count in enumerate(left):
        if count:
            rest = (*left[:place], count - 1, *left[place + 1 :])
            gained = sum(left[place + 1 :]) - sum(left[:place])
            for score, orders in orders_by_score(rest).items():
                found[score + gained] += orders
    return found
