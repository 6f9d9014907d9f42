"""What has a city with powiat rights under its other code, and what do both parts make?

Such a city is one unit with two codes. What describes its land and its residents is the same under
both, so a value that one code lacks is read from the other. Its budget may stand in two parts; one
part is never shown as the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue.history import other_code_of
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Level

    #: Reads picked observations: variables, level, and codes (None: all).
    Read = Callable[[Collection[str], Level, Collection[str] | None], pd.DataFrame]

#: Level of the other code.
_OTHER: Mapping[str, Level] = {"gmina": "powiat", "powiat": "gmina"}


def read_cities(
    observations: pd.DataFrame,
    read: Read,
    catalogue: Catalogue,
    level: Level,
    variables: Iterable[str],
    unit_codes: Collection[str] | None,
) -> pd.DataFrame:
    """Return observations in which cities with powiat rights are whole.

    Parameters
    ----------
    observations : DataFrame
        Columns of the observation contract at one level, one row a cell.
    read : callable
        Reads further cells: variables, level, codes (None: all units).
    catalogue : Catalogue
        Knows which variables are the same under both codes and which stand in parts.
    level : str
        The level of the observations; only gminy and powiaty have such cities.
    variables : iterable of str
        Variables of the observations.
    unit_codes : collection of str, optional
        Codes that were asked for.

    Returns
    -------
    DataFrame
        The same columns. A value read from the other code has the qualifier ``other_code`` and the
        source of its row; a sum of both parts has ``both_parts`` and both sources; where one part
        is not known there is no value, with ``part_missing``.
    """
    if level not in _OTHER:
        return observations
    named = [catalogue.variables[name] for name in variables]
    same = [variable.id for variable in named if variable.same_in_city]
    parts = {v.id: v.powiat_part for v in named if v.powiat_part is not None}
    if same:
        others = read(same, _OTHER[level], _twins(unit_codes))
        observations = _filled(observations, _renamed(others))
    if parts:
        codes = unit_codes if level == "gmina" or unit_codes is None else _twins(unit_codes)
        found = read({*parts, *parts.values()}, "gmina", codes)
        found = found[found["unit_code"].map(other_code_of).notna()]
        observations = _joined(observations, found, parts, level)
    return observations


def _twins(codes: Collection[str] | None) -> set[str] | None:
    return None if codes is None else {twin for code in codes if (twin := other_code_of(code))}


def _renamed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of cities under their other code."""
    codes = rows["unit_code"].map(other_code_of)
    kept = codes.notna() & rows["flag"].isin(NUMBER_FLAGS)
    qualifiers = [_with(text, "other_code") for text in rows.loc[kept, "qualifiers"]]
    return rows[kept].assign(unit_code=codes[kept], qualifiers=qualifiers).astype(rows.dtypes)


def _filled(own: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the own rows, and those of the others where no own row holds a number."""
    import pandas as pd

    known = _cells(own[own["flag"].isin(NUMBER_FLAGS)])
    wanted = others[~_cells(others).isin(known)]
    if wanted.empty:
        return own
    kept = own[~_cells(own).isin(_cells(wanted))]
    return pd.concat([kept, wanted], ignore_index=True)


def _joined(
    own: pd.DataFrame, found: pd.DataFrame, parts: Mapping[str, str], level: Level
) -> pd.DataFrame:
    """Return the own rows with both parts of cities in place of one.

    ``found`` are both parts under gmina codes; ``parts`` leads from a variable to its other part.
    """
    import pandas as pd

    split = own["variable"].isin(list(parts)) & own["unit_code"].map(other_code_of).notna()
    budgets = found[found["variable"].isin(list(parts))]
    by_cell = {_cell(row): row for row in found.to_dict("records")}
    rows = {_cell(row): row for row in pd.concat([own[split], budgets]).to_dict("records")}
    if not rows:
        return own
    made = [
        _whole(row, [by_cell.get(cell), by_cell.get((*cell[:2], parts[cell[2]]))])
        | {"unit_code": cell[0] if level == "gmina" else other_code_of(cell[0])}
        for cell, row in rows.items()
    ]
    whole = pd.DataFrame(made, columns=list(own.columns)).astype(own.dtypes)
    return pd.concat([own[~split], whole], ignore_index=True)


def _cell(row: Mapping[Any, Any]) -> tuple[str, int, str]:
    """Return gmina code, year and variable of a row of a city."""
    code = row["unit_code"]
    return (code if len(code) > 4 else str(other_code_of(code))), row["year"], row["variable"]


def _whole(row: Mapping[Any, Any], parts: list[Any]) -> dict[Any, Any]:
    """Return a row with the sum of two parts, or without a value when one is not known."""
    known = [part for part in parts if part is not None and part["flag"] in NUMBER_FLAGS]
    if len(known) < len(parts):
        told = _with(row["qualifiers"], "part_missing")
        return {**row, "value": float("nan"), "flag": "no_data", "qualifiers": told}
    value = sum(part["value"] for part in known)
    return {
        **row,
        "value": value,
        "flag": "ok" if value else "true_zero",
        "qualifiers": _with(",".join(part["qualifiers"] for part in known), "both_parts"),
        "source": " ".join(sorted({part["source"] for part in known})),
    }


def _with(qualifiers: str, added: str) -> str:
    return ",".join(sorted({*qualifiers.split(","), added} - {""}))


def _cells(rows: pd.DataFrame) -> pd.MultiIndex:
    import pandas as pd

    return pd.MultiIndex.from_frame(rows[["unit_code", "year", "variable"]])
