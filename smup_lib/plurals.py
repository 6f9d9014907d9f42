"""Which form does a Polish noun take beside a number?"""

from __future__ import annotations

from typing import Literal

PluralForm = Literal["one", "few", "many", "other"]


def plural_form(count: float) -> PluralForm:
    """Return the plural form of a number, by the rules of CLDR for Polish.

    Examples
    --------
    >>> [plural_form(n) for n in (1, 2, 5, 12, 22, 1.5)]
    ['one', 'few', 'many', 'many', 'few', 'other']
    """
    if not float(count).is_integer():
        return "other"
    number = abs(int(count))
    if number == 1:
        return "one"
    return "few" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "many"


def plural(count: float, forms: tuple[str, str, str] | tuple[str, str, str, str]) -> str:
    """Choose the form of a noun for a number.

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
    place = ("one", "few", "many", "other").index(plural_form(count))
    return forms[min(place, len(forms) - 1)]


def spaced(number: int) -> str:
    """Return a whole number with no-break spaces between thousands.

    Examples
    --------
    >>> spaced(415288).replace(chr(160), "_")
    '415_288'
    """
    return f"{number:,}".replace(",", "\u00a0")


def counted(number: int, forms: tuple[str, str, str]) -> str:
    """Return a whole number with its noun.

    Examples
    --------
    >>> counted(4, ("wiersz", "wiersze", "wierszy"))
    '4 wiersze'
    """
    return f"{spaced(number)} {plural(number, forms)}"
