"""Which units are there? A list for people, in the order of the Polish alphabet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.errors import NoDataError
from smup_lib.polish_text import polish_order
from smup_lib.teryt import read_level, write_levels
from smup_lib.units.labels import KIND_NAME, write_label
from smup_lib.units.names import find_unit
from smup_lib.units.register import Register

if TYPE_CHECKING:
    import pandas as pd

_LEVELS: tuple[str, ...] = ("voivodeship", "powiat", "gmina")
_COLUMNS = ("unit_code", "label", "name", "level", "kind", "kind_pl", "powiat", "voivodeship")


def list_units(
    register: Register,
    level: str | None = None,
    *,
    voivodeship: str | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """List units; see :func:`smup_lib.list_units`."""
    import pandas as pd

    levels = _LEVELS if level is None else (read_level(level),)
    year = register.current_year if year is None else year
    place = find_unit(register, voivodeship, "voivodeship", year).code if voivodeship else ""
    named = register.named(year)
    units = sorted(
        (u for code, u in named.items() if u.level in levels and code.startswith(place)),
        key=lambda u: (levels.index(u.level), polish_order(u.name), u.code),
    )
    if not units:
        raise NoDataError(
            f"Rejestr nie ma w {year} r. jednostek na szczeblu {write_levels(levels)}.",
            expected="gmina, powiat albo województwo",
            next_step="zmień szczebel albo rok",
        )
    names = {code: unit.name for code, unit in named.items()}
    rows = [
        (
            *(unit.code, write_label(unit), unit.name, unit.level, unit.kind),
            KIND_NAME.get(unit.kind or "", ""),
            names.get(unit.code[:4], "") if len(unit.code) > 2 else "",
            names.get(unit.code[:2], ""),
        )
        for unit in units
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))
