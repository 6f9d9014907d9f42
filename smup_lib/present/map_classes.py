"""Into which classes of colour does a map put its values?"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from smup_lib.present.formats import format_number
from smup_lib.present.scales import as_number, finite

if TYPE_CHECKING:
    from smup_lib.present.charts import MapChart

CLASSES = 5
_MORE_DECIMALS = 6
#: How the label of a lowest class begins that holds more than one value.
BELOW = "poniżej"


@dataclass(frozen=True)
class MapClasses:
    """Classes of a map from the smallest values to the largest.

    Attributes
    ----------
    bounds : tuple of float
        Inner bounds, rising; a value at a bound belongs to the class above it.
    colours : tuple of str
        Token of each class.
    labels : tuple of str
        Polish label of each class.
    """

    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def place(self, value: float | None) -> int | None:
        """Return the class of a value, None for a null."""
        known = as_number(value)
        return None if known is None else bisect_right(self.bounds, known)


def classify(chart: MapChart) -> MapClasses:
    """Choose classes: the breaks of the chart, else five equal shares.

    No class is better or worse than another: the units of a map are not the peers of each other.
    Equal values always share a class, so ties may leave fewer than five.
    """
    values = sorted(finite(chart.frame["value"].tolist()))
    if not values:
        return MapClasses((), (), ())
    wanted = chart.breaks or _equal_shares(values)
    # a bound at or below the smallest value would leave a class without units
    bounds = tuple(sorted({b for b in wanted if values[0] < b <= values[-1]}))
    n = len(bounds) + 1
    labels = _labels(chart, bounds, values)
    places = [round(1 + i * (CLASSES - 1) / max(n - 1, 1)) for i in range(n)] if n > 1 else [3]
    if n > CLASSES:
        places = [min(i + 1, CLASSES) for i in range(n)]
    return MapClasses(bounds, tuple(f"sequence-{p}" for p in places), labels)


def _equal_shares(values: list[float], classes: int = CLASSES) -> tuple[float, ...]:
    if len(set(values)) <= classes:
        return tuple(sorted(set(values))[1:])
    places = [round(len(values) * i / classes) for i in range(1, classes)]
    bounds = tuple(values[min(place, len(values) - 1)] for place in places)
    if bounds and bounds[0] == values[0]:
        # where so many have the smallest value (often none at all), the others share the rest
        others = values[bisect_right(values, values[0]) :]
        return (others[0], *_equal_shares(others, classes - 1))
    return bounds


def _labels(chart: MapChart, bounds: tuple[float, ...], values: list[float]) -> tuple[str, ...]:
    decimals = _enough_decimals(chart.decimals, {min(values), *bounds})

    def text(value: float) -> str:
        return format_number(value, decimals)

    if not bounds:
        low, high = text(min(values)), text(max(values))
        return (low if low == high else f"{low} – {high}",)
    below = {value for value in values if value < bounds[0]}
    # what all units of a class have is told rather than what they have not
    first = text(below.pop()) if len(below) == 1 else f"{BELOW} {text(bounds[0])}"
    middle = [f"{text(a)} – {text(b)}" for a, b in pairwise(bounds)]
    return (first, *middle, f"{text(bounds[-1])} i więcej")


def _enough_decimals(usual: int, told: set[float]) -> int:
    """Return how many decimals tell the values of labels apart, and from nothing at all."""
    for decimals in range(usual, usual + _MORE_DECIMALS):
        if len({format_number(value, decimals) for value in {0.0, *told}}) == len({0.0, *told}):
            return decimals
    return usual + _MORE_DECIMALS
