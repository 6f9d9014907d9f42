"""Tell which units share a border of non-zero length with a unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from smup_lib.errors import GroupError
from smup_lib.teryt import level_of, powiat_of
from smup_lib.units.register import Register
from smup_lib.units.unit import Unit

if TYPE_CHECKING:
    import pandas as pd

NEIGHBOUR_COLUMNS = ("unit_code", "label", "kind", "border_km")


def neighbours_of(
    register: Register,
    borders: pd.DataFrame,
    unit: Unit,
    *,
    year: int | None = None,
    same_powiat: bool = False,
) -> pd.DataFrame:
    """List the units that border on a unit, the longest common border first.

    Touching at a point is no neighbourhood. Only units of the same level count.

    Parameters
    ----------
    register : Register
        Names, and which units exist.
    borders : DataFrame
        The snapshot's table ``borders``: ``unit_code, neighbour_code, border_km``.
    unit : Unit
        Whose neighbours.
    year : int, optional
        Year in which the neighbours must exist; by default that of the newest register.
    same_powiat : bool
        Only neighbours in the same powiat.

    Returns
    -------
    DataFrame
        Columns :data:`NEIGHBOUR_COLUMNS`, ``border_km`` in kilometres; ``attrs["note"]`` holds
        what is doubtful about the list, in Polish.

    Raises
    ------
    GroupError
        When the layer of boundaries does not have the unit, or nobody borders on it; the message
        says which.
    """
    laid_out = _laid_out(borders)
    own = [one for one in laid_out.beside.get(unit.code, ()) if len(one[1]) == len(unit.code)]
    if not own:
        raise _without_borders(register, borders, unit)
    existing = [one for one in own if register.exists(one[1], year)]
    if same_powiat:
        here = powiat_of(unit.code)
        existing = [one for one in existing if one[1][:4] == here]
    if not existing:
        where = " w tym samym powiecie" if same_powiat else ""
        raise GroupError(
            f"{unit.label} nie ma sąsiadów{where}.",
            expected="jednostka, której granice są w tych danych",
            next_step="wczytaj granice albo wybierz inną regułę, na przykład podobne (similar)",
        )
    import pandas as pd

    existing.sort()
    units = [register.unit(code, year) for _, code in existing]
    rows = [
        (u.code, u.label, u.kind or "", -shorter)
        for u, (shorter, _) in zip(units, existing, strict=True)
    ]
    result = pd.DataFrame(rows, columns=list(NEIGHBOUR_COLUMNS))
    result.attrs["note"] = _doubt(register, laid_out, [unit.code, *(u.code for u in units)], year)
    return result


class _Borders(NamedTuple):
    """A table of borders by unit: length taken off zero (the longest first) and neighbour."""

    table: pd.DataFrame
    beside: Mapping[str, list[tuple[float, str]]]


_LAID_OUT: list[_Borders] = []
_KEPT = 2


def _laid_out(borders: pd.DataFrame) -> _Borders:
    """Return a table by unit; that of the last snapshots is kept."""
    found = next((one for one in _LAID_OUT if one.table is borders), None)
    if found is None:
        beside: dict[str, list[tuple[float, str]]] = {}
        columns = (borders[name].tolist() for name in ("unit_code", "neighbour_code", "border_km"))
        for code, other, length in zip(*columns, strict=True):
            beside.setdefault(code, []).append((-length, other))
        found = _Borders(borders, beside)
        _LAID_OUT.insert(0, found)
        del _LAID_OUT[_KEPT:]
    return found


def _without_borders(register: Register, borders: pd.DataFrame, unit: Unit) -> GroupError:
    """Return the error for a unit that no border names, with the reason."""
    if borders.empty:
        return GroupError(
            "W tych danych nie ma granic jednostek, więc sąsiedzi nie są znani.",
            expected="stan danych z wczytaną warstwą granic",
            next_step="pobierz granice (smup data sync prg), wczytaj ich plik"
            " (smup data import PLIK) albo wybierz inną grupę",
        )
    first, last = register.years_of(unit.code)
    if first is not None:
        inside = " i ".join(register.label(c) for c in register.history.predecessors(unit.code))
        why = f"jednostka powstała w {first} r., a granice są starsze; jej obszar jest w: {inside}"
    elif last is not None:
        why = f"jednostka istniała do {last} r., a granice są nowsze"
    else:
        why = "warstwa granic jej nie zawiera albo z nikim się nie styka"
    return GroupError(
        f"Sąsiedzi nie są znani: {unit.label}: {why}.",
        expected="jednostka, którą zawiera warstwa granic",
        next_step="wczytaj nowszą warstwę granic albo wybierz inną grupę, np. similar",
    )


def _doubt(register: Register, borders: _Borders, codes: list[str], year: int | None) -> str:
    """Say which existing units the layer lacks beside these, so that the list may be short."""
    existing = register.codes(level_of(codes[0]), year)
    lacking = [code for code in existing if code not in borders.beside]
    history = register.history
    near = [
        code
        for code in lacking
        if {*history.predecessors(code), *history.successors(code)} & set(codes)
    ]
    if not near:
        return ""
    names = ", ".join(register.label(code) for code in near)
    return f"Warstwa granic nie ma jednostek: {names}; lista sąsiadów może być niepełna."
