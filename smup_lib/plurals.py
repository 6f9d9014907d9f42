"""Which form does a Polish noun take beside a number?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel import Locale

PluralForm = Literal["one", "few", "many", "other"]

#: Nouns that many rooms count.
PERSON_NOUN = ("osoba", "osoby", "osób")
REPORT_NOUN = ("raport", "raporty", "raportów")
ROW_NOUN = ("wiersz", "wiersze", "wierszy")
VALUE_NOUN = ("wartość", "wartości", "wartości")


def plural_form(count: float) -> PluralForm:
    """Return the plural form of a number, by the rules of CLDR for Polish.

    Examples
    --------
    >>> [plural_form(n) for n in (1, 2, 5, 12, 22, 1.5)]
    ['one', 'few', 'many', 'many', 'few', 'other']
    """
    form: PluralForm = polish().plural_form(count)  # type: ignore[assignment]
    return form


@cache
def polish() -> Locale:
    """Return the Polish locale; read from Babel once."""
    from babel import Locale

    return Locale.parse("pl")


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


def agree(count: int, one: str, many: str) -> str:
    """Choose the form of a noun in any case but the nominative: only 1 takes the singular.

    Parameters
    ----------
    count : int
        How many.
    one, many : str
        The noun with its adjectives, singular and plural, in the case that the sentence asks for:
        "z 1 innej grupy, z 2 innych grup", "w 1 powiecie, w 22 powiatach".

    Examples
    --------
    >>> [agree(n, "roku", "lat") for n in (1, 2, 21)]
    ['roku', 'lat', 'lat']
    """
    return one if count == 1 else many
