"""The numbers of the methods counted a second time, from numerators and denominators alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta, binom, chi2, gamma, norm, poisson
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

Z95 = float(norm.ppf(0.975))


class MethodCounts:
    """Statistics named after a method: ``M5:low`` is the lower limit of M5."""

    def _counts(self, key: Any) -> pd.DataFrame:
        """Return numerator and denominator of the unit and its peers, of those that have both."""
        entry = self.catalogue.indicator(key.indicator)
        year = self.land.inputs.xs(key.year, level="year")
        parts = {
            name: sum(year[one] for one in names)
            for name, names in (("x", entry.inputs.numerator), ("n", entry.inputs.denominator))
        }
        return pd.DataFrame(parts).reindex([self.unit, *self.members(key.group)]).dropna()

    def _entry(self, key: Any) -> tuple[Any, float, float]:
        entry = self.catalogue.indicator(key.indicator)
        return entry, self.count_numerator(key), self.count_denominator(key)

    def _interval(self, method: str, x: float, n: float) -> tuple[float, float]:
        if method == "share":
            return proportion_confint(x, n, alpha=0.05, method="wilson")
        if x < 10:
            low = chi2.ppf(0.025, 2 * x) / 2 if x else 0.0
            return low / n, chi2.ppf(0.975, 2 * x + 2) / 2 / n
        low = x * (1 - 1 / (9 * x) - Z95 / (3 * np.sqrt(x))) ** 3
        y = x + 1
        return low / n, y * (1 - 1 / (9 * y) + Z95 / (3 * np.sqrt(y))) ** 3 / n

    def count_m1(self, key: Any, detail: str) -> float:
        """Return the ratio of sums over the group without the unit, or of how many it is made."""
        rest = self._counts(key).drop(index=self.unit)
        if detail == "n":
            return len(rest)
        return (
            self.catalogue.indicator(key.indicator).multiplier * rest["x"].sum() / rest["n"].sum()
        )

    def count_m3(self, key: Any, bound: str) -> float:
        entry, x, n = self._entry(key)
        low, high = self._interval(entry.method, x, n)
        return entry.multiplier * {"low": low, "high": high}[bound]

    count_m2 = count_m3

    def count_m16(self, key: Any, detail: str) -> float:
        entry, x, n = self._entry(key)
        return (
            (x if entry.method == "rate" else n)
            if detail == "n"
            else self.count_visible_change(key)
        )

    def count_visible_change(self, key: Any) -> float:
        """Return the change from year to year that leaves the noise of this many cases."""
        entry, x, n = self._entry(key)
        if entry.method == "rate":
            return entry.multiplier * Z95 * (2 * x) ** 0.5 / n
        if 0 < x < n:
            return entry.multiplier * Z95 * np.sqrt(2 * x / n * (1 - x / n) / n)
        # of nobody or everybody the formula says 0: the nearest count that surely differs
        bounds = {
            y: confint_proportions_2indep(y, n, x, n, method="newcomb") for y in range(int(n) + 1)
        }
        apart = [abs(y - x) for y, (low, high) in bounds.items() if low > 0 or high < 0]
        return entry.multiplier * min(apart) / n

    def count_m4a(self, key: Any, detail: str) -> int:
        return len(self._counts(key)) - 1

    def count_m5(self, key: Any, detail: str) -> float:
        """Return a limit that no overdispersion widened, as in the groups of these pages."""
        entry, counts = self.catalogue.indicator(key.indicator), self._counts(key)
        centre = counts["x"].sum() / counts["n"].sum()
        if detail == "centre":
            return entry.multiplier * centre
        n = counts.loc[key.unit, "n"]
        if entry.method == "share":
            reach = Z95 * np.sqrt(centre * (1 - centre) / n)
            return entry.multiplier * float(
                np.clip(centre + reach * (-1) ** (detail == "low"), 0, 1)
            )
        sizes = np.arange(1000)
        if detail == "low":
            inside = sizes[poisson.cdf(sizes, centre * n) >= 0.025].min()
        else:
            inside = sizes[poisson.sf(sizes - 1, centre * n) >= 0.025].max()
        return entry.multiplier * inside / n

    def count_m24(self, key: Any, detail: str) -> float:
        entry, counts = self.catalogue.indicator(key.indicator), self._counts(key)
        centre = counts["x"].sum() / counts["n"].sum()

        def misses(x: float, n: float) -> bool:
            low, high = self._interval(entry.method, x, n)
            return not low <= centre <= high

        if detail == "observed":
            return sum(misses(row.x, row.n) for row in counts.itertuples())
        total = 0.0
        for n in counts["n"]:
            top = int(n) if entry.method == "share" else int(centre * n * 3 + 60)
            chances = (
                binom.pmf(np.arange(top + 1), int(n), centre)
                if entry.method == "share"
                else poisson.pmf(np.arange(top + 1), centre * n)
            )
            total += sum(p for x, p in enumerate(chances) if p > 0 and misses(x, n))
        return total

    def count_m14(self, key: Any, detail: str) -> float:
        entry, counts = self.catalogue.indicator(key.indicator), self._counts(key)
        m = counts["x"].sum() / counts["n"].sum()
        ratio = counts["x"] / counts["n"]
        spread = (counts["n"] * (ratio - m) ** 2).sum() / counts["n"].sum() - m / counts["n"].mean()
        kept = max(0.0, spread) / (max(0.0, spread) + m / counts.loc[key.unit, "n"])
        return entry.multiplier * float(kept * ratio[key.unit] + (1 - kept) * m)

    def count_m11(self, key: Any, detail: str) -> float:
        """Return a distance or its share; who is near is the library's word, tested by itself."""
        peers = self._similar(key.group)
        if detail == "distance":
            return float(peers.set_index("unit_code").loc[key.unit, "distance"])
        return float(peers.attrs["shares"][key.unit][detail])

    def count_m22(self, key: Any, detail: str) -> float:
        """Return the gap to the median in cases or zł, to two significant digits."""
        entry, _, n = self._entry(key)
        amount = abs((self.own(key) - self.count_median(key)) * n / entry.multiplier)
        return float(f"{amount:.1e}")

    # -- what a place is worth: by quadrature here, by draws in the library ---------------------

    def count_rank_low(self, key: Any, kind: str) -> int:
        return self._worth(key, kind)[0]

    def count_rank_high(self, key: Any, kind: str) -> int:
        return self._worth(key, kind)[1]

    def count_best_quarter(self, key: Any, kind: str) -> float:
        return 100 * self._worth(key, kind)[2]

    def _worth(self, key: Any, kind: str) -> tuple[int, int, float]:
        """Return best place, worst place and the probability of the best quarter (M10)."""
        if kind == "rounding":
            merits = self._merits(key)
            first = 1 + int((merits > merits[key.unit]).sum())
            last = first + int((merits == merits[key.unit]).sum()) - 1
            share = (len(merits) // 4 - first + 1) / (last - first + 1)
            return first, last, min(max(share, 0.0), 1.0)
        chances = self._places(key)
        low, high = (1 + int(np.searchsorted(np.cumsum(chances), q)) for q in (0.025, 0.975))
        return low, high, float(chances[: len(chances) // 4].sum())

    def _places(self, key: Any) -> np.ndarray:
        """Return the probability of each place, best first, by the counts."""
        entry, counts = self.catalogue.indicator(key.indicator), self._counts(key)
        share = entry.method == "share"
        true = {
            code: beta(row.x + 0.5, row.n - row.x + 0.5)
            if share
            else gamma(row.x + 0.5, scale=1 / row.n)
            for code, row in counts.iterrows()
        }
        grid = true.pop(self.unit).ppf((np.arange(400) + 0.5) / 400)
        below = np.array([other.cdf(grid) for other in true.values()])
        better = below if entry.polarity.judged == "lower" else 1 - below
        places = np.zeros(len(true) + 1)
        for column in better.T:
            chance = np.ones(1)
            for p in column:
                chance = np.convolve(chance, [1 - p, p])
            places += chance / better.shape[1]
        return places
