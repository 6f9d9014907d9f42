"""What enlarges the store of the large fictional land and means nothing? Series without a name.

They stand in a data set of their own, no catalogue knows them, and no page shows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smup_lib.flags import FLAGS
from smup_lib.sources.sample.land import Land
from smup_lib.sources.sample.people import rng_for, steady
from smup_lib.sources.sample.rows import Block, as_frame
from smup_lib.sources.sample.series import Panel
from smup_lib.sources.sample.units import YEARS

if TYPE_CHECKING:
    import pandas as pd

_PREFIX = "fill_"
#: Part of the cells that are missing, so that reading meets nulls.
_SHARE_MISSING = 0.01


def count_filler(land: Land, rows: int) -> dict[str, int]:
    """Return so many series that they have about so many rows together, each with its rows.

    Examples
    --------
    >>> from smup_lib.sources.sample.land import sample_land
    >>> list(count_filler(sample_land(), 6_000))
    ['fill_0001', 'fill_0002']
    """
    each = (len(land.tracts) + len(land.powiaty)) * len(YEARS)
    return {f"{_PREFIX}{number + 1:04d}": each for number in range(round(rows / each))}


def is_filler(variable: str) -> bool:
    """Return whether a variable is one of these."""
    return variable.startswith(_PREFIX)


def filler_observations(panel: Panel, variables: Iterable[str]) -> pd.DataFrame:
    """Return observations of the filler series among variables, without source; always the same."""
    names = filter(is_filler, variables)
    return as_frame([_block(panel.land, name, level) for name in names for level in ("g", "p")])


def _block(land: Land, variable: str, level: str) -> Block:
    import numpy as np

    codes = land.codes("tract" if level == "g" else "powiat")
    rng = rng_for(f"{variable}/{level}")
    lasting = np.exp(0.5 * rng.normal(size=(len(codes), 1)))
    values = np.round(steady(100 * lasting * (1 + 0.1 * rng.random((len(codes), len(YEARS))))), 2)
    flags = np.full(values.shape, FLAGS.index("ok"))
    flags[rng.random(values.shape) < _SHARE_MISSING] = FLAGS.index("no_data")
    return Block(variable, level, codes, values, flags, np.zeros_like(flags), 2)
