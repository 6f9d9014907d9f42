"""How do Polish texts compare: folded for look-ups, in the order of the alphabet for lists?"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_PLACES = {letter: place for place, letter in enumerate(_ALPHABET)}


def plain_text(text: str) -> str:
    """Fold a Polish text for comparison: no diacritics, case or repeated blanks.

    Examples
    --------
    >>> plain_text("  Łódź  Zachód_x ")
    'lodz zachod x'
    """
    return " ".join(_without_marks(text.casefold().replace("_", " ")).split())


@lru_cache(maxsize=8192)
def polish_order(text: str) -> tuple[tuple[tuple[int, int | str], ...], str]:
    """Return a key that puts texts in the order of the Polish alphabet: ł after l, ż after ź.

    Signs and digits come before letters; case decides only between equal texts; a foreign accent
    counts as its letter.

    Examples
    --------
    >>> sorted(["Łódź", "Lublin", "łany", "Żory", "Zgierz", "Ćmin", "Cyk"], key=polish_order)
    ['Cyk', 'Ćmin', 'Lublin', 'łany', 'Łódź', 'Zgierz', 'Żory']
    """
    places: list[tuple[int, int | str]] = []
    for sign in unicodedata.normalize("NFC", text.casefold()):
        letter = sign if sign in _PLACES else _without_marks(sign)
        places.append((1, _PLACES[letter]) if letter in _PLACES else (0, sign))
    return tuple(places), text.swapcase()


def in_sentence(label: str) -> str:
    """Return a label as it stands within a sentence: an acronym keeps its letters.

    Examples
    --------
    >>> in_sentence("Ludność ogółem"), in_sentence("REGON, podmioty")
    ('ludność ogółem', 'REGON, podmioty')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("ł", "l"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
