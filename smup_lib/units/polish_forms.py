"""List the forms that a Polish place name takes in a sentence.

Rules, not a dictionary: most names of gminy are in no dictionary. They give too many forms rather
than too few, which is harmless, because a form is only looked up among names that exist and a
name in its basic form always wins. Everything is folded: lower case, no diacritics, so that the
vowel and consonant changes that Polish writes with diacritics need no rule.
"""

from __future__ import annotations

import re
from functools import lru_cache

from smup_lib.polish_text import plain_text

_WORD = re.compile(r"[^\W_]+")
#: Names that are inflected in the middle or change their stem.
_IRREGULAR: dict[str, tuple[str, ...]] = {
    "bialystok": ("bialegostoku", "bialemustokowi", "bialymstokiem", "bialymstoku"),
    "krasnystaw": ("krasnegostawu", "krasnemustawowi", "krasnymstawem", "krasnymstawie"),
    "wies": ("wsi", "wsia"),
    "miasto": ("miasta", "miastu", "miastem", "miescie"),
    "zdroj": ("zdroju", "zdrojowi", "zdrojem"),
    "gniazdo": ("gniazda", "gniazdu", "gniazdem", "gniezdzie"),
    "swiat": ("swiata", "swiatu", "swiatem", "swiecie"),
    "las": ("lasu", "lasowi", "lasem", "lesie"),
    "most": ("mostu", "mostowi", "mostem", "moscie"),
}
_CASES_A = ("", "y", "i", "e", "ie", "o", "ej", "iej", "om", "ami", "ach")
_CASES_O = ("a", "u", "em", "iem", "ie", "e", "y", "ach", "om", "ami")
_CASES_E = (
    *("a", "u", "em", "ego", "emu", "ym", "ych", "im", "ich"),
    *("m", "ch", "om", "ami", "ach", "ow", "y"),
)
_CASES_Y = ("", "ow", "om", "ami", "ach", "ego", "emu", "ym", "ych", "iego", "iemu", "im", "ich")
_CASES_C = (
    *("a", "u", "owi", "em", "e", "ie", "ia", "iu", "iem", "iowi"),
    *("y", "i", "ow", "om", "ami", "ach"),
)
#: Consonants that change before the locative -e.
_SOFTENED = (
    ("st", "scie"),
    ("ch", "sze"),
    ("k", "ce"),
    ("g", "dze"),
    ("d", "dzie"),
    ("t", "cie"),
    ("r", "rze"),
)


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded for comparison; punctuation parts words.

    Examples
    --------
    >>> split_words("Bielsko-Biała, woj. śląskie")
    ('bielsko', 'biala', 'woj', 'slaskie')
    """
    return tuple(_WORD.findall(plain_text(text)))


def split_exact_words(text: str) -> tuple[str, ...]:
    """Return the words of a text with their diacritics, in lower case.

    Examples
    --------
    >>> split_exact_words("Bielsko-Biała")
    ('bielsko', 'biała')
    """
    return tuple(_WORD.findall(text.casefold().replace("_", " ")))


@lru_cache(maxsize=16384)
def list_word_forms(word: str) -> frozenset[str]:
    """Return the inflected forms of one folded word (its basic form is not among them).

    Examples
    --------
    >>> "kielcach" in list_word_forms("kielce"), "krakowa" in list_word_forms("krakow")
    (True, True)
    >>> sorted({"ostrolece", "lodzi", "siedlec"}
    ...        & (list_word_forms("ostroleka") | list_word_forms("lodz")
    ...           | list_word_forms("siedlce")))
    ['lodzi', 'ostrolece', 'siedlec']
    """
    forms: set[str] = set(_IRREGULAR.get(word, ()))
    if len(word) < 2:
        return frozenset()
    stem, last = word[:-1], word[-1]
    if last == "a":
        forms.update(stem + case for case in _CASES_A)
        forms.update(_softened(stem))
        if stem.endswith("i"):
            forms.add(stem)
    elif last == "o":
        forms.update(stem + case for case in _CASES_O)
        forms.update(_softened(stem))
    elif last == "e":
        forms.update(stem + case for case in ("", *_CASES_E))
        forms.update(_with_mobile_e(stem))
    elif last in "yi":
        forms.update(stem + case for case in _CASES_Y)
        forms.update(word + case for case in ("ego", "emu", "m", "ch"))
        forms.update(_with_mobile_e(stem))
    else:
        for base in (word, *_without_mobile_e(word)):
            forms.update(base + case for case in _CASES_C)
        forms.update(_softened(word))
    forms.discard(word)
    return frozenset(form for form in forms if len(form) > 1)


def _softened(stem: str) -> set[str]:
    """Return the locative of a stem whose last consonant changes: Ruda, Rudzie."""
    return {
        stem.removesuffix(ending) + changed
        for ending, changed in _SOFTENED
        if stem.endswith(ending)
    }


def _with_mobile_e(stem: str) -> set[str]:
    """Return the genitive of plurals with an inserted e: Siedlce, Siedlec."""
    if len(stem) < 3 or stem[-1] not in "cknl":
        return set()
    return {f"{stem[:-1]}e{stem[-1]}", f"{stem[:-1]}ie{stem[-1]}"}


def _without_mobile_e(word: str) -> set[str]:
    """Return stems that lose an e before an ending: Mielec, Mielca; Bolesławiec, Bolesławca."""
    found = re.fullmatch(r"(.{2,}?)i?e([ckln])", word)
    return {found[1] + found[2]} if found else set()
