"""What did the participant mean by what they typed: a number, „brak”, or neither?"""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from dataclasses import dataclass

#: Said instead of a number where a cell has none; the signs are those of GUS and of our tables.
MISSING_WORDS = frozenset(
    (
        *("-", ".", "x", "n", "#", "?", "bd", "b.d", "b. d", "n/d", "nd"),
        *("brak", "brak danych", "brak wartości", "brak informacji", "brak liczby"),
        *("nie ma", "nie ma danych", "nie wiadomo"),
    )
)
#: Words that are as good as digits.
_ZERO_WORDS = frozenset(("zero",))
#: What may not follow the digits: they would be a part of another number.
_OTHER_NUMBER = re.compile(r"^(?:[e^]\s*[+-]?\d|⁄\s*\d)", re.IGNORECASE)
_NUMBER = re.compile(
    r"^(?:=|≈|~|ok\.?|około|to)?\s*(?P<sign>[+-]?)\s*(?P<digits>[.,]?\d[\d .,]*)(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SPACED = re.compile(r"\d{1,3}( \d{3})+|\d+")


@dataclass(frozen=True)
class TypedAnswer:
    """An answer as it was typed.

    Attributes
    ----------
    readings : tuple of float
        What the digits may say, the likelier first: ``1.234`` is a fraction or, with a point
        between thousands, a whole number. Empty when the answer is that there is no number.
    unit_text : str
        What stood behind the digits.
    """

    readings: tuple[float, ...]
    unit_text: str = ""

    @property
    def missing(self) -> bool:
        """Whether the answer says that there is no number."""
        return not self.readings


def read_answer(answer: object) -> TypedAnswer:
    """Read what a participant typed or a solution computed.

    Parameters
    ----------
    answer : object
        A text (decimal comma or point, blanks of any kind between thousands, any minus sign, a
        measure unit behind), a number, or None. NaN and None mean that there is no number.

    Returns
    -------
    TypedAnswer

    Raises
    ------
    ValueError
        When it is neither a number nor a word for "no number".

    Examples
    --------
    >>> read_answer("1\\xa0234,5 zł")
    TypedAnswer(readings=(1234.5,), unit_text='zł')
    >>> read_answer("brak danych").missing, read_answer("0").missing
    (True, False)
    """
    if answer is None:
        return TypedAnswer(())
    if isinstance(answer, bool):
        raise ValueError("prawda i fałsz nie są liczbami")
    if isinstance(answer, numbers.Real):
        value = float(answer)
        if math.isinf(value):
            raise ValueError("nieskończoność nie jest odpowiedzią")
        return TypedAnswer(() if math.isnan(value) else (value,))
    return _read_text(_plain_signs(str(answer)))


def _plain_signs(text: str) -> str:
    """Return the text with ordinary blanks and an ordinary minus."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\u2010-\u2015\u2212\uFE63]", "-", text)
    return re.sub(r"\s+", " ", text).strip().strip("„”\"'").strip()


def _read_text(text: str) -> TypedAnswer:
    said = text.casefold()
    if said in MISSING_WORDS or said.rstrip(".") in MISSING_WORDS:
        return TypedAnswer(())
    if said in _ZERO_WORDS:
        return TypedAnswer((0.0,))
    found = _NUMBER.match(text)
    if found is None:
        raise ValueError(f"to nie jest liczba: {text!r}")
    digits, ending = _split_ending(found["digits"])
    behind = (ending + found["rest"]).strip()
    if _OTHER_NUMBER.match(behind):
        raise ValueError(f"to nie jest jedna liczba: {text!r}")
    sign = -1.0 if found["sign"] == "-" else 1.0
    unit = behind.strip(" ,()[]")
    return TypedAnswer(
        tuple(sign * number for number in _readings(digits)), "" if unit == "." else unit
    )


def _split_ending(digits: str) -> tuple[str, str]:
    """Cut off the blanks and the full stop that end the number, not belong to it."""
    kept = digits.rstrip(" .,")
    return kept, digits[len(kept) :]


def _readings(digits: str) -> tuple[float, ...]:
    marks = [mark for mark in ",." if mark in digits]
    if not marks:
        return (float(_joined(digits)),)
    if len(marks) == 2:
        decimal = max(marks, key=digits.rindex)
        grouping = ",." if decimal == "." else ".,"
        whole, _, fraction = digits.rpartition(decimal)
        return (float(f"{_joined(whole, grouping[0])}.{_fraction(fraction)}"),)
    (mark,) = marks
    if digits.count(mark) > 1:
        return (float(_joined(digits, mark)),)
    whole, _, fraction = digits.partition(mark)
    number = float(f"{_joined(whole) if whole else '0'}.{_fraction(fraction)}")
    # a point, never a comma, stands between thousands in Polish letters
    if mark == "." and re.fullmatch(r"[1-9]\d{0,2}", whole) and len(fraction) == 3:
        return (number, float(whole + fraction))
    return (number,)


def _joined(whole: str, mark: str = " ") -> str:
    """Return the digits of a whole number whose thousands a mark keeps apart."""
    spaced = whole.replace(mark, " ")
    if not _SPACED.fullmatch(spaced):
        raise ValueError(f"grup cyfr nie da się odczytać: {whole!r}")
    return spaced.replace(" ", "")


def _fraction(fraction: str) -> str:
    if not fraction.isdigit():
        raise ValueError(f"części po przecinku nie da się odczytać: {fraction!r}")
    return fraction
