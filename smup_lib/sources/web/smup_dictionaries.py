"""What do the dictionaries of SMUP say: areas, services, indicators, units, dates, flags?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from smup_lib.errors import SnapshotMismatchError
from smup_lib.polish_text import plain_text
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.asking import Desk
from smup_lib.sources.web.smup_questions import (
    PAGE_SIZE,
    ask_areas,
    ask_dates,
    ask_flags,
    ask_indicators,
    ask_services,
    ask_units,
    ask_version,
    read_envelope,
)
from smup_lib.teryt import FICTIONAL_VOIVODESHIPS, REAL_VOIVODESHIPS

_SHOWN = 5
#: RODZ of gminy; all other kinds are parts of one and are not counted.
_GMINA_RODZ = ("1", "2", "3")
#: Flags that third-party clients agree on; the number of "below format" is told by a dictionary.
KNOWN_FLAGS = {1: "ok", 2: "true_zero", 5: "missing_or_secret"}
_BELOW_FORMAT = "below_format"


@dataclass(frozen=True)
class PublishedIndicator:
    """An indicator as SMUP lists it."""

    id: int
    name: str
    service: int
    dimension: str


@dataclass(frozen=True)
class Dictionaries:
    """Everything that must be known before values can be asked for and understood.

    Attributes
    ----------
    areas : mapping
        ``id-ou`` -> name.
    services : mapping
        ``id-up`` -> (area, name).
    indicators : mapping
        id -> indicator, in the order of the list.
    units : mapping
        ``id-teryt`` -> TERYT code; an empty text for a part of a gmina.
    years : mapping
        ``id-daty`` -> year.
    flags : mapping
        ``id-flaga`` -> flag of the workbench; flags that nobody explains are not there.
    flag_names : mapping
        ``id-flaga`` -> what SMUP calls it.
    fictional : bool
        Whether the units are those of a fictional land.
    notes : tuple of str
    """

    areas: dict[int, str]
    services: dict[int, tuple[int, str]]
    indicators: dict[int, PublishedIndicator]
    units: dict[int, str]
    years: dict[int, int]
    flags: dict[int, str]
    flag_names: dict[int, str]
    fictional: bool
    notes: tuple[str, ...] = field(default=())

    @property
    def codes(self) -> list[str]:
        """Return the TERYT codes of the units that are counted."""
        return sorted({code for code in self.units.values() if code})


def fetch_dictionaries(desk: Desk, size: int = PAGE_SIZE) -> Dictionaries:
    """Return the dictionaries, asking those that are due.

    Raises
    ------
    UnexpectedAnswerError
        When one is missing or not in its form.
    SnapshotMismatchError
        When real and fictional units stand in one dictionary.
    """
    desk.answers(ask_version())
    areas = {row["id-ou"]: row["nazwa-obszaru"] for row in _rows(desk.answers(ask_areas()))}
    services: dict[int, tuple[int, str]] = {}
    for area in areas:
        rows = _rows(desk.answers(ask_services(area)))
        services |= {row["id-up"]: (area, row["nazwa-uslugi"]) for row in rows}
    indicators, notes = _indicators(desk.answers(ask_indicators(size)), services)
    units = _units(desk.answers(ask_units(size)))
    dates = _rows(desk.answers(ask_dates(size)))
    names = read_flag_names(desk.answers(ask_flags(size)))
    return Dictionaries(
        areas=areas,
        services=services,
        indicators=indicators,
        units=units,
        years={row["id-daty"]: row["rok"] for row in dates},
        flags=read_flags(names),
        flag_names=names,
        fictional=tell_fictional(code for code in units.values() if code),
        notes=notes,
    )


def _rows(answers: Sequence[Answer]) -> list[Any]:
    """Return the rows of a dictionary; the question has checked their fields."""
    return [row for answer in answers for row in read_envelope(answer).rows]


def _indicators(
    answers: Sequence[Answer], services: dict[int, tuple[int, str]]
) -> tuple[dict[int, PublishedIndicator], tuple[str, ...]]:
    rows = _rows(answers)
    indicators = {
        row["id"]: PublishedIndicator(
            row["id"], row["nazwa-wskaznika"], row["id-up"], row["wymiar-opisu-uslugi"]
        )
        for row in rows
    }
    lost = sorted(one.id for one in indicators.values() if one.service not in services)
    notes: tuple[str, ...] = ()
    if lost:
        shown = ", ".join(map(str, lost[:_SHOWN]))
        notes = (f"wskaźniki usług, których nie ma na liście usług: {shown} (razem {len(lost)})",)
    return indicators, notes


def _units(answers: Sequence[Answer]) -> dict[int, str]:
    return {row["id-teryt"]: unit_code(row) for row in _rows(answers)}


def unit_code(row: dict[str, Any]) -> str:
    """Return the TERYT code of a row of ``teryt-dictionary``; empty for a part of a gmina.

    Examples
    --------
    >>> unit_code({"woj": "10", "pow": "01", "gmn": "01", "rodz": "1"})
    '100101'
    >>> unit_code({"woj": "10", "pow": "01"}), unit_code({"woj": "12"})
    ('1001', '12')
    >>> unit_code({"woj": "10", "pow": "01", "gmn": "02", "rodz": "4"})
    ''
    """
    parts = [str(row.get(name) or "").strip() for name in ("woj", "pow", "gmn")]
    code = "".join(part.zfill(2) for part in parts if part)
    rodz = str(row.get("rodz") or "").strip()
    return "" if parts[2] and rodz not in _GMINA_RODZ else code


def tell_fictional(codes: Iterable[str]) -> bool:
    """Return whether units are of a fictional land: their voivodeships lie outside 02-32.

    Raises
    ------
    SnapshotMismatchError
        When both sorts stand together.
    """
    voivodeships = {code[:2] for code in codes} - {"00"}
    fictional = voivodeships & FICTIONAL_VOIVODESHIPS
    real = voivodeships & REAL_VOIVODESHIPS
    if fictional and real:
        raise SnapshotMismatchError(
            "Serwis podaje naraz jednostki rzeczywiste i fikcyjne.",
            problems=[f"województwa {', '.join(sorted(group))}" for group in (real, fictional)],
            expected="same jednostki rzeczywiste (02–32) albo same fikcyjne (90–98)",
            next_step="sprawdź adres serwisu: smup doctor",
        )
    return bool(fictional)


def read_flag_names(answers: Sequence[Answer]) -> dict[int, str]:
    """Return id -> name; the names of the fields were never seen, so any id and text will do."""
    names: dict[int, str] = {}
    for row in _rows(answers):
        if not isinstance(row, dict):
            continue
        numbers = [value for key, value in row.items() if type(value) is int and "id" in key]
        texts = [value for value in row.values() if isinstance(value, str)]
        if len(numbers) == 1:
            names[numbers[0]] = "; ".join(texts)
    return names


def read_flags(names: dict[int, str]) -> dict[int, str]:
    """Return the meaning of each flag: the three known ones, and the one that says it is small."""
    small = [
        number
        for number, name in names.items()
        if number not in KNOWN_FLAGS
        and "mniejsz" in plain_text(name)
        and ("format" in plain_text(name) or "precyz" in plain_text(name))
    ]
    return KNOWN_FLAGS | ({small[0]: _BELOW_FORMAT} if len(small) == 1 else {})
