"""Whom to ask (M13), counted a second time: peer by peer, from values, counts and years."""

from __future__ import annotations

from functools import lru_cache
from math import floor, hypot
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

import smup_lib as smup

FEW_CASES = {"small_denominator", "size_unknown"}


@lru_cache(maxsize=64)
def told_of(folder: str, indicator: str, level: str) -> pd.DataFrame:
    """Return what the library tells beside each value: on how many digits and cases it rests."""
    told = smup.compute_indicators([indicator], level, snapshot=folder)
    return told.set_index(["year", "unit_code"])[["qualifiers", "decimals"]]


class AdviceCounts:
    """The least by which a peer is better, its earlier years, its cost, and how many there are."""

    def count_learnable_least(self, key: Any, peer: str) -> float:
        """Return the least gain, rounded down to what is printed: it may not promise too much."""
        scale = 10 ** self.catalogue.indicator(key.indicator).decimals
        return floor(self._gain(key, peer)[1] * scale + 1e-9) / scale

    def count_learnable_years(self, key: Any, peer: str) -> int:
        return len(self._better_years(key, peer))

    def count_learnable_better(self, key: Any, peer: str) -> int:
        return sum(self._better_years(key, peer))

    def count_learnable_cost(self, key: Any, peer: str) -> float:
        """Return by how much a peer pays more or has it worse; the key names the cost."""
        row = self.values(key.indicator).loc[key.year]
        return -self._sign(key.indicator) * float(row[peer] - row[key.unit])

    def _sign(self, name: str) -> int:
        """Return 1 where more is better, -1 where less is; less cost is."""
        entry = self.catalogue.indicator(name)
        return -1 if entry.cost else {"higher": 1, "lower": -1}[entry.polarity.judged]

    def count_learnable_peers(self, key: Any) -> int:
        gains = {peer: self._gains(key, peer) for peer in self.members(key.group)}
        fit = {peer: gain for peer, gain in gains.items() if self._is_fit(key, peer, gain)}
        return sum(not self._is_dominated(gain, fit.values()) for gain in fit.values())

    def _is_fit(self, key: Any, peer: str, gains: list[float]) -> bool:
        entry = self.catalogue.indicator(key.indicator)
        gain, least = self._gain(key, peer)
        years, better = self.count_learnable_years(key, peer), self._better_years(key, peer)
        lasting = sum(better) >= 0.75 * years if years >= 3 else entry.data_basis == "count_ratio"
        if entry.data_basis != "count_ratio":
            lasting = lasting and gain >= entry.minimum_gap - 1e-9
        return gain > 0 and least > 0 and lasting and not np.isnan(gains).any()

    def _is_dominated(self, gains: list[float], others: Any) -> bool:
        """Tell whether another is no worse in anything and better in something."""
        if len(gains) < 2:
            return False
        own = np.array(gains)
        return any((np.array(o) >= own).all() and (np.array(o) > own).any() for o in others)

    def _gains(self, key: Any, peer: str) -> list[float]:
        """Return the gain in the outcome, and in cost, quality and access that stand beside it."""
        here = self.catalogue.areas[self.area].indicators
        same = {key.indicator, self.catalogue.indicator(key.indicator).twin_of} - {None}
        costs = [e for e in here if e.cost and not same.isdisjoint(e.paired_with)]
        names = {e.id for e in costs} | {name for e in costs for name in e.paired_with}
        told = {
            e.id: self.values(e.id).loc[key.year]
            for e in here
            if e.id in names - same and e.twin_of not in same and self.level in e.levels
            if (e.cost or e.ranked) and key.year in self.values(e.id).index
        }
        gains = [
            self._sign(name) * float(row.get(peer, np.nan) - row[key.unit])
            for name, row in told.items()
            if not np.isnan(row.get(key.unit, np.nan))
        ]
        return [self._gain(key, peer)[0], *gains]

    def _gain(self, key: Any, peer: str) -> tuple[float, float]:
        """Return by how much a peer is better and by how much at least; null when not known."""
        entry = self.catalogue.indicator(key.indicator)
        sign = {"higher": 1, "lower": -1}[entry.polarity.judged]  # none of these has a target
        row = self.values(key.indicator).loc[key.year]
        own, other = (float(row.get(code, np.nan)) for code in (key.unit, peer))
        bounds = (self._by_chance if entry.data_basis == "count_ratio" else self._by_digits)(
            key, peer, other - own
        )
        return sign * (other - own), min(sign * bound for bound in bounds)

    def _by_chance(self, key: Any, peer: str, difference: float) -> tuple[float, float]:
        entry, counts = self.catalogue.indicator(key.indicator), self._counts(key)
        counts = counts[counts["n"] > 0]
        if not {key.unit, peer} <= {*counts.index}:
            return np.nan, np.nan
        (x, n), (own_x, own_n) = counts.loc[peer], counts.loc[key.unit]
        if entry.method == "share":
            bounds = confint_proportions_2indep(x, n, own_x, own_n, method="newcomb")
            return tuple(entry.multiplier * bound for bound in bounds)
        (low, high), (own_low, own_high) = (
            self._interval(entry.method, *pair) for pair in ((x, n), (own_x, own_n))
        )
        down, up = (
            hypot(x / n - low, own_high - own_x / own_n),
            hypot(high - x / n, own_x / own_n - own_low),
        )
        return difference - entry.multiplier * down, difference + entry.multiplier * up

    def _by_digits(self, key: Any, peer: str, difference: float) -> tuple[float, float]:
        told = told_of(str(self.folder), key.indicator, self.level)
        cells = [(key.year, code) for code in (key.unit, peer)]
        if any(cell not in told.index or self._rests_on_few(told, cell) for cell in cells):
            return np.nan, np.nan
        reach = sum(0.5 * 10.0 ** -float(told.loc[cell, "decimals"]) for cell in cells)
        return difference - reach, difference + reach

    def _rests_on_few(self, told: pd.DataFrame, cell: tuple[int, str]) -> bool:
        return not FEW_CASES.isdisjoint(str(told.loc[cell, "qualifiers"]).split(","))

    def _better_years(self, key: Any, peer: str) -> list[bool]:
        """Return whether a peer was better, for the five nearest earlier years that tell it."""
        entry = self.catalogue.indicator(key.indicator)
        if not entry.across_years:
            return []
        told = told_of(str(self.folder), key.indicator, self.level)
        shown = rounded_pair(self.values(key.indicator), (key.unit, peer), entry.decimals)
        since = max((year for year in self._breaks(key) if year <= key.year), default=0)
        near = [year for year in shown.index if max(since, key.year - 10) <= year < key.year]
        known = [
            year
            for year in near
            if not any(self._rests_on_few(told, (year, code)) for code in (key.unit, peer))
        ]
        sign = {"higher": 1, "lower": -1}[entry.polarity.judged]
        gains = sign * (shown[peer] - shown[key.unit])
        return [bool(gains[year] > 0) for year in known[-5:]]


def rounded_pair(values: pd.DataFrame, codes: tuple[str, str], decimals: int) -> pd.DataFrame:
    """Return the years in which both units have a value, as a reader sees them."""
    both = values.reindex(columns=[*codes]).dropna().sort_index()
    shown = np.floor(both.abs() * 10**decimals + 0.5 + 1e-9) / 10**decimals
    return np.sign(both) * shown
