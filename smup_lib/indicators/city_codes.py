"""What has a city with powiat rights under its other code, and what do both parts make?

Such a city is one unit with two codes. What describes its land and its residents is the same under
both, so a value that one code lacks is read from the other. Its budget may stand in two parts; one
part is never shown as the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue.history import other_code_of
from smup_lib.flags import NULL_FLAGS, NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Level

    #: Returns picked observations of some variables at a level; at the other one, of cities.
    Read = Callable[[Collection[str], Level], pd.DataFrame]

#: Level of the other code.
_OTHER: Mapping[str, Level] = {"gmina": "powiat", "powiat": "gmina"}


def read_cities(
    observations: pd.DataFrame,
    read: Read,
    catalogue: Catalogue,
    level: Level,
    variables: Iterable[str],
) -> pd.DataFrame:
    """Return observations in which cities with powiat rights are whole.

    Parameters
    ----------
    observations : DataFrame
        Columns of the observation contract at one level, one row a cell.
    read : callable
        Returns cells of variables at a level; at the other one at least those of cities.
    catalogue : Catalogue
        Knows which variables are the same under both codes and which stand in parts.
    level : str
        The level of the observations; only gminy and powiaty have such cities.
    variables : iterable of str
        Variables of the observations.

    Returns
    -------
    DataFrame
        The same columns. A value read from the other code has the qualifier ``other_code`` and the
        source of its row; a sum of both parts has ``both_parts`` and both sources; where a part
        is not known there is no value, with the gravest flag and, when one part is known,
        ``part_missing``.
    """
    if level not in _OTHER:
        return observations
    named = [catalogue.variables[name] for name in variables]
    same = [variable.id for variable in named if variable.same_in_city]
    parts = {v.id: v.powiat_part for v in named if v.powiat_part is not None}
    if same:
        others = read(same, _OTHER[level])
        observations = _filled(observations, _renamed(others))
    if parts:
        found = [read({*parts, *parts.values()}, "gmina"), read(set(parts), "powiat")]
        observations = _joined(observations, found, parts, level)
    return observations


def with_other_codes(codes: Collection[str] | None) -> set[str] | None:
    """Return codes and, of the cities among them, the other ones.

    Examples
    --------
    >>> sorted(with_other_codes({"9001", "9261"}))
    ['9001', '9261', '926101']
    """
    if codes is None:
        return None
    return {*codes, *(twin for code in codes if (twin := other_code_of(code)))}


def with_other_parts(variables: Collection[str], catalogue: Catalogue) -> set[str]:
    """Return variables and those in which the other part of a city's budget stands."""
    parts = (catalogue.variables[name].powiat_part for name in variables)
    return {*variables, *(part for part in parts if part is not None)}


def _renamed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of cities under their other code."""
    codes = rows["unit_code"].map({code: other_code_of(code) for code in set(rows["unit_code"])})
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
    own: pd.DataFrame, found: Sequence[pd.DataFrame], parts: Mapping[str, str], level: Level
) -> pd.DataFrame:
    """Return the own rows with both parts of cities in place of one.

    ``found`` are both parts under gmina codes, and what stands under powiat codes, which is the
    other part once more; ``parts`` leads from a variable to its other part.
    """
    import pandas as pd

    gminy, powiaty = ({_cell(r): r for r in _of_cities(rows).to_dict("records")} for rows in found)
    halves: dict[tuple[str, int, str], list[Any]] = {}
    for variable, part in parts.items():
        cells = {cell[:2] for cell in gminy if cell[2] in (variable, part)}
        cells |= {cell[:2] for cell in powiaty if cell[2] == variable}
        for cell in sorted(cells):
            named, once_more = gminy.get((*cell, part)), powiaty.get((*cell, variable))
            second = (
                once_more if named is None or (_known(once_more) and not _known(named)) else named
            )
            halves[*cell, variable] = [gminy.get((*cell, variable)), second]
    if not halves:
        return own
    made = [
        _whole(both)
        | {"variable": variable, "year": year}
        | {"unit_code": code if level == "gmina" else other_code_of(code)}
        for (code, year, variable), both in halves.items()
    ]
    split = own["variable"].isin(list(parts)) & own["unit_code"].map(other_code_of).notna()
    whole = pd.DataFrame(made, columns=list(own.columns)).astype(own.dtypes)
    return pd.concat([own[~split], whole], ignore_index=True)


def _of_cities(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["unit_code"].map(other_code_of).notna()]


def _cell(row: Mapping[Any, Any]) -> tuple[str, int, str]:
    """Return gmina code, year and variable of a row of a city."""
    code = row["unit_code"]
    return (code if len(code) > 4 else str(other_code_of(code))), row["year"], row["variable"]


def _known(row: Mapping[Any, Any] | None) -> bool:
    return row is not None and row["flag"] in NUMBER_FLAGS


def _whole(parts: Sequence[Mapping[Any, Any] | None]) -> dict[Any, Any]:
    """Return a row with the sum of two parts, or the gravest reason why one is not known."""
    rows = [part for part in parts if part is not None]
    known = [row for row in rows if _known(row)]
    lacking = {"no_data" if part is None else part["flag"] for part in parts if not _known(part)}
    told = [row["qualifiers"] for row in rows]
    if lacking:
        value, flag = float("nan"), min(lacking, key=NULL_FLAGS.index)
        told += ["part_missing"] if known else []
    else:
        value = sum(row["value"] for row in known)
        flag = "ok" if value else "true_zero"
        told.append("both_parts")
    return {
        **rows[0],
        "value": value,
        "flag": flag,
        "qualifiers": _with(*told),
        "source": " ".join(sorted({row["source"] for row in rows})),
    }


def _with(*qualifiers: str) -> str:
    return ",".join(sorted({*",".join(qualifiers).split(",")} - {""}))


def _cells(rows: pd.DataFrame) -> pd.MultiIndex:
    import pandas as pd

    return pd.MultiIndex.from_frame(rows[["unit_code", "year", "variable"]])
