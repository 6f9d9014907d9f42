"""How does a number, a date or a count of things look in Polish?

Numbers follow GUS tables: a no-break space between thousands (also in four digits), a decimal
comma, the true minus sign, ``%`` without a space. Halves are rounded away from zero, as in GUS
tables. Reference: domain notes, section 10; CLDR data through Babel.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

NBSP = "\u00a0"
MINUS = "\u2212"
NULL_SIGN = "–"

#: Room for every digit that a float may have.
_ANY_SIZE = Context(prec=400)

_MONEY_STEPS = ((1e9, "mld zł"), (1e6, "mln zł"), (1e3, "tys. zł"), (1.0, "zł"))


@cache
def polish() -> Locale:
    """Return the Polish locale; read from Babel once."""
    from babel import Locale

    return Locale.parse("pl")


@cache
def _pattern(decimals: int) -> NumberPattern:
    from babel.numbers import parse_pattern

    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


def round_half_up(value: float, decimals: int) -> Decimal:
    """Round as a person would, on the decimal digits of the number.

    Examples
    --------
    >>> round_half_up(2.675, 2), round_half_up(-0.04, 1)
    (Decimal('2.68'), Decimal('0.0'))
    """
    exact = Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _ANY_SIZE)
    return rounded if rounded else abs(rounded)


def format_number(
    value: float | None,
    decimals: int = 0,
    measure_unit: str | None = None,
    *,
    signed: bool = False,
) -> str:
    """Write a number in Polish; a null is a dash, whose reason stands beside it.

    Parameters
    ----------
    value : float or None
        None and NaN are nulls.
    decimals : int, default 0
        Digits after the comma, always all of them.
    measure_unit : str, optional
        Written behind, after a no-break space; ``%`` without one.
    signed : bool, default False
        Write a plus before a positive number (for changes and gaps).

    Examples
    --------
    >>> format_number(1234.5, 1), format_number(-3.2, 1), format_number(None)
    ('1\\xa0234,5', '−3,2', '–')
    >>> format_number(12.5, 1, "%"), format_number(2, 0, "p.proc.", signed=True)
    ('12,5%', '+2\\xa0p.proc.')
    """
    if value is None or math.isnan(value):
        return NULL_SIGN
    if math.isinf(value):
        text = (MINUS if value < 0 else "") + "∞"
    else:
        text = _digits(float(value), decimals)
        if signed and float(value) > 0 and text.strip("0,"):
            text = "+" + text
    return join_unit(text, measure_unit)


@lru_cache(maxsize=16384)
def _digits(value: float, decimals: int) -> str:
    with localcontext(_ANY_SIZE):
        text: str = _pattern(decimals).apply(round_half_up(value, decimals), polish())
    return text.replace("-", MINUS)


def join_unit(text: str, measure_unit: str | None) -> str:
    """Put a measure unit behind digits; the first space does not break.

    Examples
    --------
    >>> join_unit("41,2", "na 100 tys. mieszk.")
    '41,2\\xa0na\\xa0100\\xa0tys. mieszk.'
    """
    if not measure_unit or measure_unit == "-":
        return text
    if measure_unit == "%":
        return text + "%"
    # a line must not end in "41,2 na" or "na 100"
    kept = re.sub(r"\b(na|za|w) (?=\d)", rf"\1{NBSP}", measure_unit)
    kept = re.sub(r"(?<=\d) (?=(tys|mln|mld|\d))", NBSP, kept)
    kept = re.sub(r"^(tys\.|mln|mld) ", rf"\1{NBSP}", kept)
    return text + NBSP + kept


def format_money(value: float | None, *, digits: int = 3, exact: bool = False) -> str:
    """Write an amount of PLN in zł, tys. zł, mln zł or mld zł, whichever reads best.

    Parameters
    ----------
    value : float or None
        PLN.
    digits : int, default 3
        About how many digits to show of an amount of a thousand or more.
    exact : bool, default False
        Write złote and grosze.

    Examples
    --------
    >>> format_money(1234.5, exact=True), format_money(12_345_678), format_money(950)
    ('1\\xa0234,50\\xa0zł', '12,3\\xa0mln\\xa0zł', '950\\xa0zł')
    """
    if value is None or math.isnan(value):
        return NULL_SIGN
    if exact:
        return format_number(value, 2, "zł")
    scale, name = next(
        ((size, unit) for size, unit in _MONEY_STEPS if abs(value) >= size), _MONEY_STEPS[-1]
    )
    if scale == 1:
        return format_number(value, 0, "zł")
    whole = len(str(int(abs(value) / scale)))
    return format_number(value / scale, max(0, digits - whole), name)


def format_date(day: dt.date | str) -> str:
    """Write a date as officials do.

    Examples
    --------
    >>> format_date("2024-12-31")
    '31.12.2024\\xa0r.'
    """
    from babel.dates import format_date as babel_date

    when = dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return babel_date(when, "dd.MM.y", locale=polish()) + NBSP + "r."


def plural(count: float, forms: tuple[str, str, str] | tuple[str, str, str, str]) -> str:
    """Choose the form of a noun for a number, by the plural rules of Polish.

    Parameters
    ----------
    count : float
        How many.
    forms : tuple of str
        For one, a few and many (1 powiat, 2 powiaty, 5 powiatów); the fourth is for fractions
        (1,5 powiatu) and is the third when left out.

    Examples
    --------
    >>> [plural(n, ("powiat", "powiaty", "powiatów")) for n in (1, 2, 5, 12, 22)]
    ['powiat', 'powiaty', 'powiatów', 'powiatów', 'powiaty']
    """
    number: float = int(count) if float(count).is_integer() else count
    form: Literal["one", "few", "many", "other"] = polish().plural_form(number)  # type: ignore[assignment]
    place = ("one", "few", "many", "other").index(form)
    return forms[min(place, len(forms) - 1)]


def count_of(count: int, forms: tuple[str, str, str] | tuple[str, str, str, str]) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count_of(24, ("powiat", "powiaty", "powiatów"))
    '24\\xa0powiaty'
    """
    return f"{format_number(count)}{NBSP}{plural(count, forms)}"


_ALPHABET = "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż"


@lru_cache(maxsize=16384)
def sort_key(name: str) -> tuple[tuple[float, ...], str]:
    """Return a key that sorts names by the Polish alphabet: ą after a, ł after l, ż after ź.

    Examples
    --------
    >>> sorted(["Łódź", "Lublin", "żniński", "Zgierz", "Ćmielów", "Cieszyn"], key=sort_key)
    ['Cieszyn', 'Ćmielów', 'Lublin', 'Łódź', 'Zgierz', 'żniński']
    """
    return tuple(_letter_place(letter) for letter in name.lower()), name.swapcase()


@cache
def _letter_place(letter: str) -> float:
    if letter in _ALPHABET:
        return 100 + _ALPHABET.index(letter)
    if letter == "q":
        return 100 + _ALPHABET.index("p") + 0.5
    if letter.isalpha():
        import unicodedata

        base = unicodedata.normalize("NFD", letter)[0]
        return 100 + _ALPHABET.index(base) + 0.1 if base in _ALPHABET else 1000 + ord(letter)
    if letter.isdigit():
        return 50 + int(letter) if letter.isdecimal() else 60
    return 1 + ord(letter) / 1e6


def parse_number(text: str) -> float:
    """Read back a number that :func:`format_number` wrote without a measure unit.

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
