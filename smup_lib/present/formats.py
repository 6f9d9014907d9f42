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
from typing import TYPE_CHECKING

from smup_lib.plurals import plural, polish

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

NBSP = "\u00a0"
MINUS = "\u2212"
NULL_SIGN = "–"

#: Room for every digit that a float may have.
_ANY_SIZE = Context(prec=400)


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


def count_of(count: int, forms: tuple[str, str, str] | tuple[str, str, str, str]) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count_of(24, ("powiat", "powiaty", "powiatów"))
    '24\\xa0powiaty'
    """
    return f"{format_number(count)}{NBSP}{plural(count, forms)}"
