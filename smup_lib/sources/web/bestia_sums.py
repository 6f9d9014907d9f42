"""How do the positions of budget returns add up to variables of the catalogue?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import Variable
from smup_lib.catalogue.variable import BudgetPosition
from smup_lib.sources.web.bestia_reading import Place, Positions
from smup_lib.sources.web.bestia_units import powiat_code
from smup_lib.teryt import is_city_code

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

SUM_COLUMNS = ("unit_code", "value", "qualifiers", "variable", "year", "row")
_OWN_MEANS = "0"
_CAPITAL = "16"
_GMINY = frozenset({"urban", "rural", "urban_rural"})


def sum_variables(
    found: Positions,
    variables: Sequence[Variable],
    year: int,
    areas: Mapping[str, frozenset[str]] | None = None,
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Add the positions of returns up.

    Parameters
    ----------
    found : Positions
        The sound returns.
    variables : sequence of Variable
        With a budget position; the other part of one that stands in two is among them.
    year : int
    areas : mapping of str to frozenset of str, optional
        Land powiaty whose units were all asked, with the codes of all budgets of their area.

    Returns
    -------
    tuple
        Columns of :data:`SUM_COLUMNS`; and, of each variable, the units in whose return its column
        is blank throughout. A unit with a return and without a position of a variable spent or got
        nothing there: that is a true zero. A form with numbered rows lists them all: one that is
        not there tells nothing, and neither does a column that is blank throughout a return. Where
        a budget of an area is not there, or tells nothing, the sum is ``incomplete``; where one
        could not be read there is none.
    """
    import pandas as pd

    if not found.units:
        return pd.DataFrame(columns=list(SUM_COLUMNS)), {}
    by_id = {variable.id: variable for variable in variables}
    columns = _Columns(found)
    parts, untold = [], {}
    for variable in variables:
        position = variable.budget
        if position is None:
            continue
        told = _told(found, position)
        blank = [code for code, one in zip(found.units, told, strict=True) if not one]
        if blank := [code for code in blank if told_code(variable, code)]:
            untold[variable.id] = blank
        table = _own_budgets(found, columns, position)
        other = by_id[variable.powiat_part].budget if variable.powiat_part else None
        if other is not None:  # the part of a city that stands by itself is not told twice
            cities = [is_city_code(code) for code in table["unit_code"]]
            table.loc[cities, "value"] -= _own_budgets(found, columns, other).loc[cities, "value"]
        if position.powiat == "area":
            table = pd.concat(
                [table[table["unit_code"].str.len() != 4], _areas(found, table, areas)]
            )
        codes = [told_code(variable, code) for code in table["unit_code"]]
        table = table.assign(unit_code=codes, value=table["value"].round(2) + 0.0)
        parts.append(table[table["unit_code"] != ""].assign(variable=variable.id))
    if not parts:
        return pd.DataFrame(columns=list(SUM_COLUMNS)), untold
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(year=year, row=range(1, len(rows) + 1)), untold


def _told(found: Positions, position: BudgetPosition) -> Array:
    """Return which returns have an amount in every column of a position."""
    import numpy as np

    told: Array = np.all([found.told[one] for one in position.columns], axis=0)
    return told


class _Columns:
    """The positions as arrays, made once for all variables."""

    def __init__(self, found: Positions) -> None:
        import numpy as np

        self.unit, self.place = np.array(found.unit, "int64"), np.array(found.place, "int64")
        self.amounts = {name: np.array(values) for name, values in found.amounts.items()}


def _own_budgets(found: Positions, columns: _Columns, position: BudgetPosition) -> pd.DataFrame:
    """Return ``unit_code, value, qualifiers``, one row a return that tells the position."""
    import numpy as np
    import pandas as pd

    here = np.array([counts_in(position, one) for one in found.places], dtype=bool)
    counts = here[columns.place]
    unit = columns.unit[counts]
    amounts = sum(columns.amounts[name][counts] for name in position.columns)
    sums = np.bincount(unit, amounts, len(found.units))
    table = pd.DataFrame({"unit_code": found.units, "value": sums, "qualifiers": ""})
    believed = ~table["unit_code"].isin(found.twice) & _told(found, position)
    if position.symbols:
        believed &= np.bincount(unit, minlength=len(found.units)) > 0
    return table[believed]


def _areas(
    found: Positions, own: pd.DataFrame, areas: Mapping[str, frozenset[str]] | None
) -> pd.DataFrame:
    """Return the sums of all budgets of land powiaty, where none of them is doubtful."""
    import pandas as pd

    told: dict[str, float] = dict(zip(own["unit_code"], own["value"], strict=True))
    doubtful = found.held | found.twice
    rows = [
        (powiat, sum(told[code] for code in members & told.keys()),
         "incomplete" if members - told.keys() else "")
        for powiat, members in (areas or {}).items()
        if members & told.keys() and not members & doubtful
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit_code", "value", "qualifiers"])


def counts_in(position: BudgetPosition, place: Place) -> bool:
    """Return whether a place of the classification belongs to a variable.

    Examples
    --------
    >>> from smup_lib.catalogue.variable import BudgetPosition
    >>> lighting = BudgetPosition(
    ...     report="Rb-28S", columns=("ww",), chapters=("90015",), scope="current")
    >>> counts_in(lighting, ("900", "90015", "426", "0", "1700", ""))
    True
    >>> counts_in(lighting, ("900", "90015", "605", "0", "1600", ""))
    False
    """
    division, chapter, paragraph, financing, group, symbol = place
    within = division in position.divisions or chapter in position.chapters
    capital = group.startswith(_CAPITAL)
    return all(
        (
            within or not (position.divisions or position.chapters),
            paragraph in position.paragraphs or not position.paragraphs,
            (financing or _OWN_MEANS) in position.financing or not position.financing,
            group.startswith(position.groups) or not position.groups,
            symbol in position.symbols or not position.symbols,
            position.scope == "all" or capital == (position.scope == "capital"),
        )
    )


def told_code(variable: Variable, code: str) -> str:
    """Return the code under which the return of a unit tells a variable; empty for none.

    A city with powiat rights has one budget, told once: under its gmina code, or under its powiat
    code when the variable is one of powiaty only.
    """
    if not _concerns(variable, code):
        return ""
    if len(code) == 4 or (is_city_code(code) and "gmina" not in variable.levels):
        return powiat_code(code) if "powiat" in variable.levels else ""
    return code if "gmina" in variable.levels else ""


def _concerns(variable: Variable, code: str) -> bool:
    """Return whether units of this kind have the variable; a code tells no more of the kind."""
    kinds = set(variable.applies_to)
    if not kinds:
        return True
    if is_city_code(code):
        return "city_with_powiat_rights" in kinds
    return "land_powiat" in kinds if len(code) == 4 else bool(kinds & _GMINY)
