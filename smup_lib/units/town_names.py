"""How is the name of a town inflected? By a dictionary, and not at all where it is not certain.

The dictionary is SGJP through Morfeusz 2 (docs/decisions/0016): it knows the names of towns and the
adjectives beside them. A name that it does not know, or that it inflects in two ways, has no form
here, and whoever needs one says the name another way (:mod:`smup_lib.units.inflection`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from morfeusz2 import Morfeusz

Case = Literal["nominative", "genitive", "dative", "accusative", "instrumental", "locative"]

CASES: tuple[Case, ...] = get_args(Case)

_TAG_OF_CASE: dict[Case, str] = {
    "nominative": "nom",
    "genitive": "gen",
    "dative": "dat",
    "accusative": "acc",
    "instrumental": "inst",
    "locative": "loc",
}
#: How the dictionary marks names of places and parts of such names.
_PLACE_LABELS = {"nazwa_geograficzna", "człon_nazwy_geograficznej"}
#: Remarks on forms out of use.
_GONE = ("arch", "daw")
_ONE_AT_A_TIME = Lock()


class _Reading(NamedTuple):
    """One way to read a word of a name: as a noun, or as an adjective beside one."""

    lemma: str
    noun: bool
    number: str
    gender: str


@lru_cache(maxsize=4096)
def inflect_town(name: str, case: Case) -> str | None:
    """Return the name of a town in a case; None where no dictionary vouches for the form.

    Parameters
    ----------
    name : str
        The name as the register writes it.
    case : str
        ``genitive``, ``dative``, ``accusative``, ``instrumental`` or ``locative``.

    Examples
    --------
    >>> [inflect_town(n, "locative") for n in ("Łódź", "Bielsko-Biała", "Piekary Śląskie")]
    ['Łodzi', 'Bielsku-Białej', 'Piekarach Śląskich']
    >>> inflect_town("Xyzów Wielki", "locative") is None
    True
    """
    if case == "nominative":
        return name
    pieces = re.split(r"([ -])", name)
    words, joints = pieces[::2], pieces[1::2]
    if _dictionary() is None or not all(words):
        return None
    found = {
        tuple(chosen)
        for readings in product(*(_list_readings(word) for word in words))
        if _agree(readings, joints)
        for chosen in product(*(_list_forms(reading, case) for reading in readings))
    }
    if len(found) != 1:
        return None
    forms = (_cased_like(word, form) for word, form in zip(words, found.pop(), strict=True))
    return "".join(a + b for a, b in zip(forms, [*joints, ""], strict=True))


@cache
def _dictionary() -> Morfeusz | None:
    """Return the dictionary; None on a machine for which none is published."""
    try:
        from morfeusz2 import Morfeusz
    except ImportError:
        return None
    return Morfeusz()


@lru_cache(maxsize=4096)
def _list_readings(word: str) -> tuple[_Reading, ...]:
    """List how a word can be read as a part of the name of a place, in the nominative."""
    dictionary = _dictionary()
    assert dictionary is not None
    with _ONE_AT_A_TIME:
        analysed = dictionary.analyse(word)
    found: dict[_Reading, None] = {}
    for _, _, (_, lemma, tag, labels, _) in analysed:
        kind, *rest = tag.split(":")
        if kind not in ("subst", "adj") or len(rest) < 3 or "nom" not in rest[1].split("."):
            continue
        placed = not _PLACE_LABELS.isdisjoint(labels) and lemma[:1].isupper()
        if kind == "subst" and placed and lemma.partition(":")[0] == word:
            found[_Reading(lemma, True, rest[0], rest[2])] = None
        elif kind == "adj" and rest[3:] == ["pos"]:
            for gender in rest[2].split("."):
                found[_Reading(lemma, False, rest[0], gender)] = None
    return tuple(found)


def _agree(readings: Sequence[_Reading], joints: Sequence[str]) -> bool:
    """Tell whether the words make one name.

    One noun with its adjectives, or nouns of one number joined by a hyphen; an adjective takes
    number and gender from the noun.
    """
    nouns = [reading for reading in readings if reading.noun]
    if not nouns or (len(nouns) > 1 and (len(nouns) < len(readings) or " " in joints)):
        return False
    numbers = {reading.number for reading in readings}
    genders = {reading.gender for reading in readings}
    return len(numbers) == 1 and (len(nouns) > 1 or len(genders) == 1)


@lru_cache(maxsize=8192)
def _list_forms(reading: _Reading, case: Case) -> tuple[str, ...]:
    """Return the forms of a word in a case; what nobody says any more is left out.

    A form that is only rare or regional stays, because then nobody knows which one the town uses.
    """
    dictionary = _dictionary()
    assert dictionary is not None
    with _ONE_AT_A_TIME:
        generated = dictionary.generate(reading.lemma)
    forms: dict[str, None] = {}
    for form, lemma, tag, _, remarks in generated:
        kind, *rest = tag.split(":")
        if kind != ("subst" if reading.noun else "adj") or lemma != reading.lemma or len(rest) < 3:
            continue
        number, cases, genders, *degree = rest
        gone = any(remark.startswith(_GONE) for remark in remarks)
        same = number == reading.number and reading.gender in genders.split(".")
        plain = reading.noun or degree == ["pos"]
        if same and plain and not gone and _TAG_OF_CASE[case] in cases.split("."):
            forms[form] = None
    return tuple(forms)


def _cased_like(word: str, form: str) -> str:
    return form[:1].upper() + form[1:] if word[:1].isupper() else form
