"""Tell which units share a border of non-zero length with a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    own = borders[borders["unit_code"] == unit.code]
    own = own[own["neighbour_code"].map(len) == len(unit.code)]
    if own.empty:
        raise _without_borders(register, borders, unit)
    existing = own[[register.exists(code, year) for code in own["neighbour_code"]]]
    if same_powiat:
        here = powiat_of(unit.code)
        existing = existing[existing["neighbour_code"].str[:4] == here]
    if existing.empty:
        where = " w tym samym powiecie" if same_powiat else ""
        raise GroupError(
            f"{unit.label} nie ma sąsiadów{where}.",
            expected="jednostka, której granice są w tych danych",
            next_step="wczytaj granice albo wybierz inną regułę, na przykład podobne (similar)",
        )
    frame = existing.sort_values(["border_km", "neighbour_code"], ascending=[False, True])
    units = [register.unit(code, year) for code in frame["neighbour_code"]]
    result = frame.assign(
        unit_code=[u.code for u in units],
        label=[u.label for u in units],
        kind=[u.kind or "" for u in units],
    )[list(NEIGHBOUR_COLUMNS)].reset_index(drop=True)
    result.attrs["note"] = _doubt(register, borders, [unit.code, *result["unit_code"]], year)
    return result


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


def _doubt(register: Register, borders: pd.DataFrame, codes: list[str], year: int | None) -> str:
    """Say which existing units the layer lacks beside these, so that the list may be short."""
    drawn = set(borders["unit_code"].unique())
    lacking = [c for c in register.codes(level_of(codes[0]), year) if c not in drawn]
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
