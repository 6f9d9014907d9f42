"""At which values may the classes of a map be divided, and what does each way show?"""

from __future__ import annotations

import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from smup_lib.errors import ParameterError, did_you_mean
from smup_lib.present.map_classes import CLASSES
from smup_lib.present.scales import finite

#: The usual one; its classes are chosen with care for ties (:mod:`smup_lib.present.map_classes`).
USUAL = "equal_shares"
#: What each way of dividing is called on a page.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        USUAL: "tyle samo jednostek w każdej klasie",
        "natural": "naturalne przerwy między wartościami",
        "equal_steps": "równe przedziały wartości",
        "head_tail": "kolejne części powyżej średniej",
    }
)
#: What each way shows and hides, for a reader.
READINGS: Mapping[str, str] = MappingProxyType(
    {
        USUAL: "Każda klasa ma mniej więcej tyle samo jednostek. Dobrze widać, kto należy do "
        "najwyższej piątej części, a słabo, jak bardzo odstaje.",
        "natural": "Granice klas leżą tam, gdzie między wartościami są największe przerwy. "
        "W jednej klasie może być kilka jednostek, w innej większość.",
        "equal_steps": "Klasy mają tę samą szerokość. Widać, jak bardzo ktoś odstaje; przy jednej "
        "bardzo dużej wartości prawie wszyscy są w najniższej klasie.",
        "head_tail": "Pierwsza granica to średnia wszystkich, następne to średnie tych, którzy są "
        "powyżej poprzedniej. Dla wskaźników, w których kilka wartości jest bardzo dużych.",
    }
)
_SEED = 0
#: Of bounds that no unit has: finer than any value, so that no sum of binary fractions shows.
_DECIMALS = 9


def choose_breaks(values: Iterable[Any], method: str) -> tuple[float, ...]:
    """Return the inner bounds of the classes of a map; a value at a bound is of the class above.

    Parameters
    ----------
    values : iterable of float
        Of the units of the map; nulls are passed over.
    method : str
        A key of :data:`WORDS`. For the usual one there are no bounds: a map chooses them itself.

    Returns
    -------
    tuple of float
        At most four, rising. Natural ones are values of units; the others are where the way puts
        them, and a class between them may be empty.

    Raises
    ------
    ParameterError
        When there is no such way.

    References
    ----------
    mapclassify: NaturalBreaks (k-means in one dimension), EqualInterval, HeadTailBreaks
    (Jiang 2013).

    Examples
    --------
    >>> choose_breaks([1, 2, 3, 10, 11, 12, 50], "equal_steps")
    (10.8, 20.6, 30.4, 40.2)
    """
    if method not in WORDS:
        raise ParameterError(
            f"Nie ma podziału na klasy „{method}”.",
            problems=[hint] if (hint := did_you_mean(method, WORDS)) else [],
            expected=", ".join(WORDS),
            next_step="podaj jeden z wymienionych",
        )
    known = sorted(finite(list(values)))
    if method == USUAL or len(set(known)) <= CLASSES:
        return ()
    bounds = set()
    for top in map(float, _CLASSIFIERS[method](np.array(known))):
        place = bisect_right(known, top)
        if place < len(known):
            # who has just the bound is below it: the class above begins at the next value
            own = method == "natural" or (place and known[place - 1] == top)
            bounds.add(known[place] if own else round(top, _DECIMALS))
    return tuple(sorted(bounds)[: CLASSES - 1])


def _natural(values: Any) -> Any:
    """Return the upper bounds of natural classes, the same each time."""
    from mapclassify import NaturalBreaks

    users = np.random.get_state()  # it draws from the generator that everybody shares
    try:
        np.random.seed(_SEED)
        return NaturalBreaks(values, k=CLASSES).bins
    finally:
        np.random.set_state(users)


def _equal_steps(values: Any) -> Any:
    from mapclassify import EqualInterval

    return EqualInterval(values, k=CLASSES).bins


def _head_tail(values: Any) -> Any:
    from mapclassify import HeadTailBreaks

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of divisions in the last, tiny head
        return HeadTailBreaks(values).bins


_CLASSIFIERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {"natural": _natural, "equal_steps": _equal_steps, "head_tail": _head_tail}
)
