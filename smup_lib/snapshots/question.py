"""Which observations are asked for? One question for DuckDB and for those held in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from smup_lib.errors import SnapshotError
from smup_lib.teryt import CODE_LENGTH

#: Powiat numbers from 61 on are those of cities.
_CITY = "substr(unit_code, 3, 2) > '60'"


@dataclass(frozen=True)
class Question:
    """What is asked of a snapshot; see :meth:`smup_lib.snapshots.Snapshot.observations`.

    Attributes
    ----------
    variables, unit_codes : tuple of str or None
        Wanted values, each once; None for all, empty for none.
    years : tuple of int or None
        The same of years.
    level : str or None
        ``gmina``, ``powiat``, ``voivodeship`` or ``country``.
    either : bool
        All years of the units and all units of the years.
    cities : bool
        Beside a level, cities with powiat rights under their other code too.
    """

    variables: tuple[str, ...] | None = None
    unit_codes: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    level: str | None = None
    either: bool = False
    cities: bool = False

    def __post_init__(self) -> None:
        """Refuse a level that there is not."""
        if self.level not in (None, "country", *CODE_LENGTH):
            raise SnapshotError(
                f"Nie ma szczebla „{self.level}”.",
                expected=", ".join((*CODE_LENGTH, "country")),
                next_step="popraw nazwę szczebla",
            )

    def to_sql(self) -> tuple[str, list[Any]]:
        """Return the condition for DuckDB, empty for all rows, and its parameters.

        Examples
        --------
        >>> Question(variables=("pupils",), years=(2020, 2021)).to_sql()
        ('WHERE variable IN (?) AND year IN (?, ?)', ['pupils', 2020, 2021])
        """
        conditions: list[str] = []
        parameters: list[Any] = []
        asked = {"variable": self.variables, "unit_code": self.unit_codes, "year": self.years}
        for column, wanted in asked.items():
            if wanted is not None:
                conditions.append(f"{column} IN ({', '.join('?' * len(wanted)) or 'NULL'})")
                parameters.extend(wanted)
        if self.either and self.unit_codes is not None and self.years is not None:
            conditions = [*conditions[:-2], f"({conditions[-2]} OR {conditions[-1]})"]
        if self.level is not None:
            conditions.append(self._at_level())
        return (f"WHERE {' AND '.join(conditions)}" if conditions else ""), parameters

    def _at_level(self) -> str:
        if self.level == "country":
            here = "unit_code = '00'"
        else:
            here = f"length(unit_code) = {CODE_LENGTH[str(self.level)]} AND unit_code <> '00'"
        return f"(({here}) OR {_CITY})" if self.cities else here


def each_once(wanted: Iterable[Any] | None) -> tuple[Any, ...] | None:
    """Return wanted values in order, each once; None stays None.

    Examples
    --------
    >>> each_once(iter(["b", "a", "b"]))
    ('a', 'b')
    """
    return None if wanted is None else tuple(sorted(set(wanted)))
