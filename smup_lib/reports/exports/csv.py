"""How does a report become a CSV that Excel in Polish opens by a double click?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smup_lib.catalogue import load_catalogue
from smup_lib.present.numbers import read_numbers
from smup_lib.present.statistic_words import statistic_words
from smup_lib.reports.exports.credited import list_credits, list_sources, sources_beside

if TYPE_CHECKING:
    from smup_lib.present.numbers import PrintedNumber
    from smup_lib.reports.exports.content import Content

COLUMNS = (
    *("jednostka", "wskaźnik", "nazwa wskaźnika", "rok", "miara", "nazwa miary", "grupa"),
    *("wartość", "w raporcie"),
    *("stan danych", "dzień danych", "dane", "źródła", "daty źródeł", "noty o źródłach"),
)
#: A cell that begins so would be run as a formula.
_STARTERS = ("=", "+", "-", "@", "\t", "\r")
#: What begins with a sign and is a number all the same.
_NUMBER = re.compile(r"[+-][0-9\u00a0]+(,[0-9]+)?")


def write_csv(page: str, content: Content) -> bytes:
    """Return every number of a report, each once, with what it is and what it rests on.

    Byte-order mark, semicolons, decimal commas. Every row names its sources, their dates and how
    the publishers of the report ask to be named: a row that is pasted elsewhere keeps its credit.

    Parameters
    ----------
    page : str
        The finished report.
    content : Content
        What it says, with its receipt.

    Examples
    --------
    >>> from smup_lib.reports.exports.content import Content
    >>> write_csv("", Content("", ()))[:3]
    b'\\xef\\xbb\\xbf'
    """
    receipt, sources, beside = content.receipt, list_sources(content), sources_beside(content)
    named = " | ".join(list_credits(content))
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    day = str(receipt.get("data_date", ""))[:10]
    kind = "przykładowe, jednostki fikcyjne" if receipt.get("fictional") else "rzeczywiste"
    for number in _once(page):
        key = number.key
        value = "" if number.value is None else _digits(number.value)
        about = (key.indicator, _name_of(key.indicator), key.year or "")
        measure = (key.statistic, statistic_words(key.statistic))
        texts = (key.unit, *about, *measure, key.group)
        shown = (
            value,
            plain_cell(number.text),
            receipt.get("snapshot", ""),
            day,
            kind,
        )
        rests = [sources[mark] for mark in beside.get(key, ()) if mark in sources]
        told = (" | ".join(one.name for one in rests), " | ".join(one.days for one in rests), named)
        rows.writerow([*map(plain_cell, map(str, texts)), *shown, *map(plain_cell, told)])
    return out.getvalue().encode("utf-8-sig")


def _name_of(subject: str) -> str:
    """Return the Polish name of an indicator, or of the area whose indicators are counted."""
    known = load_catalogue()
    named = known.indicators.get(subject) or known.areas.get(subject)
    return named.name if named else ""


def _digits(value: float) -> str:
    return repr(value).removesuffix(".0").replace(".", ",")


def _once(page: str) -> Iterator[PrintedNumber]:
    """Yield each number the first time it is printed."""
    seen = set()
    for number in read_numbers(page):
        if number.key not in seen:
            seen.add(number.key)
            yield number


def plain_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a number with a sign stays one.

    Examples
    --------
    >>> [plain_cell(text) for text in ("=12", "@12", "-1,5", "+3", "--1")]
    ["'=12", "'@12", '-1,5', '+3', "'--1"]
    """
    return f"'{text}" if text.startswith(_STARTERS) and not _NUMBER.fullmatch(text) else text
