"""How is each series of the fictional land made: from what, how large, how fast, how uneven?

The recipes stand in ``recipes/*.yaml``, a line or two each; files are read by name, so what others
rest on comes first. ``base`` is multiplied by ``level`` (an
average of 2010 per one of the base), a factor for the kind of unit, the unit's own lasting
difference (``spread``), own trend (``drift``), wealth, the common trend (``growth`` a year,
``path``) and an unrest of years (``noise``); the law then draws or rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

Law = Literal["poisson", "binomial", "amount", "portion", "stock", "sum", "mean"]
Grid = Literal["tract", "powiat"]
FourKinds = tuple[float, float, float, float]

_FOLDER = Path(__file__).with_name("recipes")


@dataclass(frozen=True)
class Recipe:
    """How one variable is made.

    Attributes
    ----------
    variable, law, base, level
        Id, law, base variable (or ``one``) and average per one of the base in 2010. ``poisson``
        draws a count; ``binomial`` draws how many of the base (noise falls with its size);
        ``amount`` and ``portion`` round a product, the latter never above its base; ``stock``
        only ever grows; ``sum`` adds ``parts``, those with ``-`` before them are taken away;
        ``mean`` is the mean of its part over the whole land, weighted by the base.
        ``growth``, ``spread`` and the like act on logarithms, for shares on log odds.
    at : str
        Levels at which it is published: ``g``, ``p``, ``gp``; empty for a hidden quantity.
    grid : str
        Whether it is drawn for tracts (and summed) or for powiaty as such.
    kinds : tuple of float
        Factors for cities with powiat rights, urban, urban-rural and rural units; on the powiat
        grid the first and the last count.
    presence : tuple of float
        Chance that a unit of each kind has the thing at all.
    least : float
        Smallest amount where the thing is present.
    years : tuple of int
        First year, last year and step of publishing.
    only : str
        ``land`` or ``city``: the kind of powiat (or of gmina) for which it is published at all.
    """

    variable: str
    law: Law
    base: str = "one"
    level: float = 1.0
    at: str = "gp"
    grid: Grid = "tract"
    growth: float = 0.0
    spread: float = 0.2
    drift: float = 0.008
    wealth: float = 0.0
    noise: float = 0.0
    path: str = ""
    kinds: FourKinds = (1.0, 1.0, 1.0, 1.0)
    presence: FourKinds = (1.0, 1.0, 1.0, 1.0)
    least: float = 0.0
    decimals: int = 0
    years: tuple[int, int, int] = (2010, 2024, 1)
    parts: tuple[str, ...] = ()
    only: str = ""


@lru_cache(maxsize=1)
def list_recipes() -> tuple[Recipe, ...]:
    """Return all recipes in the order in which they are drawn: bases before what rests on them.

    Examples
    --------
    >>> next(recipe.law for recipe in list_recipes() if recipe.variable == "library_readers")
    'binomial'
    """
    return tuple(
        Recipe(**_with_tuples({**section.get("defaults", {}), **entry}))
        for file in _read()
        for section in file["sections"]
        for entry in section["recipes"]
    )


@lru_cache(maxsize=1)
def list_paths() -> dict[str, tuple[float, ...]]:
    """Return what the whole land went through, by name: a multiple of the first year a year."""
    return {
        name: tuple(multiples)
        for file in _read()
        for name, multiples in file.get("paths", {}).items()
    }


@lru_cache(maxsize=1)
def _read() -> list[Any]:
    import yaml

    paths = sorted(_FOLDER.glob("*.yaml"))
    return [yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) for path in paths]


def _with_tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
