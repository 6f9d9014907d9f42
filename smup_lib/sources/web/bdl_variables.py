"""Which variable of BDL is meant, and is it the one that the catalogue describes?

Numbers of variables travel through third parties, so a number is believed only when BDL's own
labels, measure unit and lowest level are those of the catalogue. Where the catalogue does not know
the labels, they are shown and the user says yes once (``--accept-label``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from smup_lib.catalogue import BdlColumn, Catalogue, Variable
from smup_lib.sources.bdl_table import Series
from smup_lib.sources.naming import same_column, scale_of
from smup_lib.sources.web.bdl_questions import LEVEL_WORDS, LEVELS

_LABELS = ("n1", "n2", "n3", "n4", "n5")
_SHOWN = 5


@dataclass(frozen=True)
class PublishedVariable:
    """A variable as BDL describes it.

    Attributes
    ----------
    number : int
    subject : str
        Its subject (podgrupa), ``P2137``.
    series : Series
        Its labels and measure unit, as the header of a downloaded file has them.
    unit_number : int
        ``measureUnitId``.
    level : int
        The lowest level with values.
    years : tuple of int
        Years with values; empty in a list of variables.
    """

    number: int
    subject: str
    series: Series
    unit_number: int
    level: int
    years: tuple[int, ...] = ()

    @property
    def levels(self) -> list[str]:
        """Return the levels of the workbench that have values, the highest first."""
        return [name for name, number in LEVELS.items() if number <= self.level]

    @property
    def lowest(self) -> str:
        """Return what its lowest level is called."""
        return LEVEL_WORDS[self.levels[-1]]


@dataclass(frozen=True)
class Wanted:
    """A variable that is asked for.

    Attributes
    ----------
    number : int or None
        Its number in BDL; None when the list of its subject will tell.
    variable : Variable or None
        The one of the catalogue; None when only the number was told.
    column : BdlColumn or None
        How the catalogue describes it in BDL.
    named : bool
        Whether the user named it, and not merely the catalogue.
    """

    number: int | None
    variable: Variable | None = None
    column: BdlColumn | None = None
    named: bool = False

    @property
    def label(self) -> str:
        """Return what it is called in messages."""
        number = f" (BDL {self.number})" if self.number is not None else ""
        return f"{self.variable.id}{number}" if self.variable else f"zmienna BDL {self.number}"


def read_variable(row: Any) -> PublishedVariable | None:
    """Read an object of ``/variables``; None when it lacks what identifies a variable.

    Examples
    --------
    >>> row = {"id": 10, "subjectId": "P1313", "n1": "ogółem", "n2": "25-29", "level": 6,
    ...        "measureUnitId": 26, "measureUnitName": "osoba", "years": [2023, 2024]}
    >>> str(read_variable(row).series), read_variable(row).lowest
    ('ogółem; 25-29 [osoba]', 'gminy')
    """
    if not isinstance(row, dict):
        return None
    number, unit_number, level = (row.get(name) for name in ("id", "measureUnitId", "level"))
    named = [row.get(name) for name in _LABELS if row.get(name)]
    labels = tuple(label.strip() for label in named if isinstance(label, str))
    subject, told, years = row.get("subjectId"), row.get("measureUnitName"), row.get("years") or []
    if not (type(number) is int and type(unit_number) is int and type(level) is int and level >= 0):
        return None
    if not isinstance(subject, str) or not isinstance(told, str):
        return None
    if not labels or len(labels) < len(named):
        return None
    if not (isinstance(years, list) and all(type(year) is int for year in years)):
        return None
    unit = "" if told.strip() == "-" else told.strip()
    series = Series(labels, unit)
    known = tuple(sorted(set(years)))
    return PublishedVariable(number, subject.strip(), series, unit_number, level, known)


def find_in_subject(
    listed: Sequence[PublishedVariable], column: BdlColumn
) -> tuple[int | None, str]:
    """Return the number of the only variable of a subject with the labels of a column, or why not.

    Parameters
    ----------
    listed : sequence of PublishedVariable
        All variables of the subject.
    column : BdlColumn
    """
    found = [one.number for one in listed if same_column(column, one.series)]
    if len(found) == 1:
        return found[0], ""
    sought = f"„{Series(column.labels, column.measure_unit)}”"
    if found:
        return None, f"podgrupa {column.subject} ma kilka zmiennych {sought}: {_numbers(found)}"
    shown = "; ".join(f"{one.number}: {one.series}" for one in listed[:_SHOWN])
    more = f" i {len(listed) - _SHOWN} innych" if len(listed) > _SHOWN else ""
    return None, f"podgrupa {column.subject} nie ma zmiennej {sought}; ma: {shown or 'nic'}{more}"


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def known_as(one: PublishedVariable, catalogue: Catalogue) -> tuple[Variable, BdlColumn] | None:
    """Return the variable of the catalogue with this number, or with this subject and labels."""
    columns = [(v, column) for v in catalogue.variables.values() for column in v.bdl]
    for variable, column in columns:
        if column.variable_id == one.number:
            return variable, column
    for variable, column in columns:
        if column.subject == one.subject and same_column(column, one.series):
            return variable, column
    return None


@dataclass(frozen=True)
class Doubt:
    """Why a variable may not be the one that is meant; ``final`` when no word can settle it."""

    text: str
    final: bool = False


def doubts_of(
    one: PublishedVariable, variable: Variable, column: BdlColumn | None
) -> Iterator[Doubt]:
    """Yield where the description of BDL differs from that of the catalogue.

    A level that is missing, another label or measure unit may be settled by the user; a measure
    unit of another size (thousands) may not: the values would be wrong.
    """
    units = [column.measure_unit] if column and column.measure_unit else [variable.measure_unit]
    if all(scale_of(unit) != scale_of(one.series.measure_unit) for unit in units):
        unit = one.series.measure_unit
        yield Doubt(f"jednostka miary to „{unit}”, a w katalogu „{units[0]}”", final=True)
        return
    if column is None or not column.labels:
        yield Doubt("katalog nie wie, jak BDL nazywa tę zmienną")
    elif not same_column(column, one.series):
        expected = Series(column.labels, column.measure_unit)
        yield Doubt(f"katalog oczekuje „{expected}”")
    if column is not None and column.subject not in (None, one.subject):
        yield Doubt(f"katalog oczekuje podgrupy {column.subject}, a jest {one.subject}")
    needed = [level for level in variable.levels if LEVELS[level] > one.level]
    if needed:
        names = ", ".join(LEVEL_WORDS[level] for level in needed)
        yield Doubt(f"katalog oczekuje szczebla: {names}, a najniższy w BDL to {one.lowest}")
