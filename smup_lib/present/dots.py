"""Where do the dots of a distribution stand? Stacked in columns over their values."""

from __future__ import annotations

from dataclasses import dataclass

from smup_lib.present.charts import DistributionChart
from smup_lib.present.scales import Scale, as_number

#: Up to this many units a stack may press its dots together rather than shrink them.
FEW = 60
HIGHEST, _LOWEST = 120.0, 46.0
_LARGEST, _READABLE, _SMALLEST = 6.5, 4.0, 1.75


@dataclass(frozen=True)
class Dot:
    """One unit of a distribution."""

    code: str
    name: str
    value: float
    role: str


def list_dots(chart: DistributionChart) -> list[Dot]:
    """Return the units that have a value: the reader's first, then neighbours, then the rest."""
    frame = chart.frame
    rows = zip(
        frame["unit_code"].tolist(),
        frame["name"].tolist(),
        frame["value"].tolist(),
        frame["role"].tolist(),
        strict=True,
    )
    dots = [
        Dot(str(code), str(name), value, str(role))
        for code, name, given, role in rows
        if (value := as_number(given)) is not None
    ]
    rank = {"unit": 0, "neighbour": 1, "peer_neighbour": 1, "peer": 2}
    return sorted(dots, key=lambda dot: (rank[dot.role], dot.value))


@dataclass(frozen=True)
class Stacks:
    """Dots of one size in columns: each with its column and its level from the axis up."""

    radius: float
    rise: float
    height: float
    placed: list[tuple[Dot, int, int]]

    @property
    def step(self) -> float:
        """Width of a column."""
        return 2 * self.radius + 0.5


def stack_dots(dots: list[Dot], scale: Scale) -> Stacks:
    """Stack the dots, as large as lets the tallest stack fit."""
    import numpy as np

    pixels = np.array([scale(dot.value) for dot in dots])
    radius = _LARGEST
    # few dots may press together in a tall stack, but do not shrink to specks
    smallest = _SMALLEST if len(dots) > FEW else _READABLE
    while True:
        step = 2 * radius + 0.5
        columns = np.rint(pixels / step).astype(int)
        tallest = int(np.unique(columns, return_counts=True)[1].max()) if dots else 1
        if tallest * step <= HIGHEST - 6 or radius <= smallest:
            break
        radius -= 0.5
    levels: dict[int, int] = {}
    placed = []
    for dot, column in zip(dots, columns.tolist(), strict=True):
        level = levels.get(column, 0)
        levels[column] = level + 1
        placed.append((dot, column, level))
    # a stack that is still too tall is pressed together: its dots overlap, none is lost
    rise = min(step, (HIGHEST - 6) / tallest)
    return Stacks(radius, rise, max(_LOWEST, tallest * rise + 8), placed)
