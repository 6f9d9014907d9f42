"""Describe a unit in Polish: what it is, where it lies, what changed."""

from __future__ import annotations

from dataclasses import asdict

from smup_lib.catalogue.history import other_code_of
from smup_lib.teryt import COUNTRY_CODE, LEVEL_NAME
from smup_lib.units.changes import list_breaks, list_notes
from smup_lib.units.labels import KIND_NAME
from smup_lib.units.register import Register
from smup_lib.units.unit import Unit


def describe_unit(register: Register, unit: Unit, year: int | None = None) -> str:
    """Return what the register knows of a unit, one fact a line.

    Parameters
    ----------
    register : Register
        Where the unit is from.
    unit : Unit
        The unit.
    year : int, optional
        Year of the places above it; by default that of the newest register.
    """
    return "\n".join(f"{name}: {text}" for name, text in list_facts(register, unit, year))


def list_facts(register: Register, unit: Unit, year: int | None = None) -> list[tuple[str, str]]:
    """List facts about a unit as pairs of a Polish heading and a Polish text."""
    facts = [("jednostka", unit.label), ("szczebel", LEVEL_NAME[unit.level])]
    if unit.level != "country":
        facts.append(("rodzaj", unit.kind_pl))
    asked = unit.last_year if year is None else year
    for code in _places(unit):
        place = register.as_of(code, asked)
        if place is not None and code != unit.code:
            facts.append((LEVEL_NAME[place.level], f"{place.name} ({code})"))
    twin = other_code_of(unit.code)
    if twin is not None:
        facts.append(("kod na drugim szczeblu", f"{twin} (to samo miasto, liczone raz)"))
    earlier = _earlier_states(register, unit)
    facts.extend(("wcześniej", text) for text in earlier)
    told = [(item.year, item.reason) for item in list_breaks(register, unit.code)]
    told += [(note.year, note.text) for note in list_notes(register, unit.code)]
    facts.extend(("zmiana", text) for _, text in sorted(told))
    parts = register.parts(unit.code) if unit.level in ("gmina", "powiat") and _whole(unit) else ()
    if parts:
        names = ", ".join(f"{part.name} ({KIND_NAME[part.kind or '']})" for part in parts)
        facts.append(("części (nie są liczone osobno)", names))
    facts.append(("rejestr", register.vintage(asked).text))
    return facts


def unit_facts(register: Register, unit: Unit, year: int | None = None) -> dict[str, object]:
    """Return what the register knows of a unit, for programs.

    Parameters
    ----------
    register, unit, year
        As for :func:`describe_unit`.

    Returns
    -------
    dict
        The fields of :class:`Unit`, the codes of what it lies in (``within``), ``twin`` (its code
        on the other level), ``changes`` (``year``, ``text``, ``series_break``), ``parts``
        (``unit_code``, ``name``, ``kind``) and the state of the ``register``.
    """
    breaks = [(item.year, item.reason, True) for item in list_breaks(register, unit.code)]
    notes = [(note.year, note.text, False) for note in list_notes(register, unit.code)]
    parts = register.parts(unit.code) if unit.level in ("gmina", "powiat") and _whole(unit) else ()
    return {
        **asdict(unit),
        "within": [code for code in _places(unit) if code != unit.code],
        "twin": other_code_of(unit.code),
        "changes": [
            {"year": when, "text": text, "series_break": breaking}
            for when, text, breaking in sorted(breaks + notes)
        ],
        "parts": [{"unit_code": part.code, "name": part.name, "kind": part.kind} for part in parts],
        "register": register.vintage(unit.last_year if year is None else year).text,
    }


def _places(unit: Unit) -> list[str]:
    """Return the codes of what the unit lies in, from the smallest."""
    codes = [unit.code[:4], unit.code[:2]] if unit.level == "gmina" else [unit.code[:2]]
    return [code for code in codes if code != COUNTRY_CODE and code != other_code_of(unit.code)]


def _whole(unit: Unit) -> bool:
    """Tell whether parts belong to the unit itself and not to gminy within it."""
    return unit.level == "gmina" or unit.kind == "city_with_powiat_rights"


def _earlier_states(register: Register, unit: Unit) -> list[str]:
    """Say which names and kinds the unit had, and until when."""
    timeline = register.timelines.get(unit.code)
    if timeline is None:
        return []
    return [
        f"{state.name}, {KIND_NAME.get(state.kind or '', 'jednostka')} (przed {since[:4]} r.)"
        for state, since in zip(timeline.states, timeline.dates[1:], strict=False)
    ]
