"""Which truths are planted in the fictional data, and what should be concluded from them?

They stand in ``truths.yaml``. Effects and cells act while the data are drawn; the rest is told in
``truths.json`` beside the tables of the snapshot. Tests recompute every truth from the tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

TruthKind = Literal[
    "improved", "better", "lagging", "costly_and_poor", "cheap_and_poor", "data_error",
    "size_correlation", "outlier", "territorial_break", "no_difference", "falling_trend",
    "small_numbers", "mean_of_ratios", "census_rebase", "reconciliation_gap", "secret_not_zero",
    "zero_denominator", "one_off", "kind_change", "common_shock",
]  # fmt: skip

_FILE = Path(__file__).with_name("truths.yaml")
_TOLD = ("id", "kind", "unit_code", "level", "indicators", "variables")
_TEXTS = ("title", "conclude", "must_not")


@dataclass(frozen=True)
class Effect:
    """A planted factor on the average (on the odds of shares) of one variable.

    It grows evenly from 1 in ``first`` to ``factor`` in ``last`` and stays, or ends with
    ``until``. ``ordinary`` also takes away the unit's own difference and trend.
    ``unit_code`` may be the beginning of codes: a powiat means all its gminy.
    """

    variable: str
    unit_code: str
    factor: float = 1.0
    first: int = 2009
    last: int = 2010
    until: int = 9999
    grid: str = "tract"
    ordinary: bool = False

    def factor_in(self, year: int) -> float:
        """Return the factor of a year.

        Examples
        --------
        >>> Effect("road_accidents", "9005", 0.25, 2014, 2024).factor_in(2019)
        0.5
        """
        if year > self.until:
            return 1.0
        done = min(max((year - self.first) / (self.last - self.first), 0.0), 1.0)
        return float(self.factor**done)


@dataclass(frozen=True)
class Cell:
    """One planted value: ``value`` itself, or the drawn one ``times`` and ``plus`` something."""

    variable: str
    unit_code: str
    year: int
    value: float | None = None
    times: float = 1.0
    plus: float = 0.0

    def applied_to(self, drawn: float) -> float:
        """Return the planted value."""
        return drawn * self.times + self.plus if self.value is None else self.value


@dataclass(frozen=True)
class Truth:
    """One planted truth.

    Attributes
    ----------
    id, kind, title : str
        ``kind`` is the sort of truth, ``title`` a Polish headline.
    unit_code, level : str
        The unit, ``00`` for the whole land; the level at which the truth is seen.
    indicators, variables : tuple of str
        Where it is seen.
    years : tuple of int
        First and last year.
    conclude, must_not : str
        What an honest reader concludes, and what must not be said (Polish).
    effects, cells : tuple
        How it was planted; empty when it follows from the rest of the land.
    """

    id: str
    kind: TruthKind
    unit_code: str
    level: str
    indicators: tuple[str, ...]
    variables: tuple[str, ...]
    years: tuple[int, int]
    title: str
    conclude: str
    must_not: str
    effects: tuple[Effect, ...] = ()
    cells: tuple[Cell, ...] = ()


@lru_cache(maxsize=1)
def list_truths() -> tuple[Truth, ...]:
    """Return all planted truths.

    Examples
    --------
    >>> next(truth.unit_code for truth in list_truths() if truth.kind == "data_error")
    '920303'
    """
    import yaml

    entries = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)["truths"]
    return tuple(_as_truth(entry) for entry in entries)


def _as_truth(entry: dict[str, Any]) -> Truth:
    effects = tuple(Effect(**effect) for effect in entry.pop("effects", ()))
    cells = tuple(Cell(**cell) for cell in entry.pop("cells", ()))
    lists = {key: tuple(v) for key, v in entry.items() if isinstance(v, list)}
    return Truth(**{**entry, **lists, "effects": effects, "cells": cells})


def effects_of(truths: Sequence[Truth], variable: str, grid: str) -> list[Effect]:
    """Return the planted effects on a variable drawn on a grid."""
    return [
        effect
        for truth in truths
        for effect in truth.effects
        if effect.variable == variable and effect.grid == grid
    ]


def cells_of(truths: Sequence[Truth], variable: str) -> list[Cell]:
    """Return the planted single values of a variable."""
    return [cell for truth in truths for cell in truth.cells if cell.variable == variable]


def truths_json() -> bytes:
    """Return what ``truths.json`` of the snapshot holds: every truth without its making."""
    records = [
        {name: getattr(truth, name) for name in _TOLD}
        | {"first_year": truth.years[0], "last_year": truth.years[1]}
        | {name: getattr(truth, name) for name in _TEXTS}
        for truth in list_truths()
    ]
    content = {"label": "dane przykładowe, jednostki fikcyjne", "truths": records}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
