"""Does every number of a sentence stand for a number of its evidence?

A sentence is read back: each number, written as digits or as a word, must be the print of the cited
number whose turn it is, a year that the sentence is about, or a part of a name ("na 1000
mieszkańców"). One digit changed is one number without evidence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Protocol, TypeVar

from smup_lib.present.formats import MINUS, NBSP, format_number

#: A year is printed without a space between its digits.
_YEAR = re.compile(r"(?:19|20)\d\d")
_THOUSANDS = rf"\d{{1,3}}(?:[{NBSP}\u202f]\d{{3}})+(?!\d)"
_NUMBER = re.compile(
    rf"(?<!\w)(?P<sign>[{MINUS}+-])?(?P<whole>{_THOUSANDS}|\d+)(?:,(?P<part>\d+))?"
    rf"(?P<unit>%|[{NBSP} ]p\.proc\.)?(?![^\W_])"
)
_LETTER = re.compile(r"[^\W\d_]")
_PLACE = re.compile(r"\{(\w+)\}")

_WORDS: Mapping[int, str] = {
    2: "dwa dwie dwóch dwu dwóm dwoma dwiema dwoje",
    3: "trzy trzech trzem trzema troje",
    4: "cztery czterech czterem czterema czworo",
    5: "pięć pięciu pięcioma pięcioro",
    6: "sześć sześciu sześcioma",
    7: "siedem siedmiu siedmioma",
    8: "osiem ośmiu ośmioma",
    9: "dziewięć dziewięciu dziewięcioma",
    10: "dziesięć dziesięciu dziesięcioma",
    11: "jedenaście jedenastu",
    12: "dwanaście dwunastu",
    13: "trzynaście trzynastu",
    14: "czternaście czternastu",
    15: "piętnaście piętnastu",
    16: "szesnaście szesnastu",
    17: "siedemnaście siedemnastu",
    18: "osiemnaście osiemnastu",
    19: "dziewiętnaście dziewiętnastu",
    20: "dwadzieścia dwudziestu",
    30: "trzydzieści trzydziestu",
    40: "czterdzieści czterdziestu",
    50: "pięćdziesiąt pięćdziesięciu",
    60: "sześćdziesiąt sześćdziesięciu",
    70: "siedemdziesiąt siedemdziesięciu",
    80: "osiemdziesiąt osiemdziesięciu",
    90: "dziewięćdziesiąt dziewięćdziesięciu",
    100: "sto stu",
}


class Cited(Protocol):
    """A number behind a sentence: exact, and how it is to be printed."""

    @property
    def value(self) -> float:
        """Exact value."""

    @property
    def decimals(self) -> int:
        """Digits after the comma."""

    @property
    def measure_unit(self) -> str:
        """What stands behind it."""


AnyCited = TypeVar("AnyCited")


@dataclass(frozen=True)
class ProseNumber:
    """A number found in a text.

    Attributes
    ----------
    text : str
        As it stands there.
    value : Decimal
        What it says, with the digits that are written.
    unit : str
        ``%``, ``p.proc.`` or empty.
    start : int
        Its place in the text.
    signed : bool
        Whether a sign stands before it.
    worded : bool
        Whether it is written as a word.
    """

    text: str
    value: Decimal
    unit: str = ""
    start: int = 0
    signed: bool = False
    worded: bool = False

    @property
    def is_year(self) -> bool:
        """Whether it may be a year: four digits without a space, sign, comma or unit."""
        return _YEAR.fullmatch(self.text) is not None


def read_prose_numbers(text: str) -> tuple[ProseNumber, ...]:
    """Return the numbers of a Polish text in reading order.

    A range ("2019–2022") gives its two ends, a date its three parts. "Jeden" is not read, because
    it is a pronoun as often as a number.

    Examples
    --------
    >>> read = read_prose_numbers("Spadek o −1,5 p.proc. w latach 2019–2022, w trzech z 12 gmin")
    >>> [(str(n.value), n.unit, n.is_year) for n in read]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('-1.5', 'p.proc.', False), ('2019', '', True), ('2022', '', True), ('3', '', False),
     ('12', '', False)]
    """
    found = [_read_digits(match) for match in _NUMBER.finditer(text)]
    found += [
        ProseNumber(match[0], Decimal(_numerals()[match[0].casefold()]), "", match.start(),
                    worded=True)
        for match in _numeral_pattern().finditer(text)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda number: number.start))


def parse_number(text: str) -> float:
    """Read back a number that ``format_number`` wrote without a measure unit.

    Raises
    ------
    ValueError
        When the text is not such a number.

    Examples
    --------
    >>> parse_number("−1\\xa0234,5")
    -1234.5
    """
    plain = text.replace(NBSP, "").replace(" ", "").replace(MINUS, "-").replace(",", ".")
    return float(plain.removesuffix("%"))


def order_cited(template: str, numbers: Mapping[str, AnyCited]) -> tuple[AnyCited, ...]:
    """Return the numbers of a template in the order in which their places stand in it.

    Examples
    --------
    >>> order_cited("w {count} z {n} grup", {"n": 12, "count": 3})
    (3, 12)
    """
    return tuple(numbers[name] for name in _PLACE.findall(template) if name in numbers)


def fill_prose(template: str, numbers: Mapping[str, Cited]) -> str:
    """Return a template with its numbers written; a brace that names none of them stays.

    Examples
    --------
    >>> from smup_lib.compare.reading import Figure
    >>> fill_prose("w {count} z {n} {grup}", {"count": Figure(3), "n": Figure(1234)})
    'w 3 z 1\\xa0234 {grup}'
    """

    def write(match: re.Match[str]) -> str:
        one = numbers.get(match[1])
        if one is None:
            return match[0]
        signed = getattr(one, "signed", False)
        return format_number(one.value, one.decimals, one.measure_unit or None, signed=signed)

    return _PLACE.sub(write, template)


def check_prose(
    text: str,
    cited: Sequence[Cited],
    *,
    names: Iterable[str] = (),
    years: Collection[int] = (),
) -> tuple[str, ...]:
    """Return what is wrong with the numbers of a text, in Polish; nothing when all are cited.

    Parameters
    ----------
    text : str
        The text as the reader sees it.
    cited : sequence of Cited
        The numbers it rests on, in the order in which it prints them (:func:`order_cited`).
    names : iterable of str
        Names, definitions and measure units; a number inside one belongs to it.
    years : collection of int
        Years that the text may name.

    Examples
    --------
    >>> from smup_lib.compare.reading import Figure
    >>> cited = (Figure(3), Figure(1234.5, 1, "%"))
    >>> check_prose("W 2022 r. w 3 gminach 1\\xa0234,5% osób.", cited, years={2022})
    ()
    >>> check_prose("W 2021 r. w 3 gminach 1\\xa0234,6% osób.", cited, years={2022})
    ... # doctest: +NORMALIZE_WHITESPACE
    ('„2021” nie wynika z danych zdania',
     '„1\\xa0234,6%” nie wynika z danych zdania; w tym miejscu miało stać „1\\xa0234,5%”')
    """
    wrong: list[str] = []
    waiting = list(cited)
    for number in read_prose_numbers(blot_names(text, names)):
        if waiting and _is_print_of(number, waiting[0]):
            del waiting[0]
        elif not (number.is_year and int(number.text) in years):
            # what stands where a cited number should is told beside it, not twice
            due = waiting.pop(0) if waiting and not number.is_year else None
            meant = f"; w tym miejscu miało stać „{_print(due)}”" if due else ""
            wrong.append(f"„{number.text}” nie wynika z danych zdania{meant}")
    return (*wrong, *(f"brak liczby „{_print(number)}”" for number in waiting))


def _read_digits(match: re.Match[str]) -> ProseNumber:
    whole = re.sub(r"\D", "", match["whole"])
    sign = "-" if match["sign"] and match["sign"] != "+" else ""
    value = Decimal(f"{sign}{whole}" + (f".{match['part']}" if match["part"] else ""))
    unit = (match["unit"] or "").strip(f"{NBSP} ")
    return ProseNumber(match[0], value, unit, match.start(), signed=bool(match["sign"]))


@cache
def _numerals() -> dict[str, int]:
    simple = {form: value for value, forms in _WORDS.items() for form in forms.split()}
    tens = [(form, value) for form, value in simple.items() if 20 <= value < 100]
    units = [(form, value) for form, value in simple.items() if value < 10]
    joined = {f"{ten} {unit}": a + b for ten, a in tens for unit, b in units}
    return simple | joined


@cache
def _numeral_pattern() -> re.Pattern[str]:
    longest_first = sorted(_numerals(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b", re.IGNORECASE)


def blot_names(text: str, names: Iterable[str]) -> str:
    """Return a text with the names blotted out, longest first, so that places in it stay.

    Examples
    --------
    >>> blot_names("5 na 1000 mieszkańców", ["na 1000 mieszkańców"])
    '5 ___________________'
    """
    pattern = _names_pattern(tuple(names))
    if pattern is None:
        return text
    found = list(pattern.finditer(one_space(text)))
    for match in found:
        text = f"{text[: match.start()]}{'_' * len(match[0])}{text[match.end() :]}"
    return text


@lru_cache(maxsize=512)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds the names that hold a number; a bare number is no name."""
    numbered = {one_space(n) for n in names if _LETTER.search(n) and read_prose_numbers(n)}
    if not numbered:
        return None
    listed = "|".join(re.escape(name) for name in sorted(numbered, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)


def one_space(text: str) -> str:
    """Return a text whose spaces and ends of lines are all the same."""
    return text.replace(NBSP, " ").replace("\n", " ")


def _is_print_of(number: ProseNumber, cited: Cited) -> bool:
    if number.worded:
        return cited.decimals == 0 and number.value == Decimal(round(cited.value))
    (printed,) = read_prose_numbers(_print(cited)) or (None,)
    return printed is not None and (printed.text, printed.unit) == (number.text, number.unit)


def _print(cited: Cited) -> str:
    unit = cited.measure_unit if cited.measure_unit in ("%", "p.proc.") else None
    return format_number(cited.value, cited.decimals, unit, signed=getattr(cited, "signed", False))
