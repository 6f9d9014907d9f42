"""Which unit does a row of ``teryt-dictionary`` name, and can the dictionary be believed?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_GMINA_KINDS = ("1", "2", "3")
#: Towns and rural areas within a gmina, districts of Warsaw, delegations: counted in their gmina.
_PART_KINDS = ("4", "5", "8", "9")
_PARTS = ("woj", "pow", "gmn")
_NUMBER = re.compile("[0-9]{1,2}")
_SHOWN_TEXT = 120


def unit_kind(row: Mapping[str, Any]) -> str:
    """Return RODZ of a row; empty for a powiat or voivodeship."""
    return str(row.get("rodz") or "").strip()


def unit_code(row: Mapping[str, Any]) -> str | None:
    """Return the TERYT code of a row of ``teryt-dictionary``.

    It is empty for a part of a gmina, and None for a kind that nobody described: counting such a
    row may count something twice, leaving it out may lose a gmina.

    Examples
    --------
    >>> unit_code({"woj": "10", "pow": "01", "gmn": "01", "rodz": "1"})
    '100101'
    >>> unit_code({"woj": "10", "pow": "01"}), unit_code({"woj": "12"})
    ('1001', '12')
    >>> unit_code({"woj": "10", "pow": "01", "gmn": "02", "rodz": "4"})
    ''
    >>> unit_code({"woj": "10", "pow": "01", "gmn": "02", "rodz": "7"}) is None
    True
    """
    parts, kind = _parts(row), unit_kind(row)
    if not parts[-1] or kind in _GMINA_KINDS:
        return "".join(part.zfill(2) for part in parts if part)
    return "" if kind in _PART_KINDS else None


def unit_fault(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return in Polish why a dictionary of units cannot be believed; empty when it can.

    Examples
    --------
    >>> unit_fault([{"id-teryt": 1, "woj": "10"}, {"id-teryt": 1, "woj": "12"}])
    'id-teryt 1 ma w nim dwa różne kody'
    """
    codes: dict[int, str | None] = {}
    for row in rows:
        if not _is_sound(row):
            shown = json.dumps(row, ensure_ascii=False)[:_SHOWN_TEXT]
            return f"z pól woj, pow, gmn i rodz nie ma kodu TERYT w wierszu {shown}"
        number, code = row["id-teryt"], unit_code(row)
        if codes.setdefault(number, code) != code:
            return f"id-teryt {number} ma w nim dwa różne kody"
    return ""


def _parts(row: Mapping[str, Any]) -> list[str]:
    return [str(row.get(name) or "").strip() for name in _PARTS]


def _is_sound(row: Mapping[str, Any]) -> bool:
    """Return whether no part of a code is missing before another, and each is a short number."""
    woj, powiat, gmina = _parts(row)
    numbers = all(_NUMBER.fullmatch(part) for part in (woj, powiat, gmina) if part)
    higher = bool(powiat) if gmina else unit_kind(row) not in (*_GMINA_KINDS, *_PART_KINDS)
    return bool(woj) and numbers and higher
