"""Read what somebody typed to name a unit: name, level, kind, place, code.

``"gminy wiejskiej Dąbrowa, powiat opolski"`` is a name with three hints. Nothing here knows which
units exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from smup_lib.teryt import KIND_OF_RODZ, Kind, Level
from smup_lib.units.polish_forms import split_exact_words, split_words

_CITY_KINDS: frozenset[Kind] = frozenset({"urban", "city_with_powiat_rights"})
_CODE_ONLY = re.compile(r"\d[\d\s_]*")
_CODE_INSIDE = re.compile(r"\((\d{2}|\d{4}|\d{6}|\d{7})\)")
_CODE_FIRST = re.compile(r"^(\d{2}|\d{4}|\d{6}|\d{7})\s+(?=\D)")
_YEARS = re.compile(r",?\s*\b(?:od|do)\s+\d{4}(?:\s*r\b\.?)?", re.IGNORECASE)
_RODZ = re.compile(r"\(([1-59])\)\s*$")
_OUTER_SEPARATOR = re.compile(r"[,;]|\s[-–—]\s")
_SEPARATOR = re.compile(r"[,;()]|\s[-–—]\s")
_LEVEL_WORDS: dict[str, Level] = {
    **dict.fromkeys(("gmina", "gminy", "gminie", "gmine", "gm", "g"), "gmina"),
    **dict.fromkeys(("powiat", "powiatu", "powiatowi", "powiecie", "powiatem", "pow"), "powiat"),
    **dict.fromkeys(
        ("wojewodztwo", "wojewodztwa", "wojewodztwu", "wojewodztwie", "wojewodztwem", "woj"),
        "voivodeship",
    ),
}
_CITY_WORDS = frozenset({"miasto", "miasta", "miescie", "miastu", "miastem", "m", "mnpp"})
_PREPOSITIONS = frozenset({"w", "we", "z", "ze", "dla", "do", "o", "na"})
_URBAN = re.compile(r"miejsk(?:a|iej|i|im|ie)")
_RURAL = re.compile(r"wiejsk(?:a|iej|i|im|ie)")
_ABBREVIATED: dict[str, frozenset[Kind]] = {
    "w": frozenset({"rural"}),
    "m": _CITY_KINDS,
    "mw": frozenset({"urban_rural"}),
    "m w": frozenset({"urban_rural"}),
}


@dataclass(frozen=True)
class Reading:
    """One way to divide a text into a name and hints around it.

    Attributes
    ----------
    words, exact_words : tuple of str
        Words of the name, folded and with diacritics.
    level : str or None
        Level that the text names.
    kinds : frozenset of str or None
        Kinds that the text allows.
    places : tuple of tuple of str
        Folded words of powiaty or voivodeships that narrow the search.
    """

    words: tuple[str, ...]
    exact_words: tuple[str, ...]
    level: Level | None = None
    kinds: frozenset[Kind] | None = None
    places: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class UnitQuery:
    """What the text says.

    Attributes
    ----------
    code : str
        Digits of a code, or empty.
    readings : tuple of Reading
        The longest name first: "Miejska Górka", "Dobre Miasto" and "Dobra (Szczecińska)" are
        names, while in "gmina miejska Jawor (lubelskie)" the same words are hints.
    """

    text: str
    code: str = ""
    readings: tuple[Reading, ...] = ()

    @property
    def shortest(self) -> Reading:
        """Return the reading with the most hints."""
        return self.readings[-1]


def parse_unit_query(text: str) -> UnitQuery:
    """Read a text that should name a unit.

    Examples
    --------
    >>> query = parse_unit_query("gmina wiejska Dąbrowa, powiat opolski")
    >>> query.shortest.words, query.shortest.level, sorted(query.shortest.kinds)
    (('dabrowa',), 'gmina', ['rural'])
    >>> query.shortest.places
    (('powiat', 'opolski'),)
    >>> parse_unit_query("Kraków – miasto na prawach powiatu (1261)").code
    '1261'
    """
    bare = text.strip().strip("„”\"'")
    if _CODE_ONLY.fullmatch(bare):
        return UnitQuery(text, code=bare)
    bare = _YEARS.sub("", bare)
    code = ""
    kinds: frozenset[Kind] | None = None
    for pattern in (_CODE_INSIDE, _CODE_FIRST):
        found = pattern.search(bare)
        if found and not code:
            code = found[1]
            bare = (bare[: found.start()] + " " + bare[found.end() :]).strip()
    rodz = _RODZ.search(bare)
    if rodz:
        kinds = _kinds_of_rodz(rodz[1])
        bare = bare[: rodz.start()]
    return UnitQuery(text, code, tuple(_read_parts(bare, kinds)))


def _read_parts(text: str, kinds: frozenset[Kind] | None) -> Iterator[Reading]:
    """Yield the readings of a text without code and years; ``kinds`` is what its digit says."""
    if "(" in text:
        head = _OUTER_SEPARATOR.split(text)[0]
        yield from _read_name(head, None)
    parts = [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
    places = []
    for part in parts[1:]:
        told = _kinds_of_part(split_words(part))
        if told is not None:
            kinds = told
        elif split_words(part):
            places.append(split_words(part))
    if parts and split_words(parts[0]):
        for reading in _read_name(parts[0], kinds):
            yield replace(reading, places=tuple(places))


def _read_name(text: str, kinds: frozenset[Kind] | None) -> Iterator[Reading]:
    """Yield the readings of a name with its hints; ``kinds`` is what the rest of the text says."""
    words, exact = split_words(text), split_exact_words(text)
    end, tail_kinds = _without_tail(words)
    for start, level, head_kinds in _starts(words):
        said = head_kinds if head_kinds is not None else kinds
        yield Reading(words[start:], exact[start:], level, said)
        if start < end < len(words):
            yield Reading(words[start:end], exact[start:end], level, tail_kinds)


def _kinds_of_rodz(rodz: str) -> frozenset[Kind]:
    """Return the kinds meant by the digit that BDL writes after a name."""
    return _CITY_KINDS if rodz == "1" else frozenset({KIND_OF_RODZ[rodz]})


def _kinds_of_part(words: tuple[str, ...]) -> frozenset[Kind] | None:
    """Return the kinds that a part in brackets or after a comma names; None for a place."""
    if " ".join(words) in _ABBREVIATED:
        return _ABBREVIATED[" ".join(words)]
    if "prawach" in words:
        return frozenset({"city_with_powiat_rights"})
    rest = [word for word in words if _LEVEL_WORDS.get(word) != "gmina"]
    if rest and rest[0] in _CITY_WORDS:
        return _CITY_KINDS
    kinds, used = _kind_words(tuple(rest), 0)
    return kinds if kinds is not None and used == len(rest) else None


def _starts(
    words: tuple[str, ...],
) -> Iterator[tuple[int, Level | None, frozenset[Kind] | None]]:
    """Yield where the name may begin, and the hints before it."""
    level: Level | None = None
    kinds: frozenset[Kind] | None = None
    start = 0
    yield start, level, kinds
    if len(words) > 1 and words[0] in _PREPOSITIONS:
        start = 1
        yield start, level, kinds
    while start < len(words) - 1:
        told, used = _hint_words(words, start)
        if not used or start + used >= len(words):
            return
        level = told if isinstance(told, str) else level
        kinds = told if isinstance(told, frozenset) else kinds
        start += used
        yield start, level, kinds


def _without_tail(words: tuple[str, ...]) -> tuple[int, frozenset[Kind] | None]:
    """Return where a name ends when words after it tell the kind ("Jawor wiejska")."""
    for begin in range(max(1, len(words) - 5), len(words)):
        told = _kinds_of_part(words[begin:])
        if told is not None and not _is_bare_letter(words[begin:]):
            return begin, told
    return len(words), None


def _is_bare_letter(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and len(words[0]) == 1


def _hint_words(words: tuple[str, ...], at: int) -> tuple[Level | frozenset[Kind] | None, int]:
    """Return the hint that begins at a word, and how many words it takes."""
    rest = words[at:]
    if rest[:3] in (("miasto", "i", "gmina"), ("miasta", "i", "gminy"), ("gmina", "i", "miasto")):
        return frozenset({"urban_rural"}), 3
    if rest[:2] == ("m", "st"):
        return _CITY_KINDS, 2
    if rest[0] in _CITY_WORDS:
        used = 1
        if rest[1:2] in (("stoleczne",), ("stolecznego",)):
            used = 2
        if rest[used : used + 3] == ("na", "prawach", "powiatu"):
            return frozenset({"city_with_powiat_rights"}), used + 3
        return _CITY_KINDS, used
    if rest[0] in _LEVEL_WORDS:
        return _LEVEL_WORDS[rest[0]], 1
    return _kind_words(words, at)


def _kind_words(words: tuple[str, ...], at: int) -> tuple[frozenset[Kind] | None, int]:
    """Return the kind that the words name, and how many words it takes."""
    word = words[at] if at < len(words) else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    if word == "miejsko" and _RURAL.fullmatch(following):
        return frozenset({"urban_rural"}), 2
    if _URBAN.fullmatch(word):
        return _CITY_KINDS, 1
    if _RURAL.fullmatch(word):
        return frozenset({"rural"}), 1
    return None, 0
