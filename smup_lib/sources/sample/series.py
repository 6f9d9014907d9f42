"""What are the numbers of the fictional land: every variable for every territory and year?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smup_lib.sources.sample.land import Land
from smup_lib.sources.sample.people import make_people, rng_for, steady, tract_wealth
from smup_lib.sources.sample.recipes import Grid, Recipe, list_paths, list_recipes
from smup_lib.sources.sample.truths import cells_of, effects_of
from smup_lib.sources.sample.units import YEARS
from smup_lib.teryt import is_city_code

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

_MEMORY = 0.6  # how much of a year's deviation of an amount is left in the next

_LIKENESS = 0.6  # share of the differences between gminy that is common to a powiat


@dataclass
class Panel:
    """Every drawn variable of a land, tracts (or powiaty) x years.

    ``tiny`` marks amounts that rounding turned into zero.
    """

    land: Land
    values: dict[tuple[Grid, str], Array] = field(default_factory=dict)
    tiny: dict[tuple[Grid, str], Array] = field(default_factory=dict)

    def of(self, variable: str, grid: Grid) -> Array:
        """Return a variable on a grid; a powiat without its own draw is the sum of its tracts."""
        import numpy as np

        if variable == "one":
            return np.ones((len(self.land.codes(grid)), len(YEARS)))
        if grid == "powiat" and (grid, variable) not in self.values:
            return self.land.sum_powiaty(self.values["tract", variable])
        return self.values[grid, variable]


def make_panel(land: Land) -> Panel:
    """Draw all variables of a land; always the same."""
    import numpy as np

    panel = Panel(land)
    for name, values in make_people(land).items():
        panel.values["tract", name] = values
    area = np.repeat(land.areas_km2[:, None], len(YEARS), axis=1)
    panel.values["tract", "total_area_ha"] = np.rint(area * 100)
    panel.values["tract", "area_km2"] = np.rint(area)
    wealth = tract_wealth(land)
    for recipe in list_recipes():
        key = recipe.grid, recipe.variable
        values = _Draw(panel, recipe, wealth).values()
        if recipe.law != "sum":
            panel.tiny[key] = (values > 0) & (np.round(values, recipe.decimals) == 0)
        panel.values[key] = _with_planted_cells(land, np.round(values, recipe.decimals), recipe)
    return panel


class _Draw:
    """One recipe at work."""

    def __init__(self, panel: Panel, recipe: Recipe, wealth: Array) -> None:
        import numpy as np

        land = panel.land
        self.panel, self.recipe = panel, recipe
        self.rng = rng_for(f"{recipe.variable}/{recipe.grid}")
        self.codes = land.codes(recipe.grid)
        self.base = np.nan_to_num(panel.of(recipe.base, recipe.grid))
        if recipe.grid == "tract":
            self.kinds, self.wealth = land.kinds, wealth
        else:
            self.kinds = np.array([0 if is_city_code(code) else 3 for code in self.codes])
            people = panel.values["tract", "population"]
            rich = land.sum_powiaty(people * wealth[:, None]) / land.sum_powiaty(people)
            self.wealth = steady(rich[:, -1])

    def values(self) -> Array:
        """Return the values before rounding."""
        import numpy as np

        recipe = self.recipe
        if recipe.law == "sum":
            return np.asarray(sum(self._part(part) for part in recipe.parts))
        if recipe.law == "mean":
            weighted = (self._part(recipe.parts[0]) * self.base).sum(axis=0)
            return np.broadcast_to(weighted / self.base.sum(axis=0), self.base.shape)
        here = self.rng.random(len(self.codes)) < np.array(recipe.presence)[self.kinds]
        log = self._logarithm()
        if recipe.law in ("binomial", "portion"):
            odds = recipe.level / (1 - recipe.level)
            share = steady(1 / (1 + 1 / (odds * np.exp(log)))) * here[:, None]
            if recipe.law == "portion":
                return np.asarray(self.base * share)
            return self.rng.binomial(self.base.astype("int64"), share).astype(float)
        factor = recipe.level * steady(np.exp(log)) * here[:, None]
        if recipe.law == "poisson":
            return self.rng.poisson(self.base * factor).astype(float)
        if recipe.law == "stock":
            factor, base = self._only_up(factor), self.base[:, :1]
        else:
            base = self.base
        return np.asarray(np.maximum(base * factor, recipe.least * here[:, None]))

    def _part(self, name: str) -> Array:
        sign = -1.0 if name.startswith("-") else 1.0
        return sign * self.panel.of(name.removeprefix("-"), self.recipe.grid)

    def _logarithm(self) -> Array:
        """Return the logarithm of all factors: units x years."""
        import numpy as np

        recipe, count = self.recipe, len(self.codes)
        t = np.arange(len(YEARS))
        own = recipe.spread * self._lasting_difference()
        trend = recipe.growth * t + recipe.drift * self._lasting_difference() * t
        planted = np.zeros((count, len(t)))
        for effect in effects_of(self.panel.land.truths, recipe.variable, recipe.grid):
            rows = [i for i, code in enumerate(self.codes) if code.startswith(effect.unit_code)]
            planted[rows] += np.log([effect.factor_in(year) for year in YEARS])
            if effect.ordinary:
                own[rows], trend[rows] = 0.0, recipe.growth * t
        common = np.log(np.array(list_paths()[recipe.path])) if recipe.path else 0.0
        kinds = np.log(np.array(recipe.kinds))[self.kinds][:, None]
        richer = recipe.wealth * self.wealth[:, None]
        return np.asarray(own + trend + common + kinds + richer + planted + self._unrest(count))

    def _lasting_difference(self) -> Array:
        """Return how far each unit is from the average; gminy of one powiat are alike."""
        import numpy as np

        own = self.rng.normal(size=(len(self.codes), 1))
        if self.recipe.grid == "powiat":
            return np.asarray(own)
        _, powiat = np.unique([code[:4] for code in self.codes], return_inverse=True)
        shared = self.rng.normal(size=(powiat.max() + 1, 1))[powiat]
        return np.asarray(np.sqrt(_LIKENESS) * shared + np.sqrt(1 - _LIKENESS) * own)

    def _unrest(self, count: int) -> Array:
        """Return yearly deviations that fade slowly."""
        import numpy as np

        fresh = self.recipe.noise * self.rng.normal(size=(count, len(YEARS)))
        for year in range(1, len(YEARS)):
            fresh[:, year] += _MEMORY * fresh[:, year - 1]
        return np.asarray(fresh)

    def _only_up(self, factor: Array) -> Array:
        """Turn a smooth rise into one by steps of uneven size; never down."""
        import numpy as np

        steps = np.maximum(np.diff(factor, axis=1), 0) * self.rng.exponential(
            size=(factor.shape[0], factor.shape[1] - 1)
        )
        climb = np.concatenate(
            [np.zeros((len(factor), 1)), np.cumsum(steady(steps), axis=1)], axis=1
        )
        return np.asarray(factor[:, :1] + climb)


def _with_planted_cells(land: Land, values: Array, recipe: Recipe) -> Array:
    """Put single planted values in place: slips of a digit, years without any event."""
    for cell in cells_of(land.truths, recipe.variable):
        for i, code in enumerate(land.codes(recipe.grid)):
            if code.startswith(cell.unit_code):
                year = YEARS.index(cell.year)
                values[i, year] = cell.applied_to(values[i, year])
    return values
