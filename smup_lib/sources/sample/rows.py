"""How do the drawn numbers become observations: at which level, with which flag and source?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smup_lib.flags import FLAGS, NUMBER_FLAGS, QUALIFIERS
from smup_lib.sources.sample.gaps import Gap, gaps_of
from smup_lib.sources.sample.land import Land
from smup_lib.sources.sample.people import rng_for
from smup_lib.sources.sample.published import RATES, Rate
from smup_lib.sources.sample.recipes import Recipe, list_recipes
from smup_lib.sources.sample.series import Panel
from smup_lib.sources.sample.truths import cells_of
from smup_lib.sources.sample.units import YEARS
from smup_lib.teryt import is_city_code

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

LAND = "sample:land"
# Variables that are not drawn by a recipe.
_PLAIN = ("population", "population_mid_year", "area_km2", "total_area_ha")
_NO_ROW = -1


@dataclass
class Block:
    """One variable at one level: units x years. Flags are places in FLAGS, -1 means no row."""

    variable: str
    level: str
    codes: list[str]
    values: Array
    flags: Array
    qualifiers: Array
    decimals: int


def count_rows(land: Land) -> dict[str, int]:
    """Return the variables of both data sets with their rows in a land where nothing changes."""
    cities = sum(is_city_code(unit.code) for unit in land.powiaty)
    whole = {"g": len(land.tracts), "p": len(land.powiaty)}
    counts: Counter[str] = Counter()
    told: list[Recipe | Rate] = [*_shown_recipes(), *RATES]
    for series in told:
        first, last, step = series.years
        for level in series.at:
            units = {"": whole[level], "city": cities, "land": whole[level] - cities}[series.only]
            counts[series.variable] += units * len(range(first, last + 1, step))
    return dict(counts)


def land_observations(panel: Panel, variables: Collection[str] | None = None) -> pd.DataFrame:
    """Return counts, amounts and lengths (``sample:land``), all or some, without source."""
    chosen = [r for r in _shown_recipes() if variables is None or r.variable in variables]
    return as_frame([block for recipe in chosen for block in _land_blocks(panel, recipe)])


def published_observations(panel: Panel, variables: Collection[str] | None = None) -> pd.DataFrame:
    """Return ready-made rates (``sample:published``), all or some, without source."""
    chosen = [rate for rate in RATES if variables is None or rate.variable in variables]
    return as_frame([_rate_block(panel, rate, level) for rate in chosen for level in rate.at])


def _shown_recipes() -> list[Recipe]:
    plain = [Recipe(name, "amount") for name in _PLAIN]
    return [recipe for recipe in (*plain, *list_recipes()) if recipe.at]


def _land_blocks(panel: Panel, recipe: Recipe) -> Iterator[Block]:
    """Yield the gmina block and the powiat block of a variable."""
    import numpy as np

    drawn = panel.values[recipe.grid, recipe.variable]
    tiny = panel.tiny.get((recipe.grid, recipe.variable), np.zeros_like(drawn))
    land = panel.land
    unreported = np.zeros((len(land.powiaty), len(YEARS)))
    if "g" in recipe.at:
        block = _block(land, recipe, "g", land.sum_gminy(drawn), land.sum_gminy(tiny))
        missing = block.flags == FLAGS.index("no_data")
        unreported = _sum_by_powiat(land, np.where(missing, np.nan_to_num(block.values), 0.0))
        yield block
    if "p" in recipe.at:
        if recipe.grid == "tract":
            drawn, tiny = land.sum_powiaty(drawn), land.sum_powiaty(tiny)
        block = _block(land, recipe, "p", np.round(drawn - unreported, 4), tiny)
        block.flags[(unreported > 0) & (block.values <= 0)] = FLAGS.index("no_data")
        incomplete = (unreported > 0) & np.isin(block.flags, _places(NUMBER_FLAGS))
        block.qualifiers[incomplete] |= 1 << QUALIFIERS.index("incomplete")
        yield block


def _sum_by_powiat(land: Land, values: Array) -> Array:
    """Add values of gminy (not of tracts) up to powiaty."""
    import numpy as np

    total = np.zeros((len(land.powiaty), values.shape[1]))
    np.add.at(total, land.powiat_places, values)
    return np.asarray(total)


def _block(land: Land, recipe: Recipe, level: str, values: Array, tiny: Array) -> Block:
    import numpy as np

    first, last, step = recipe.years
    flags = np.full(values.shape, FLAGS.index("ok"))
    flags[values == 0] = FLAGS.index("true_zero")
    flags[(values == 0) & (tiny > 0)] = FLAGS.index("below_format")
    flags[np.isnan(values)] = _NO_ROW
    in_years = np.isin(YEARS, range(first, last + 1, step))
    flags[:, ~in_years] = _NO_ROW
    codes = land.codes("tract" if level == "g" else "powiat")
    block = Block(
        recipe.variable, level, codes, values.copy(), flags, np.zeros_like(flags), recipe.decimals
    )
    if recipe.only:
        city = np.array([is_city_code(code) for code in block.codes])
        block.flags[city != (recipe.only == "city")] = _NO_ROW
    return _with_gaps(land.gaps, block)


def _rate_block(panel: Panel, rate: Rate, level: str) -> Block:
    """Return a published rate at one level."""
    import numpy as np

    above, below = (_signed_sum(panel, names, level) for names in (rate.above, rate.below))
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.round(rate.multiplier * above / below, rate.decimals) + 0.0  # no -0
    recipe = Recipe(
        rate.variable, "amount", decimals=rate.decimals, years=rate.years, only=rate.only
    )
    tiny = (values == 0) & (above != 0) & (below > 0)
    block = _block(panel.land, recipe, level, np.where(below == 0, 0.0, values), tiny)
    block.flags[(below == 0) & (block.flags != _NO_ROW)] = FLAGS.index(rate.nothing)
    small = (below > 0) & (below < rate.few) & np.isin(block.flags, _places(NUMBER_FLAGS))
    block.qualifiers[small] |= 1 << QUALIFIERS.index("small_denominator")
    for cell in cells_of(panel.land.truths, rate.variable):
        if cell.unit_code in block.codes:
            place = block.codes.index(cell.unit_code), YEARS.index(cell.year)
            block.values[place] = round(cell.applied_to(float(block.values[place])), rate.decimals)
    return block


def _signed_sum(panel: Panel, names: tuple[str, ...], level: str) -> Array:
    import numpy as np

    total: Any = 0.0
    for name in names:
        key = name.removeprefix("-")
        drawn = panel.of(key, "tract" if level == "g" else "powiat")
        whole = panel.land.sum_gminy(drawn) if level == "g" else drawn
        total = total + (-whole if name.startswith("-") else whole)
    return np.asarray(total)


def _with_gaps(gaps: Sequence[Gap], block: Block) -> Block:
    """Put the planted flags and qualifiers on the values of a block."""
    import numpy as np

    for number, gap in enumerate(gaps_of(gaps, block.variable, block.level)):
        place = _concerned(block, gap, number)
        if gap.flag:
            block.flags[place] = FLAGS.index(gap.flag)
        if gap.qualifier:
            shown = place & np.isin(block.flags, _places(NUMBER_FLAGS))
            block.qualifiers[shown] |= 1 << QUALIFIERS.index(gap.qualifier)
    return block


def _concerned(block: Block, gap: Gap, number: int) -> Array:
    """Tell which values of a block a gap concerns."""
    import numpy as np

    place = block.flags != _NO_ROW
    place &= np.isin(YEARS, range(gap.years[0], gap.years[1] + 1))
    if gap.unit_code:
        place &= np.array([code == gap.unit_code for code in block.codes])[:, None]
    if gap.only_zero:
        place &= block.values == 0
    if gap.below:
        place &= (block.values > 0) & (block.values < gap.below)
    if gap.share < 1:
        drawn = rng_for(f"gap/{block.variable}/{block.level}/{number}").random(block.values.shape)
        place &= drawn < gap.share
    return np.asarray(place)


def _places(flags: tuple[str, ...]) -> list[int]:
    return [FLAGS.index(flag) for flag in flags]


def as_frame(blocks: Sequence[Block]) -> pd.DataFrame:
    """Join blocks into a frame of the observation contract without its source."""
    import numpy as np
    import pandas as pd

    if not blocks:
        return pd.DataFrame()
    codes = sorted({code for block in blocks for code in block.codes})
    columns: dict[str, list[Array]] = {}
    for place, block in enumerate(blocks):
        rows, years = np.nonzero(block.flags != _NO_ROW)
        flags = block.flags[rows, years]
        shown = np.isin(flags, _places(NUMBER_FLAGS))
        for name, column in (
            ("unit", np.searchsorted(codes, block.codes)[rows]),
            ("year", np.array(YEARS, dtype="int16")[years]),
            ("block", np.full(len(rows), place)),
            ("value", np.where(shown, block.values[rows, years], np.nan)),
            ("flag", flags),
            ("qualifiers", block.qualifiers[rows, years]),
            ("decimals", np.full(len(rows), block.decimals)),
        ):
            columns.setdefault(name, []).append(column)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    variables, variable_of_block = np.unique([b.variable for b in blocks], return_inverse=True)
    bits, place_of_bits = np.unique(joined["qualifiers"], return_inverse=True)
    return pd.DataFrame(
        {
            "unit_code": _texts(joined["unit"], codes),
            "year": joined["year"],
            "variable": _texts(variable_of_block[joined["block"]], list(variables)),
            "value": joined["value"],
            "flag": _texts(joined["flag"], list(FLAGS)),
            "qualifiers": _texts(place_of_bits, [_qualifier_text(int(b)) for b in bits]),
            "decimals": pd.array(joined["decimals"], dtype="Int8"),
        }
    )


def _texts(places: Array, words: list[str]) -> Any:
    """Return texts as a categorical, whose words are told once."""
    import pandas as pd

    return pd.Categorical.from_codes(places, pd.Index(words))


def _qualifier_text(bits: int) -> str:
    return ",".join(name for i, name in enumerate(QUALIFIERS) if bits >> i & 1)
