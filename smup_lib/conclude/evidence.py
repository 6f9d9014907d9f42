"""The name of a number: whose, of what, when, which statistic, in which group.

Every number that leaves the house carries such a key, so that it can be walked back to the door.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

_FIELDS = ("unit", "indicator", "year", "statistic", "group")
_SAFE = " :,@+./()[]"
#: Statistics that are the unit's own, whatever the group.
_OWN_VALUES = ("value", "value_recalculated", "value_from")


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    """Return a part of a key as it is written; a page has thousands of keys of the same parts."""
    return quote(text, safe=_SAFE)


@dataclass(frozen=True)
class NumberKey:
    """The name of one number.

    Attributes
    ----------
    unit : str
        Unit code; of a group statistic, the unit whose group it is.
    indicator : str
        Id in the catalogue.
    year : int or None
        None for a statistic over several years.
    statistic : str
        ``value``, ``median``, ``q25``, ``q75``, ``rank``, ``percentile``, ``gap``, ...;
        ``value_recalculated`` of a value carried over to the territory of another year, and
        ``value_from:<source>`` of one that another source holds for the same cell.
    group : str
        The rule with its parameters; empty for the unit's own value.

    Examples
    --------
    >>> str(NumberKey("9002", "accident_rate", 2018))
    'unit=9002;indicator=accident_rate;year=2018;statistic=value;group='
    """

    unit: str
    indicator: str
    year: int | None = None
    statistic: str = "value"
    group: str = ""

    def __str__(self) -> str:
        """Return the text that stands in ``data-key``."""
        year = "" if self.year is None else str(self.year)
        values = (self.unit, self.indicator, year, self.statistic, self.group)
        return ";".join(
            f"{name}={_quoted(value)}" for name, value in zip(_FIELDS, values, strict=True)
        )

    @classmethod
    def parse(cls, text: str) -> NumberKey:
        """Read a key back.

        Raises
        ------
        ValueError
            When the text is not a key.

        Examples
        --------
        >>> key = NumberKey("9002", "x", 2018, "median", "chosen:9001;9003")
        >>> NumberKey.parse(str(key)) == key
        True
        """
        pairs = [part.partition("=") for part in text.split(";")]
        found = {name: unquote(value) for name, _, value in pairs}
        if tuple(found) != _FIELDS:
            raise ValueError(f"not a number key: {text!r}")
        year = int(found["year"]) if found["year"] else None
        return cls(found["unit"], found["indicator"], year, found["statistic"], found["group"])

    def of(self, **changes: Any) -> NumberKey:
        """Return the key with some parts changed; a unit's own value has no group."""
        parts = {**vars(self), **changes}
        own = parts["statistic"].partition(":")[0] in _OWN_VALUES
        return NumberKey(**parts | ({"group": ""} if own else {}))


@dataclass(frozen=True)
class CitedNumber:
    """A number that a sentence rests on, exact, with how it is to be printed.

    Attributes
    ----------
    key : NumberKey
        Its name.
    value : float
        Exact value.
    decimals : int
        Digits after the comma in print.
    measure_unit : str
        Written behind it; empty for counts.
    signed : bool
        Whether a plus is written before a positive number.
    """

    key: NumberKey
    value: float
    decimals: int = 0
    measure_unit: str = ""
    signed: bool = False
