"""In which unit did the participant answer? "osób na 1000 mieszkańców" is "os./1000 mieszk."."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PERCENT = "%"
POINTS = "p.proc."

_MULTIPLIERS = {"tys": 1e3, "mln": 1e6, "mld": 1e9}
_SPELT_POINTS = re.compile(r"\bp\.? ?proc\b\.?|\bpp\b\.?|\bp\.p\.|\bpunkt\w* procentow\w*")
#: How people write the words of our units; the first that fits a whole word names it.
_WORDS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"%|proc|procent\w*", PERCENT),
        (r"zł|zl|pln|złot\w*", "zł"),
        (r"os|os[óo]b\w*", "os"),
        (r"mieszkani[ae]|mieszkań", "mieszkania"),
        (r"mieszk\w*", "mieszk"),
        (r"szt|sztuk\w*", "szt"),
        (r"ob|obiekt\w*", "ob"),
        (r"wol|wolumin\w*", "wol"),
        (r"godz|godzin\w*", "godz"),
        (r"dzień|dni|dnia", "dni"),
        (r"mies|miesi[ąę]c\w*", "mies"),
        (r"wypad\w*", "wypadek"),
        (r"pojazd\w*", "pojazd"),
        (r"mężczyz\w*|mężczyźn\w*", "mężczyzna"),
        (r"plac[óo]w\w*", "placówka"),
        (r"wypożycz\w*", "wypożyczenie"),
        (r"imprez\w*", "impreza"),
        (r"miejsc\w*", "miejsce"),
        (r"muze\w*", "muzeum"),
        (r"wozokm|wozokilomet\w*", "wozokm"),
        (r"rodz|rodzin\w*", "rodz"),
        (r"kg|kilogram\w*", "kg"),
        (r"t|ton\w*", "t"),
        (r"m3|metr\w* sześcien\w*", "m3"),
        (r"km2|kilomet\w* kwadrat\w*", "km2"),
        (r"km|kilomet\w*", "km"),
        (r"m2|metr\w* kwadrat\w*", "m2"),
        (r"ha|hektar\w*", "ha"),
        (r"tys|tysi\w*", "tys"),
        (r"mln|milion\w*", "mln"),
        (r"mld|miliard\w*", "mld"),
    )
)
_SQUARED = re.compile(r"\b(kilomet|metr)\w* kwadrat\w*")
_PER = re.compile(r"/| na |^na | przypada\w* na ")
_WORD = re.compile(r"\d+|[^\W\d_]+\d?|[^\w\s.,;()\[\]]")


@dataclass(frozen=True)
class MeasureUnit:
    """A measure unit taken apart.

    Attributes
    ----------
    factor : float
        How many of the plain unit it is: 1000 for "tys. zł".
    counted : tuple of str
        What is counted, in words that two spellings share.
    per : tuple of str
        What it is divided by, a number first: ``("1000", "os")``.
    """

    factor: float
    counted: tuple[str, ...]
    per: tuple[str, ...]

    def is_same(self, other: MeasureUnit) -> bool:
        """Tell whether both measure the same, whatever their factors.

        What is counted may be left out, or named by a word of one's own ("czytelników" for "os."),
        when what it is divided by is the same.
        """
        if self.per != other.per:
            return False
        return self.counted == other.counted or bool(self.per and not _known(self.counted))

    @property
    def only_factor(self) -> bool:
        """Whether it says no more than "tys." or "mln"."""
        return not self.counted and not self.per


def read_unit(text: str) -> MeasureUnit:
    """Read a measure unit, ours or as people type it.

    Examples
    --------
    >>> read_unit("osoby na 10 000 mieszkańców") == read_unit("os./10 tys. mieszk.")
    True
    >>> read_unit("tys. zł").factor, read_unit("punkty procentowe").counted
    (1000.0, ('p.proc.',))
    """
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    text = _SPELT_POINTS.sub(" punktprocentowy ", text)
    text = _SQUARED.sub(lambda found: "km2" if found[1] == "kilomet" else "m2", text)
    counted, *per = (_words(part) for part in _PER.split(f"{text} ", maxsplit=1))
    factor = 1.0
    if counted and counted[0] in _MULTIPLIERS:
        factor = _MULTIPLIERS[counted[0]]
        counted = counted[1:]
    return MeasureUnit(factor, counted, _divisor(per[0] if per else ()))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_named(word) for word in _WORD.findall(text))


def _named(word: str) -> str:
    if word == "punktprocentowy":
        return POINTS
    return next((name for pattern, name in _WORDS if pattern.fullmatch(word)), word)


def _known(words: tuple[str, ...]) -> bool:
    named = {name for _, name in _WORDS} | {POINTS}
    return bool(named & {*words})


def _divisor(words: tuple[str, ...]) -> tuple[str, ...]:
    """Join "10 tys." and "10 000" into one number; persons and inhabitants are the same here."""
    number = 1.0
    rest = list(words)
    digits = ""
    while rest and (rest[0].isdigit() or (rest[0] in _MULTIPLIERS)):
        word = rest.pop(0)
        if word.isdigit():
            digits += word
        else:
            number *= _MULTIPLIERS[word]
    number *= float(digits or 1)
    people = ("os" if word == "mieszk" else word for word in rest)
    return (*((f"{number:.0f}",) if number != 1 else ()), *people)
