"""What do the dictionaries of SMUP say: areas, services, indicators, units, dates, flags?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smup_lib.errors import SnapshotMismatchError
from smup_lib.polish_text import plain_text
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.asking import Desk
from smup_lib.sources.web.smup_questions import (
    PAGE_SIZE,
    VALUES_PATH,
    ask_areas,
    ask_dates,
    ask_flags,
    ask_indicators,
    ask_services,
    ask_units,
    ask_version,
    read_envelope,
)
from smup_lib.sources.web.smup_units import unit_code, unit_kind
from smup_lib.teryt import FICTIONAL_VOIVODESHIPS, REAL_VOIVODESHIPS

_SHOWN = 5
#: Flags that third-party clients agree on; the number of "below format" is told by a dictionary.
KNOWN_FLAGS = {1: "ok", 2: "true_zero", 5: "missing_or_secret"}
_BELOW_FORMAT = "below_format"
#: What the dictionary must say of a known flag before it is believed, and must not say; folded.
_FITTING = {
    "ok": ("wystapil|wartosc|dane", r"\bnie\b|brak|tajemn|poufn|mniejsz|wstepn|niepeln"),
    "true_zero": (r"\bnie wystapil|\bzero\b|brak zjawiska", "informacji|tajemn|poufn|mniejsz"),
    "missing_or_secret": (r"\bbrak\b|tajemn|poufn|niedostepn", "wystapil|zjawisk|mniejsz"),
}
_SAID = {"ok": "wartość", "true_zero": "prawdziwe zero", "missing_or_secret": "brak wartości"}


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
    odd_units : mapping
        ``id-teryt`` -> kind that nobody described; such units are not in ``units``.
    years : mapping
        ``id-daty`` -> year.
    flags : mapping
        ``id-flaga`` -> flag of the workbench; flags that nobody explains, and known ones that the
        dictionary explains otherwise, are not there.
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
    odd_units: dict[int, str] = field(default_factory=dict)
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
    units, odd = _units(desk.answers(ask_units(size)))
    years = {row["id-daty"]: row["rok"] for row in _rows(desk.answers(ask_dates(size)))}
    names = read_flag_names(desk.answers(ask_flags(size)))
    flags = read_flags(names)
    desk.accept_meanings(_meanings(units, years, flags), VALUES_PATH)
    return Dictionaries(
        areas=areas,
        services=services,
        indicators=indicators,
        units=units,
        years=years,
        flags=flags,
        flag_names=names,
        fictional=tell_fictional(code for code in units.values() if code),
        odd_units=odd,
        notes=(*notes, *_odd_note(odd), *flag_notes(names)),
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


def _units(answers: Sequence[Answer]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the codes of units, and the kinds of those that nobody described."""
    codes: dict[int, str] = {}
    odd: dict[int, str] = {}
    for row in _rows(answers):
        code = unit_code(row)
        if code is None:
            odd[row["id-teryt"]] = unit_kind(row)
        else:
            codes[row["id-teryt"]] = code
    return codes, odd


def _odd_note(odd: Mapping[int, str]) -> tuple[str, ...]:
    if not odd:
        return ()
    shown = ", ".join(f"{number} (rodz „{kind}”)" for number, kind in list(odd.items())[:_SHOWN])
    return (
        f"nieznany rodzaj jednostek w słowniku SMUP: id-teryt {shown} (razem {len(odd)});"
        " wiersze o nich czekają w kwarantannie",
    )


def _meanings(
    units: Mapping[int, str], years: Mapping[int, int], flags: Mapping[int, str]
) -> dict[str, str]:
    """Return what the numbers in rows of values mean: read by another dictionary they would lie."""
    return {
        **{f"id-teryt {number}": code for number, code in units.items()},
        **{f"id-daty {number}": str(year) for number, year in years.items()},
        **{f"id-flaga {number}": flag for number, flag in flags.items()},
    }


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


def read_flags(names: Mapping[int, str]) -> dict[int, str]:
    """Return the meaning of each flag: known ones whose text fits, and the one of small values.

    Examples
    --------
    >>> read_flags({1: "zjawisko wystąpiło", 2: "brak informacji"})
    {1: 'ok'}
    """
    small = [
        number
        for number, name in names.items()
        if number not in KNOWN_FLAGS
        and "mniejsz" in plain_text(name)
        and ("format" in plain_text(name) or "precyz" in plain_text(name))
    ]
    fitting = {
        number: flag
        for number, flag in KNOWN_FLAGS.items()
        if _fits(flag, plain_text(names.get(number, "")))
    }
    return fitting | ({small[0]: _BELOW_FORMAT} if len(small) == 1 else {})


def _fits(flag: str, text: str) -> bool:
    told, never = _FITTING[flag]
    return bool(re.search(told, text)) and not re.search(never, text)


def flag_notes(names: Mapping[int, str]) -> tuple[str, ...]:
    """Return in Polish which known flags the dictionary explains otherwise, or not at all."""
    flags = read_flags(names)
    return tuple(
        f"słownik SMUP mówi o znaczniku {number}: „{names.get(number, '')}”, a miał on znaczyć:"
        f" {_SAID[known]}; wiersze z nim czekają w kwarantannie"
        for number, known in KNOWN_FLAGS.items()
        if number not in flags
    )
