"""Which practices concern a service, a dimension or an indicator, and how closely?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.catalogue.entries import find_entry
from smup_lib.catalogue.loader import load_catalogue
from smup_lib.catalogue.model import Indicator
from smup_lib.catalogue.vocabulary import DIMENSION_WORDS, Dimension
from smup_lib.errors import IndicatorError, did_you_mean
from smup_lib.polish_text import plain_text

if TYPE_CHECKING:
    from smup_lib.catalogue.practice import PracticeCard
    from smup_lib.catalogue.practice_book import PracticeBook, StoredCard

#: How close a practice is to an indicator, and how that is said.
CLOSENESS = {
    3: "dotyczy tego wskaźnika",
    2: "dotyczy tej usługi i tego wymiaru",
    1: "dotyczy tej usługi",
}


def closeness(card: PracticeCard, indicator: Indicator) -> int:
    """Return 3 for the same indicator, 2 for service and dimension, 1 for the service, 0 for none.

    Examples
    --------
    >>> from smup_lib.catalogue.practice_book import load_shipped
    >>> cards = {one.card.office.name: one.card for one in load_shipped()}
    >>> catalogue = load_catalogue()
    >>> names = ("road_deaths_per_100k", "road_accidents_per_100k", "library_readers_per_1k")
    >>> [closeness(cards["Jaworzno"], catalogue.indicator(name)) for name in names]
    [3, 1, 0]
    """
    if indicator.id in card.cited:
        return 3
    if indicator.service is None or indicator.service not in card.services:
        return 0
    return 2 if indicator.dimension in card.dimensions else 1


def cards_of_service(cards: Iterable[PracticeCard], code: str) -> tuple[PracticeCard, ...]:
    """Return the practices of a service, admitted ones first."""
    return _admitted_first(card for card in cards if code in card.services)


def cards_of_indicator(
    cards: Iterable[PracticeCard], indicator: Indicator
) -> tuple[PracticeCard, ...]:
    """Return the practices that name an indicator or concern its service, the closest first."""
    near = [card for card in cards if closeness(card, indicator)]
    return tuple(sorted(_admitted_first(near), key=lambda card: -closeness(card, indicator)))


def _admitted_first(cards: Iterable[PracticeCard]) -> tuple[PracticeCard, ...]:
    return tuple(sorted(cards, key=lambda card: (card.status != "admitted", card.id)))


def choose_cards(
    book: PracticeBook,
    service: str | None = None,
    dimension: str | None = None,
    indicator: str | None = None,
    catalogue: Catalogue | None = None,
) -> tuple[StoredCard, ...]:
    """Return the cards that fit everything asked for.

    Raises
    ------
    IndicatorError
        When there is no such service, dimension or indicator; the message names the near ones.
    """
    catalogue = catalogue or load_catalogue()
    code = None if service is None else _entry_id(catalogue, service, "service")
    wanted = None if dimension is None else find_dimension(dimension)
    one = None
    if indicator is not None:
        one = catalogue.indicator(_entry_id(catalogue, indicator, "indicator"))
    return tuple(
        stored
        for stored in book.stored
        if (code is None or code in stored.card.services)
        and (wanted is None or wanted in stored.card.dimensions)
        and (one is None or closeness(stored.card, one))
    )


def find_dimension(text: str) -> Dimension:
    """Return the dimension that a Polish or an English word means.

    Examples
    --------
    >>> find_dimension("jakość"), find_dimension("quality")
    ('quality', 'quality')
    """
    words: dict[str, Dimension] = {}
    for name, word in DIMENSION_WORDS.items():
        words |= {plain_text(name): name, plain_text(word): name}  # type: ignore[dict-item]
    found = words.get(plain_text(text))
    if found is not None:
        return found
    hint = did_you_mean(text, [*DIMENSION_WORDS.values(), *DIMENSION_WORDS])
    raise IndicatorError(
        f"Nie ma wymiaru „{text}”{'; ' + hint if hint else ''}.",
        expected=", ".join(DIMENSION_WORDS.values()),
        next_step="wybierz jeden z wymienionych wymiarów",
    )


def _entry_id(catalogue: Catalogue, text: str, kind: str) -> str:
    found = find_entry(catalogue, text)
    if found.kind == kind:
        return found.id
    noun = {"service": "usługa", "indicator": "wskaźnik"}[kind]
    raise IndicatorError(
        f"„{text}” to nie {noun}.",
        expected="kod albo nazwa usługi" if kind == "service" else "identyfikator wskaźnika",
        next_step="listę pokaże: smup catalogue list; usługi obszaru: smup catalogue show OBSZAR",
    )
