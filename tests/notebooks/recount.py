"""Numbers of a finished page counted a second time, with plain pandas from the Parquet files.

Nothing here imports ``compare``, ``indicators`` or ``conclude``. What is taken from the library is
what a definition is (catalogue), who is in a group (``list_peers``) and, for verdict words that are
only counted, the verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import theilslopes

import smup_lib as smup
from smup_lib.catalogue import Indicator, load_catalogue
from smup_lib.errors import GroupError
from tests.notebooks.recount_advice import AdviceCounts
from tests.notebooks.recount_luck import LuckCounts
from tests.notebooks.recount_methods import MethodCounts

LENGTH = {"powiat": 4, "gmina": 6}
#: Groups that bear witness to a verdict (docs/methods.md, M12).
WITNESSES = (
    *("similar:10", "similar:20", "same_kind", "same_size_class", "voivodeship", "neighbours"),
)


def rounded(values: pd.Series | float, decimals: int) -> Any:
    """Round as a reader does: halves away from zero."""
    scaled = np.floor(np.abs(values) * 10**decimals + 0.5 + 1e-9) / 10**decimals
    return np.sign(values) * scaled


class Land:
    """The values of every unit of a level, on the territory of a year."""

    def __init__(self, folder: Path, level: str, year: int) -> None:
        self.catalogue = load_catalogue()
        self.folder, self.level, self.year = folder, level, year
        self._tables: dict[str, pd.DataFrame] = {}

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Observations of the level; a city with powiat rights is whole, whichever code has it."""
        rows = pd.read_parquet(self.folder / "observations.parquet")
        codes = rows["unit_code"].astype(str)
        rows = rows.assign(unit_code=codes, variable=rows["variable"].astype(str))
        here = rows[codes.str.len() == LENGTH[self.level]]
        for name, part in self._parted_budgets().items():
            here = here[~((here["unit_code"].str[2:4] > "60") & (here["variable"] == name))]
            city = rows[(codes.str[2:4] > "60") & rows["value"].notna()]
            gmina = city["unit_code"].str.len() == LENGTH["gmina"]
            both = city[gmina & city["variable"].isin([name, part])]
            # the powiat code holds the other part once more
            more = city[~gmina & (city["variable"] == name)].assign(variable=part)
            both = pd.concat([both, more.assign(unit_code=more["unit_code"] + "01")])
            both = both.drop_duplicates(["unit_code", "year", "variable"])
            whole = both.groupby(["unit_code", "year"])["value"].sum(min_count=2).reset_index()
            whole["unit_code"] = whole["unit_code"].str[: LENGTH[self.level]]
            here = pd.concat([here, whole.assign(variable=name)], ignore_index=True)
        return self._with_other_code(here, rows)

    def _with_other_code(self, here: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Fill what is the same under both codes of a city from the code that has it."""
        same = [v.id for v in self.catalogue.variables.values() if v.same_in_city]
        other = rows[rows["variable"].isin(same) & rows["value"].notna()]
        other = other[other["unit_code"].str[2:4] > "60"]
        other = other[other["unit_code"].str.len() != LENGTH[self.level]]
        ending = "01" if self.level == "gmina" else ""
        other = other.assign(unit_code=other["unit_code"].str[:4] + ending)
        everything = pd.concat([here, other], ignore_index=True)
        # the own number first, then the other code's, then the own reason for having none
        everything = everything.sort_values("value", key=pd.isna, kind="stable")
        return everything.drop_duplicates(["unit_code", "year", "variable"])

    def _parted_budgets(self) -> dict[str, str]:
        known = self.catalogue.variables.values()
        return {v.id: v.powiat_part for v in known if v.powiat_part is not None}

    @cached_property
    def cells(self) -> set[tuple[str, int]]:
        """Variables and years of which the store has rows, with or without numbers."""
        return {*zip(self.rows["variable"], self.rows["year"].astype(int), strict=True)}

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """Observations of the level: a column a variable, a row a unit and year."""
        rows = self.rows
        assert not rows.duplicated(["unit_code", "year", "variable"]).any(), "one source a cell"
        wide = rows.pivot(index=["unit_code", "year"], columns="variable", values="value")
        return self._carried(wide)

    def _carried(self, wide: pd.DataFrame) -> pd.DataFrame:
        """Carry what can be added up over changes of territory before the year of the page."""
        changes = pd.read_parquet(self.folder / "changes.parquet")
        since = changes["date"].astype(str).str[:4].astype(int)
        here = changes["to_code"].astype(str).str.len() == LENGTH[self.level]
        known = changes["weight"].notna() & (since <= self.year) & here
        changes = changes.assign(year=since)[known]
        additive = [name for name in wide.columns if self.catalogue.variable(name).additive]
        wide = wide.copy()
        for (code, year), parts in changes.groupby(["to_code", "year"]):
            if set(parts["kind"]) <= {"status", "rename"}:
                continue
            before = wide.index.get_level_values("year") < year
            earlier = wide.index[before].get_level_values("year").unique()
            total = 0
            for part in parts.itertuples():
                own = wide[additive].xs(part.from_code, level="unit_code").loc[earlier]
                total = total + part.weight * own
            total.index = pd.MultiIndex.from_product([[code], total.index], names=wide.index.names)
            wide = wide.reindex(wide.index.union(total.index))
            wide.loc[total.index, additive] = total
        return wide

    def values(self, indicator: str) -> pd.DataFrame:
        """Return an indicator's values: a row a year, a column a unit."""
        if indicator not in self._tables:
            self._tables[indicator] = self._computed(self.catalogue.indicator(indicator))
        return self._tables[indicator]

    def _computed(self, entry: Indicator) -> pd.DataFrame:
        def summed(names: tuple[str, ...]) -> pd.DataFrame:
            return sum(self.inputs[name].unstack("unit_code") for name in names)  # type: ignore

        if entry.method == "published":
            return self.inputs[entry.inputs.value].unstack("unit_code")
        above = summed(entry.inputs.numerator)
        if entry.inputs.minus:
            above = above - summed(entry.inputs.minus)
        if entry.method == "amount":
            return above * entry.multiplier
        breaks = {item.year for item in entry.breaks}
        if entry.method == "change":
            before = above.reindex(above.index - 1).set_axis(above.index)
            change = entry.multiplier * (above / before - 1)
            return change.drop(index=breaks & {*change.index})
        if entry.method == "index":
            base = entry.base_year
            parted = {y for y in above.index for b in breaks if min(y, base) < b <= max(y, base)}
            return (entry.multiplier * above / above.loc[base]).drop(index=parted)
        below = summed(entry.inputs.denominator)
        if entry.inputs.denominator_minus:
            below = below - summed(entry.inputs.denominator_minus)
            below = below.where(below > 0)
        return entry.multiplier * above / below.where(below != 0)


@lru_cache(maxsize=4)
def land_of(folder: Path, level: str, year: int) -> Land:
    """Return the values of a level, counted once for all the pages that print them."""
    return Land(folder, level, year)


class Recount(MethodCounts, AdviceCounts, LuckCounts):
    """The statistics of one unit, area and year, by the names they bear on a page."""

    def __init__(self, area: str, unit: str, year: int) -> None:
        self.catalogue = load_catalogue()
        self.area, self.unit, self.year = area, unit, year
        self.level = "powiat" if len(unit) == 4 else "gmina"
        self.folder = smup.load_snapshot().path
        self.land = land_of(self.folder, self.level, year)
        self.values = self.land.values
        self._groups: dict[str, list[str]] = {}
        self._peers: dict[tuple[str, str, int], pd.Series] = {}
        self._shares: dict[tuple[str, int], list[float]] = {}
        self._sets: dict[str, tuple[tuple[str, ...], ...]] = {}

    def expected(self, key: Any) -> float:
        """Return the number that a key names."""
        statistic, _, detail = key.statistic.partition(":")
        count: Callable[..., float] = getattr(self, f"count_{statistic.lower()}")
        return float(count(key, detail) if detail else count(key))

    def members(self, rule: str) -> list[str]:
        if rule not in self._groups:
            try:
                found = self._similar(rule)["unit_code"].tolist()
            except GroupError:
                found = []
            self._groups[rule] = found
        return self._groups[rule]

    def _similar(self, rule: str) -> pd.DataFrame:
        given = {"year": self.year, "level": self.level, "area": self.area}
        return smup.list_peers(self.unit, rule, **given)

    def peers(self, key: Any) -> pd.Series:
        """Return the peers' numbers in the year of a key."""
        asked = (key.indicator, key.group, key.year)
        if asked not in self._peers:
            row = self.values(key.indicator).loc[key.year]
            self._peers[asked] = row.reindex(self.members(key.group)).dropna()
        return self._peers[asked]

    def own(self, key: Any) -> float:
        return float(self.values(key.indicator).loc[key.year, key.unit])

    def count_value(self, key: Any) -> float:
        return self.own(key)

    def _part(self, key: Any, names: tuple[str, ...]) -> float:
        return float(sum(self.land.inputs[n].loc[(key.unit, key.year)] for n in names))

    def count_numerator(self, key: Any) -> float:
        entry = self.catalogue.indicator(key.indicator)
        return self._part(key, entry.inputs.numerator) - self._part(key, entry.inputs.minus)

    def count_denominator(self, key: Any) -> float:
        inputs = self.catalogue.indicator(key.indicator).inputs
        return self._part(key, inputs.denominator) - self._part(key, inputs.denominator_minus)

    def count_value_recalculated(self, key: Any) -> float:
        return self.own(key)

    # -- the group ----------------------------------------------------------------------------

    def count_median(self, key: Any) -> float:
        return float(self.peers(key).median())

    def count_q25(self, key: Any) -> float:
        return float(self.peers(key).quantile(0.25))

    def count_q75(self, key: Any) -> float:
        return float(self.peers(key).quantile(0.75))

    def count_gap(self, key: Any) -> float:
        return self.own(key) - self.count_median(key)

    def count_n_group(self, key: Any) -> int:
        return len(self.members(key.group))

    def count_n_candidates(self, key: Any) -> int:
        """Count the other units of the same kind that could have been chosen."""
        units = pd.read_parquet(self.folder / "units.parquet").astype(str)
        states = units[units["state_date"].str[:4].astype(int) <= self.year]
        now = states[states["state_date"] == states["state_date"].max()]
        kinds = now[now["level"] == self.level].set_index("unit_code")["kind"]
        return int((kinds == kinds[self.unit]).sum()) - 1

    def count_n(self, key: Any) -> int:
        return len(self.peers(key))

    count_n_used = count_n

    def count_n_both(self, key: Any, other: str) -> int:
        """Count the peers that have this indicator and another one."""
        beside = key.__class__(key.unit, other, key.year, "value", key.group)
        return len(self.peers(key).index.intersection(self.peers(beside).index))

    def count_n_without(self, key: Any, other: str) -> int:
        return len(self.members(key.group)) - self.count_n_both(key, other)

    def count_n_missing(self, key: Any) -> int:
        return len(self.members(key.group)) - len(self.peers(key))

    def count_n_flag(self, key: Any, flag: str) -> int:
        """Count the peers without a number; on these pages they share one reason."""
        return self.count_n_missing(key)

    def _sides(self, key: Any) -> tuple[float, pd.Series, int]:
        decimals = self.catalogue.indicator(key.indicator).decimals
        return rounded(self.own(key), decimals), rounded(self.peers(key), decimals), decimals

    def count_below(self, key: Any) -> int:
        own, peers, _ = self._sides(key)
        return int((peers < own).sum())

    def count_above(self, key: Any) -> int:
        own, peers, _ = self._sides(key)
        return int((peers > own).sum())

    def count_percentile(self, key: Any) -> float:
        own, peers, _ = self._sides(key)
        return float(((peers < own).sum() + (peers == own).sum() / 2) / len(peers))

    def _merits(self, key: Any) -> pd.Series:
        """Return the group's numbers and the unit's, larger is better."""
        polarity = self.catalogue.indicator(key.indicator).polarity
        own, peers, _ = self._sides(key)
        everyone = pd.concat([peers, pd.Series({key.unit: own})])
        if polarity.judged == "target":
            return -(everyone - polarity.target).abs()
        return everyone if polarity.judged == "higher" else -everyone

    def count_rank(self, key: Any) -> float:
        return float(self._merits(key).rank(ascending=False, method="min")[key.unit])

    def count_n_ranked(self, key: Any) -> int:
        return len(self._merits(key))

    def count_ties(self, key: Any) -> int:
        merits = self._merits(key)
        return int((merits.drop(key.unit) == merits[key.unit]).sum())

    # -- other groups -------------------------------------------------------------------------

    def _witnesses(self, key: Any) -> dict[str, float]:
        """Return on which side of its median each other group puts the unit: 1, 0 or -1."""
        sides = {}
        for rule in WITNESSES:
            other = key.__class__(key.unit, key.indicator, key.year, "value", rule)
            if rule != key.group and len(self.peers(other)) >= 3:
                sides[rule] = self._side(other)
        return sides

    def _side(self, key: Any) -> float:
        return self._side_of(key, np.array([self.count_median(key)]))[0]

    def _side_of(self, key: Any, medians: np.ndarray) -> list[float]:
        """Return on which side of each median the unit is, as a reader sees both."""
        decimals = self.catalogue.indicator(key.indicator).decimals
        own = rounded(self.own(key), decimals)
        return np.sign(own - rounded(medians, decimals)).tolist()

    def _sets_of(self, key: Any) -> tuple[tuple[str, ...], ...]:
        """Return who is similar by slightly changed weights, as the library tells them."""
        if key.group not in self._sets:
            a, workspace = self._view.assessment, self._view._workspace
            group = workspace.group(key.group, a.unit, self.year, a.area)
            self._sets[key.group] = workspace.groups_by_weights(group, a.unit, a.area)
        return self._sets[key.group]

    def _agreements_of(self, key: Any, sides: Iterable[float]) -> list[float]:
        """Return how far each side is the unit's own; a value at a median agrees by half."""
        own = self._side(key)
        return [1 - abs(side - own) / 2 if own else 0.5 for side in sides]

    def _by_weights(self, key: Any) -> list[float]:
        known = self.values(key.indicator).loc[key.year].dropna().to_dict()
        found = [[known[one] for one in members if one in known] for members in self._sets_of(key)]
        medians = np.array([np.median(numbers) for numbers in found if len(numbers) >= 3])
        return self._agreements_of(key, self._side_of(key, medians))

    def _votes(self, key: Any) -> list[float]:
        """Return the vote of each rule, and one of all the sets by changed weights together."""
        votes = self._agreements_of(key, self._witnesses(key).values())
        by_weights = self._by_weights(key)
        return [*votes, *([sum(by_weights) / len(by_weights)] if by_weights else [])]

    def count_robustness(self, key: Any) -> float:
        votes = self._votes(key)
        return 100 * sum(votes) / len(votes)

    def count_robustness_by_weights(self, key: Any) -> float:
        return 100 * float(np.mean(self._by_weights(key)))

    def count_groups_tried(self, key: Any) -> int:
        return len(self._witnesses(key))

    def count_groups_agreeing(self, key: Any) -> int:
        return sum(side == self._side(key) for side in self._witnesses(key).values())

    def count_groups_level(self, key: Any) -> int:
        return sum(side == 0 for side in self._witnesses(key).values())

    # -- earlier years ------------------------------------------------------------------------

    def _earlier(self, key: Any) -> list[float]:
        """Return the side of up to five years before, of those that have a median."""
        years = [int(year) for year in self._points(key).index if year < key.year]
        keys = [key.__class__(key.unit, key.indicator, year, "value", key.group) for year in years]
        near = [one for one in keys if one.year >= key.year - 10]
        return [self._side(one) for one in near if len(self.peers(one)) >= 3][-5:]

    def count_years_tried(self, key: Any) -> int:
        return len(self._earlier(key))

    def count_years_agreeing(self, key: Any) -> int:
        return sum(side == self._side(key) for side in self._earlier(key))

    def count_median_of_years(self, key: Any) -> float:
        return float(self._points(key).drop(key.year).median())

    def count_judged_indicators(self, key: Any) -> int:
        """Count the judged, and the costs that are compared on both sides (M4b)."""
        return sum(
            row.standing in ("better", "worse", "similar") or self._is_compared_cost(key, row)
            for row in self._shown_once().itertuples()
        )

    def _is_compared_cost(self, key: Any, row: Any) -> bool:
        one = key.__class__(key.unit, row.indicator, key.year, "value", key.group)
        two_sided = self.catalogue.indicator(row.indicator).polarity.judge == "two_sided"
        return two_sided and len(self.peers(one)) >= 10

    def count_shown_indicators(self, key: Any) -> int:
        return len(self._shown_once())

    def _shown_once(self) -> pd.DataFrame:
        shown = self.verdicts[self.verdicts["value"].notna()]
        return shown[~shown["indicator"].map(self._is_second_voice)]

    def _robust(self, key: Any) -> list[float]:
        """Return the share of agreeing groups of each indicator that has enough of them."""
        asked = (key.group, key.year)
        if asked not in self._shares:
            self._shares[asked] = self._agreements(key)
        return self._shares[asked]

    def _agreements(self, key: Any) -> list[float]:
        shares = []
        for entry in self.catalogue.areas[self.area].indicators:
            if self.level not in entry.levels:
                continue
            one = key.__class__(key.unit, entry.id, key.year, "value", key.group)
            table = self.values(entry.id)
            if one.year not in table.index or np.isnan(table.loc[one.year].get(key.unit, np.nan)):
                continue
            if len(self.peers(one)) < 3:
                continue
            if len({tuple(sorted(self.members(rule))) for rule in self._witnesses(one)}) >= 3:
                shares.append(self.count_robustness(one) / 100)
        return shares

    def count_tried_indicators(self, key: Any) -> int:
        return len(self._robust(key))

    def count_stable_indicators(self, key: Any) -> int:
        return sum(share >= 0.9 for share in self._robust(key))

    # -- years --------------------------------------------------------------------------------

    def _points(self, key: Any) -> pd.Series:
        """Return the unit's values up to the year, since the last one that broke the series."""
        series = self.values(key.indicator)[key.unit].dropna()
        series = series[series.index <= key.year]
        first, last = series.index.min(), series.index.max()
        inside = [year for year in self._breaks(key) if first < year <= last]
        return series[series.index >= max(inside, default=0)]

    def _breaks(self, key: Any) -> list[int]:
        entry = self.catalogue.indicator(key.indicator)
        parted = [entry, *(self.catalogue.variable(name) for name in entry.inputs.variables)]
        return [one.year for each in parted for one in each.breaks]

    def _slopes(self, key: Any) -> Any:
        points = self._points(key)
        return theilslopes(points.to_numpy(), points.index.to_numpy(), alpha=0.95)

    def count_slope(self, key: Any) -> float:
        points = self._points(key)
        years, values = points.index.to_numpy(float), points.to_numpy()
        first, second = np.triu_indices(len(points), 1)
        return float(np.median((values[second] - values[first]) / (years[second] - years[first])))

    def count_slope_low(self, key: Any) -> float:
        return float(self._slopes(key).low_slope)

    def count_slope_high(self, key: Any) -> float:
        return float(self._slopes(key).high_slope)

    def count_trend_years(self, key: Any) -> int:
        return len(self._points(key))

    # -- the map ------------------------------------------------------------------------------

    def _everybody(self, key: Any) -> pd.Series:
        outlines = pd.read_parquet(self.folder / "outlines.parquet")
        codes = outlines.loc[outlines["level"] == self.level, "unit_code"].astype(str)
        return self.values(key.indicator).reindex(columns=codes.unique()).loc[key.year]

    def _bounds(self, key: Any) -> list[float]:
        """Five equal shares of all units; equal values share a class.

        While a share or more has the smallest value, it is a class, and the others share the rest.
        """
        values = sorted(self._everybody(key).dropna())
        bounds: list[float] = []
        for shares in range(5, 0, -1):
            if len(set(values)) <= shares:
                return bounds + sorted(set(values))[1:]
            ends = [
                values[min(round(len(values) * i / shares), len(values) - 1)]
                for i in range(1, shares)
            ]
            if not ends or ends[0] > values[0]:
                return bounds + sorted(set(ends))
            values = [value for value in values if value > values[0]]
            bounds.append(values[0])
        return bounds

    def count_class_bound(self, key: Any, place: str) -> float:
        return self._bounds(key)[int(place)]

    def count_smallest(self, key: Any) -> float:
        return float(self._everybody(key).min())

    def count_largest(self, key: Any) -> float:
        return float(self._everybody(key).max())

    def count_class_count(self, key: Any, place: str) -> int:
        everybody = self._everybody(key)
        if place == "missing":
            return int(everybody.isna().sum())
        low, high = ([-np.inf, *self._bounds(key), np.inf][int(place) + i] for i in (0, 1))
        return int(((everybody >= low) & (everybody < high)).sum())

    # -- the quality of the data --------------------------------------------------------------

    @cached_property
    def _own_cells(self) -> pd.DataFrame:
        """Values of the unit as the library tells them: indicator, year, flag, qualifiers."""
        entries = self.catalogue.areas[self.area].indicators
        here = [entry.id for entry in entries if self.level in entry.levels]
        return smup.compute_indicators(here, self.level, unit_codes=[self.unit])

    def count_n_cells(self, key: Any, flag: str) -> int:
        return int((self._own_cells["flag"] == flag).sum())

    def count_n_qualified(self, key: Any, name: str) -> int:
        known = self._own_cells[self._own_cells["value"].notna()]
        return sum(name in text.split(",") for text in known["qualifiers"])

    # -- verdicts that are only counted here --------------------------------------------------

    @cached_property
    def _view(self) -> Any:
        return smup.open_area(self.area, self.unit, self.year, level=self.level)

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        return self._view.frame()

    def count_count(self, key: Any, detail: str) -> int:
        dimension, standing = detail.split(":")
        frame = self.verdicts
        frame = frame[~frame["indicator"].map(self._is_second_voice)]
        frame = frame[frame["dimension"] == dimension]
        strange = frame["value"].isna() & (frame["flag"] == "not_applicable")
        if standing == "not_applicable":
            return int(strange.sum())
        if standing == "no_data":
            silent = frame.loc[frame["value"].isna() & ~strange, "indicator"]
            return sum(self._is_told_by_others(indicator) for indicator in silent)
        placed = frame["percentile"].notna()
        if standing == "no_place":  # the group has too few values
            return int((frame["value"].notna() & ~placed).sum())
        return int(((frame["standing"] == standing) & frame["value"].notna() & placed).sum())

    def _is_told_by_others(self, indicator: str) -> bool:
        """Tell whether the store has rows, with or without numbers, for the year."""
        variables = self.catalogue.indicator(indicator).inputs.variables
        return any((name, self.year) in self.land.cells for name in variables)

    def _is_second_voice(self, indicator: str) -> bool:
        """Tell whether a twin with a value speaks for an indicator."""
        return self.catalogue.indicator(indicator).twin_of in self._with_a_value

    @cached_property
    def _with_a_value(self) -> set[str]:
        return {*self.verdicts.loc[self.verdicts["value"].notna(), "indicator"]}
