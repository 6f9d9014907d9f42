"""Which indicators do a few words, an area, a service or a dimension mean?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.errors import near_texts
from smup_lib.polish_text import plain_text, polish_order

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue, Indicator, ServiceArea

#: Letters of a word that its Polish forms mostly share ("drogi", "drogowy").
_STEM = 4


def find_indicators(
    catalogue: Catalogue,
    text: str = "",
    *,
    area: str | None = None,
    service: str | None = None,
    dimension: str | None = None,
    level: str | None = None,
) -> list[Indicator]:
    """Find indicators by words of their cards, without regard to diacritics and endings.

    Parameters
    ----------
    catalogue : Catalogue
        Where to look.
    text : str, optional
        Words; each must fit.
    area, service, dimension, level : str, optional
        What else must hold.

    Returns
    -------
    list of Indicator
        Those whose name has the words first.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> found = find_indicators(load_catalogue(), "wypadki drogowe")
    >>> found[0].area
    'roads_transport'
    """
    among = [
        indicator
        for one in catalogue.areas.values()
        for indicator in one.indicators
        if _fits(indicator, area, service, dimension, level)
    ]
    words = plain_text(text).replace(",", " ").split()
    if not words:
        return among
    for wanted in (_stems(words), _stems(_nearest(words, among))):
        found = [one for one in among if _holds(_card_words(catalogue, one), wanted)]
        if found:
            return sorted(found, key=lambda one: _rank(catalogue, one, words))
    return []


def service_name(area: ServiceArea, code: str | None) -> str:
    """Return the name of a service of an area; of none the area's."""
    return next((one.name for one in area.services if one.code == code), area.name)


def _fits(
    one: Indicator,
    area: str | None,
    service: str | None,
    dimension: str | None,
    level: str | None,
) -> bool:
    return (
        area in (None, one.area)
        and service in (None, one.service)
        and dimension in (None, one.dimension)
        and (level is None or level in one.levels)
    )


def _card_words(catalogue: Catalogue, one: Indicator) -> str:
    area = catalogue.areas[one.area]
    said = (
        *(one.name, one.short_name, one.definition, one.id, *one.aliases),
        *(area.name, service_name(area, one.service), DIMENSION_WORDS.get(one.dimension or "", "")),
    )
    return _folded(said)


@lru_cache(maxsize=2048)
def _folded(said: tuple[str, ...]) -> str:
    return " " + plain_text(" ".join(said))


def _holds(card: str, words: Iterable[str]) -> bool:
    # the beginning of a word: "rok" is not to find "mokry"
    return all(f" {word}" in card for word in words)


def _stems(words: list[str]) -> list[str]:
    return [word if len(word) <= _STEM else word[: max(_STEM, len(word) - 3)] for word in words]


def _nearest(words: list[str], among: list[Indicator]) -> list[str]:
    """Return for each mistyped word the one of the names that looks like it."""
    known = {word for one in among for word in plain_text(one.name).split() if len(word) > _STEM}
    return [next(iter(near_texts(word, known)), word) for word in words]


def _rank(catalogue: Catalogue, one: Indicator, words: list[str]) -> tuple[int, object]:
    """Put first whose name has the very words, then whose card has them, then other forms."""
    named = _holds(_folded((one.short_name, one.name)), words)
    place = 0 if named else 1 if _holds(_card_words(catalogue, one), words) else 2
    return place, polish_order(one.short_name)
