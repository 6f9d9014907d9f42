"""How do the values of a selection travel to the table of the page?

Once, as JSON: names, then for each indicator and year the exact numbers of all units (base64 of
doubles) and a letter for the flag of each. static/table.js draws only the rows in view.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from smup_lib.present.words import flag_sign, flag_words, qualifier_words

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: Beside a number that needs a word of care; the legend says which.
CARE = "*"
_FIRST_LETTER = ord("a")
#: Beside the number nothing need be said.
_PLAIN = ("", "")


def write_table_data(
    frame: pd.DataFrame,
    indicators: Sequence[Indicator],
    units: Mapping[str, str],
    years: Sequence[int],
    caption: str,
    *,
    own: Sequence[str] = (),
    state: Mapping[str, Any] | None = None,
) -> str:
    """Return the JSON of a table.

    Parameters
    ----------
    frame : DataFrame
        ``unit_code, indicator, year, value, flag, qualifiers``; a cell without a row has no data.
    indicators : sequence of Indicator
        In the order of the columns.
    units : mapping of str to str
        Names by code, in the order of the rows.
    years : sequence of int
        In order.
    caption : str
        What the table holds.
    own : sequence of str, optional
        Codes of the rows that are the reader's.
    state : mapping, optional
        Sorting, filters and pins as static/table.js keeps them.

    Returns
    -------
    str
        Without ``<`` so that it may stand in a script element.
    """
    places = {code: place for place, code in enumerate(units)}
    parts = dict(iter(frame.groupby(["indicator", "year"], observed=True)))
    legend: dict[tuple[str, str], int] = {_PLAIN: 0}
    values: list[list[str]] = []
    flags: list[list[str | int]] = []
    for indicator in indicators:
        columns = [_column(parts.get((indicator.id, year)), places, legend) for year in years]
        values.append([numbers for numbers, _ in columns])
        flags.append([letters for _, letters in columns])
    content = {
        "caption": caption,
        "codes": list(units),
        "names": list(units.values()),
        "years": list(years),
        "indicators": [_about(one) for one in indicators],
        "values": values,
        "flags": flags,
        "legend": [list(words) for words in legend],
        "own": list(own),
        "state": dict(state or {}),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _about(one: Indicator) -> dict[str, str | int]:
    return {
        "id": one.id,
        "name": one.short_name,
        "measure": one.measure_unit,
        "decimals": one.decimals,
    }


def read_numbers(column: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the numbers of a column as they were written.

    Examples
    --------
    >>> read_numbers(base64.b64encode(np.array([0.1, 2.0], dtype="<f8").tobytes()).decode())
    array([0.1, 2. ])
    """
    return np.frombuffer(base64.b64decode(column), dtype="<f8")


def _column(
    part: pd.DataFrame | None, places: Mapping[str, int], legend: dict[tuple[str, str], int]
) -> tuple[str, str | int]:
    """Return numbers and letters of an indicator in a year; no numbers where nobody has any."""
    nothing = _place_in(legend, (flag_sign("no_data"), flag_words("no_data")))
    if part is None:
        return "", nothing
    at = [places.get(str(code), -1) for code in part["unit_code"]]
    numbers = np.full(len(places), np.nan, dtype="<f8")
    letters = [nothing] * len(places)
    told: dict[tuple[str, str, bool], int] = {}
    known = part["value"].to_numpy(dtype="float64", na_value=np.nan)
    rows = zip(at, known, part["flag"], part["qualifiers"], strict=True)
    for place, value, flag, qualifiers in rows:
        if place < 0:
            continue
        numbers[place] = value
        sort = (str(flag), str(qualifiers or ""), value == value)
        if sort not in told:
            told[sort] = _place_in(legend, _words(*sort))
        letters[place] = told[sort]
    written = "".join(chr(_FIRST_LETTER + letter) for letter in letters)
    if np.isnan(numbers).all():
        return "", written
    only = set(letters)
    return base64.b64encode(numbers.tobytes()).decode(), only.pop() if len(only) == 1 else written


def _words(flag: str, qualifiers: str, number: bool) -> tuple[str, str]:
    """Return sign and words of a cell."""
    if not number:
        return flag_sign(flag), flag_words(flag)
    said = ", ".join(filter(None, (flag_words(flag), qualifier_words(qualifiers))))
    return (CARE, said) if said else _PLAIN


def _place_in(legend: dict[tuple[str, str], int], words: tuple[str, str]) -> int:
    return legend.setdefault(words, len(legend))
