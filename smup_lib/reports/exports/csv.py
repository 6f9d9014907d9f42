"""How does a report become a CSV that Excel in Polish opens by a double click?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smup_lib.present.numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from smup_lib.present.numbers import PrintedNumber

COLUMNS = (
    *("jednostka", "wskaźnik", "rok", "miara", "grupa", "wartość", "w raporcie"),
    *("stan danych", "dzień danych", "dane"),
)
#: A cell that begins so would be run as a formula.
_STARTERS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(page: str, receipt: Mapping[str, Any]) -> bytes:
    """Return every number of a report, each once, with what it is and what it rests on.

    Byte-order mark, semicolons, decimal commas.

    Parameters
    ----------
    page : str
        The finished report.
    receipt : mapping
        Its receipt.

    Examples
    --------
    >>> write_csv("", {})[:3]
    b'\\xef\\xbb\\xbf'
    """
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    day = str(receipt.get("data_date", ""))[:10]
    kind = "przykładowe, jednostki fikcyjne" if receipt.get("fictional") else "rzeczywiste"
    for number in _once(page):
        key = number.key
        value = "" if number.value is None else repr(number.value).replace(".", ",")
        texts = (key.unit, key.indicator, key.year or "", key.statistic, key.group)
        shown = (value, plain_cell(number.text), receipt.get("snapshot", ""), day, kind)
        rows.writerow([*map(plain_cell, map(str, texts)), *shown])
    return out.getvalue().encode("utf-8-sig")


def _once(page: str) -> Iterator[PrintedNumber]:
    """Yield each number the first time it is printed."""
    seen = set()
    for number in read_numbers(page):
        if number.key not in seen:
            seen.add(number.key)
            yield number


def plain_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a negative number stays one."""
    is_number = text[1:].replace(",", "").replace("\u00a0", "").isdigit()
    return f"'{text}" if text.startswith(_STARTERS) and not is_number else text
